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
        CAST(listed.source_rank AS BIGINT) * 144115188075855872  -- literal: 2^57, above any row
        + (listed.row_id >> 6) AS row_rank  -- literal: 2^6, the part of a row
    FROM person_source AS listed
    INNER JOIN asked_person ON listed.person_key = asked_person.person_key
),

-- the nearest row that says each thing, told by numbers alone: texts are looked at in the rows chosen, not in all
nearest AS (
    SELECT
        ranked.person_key,
        MIN(CASE WHEN ranked.name IS NOT NULL THEN ranked.row_rank END) AS name_rank,
        MIN(CASE WHEN ranked.township IS NOT NULL THEN ranked.row_rank END) AS place_rank,
        MIN(CASE WHEN ranked.village IS NOT NULL AND ranked.township IS NOT NULL THEN ranked.row_rank END) AS village_rank,
        MIN(CASE WHEN ranked.village IS NOT NULL THEN ranked.row_rank END) AS bare_village_rank,
        MIN(CASE WHEN ranked.household_key IS NOT NULL THEN ranked.row_rank END) AS house_rank,
        MIN(ranked.row_rank) AS row_rank
    FROM ranked
    GROUP BY ranked.person_key
)

SELECT
    nearest.person_key,
    MIN(CASE WHEN ranked.row_rank = nearest.name_rank THEN ranked.name END) AS name,
    MIN(CASE WHEN ranked.row_rank = nearest.place_rank THEN ranked.township END) AS township,
    -- a list that says the township goes before one that says the village alone
    MIN(
        CASE WHEN ranked.row_rank = COALESCE(nearest.village_rank, nearest.bare_village_rank) THEN ranked.village END
    ) AS village,
    COALESCE(
        MIN(CASE WHEN ranked.row_rank = nearest.house_rank THEN ranked.household_key END), nearest.person_key
    ) AS household_key,
    CAST(MIN(nearest.row_rank) >> 57 AS INTEGER) AS source_rank  -- literal: 2^57, as above
FROM nearest
INNER JOIN ranked
    ON
        nearest.person_key = ranked.person_key
        AND (
            ranked.row_rank = nearest.row_rank
            OR ranked.row_rank = nearest.name_rank
            OR ranked.row_rank = nearest.place_rank
            OR ranked.row_rank = nearest.village_rank
            OR ranked.row_rank = nearest.bare_village_rank
            OR ranked.row_rank = nearest.house_rank
        )
GROUP BY nearest.person_key
