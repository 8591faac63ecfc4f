/* ---
id: R59
title: 定期核查超期
version: 1
status: trial
severity: orange
clauses: [C10]
law: [民发〔2021〕57号第31条, 中办国办关于改革完善社会救助制度的意见（七）, 夏民办〔2023〕14号三(一)]
subject: person
identity: exact
needs: [dibao_household|tekun_person]
uses: [card_custody, care_agreement, child, death_cancel, dibao_member, disability_cert, disability_subsidy,
  fiscal_staff, funeral, hukou, kin_filing, low_income_household, low_income_member, officer, payment, pension,
  poverty_monitor, severe_illness, third_party, visit_check]
reads: [dibao_unit, aid_person, dibao_household, dibao_member, tekun_person, visit_reach]
params:
  stable_months: DB-26.stable_months
  unstable_months: DB-26.unstable_months
  tekun_months: TK-16
finds: 上次核查至比对日超过期限的在册对象：低保每{stable_months}个月、收入不稳定且有劳动能力成员的低保家庭每{unstable_months}个月、特困每{tekun_months}个月核查一次。
summary: "{name}（{program}）应每{months}个月核查一次，{last}，至{as_of}已超期。请安排核查并登记结果。"
false_hits: [已核查而名册、核查表未登记, 核查由第三方完成而结果未上报, 复核时间填错]
verify: [查核查记录, 入户核查家庭状况, 登记核查时间和结果]
reading: >-
  名册上的复核时间和有结果的入户核查、第三方评估都看，取最近的一次；两者都没有的从批准时间算。满期限月数的当天仍算及时，只写到月或年的按末日。
  名册那张表没有复核时间栏的，只看入户核查过的人，其余不推断；批准时间也没有的不推断。没有日期的核查视为及时。
  收入不稳定且有劳动能力成员，指享受人员中有完全或部分劳动能力的人灵活就业、外出务工、失业，或家庭致困原因是失业；写不明的按基本稳定。
--- */
WITH listed AS (
    SELECT
        unit.household_key AS person_key,
        'DB' AS program,
        unit.row_id,
        unit.row_id >> 38 AS sheet, -- literal: the sheet's place in row_id
        unit.head_name AS name,
        unit.township,
        unit.village,
        unit.head_is_valid AS id_is_valid,
        unit.start_date,
        CASE house.last_review_precision
            WHEN 'month' THEN LAST_DAY(house.last_review)
            WHEN 'quarter' THEN LAST_DAY(ADD_MONTHS(house.last_review, 2)) -- literal: third month of a quarter
            WHEN 'year' THEN LAST_DAY(ADD_MONTHS(house.last_review, 11)) -- literal: twelfth month of a year
            ELSE house.last_review
        END AS last_review,
        COALESCE(house.reason = 'jobless', FALSE) AS is_jobless
    FROM dibao_unit AS unit
    INNER JOIN dibao_household AS house ON unit.row_id = house.row_id
    WHERE unit.is_active
    UNION ALL
    SELECT
        aid.person_key,
        'TK' AS program,
        aid.row_id,
        aid.row_id >> 38 AS sheet, -- literal: the sheet's place in row_id
        aid.name,
        aid.township,
        aid.village,
        aid.id_is_valid,
        aid.start_date,
        CASE tekun.last_review_precision
            WHEN 'month' THEN LAST_DAY(tekun.last_review)
            WHEN 'quarter' THEN LAST_DAY(ADD_MONTHS(tekun.last_review, 2)) -- literal: third month of a quarter
            WHEN 'year' THEN LAST_DAY(ADD_MONTHS(tekun.last_review, 11)) -- literal: twelfth month of a year
            ELSE tekun.last_review
        END AS last_review,
        FALSE AS is_jobless
    FROM aid_person AS aid
    INNER JOIN tekun_person AS tekun ON aid.row_id = tekun.row_id
    WHERE aid.program = 'TK' AND aid.is_active
),

telling AS (
    SELECT listed.sheet
    FROM listed
    WHERE listed.last_review IS NOT NULL
    GROUP BY listed.sheet
),

-- most were reviewed within the shorter interval: only the others are looked at closely
aged AS (
    SELECT
        listed.person_key,
        listed.program,
        listed.row_id,
        listed.name,
        listed.township,
        listed.village,
        listed.start_date,
        listed.last_review,
        listed.is_jobless,
        telling.sheet IS NOT NULL AS is_told
    FROM listed
    LEFT JOIN telling ON listed.sheet = telling.sheet
    WHERE
        listed.id_is_valid
        AND ADD_MONTHS(
            GREATEST(COALESCE(listed.last_review, listed.start_date), COALESCE(listed.start_date, listed.last_review)),
            LEAST($stable_months, $unstable_months, $tekun_months)
        ) < $as_of
),

seen AS (
    SELECT
        aged.row_id,
        MAX(reach.visit_on) AS visit_on,
        BOOL_OR(reach.visit_on IS NULL) AS has_undated
    FROM aged
    INNER JOIN visit_reach AS reach ON aged.person_key = reach.person_key
    WHERE reach.has_result
    GROUP BY aged.row_id
),

able AS (
    SELECT
        aid.household_key,
        BOOL_OR(member.employment IN ('flexible', 'migrant', 'unemployed')) AS is_unsteady
    FROM aged
    INNER JOIN aid_person AS aid ON aged.person_key = aid.household_key
    INNER JOIN dibao_member AS member ON aid.row_id = member.row_id
    WHERE aged.program = 'DB' AND aid.program = 'DB' AND aid.is_active AND member.work_capacity IN ('full', 'partial')
    GROUP BY aid.household_key
),

judged AS (
    SELECT
        aged.person_key,
        aged.program,
        aged.row_id,
        aged.name,
        aged.township,
        aged.village,
        GREATEST(COALESCE(aged.last_review, seen.visit_on), COALESCE(seen.visit_on, aged.last_review)) AS last_on,
        aged.start_date,
        CASE
            WHEN aged.program = 'TK' THEN $tekun_months
            WHEN able.household_key IS NOT NULL AND (aged.is_jobless OR COALESCE(able.is_unsteady, FALSE))
                THEN $unstable_months
            ELSE $stable_months
        END AS months
    FROM aged
    LEFT JOIN seen ON aged.row_id = seen.row_id
    LEFT JOIN able ON aged.person_key = able.household_key AND aged.program = 'DB'
    WHERE (aged.is_told OR seen.visit_on IS NOT NULL) AND NOT COALESCE(seen.has_undated, FALSE)
)

SELECT
    judged.person_key,
    MIN(judged.name) AS name,
    MIN(judged.township) AS township,
    MIN(judged.village) AS village,
    ARRAY_AGG(DISTINCT judged.row_id) AS ev_roll,
    CASE WHEN MIN(judged.program) = 'DB' THEN '低保' ELSE '特困' END AS fact_program,
    MIN(judged.months) AS fact_months,
    CASE
        WHEN MAX(judged.last_on) IS NULL THEN '批准以来没有查到核查记录'
        ELSE CONCAT(
            '上次核查是', YEAR(MAX(judged.last_on)), '年', MONTH(MAX(judged.last_on)), '月', DAY(MAX(judged.last_on)), '日'
        )
    END AS fact_last
FROM judged
WHERE
    ADD_MONTHS(
        GREATEST(COALESCE(judged.last_on, judged.start_date), COALESCE(judged.start_date, judged.last_on)),
        judged.months
    ) < $as_of
GROUP BY judged.person_key
