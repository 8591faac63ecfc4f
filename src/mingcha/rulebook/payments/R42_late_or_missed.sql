/* ---
id: R42
title: 迟发漏发
version: 1
status: active
severity: red
clauses: [C29]
law: [民发〔2021〕57号第25条, 夏民办〔2023〕14号三(三)]
subject: person
identity: exact
needs: [payment, dibao_household|dibao_member|tekun_person|child|disability_subsidy]
uses: [death_cancel, disability_cert, funeral, low_income_household, low_income_member, officer]
reads: [due_month, payment_due]
params: {pay_day: DB-23, grace: DB-23G}
finds: 当月名册在册、当月该乡镇该项目已有发放，而本人（本户）当月没有发放，或到账晚于每月{pay_day}日加宽限{grace}天。
summary: "{name}的{items}{months}{kind}（发放日为每月{pay_day}日，宽限{grace}天），请核实原因并及时补发。"
false_hits: [账户异常正在更正, 停发审批已办而名册未更新, 现金或其他账户发放未列入发放表]
verify: [查当月发放表和银行回盘, 向本人核实是否到账, 查停发或变更账户的审批]
reading: >-
  低保按户，对象为申请人；特困、儿童、两补按人。当月结束后仍无任何到账为漏发；到账日期已知且晚于期限为迟发，退汇后重发的不算迟发。
  按月发放才论迟发，按季发放以末月计。确认当月（享受起始月）、上月名册没有的新增对象、已停保的、当月底前死亡的不算。
  只有补发而没有当月正常发放的不算漏发。账号相同或同乡镇同名而未写号码的发放也算已发。
--- */
-- months are few: the last day of a month's payment is reckoned once a month, not once a row
WITH calendar AS (
    SELECT
        listed.month,
        LEAST(
            CAST(listed.month || '-01' AS DATE) + CAST($pay_day - 1 AS INTEGER), MONTH_END(listed.month)
        ) + CAST($grace AS INTEGER) AS last_day
    FROM (
        SELECT d.month
        FROM due_month AS d
        GROUP BY d.month
        UNION
        SELECT p.last_month AS month
        FROM payment_due AS p
        GROUP BY p.last_month
    ) AS listed
),

-- what a payment under a project pays; whatever else payment_due holds is both disability subsidies under a name of its own
project_item AS (
    SELECT
        'DB' AS item,
        'DB' AS project
    UNION ALL
    SELECT
        'TK' AS item,
        'TK' AS project
    UNION ALL
    SELECT
        'ET' AS item,
        'ET' AS project
    UNION ALL
    SELECT
        'CJSH' AS item,
        'CJSH' AS project
    UNION ALL
    SELECT
        'CJHL' AS item,
        'CJHL' AS project
    UNION ALL
    SELECT
        'CJSH' AS item,
        'CJ' AS project
    UNION ALL
    SELECT
        'CJHL' AS item,
        'CJ' AS project
    UNION ALL
    SELECT
        'CJSH' AS item,
        'other' AS project
    UNION ALL
    SELECT
        'CJHL' AS item,
        'other' AS project
),

-- what was delivered: programme, township, month
sent AS (
    SELECT
        span.item,
        span.township,
        calendar.month
    FROM (
        SELECT
            project_item.item,
            p.township,
            p.month,
            p.last_month
        FROM payment_due AS p
        INNER JOIN project_item ON COALESCE(p.project, 'other') = project_item.project
        WHERE p.township IS NOT NULL
        GROUP BY project_item.item, p.township, p.month, p.last_month
    ) AS span
    INNER JOIN calendar ON span.month <= calendar.month AND span.last_month >= calendar.month
    GROUP BY span.item, span.township, calendar.month
),

-- regular payments that came in time, or were sent again: whom they reach is neither missed nor late
in_time AS (
    SELECT
        project_item.item,
        p.month,
        p.last_month,
        p.tied_person_key,
        p.household_key
    FROM payment_due AS p
    INNER JOIN calendar ON p.last_month = calendar.month
    INNER JOIN project_item ON COALESCE(p.project, 'other') = project_item.project
    WHERE
        p.is_paid
        AND (p.pay_date IS NULL OR p.pay_date <= $as_of)
        AND NOT p.is_back_pay
        AND (p.is_resent OR COALESCE(p.pay_date <= calendar.last_day, TRUE))
),

-- whoever was regularly paid in time under his own number, or his household's, is out of question: nearly everybody. This is
-- settled by keys alone; names and accounts are looked up for the rest
unsettled AS (
    SELECT
        due.item,
        due.row_id
    FROM due_month AS due
    INNER JOIN sent ON due.item = sent.item AND due.township = sent.township AND due.month = sent.month
    LEFT JOIN in_time AS own
        ON
            due.item = own.item
            AND due.person_key = own.tied_person_key
            AND due.month >= own.month
            AND due.month <= own.last_month
    LEFT JOIN in_time AS house
        ON
            due.item = house.item
            AND due.household_key = house.household_key
            AND due.month >= house.month
            AND due.month <= house.last_month
    WHERE
        due.is_due
        AND due.id_is_valid
        AND due.month <= $as_of_month
        AND own.item IS NULL
        AND house.item IS NULL
    GROUP BY due.item, due.row_id
),

open AS (
    SELECT
        due.item,
        due.row_id,
        due.month,
        due.person_key,
        due.household_key,
        due.name,
        due.township,
        due.village,
        due.approved_amount,
        due.account_key,
        due.one_card_key,
        calendar.last_day
    FROM due_month AS due
    INNER JOIN unsettled ON due.item = unsettled.item AND due.row_id = unsettled.row_id
    INNER JOIN calendar ON due.month = calendar.month
),

asked AS (
    SELECT
        open.item,
        open.row_id,
        open.month,
        open.person_key,
        open.household_key,
        open.name,
        open.township,
        open.account_key,
        open.one_card_key,
        project_item.project
    FROM open
    INNER JOIN project_item ON open.item = project_item.item
),

tied AS (
    SELECT
        asked.item,
        asked.row_id,
        pay.row_id AS pay_row_id
    FROM asked
    INNER JOIN payment_due AS pay
        ON asked.project = COALESCE(pay.project, 'other') AND asked.household_key = pay.household_key
    WHERE pay.month <= asked.month AND pay.last_month >= asked.month
    UNION ALL
    SELECT
        asked.item,
        asked.row_id,
        pay.row_id AS pay_row_id
    FROM asked
    INNER JOIN payment_due AS pay
        ON asked.project = COALESCE(pay.project, 'other') AND asked.person_key = pay.tied_person_key
    WHERE pay.month <= asked.month AND pay.last_month >= asked.month
    UNION ALL
    SELECT
        asked.item,
        asked.row_id,
        pay.row_id AS pay_row_id
    FROM asked
    INNER JOIN payment_due AS pay
        ON asked.project = COALESCE(pay.project, 'other') AND asked.account_key = pay.account_key
    WHERE pay.month <= asked.month AND pay.last_month >= asked.month
    UNION ALL
    SELECT
        asked.item,
        asked.row_id,
        pay.row_id AS pay_row_id
    FROM asked
    INNER JOIN payment_due AS pay
        ON asked.project = COALESCE(pay.project, 'other') AND asked.one_card_key = COALESCE(pay.one_card_key, pay.account_key)
    WHERE pay.month <= asked.month AND pay.last_month >= asked.month
    UNION ALL
    SELECT
        asked.item,
        asked.row_id,
        pay.row_id AS pay_row_id
    FROM asked
    INNER JOIN payment_due AS pay
        ON asked.project = COALESCE(pay.project, 'other') AND asked.name = pay.lost_name AND asked.township = pay.township
    WHERE pay.month <= asked.month AND pay.last_month >= asked.month AND NOT pay.id_is_valid
),

pay AS (
    SELECT
        p.row_id,
        p.is_paid AND (p.pay_date IS NULL OR p.pay_date <= $as_of) AS is_paid,
        COALESCE(p.pay_date > calendar.last_day, FALSE) AS is_late,
        p.is_back_pay,
        p.is_resent,
        p.is_returned
    FROM payment_due AS p
    INNER JOIN calendar ON p.last_month = calendar.month
),

paid AS (
    SELECT
        tied.item,
        tied.row_id,
        ARRAY_AGG(DISTINCT tied.pay_row_id) AS pay_row_ids,
        BOOL_OR(pay.is_paid) AS is_paid,
        BOOL_OR(pay.is_paid AND NOT pay.is_back_pay) AS is_regular,
        -- a known day for every payment, each of them late, and none sent again after it came back
        BOOL_AND(
            CASE
                WHEN NOT pay.is_paid THEN NOT pay.is_returned
                WHEN pay.is_back_pay THEN TRUE
                ELSE NOT pay.is_resent AND pay.is_late
            END
        ) AS is_late
    FROM tied
    INNER JOIN pay ON tied.pay_row_id = pay.row_id
    GROUP BY tied.item, tied.row_id
),

hit AS (
    SELECT
        asked.item,
        asked.row_id,
        asked.month,
        asked.person_key,
        asked.household_key,
        asked.name,
        asked.township,
        asked.village,
        asked.approved_amount,
        paid.pay_row_ids,
        NOT COALESCE(paid.is_paid, FALSE) AS is_missed
    FROM open AS asked
    LEFT JOIN paid ON asked.item = paid.item AND asked.row_id = paid.row_id
    WHERE
        -- the month is over, and so is the time allowed
        (NOT COALESCE(paid.is_paid, FALSE) AND $as_of > MONTH_END(asked.month) AND $as_of > asked.last_day)
        OR (COALESCE(paid.is_regular, FALSE) AND paid.is_late)
)

SELECT
    hit.person_key,
    MIN(hit.name) AS name,
    MIN(hit.township) AS township,
    MIN(hit.village) AS village,
    COALESCE(MIN(hit.household_key), hit.person_key) AS household_key,
    ARRAY_AGG(DISTINCT hit.row_id) AS ev_roll,
    FLATTEN(ARRAY_AGG(hit.pay_row_ids) FILTER (WHERE hit.pay_row_ids IS NOT NULL)) AS ev_payment,
    LIST_SORT(ARRAY_AGG(DISTINCT hit.month)) AS fact_months,
    CONCAT_WS(
        '、',
        MAX(CASE WHEN hit.item = 'DB' THEN '低保金' END),
        MAX(CASE WHEN hit.item = 'TK' THEN '特困供养金' END),
        MAX(CASE WHEN hit.item = 'ET' THEN '儿童基本生活费' END),
        MAX(CASE WHEN hit.item = 'CJSH' THEN '残疾人生活补贴' END),
        MAX(CASE WHEN hit.item = 'CJHL' THEN '残疾人护理补贴' END)
    ) AS fact_items,
    CASE
        WHEN BOOL_AND(hit.is_missed) THEN '没有发放到账'
        WHEN BOOL_OR(hit.is_missed) THEN '没有发放到账或超过期限才到账'
        ELSE '超过期限才到账'
    END AS fact_kind,
    MIN(hit.month) AS period,
    CAST(SUM(CASE WHEN hit.is_missed THEN hit.approved_amount END) AS DECIMAL(14, 2)) AS amount
FROM hit
GROUP BY hit.person_key
