/* ---
id: person
title: 人员
reads: [roll, dibao_unit, payment_row, low_income_household, hukou, cadre, visited, cert_state, poverty_monitor, severe_illness, kin_filing, card_custody, care_agreement, fiscal_staff, pension, death_row]
columns:
  household_key: head's key of the dibao household, else of the household register's; the person's own where none is known
  source_rank: how near the source is to the rolls, 1 the current rolls; a person is named by the nearest source
--- */
-- How findings name and place a person (人员): one row for everybody on any list, by the nearest list that names him; township and
-- village come from the nearest list that says them.
WITH listed AS (
    SELECT
        t.person_key AS person_key,
        t.name AS name,
        t.township,
        t.village,
        CASE WHEN t.program IN ('DB', 'BY') THEN t.household_key END AS household_key,
        CASE WHEN t.is_current THEN 1 ELSE 2 END AS source_rank,  -- literal: order of sources
        t.row_id
    FROM roll AS t
    WHERE t.person_key IS NOT NULL
    UNION ALL
    SELECT
        t.household_key AS person_key,
        t.head_name AS name,
        t.township,
        t.village,
        t.household_key AS household_key,
        3 AS source_rank,  -- literal: order of sources
        t.row_id
    FROM dibao_unit AS t
    WHERE t.household_key IS NOT NULL
    UNION ALL
    SELECT
        t.person_key AS person_key,
        t.name AS name,
        t.township,
        t.village,
        t.household_key AS household_key,
        4 AS source_rank,  -- literal: order of sources
        t.row_id
    FROM payment_row AS t
    WHERE t.person_key IS NOT NULL
    UNION ALL
    SELECT
        t.head_key AS person_key,
        t.head_name AS name,
        t.township,
        t.village,
        CAST(NULL AS BIGINT) AS household_key,
        5 AS source_rank,  -- literal: order of sources
        t.row_id
    FROM low_income_household AS t
    WHERE t.head_key IS NOT NULL
    UNION ALL
    SELECT
        t.person_key AS person_key,
        t.name AS name,
        t.township,
        t.village,
        t.head_key AS household_key,
        6 AS source_rank,  -- literal: order of sources
        t.row_id
    FROM hukou AS t
    WHERE t.person_key IS NOT NULL
    UNION ALL
    SELECT
        t.person_key AS person_key,
        t.name AS name,
        t.township,
        t.village,
        CAST(NULL AS BIGINT) AS household_key,
        7 AS source_rank,  -- literal: order of sources
        t.row_id
    FROM cadre AS t
    WHERE t.person_key IS NOT NULL
    UNION ALL
    SELECT
        t.person_key AS person_key,
        t.name AS name,
        t.township,
        t.village,
        CAST(NULL AS BIGINT) AS household_key,
        8 AS source_rank,  -- literal: order of sources
        t.row_id
    FROM visited AS t
    WHERE t.person_key IS NOT NULL
    UNION ALL
    SELECT
        t.head_key AS person_key,
        t.head_name AS name,
        t.township,
        t.village,
        CAST(NULL AS BIGINT) AS household_key,
        8 AS source_rank,  -- literal: order of sources
        t.row_id
    FROM visited AS t
    WHERE t.head_key IS NOT NULL
    UNION ALL
    SELECT
        t.person_key AS person_key,
        t.name AS name,
        t.township,
        t.village,
        CAST(NULL AS BIGINT) AS household_key,
        9 AS source_rank,  -- literal: order of sources
        t.row_id
    FROM cert_state AS t
    WHERE t.person_key IS NOT NULL
    UNION ALL
    SELECT
        t.person_key AS person_key,
        t.name AS name,
        t.township,
        t.village,
        CAST(NULL AS BIGINT) AS household_key,
        10 AS source_rank,  -- literal: order of sources
        t.row_id
    FROM poverty_monitor AS t
    WHERE t.person_key IS NOT NULL
    UNION ALL
    SELECT
        t.person_key AS person_key,
        t.name AS name,
        t.township,
        t.village,
        CAST(NULL AS BIGINT) AS household_key,
        11 AS source_rank,  -- literal: order of sources
        t.row_id
    FROM severe_illness AS t
    WHERE t.person_key IS NOT NULL
    UNION ALL
    SELECT
        t.relative_key AS person_key,
        t.relative_name AS name,
        t.township,
        t.village,
        CAST(NULL AS BIGINT) AS household_key,
        12 AS source_rank,  -- literal: order of sources
        t.row_id
    FROM kin_filing AS t
    WHERE t.relative_key IS NOT NULL
    UNION ALL
    SELECT
        t.officer_key AS person_key,
        t.officer_name AS name,
        t.township,
        t.village,
        CAST(NULL AS BIGINT) AS household_key,
        12 AS source_rank,  -- literal: order of sources
        t.row_id
    FROM kin_filing AS t
    WHERE t.officer_key IS NOT NULL
    UNION ALL
    SELECT
        t.person_key AS person_key,
        t.name AS name,
        t.township,
        t.village,
        CAST(NULL AS BIGINT) AS household_key,
        13 AS source_rank,  -- literal: order of sources
        t.row_id
    FROM card_custody AS t
    WHERE t.person_key IS NOT NULL
    UNION ALL
    SELECT
        t.holder_key AS person_key,
        t.holder_name AS name,
        t.township,
        t.village,
        CAST(NULL AS BIGINT) AS household_key,
        13 AS source_rank,  -- literal: order of sources
        t.row_id
    FROM card_custody AS t
    WHERE t.holder_key IS NOT NULL
    UNION ALL
    SELECT
        t.person_key AS person_key,
        t.name AS name,
        t.township,
        t.village,
        CAST(NULL AS BIGINT) AS household_key,
        14 AS source_rank,  -- literal: order of sources
        t.row_id
    FROM care_agreement AS t
    WHERE t.person_key IS NOT NULL
    UNION ALL
    SELECT
        t.person_key AS person_key,
        t.name AS name,
        t.township,
        t.village,
        CAST(NULL AS BIGINT) AS household_key,
        15 AS source_rank,  -- literal: order of sources
        t.row_id
    FROM fiscal_staff AS t
    WHERE t.person_key IS NOT NULL
    UNION ALL
    SELECT
        t.person_key AS person_key,
        t.name AS name,
        t.township,
        t.village,
        CAST(NULL AS BIGINT) AS household_key,
        16 AS source_rank,  -- literal: order of sources
        t.row_id
    FROM pension AS t
    WHERE t.person_key IS NOT NULL
    UNION ALL
    SELECT
        t.person_key AS person_key,
        t.name AS name,
        CAST(NULL AS VARCHAR) AS township,
        CAST(NULL AS VARCHAR) AS village,
        CAST(NULL AS BIGINT) AS household_key,
        17 AS source_rank,  -- literal: order of sources
        t.row_id
    FROM death_row AS t
    WHERE t.person_key IS NOT NULL
),

ranked AS (
    SELECT
        listed.person_key,
        listed.name,
        listed.township,
        listed.village,
        listed.household_key,
        -- one number each, so that the same list always names a person: source first, then row
        CAST(listed.source_rank + CASE WHEN listed.township IS NULL THEN 100 ELSE 0 END AS DECIMAL(38, 0))  -- literal: after all others
        * CAST(10000000000000000000 AS DECIMAL(38, 0)) + listed.row_id AS place_rank,  -- literal: above any row_id
        CAST(listed.source_rank + CASE WHEN listed.name IS NULL THEN 100 ELSE 0 END AS DECIMAL(38, 0))  -- literal: after all others
        * CAST(10000000000000000000 AS DECIMAL(38, 0)) + listed.row_id AS name_rank,  -- literal: above any row_id
        CAST(listed.source_rank + CASE WHEN listed.household_key IS NULL THEN 100 ELSE 0 END AS DECIMAL(38, 0))  -- literal: after all others
        * CAST(10000000000000000000 AS DECIMAL(38, 0)) + listed.row_id AS house_rank,  -- literal: above any row_id
        listed.source_rank
    FROM listed
)

SELECT
    ranked.person_key,
    MIN_BY(ranked.name, ranked.name_rank) AS name,
    MIN_BY(ranked.township, ranked.place_rank) AS township,
    MIN_BY(ranked.village, ranked.place_rank) AS village,
    COALESCE(MIN_BY(ranked.household_key, ranked.house_rank), ranked.person_key) AS household_key,
    MIN(ranked.source_rank) AS source_rank
FROM ranked
GROUP BY ranked.person_key
