/* ---
id: person
title: 人员
kept: false
reads: [person_source, asked_person]
columns:
  household_key: head's key of the dibao household, else of the household register's; the person's own where none is known
  source_rank: how near the source is to the rolls, 1 the current rolls; a person is named by the nearest source
--- */
-- How findings name and place the persons asked for (人员): one row each, by the nearest list that names him; township and
-- village come from the nearest list that says them.
WITH ranked AS (
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
    FROM person_source AS listed
    INNER JOIN asked_person ON listed.person_key = asked_person.person_key
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
