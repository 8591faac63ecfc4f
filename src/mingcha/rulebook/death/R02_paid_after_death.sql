/* ---
id: R02
title: 死后发放
version: 1
status: active
severity: red
clauses: [C38]
law: [夏民办〔2023〕14号四(三), 民发〔2021〕43号第26条]
subject: person
identity: exact
needs: [payment, funeral|death_cancel]
uses: [child, dibao_household, dibao_member, disability_cert, disability_subsidy, low_income_household,
  low_income_member, officer, tekun_person]
reads: [payment_near, payment_odd, death]
finds: 死亡次月起仍以本人名义发放的救助资金（户内还有其他保障对象的低保家庭发放除外）。
summary: "{name}于{death_date}死亡（{basis}），{months}仍有发放，共{count}笔{amount}元，请核实资金去向并办理追回。"
false_hits: [死亡登记时身份证号录错, 补发死亡以前月份的资金但未注明, 银行退汇信息尚未回传]
verify: [查死亡证明或火化证明, 向银行核实是否到账和支取, 核对停发审批日期]
reading: >-
  死亡当月的发放不算。按季发放的以首月计，首月在死亡次月以后才算。注明补发的、丧葬抚恤费用、退汇未重发的不算。
  发放记录没有有效身份证号的不作认定。不在任何低保名册上的领款人，没有享受人数的，按个人发放计。
--- */
WITH dead_paid AS (
    SELECT
        pay.person_key,
        death.name,
        pay.row_id,
        pay.project,
        pay.month,
        pay.amount,
        pay.household_key,
        pay.is_for_several,
        death.row_id AS death_row_id,
        death.death_date,
        death.death_basis
    FROM payment_near AS pay
    INNER JOIN death ON pay.person_key = death.person_key AND NAMES_AGREE(pay.name, death.name)
    WHERE
        pay.is_paid
        AND NOT pay.is_back_pay
        AND pay.id_is_valid
        AND death.id_is_valid
        AND pay.month > MONTH_OF(death.death_date)
        AND pay.month <= $as_of_month
        AND NOT COALESCE(pay.project_text LIKE '%丧葬%' OR pay.project_text LIKE '%抚恤%', FALSE)
),

-- rows that name nobody are tied to a person of the household, if at all, by account or village
housed AS (
    SELECT
        pay.household_key,
        pay.project,
        pay.month,
        pay.tied_person_key
    FROM payment_near AS pay
    UNION ALL
    SELECT
        odd.household_key,
        odd.project,
        odd.month,
        odd.tied_person_key
    FROM payment_odd AS odd
),

-- what is for several by roll or row is the person's own after all where members of the household are paid by rows of their own
apart AS (
    SELECT
        asked.household_key,
        asked.project,
        asked.month
    FROM dead_paid AS asked
    INNER JOIN housed AS other
        ON
            asked.household_key = other.household_key
            AND asked.project = other.project
            AND asked.month = other.month
    WHERE asked.is_for_several
    GROUP BY asked.household_key, asked.project, asked.month
    HAVING MIN(other.tied_person_key) <> MAX(other.tied_person_key)
),

paid AS (
    SELECT
        dead_paid.person_key,
        dead_paid.name,
        dead_paid.row_id,
        dead_paid.month,
        dead_paid.amount,
        dead_paid.death_row_id,
        dead_paid.death_date,
        dead_paid.death_basis
    FROM dead_paid
    LEFT JOIN apart
        ON
            dead_paid.household_key = apart.household_key
            AND dead_paid.project = apart.project
            AND dead_paid.month = apart.month
    WHERE NOT dead_paid.is_for_several OR apart.household_key IS NOT NULL
),

-- one death a person: where a payment without a name agrees with two, the later
settled AS (
    SELECT
        paid.person_key,
        MAX(paid.death_date) AS death_date
    FROM paid
    GROUP BY paid.person_key
)

SELECT
    paid.person_key,
    MIN(paid.name) AS name,
    ARRAY_AGG(DISTINCT paid.row_id) AS ev_payment,
    ARRAY_AGG(DISTINCT paid.death_row_id) AS ev_death,
    MAX(paid.death_date) AS fact_death_date,
    MIN(paid.death_basis) AS fact_basis,
    LIST_SORT(ARRAY_AGG(DISTINCT paid.month)) AS fact_months,
    COUNT(DISTINCT paid.row_id) AS fact_count,
    MIN(paid.month) AS period,
    CAST(SUM(paid.amount) AS DECIMAL(14, 2)) AS amount
FROM paid
INNER JOIN settled ON paid.person_key = settled.person_key AND paid.death_date = settled.death_date
GROUP BY paid.person_key
HAVING SUM(paid.amount) > 0
