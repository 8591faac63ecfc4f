/* ---
id: R63
title: 自理能力复评超期
version: 1
status: trial
severity: yellow
clauses: [C35]
law: [民发〔2021〕43号第23条, 夏民办〔2023〕14号四(二)]
subject: person
identity: mixed
needs: [care_assessment]
uses: [child, death_cancel, dibao_household, dibao_member, disability_cert, disability_subsidy, funeral,
  low_income_household, low_income_member, officer, tekun_person]
reads: [care_assessment, aid_person, death]
params: {home_county: home_county, days: TK-11}
finds: 报告生活自理能力变化后{days}个工作日内没有重新评估的特困人员。
summary: "{name}的生活自理能力变化于{reported}报告，{used}个工作日{state}重新评估（期限{days}个工作日）。请核实，还没有评估的尽快评估。"
false_hits: [报告日期录错, 本人住院或外出暂时无法评估, 已评估而台账未更新]
verify: [查变化报告和评估表原件, 尚未评估的入户评估, 评估后调整护理档次]
reading: >-
  工作日按国务院办公厅公布的放假安排，报告当日不计，最后一日在内；公布以后年份未知的只按周末推算。初次评估和定期评估没有变化报告，不算。
  没有评估日期的算到比对日；另一行有报告以后的评估，按那次评估算。只写到月的按最短的可能计算。
  还没有评估而已经死亡，或者名册上已停止供养的，不列。表上谁都没有填评估日期的，不推断。
--- */
WITH told AS (
    SELECT
        found.row_id,
        found.person_key,
        COALESCE(found.id_is_valid, FALSE) AS id_is_valid,
        found.name,
        found.township,
        found.village,
        found.kind,
        CASE
            WHEN found.reported_on_precision = 'month' THEN LAST_DAY(found.reported_on)
            WHEN found.reported_on_precision = 'quarter' THEN LAST_DAY(ADD_MONTHS(found.reported_on, 2)) -- literal: third month of a quarter
            WHEN found.reported_on_precision = 'year' THEN LAST_DAY(ADD_MONTHS(found.reported_on, 11)) -- literal: twelfth month of a year
            ELSE found.reported_on
        END AS reported_last,
        CASE WHEN found.assessed_on <= $as_of THEN found.assessed_on END AS assessed_on,
        BOOL_OR(found.assessed_on IS NOT NULL) OVER (PARTITION BY found.row_id >> 38) AS tells_assessed -- literal: the sheet's place in row_id
    FROM care_assessment AS found
    WHERE
        found.county_name IS NULL
        OR STARTS_WITH(found.county_name, $home_county)
        OR STARTS_WITH($home_county, found.county_name)
),

-- a later delivery, or a further row, may tell of the assessment
answered AS (
    SELECT
        report.row_id,
        MIN(answer.assessed_on) AS assessed_on
    FROM told AS report
    INNER JOIN told AS answer ON report.person_key = answer.person_key
    WHERE
        COALESCE(report.kind, 'change') = 'change'
        AND COALESCE(answer.assessed_on >= report.reported_last, answer.row_id = report.row_id)
    GROUP BY report.row_id
),

-- no longer to be assessed
gone AS (
    SELECT death.person_key
    FROM death
    INNER JOIN told ON death.person_key = told.person_key
    WHERE death.death_date <= $as_of AND NAMES_AGREE(death.name, told.name)
    UNION
    SELECT aid.person_key
    FROM aid_person AS aid
    WHERE aid.program = 'TK'
    GROUP BY aid.person_key
    HAVING NOT BOOL_OR(aid.is_active)
),

late AS (
    SELECT
        told.row_id,
        told.person_key,
        told.name,
        told.township,
        told.village,
        told.reported_last,
        answered.assessed_on,
        WORKDAYS_BETWEEN(told.reported_last, COALESCE(answered.assessed_on, $as_of)) AS used
    FROM told
    INNER JOIN answered ON told.row_id = answered.row_id
    WHERE told.tells_assessed
)

SELECT
    late.person_key,
    late.name,
    late.township,
    late.village,
    late.row_id AS ev_assessment,
    late.reported_last AS fact_reported,
    late.used AS fact_used,
    CASE WHEN late.assessed_on IS NULL THEN '仍未' ELSE '后才' END AS fact_state,
    MONTH_OF(late.reported_last) AS period
FROM late
LEFT JOIN gone ON late.person_key = gone.person_key
WHERE late.used > $days AND (late.assessed_on IS NOT NULL OR gone.person_key IS NULL)
