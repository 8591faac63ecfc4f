/* ---
id: payment_row
title: 发放记录
reads: [payment, roll, dibao_unit]
params: {home_county: home_county}
columns:
  project: code of pay_project; where the word is unknown, what it plainly says
  month: month the payment belongs to (发放月份), else of its sheet, else of its pay date; a quarter's first month
  months: months it covers
  pay_date: known day of payment; for a returned payment that was sent again, the day of that
  is_paid: not returned, failed, pending or stopped, or sent again since
  is_back_pay: 补发 of other months by project, batch or remark; a returned payment sent again is none
  is_resent: a returned payment that was sent again
  is_returned: came back from the bank, whether or not it was sent again
  says_adjustment: the row names a deduction or adjustment
  person_key: the payee's own number, else the head's, where the row is the head's
  tied_person_key: the payee's number, or the one person on a roll it is tied to by account and name, or name within the village
  tied_basis: number, account, village
  household_key: dibao household of the payee, by the roll of that month, else the newest that lists him
  township: as written, else of the person on a roll it is tied to
  payee_kind: household where a dibao payment to one person is for several
--- */
-- Payments row by row (发放记录).
-- A dibao row is a household's where the payee's household has another insured person by any statement (roll of the month,
-- else of any month; 享受人数 of the row), unless several of its members are paid by rows of their own that month. A payee on
-- no dibao roll, with no 享受人数 above one, stands for himself alone. Price subsidies to dibao households follow the same rule.
-- Rows without a valid number are tied to a roll only where account and name, or village and name, point to one person alone.
WITH written AS (
    SELECT
        p.row_id,
        p.project,
        p.project_text,
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
        COALESCE(p.status_text, '') AS status_text,
        p.fail_reason_text,
        CONCAT_WS('；', p.project_text, p.batch, p.remark) AS words,
        -- the payee: his own number, else the head's where the row names nobody else, else the account holder's
        CASE
            WHEN p.person_key IS NOT NULL THEN p.person_key
            WHEN p.head_key IS NOT NULL AND NAMES_AGREE(p.name, p.head_name) THEN p.head_key
            WHEN p.head_key IS NULL AND NAMES_AGREE(p.name, p.account_name) THEN p.account_holder_key
        END AS person_key,
        CASE
            WHEN p.person_key IS NOT NULL THEN COALESCE(p.id_is_valid, FALSE)
            WHEN p.head_key IS NOT NULL AND NAMES_AGREE(p.name, p.head_name) THEN COALESCE(p.head_is_valid, FALSE)
            WHEN p.head_key IS NULL AND NAMES_AGREE(p.name, p.account_name)
                THEN COALESCE(p.account_holder_is_valid, FALSE)
            ELSE FALSE
        END AS id_is_valid,
        COALESCE(
            p.name,
            CASE WHEN p.person_key IS NULL THEN p.head_name END,
            CASE WHEN p.person_key IS NULL AND p.head_key IS NULL THEN p.account_name END
        ) AS name,
        p.head_key,
        COALESCE(p.head_is_valid, FALSE) AS head_is_valid,
        p.head_name,
        p.account_key,
        p.one_card_key,
        p.account_name,
        p.township,
        p.village
    FROM payment AS p
    WHERE p.county_name IS NULL OR STARTS_WITH(p.county_name, $home_county) OR STARTS_WITH($home_county, p.county_name)
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
            WHEN
                w.project_text LIKE '%电%' OR w.project_text LIKE '%燃%' OR w.project_text LIKE '%水费%'
                OR w.project_text LIKE '%医%' OR w.project_text LIKE '%慰问%' OR w.project_text LIKE '%取暖%'
                OR w.project_text LIKE '%保险%' OR w.project_text LIKE '%丧葬%' OR w.project_text LIKE '%学%'
                OR w.project_text LIKE '%房%' OR w.project_text LIKE '%边缘%' OR w.project_text LIKE '%一次性%'
                THEN w.project
            WHEN (w.project_text LIKE '%特困%' OR w.project_text LIKE '%五保%') AND w.project_text LIKE '%护理%' THEN 'TKHL'
            WHEN w.project_text LIKE '%特困%' OR w.project_text LIKE '%五保%' THEN 'TK'
            WHEN w.project_text LIKE '%孤儿%' OR w.project_text LIKE '%无人抚养%' THEN 'ET'
            WHEN w.project_text LIKE '%低保%' OR w.project_text LIKE '%最低生活保障%' THEN 'DB'
            ELSE w.project
        END AS project,
        w.project_text,
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
            OR (
                (w.words LIKE '%退汇%' OR w.words LIKE '%退票%' OR w.words LIKE '%退回%' OR w.words LIKE '%失败%')
                AND (w.words LIKE '%补发%' OR w.words LIKE '%重发%' OR w.words LIKE '%再发%')
            )
        ) AS is_resent,
        (
            w.words LIKE '%补发%' OR w.words LIKE '%补付%' OR w.words LIKE '%补放%' OR w.words LIKE '%补拨%'
            OR w.words LIKE '%追发%' OR w.words LIKE '%追补%'
        ) AS says_back_pay,
        (
            COALESCE(w.deduct_amount, 0) <> 0 OR w.words LIKE '%扣%' OR w.words LIKE '%核减%' OR w.words LIKE '%抵%'
            OR w.words LIKE '%调整%' OR w.words LIKE '%核增%' OR w.words LIKE '%调标%' OR w.words LIKE '%提标%'
            OR w.words LIKE '%追回%' OR w.words LIKE '%收回%' OR w.words LIKE '%缴回%' OR w.words LIKE '%冲减%'
        ) AS says_adjustment,
        CASE
            WHEN w.status IS NOT NULL THEN w.status IN ('failed', 'pending', 'stopped')
            WHEN w.status_text <> ''
                THEN
                    w.status_text LIKE '%退%' OR w.status_text LIKE '%失败%' OR w.status_text LIKE '%未%'
                    OR w.status_text LIKE '%冲%' OR w.status_text LIKE '%停%' OR w.status_text LIKE '%不成功%'
                    OR w.status_text LIKE '%待%'
            ELSE
                COALESCE(
                    NOT (
                        w.fail_reason_text LIKE '%成功%' OR w.fail_reason_text LIKE '%正常%' OR w.fail_reason_text LIKE '%无%'
                        OR w.fail_reason_text LIKE '%已%'
                    )
                    OR w.fail_reason_text LIKE '%无此%' OR w.fail_reason_text LIKE '%已销%' OR w.fail_reason_text LIKE '%已注销%',
                    FALSE
                )
        END AS is_failed,
        COALESCE(w.status = 'failed' OR w.status_text LIKE '%退%' OR w.status_text LIKE '%失败%', FALSE) AS was_returned,
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
),

aided AS (
    SELECT
        roll.program,
        roll.person_key,
        roll.name,
        roll.township,
        roll.village,
        roll.account_key,
        roll.one_card_key
    FROM roll
    WHERE roll.id_is_valid AND roll.name IS NOT NULL
    GROUP BY
        roll.program, roll.person_key, roll.name, roll.township, roll.village, roll.account_key, roll.one_card_key
),

placed AS (
    SELECT
        aided.person_key,
        MIN(aided.township) AS township
    FROM aided
    GROUP BY aided.person_key
    HAVING COUNT(DISTINCT aided.township) = 1
),

by_account AS (
    SELECT
        held.account_key,
        held.name,
        MIN(held.person_key) AS person_key
    FROM (
        SELECT
            aided.account_key,
            aided.name,
            aided.person_key
        FROM aided
        WHERE aided.account_key IS NOT NULL
        UNION ALL
        SELECT
            aided.one_card_key AS account_key,
            aided.name,
            aided.person_key
        FROM aided
        WHERE aided.one_card_key IS NOT NULL
    ) AS held
    GROUP BY held.account_key, held.name
    HAVING COUNT(DISTINCT held.person_key) = 1
),

by_village AS (
    SELECT
        aided.program,
        aided.township,
        aided.village,
        aided.name,
        MIN(aided.person_key) AS person_key
    FROM aided
    WHERE aided.township IS NOT NULL AND aided.village IS NOT NULL
    GROUP BY aided.program, aided.township, aided.village, aided.name
    HAVING COUNT(DISTINCT aided.person_key) = 1
),

tied AS (
    SELECT
        c.row_id,
        CASE
            WHEN c.id_is_valid THEN c.person_key
            ELSE COALESCE(a.person_key, b.person_key, v.person_key)
        END AS tied_person_key,
        CASE
            WHEN c.id_is_valid THEN 'number'
            WHEN a.person_key IS NOT NULL OR b.person_key IS NOT NULL THEN 'account'
            WHEN v.person_key IS NOT NULL THEN 'village'
        END AS tied_basis
    FROM coded AS c
    LEFT JOIN by_account AS a ON c.account_key = a.account_key AND c.name = a.name AND NOT c.id_is_valid
    LEFT JOIN by_account AS b ON c.one_card_key = b.account_key AND c.name = b.name AND NOT c.id_is_valid
    LEFT JOIN by_village AS v
        ON
            c.township = v.township
            AND c.village = v.village
            AND c.name = v.name
            AND CASE c.project
                WHEN 'DB' THEN 'DB' WHEN 'WJ' THEN 'DB' WHEN 'TK' THEN 'TK' WHEN 'TKHL' THEN 'TK'
                WHEN 'CJSH' THEN 'CJ' WHEN 'CJHL' THEN 'CJ' WHEN 'ET' THEN 'ET'
            END = v.program
            AND NOT c.id_is_valid
),

-- the dibao household of each person, month by month: the one he heads before one he belongs to
lived AS (
    SELECT
        roll.person_key,
        roll.row_month,
        roll.household_key,
        BOOL_OR(roll.is_insured) AS is_insured,
        ROW_NUMBER() OVER (
            PARTITION BY roll.person_key, roll.row_month
            ORDER BY BOOL_OR(roll.is_insured) DESC, roll.person_key = roll.household_key DESC, roll.household_key
        ) AS place
    FROM roll
    WHERE roll.program = 'DB' AND roll.id_is_valid
    GROUP BY roll.person_key, roll.row_month, roll.household_key
),

newest_lived AS (
    SELECT
        lived.person_key,
        MAX(lived.row_month) AS row_month
    FROM lived
    GROUP BY lived.person_key
),

unit_month AS (
    SELECT
        unit.household_key,
        unit.row_month,
        MAX(GREATEST(COALESCE(unit.insured_count, 0), COALESCE(unit.stated_size, 0))) AS insured_count
    FROM dibao_unit AS unit
    GROUP BY unit.household_key, unit.row_month
),

unit_ever AS (
    SELECT
        unit_month.household_key,
        MAX(unit_month.insured_count) AS insured_count
    FROM unit_month
    GROUP BY unit_month.household_key
),

housed AS (
    SELECT
        c.row_id,
        c.project,
        c.month,
        tied.tied_person_key,
        tied.tied_basis,
        COALESCE(
            same_month.household_key,
            newest.household_key,
            CASE WHEN c.head_is_valid THEN c.head_key END
        ) AS household_key,
        COALESCE(same_month.is_insured, newest.is_insured) AS is_insured,
        c.insured_size
    FROM coded AS c
    INNER JOIN tied ON c.row_id = tied.row_id
    LEFT JOIN lived AS same_month
        ON
            tied.tied_person_key = same_month.person_key
            AND c.month = same_month.row_month
            AND same_month.place = 1
            AND c.project IN ('DB', 'WJ')
    LEFT JOIN newest_lived ON tied.tied_person_key = newest_lived.person_key AND c.project IN ('DB', 'WJ')
    LEFT JOIN lived AS newest
        ON
            newest_lived.person_key = newest.person_key
            AND newest_lived.row_month = newest.row_month
            AND newest.place = 1
    WHERE c.project IN ('DB', 'WJ')
),

payees AS (
    SELECT
        housed.household_key,
        housed.project,
        housed.month,
        COUNT(DISTINCT housed.tied_person_key) AS payees
    FROM housed
    WHERE housed.household_key IS NOT NULL
    GROUP BY housed.household_key, housed.project, housed.month
),

kinds AS (
    SELECT
        housed.row_id,
        housed.household_key,
        CASE
            WHEN COALESCE(payees.payees, 1) > 1 THEN 'person'
            WHEN COALESCE(housed.insured_size, 0) > 1 THEN 'household'
            WHEN COALESCE(unit_month.insured_count, unit_ever.insured_count, 0) > 1 THEN 'household'
            WHEN housed.is_insured IS NOT NULL AND NOT housed.is_insured THEN 'household'
            -- the head is written beside the payee, and the roll knows neither: nothing says that he is alone
            WHEN housed.is_insured IS NULL AND housed.household_key <> housed.tied_person_key THEN 'household'
            ELSE 'person'
        END AS payee_kind
    FROM housed
    LEFT JOIN payees
        ON
            housed.household_key = payees.household_key
            AND housed.project = payees.project
            AND housed.month = payees.month
    LEFT JOIN unit_month ON housed.household_key = unit_month.household_key AND housed.month = unit_month.row_month
    LEFT JOIN unit_ever ON housed.household_key = unit_ever.household_key
)

SELECT
    c.row_id,
    c.project,
    c.project_text,
    c.month,
    c.months,
    c.pay_date,
    c.amount,
    c.back_amount,
    c.deduct_amount,
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
    tied.tied_person_key,
    tied.tied_basis,
    c.head_key,
    c.head_name,
    kinds.household_key,
    c.account_key,
    c.one_card_key,
    c.account_name,
    COALESCE(c.township, placed.township) AS township,
    c.village,
    COALESCE(kinds.payee_kind, 'person') AS payee_kind
FROM coded AS c
INNER JOIN tied ON c.row_id = tied.row_id
LEFT JOIN placed ON tied.tied_person_key = placed.person_key
LEFT JOIN kinds ON c.row_id = kinds.row_id
