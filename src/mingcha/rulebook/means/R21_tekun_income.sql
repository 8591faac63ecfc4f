/* ---
id: R21
title: 特困收入超标
version: 1
status: trial
severity: orange
clauses: [C35]
law: [民发〔2021〕43号第6条, 夏民办〔2023〕14号四(二)]
subject: person
identity: exact
needs: [tekun_person, pension|fiscal_staff|hx_other]
uses: [child, dibao_household, dibao_member, disability_cert, disability_subsidy, hukou, low_income_household,
  low_income_member, officer, payment, standard]
reads: [aid_person, hx_income, dibao_line]
finds: 核对到的收入扣除中央确定的基础养老金后，每月仍达到或超过当地低保标准的特困人员。
summary: "{name}在特困名册上，核对到每月收入{income}元（{sources}），达到当地低保标准{line}元，请核实收入来源后重新认定。"
false_hits: [收入为一次性补发, 优待抚恤金或高龄津贴混在养老金里, 就业已结束而名单未更新]
verify: [查银行流水和养老待遇明细, 剔除基础养老金、优待抚恤金、高龄津贴, 达到标准的按规定终止并转其他救助]
reading: >-
  收入为养老、失业待遇加工资；工资在财政工资和个税两处都有的取高者，不相加。基础养老金不计入没有期限；居民养老没有分列基础养老金的，整笔不计。工伤待遇不计。
  个税只看比对日前十二个月内的，按所写月份平均，没有写明起止月份的不算。达到标准即报。标准取省、市所定和标准表在执行的最高者；城乡不明的按较高的比，标准都没有的不比。
--- */
WITH earned AS (
    SELECT
        income.person_key,
        COALESCE(SUM(CASE WHEN income.kind = 'pension' THEN income.monthly - income.base_pension END), 0)
        + COALESCE(MAX(CASE WHEN income.kind = 'wage' THEN income.monthly END), 0) AS monthly,
        ARRAY_AGG(DISTINCT income.row_id) AS income_rows,
        ARRAY_SORT(ARRAY_AGG(DISTINCT income.source)) AS sources
    FROM hx_income AS income
    WHERE income.monthly > income.base_pension
    GROUP BY income.person_key
)

SELECT
    tekun.person_key,
    ARRAY_AGG(DISTINCT tekun.row_id) AS ev_tekun,
    MIN(earned.income_rows) AS ev_income,
    CAST(MIN(earned.monthly) AS DECIMAL(14, 2)) AS fact_income,
    MIN(earned.sources) AS fact_sources,
    MAX(line.monthly) AS fact_line
FROM earned
INNER JOIN aid_person AS tekun ON earned.person_key = tekun.person_key
INNER JOIN dibao_line AS line ON COALESCE(tekun.area, 'unknown') = line.area
WHERE tekun.program = 'TK' AND tekun.is_active AND tekun.id_is_valid
GROUP BY tekun.person_key
HAVING MIN(earned.monthly) >= MAX(line.monthly)
