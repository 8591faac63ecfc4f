/* ---
id: person_source
title: 人员（逐条）
kept: false
reads: [roll, dibao_unit, payee_unlisted, low_income_household, hukou, cadre, visited, cert_state, poverty_monitor, severe_illness, kin_filing, card_custody, care_agreement, fiscal_staff, pension, death_row]
columns:
  household_key: head's key of the dibao household, else of the household register's; NULL where the row knows none
  source_rank: how near the source is to the rolls, 1 the current rolls
--- */
-- Every row of every list that names a person (人员出处). Asked of the whole county it is as long as the register: a
-- reader joins it to the persons it is about before anything else.
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
FROM payee_unlisted AS t
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
