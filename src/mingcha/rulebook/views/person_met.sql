/* ---
id: person_met
title: 走访涉及人员
reads: [person_source, visited, poverty_monitor, cert_state, severe_illness, aid_person]
columns:
  household_key: head's key of the dibao household, else of the household register's; the person's own where none is known
--- */
-- Persons whom a visit may have reached (走访涉及人员): those that forms name, by number or by name within the village, and
-- those whose being visited is asked about. Everybody else would be worked out for nothing: the register holds the whole county.
WITH unnumbered AS (
    SELECT
        v.name,
        v.village
    FROM visited AS v
    WHERE
        NOT COALESCE(v.id_is_valid, FALSE)
        AND NOT COALESCE(v.head_is_valid, FALSE)
        AND v.name IS NOT NULL
        AND v.village IS NOT NULL
    UNION
    SELECT
        v.head_name AS name,
        v.village
    FROM visited AS v
    WHERE
        NOT COALESCE(v.id_is_valid, FALSE)
        AND NOT COALESCE(v.head_is_valid, FALSE)
        AND v.head_name IS NOT NULL
        AND v.village IS NOT NULL
),

unnumbered_village AS (
    SELECT unnumbered.village
    FROM unnumbered
    GROUP BY unnumbered.village
),

covered AS (
    SELECT aid.person_key
    FROM aid_person AS aid
    WHERE aid.is_active AND aid.id_is_valid AND aid.program IN ('DB', 'TK', 'BY', 'ET') AND aid.is_insured
    GROUP BY aid.person_key
),

asked AS (
    SELECT v.person_key
    FROM visited AS v
    WHERE v.person_key IS NOT NULL
    UNION
    SELECT v.head_key AS person_key
    FROM visited AS v
    WHERE v.head_key IS NOT NULL
    UNION
    SELECT monitor.person_key
    FROM poverty_monitor AS monitor
    WHERE monitor.person_key IS NOT NULL
    UNION
    -- of the disabled, those alone whom a rule may name: with a certificate in force and on no roll
    SELECT cert.person_key
    FROM cert_state AS cert
    LEFT JOIN covered ON cert.person_key = covered.person_key
    WHERE
        cert.is_valid_on
        AND cert.id_is_valid
        AND covered.person_key IS NULL
    UNION
    SELECT illness.person_key
    FROM severe_illness AS illness
    WHERE illness.person_key IS NOT NULL
    UNION
    SELECT listed.person_key
    FROM person_source AS listed
    INNER JOIN unnumbered
        ON listed.name = unnumbered.name AND COALESCE(listed.village, unnumbered.village) = unnumbered.village
    UNION
    -- who is known by number alone there has his name from a farther list
    SELECT listed.person_key
    FROM person_source AS listed
    INNER JOIN unnumbered_village ON listed.village = unnumbered_village.village
    WHERE listed.name IS NULL
),

ranked AS (
    SELECT
        listed.person_key,
        listed.name,
        listed.township,
        listed.village,
        listed.household_key,
        listed.source_rank,
        -- one number each, so that the same list always names a person: source first, then row
        CAST(listed.source_rank AS DECIMAL(38, 0))
        * CAST(10000000000000000000 AS DECIMAL(38, 0)) + listed.row_id AS row_rank  -- literal: above any row_id
    FROM person_source AS listed
    INNER JOIN asked ON listed.person_key = asked.person_key
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
        MIN(ranked.row_rank) AS row_rank,
        MIN(ranked.source_rank) AS source_rank
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
    MIN(nearest.source_rank) AS source_rank
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
