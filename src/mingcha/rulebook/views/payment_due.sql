/* ---
id: payment_due
title: 名册月份的发放记录
long: true
reads: [payment, payment_row, due_month]
columns:
  last_month: last month it covers
  lost_name: the head's name, else the payee's, where the row has no valid number
--- */
-- Payments of the months that a roll speaks of (名册月份的发放记录): what is held against the rolls, by several rules, is taken out of all
-- payments once. Columns otherwise as payment_row's. Of a year's payments a month or two are wanted: the months that rows write are asked
-- first, and rows of other months are left unread.
WITH span AS (
    SELECT
        MIN(due.month) AS first_month,
        MAX(due.month) AS last_month
    FROM due_month AS due
),

written AS (
    SELECT
        p.period,
        COALESCE(p.period_months, 1) AS months
    FROM payment AS p
    WHERE p.period IS NOT NULL
    GROUP BY p.period, COALESCE(p.period_months, 1)
),

-- grouped, so that it is settled before payments are held against it: an engine may do it the other way round otherwise
wanted AS (
    SELECT
        written.period,
        written.months
    FROM written
    CROSS JOIN span
    GROUP BY written.period, written.months
    HAVING
        written.period <= MAX(span.last_month)
        AND ADD_TO_MONTH(written.period, written.months - 1) >= MIN(span.first_month)
),

near AS (
    SELECT
        p.row_id,
        p.project,
        p.project_text,
        p.month,
        p.months,
        p.pay_date,
        p.amount,
        p.back_amount,
        p.deduct_amount,
        p.is_paid,
        p.is_back_pay,
        p.is_resent,
        p.is_returned,
        p.says_adjustment,
        p.id_is_valid,
        p.name,
        p.head_key,
        p.head_name,
        p.tied_person_key,
        p.tied_basis,
        p.household_key,
        p.account_key,
        p.one_card_key,
        p.township
    FROM payment_row AS p
    INNER JOIN wanted ON p.period = wanted.period AND p.months = wanted.months
    UNION ALL
    SELECT
        p.row_id,
        p.project,
        p.project_text,
        p.month,
        p.months,
        p.pay_date,
        p.amount,
        p.back_amount,
        p.deduct_amount,
        p.is_paid,
        p.is_back_pay,
        p.is_resent,
        p.is_returned,
        p.says_adjustment,
        p.id_is_valid,
        p.name,
        p.head_key,
        p.head_name,
        p.tied_person_key,
        p.tied_basis,
        p.household_key,
        p.account_key,
        p.one_card_key,
        p.township
    FROM payment_row AS p
    INNER JOIN span
        ON
            p.month <= span.last_month
            AND CASE WHEN p.months = 1 THEN p.month ELSE ADD_TO_MONTH(p.month, p.months - 1) END >= span.first_month
    WHERE p.period IS NULL
)

SELECT
    p.row_id,
    p.project,
    p.project_text,
    p.month,
    p.months,
    CASE WHEN p.months = 1 THEN p.month ELSE ADD_TO_MONTH(p.month, p.months - 1) END AS last_month,
    p.pay_date,
    p.amount,
    p.back_amount,
    p.deduct_amount,
    p.is_paid,
    p.is_back_pay,
    p.is_resent,
    p.is_returned,
    p.says_adjustment,
    p.id_is_valid,
    CASE WHEN NOT p.id_is_valid THEN COALESCE(p.head_name, p.name) END AS lost_name,
    p.head_key,
    p.tied_person_key,
    p.tied_basis,
    p.household_key,
    p.account_key,
    p.one_card_key,
    p.township
FROM near AS p
WHERE
    p.project IN ('DB', 'TK', 'TKHL', 'ET', 'CJSH', 'CJHL', 'CJ')
    OR (
        COALESCE(p.project, 'other') = 'other'
        AND (p.project_text LIKE '%两项补贴%' OR p.project_text LIKE '%两补%')
    )
