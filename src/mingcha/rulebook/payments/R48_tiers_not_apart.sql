/* ---
id: R48
title: 分档未拉开
version: 1
status: active
severity: yellow
clauses: [C18]
law: [夏民办〔2023〕14号三(三), 民发〔2021〕57号第23条]
subject: township
identity: none
needs: [dibao_household|dibao_member]
uses: [child, disability_cert, disability_subsidy, low_income_household, low_income_member, officer, severe_illness,
  tekun_person]
reads: [dibao_unit, roll, dibao_member, cert_state, severe_illness]
finds: 十户以上的乡镇，低保家庭都是同一补差金额；或重残、重病家庭在最低档，而没有重残、重病的家庭在最高档。
summary: "{township}低保分档没有拉开差距：{reason}，请核对分档认定。"
false_hits: [分档在另表管理未列入名册, 残疾等级或病情刚变更, 重残人员另有单人保]
verify: [查分档认定表和民主评议记录, 入户核实重残重病家庭, 按困难程度调整档次]
reading: >-
  按乡镇和城乡类别分别看，不足十户的不看。同一金额指在册家庭的人均补差（或每户金额）到分都相同，有一户不明的就不作全同认定。档次按各档人均补差排高低，没有写档次或只有一档的不比档次；
  最低档一方，重残为一、二级，重病为名册健康状况有大病或在重病名单；最高档一方，一至三级残疾、患病、写有病种的都不算没有。
--- */
WITH unit AS (
    SELECT
        u.row_id,
        u.household_key,
        u.township,
        COALESCE(u.area, '') AS area,
        COALESCE(u.tier, u.category) AS tier,
        u.approved_amount,
        u.approved_amount / NULLIF(u.insured_count, 0) AS each
    FROM dibao_unit AS u
    WHERE u.is_active AND u.township IS NOT NULL
),

place AS (
    SELECT
        unit.township,
        unit.area,
        COUNT(*) AS households,
        COUNT(unit.each) AS known,
        COUNT(DISTINCT ROUND(unit.each, 2)) AS amounts,  -- literal: cents
        COUNT(unit.approved_amount) AS known_households,
        COUNT(DISTINCT unit.approved_amount) AS household_amounts,
        MIN(unit.each) AS each,
        MIN(unit.approved_amount) AS approved_amount,
        MIN(unit.row_id) AS first_row,
        MAX(unit.row_id) AS last_row
    FROM unit
    GROUP BY unit.township, unit.area
    HAVING COUNT(*) >= 10  -- literal: fewer households say nothing about tiers (rule notes)
),

tier_level AS (
    SELECT
        unit.township,
        unit.area,
        unit.tier,
        AVG(unit.each) AS each
    FROM unit
    INNER JOIN place ON unit.township = place.township AND unit.area = place.area
    WHERE unit.tier IS NOT NULL AND unit.each IS NOT NULL
    GROUP BY unit.township, unit.area, unit.tier
),

ends AS (
    SELECT
        tier_level.township,
        tier_level.area,
        MIN(tier_level.each) AS lowest,
        MAX(tier_level.each) AS highest
    FROM tier_level
    GROUP BY tier_level.township, tier_level.area
    HAVING MIN(tier_level.each) < MAX(tier_level.each)
),

member AS (
    SELECT
        roll.household_key,
        roll.person_key,
        roll.name,
        roll.id_is_valid,
        COALESCE(roll.disability_level, roll.cert_level) AS level,
        listed.health,
        listed.disease,
        COALESCE(listed.is_disabled, FALSE) AS is_disabled
    FROM roll
    INNER JOIN unit ON roll.household_key = unit.household_key
    LEFT JOIN dibao_member AS listed ON roll.row_id = listed.row_id AND roll.dataset = 'dibao_member'
    WHERE roll.program = 'DB' AND roll.is_current
),

ill AS (
    SELECT
        s.person_key,
        s.name
    FROM severe_illness AS s
    WHERE s.id_is_valid
    GROUP BY s.person_key, s.name
),

state AS (
    SELECT
        member.household_key,
        BOOL_OR(
            COALESCE(member.level IN ('1', '2'), FALSE)
            OR COALESCE(cert.is_valid_on AND cert.disability_level IN ('1', '2'), FALSE)
            OR COALESCE(member.health = '4', FALSE)
            OR ill.person_key IS NOT NULL
        ) AS is_severe,
        BOOL_OR(
            COALESCE(member.level IN ('1', '2', '3'), FALSE)
            OR COALESCE(cert.disability_level IN ('1', '2', '3'), FALSE)
            OR (member.is_disabled AND member.level IS NULL)
            OR COALESCE(member.health IN ('3', '4', '5', '6'), FALSE)
            OR COALESCE(TRIM(member.disease) NOT IN ('', '无', '否', '健康'), FALSE)
            OR ill.person_key IS NOT NULL
        ) AS is_touched
    FROM member
    LEFT JOIN cert_state AS cert
        ON
            member.person_key = cert.person_key
            AND member.id_is_valid
            AND cert.id_is_valid
            AND NAMES_AGREE(member.name, cert.name)
    LEFT JOIN ill ON member.person_key = ill.person_key AND member.id_is_valid AND NAMES_AGREE(member.name, ill.name)
    GROUP BY member.household_key
),

low AS (
    SELECT
        unit.township,
        unit.area,
        COUNT(*) AS households,
        MIN(unit.row_id) AS first_row,
        MAX(unit.row_id) AS last_row
    FROM unit
    INNER JOIN tier_level
        ON unit.township = tier_level.township AND unit.area = tier_level.area AND unit.tier = tier_level.tier
    INNER JOIN ends
        ON
            tier_level.township = ends.township
            AND tier_level.area = ends.area
            AND tier_level.each = ends.lowest
    INNER JOIN state ON unit.household_key = state.household_key
    WHERE state.is_severe
    GROUP BY unit.township, unit.area
),

high AS (
    SELECT
        unit.township,
        unit.area,
        COUNT(*) AS households,
        MIN(unit.row_id) AS first_row
    FROM unit
    INNER JOIN tier_level
        ON unit.township = tier_level.township AND unit.area = tier_level.area AND unit.tier = tier_level.tier
    INNER JOIN ends
        ON
            tier_level.township = ends.township
            AND tier_level.area = ends.area
            AND tier_level.each = ends.highest
    INNER JOIN state ON unit.household_key = state.household_key
    WHERE NOT state.is_touched
    GROUP BY unit.township, unit.area
),

alike AS (
    SELECT
        place.township,
        place.first_row,
        place.last_row,
        CONCAT(
            CASE place.area WHEN 'urban' THEN '城市' WHEN 'rural' THEN '农村' ELSE '' END, '低保',
            CAST(place.households AS VARCHAR), '户',
            CASE
                WHEN place.known = place.households AND place.amounts = 1
                    THEN CONCAT('人均补差都是', CAST(CAST(place.each AS DECIMAL(14, 2)) AS VARCHAR), '元')
                ELSE CONCAT('每户保障金额都是', CAST(CAST(place.approved_amount AS DECIMAL(14, 2)) AS VARCHAR), '元')
            END
        ) AS reason
    FROM place
    WHERE
        (place.known = place.households AND place.amounts = 1)
        OR (place.known_households = place.households AND place.household_amounts = 1)
),

hit AS (
    SELECT
        alike.township,
        alike.first_row AS row_id,
        alike.reason
    FROM alike
    UNION ALL
    SELECT
        alike.township,
        alike.last_row AS row_id,
        CAST(NULL AS VARCHAR) AS reason
    FROM alike
    UNION ALL
    SELECT
        low.township,
        low.first_row AS row_id,
        CONCAT(
            CASE low.area WHEN 'urban' THEN '城市' WHEN 'rural' THEN '农村' ELSE '' END, '低保有',
            CAST(low.households AS VARCHAR), '户重残、重病家庭在最低档，', CAST(high.households AS VARCHAR),
            '户没有重残、重病的家庭在最高档'
        ) AS reason
    FROM low
    INNER JOIN high ON low.township = high.township AND low.area = high.area
    UNION ALL
    SELECT
        low.township,
        low.last_row AS row_id,
        CAST(NULL AS VARCHAR) AS reason
    FROM low
    INNER JOIN high ON low.township = high.township AND low.area = high.area
    UNION ALL
    SELECT
        high.township,
        high.first_row AS row_id,
        CAST(NULL AS VARCHAR) AS reason
    FROM low
    INNER JOIN high ON low.township = high.township AND low.area = high.area
)

SELECT
    hit.township,
    ARRAY_AGG(DISTINCT hit.row_id) AS ev_household,
    ARRAY_TO_STRING(
        LIST_SORT(ARRAY_AGG(DISTINCT hit.reason) FILTER (WHERE hit.reason IS NOT NULL)), '；'
    ) AS fact_reason
FROM hit
GROUP BY hit.township
