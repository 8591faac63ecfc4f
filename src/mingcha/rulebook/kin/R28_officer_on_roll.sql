/* ---
id: R28
title: 财政供养人员、村干部本人在保
version: 1
status: active
severity: orange
clauses: [C09, C36]
law: [民发〔2021〕57号第13条, 民发〔2021〕57号第28条, 民发〔2022〕83号一(一)]
subject: person
identity: exact
needs: [officer|fiscal_staff, dibao_member|dibao_household|tekun_person]
uses: [child, disability_cert, disability_subsidy, low_income_household, low_income_member]
reads: [dibao_insured, aid_person, cadre, fiscal_staff]
finds: 本人在保（低保或特困），同时是在任的村（居）干部、经办人员，或在财政供养名册上的人员。
summary: "{name}正在享受{programs}，同时在{posts}。领取财政工资或补贴的，请核对这项收入是否已计入家庭收入；身份本身不等于不符合条件。"
false_hits: [岗位补贴已计入收入且仍符合条件, 已离任或退休而名册未更新, 公益性岗位人员收入已计入]
verify: [查任职和工资补贴发放记录, 重新计算家庭人均收入, 更新名册]
reading: >-
  离任日期早于比对日的不算在任。财政供养名册上注明退休、离职、终止等的不算；同一单位交了几个月的，只看不晚于比对日的最新一个月。
  家庭成员中未保障的干部不算本人在保。特困人员与低保对象同样对待。
--- */
WITH insured AS (
    SELECT
        db.person_key,
        db.name,
        db.row_id,
        '低保' AS program
    FROM dibao_insured AS db
    WHERE db.is_active AND db.id_is_valid
    UNION ALL
    SELECT
        tk.person_key,
        tk.name,
        tk.row_id,
        '特困供养' AS program
    FROM aid_person AS tk
    WHERE tk.program = 'TK' AND tk.is_active AND tk.id_is_valid
),

pay_row AS (
    SELECT
        staff.row_id,
        staff.person_key,
        staff.name,
        staff.unit,
        COALESCE(staff.period, staff.roll_month) AS month,
        -- retired, left, dead: the row itself says the pay ended; 是否退休 arrives in the same column as 是 and 否
        COALESCE(staff.identity = 'retired', FALSE)
        OR COALESCE(REGEXP_MATCHES(
            staff.status,
            '退休|离休|退职|内退|离职|辞职|辞退|开除|解聘|解除|终止|停薪|停发|停职|调出|调离|离任|死亡|去世|已故|注销|不在职|非在职|不在岗|离岗|^(是|√|有)$'
        ), FALSE)
        OR (COALESCE(staff.identity_text LIKE '%退休%', FALSE) AND NOT COALESCE(staff.status LIKE '%在职%', FALSE))
            AS is_ended
    FROM fiscal_staff AS staff
    WHERE staff.id_is_valid
),

newest AS (
    SELECT
        pay_row.unit,
        MAX(pay_row.month) AS month
    FROM pay_row
    WHERE pay_row.month <= $as_of_month
    GROUP BY pay_row.unit
),

paid AS (
    SELECT
        pay_row.row_id,
        pay_row.person_key,
        pay_row.name,
        pay_row.unit
    FROM pay_row
    LEFT JOIN newest ON COALESCE(pay_row.unit, '') = COALESCE(newest.unit, '')
    WHERE NOT pay_row.is_ended AND (pay_row.month IS NULL OR pay_row.month = newest.month)
),

public_post AS (
    SELECT
        cadre.person_key,
        cadre.name,
        cadre.row_id AS cadre_row,
        CAST(NULL AS BIGINT) AS staff_row,
        CONCAT(COALESCE(cadre.village, cadre.unit, cadre.township, ''), '任', COALESCE(cadre.post, '村（居）干部或经办人员')) AS post
    FROM cadre
    WHERE cadre.is_in_post AND cadre.id_is_valid
    UNION ALL
    SELECT
        paid.person_key,
        paid.name,
        CAST(NULL AS BIGINT) AS cadre_row,
        paid.row_id AS staff_row,
        CONCAT('财政供养名册（', COALESCE(paid.unit, '单位未写'), '）上') AS post
    FROM paid
)

SELECT
    insured.person_key,
    ARRAY_AGG(DISTINCT insured.row_id) AS ev_roll,
    ARRAY_AGG(DISTINCT public_post.cadre_row) FILTER (WHERE public_post.cadre_row IS NOT NULL) AS ev_cadre,
    ARRAY_AGG(DISTINCT public_post.staff_row) FILTER (WHERE public_post.staff_row IS NOT NULL) AS ev_staff,
    ARRAY_SORT(ARRAY_AGG(DISTINCT insured.program)) AS fact_programs,
    ARRAY_SORT(ARRAY_AGG(DISTINCT public_post.post)) AS fact_posts
FROM insured
INNER JOIN public_post
    ON insured.person_key = public_post.person_key AND NAMES_AGREE(insured.name, public_post.name)
GROUP BY insured.person_key
