/* ---
id: paid_month
title: 应发实发对照
reads: [payment_due, due_month]
columns:
  month: first month of the payment
  months: months it covers; the rolls of all of them are added up
  row_ids: the payment rows; only where the paid sum is another than approved
  roll_ids: the roll rows; only there
  paid_amount: all regular payments tied to the subject
  is_different: the paid sum is another than approved by more than one cent, however deductions, 补发金额 and rows without a number are counted
--- */
-- What was regularly paid to each subject for a month, beside what the roll of that month approved (应发实发对照). 补发 stays out; a
-- subject with a row that names a deduction or adjustment is not compared. Where rows with a number and rows without one stand
-- side by side (a bank's list beside the county's own), either sum may be the right one.
-- Tekun: living and care money come in one row or in two, so 合计 and 基本生活标准 are both asked.
WITH rolled AS (
    SELECT
        due.item,
        MIN(due.month) AS first_month,
        MAX(due.month) AS last_month
    FROM due_month AS due
    GROUP BY due.item
),

pay AS (
    SELECT
        CASE p.project WHEN 'TKHL' THEN 'TK' ELSE p.project END AS item,
        p.project,
        CASE WHEN p.project = 'DB' THEN p.household_key ELSE p.tied_person_key END AS person_key,
        p.tied_basis,
        p.month,
        p.months,
        p.amount,
        COALESCE(p.back_amount, 0) AS back_amount,
        COALESCE(p.deduct_amount, 0) AS deduct_amount,
        p.says_adjustment
    FROM payment_due AS p
    -- months that no roll speaks of have nothing to be held against: they drop out while the payments are read
    INNER JOIN rolled
        ON
            CASE p.project WHEN 'TKHL' THEN 'TK' ELSE p.project END = rolled.item
            AND p.month <= rolled.last_month
            AND p.last_month >= rolled.first_month
    WHERE
        p.is_paid
        AND NOT p.is_back_pay
        AND p.month <= $as_of_month
        AND (p.pay_date IS NULL OR p.pay_date <= $as_of)
        AND p.project IN ('DB', 'TK', 'TKHL', 'ET', 'CJSH', 'CJHL')
),

summed AS (
    SELECT
        pay.item,
        pay.person_key,
        pay.month,
        pay.months,
        SUM(pay.amount) AS paid_amount,
        SUM(CASE WHEN pay.tied_basis = 'number' THEN pay.amount END) AS number_amount,
        SUM(CASE WHEN pay.project <> 'TKHL' THEN pay.amount END) AS living_paid,
        SUM(pay.back_amount) AS back_amount,
        SUM(pay.deduct_amount) AS deduct_amount,
        BOOL_OR(pay.says_adjustment) AS says_adjustment
    FROM pay
    WHERE pay.person_key IS NOT NULL
    GROUP BY pay.item, pay.person_key, pay.month, pay.months
),

approved AS (
    SELECT
        summed.item,
        summed.person_key,
        summed.month,
        summed.months,
        COUNT(due.approved_amount) AS approved_months,
        SUM(due.approved_amount) AS approved_amount,
        SUM(due.living_amount) AS living_amount,
        BOOL_AND(due.is_in_force) AS is_in_force
    FROM summed
    INNER JOIN due_month AS due
        ON
            summed.item = due.item
            AND summed.person_key = due.person_key
            AND summed.month <= due.month
            AND CASE WHEN summed.months = 1 THEN summed.month ELSE ADD_TO_MONTH(summed.month, summed.months - 1) END >= due.month
    WHERE due.id_is_valid
    GROUP BY summed.item, summed.person_key, summed.month, summed.months
),

compared AS (
    SELECT
        summed.item,
        summed.person_key,
        summed.month,
        summed.months,
        summed.paid_amount,
        approved.approved_amount,
        approved.is_in_force,
        (
            approved.approved_months = summed.months
            AND NOT summed.says_adjustment
            -- more than one cent
            AND ABS(summed.paid_amount - approved.approved_amount) > 0.01  -- literal: one cent
            AND ABS(COALESCE(summed.number_amount, summed.paid_amount) - approved.approved_amount) > 0.01  -- literal: one cent
            AND ABS(summed.paid_amount - summed.back_amount - approved.approved_amount) > 0.01  -- literal: one cent
            AND ABS(summed.paid_amount + summed.deduct_amount - approved.approved_amount) > 0.01  -- literal: one cent
            AND ABS(COALESCE(summed.living_paid, 0) - approved.approved_amount) > 0.01  -- literal: one cent
            AND NOT COALESCE(ABS(summed.living_paid - approved.living_amount) <= 0.01, FALSE)  -- literal: one cent
        ) AS is_different
    FROM summed
    INNER JOIN approved
        ON
            summed.item = approved.item
            AND summed.person_key = approved.person_key
            AND summed.month = approved.month
            AND summed.months = approved.months
),

-- lists of rows are made for those alone that differ
different AS (
    SELECT
        compared.item,
        compared.person_key,
        compared.month,
        compared.months
    FROM compared
    WHERE compared.is_different
),

paid_row AS (
    SELECT
        p.row_id,
        different.item,
        different.person_key,
        different.month,
        different.months
    FROM payment_due AS p
    INNER JOIN different
        ON
            CASE p.project WHEN 'TKHL' THEN 'TK' ELSE p.project END = different.item
            AND CASE WHEN p.project = 'DB' THEN p.household_key ELSE p.tied_person_key END = different.person_key
            AND p.month = different.month
            AND p.months = different.months
    WHERE
        p.is_paid
        AND NOT p.is_back_pay
        AND p.month <= $as_of_month
        AND (p.pay_date IS NULL OR p.pay_date <= $as_of)
        AND p.project IN ('DB', 'TK', 'TKHL', 'ET', 'CJSH', 'CJHL')
),

paid_rows AS (
    SELECT
        paid_row.item,
        paid_row.person_key,
        paid_row.month,
        paid_row.months,
        ARRAY_AGG(paid_row.row_id) AS row_ids
    FROM paid_row
    GROUP BY paid_row.item, paid_row.person_key, paid_row.month, paid_row.months
),

roll_rows AS (
    SELECT
        compared.item,
        compared.person_key,
        compared.month,
        compared.months,
        ARRAY_AGG(due.row_id) AS roll_ids
    FROM compared
    INNER JOIN due_month AS due
        ON
            compared.item = due.item
            AND compared.person_key = due.person_key
            AND compared.month <= due.month
            AND ADD_TO_MONTH(compared.month, compared.months - 1) >= due.month
    WHERE compared.is_different AND due.id_is_valid
    GROUP BY compared.item, compared.person_key, compared.month, compared.months
)

SELECT
    compared.item,
    compared.person_key,
    compared.month,
    compared.months,
    paid_rows.row_ids,
    roll_rows.roll_ids,
    compared.paid_amount,
    compared.approved_amount,
    compared.is_in_force,
    compared.is_different
FROM compared
LEFT JOIN paid_rows
    ON
        compared.item = paid_rows.item
        AND compared.person_key = paid_rows.person_key
        AND compared.month = paid_rows.month
        AND compared.months = paid_rows.months
LEFT JOIN roll_rows
    ON
        compared.item = roll_rows.item
        AND compared.person_key = roll_rows.person_key
        AND compared.month = roll_rows.month
        AND compared.months = roll_rows.months
