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
        -- one number each, so that the same list always names a person: source first, then row
        CAST(listed.source_rank + CASE WHEN listed.township IS NULL THEN 100 ELSE 0 END AS DECIMAL(38, 0))  -- literal: after all others
        * CAST(10000000000000000000 AS DECIMAL(38, 0)) + listed.row_id AS place_rank,  -- literal: above any row_id
        CAST(listed.source_rank + CASE WHEN listed.name IS NULL THEN 100 ELSE 0 END AS DECIMAL(38, 0))  -- literal: after all others
        * CAST(10000000000000000000 AS DECIMAL(38, 0)) + listed.row_id AS name_rank,  -- literal: above any row_id
        CAST(listed.source_rank + CASE WHEN listed.household_key IS NULL THEN 100 ELSE 0 END AS DECIMAL(38, 0))  -- literal: after all others
        * CAST(10000000000000000000 AS DECIMAL(38, 0)) + listed.row_id AS house_rank,  -- literal: above any row_id
        listed.source_rank
    FROM person_source AS listed
    INNER JOIN asked ON listed.person_key = asked.person_key
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
