/* ---
id: R46
title: 标准低于市定
version: 1
status: active
severity: red
clauses: [C18]
law: [夏民办〔2023〕14号三(三)]
subject: township
identity: none
needs: [standard|tekun_person]
uses: [child, dibao_household, dibao_member, disability_cert, disability_subsidy, low_income_household,
  low_income_member, officer]
reads: [standard, roll]
params:
  home_county: home_county
  city_urban: {key: HN-SQ.dibao_urban, optional: true, part: 市定城市低保标准}
  city_rural: {key: HN-SQ.dibao_rural, optional: true, part: 市定农村低保标准}
  city_ratio: {key: HN-SQ.tekun_ratio, optional: true, part: 市定特困倍数}
  city_tekun_urban: {key: HN-SQ.tekun_urban, optional: true, part: 市定城市特困基本生活标准}
  city_tekun_rural: {key: HN-SQ.tekun_rural, optional: true, part: 市定农村特困基本生活标准}
  floor_urban: {key: HN.dibao_urban, optional: true, part: 省定城市低保最低标准}
  floor_rural: {key: HN.dibao_rural, optional: true, part: 省定农村低保最低标准}
  floor_ratio: {key: HN.tekun_ratio, optional: true, part: 省定特困倍数}
finds: 执行的低保标准低于省、市定标准，或特困人员基本生活标准低于低保标准的规定倍数。
summary: "{township}执行标准偏低：{reason}，请按规定标准执行并补发差额。"
false_hits: [标准表为以往年度, 基本生活标准栏填的是扣除实物后的金额, 提标文件已下达尚在补发]
verify: [查提标文件和执行时间, 查发放表实际金额, 低于标准的限期调整并补发]
reading: >-
  省、市标准都有的取高者，两者都没有的该类不比。标准表取比对日执行的一行，没有城乡之分的按农村（较低）比；没有乡镇的记在表上所写的县，未写的记为全县。
  外县的标准不比。特困看现行名册的基本生活标准，未写、为零的不比，城乡不明的按农村比。护理档次不在此列。
--- */
WITH floors AS (
    SELECT
        'DB' AS program,
        'urban' AS area,
        CAST(GREATEST($city_urban, $floor_urban) AS DECIMAL(14, 2)) AS least
    UNION ALL
    SELECT
        'DB' AS program,
        'rural' AS area,
        CAST(GREATEST($city_rural, $floor_rural) AS DECIMAL(14, 2)) AS least
    UNION ALL
    SELECT
        'TK' AS program,
        'urban' AS area,
        CAST(
            GREATEST(
                $city_tekun_urban, GREATEST($city_urban, $floor_urban) * GREATEST($city_ratio, $floor_ratio)
            ) AS DECIMAL(14, 2)
        ) AS least
    UNION ALL
    SELECT
        'TK' AS program,
        'rural' AS area,
        CAST(
            GREATEST(
                $city_tekun_rural, GREATEST($city_rural, $floor_rural) * GREATEST($city_ratio, $floor_ratio)
            ) AS DECIMAL(14, 2)
        ) AS least
),

in_force AS (
    SELECT
        s.row_id,
        COALESCE(s.county, '全县') AS township,
        s.program,
        COALESCE(s.area, 'rural') AS area,
        s.standard,
        ROW_NUMBER() OVER (
            PARTITION BY s.county, s.program, s.area ORDER BY s.from_on DESC NULLS LAST, s.standard DESC, s.row_id
        ) AS place
    FROM standard AS s
    WHERE
        s.program IN ('DB', 'TK')
        AND (
            s.county_name IS NULL
            OR STARTS_WITH(s.county_name, $home_county)
            OR STARTS_WITH($home_county, s.county_name)
        )
        AND s.standard > 0
        AND (s.program = 'DB' OR s.grade IS NULL)
        AND (s.from_on IS NULL OR s.from_on <= $as_of)
        AND (s.to_on IS NULL OR s.to_on >= $as_of)
),

written AS (
    SELECT
        in_force.township,
        in_force.row_id,
        CONCAT(
            CASE in_force.area WHEN 'urban' THEN '城市' ELSE '农村' END,
            CASE in_force.program WHEN 'DB' THEN '低保标准' ELSE '特困基本生活标准' END,
            CAST(in_force.standard AS VARCHAR), '元，应不低于', CAST(floors.least AS VARCHAR), '元'
        ) AS reason
    FROM in_force
    INNER JOIN floors ON in_force.program = floors.program AND in_force.area = floors.area
    WHERE in_force.place = 1 AND in_force.standard < floors.least
),

paid_low AS (
    SELECT
        COALESCE(roll.township, '乡镇不明') AS township,
        floors.area,
        floors.least,
        MIN(roll.row_id) AS row_id,
        MIN(roll.living_amount) AS lowest,
        COUNT(DISTINCT roll.person_key) AS persons,
        SUM(floors.least - roll.living_amount) AS gap
    FROM roll
    INNER JOIN floors ON floors.program = 'TK' AND COALESCE(roll.area, 'rural') = floors.area
    WHERE
        roll.program = 'TK'
        AND roll.is_active
        AND roll.living_amount > 0
        AND roll.living_amount < floors.least
    GROUP BY COALESCE(roll.township, '乡镇不明'), floors.area, floors.least
),

hit AS (
    SELECT
        written.township,
        written.row_id,
        written.reason,
        CAST(NULL AS DECIMAL(38, 2)) AS gap
    FROM written
    UNION ALL
    SELECT
        paid_low.township,
        paid_low.row_id,
        CONCAT(
            CASE paid_low.area WHEN 'urban' THEN '城市' ELSE '农村' END, '特困', CAST(paid_low.persons AS VARCHAR),
            '人基本生活标准最低', CAST(paid_low.lowest AS VARCHAR), '元，应不低于', CAST(paid_low.least AS VARCHAR), '元'
        ) AS reason,
        paid_low.gap
    FROM paid_low
)

SELECT
    hit.township,
    ARRAY_AGG(DISTINCT hit.row_id) AS ev_source,
    ARRAY_TO_STRING(LIST_SORT(ARRAY_AGG(DISTINCT hit.reason)), '；') AS fact_reason,
    CAST(SUM(hit.gap) AS DECIMAL(14, 2)) AS amount
FROM hit
GROUP BY hit.township
