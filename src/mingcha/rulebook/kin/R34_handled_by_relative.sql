/* ---
id: R34
title: 经办未回避
version: 1
status: trial
severity: orange
clauses: [C09, C40]
law: [夏民办〔2023〕14号三(一), 夏民办〔2023〕14号四(四), 民法典第1045条]
subject: person
identity: mixed
needs: [application, officer]
uses: [child, dibao_household, dibao_member, disability_cert, disability_subsidy, hukou, kin_filing,
  low_income_household, low_income_member, payment, tekun_person, visit_check]
reads: [application_row, cadre, kin_pair, kin_filing, dibao_member_of]
params:
  must_avoid: JQ-06
  relations: JQ-02
  wider: {key: JQ-03, optional: true, part: 近亲属扩大范围（姻亲、叔侄等）}
finds: 经办人、调查人或者审批人是申请人或其家庭成员近亲属的救助申请。
summary: "{name}的{program}申请，{ties}。请核实是否应当回避，必要时换人重新调查。"
false_hits: [同乡镇同名的另一人, 户籍上的亲属关系登记有误, 已回避而台账仍登记原经办人]
verify: [核对经办人员身份和亲属关系, 看调查表签字, 换人重新调查]
reading: >-
  地方规定经办人员应当回避近亲属申请的（参数）才比。台账上经办人有号码的按号码，经办人没有号码的、调查人、审批人按姓名，须是同一乡镇或者县级的干部名册人员；申请以前已离任的不算。
  关系出自同一低保家庭、户籍、入户核查或近亲属备案，范围按参数；备案表上双方哪一栏在前都算，没有写关系的按近亲属，写的关系认不出的不算。申请人或现在的家庭成员任何一人是其近亲属都算。
--- */
WITH kin AS (
    SELECT
        pair.person_key,
        pair.relative_key AS officer_key,
        pair.ev_row_id AS kin_row,
        CASE pair.relation
            WHEN 'spouse' THEN '配偶'
            WHEN 'parent' THEN '父母'
            WHEN 'child' THEN '子女'
            WHEN 'sibling' THEN '兄弟姐妹'
            WHEN 'grandparent' THEN '祖父母'
            WHEN 'grandchild' THEN '孙子女'
            ELSE '亲属'
        END AS word
    FROM kin_pair AS pair
    WHERE
        pair.relative_key IS NOT NULL
        AND (
            LIST_CONTAINS($relations, pair.relation)
            OR COALESCE(LIST_CONTAINS($wider, pair.relation), FALSE)
            -- one dibao household is enough where the relation is not written, or is one of two things
            OR (pair.basis = 'dibao' AND COALESCE(pair.relation, 'other') = 'other')
        )
    UNION ALL
    SELECT
        filing.relative_key AS person_key,
        filing.officer_key,
        filing.row_id AS kin_row,
        '已备案的近亲属' AS word
    FROM kin_filing AS filing
    WHERE
        filing.relative_is_valid
        AND filing.officer_is_valid
        AND (
            (filing.kin IS NULL AND COALESCE(filing.kin_text, '') = '')
            OR LIST_CONTAINS($relations, filing.kin)
            OR COALESCE(LIST_CONTAINS($wider, filing.kin), FALSE)
        )
    UNION ALL
    SELECT
        filing.officer_key AS person_key,
        filing.relative_key AS officer_key,
        filing.row_id AS kin_row,
        '已备案的近亲属' AS word
    FROM kin_filing AS filing
    WHERE
        filing.relative_is_valid
        AND filing.officer_is_valid
        AND (
            (filing.kin IS NULL AND COALESCE(filing.kin_text, '') = '')
            OR LIST_CONTAINS($relations, filing.kin)
            OR COALESCE(LIST_CONTAINS($wider, filing.kin), FALSE)
        )
),

-- a relative of anybody of the household will do
kin_of_house AS (
    SELECT
        kin.person_key AS house_key,
        kin.officer_key,
        kin.kin_row,
        CONCAT('申请人的', kin.word) AS word
    FROM kin
    UNION
    SELECT
        member.household_key AS house_key,
        kin.officer_key,
        kin.kin_row,
        CONCAT('家庭成员的', kin.word) AS word
    FROM kin
    INNER JOIN dibao_member_of AS member ON kin.person_key = member.person_key
    WHERE member.is_current AND member.id_is_valid AND member.person_key <> member.household_key
),

near AS (
    SELECT
        a.row_id,
        a.person_key,
        a.name,
        a.township,
        a.village,
        a.program_name,
        cadre.row_id AS cadre_row,
        kin_of_house.kin_row,
        kin_of_house.word,
        cadre.name AS officer_name,
        a.handler_is_valid AND a.handler_key = cadre.person_key AS is_handler_by_number,
        NOT a.handler_is_valid AND a.handler = cadre.name AS is_handler_by_name,
        CONTAINS(
            CONCAT(
                '、',
                REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(a.investigators,
                    ' ', '、'), '　', '、'), ',', '、'), '，', '、'), ';', '、'), '；', '、'), '/', '、'),
                '、'
            ),
            CONCAT('、', cadre.name, '、')
        ) AS is_investigator,
        a.approver = cadre.name AS is_approver,
        COALESCE(a.township = cadre.township, FALSE) OR COALESCE(cadre.officer_kind = 'county', FALSE) AS is_of_place
    FROM application_row AS a
    INNER JOIN kin_of_house ON a.person_key = kin_of_house.house_key
    INNER JOIN cadre ON kin_of_house.officer_key = cadre.person_key
    WHERE
        $must_avoid
        AND a.id_is_valid
        AND cadre.id_is_valid
        AND COALESCE(cadre.until >= COALESCE(a.apply_on, a.accepted_on, a.decided_on), TRUE)
),

tied AS (
    SELECT
        near.row_id,
        near.person_key,
        near.name,
        near.township,
        near.village,
        near.program_name,
        near.cadre_row,
        near.kin_row,
        CONCAT(
            CONCAT_WS(
                '、',
                CASE WHEN near.is_handler_by_number OR (near.is_handler_by_name AND near.is_of_place) THEN '经办人' END,
                CASE WHEN near.is_investigator AND near.is_of_place THEN '调查人' END,
                CASE WHEN near.is_approver AND near.is_of_place THEN '审批人' END
            ),
            near.officer_name,
            '是',
            near.word
        ) AS tie
    FROM near
    WHERE
        near.is_handler_by_number
        OR (near.is_of_place AND (near.is_handler_by_name OR near.is_investigator OR near.is_approver))
)

SELECT
    tied.person_key,
    tied.name,
    tied.township,
    tied.village,
    tied.row_id AS ev_application,
    ARRAY_AGG(DISTINCT tied.kin_row) AS ev_kin,
    ARRAY_AGG(DISTINCT tied.cadre_row) AS ev_cadre,
    tied.program_name AS fact_program,
    ARRAY_SORT(ARRAY_AGG(DISTINCT tied.tie)) AS fact_ties
FROM tied
GROUP BY tied.row_id, tied.person_key, tied.name, tied.township, tied.village, tied.program_name
