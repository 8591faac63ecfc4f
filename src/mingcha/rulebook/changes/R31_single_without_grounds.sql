/* ---
id: R31
title: 单人保类别不符
version: 1
status: trial
severity: orange
clauses: [C17]
law: [民发〔2021〕57号第8条, 民发〔2022〕83号一(一), 夏民办〔2023〕14号三(三)]
subject: person
identity: exact
needs: [dibao_member]
uses: [child, death_cancel, dibao_household, disability_cert, disability_subsidy, funeral, low_income_household,
  low_income_member, officer, severe_illness, tekun_person]
reads: [dibao_unit, dibao_member_of, aid_person, death, cert_state, dibao_household, dibao_member, severe_illness]
params:
  home_county: home_county
  grades: DB-03
  own_cost: {key: DS-06, optional: true, part: 重病（12个月内个人负担的医疗费用）}
finds: 家里还有别人、只有一人享受低保，而名册、残疾人证和重病名单上都看不出单人保理由（重度残疾{grades}、重病、宗教教职人员）的人员。
summary: "{name}家{size}口人，只有{name}一人享受低保，没有查到重度残疾、重病等单人保的理由。请核实是否符合单人保条件，或者应当全家核算。"
false_hits: [残疾人证刚办而名单未更新, 重病材料在档案里而名册没有写, 家里别人已分户或已迁出而名册未更新]
verify: [查单人保审批材料, 查残疾人证或病历, 入户核实共同生活的家庭成员和收入]
reading: >-
  家里别人指名册上列名而不享受的成员；一个也没有列的看家庭人口。已死亡的、在特困或儿童名册上的不算家里别人。
  残疾等级看名册和持证名单，不论证件现在是否有效；病种一栏写了病、健康状况写有大病、备注或类别写明单人保、重病、重残、宗教的都算理由。
  重病费用没有设置标准的，列入重病名单即算。只有家庭名册、看不出谁享受的不推断。
--- */
WITH other AS (
    SELECT
        member.household_key,
        COUNT(*) AS listed,
        COUNT(CASE WHEN death.person_key IS NULL AND elsewhere.person_key IS NULL THEN member.row_id END) AS living
    FROM dibao_member_of AS member
    LEFT JOIN (
        SELECT d.person_key
        FROM death AS d
        WHERE d.id_is_valid AND d.death_date <= $as_of
        GROUP BY d.person_key
    ) AS death ON member.person_key = death.person_key
    LEFT JOIN (
        SELECT aid.person_key
        FROM aid_person AS aid
        WHERE aid.program IN ('TK', 'ET') AND aid.is_active
        GROUP BY aid.person_key
    ) AS elsewhere ON member.person_key = elsewhere.person_key
    WHERE member.is_active AND member.is_current AND NOT member.is_insured
    GROUP BY member.household_key
),

candidate AS (
    SELECT
        aid.person_key,
        aid.name,
        aid.township,
        aid.village,
        aid.household_key,
        aid.row_id,
        unit.row_id AS unit_row,
        CASE WHEN other.household_key IS NULL THEN house.family_size ELSE other.living + 1 END AS size,
        aid.disability_type,
        aid.disability_level,
        aid.cert_type,
        aid.cert_level,
        CONCAT_WS('，', house.remark, house.category_text, house.reason_text) AS words
    FROM dibao_unit AS unit
    LEFT JOIN other ON unit.household_key = other.household_key
    LEFT JOIN dibao_household AS house ON unit.row_id = house.row_id
    INNER JOIN aid_person AS aid ON unit.household_key = aid.household_key
    WHERE
        unit.is_active
        AND unit.insured_count = 1
        AND aid.program = 'DB'
        AND aid.is_active
        AND aid.dataset = 'dibao_member'
        AND aid.id_is_valid
        AND CASE WHEN other.household_key IS NULL THEN COALESCE(house.family_size, 1) ELSE other.living + 1 END > 1
),

stay AS (
    SELECT
        illness.person_key,
        MAX(
            COALESCE(
                illness.self_paid,
                CASE
                    WHEN
                        illness.pool_paid IS NOT NULL OR illness.serious_paid IS NOT NULL OR illness.aid_paid IS NOT NULL
                        THEN
                            illness.total_cost - COALESCE(illness.pool_paid, 0) - COALESCE(illness.serious_paid, 0)
                            - COALESCE(illness.aid_paid, 0)
                END
            )
        ) AS own_cost
    FROM candidate
    INNER JOIN severe_illness AS illness ON candidate.person_key = illness.person_key
    WHERE
        illness.id_is_valid
        AND (
            illness.county_name IS NULL
            OR STARTS_WITH(illness.county_name, $home_county)
            OR STARTS_WITH($home_county, illness.county_name)
        )
        AND COALESCE(
            COALESCE(illness.settled_on, illness.discharged_on, illness.admitted_on) > ADD_MONTHS($as_of, -12) -- literal: DS-06 counts twelve months
            AND COALESCE(illness.settled_on, illness.discharged_on, illness.admitted_on) <= $as_of,
            TRUE
        )
    -- the same stay stands on several lists
    GROUP BY
        illness.person_key,
        illness.hospital,
        illness.admitted_on,
        illness.discharged_on,
        illness.settled_on,
        illness.total_cost
),

grounds AS (
    SELECT candidate.person_key
    FROM candidate
    WHERE
        LIST_CONTAINS($grades, CONCAT('*-', candidate.disability_level))
        OR LIST_CONTAINS($grades, CONCAT(COALESCE(candidate.disability_type, '?'), '-', candidate.disability_level))
        OR LIST_CONTAINS($grades, CONCAT('*-', candidate.cert_level))
        OR LIST_CONTAINS($grades, CONCAT(COALESCE(candidate.cert_type, '?'), '-', candidate.cert_level))
        OR REGEXP_MATCHES(candidate.words, '单人|重病|大病|重残|重度残疾|宗教|教职')
    UNION
    SELECT candidate.person_key
    FROM candidate
    INNER JOIN dibao_member AS member ON candidate.row_id = member.row_id
    WHERE
        COALESCE(TRIM(member.disease) NOT IN ('', '无', '-', '/', '否', '健康', '良好', '无病'), FALSE)
        OR COALESCE(member.health = '4', FALSE)
        OR REGEXP_MATCHES(CONCAT_WS('，', member.remark, member.employment_text), '单人|重病|大病|重残|重度残疾|宗教|教职')
    UNION
    SELECT candidate.person_key
    FROM candidate
    INNER JOIN cert_state AS cert ON candidate.person_key = cert.person_key AND NAMES_AGREE(candidate.name, cert.name)
    WHERE
        cert.id_is_valid
        AND (
            LIST_CONTAINS($grades, CONCAT('*-', cert.disability_level))
            OR LIST_CONTAINS($grades, CONCAT(COALESCE(cert.disability_type, '?'), '-', cert.disability_level))
        )
    UNION
    SELECT stay.person_key
    FROM stay
    GROUP BY stay.person_key
    HAVING COALESCE(SUM(stay.own_cost) > $own_cost, TRUE)
)

SELECT
    candidate.person_key,
    candidate.name,
    candidate.township,
    candidate.village,
    candidate.household_key,
    candidate.row_id AS ev_member,
    candidate.unit_row AS ev_household,
    candidate.size AS fact_size
FROM candidate
LEFT JOIN grounds ON candidate.person_key = grounds.person_key
WHERE grounds.person_key IS NULL
