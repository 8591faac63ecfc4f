/* ---
id: R07
title: 一人多户
version: 1
status: active
severity: red
clauses: [C38]
law: [夏民办〔2023〕14号四(三), 民发〔2021〕57号第7条]
subject: person
identity: exact
needs: [dibao_member|dibao_household]
uses: [child, disability_cert, disability_subsidy, low_income_household, low_income_member, officer, tekun_person]
reads: [dibao_insured, dibao_unit]
finds: 同一人在两个以上低保家庭（户主身份证号不同）同时列为保障对象。
summary: "{name}{as_of}同时在{households}个低保家庭列为保障对象（户主：{heads}），请核实后保留一户。"
false_hits: [户主变更后新旧两户并存, 家庭分户尚未更新名册, 户主身份证号录错]
verify: [核对两户审批表的共同生活家庭成员, 入户核实实际共同生活情况, 核对各户发放金额]
reading: 同一户在名册上列两次不算；两户户主的身份证号都有效才作比对；只在其中一户列为保障对象的不算。
--- */
WITH insured AS (
    SELECT
        db.person_key,
        db.name,
        db.household_key,
        db.row_id,
        unit.row_id AS unit_row_id,
        unit.head_name
    FROM dibao_insured AS db
    INNER JOIN dibao_unit AS unit ON db.household_key = unit.household_key AND unit.is_current
    WHERE db.is_active AND db.id_is_valid AND unit.head_is_valid
),

paired AS (
    SELECT
        one.person_key,
        one.household_key,
        one.row_id,
        one.unit_row_id,
        one.head_name
    FROM insured AS one
    INNER JOIN insured AS two
        ON
            one.person_key = two.person_key
            AND one.household_key <> two.household_key
            AND NAMES_AGREE(one.name, two.name)
)

SELECT
    paired.person_key,
    ARRAY_AGG(DISTINCT paired.row_id) AS ev_member,
    ARRAY_AGG(DISTINCT paired.unit_row_id) AS ev_household,
    COUNT(DISTINCT paired.household_key) AS fact_households,
    LIST_SORT(ARRAY_AGG(DISTINCT COALESCE(paired.head_name, '姓名未写'))) AS fact_heads
FROM paired
GROUP BY paired.person_key
