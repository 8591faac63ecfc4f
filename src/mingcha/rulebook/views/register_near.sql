/* ---
id: register_near
title: 户籍（相关人员）
version: 2
reads: [hukou, cadre, payment_account, roll]
columns:
  person_key: whoever stands in the row, whether or not he is asked about
--- */
-- Rows of the household register (户籍) near the persons whose relatives are asked about: officers, tekun persons, and payees whose
-- account is to be looked into. Their own rows, their household's, those of parents, spouses, guardians and carers, and of whoever names one of all
-- these as parent or spouse. Columns as the register's. The register holds the whole county and is looked through twice for all
-- readers; each of them may ask this as he would ask the register, as long as he starts from those persons.
WITH asked AS (
    SELECT cadre.person_key
    FROM cadre
    WHERE cadre.id_is_valid AND cadre.person_key IS NOT NULL
    UNION
    SELECT payment_account.person_key
    FROM payment_account
    UNION
    SELECT tekun.person_key
    FROM roll AS tekun
    WHERE tekun.program = 'TK' AND tekun.is_active AND tekun.id_is_valid
),

own AS (
    SELECT
        h.household_no,
        h.father_key,
        h.mother_key,
        h.spouse_key
    FROM hukou AS h
    INNER JOIN asked ON h.person_key = asked.person_key
),

house AS (
    SELECT own.household_no
    FROM own
    WHERE own.household_no IS NOT NULL
    GROUP BY own.household_no
),

relative AS (
    SELECT asked.person_key
    FROM asked
    UNION
    SELECT own.father_key AS person_key
    FROM own
    UNION
    SELECT own.mother_key AS person_key
    FROM own
    UNION
    SELECT own.spouse_key AS person_key
    FROM own
    UNION
    SELECT roll.guardian_key AS person_key
    FROM roll
    INNER JOIN asked ON roll.person_key = asked.person_key
    UNION
    SELECT roll.carer_key AS person_key
    FROM roll
    INNER JOIN asked ON roll.person_key = asked.person_key
),

near AS (
    SELECT relative.person_key
    FROM relative
    WHERE relative.person_key IS NOT NULL
)

SELECT
    h.row_id,
    h.person_key,
    h.id_is_valid,
    h.name,
    h.id_birth_date AS birth_date,
    h.village,
    h.hukou_address,
    h.household_no,
    h.relation,
    h.father_key,
    h.father_is_valid,
    h.mother_key,
    h.mother_is_valid,
    h.spouse_key,
    h.spouse_is_valid,
    h.spouse_name
FROM hukou AS h
WHERE
    h.person_key IN (SELECT near.person_key FROM near)
    OR h.father_key IN (SELECT near.person_key FROM near)
    OR h.mother_key IN (SELECT near.person_key FROM near)
    OR h.spouse_key IN (SELECT near.person_key FROM near)
    OR h.household_no IN (SELECT house.household_no FROM house)
