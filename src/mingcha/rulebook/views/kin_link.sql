/* ---
id: kin_link
title: 干部与救助对象的关联
version: 2
reads: [kin_pair, cadre, officer, register_near, aid_person, dibao_unit, dibao_household, dibao_member, tekun_person, custody_row]
columns:
  person_key: whoever may draw aid
  relative_key: the officer; NULL where a visit form says 是干部亲属 without saying whose
  relation: what the officer is to the person, a code of kin_relation; NULL where it is not written, or the tie is no register's
  basis: dibao, hukou, visit as in kin_pair; account, phone, address
  ev_row_id: the row that says so; of an account, phone or address the row of the roll
  step: the tie in Chinese, as a path names it; it holds no number
  strength: 1 for what a register or form says, less for what two lists merely share
--- */
-- How persons in aid hang together with officers in post (干部与救助对象的关联): the relatives on file, and beside them what may be a
-- sign of kinship: the officer's account on the roll, one phone, one house. Of a household the head is asked about.
-- Left out: a phone that several officers give or that more than three persons give (the village office's); an account whose
-- owner is on the custody register or on the roll as the person's guardian or carer; an address without a house number; and
-- whoever is known to be related, in whatever way: then the register decides and not the sign.
WITH seat AS (
    SELECT
        cadre.person_key,
        cadre.village,
        o.account_key,
        o.phone_key,
        REPLACE(COALESCE(o.address, h.hukou_address), ' ', '') AS address
    FROM cadre
    INNER JOIN officer AS o ON cadre.row_id = o.row_id
    LEFT JOIN register_near AS h ON cadre.person_key = h.person_key AND h.id_is_valid
    WHERE cadre.is_in_post AND cadre.id_is_valid
),

seat_phone AS (
    SELECT
        seat.phone_key,
        MIN(seat.person_key) AS person_key
    FROM seat
    WHERE seat.phone_key IS NOT NULL
    GROUP BY seat.phone_key
    HAVING COUNT(DISTINCT seat.person_key) = 1
),

person_in_aid AS (
    SELECT
        aid.person_key,
        aid.row_id,
        aid.village,
        COALESCE(aid.account_key, aid.one_card_key) AS account_key,
        aid.guardian_key,
        aid.carer_key
    FROM aid_person AS aid
    WHERE
        aid.program IN ('DB', 'TK')
        AND aid.is_active
        AND aid.id_is_valid
        AND (aid.program = 'TK' OR aid.person_key = aid.household_key)
),

contact AS (
    SELECT
        unit.household_key AS person_key,
        h.row_id,
        unit.village,
        h.phone_key,
        REPLACE(h.address, ' ', '') AS address,
        REPLACE(h.hukou_address, ' ', '') AS hukou_address
    FROM dibao_household AS h
    INNER JOIN dibao_unit AS unit ON h.row_id = unit.row_id
    WHERE unit.is_active AND unit.head_is_valid
    UNION ALL
    SELECT
        m.person_key,
        m.row_id,
        one.village,
        m.phone_key,
        REPLACE(m.address, ' ', '') AS address,
        REPLACE(m.hukou_address, ' ', '') AS hukou_address
    FROM dibao_member AS m
    INNER JOIN person_in_aid AS one ON m.row_id = one.row_id
    UNION ALL
    SELECT
        t.person_key,
        t.row_id,
        one.village,
        t.phone_key,
        REPLACE(t.address, ' ', '') AS address,
        REPLACE(t.hukou_address, ' ', '') AS hukou_address
    FROM tekun_person AS t
    INNER JOIN person_in_aid AS one ON t.row_id = one.row_id
),

phoned AS (
    SELECT
        contact.phone_key,
        contact.person_key,
        MIN(contact.row_id) AS row_id,
        MIN(seat_phone.person_key) AS officer_key
    FROM contact
    INNER JOIN seat_phone ON contact.phone_key = seat_phone.phone_key
    GROUP BY contact.phone_key, contact.person_key
),

habit AS (
    SELECT phoned.phone_key
    FROM phoned
    GROUP BY phoned.phone_key
    HAVING COUNT(*) > 3  -- literal: as many give the phone of the village office or of a neighbour
),

-- who lives where, of addresses with a house number
lived AS (
    SELECT
        'officer' AS side,
        seat.person_key,
        CAST(NULL AS BIGINT) AS row_id,
        seat.village,
        seat.address
    FROM seat
    UNION ALL
    SELECT
        'aid' AS side,
        contact.person_key,
        contact.row_id,
        contact.village,
        contact.address
    FROM contact
    UNION ALL
    SELECT
        'aid' AS side,
        contact.person_key,
        contact.row_id,
        contact.village,
        contact.hukou_address AS address
    FROM contact
),

-- an address may leave out what the village's name ends with: 刘寨12号 in 刘寨村
bare AS (
    SELECT
        lived.side,
        lived.person_key,
        lived.row_id,
        lived.village,
        REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(lived.village, '民委员会', ''), '委会', ''), '社区', ''), '居', ''), '村', '') AS name,
        REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(lived.address, '民委员会', ''), '委会', ''), '社区', ''), '居', ''), '村', '') AS address
    FROM lived
    WHERE REGEXP_MATCHES(lived.address, '[0-9]号')
),

door AS (
    SELECT
        bare.side,
        bare.person_key,
        bare.row_id,
        bare.village,
        SUBSTR(bare.address, GREATEST(STRPOS(bare.address, bare.name), 1)) AS door
    FROM bare
),

sign AS (
    SELECT
        one.person_key,
        seat.person_key AS relative_key,
        'account' AS basis,
        one.row_id AS ev_row_id
    FROM person_in_aid AS one
    INNER JOIN seat ON one.account_key = seat.account_key
    LEFT JOIN custody_row AS custody
        ON one.person_key = custody.person_key AND seat.person_key = custody.holder_key AND NOT COALESCE(custody.is_returned, FALSE)
    WHERE
        custody.row_id IS NULL
        AND COALESCE(one.guardian_key, 0) <> seat.person_key
        AND COALESCE(one.carer_key, 0) <> seat.person_key
    UNION ALL
    SELECT
        phoned.person_key,
        phoned.officer_key AS relative_key,
        'phone' AS basis,
        phoned.row_id AS ev_row_id
    FROM phoned
    LEFT JOIN habit ON phoned.phone_key = habit.phone_key
    WHERE habit.phone_key IS NULL
    UNION ALL
    SELECT
        home.person_key,
        seat.person_key AS relative_key,
        'address' AS basis,
        home.row_id AS ev_row_id
    FROM door AS home
    INNER JOIN door AS seat ON home.village = seat.village AND home.door = seat.door
    WHERE home.side = 'aid' AND seat.side = 'officer'
),

related AS (
    SELECT
        kin_pair.person_key,
        kin_pair.relative_key
    FROM kin_pair
    WHERE kin_pair.relative_key IS NOT NULL
    GROUP BY kin_pair.person_key, kin_pair.relative_key
)

SELECT
    pair.person_key,
    pair.relative_key,
    pair.relation,
    pair.basis,
    pair.ev_row_id,
    CASE
        WHEN pair.basis = 'visit' THEN '入户核查表写明是干部亲属'
        ELSE CONCAT(
            CASE pair.basis WHEN 'dibao' THEN '同一低保家庭' ELSE '户籍登记' END,
            CASE pair.relation
                WHEN 'spouse' THEN '的配偶'
                WHEN 'parent' THEN '的父母'
                WHEN 'child' THEN '的子女'
                WHEN 'sibling' THEN '的兄弟姐妹'
                WHEN 'grandparent' THEN '的祖父母'
                WHEN 'grandchild' THEN '的孙子女'
                ELSE '的亲属'
            END
        )
    END AS step,
    CAST(1 AS DOUBLE) AS strength
FROM kin_pair AS pair
UNION ALL
SELECT
    sign.person_key,
    sign.relative_key,
    CAST(NULL AS VARCHAR) AS relation,
    sign.basis,
    MIN(sign.ev_row_id) AS ev_row_id,
    CASE sign.basis WHEN 'account' THEN '发放账户相同' WHEN 'phone' THEN '联系电话相同' ELSE '住址门牌相同' END AS step,
    CASE WHEN sign.basis = 'address' THEN CAST(0.6 AS DOUBLE) ELSE CAST(0.8 AS DOUBLE) END AS strength  -- literal: how far a sign tells
FROM sign
LEFT JOIN related ON sign.person_key = related.person_key AND sign.relative_key = related.relative_key
WHERE related.person_key IS NULL AND sign.person_key <> sign.relative_key
GROUP BY sign.person_key, sign.relative_key, sign.basis
