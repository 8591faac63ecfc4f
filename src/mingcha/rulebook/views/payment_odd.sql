/* ---
id: payment_odd
title: 须另外对应的发放记录
reads: [payment_line, payee_home, roll, dibao_unit]
columns:
  person_key: as the row itself says (see payment_line)
  tied_person_key: the payee's number, or the one person on a roll it is tied to by account and name, or name within the village
  tied_basis: number, account, village
  household_key: dibao household of the payee, by the roll of that month, else the newest that lists him
  township: as written, else of the person on a roll it is tied to
  is_for_several: a dibao payment that is for several people, by roll or row
--- */
-- Payments that the row and the payee's usual household do not explain by themselves (须另外对应的发放记录): without a valid number or
-- a township, of a payee on no dibao roll, of a month in which he lived elsewhere. They are few; all others are read where they lie (see payment_row).
WITH usual AS (
    SELECT
        home.person_key,
        home.household_key,
        home.is_several
    FROM payee_home AS home
    WHERE home.month IS NULL
),

moved AS (
    SELECT
        home.person_key,
        home.month,
        home.household_key,
        home.is_several
    FROM payee_home AS home
    WHERE home.month IS NOT NULL
),

odd AS (
    SELECT
        c.row_id,
        c.project,
        c.month,
        c.insured_size,
        c.person_key,
        c.id_is_valid,
        c.name,
        c.head_key,
        c.head_is_valid,
        c.account_key,
        c.one_card_key,
        c.township,
        c.village
    FROM payment_line AS c
    LEFT JOIN usual ON c.person_key = usual.person_key AND c.project IN ('DB', 'WJ')
    LEFT JOIN moved ON c.person_key = moved.person_key AND c.month = moved.month AND c.project IN ('DB', 'WJ')
    WHERE
        NOT c.id_is_valid
        OR c.township IS NULL
        OR (c.project IN ('DB', 'WJ') AND (usual.person_key IS NULL OR moved.person_key IS NOT NULL))
),

lost AS (
    SELECT odd.name
    FROM odd
    WHERE NOT odd.id_is_valid AND odd.name IS NOT NULL
    GROUP BY odd.name
),

-- of the rolls, those who bear the name of a payee without a number
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
    INNER JOIN lost ON roll.name = lost.name
    WHERE roll.id_is_valid
    GROUP BY
        roll.program, roll.person_key, roll.name, roll.township, roll.village, roll.account_key, roll.one_card_key
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
    HAVING MIN(held.person_key) = MAX(held.person_key)
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
    HAVING MIN(aided.person_key) = MAX(aided.person_key)
),

tied AS (
    SELECT
        c.row_id,
        c.project,
        c.month,
        c.insured_size,
        c.person_key,
        c.head_key,
        c.head_is_valid,
        c.township,
        CASE
            WHEN c.id_is_valid THEN c.person_key
            ELSE COALESCE(a.person_key, b.person_key, v.person_key)
        END AS tied_person_key,
        CASE
            WHEN c.id_is_valid THEN 'number'
            WHEN a.person_key IS NOT NULL OR b.person_key IS NOT NULL THEN 'account'
            WHEN v.person_key IS NOT NULL THEN 'village'
        END AS tied_basis
    FROM odd AS c
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

odd_home AS (
    SELECT
        tied.row_id,
        tied.project,
        tied.month,
        tied.insured_size,
        tied.tied_person_key,
        COALESCE(
            moved.household_key,
            usual.household_key,
            CASE WHEN tied.head_is_valid THEN tied.head_key END
        ) AS household_key,
        CASE WHEN moved.person_key IS NOT NULL THEN moved.is_several ELSE usual.is_several END AS is_several
    FROM tied
    LEFT JOIN moved ON tied.tied_person_key = moved.person_key AND tied.month = moved.month
    LEFT JOIN usual ON tied.tied_person_key = usual.person_key
    WHERE tied.project IN ('DB', 'WJ')
),

odd_house AS (
    SELECT odd_home.household_key
    FROM odd_home
    WHERE odd_home.household_key IS NOT NULL
    GROUP BY odd_home.household_key
),

placed AS (
    SELECT
        roll.person_key,
        MIN(roll.township) AS township
    FROM roll
    INNER JOIN tied ON roll.person_key = tied.tied_person_key
    WHERE roll.id_is_valid AND roll.name IS NOT NULL AND tied.township IS NULL
    GROUP BY roll.person_key
    HAVING MIN(roll.township) = MAX(roll.township)
),

unit_month AS (
    SELECT
        unit.household_key,
        unit.row_month,
        MAX(GREATEST(COALESCE(unit.insured_count, 0), COALESCE(unit.stated_size, 0))) AS insured_count
    FROM dibao_unit AS unit
    INNER JOIN odd_house ON unit.household_key = odd_house.household_key
    GROUP BY unit.household_key, unit.row_month
),

unit_ever AS (
    SELECT
        unit_month.household_key,
        MAX(unit_month.insured_count) AS insured_count
    FROM unit_month
    GROUP BY unit_month.household_key
),

odd_kind AS (
    SELECT
        odd_home.row_id,
        odd_home.household_key,
        CASE
            WHEN COALESCE(odd_home.insured_size, 0) > 1 THEN TRUE
            WHEN odd_home.is_several IS NOT NULL THEN odd_home.is_several
            WHEN COALESCE(unit_month.insured_count, unit_ever.insured_count, 0) > 1 THEN TRUE
            -- the head is written beside the payee, and the roll knows neither: nothing says that he is alone
            ELSE COALESCE(odd_home.household_key <> odd_home.tied_person_key, FALSE)
        END AS is_for_several
    FROM odd_home
    LEFT JOIN unit_month ON odd_home.household_key = unit_month.household_key AND odd_home.month = unit_month.row_month
    LEFT JOIN unit_ever ON odd_home.household_key = unit_ever.household_key
)

SELECT
    tied.row_id,
    tied.project,
    tied.month,
    tied.person_key,
    tied.tied_person_key,
    tied.tied_basis,
    COALESCE(tied.township, placed.township) AS township,
    odd_kind.household_key,
    COALESCE(odd_kind.is_for_several, FALSE) AS is_for_several
FROM tied
LEFT JOIN placed ON tied.tied_person_key = placed.person_key
LEFT JOIN odd_kind ON tied.row_id = odd_kind.row_id
