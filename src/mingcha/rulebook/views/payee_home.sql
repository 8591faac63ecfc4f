/* ---
id: payee_home
title: 领款人的低保家庭
reads: [roll, dibao_unit]
columns:
  month: NULL for what holds as a rule (the newest roll that lists the person); a month of its own only where that month's roll says otherwise
  household_key: the household the person belongs to, the one he heads before others
  is_several: the payment is for several people by what the rolls state, or the person himself is not insured
--- */
-- To which dibao household a payee belongs (领款人的低保家庭), month by month where the months differ. As a rule they do not: one
-- short row a person is all that a payment has to be held against.
WITH placed AS (
    SELECT
        roll.person_key,
        roll.row_month,
        roll.household_key,
        BOOL_OR(roll.is_insured) AS is_insured
    FROM roll
    WHERE roll.program = 'DB' AND roll.id_is_valid AND roll.person_key IS NOT NULL
    GROUP BY roll.person_key, roll.row_month, roll.household_key
),

person_ever AS (
    SELECT
        placed.person_key,
        MAX(placed.row_month) AS row_month,
        MIN(placed.household_key) AS least_household,
        MAX(placed.household_key) AS most_household,
        BOOL_AND(placed.is_insured) AS is_always_insured,
        BOOL_OR(placed.is_insured) AS is_ever_insured
    FROM placed
    GROUP BY placed.person_key
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
        MIN(unit_month.insured_count) AS least_count,
        MAX(unit_month.insured_count) AS insured_count
    FROM unit_month
    GROUP BY unit_month.household_key
),

-- most live in one household that stays as large as it is: the months of the others alone are looked at one by one
watched AS (
    SELECT ever.person_key
    FROM person_ever AS ever
    LEFT JOIN unit_ever ON ever.least_household = unit_ever.household_key
    WHERE
        ever.least_household <> ever.most_household
        OR ever.is_always_insured <> ever.is_ever_insured
        OR (unit_ever.least_count > 1) <> (unit_ever.insured_count > 1)
),

lived AS (
    SELECT
        placed.person_key,
        placed.row_month,
        placed.household_key,
        placed.is_insured,
        ROW_NUMBER() OVER (
            PARTITION BY placed.person_key, placed.row_month
            ORDER BY placed.is_insured DESC, placed.person_key = placed.household_key DESC, placed.household_key
        ) AS place
    FROM placed
    INNER JOIN watched ON placed.person_key = watched.person_key
),

watched_newest AS (
    SELECT
        lived.person_key,
        lived.household_key,
        lived.is_insured
    FROM lived
    INNER JOIN person_ever AS ever ON lived.person_key = ever.person_key AND lived.row_month = ever.row_month
    WHERE lived.place = 1
),

newest AS (
    SELECT
        ever.person_key,
        ever.least_household AS household_key,
        ever.is_ever_insured AS is_insured
    FROM person_ever AS ever
    LEFT JOIN watched ON ever.person_key = watched.person_key
    WHERE watched.person_key IS NULL
    UNION ALL
    SELECT
        watched_newest.person_key,
        watched_newest.household_key,
        watched_newest.is_insured
    FROM watched_newest
),

usual AS (
    SELECT
        newest.person_key,
        newest.household_key,
        newest.is_insured,
        (COALESCE(unit_ever.insured_count, 0) > 1 OR NOT newest.is_insured) AS is_several
    FROM newest
    LEFT JOIN unit_ever ON newest.household_key = unit_ever.household_key
),

-- months that a roll speaks of, of the person or of his household
spoken AS (
    SELECT
        lived.person_key,
        lived.row_month
    FROM lived
    WHERE lived.place = 1
    UNION
    SELECT
        newest.person_key,
        unit_month.row_month
    FROM watched_newest AS newest
    INNER JOIN unit_month ON newest.household_key = unit_month.household_key
),

monthly AS (
    SELECT
        spoken.person_key,
        spoken.row_month,
        COALESCE(lived.household_key, newest.household_key) AS household_key,
        COALESCE(lived.is_insured, newest.is_insured) AS is_insured
    FROM spoken
    INNER JOIN watched_newest AS newest ON spoken.person_key = newest.person_key
    LEFT JOIN lived
        ON spoken.person_key = lived.person_key AND spoken.row_month = lived.row_month AND lived.place = 1
),

stated AS (
    SELECT
        monthly.person_key,
        monthly.row_month,
        monthly.household_key,
        (
            COALESCE(unit_month.insured_count, unit_ever.insured_count, 0) > 1 OR NOT monthly.is_insured
        ) AS is_several
    FROM monthly
    LEFT JOIN unit_month
        ON monthly.household_key = unit_month.household_key AND monthly.row_month = unit_month.row_month
    LEFT JOIN unit_ever ON monthly.household_key = unit_ever.household_key
)

SELECT
    usual.person_key,
    CAST(NULL AS VARCHAR) AS month,
    usual.household_key,
    usual.is_several
FROM usual
UNION ALL
SELECT
    stated.person_key,
    stated.row_month AS month,
    stated.household_key,
    stated.is_several
FROM stated
INNER JOIN usual ON stated.person_key = usual.person_key
WHERE stated.household_key <> usual.household_key OR stated.is_several <> usual.is_several
