/* ---
id: R43
title: 金额与核定不符
version: 1
status: active
severity: orange
clauses: [C38]
law: [夏民办〔2023〕14号四(三), 民发〔2021〕57号第23条]
subject: person
identity: mixed
needs: [payment, dibao_household|dibao_member|tekun_person|child|disability_subsidy]
uses: [death_cancel, disability_cert, funeral, low_income_household, low_income_member, officer]
reads: [paid_month, due_month]
finds: 当月发放合计与当月名册核定金额相差超过一分钱，且没有注明调整、扣减的。
summary: "{name}{months}实发金额与核定金额不符，其中{period}核定{approved}元、实发{paid}元，请核对审批和发放表。"
false_hits: [当月金额调整已审批而名册未更新, 补发未注明, 同一笔发放在两份发放表中各列一次]
verify: [查当月审批表或调整审批, 查发放表和银行回盘, 多发的按规定收回、少发的补发]
reading: >-
  核定金额取合计，没有合计取户月保障金额；低保按户，对象为申请人。注明补发的不计入当月；备注写有扣减、调整的不比。一分钱不发的归迟发漏发（R42），不在本规则。
  按季发放须各月名册都有核定金额才比，期间为首月。名册已停保的月份不比。同户几行名册金额互相矛盾的不比。没有号码的发放，须按账号加姓名，或村内唯一姓名对上名册。
--- */
WITH listed AS (
    SELECT
        due.item,
        due.person_key,
        MIN(due.name) AS name,
        MIN(due.household_key) AS household_key
    FROM due_month AS due
    WHERE due.id_is_valid
    GROUP BY due.item, due.person_key
),

hit AS (
    SELECT
        paid.person_key,
        listed.name,
        listed.household_key,
        paid.month,
        paid.row_ids,
        paid.roll_ids,
        paid.paid_amount,
        paid.approved_amount,
        CONCAT(paid.month, paid.item) AS place
    FROM paid_month AS paid
    INNER JOIN listed ON paid.item = listed.item AND paid.person_key = listed.person_key
    WHERE paid.is_different AND paid.is_in_force AND paid.paid_amount > 0
)

SELECT
    hit.person_key,
    MIN(hit.name) AS name,
    COALESCE(MIN(hit.household_key), hit.person_key) AS household_key,
    FLATTEN(ARRAY_AGG(hit.roll_ids)) AS ev_roll,
    FLATTEN(ARRAY_AGG(hit.row_ids)) AS ev_payment,
    LIST_SORT(ARRAY_AGG(DISTINCT hit.month)) AS fact_months,
    CAST(MIN_BY(hit.approved_amount, hit.place) AS DECIMAL(14, 2)) AS fact_approved,
    CAST(MIN_BY(hit.paid_amount, hit.place) AS DECIMAL(14, 2)) AS fact_paid,
    MIN(hit.month) AS period,
    CAST(SUM(ABS(hit.paid_amount - hit.approved_amount)) AS DECIMAL(14, 2)) AS amount
FROM hit
GROUP BY hit.person_key
