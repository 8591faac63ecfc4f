/* ---
id: payment_account
title: 须查账户的发放记录
reads: [payment_tied, payment_odd, account_payee, roll]
columns:
  person_key: the person paid (see payment_tied)
  shared_key: the account (one-card account where no other is written), if several persons are paid on it who are not all of one household
  is_other_name: the account is in another name than the payee's or the head's, by the row itself
--- */
-- Payments whose account has to be asked about (须查账户的发放记录): in another name than the row's, or on an account on which
-- several are paid. They are few; what is asked of them, rule by rule, need not be asked of all payments.
WITH lost AS (
    -- rows without a valid number, all of which are looked at apart
    SELECT
        COALESCE(p.account_key, p.one_card_key) AS account_key,
        p.tied_person_key AS person_key
    FROM payment_odd AS odd
    INNER JOIN payment_tied AS p ON odd.row_id = p.row_id
    WHERE
        NOT p.id_is_valid
        AND p.is_paid
        AND p.amount > 0
        AND p.month <= $as_of_month
        AND p.tied_person_key IS NOT NULL
        AND COALESCE(p.account_key, p.one_card_key) IS NOT NULL
    GROUP BY COALESCE(p.account_key, p.one_card_key), p.tied_person_key
),

payee_ever AS (
    SELECT
        account_payee.account_key,
        account_payee.person_key
    FROM account_payee
    UNION ALL
    SELECT
        lost.account_key,
        lost.person_key
    FROM lost
    LEFT JOIN account_payee AS known ON lost.account_key = known.account_key AND lost.person_key = known.person_key
    WHERE known.account_key IS NULL
),

several AS (
    SELECT
        payee_ever.account_key,
        COUNT(*) AS payees
    FROM payee_ever
    GROUP BY payee_ever.account_key
    HAVING COUNT(*) > 1
),

shared AS (
    SELECT
        payee_ever.account_key,
        payee_ever.person_key
    FROM payee_ever
    INNER JOIN several ON payee_ever.account_key = several.account_key
),

-- one household all of whom are paid on it is the usual reason: such an account is out of question in every month
of_household AS (
    SELECT
        shared.account_key,
        roll.household_key,
        COUNT(DISTINCT shared.person_key) AS payees
    FROM shared
    INNER JOIN roll ON shared.person_key = roll.person_key
    WHERE roll.household_key IS NOT NULL
    GROUP BY shared.account_key, roll.household_key
),

settled AS (
    SELECT of_household.account_key
    FROM of_household
    INNER JOIN several ON of_household.account_key = several.account_key AND of_household.payees = several.payees
    GROUP BY of_household.account_key
),

questioned AS (
    SELECT several.account_key
    FROM several
    LEFT JOIN settled ON several.account_key = settled.account_key
    WHERE settled.account_key IS NULL
),

asked AS (
    SELECT
        p.row_id,
        p.tied_person_key AS person_key,
        p.name,
        p.head_name,
        p.account_name,
        CASE WHEN p.amount > 0 THEN questioned.account_key END AS shared_key,
        p.month,
        p.amount,
        -- nearly all accounts are in the payee's own name: the rest alone is looked at further
        CASE
            WHEN p.account_name = p.name THEN FALSE
            WHEN p.account_name = p.head_name THEN FALSE
            ELSE COALESCE(TRIM(p.account_name) <> '', FALSE)
        END AS is_other_name
    FROM payment_tied AS p
    LEFT JOIN questioned ON COALESCE(p.account_key, p.one_card_key) = questioned.account_key
    WHERE
        p.is_paid
        AND p.month <= $as_of_month
        AND p.tied_person_key IS NOT NULL
)

SELECT
    asked.row_id,
    asked.person_key,
    asked.name,
    asked.head_name,
    asked.account_name,
    asked.shared_key,
    asked.month,
    asked.amount,
    asked.is_other_name
FROM asked
WHERE asked.is_other_name OR asked.shared_key IS NOT NULL
