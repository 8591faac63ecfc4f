/* ---
id: visit_reach
title: 已入户走访人员
reads: [visited, person_met]
columns:
  person_key: somebody a visit met, or of the household it went to
  visit_on: the day; NULL where the form gives none
  has_result: a conclusion or a finding is written
--- */
-- Whom visits reached, of those in person_met (走访到的人): a visit to the head or to a member counts for the whole household. A form
-- without a valid number counts for whoever bears the name in the village.
WITH met AS (
    SELECT
        visited.row_id,
        visited.visit_on,
        visited.has_result,
        visited.person_key
    FROM visited
    WHERE visited.id_is_valid
    UNION ALL
    SELECT
        visited.row_id,
        visited.visit_on,
        visited.has_result,
        visited.head_key AS person_key
    FROM visited
    WHERE visited.head_is_valid
    UNION ALL
    SELECT
        visited.row_id,
        visited.visit_on,
        visited.has_result,
        person.person_key
    FROM visited
    INNER JOIN person_met AS person ON visited.name = person.name AND visited.village = person.village
    WHERE
        NOT COALESCE(visited.id_is_valid, FALSE)
        AND NOT COALESCE(visited.head_is_valid, FALSE)
        AND COALESCE(visited.township, person.township, '') = COALESCE(person.township, visited.township, '')
    UNION ALL
    SELECT
        visited.row_id,
        visited.visit_on,
        visited.has_result,
        person.person_key
    FROM visited
    INNER JOIN person_met AS person ON visited.head_name = person.name AND visited.village = person.village
    WHERE
        NOT COALESCE(visited.id_is_valid, FALSE)
        AND NOT COALESCE(visited.head_is_valid, FALSE)
        AND COALESCE(visited.township, person.township, '') = COALESCE(person.township, visited.township, '')
),

housed AS (
    SELECT
        met.row_id,
        met.visit_on,
        met.has_result,
        person.household_key
    FROM met
    INNER JOIN person_met AS person ON met.person_key = person.person_key
    UNION ALL
    -- the head's own household, where another list counts him elsewhere
    SELECT
        met.row_id,
        met.visit_on,
        met.has_result,
        met.person_key AS household_key
    FROM met
)

SELECT
    met.person_key,
    met.visit_on,
    met.has_result
FROM met
UNION
SELECT
    person.person_key,
    housed.visit_on,
    housed.has_result
FROM housed
INNER JOIN person_met AS person ON housed.household_key = person.household_key
