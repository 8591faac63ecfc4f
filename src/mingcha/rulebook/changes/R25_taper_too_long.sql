/* ---
id: R25
title: 渐退超期
version: 1
status: trial
severity: red
clauses: [C20]
law: [民发〔2021〕57号第33条, 民发〔2022〕83号一(三), 夏民办〔2023〕14号三(三)]
subject: household
identity: exact
needs: [dibao_household]
uses: [child, dibao_member, disability_cert, disability_subsidy, low_income_household, low_income_member, officer,
  tekun_person]
reads: [dibao_unit, dibao_household]
params:
  taper_months: {key: DB-28, optional: true, part: 渐退期月数（只比对名册写明的渐退截止时间）}
finds: 渐退期已过（从渐退开始月算满{taper_months}个月，或名册写明的截止月已过），仍在低保名册上的家庭。
summary: "{name}家庭的低保渐退期到{last_month}为止（{basis}），至{as_of}仍在名册上，请核实后办理停保，或说明继续保障的理由。"
false_hits: [渐退期内收入又下降并已重新核定, 停保已审批而名册未更新, 渐退起止月填错]
verify: [查渐退决定和审批表, 核对家庭现在的收入, 核对停保审批日期和名册更新日期]
reading: >-
  渐退开始月不计，满规定月数的当月仍在期内；名册另写了截止月的，取较早的一个。渐退期结束以后重新批准的（批准时间更晚）不算。
--- */
WITH tapering AS (
    SELECT
        unit.household_key,
        unit.head_name,
        unit.township,
        unit.village,
        unit.row_id,
        unit.start_date,
        house.taper_start,
        house.taper_end,
        LEAST(house.taper_end, ADD_TO_MONTH(house.taper_start, $taper_months)) AS last_month
    FROM dibao_unit AS unit
    INNER JOIN dibao_household AS house ON unit.row_id = house.row_id
    WHERE
        unit.is_active
        AND unit.head_is_valid
        AND (house.taper_start IS NOT NULL OR house.taper_end IS NOT NULL)
)

SELECT
    tapering.household_key,
    tapering.head_name AS name,
    tapering.township,
    tapering.village,
    tapering.row_id AS ev_household,
    tapering.last_month AS fact_last_month,
    CASE
        WHEN tapering.last_month = tapering.taper_end THEN '名册写明的渐退截止月'
        ELSE CONCAT('从', tapering.taper_start, '起渐退')
    END AS fact_basis,
    ADD_TO_MONTH(tapering.last_month, 1) AS period
FROM tapering
WHERE
    tapering.last_month < $as_of_month
    -- approved anew since
    AND COALESCE(MONTH_OF(tapering.start_date) <= tapering.last_month, TRUE)
