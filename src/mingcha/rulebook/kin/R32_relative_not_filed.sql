/* ---
id: R32
title: 近亲属应备案未备案
version: 2
status: active
severity: red
clauses: [C09, C40]
law: [民发〔2021〕57号第11条, 夏民办〔2023〕14号四(四), 民法典第1045条]
subject: person
identity: mixed
needs: [officer, kin_filing, dibao_member|dibao_household|tekun_person]
uses: [card_custody, care_agreement, child, disability_cert, disability_subsidy, hukou, low_income_household,
  low_income_member, payment, visit_check]
reads: [kin_link, dibao_insured, dibao_member_of, aid_person, cadre, kin_filing]
params:
  relations: JQ-02
  roles: JQ-04
  wider: {key: JQ-03, optional: true, part: 近亲属扩大范围（姻亲、叔侄等）}
finds: 享受低保或特困供养、与在任经办人员或村（居）干部是近亲属（或有近亲属迹象），而近亲属备案表上没有这一备案，或备案核查为不符合条件仍在册的人员。
summary: "{name}享受{programs}，{kin}，{filing}（关联路径：{path}）。备案不影响符合条件的家庭享受救助。"
false_hits: [已备案而备案表未更新, 户籍上的亲属关系登记有误, 入户核查表误填为干部亲属, 账户电话住址相同而不是亲属]
verify: [向本人和干部核实亲属关系, 查乡镇近亲属备案表, 补报备案并由县级入户核查]
reading: >-
  关系出自同一低保家庭、同一户籍家庭、户籍登记的父母和配偶号码，或入户核查表“是否干部亲属”填是；范围按参数。同一低保家庭中关系写明是姻亲、叔侄的按参数。
  备案表上双方哪一栏在前都算已备案；备案了同一低保家庭任何一人，算这个家庭已对该干部备案；备案表号码有误的看姓名。
  备案表上写明不符合条件而仍在册的报。账户、电话、门牌住址与干部相同的只是迹象，把握较低（列为橙色），只看户主和特困人员；
  几名干部共用的电话、三人以上留的电话、已登记代管或监护照料人的账户、没有门牌号的住址不算；户籍等已写明是其他亲属的不再看迹象。
  入户核查表只说是干部亲属而没有说是谁的，备案表上有这个家庭任何一人即算已备案。比对日前已离任的干部、未保障的家庭成员、干部本人不列。
--- */
WITH insured AS (
    SELECT
        db.person_key,
        db.name,
        db.household_key,
        db.row_id,
        '低保' AS program
    FROM dibao_insured AS db
    WHERE db.is_active AND db.id_is_valid
    UNION ALL
    SELECT
        tk.person_key,
        tk.name,
        CAST(NULL AS BIGINT) AS household_key,
        tk.row_id,
        '特困供养' AS program
    FROM aid_person AS tk
    WHERE tk.program = 'TK' AND tk.is_active AND tk.id_is_valid
),

-- officers in post who are near relatives of somebody insured
related AS (
    SELECT
        insured.person_key,
        pair.ev_row_id,
        cadre.row_id AS cadre_row,
        cadre.person_key AS officer_key,
        cadre.name AS officer_name,
        pair.strength,
        CONCAT(
            COALESCE(insured.name, '本人'), '—', COALESCE(pair.step, ''), '—', COALESCE(cadre.name, ''), '，',
            COALESCE(cadre.village, cadre.unit, cadre.township, ''),
            COALESCE(cadre.post, '经办人员或村（居）干部')
        ) AS path,
        CONCAT(
            CASE WHEN pair.basis IN ('account', 'phone', 'address') THEN CONCAT(pair.step, '，可能与其有近亲属关系的') ELSE '登记资料显示其' END,
            CASE COALESCE(pair.relation, pair.basis)
                WHEN 'spouse' THEN '配偶'
                WHEN 'parent' THEN '父母'
                WHEN 'child' THEN '子女'
                WHEN 'sibling' THEN '兄弟姐妹'
                WHEN 'grandparent' THEN '祖父母'
                WHEN 'grandchild' THEN '孙子女'
                WHEN 'account' THEN '干部'
                WHEN 'phone' THEN '干部'
                WHEN 'address' THEN '干部'
                ELSE '亲属'
            END,
            COALESCE(cadre.name, ''),
            '任',
            COALESCE(cadre.village, cadre.unit, cadre.township, ''),
            COALESCE(cadre.post, '经办人员或村（居）干部')
        ) AS kin
    FROM insured
    INNER JOIN kin_link AS pair ON insured.person_key = pair.person_key
    INNER JOIN cadre ON pair.relative_key = cadre.person_key
    WHERE
        cadre.is_in_post
        AND cadre.id_is_valid
        AND cadre.person_key <> insured.person_key
        AND (cadre.officer_kind IS NULL OR LIST_CONTAINS($roles, cadre.officer_kind))
        AND (
            LIST_CONTAINS($relations, pair.relation)
            OR COALESCE(LIST_CONTAINS($wider, pair.relation), FALSE)
            -- one dibao household is enough where the relation is not written, or is one of two things
            OR (pair.basis = 'dibao' AND COALESCE(pair.relation, 'other') = 'other')
            OR pair.basis IN ('account', 'phone', 'address')
        )
),

-- the visit form says 是干部亲属 and not whose: of the person, or of the head of his household
told AS (
    SELECT
        insured.person_key,
        pair.ev_row_id
    FROM insured
    INNER JOIN kin_link AS pair ON insured.person_key = pair.person_key
    WHERE pair.relative_key IS NULL
    UNION ALL
    SELECT
        insured.person_key,
        pair.ev_row_id
    FROM insured
    INNER JOIN kin_link AS pair ON insured.household_key = pair.person_key
    LEFT JOIN insured AS head ON pair.person_key = head.person_key
    WHERE pair.relative_key IS NULL AND head.person_key IS NULL
),

-- filings are asked about these alone: nearly nobody has a relative in post
asked AS (
    SELECT related.person_key
    FROM related
    UNION
    SELECT told.person_key
    FROM told
),

-- a filing counts for the household: everybody whose name on it would do. A number on the filing decides; only where it is
-- damaged does the name
fellow AS (
    SELECT
        insured.person_key,
        insured.person_key AS fellow_key,
        insured.name AS fellow_name
    FROM insured
    INNER JOIN asked ON insured.person_key = asked.person_key
    UNION
    SELECT
        insured.person_key,
        member.person_key AS fellow_key,
        member.name AS fellow_name
    FROM insured
    INNER JOIN asked ON insured.person_key = asked.person_key
    INNER JOIN dibao_member_of AS member ON insured.household_key = member.household_key
    WHERE member.is_current
),

fellow_tag AS (
    SELECT
        fellow.person_key,
        CONCAT('k', fellow.fellow_key) AS tag
    FROM fellow
    UNION
    SELECT
        fellow.person_key,
        CONCAT('n', fellow.fellow_name) AS tag
    FROM fellow
    WHERE fellow.fellow_name IS NOT NULL
),

officer_tag AS (
    SELECT
        related.officer_key,
        CONCAT('k', related.officer_key) AS tag
    FROM related
    UNION
    SELECT
        related.officer_key,
        CONCAT('n', related.officer_name) AS tag
    FROM related
    WHERE related.officer_name IS NOT NULL
),

written AS (
    SELECT
        COALESCE(filing.eligible, TRUE) AS is_eligible,
        CASE
            WHEN filing.officer_is_valid THEN CONCAT('k', filing.officer_key) ELSE CONCAT('n', filing.officer_name)
        END AS one,
        CASE
            WHEN filing.relative_is_valid THEN CONCAT('k', filing.relative_key) ELSE CONCAT('n', filing.relative_name)
        END AS other
    FROM kin_filing AS filing
),

-- 关系 is filled in from either side, and so are the two persons
filed AS (
    SELECT
        written.one,
        written.other,
        written.is_eligible
    FROM written
    UNION
    SELECT
        written.other AS one,
        written.one AS other,
        written.is_eligible
    FROM written
),

paired AS (
    SELECT
        fellow_tag.person_key,
        officer_tag.officer_key,
        BOOL_OR(filed.is_eligible) AS is_eligible
    FROM filed
    INNER JOIN officer_tag ON filed.one = officer_tag.tag
    INNER JOIN fellow_tag ON filed.other = fellow_tag.tag
    GROUP BY fellow_tag.person_key, officer_tag.officer_key
),

named AS (
    SELECT
        fellow_tag.person_key,
        BOOL_OR(filed.is_eligible) AS is_eligible
    FROM filed
    INNER JOIN fellow_tag ON filed.other = fellow_tag.tag
    GROUP BY fellow_tag.person_key
),

missing AS (
    SELECT
        related.person_key,
        related.ev_row_id,
        related.cadre_row,
        related.kin,
        related.path,
        related.strength,
        paired.person_key IS NOT NULL AS is_refused
    FROM related
    LEFT JOIN paired ON related.person_key = paired.person_key AND related.officer_key = paired.officer_key
    WHERE NOT COALESCE(paired.is_eligible, FALSE)
    UNION ALL
    SELECT
        told.person_key,
        told.ev_row_id,
        CAST(NULL AS BIGINT) AS cadre_row,
        '入户核查表写明是干部亲属' AS kin,
        '入户核查表写明是干部亲属' AS path,
        CAST(1 AS DOUBLE) AS strength,
        named.person_key IS NOT NULL AS is_refused
    FROM told
    LEFT JOIN named ON told.person_key = named.person_key
    WHERE NOT COALESCE(named.is_eligible, FALSE)
)

SELECT
    insured.person_key,
    ARRAY_AGG(DISTINCT insured.row_id) AS ev_roll,
    ARRAY_AGG(DISTINCT missing.ev_row_id) AS ev_kin,
    ARRAY_AGG(DISTINCT missing.cadre_row) FILTER (WHERE missing.cadre_row IS NOT NULL) AS ev_cadre,
    ARRAY_SORT(ARRAY_AGG(DISTINCT insured.program)) AS fact_programs,
    ARRAY_SORT(ARRAY_AGG(DISTINCT missing.kin)) AS fact_kin,
    CASE
        WHEN BOOL_AND(missing.is_refused) THEN '备案表上核查为不符合条件而仍在册，请核实是否应当退出'
        ELSE '近亲属备案表上没有查到，应备案未备案，请补报备案并入户核查'
    END AS fact_filing,
    ARRAY_SORT(ARRAY_AGG(DISTINCT missing.path)) AS fact_path,
    MAX(missing.strength) AS confidence
FROM missing
INNER JOIN insured ON missing.person_key = insured.person_key
GROUP BY insured.person_key
