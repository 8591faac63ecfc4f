/* ---
id: met_key
title: 走访涉及人员（编号）
reads: [person_source, visited, poverty_monitor, cert_state, severe_illness, aid_person]
columns:
  person_key: a person whom a visit may have reached, once
--- */
-- Persons whom a visit may have reached (走访涉及人员): those that forms name, by number or by name within the village, and
-- those whose being visited is asked about. Apart from what is told of them (person_met): gathered in one statement with the
-- look into the register they leave that look no memory, and it lays the whole register on disk.
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
)

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
