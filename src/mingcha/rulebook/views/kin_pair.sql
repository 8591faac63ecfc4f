/* ---
id: kin_pair
title: 干部亲属关系
reads: [cadre, dibao_member_of, register_near, visit_check]
columns:
  person_key: one of the two
  relative_key: the other; NULL where a visit form says 是干部亲属 without saying whose
  relation: what the relative is to the person, a code of kin_relation; NULL where both are of one dibao household and it is not written
  ev_row_id: the row that says so
  basis: dibao, hukou, visit
--- */
-- Near relatives on file of whoever is on the officers' list (干部亲属关系), each pair in both directions. Pairs of which neither is
-- an officer are left out: nobody asks for them, and a county has millions.
-- Relations to the head are composed: two children of one head are siblings, his wife and his child parent and child. What may
-- be one of two things (the head's daughter and his grandchild: mother or aunt) is 'other'. 非亲属 is no pair.
WITH officer_of AS (
    SELECT
        cadre.person_key,
        cadre.name
    FROM cadre
    WHERE cadre.id_is_valid AND cadre.person_key IS NOT NULL
    GROUP BY cadre.person_key, cadre.name
),

officer_key AS (
    SELECT officer_of.person_key
    FROM officer_of
    GROUP BY officer_of.person_key
),

own_row AS (
    SELECT
        h.person_key,
        h.name,
        h.household_no,
        CASE WHEN h.father_is_valid AND h.father_key <> h.person_key THEN h.father_key END AS father_key,
        CASE WHEN h.mother_is_valid AND h.mother_key <> h.person_key THEN h.mother_key END AS mother_key,
        CASE WHEN h.spouse_is_valid AND h.spouse_key <> h.person_key THEN h.spouse_key END AS spouse_key,
        h.row_id
    FROM register_near AS h
    INNER JOIN officer_key ON h.person_key = officer_key.person_key
    WHERE h.id_is_valid
),

officer_house AS (
    SELECT own_row.household_no
    FROM own_row
    INNER JOIN officer_of ON own_row.person_key = officer_of.person_key AND NAMES_AGREE(own_row.name, officer_of.name)
    WHERE own_row.household_no IS NOT NULL
    GROUP BY own_row.household_no
),

member_of AS (
    SELECT
        CAST(d.household_key AS VARCHAR) AS house,
        d.person_key,
        d.name,
        CASE WHEN d.person_key = d.household_key THEN '02' ELSE d.relation END AS relation,
        d.row_id
    FROM dibao_member_of AS d
    WHERE d.is_current AND d.id_is_valid
),

dibao_house AS (
    SELECT member_of.house
    FROM member_of
    INNER JOIN officer_of ON member_of.person_key = officer_of.person_key AND NAMES_AGREE(member_of.name, officer_of.name)
    GROUP BY member_of.house
),

placed AS (
    SELECT
        'dibao' AS basis,
        member_of.house,
        member_of.person_key,
        member_of.name,
        member_of.relation,
        member_of.row_id
    FROM member_of
    INNER JOIN dibao_house ON member_of.house = dibao_house.house
    UNION ALL
    SELECT
        'hukou' AS basis,
        h.household_no AS house,
        h.person_key,
        h.name,
        h.relation,
        h.row_id
    FROM register_near AS h
    INNER JOIN officer_house ON h.household_no = officer_house.household_no
    WHERE h.id_is_valid
),

classed AS (
    SELECT
        placed.basis,
        placed.house,
        placed.person_key,
        placed.row_id,
        officer_of.person_key IS NOT NULL AS is_officer,
        CASE
            WHEN placed.relation IN ('01', '02') THEN 'self'
            WHEN placed.relation IN ('10', '11', '12') THEN 'spouse'
            WHEN placed.relation IN ('28', '38') THEN 'inlaw_child'
            WHEN placed.relation LIKE '2_' OR placed.relation LIKE '3_' THEN 'child'
            WHEN placed.relation IN ('40', '41', '42', '43', '44', '49') THEN 'grandchild'
            WHEN placed.relation IN ('53', '54', '55', '56') THEN 'inlaw_parent'
            WHEN placed.relation LIKE '5_' THEN 'parent'
            WHEN placed.relation IN ('60', '61', '62', '63', '64', '69') THEN 'grandparent'
            WHEN placed.relation IN ('72', '74', '76', '78') THEN 'inlaw_sibling'
            WHEN placed.relation LIKE '7_' THEN 'sibling'
            WHEN placed.relation IN ('81', '82', '83', '84', '85', '86', '87', '88', '89', '90') THEN 'uncle'
            WHEN placed.relation IN ('93', '94', '95', '96') THEN 'nephew'
            WHEN placed.relation = '99' THEN 'none'
            WHEN placed.relation IS NOT NULL THEN 'other'
        END AS class
    FROM placed
    LEFT JOIN officer_of ON placed.person_key = officer_of.person_key AND NAMES_AGREE(placed.name, officer_of.name)
),

together AS (
    SELECT
        a.person_key,
        b.person_key AS relative_key,
        a.class AS one,
        b.class AS two,
        b.row_id AS ev_row_id,
        a.basis
    FROM classed AS a
    INNER JOIN classed AS b ON a.basis = b.basis AND a.house = b.house AND a.person_key <> b.person_key
    WHERE
        (a.is_officer OR b.is_officer)
        AND COALESCE(a.class, '') <> 'none'
        AND COALESCE(b.class, '') <> 'none'
        AND (a.basis = 'dibao' OR (a.class IS NOT NULL AND b.class IS NOT NULL))
),

composed AS (
    SELECT
        t.person_key,
        t.relative_key,
        CASE
            WHEN t.one IS NULL OR t.two IS NULL THEN NULL
            WHEN t.one = 'self' AND t.two = 'self' THEN 'other'
            WHEN t.one = 'self' THEN t.two
            WHEN t.two = 'self' THEN CASE t.one
                WHEN 'child' THEN 'parent' WHEN 'parent' THEN 'child'
                WHEN 'grandchild' THEN 'grandparent' WHEN 'grandparent' THEN 'grandchild'
                WHEN 'inlaw_child' THEN 'inlaw_parent' WHEN 'inlaw_parent' THEN 'inlaw_child'
                WHEN 'uncle' THEN 'nephew' WHEN 'nephew' THEN 'uncle'
                ELSE t.one
            END
            WHEN t.one = 'spouse' THEN CASE t.two
                WHEN 'child' THEN 'child' WHEN 'grandchild' THEN 'grandchild' WHEN 'inlaw_child' THEN 'inlaw_child'
                WHEN 'parent' THEN 'inlaw_parent' WHEN 'inlaw_parent' THEN 'parent' WHEN 'sibling' THEN 'inlaw_sibling'
                ELSE 'other'
            END
            WHEN t.one = 'child' THEN CASE t.two
                WHEN 'child' THEN 'sibling' WHEN 'spouse' THEN 'parent' WHEN 'parent' THEN 'grandparent'
                WHEN 'inlaw_parent' THEN 'grandparent' WHEN 'sibling' THEN 'uncle'
                ELSE 'other'
            END
            WHEN t.one = 'parent' THEN CASE t.two
                WHEN 'parent' THEN 'spouse' WHEN 'sibling' THEN 'child' WHEN 'child' THEN 'grandchild'
                WHEN 'spouse' THEN 'inlaw_child'
                ELSE 'other'
            END
            WHEN t.one = 'inlaw_parent' THEN CASE t.two
                WHEN 'inlaw_parent' THEN 'spouse' WHEN 'spouse' THEN 'child' WHEN 'child' THEN 'grandchild'
                ELSE 'other'
            END
            WHEN t.one = 'sibling' THEN CASE t.two
                WHEN 'sibling' THEN 'sibling' WHEN 'parent' THEN 'parent' WHEN 'grandparent' THEN 'grandparent'
                WHEN 'child' THEN 'nephew' WHEN 'spouse' THEN 'inlaw_sibling'
                ELSE 'other'
            END
            WHEN t.one = 'grandchild' THEN CASE t.two WHEN 'spouse' THEN 'grandparent' ELSE 'other' END
            WHEN t.one = 'grandparent' THEN CASE t.two WHEN 'sibling' THEN 'grandchild' ELSE 'other' END
            WHEN t.one = 'inlaw_child' THEN CASE t.two WHEN 'spouse' THEN 'inlaw_parent' ELSE 'other' END
            ELSE 'other'
        END AS relation,
        t.ev_row_id,
        t.basis
    FROM together AS t
),

-- father, mother and spouse as the household register names them
-- officers and their parents: whose children are an officer's children, the officer himself and his siblings
wanted_parent AS (
    SELECT officer_key.person_key AS parent_key
    FROM officer_key
    UNION
    SELECT own_row.father_key AS parent_key
    FROM own_row
    WHERE own_row.father_key IS NOT NULL
    UNION
    SELECT own_row.mother_key AS parent_key
    FROM own_row
    WHERE own_row.mother_key IS NOT NULL
),

parent_of AS (
    SELECT
        h.person_key,
        h.father_key AS parent_key,
        h.row_id
    FROM register_near AS h
    INNER JOIN wanted_parent ON h.father_key = wanted_parent.parent_key
    WHERE h.id_is_valid AND h.father_is_valid AND h.father_key <> h.person_key
    UNION ALL
    SELECT
        h.person_key,
        h.mother_key AS parent_key,
        h.row_id
    FROM register_near AS h
    INNER JOIN wanted_parent ON h.mother_key = wanted_parent.parent_key
    WHERE h.id_is_valid AND h.mother_is_valid AND h.mother_key <> h.person_key
),

officers_parent AS (
    SELECT
        parent_of.parent_key,
        parent_of.person_key
    FROM parent_of
    INNER JOIN officer_key ON parent_of.person_key = officer_key.person_key
    GROUP BY parent_of.parent_key, parent_of.person_key
),

known AS (
    SELECT
        parent_of.person_key,
        parent_of.parent_key AS relative_key,
        'parent' AS relation,
        'child' AS inverse,
        parent_of.row_id
    FROM parent_of
    LEFT JOIN officer_key AS one ON parent_of.person_key = one.person_key
    LEFT JOIN officer_key AS two ON parent_of.parent_key = two.person_key
    WHERE one.person_key IS NOT NULL OR two.person_key IS NOT NULL
    UNION ALL
    SELECT
        own_row.person_key,
        own_row.spouse_key AS relative_key,
        'spouse' AS relation,
        'spouse' AS inverse,
        own_row.row_id
    FROM own_row
    WHERE own_row.spouse_key IS NOT NULL
    UNION ALL
    SELECT
        h.person_key,
        h.spouse_key AS relative_key,
        'spouse' AS relation,
        'spouse' AS inverse,
        h.row_id
    FROM register_near AS h
    INNER JOIN officer_key ON h.spouse_key = officer_key.person_key
    WHERE h.id_is_valid AND h.spouse_is_valid AND h.spouse_key <> h.person_key
    UNION ALL
    SELECT
        officers_parent.person_key,
        parent_of.person_key AS relative_key,
        'sibling' AS relation,
        'sibling' AS inverse,
        parent_of.row_id
    FROM officers_parent
    INNER JOIN parent_of
        ON officers_parent.parent_key = parent_of.parent_key AND officers_parent.person_key <> parent_of.person_key
),

pairs AS (
    SELECT
        composed.person_key,
        composed.relative_key,
        composed.relation,
        composed.ev_row_id,
        composed.basis
    FROM composed
    UNION ALL
    SELECT
        known.person_key,
        known.relative_key,
        known.relation,
        known.row_id AS ev_row_id,
        'hukou' AS basis
    FROM known
    UNION ALL
    SELECT
        known.relative_key AS person_key,
        known.person_key AS relative_key,
        known.inverse AS relation,
        known.row_id AS ev_row_id,
        'hukou' AS basis
    FROM known
    UNION ALL
    SELECT
        COALESCE(v.person_key, v.head_key) AS person_key,
        CAST(NULL AS BIGINT) AS relative_key,
        CAST(NULL AS VARCHAR) AS relation,
        v.row_id AS ev_row_id,
        'visit' AS basis
    FROM visit_check AS v
    WHERE v.is_cadre_kin AND (v.visit_on IS NULL OR v.visit_on <= $as_of)
        AND CASE WHEN v.person_key IS NOT NULL THEN v.id_is_valid ELSE v.head_is_valid END
)

SELECT
    pairs.person_key,
    pairs.relative_key,
    pairs.relation,
    MIN(pairs.ev_row_id) AS ev_row_id,
    pairs.basis
FROM pairs
GROUP BY pairs.person_key, pairs.relative_key, pairs.relation, pairs.basis
