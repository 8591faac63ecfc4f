/* ---
id: supporter
title: 特困人员的法定义务人
reads: [aid_person, register_near]
columns:
  person_key: the tekun person
  supporter_key: spouse, parent or child by the household register
  relation: what the supporter is to the tekun person
  birth_date: from the supporter's number
  row_id: the register's row that ties the two
--- */
-- Spouse, parents and children of tekun persons (法定赡养、抚养、扶养义务人), as the household register has them: numbers of father,
-- mother and spouse, and who stands beside the head of a household he is the head of, or the other way round. Sons-in-law and
-- daughters-in-law have no such duty. Who is not on the register himself is left out: nothing else would be known of him.
WITH tekun AS (
    SELECT
        aid.person_key,
        aid.name
    FROM aid_person AS aid
    WHERE aid.program = 'TK' AND aid.is_active AND aid.id_is_valid
    GROUP BY aid.person_key, aid.name
),

own AS (
    SELECT
        h.person_key,
        h.row_id,
        h.household_no,
        h.relation,
        CASE WHEN h.father_is_valid THEN h.father_key END AS father_key,
        CASE WHEN h.mother_is_valid THEN h.mother_key END AS mother_key,
        CASE WHEN h.spouse_is_valid THEN h.spouse_key END AS spouse_key
    FROM register_near AS h
    INNER JOIN tekun ON h.person_key = tekun.person_key AND NAMES_AGREE(h.name, tekun.name)
    WHERE h.id_is_valid
),

tied AS (
    SELECT
        own.person_key,
        own.father_key AS supporter_key,
        'parent' AS relation,
        own.row_id
    FROM own
    UNION ALL
    SELECT
        own.person_key,
        own.mother_key AS supporter_key,
        'parent' AS relation,
        own.row_id
    FROM own
    UNION ALL
    SELECT
        own.person_key,
        own.spouse_key AS supporter_key,
        'spouse' AS relation,
        own.row_id
    FROM own
    UNION ALL
    SELECT
        own.person_key,
        h.person_key AS supporter_key,
        'child' AS relation,
        h.row_id
    FROM own
    INNER JOIN register_near AS h ON own.person_key = h.father_key
    WHERE h.father_is_valid
    UNION ALL
    SELECT
        own.person_key,
        h.person_key AS supporter_key,
        'child' AS relation,
        h.row_id
    FROM own
    INNER JOIN register_near AS h ON own.person_key = h.mother_key
    WHERE h.mother_is_valid
    UNION ALL
    SELECT
        own.person_key,
        h.person_key AS supporter_key,
        'spouse' AS relation,
        h.row_id
    FROM own
    INNER JOIN register_near AS h ON own.person_key = h.spouse_key
    WHERE h.spouse_is_valid
    UNION ALL
    -- one of the two is the head of the household that both stand in
    SELECT
        own.person_key,
        h.person_key AS supporter_key,
        CASE
            WHEN own.relation IN ('01', '02') THEN
                CASE
                    WHEN h.relation IN ('10', '11', '12') THEN 'spouse'
                    WHEN h.relation IN ('28', '38') THEN NULL
                    WHEN h.relation LIKE '2_' OR h.relation LIKE '3_' THEN 'child'
                    WHEN h.relation IN ('51', '52') THEN 'parent'
                END
            WHEN h.relation IN ('01', '02') THEN
                CASE
                    WHEN own.relation IN ('10', '11', '12') THEN 'spouse'
                    WHEN own.relation IN ('28', '38') THEN NULL
                    WHEN own.relation LIKE '2_' OR own.relation LIKE '3_' THEN 'parent'
                    WHEN own.relation IN ('51', '52') THEN 'child'
                END
        END AS relation,
        h.row_id
    FROM own
    INNER JOIN register_near AS h ON own.household_no = h.household_no
)

SELECT
    tied.person_key,
    tied.supporter_key,
    h.name,
    h.birth_date,
    MIN(tied.relation) AS relation,
    MIN(tied.row_id) AS row_id
FROM tied
INNER JOIN register_near AS h ON tied.supporter_key = h.person_key
WHERE h.id_is_valid AND tied.relation IS NOT NULL AND tied.person_key <> tied.supporter_key
GROUP BY tied.person_key, tied.supporter_key, h.name, h.birth_date
