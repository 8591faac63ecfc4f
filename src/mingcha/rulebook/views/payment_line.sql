/* ---
id: payment_line
title: 发放记录（逐行）
kept: false
reads: [payment]
params: {home_county: home_county}
columns:
  project: code of pay_project; where the word is unknown, what it plainly says
  period: the month as the row itself writes it; NULL where month comes from elsewhere. Readers that want some months join it, which leaves the others unread
  month: month the payment belongs to (发放月份), else of its sheet, else of its pay date; a quarter's first month
  months: months it covers
  pay_date: known day of payment; for a returned payment that was sent again, the day of that
  is_paid: not returned, failed, pending or stopped, or sent again since
  is_back_pay: 补发 of other months by project, batch or remark; a returned payment sent again is none
  is_resent: a returned payment that was sent again
  is_returned: came back from the bank, whether or not it was sent again
  says_adjustment: the row names a deduction or adjustment
  person_key: the payee's own number, else the head's, where the row is the head's
--- */
-- What a payment row says by itself (发放记录): every expression looks at this row alone, so that a reader pays for what it asks
-- and rows drop out while they are read. Words are looked for column by column, and with LIKE: a column repeats few texts, each of
-- which is looked at once; joined texts and regular expressions would be looked at row by row.
WITH payee AS (
    -- rows with a number of the payee's own: what else names somebody need not be looked at
    SELECT
        p.row_id,
        p.person_key,
        COALESCE(p.id_is_valid, FALSE) AS id_is_valid,
        p.name,
        p.amount,
        p.back_amount,
        p.batch,
        p.deduct_amount,
        p.fail_reason_text,
        p.insured_size,
        p.pay_on,
        p.pay_on_precision,
        p.period,
        p.period_months,
        p.project,
        p.project_text,
        p.remark,
        p.repay_on,
        p.repay_on_precision,
        p.roll_month,
        p.status,
        p.status_text,
        p.head_key,
        p.head_is_valid,
        p.head_name,
        p.account_key,
        p.one_card_key,
        p.account_name,
        p.township,
        p.village
    FROM payment AS p
    WHERE
        p.person_key IS NOT NULL
        AND (
            p.county_name IS NULL
            OR STARTS_WITH(p.county_name, $home_county)
            OR STARTS_WITH($home_county, p.county_name)
        )
    UNION ALL
    -- rows without: the head's number where the row names nobody else, else the account holder's
    SELECT
        p.row_id,
        CASE
            WHEN p.head_key IS NOT NULL AND NAMES_AGREE(p.name, p.head_name) THEN p.head_key
            WHEN p.head_key IS NULL AND NAMES_AGREE(p.name, p.account_name) THEN p.account_holder_key
        END AS person_key,
        CASE
            WHEN p.head_key IS NOT NULL AND NAMES_AGREE(p.name, p.head_name) THEN COALESCE(p.head_is_valid, FALSE)
            WHEN p.head_key IS NULL AND NAMES_AGREE(p.name, p.account_name)
                THEN COALESCE(p.account_holder_is_valid, FALSE)
            ELSE FALSE
        END AS id_is_valid,
        COALESCE(p.name, p.head_name, CASE WHEN p.head_key IS NULL THEN p.account_name END) AS name,
        p.amount,
        p.back_amount,
        p.batch,
        p.deduct_amount,
        p.fail_reason_text,
        p.insured_size,
        p.pay_on,
        p.pay_on_precision,
        p.period,
        p.period_months,
        p.project,
        p.project_text,
        p.remark,
        p.repay_on,
        p.repay_on_precision,
        p.roll_month,
        p.status,
        p.status_text,
        p.head_key,
        p.head_is_valid,
        p.head_name,
        p.account_key,
        p.one_card_key,
        p.account_name,
        p.township,
        p.village
    FROM payment AS p
    WHERE
        p.person_key IS NULL
        AND (
            p.county_name IS NULL
            OR STARTS_WITH(p.county_name, $home_county)
            OR STARTS_WITH($home_county, p.county_name)
        )
),

written AS (
    SELECT
        p.row_id,
        p.project,
        p.project_text,
        p.period,
        COALESCE(p.period, p.roll_month, MONTH_OF(CASE WHEN p.pay_on_precision = 'year' THEN NULL ELSE p.pay_on END)) AS month,
        CASE WHEN p.period IS NULL THEN 1 ELSE COALESCE(p.period_months, 1) END AS months,
        CASE WHEN COALESCE(p.pay_on_precision, 'day') = 'day' THEN p.pay_on END AS pay_day,
        CASE WHEN COALESCE(p.repay_on_precision, 'day') = 'day' THEN p.repay_on END AS repay_day,
        p.repay_on,
        p.amount,
        p.back_amount,
        p.deduct_amount,
        p.insured_size,
        p.status,
        p.status_text,
        p.fail_reason_text,
        (
            COALESCE(
                p.project_text LIKE '%退汇%' OR p.project_text LIKE '%退票%' OR p.project_text LIKE '%退回%'
                OR p.project_text LIKE '%失败%',
                FALSE
            )
            OR COALESCE(
                p.batch LIKE '%退汇%' OR p.batch LIKE '%退票%' OR p.batch LIKE '%退回%' OR p.batch LIKE '%失败%',
                FALSE
            )
            OR COALESCE(
                p.remark LIKE '%退汇%' OR p.remark LIKE '%退票%' OR p.remark LIKE '%退回%' OR p.remark LIKE '%失败%',
                FALSE
            )
        ) AS says_returned,
        (
            COALESCE(
                p.project_text LIKE '%补发%' OR p.project_text LIKE '%重发%' OR p.project_text LIKE '%再发%',
                FALSE
            )
            OR COALESCE(
                p.batch LIKE '%补发%' OR p.batch LIKE '%重发%' OR p.batch LIKE '%再发%',
                FALSE
            )
            OR COALESCE(
                p.remark LIKE '%补发%' OR p.remark LIKE '%重发%' OR p.remark LIKE '%再发%',
                FALSE
            )
        ) AS says_resent,
        (
            COALESCE(
                p.project_text LIKE '%补发%' OR p.project_text LIKE '%补付%' OR p.project_text LIKE '%补放%'
                OR p.project_text LIKE '%补拨%' OR p.project_text LIKE '%追发%' OR p.project_text LIKE '%追补%',
                FALSE
            )
            OR COALESCE(
                p.batch LIKE '%补发%' OR p.batch LIKE '%补付%' OR p.batch LIKE '%补放%' OR p.batch LIKE '%补拨%'
                OR p.batch LIKE '%追发%' OR p.batch LIKE '%追补%',
                FALSE
            )
            OR COALESCE(
                p.remark LIKE '%补发%' OR p.remark LIKE '%补付%' OR p.remark LIKE '%补放%' OR p.remark LIKE '%补拨%'
                OR p.remark LIKE '%追发%' OR p.remark LIKE '%追补%',
                FALSE
            )
        ) AS says_back_pay,
        (
            COALESCE(
                p.project_text LIKE '%扣%' OR p.project_text LIKE '%核减%' OR p.project_text LIKE '%抵%'
                OR p.project_text LIKE '%调整%' OR p.project_text LIKE '%核增%' OR p.project_text LIKE '%调标%'
                OR p.project_text LIKE '%提标%' OR p.project_text LIKE '%追回%' OR p.project_text LIKE '%收回%'
                OR p.project_text LIKE '%缴回%' OR p.project_text LIKE '%冲减%',
                FALSE
            )
            OR COALESCE(
                p.batch LIKE '%扣%' OR p.batch LIKE '%核减%' OR p.batch LIKE '%抵%' OR p.batch LIKE '%调整%'
                OR p.batch LIKE '%核增%' OR p.batch LIKE '%调标%' OR p.batch LIKE '%提标%' OR p.batch LIKE '%追回%'
                OR p.batch LIKE '%收回%' OR p.batch LIKE '%缴回%' OR p.batch LIKE '%冲减%',
                FALSE
            )
            OR COALESCE(
                p.remark LIKE '%扣%' OR p.remark LIKE '%核减%' OR p.remark LIKE '%抵%' OR p.remark LIKE '%调整%'
                OR p.remark LIKE '%核增%' OR p.remark LIKE '%调标%' OR p.remark LIKE '%提标%' OR p.remark LIKE '%追回%'
                OR p.remark LIKE '%收回%' OR p.remark LIKE '%缴回%' OR p.remark LIKE '%冲减%',
                FALSE
            )
        ) AS says_change,
        p.person_key,
        p.id_is_valid,
        p.name,
        p.head_key,
        COALESCE(p.head_is_valid, FALSE) AS head_is_valid,
        p.head_name,
        p.account_key,
        p.one_card_key,
        p.account_name,
        p.township,
        p.village
    FROM payee AS p
),

coded AS (
    SELECT
        w.row_id,
        CASE
            WHEN w.project IS NOT NULL AND w.project <> 'other' THEN w.project
            WHEN w.project_text LIKE '%临时救助%' THEN 'LS'
            WHEN w.project_text LIKE '%物价%' OR w.project_text LIKE '%价格%' THEN 'WJ'
            WHEN w.project_text LIKE '%生活补贴%' AND w.project_text LIKE '%残%' AND NOT w.project_text LIKE '%护理%' THEN 'CJSH'
            WHEN w.project_text LIKE '%护理补贴%' AND w.project_text LIKE '%残%' AND NOT w.project_text LIKE '%生活%' THEN 'CJHL'
            WHEN (w.project_text LIKE '%电%' OR w.project_text LIKE '%燃%' OR w.project_text LIKE '%水费%'
                OR w.project_text LIKE '%医%' OR w.project_text LIKE '%慰问%' OR w.project_text LIKE '%取暖%'
                OR w.project_text LIKE '%保险%' OR w.project_text LIKE '%丧葬%' OR w.project_text LIKE '%学%'
                OR w.project_text LIKE '%房%' OR w.project_text LIKE '%边缘%'
                OR w.project_text LIKE '%一次性%') THEN w.project
            WHEN (w.project_text LIKE '%特困%' OR w.project_text LIKE '%五保%') AND w.project_text LIKE '%护理%' THEN 'TKHL'
            WHEN w.project_text LIKE '%特困%' OR w.project_text LIKE '%五保%' THEN 'TK'
            WHEN w.project_text LIKE '%孤儿%' OR w.project_text LIKE '%无人抚养%' THEN 'ET'
            WHEN w.project_text LIKE '%低保%' OR w.project_text LIKE '%最低生活保障%' THEN 'DB'
            ELSE w.project
        END AS project,
        w.project_text,
        w.period,
        w.month,
        w.months,
        COALESCE(w.repay_day, CASE WHEN w.repay_on IS NULL THEN w.pay_day END) AS pay_date,
        w.amount,
        w.back_amount,
        w.deduct_amount,
        w.insured_size,
        -- sent again: the status says so, or a day is given on which a returned payment was
        (
            COALESCE(w.status = 'repaid', FALSE)
            OR (w.repay_on IS NOT NULL AND w.repay_on <= $as_of)
            OR (w.says_returned AND w.says_resent)
        ) AS is_resent,
        w.says_back_pay,
        (COALESCE(w.deduct_amount, 0) <> 0 OR w.says_change) AS says_adjustment,
        CASE
            WHEN w.status IS NOT NULL THEN w.status IN ('failed', 'pending', 'stopped')
            WHEN w.status_text <> '' THEN (w.status_text LIKE '%退%' OR w.status_text LIKE '%失败%'
                OR w.status_text LIKE '%未%' OR w.status_text LIKE '%冲%' OR w.status_text LIKE '%停%'
                OR w.status_text LIKE '%不成功%' OR w.status_text LIKE '%待%')
            ELSE
                COALESCE(
                    NOT (w.fail_reason_text LIKE '%成功%' OR w.fail_reason_text LIKE '%正常%'
                        OR w.fail_reason_text LIKE '%无%' OR w.fail_reason_text LIKE '%已%')
                    OR (w.fail_reason_text LIKE '%无此%' OR w.fail_reason_text LIKE '%已销%'
                        OR w.fail_reason_text LIKE '%已注销%'),
                    FALSE
                )
        END AS is_failed,
        COALESCE(w.status = 'failed' OR (w.status_text LIKE '%退%'
            OR w.status_text LIKE '%失败%'), FALSE) AS was_returned,
        w.repay_on,
        w.person_key,
        w.id_is_valid,
        w.name,
        w.head_key,
        w.head_is_valid,
        w.head_name,
        w.account_key,
        w.one_card_key,
        w.account_name,
        w.township,
        w.village
    FROM written AS w
)

SELECT
    c.row_id,
    c.project,
    c.project_text,
    c.period,
    c.month,
    c.months,
    c.pay_date,
    c.amount,
    c.back_amount,
    c.deduct_amount,
    c.insured_size,
    (
        c.amount <> 0
        AND (
            NOT c.is_failed
            OR (c.was_returned AND c.repay_on IS NOT NULL AND c.repay_on <= $as_of)
        )
    ) AS is_paid,
    (c.says_back_pay AND NOT c.is_resent) AS is_back_pay,
    c.is_resent,
    c.was_returned AS is_returned,
    c.says_adjustment,
    c.person_key,
    c.id_is_valid,
    c.name,
    c.head_key,
    c.head_is_valid,
    c.head_name,
    c.account_key,
    c.one_card_key,
    c.account_name,
    c.township,
    c.village
FROM coded AS c
