/* ---
id: R33
title: 备案未县级入户
version: 1
status: trial
severity: red
clauses: [C40]
law: [民发〔2021〕57号第11条, 民发〔2021〕57号第20条, 夏民办〔2023〕14号四(四)]
subject: person
identity: exact
needs: [application|kin_filing]
uses: [child, dibao_household, dibao_member, disability_cert, disability_subsidy, low_income_household,
  low_income_member, officer, tekun_person, visit_check]
reads: [application_row, kin_filing, visit_check, dibao_unit, dibao_member_of]
finds: 近亲属已备案，或者公示有异议、有投诉的低保申请，在确认以前没有县级入户。
summary: "{name}的低保申请{reasons}，没有查到确认前的县级入户记录。请核实，没有入户的由县级补做入户核查。"
false_hits: [县级已入户而台账未登记, 备案日期录错, 由上级或第三方代为入户]
verify: [查县级入户核查表, 查申请档案和异议处理记录, 由县级补做入户核查]
reading: >-
  已备案指申请人本人、户主或现在的家庭成员在近亲属备案表亲属一栏，且备案不晚于确认（只写到月的按月末）；以后才备案的由县级抽查，不在此列。
  台账写了县级入户日期、写明县级抽查，备案表有核查时间，或者入户表上对本人、本户有县级（或没有写层级）的入户，不晚于确认之日，有一即可；确认只写到月的按月末。
  台账没有其申请的，看现在在册、备案不晚于享受起始日期的家庭，入户和核查不论何时都算。
  申请台账、备案表没有填县级入户或核查时间，该乡镇的入户表也没有县级入户的，不推断。只看号码无误的。
--- */
WITH filed_row AS (
    SELECT
        filing.row_id,
        filing.relative_key,
        COALESCE(filing.relative_is_valid, FALSE) AND COALESCE(filing.program, 'DB') = 'DB' AS is_asked,
        CASE filing.filed_on_precision
            WHEN 'month' THEN LAST_DAY(filing.filed_on)
            WHEN 'quarter' THEN LAST_DAY(ADD_MONTHS(filing.filed_on, 2)) -- literal: third month of a quarter
            WHEN 'year' THEN LAST_DAY(ADD_MONTHS(filing.filed_on, 11)) -- literal: twelfth month of a year
            ELSE filing.filed_on
        END AS filed_on,
        filing.checked_on,
        BOOL_OR(filing.checked_on IS NOT NULL) OVER (
            PARTITION BY filing.row_id >> 38 -- literal: the sheet's place in row_id
        ) AS tells_check
    FROM kin_filing AS filing
),

-- a filing counts for the household of whoever it names
filed AS (
    SELECT
        filed_row.row_id,
        filed_row.relative_key AS household_key,
        filed_row.filed_on,
        filed_row.checked_on,
        filed_row.tells_check
    FROM filed_row
    WHERE filed_row.is_asked
    UNION
    SELECT
        filed_row.row_id,
        member.household_key,
        filed_row.filed_on,
        filed_row.checked_on,
        filed_row.tells_check
    FROM filed_row
    INNER JOIN dibao_member_of AS member ON filed_row.relative_key = member.person_key
    WHERE filed_row.is_asked AND member.is_current AND member.id_is_valid
),

decided AS (
    SELECT
        a.row_id,
        a.person_key,
        a.household_key,
        a.name,
        a.township,
        a.village,
        a.objection,
        a.decided_on,
        a.decided_last,
        COALESCE(a.county_visit_on <= a.decided_last, FALSE) OR COALESCE(a.sampled, FALSE) AS is_visited,
        a.tells_county_visit
    FROM application_row AS a
    WHERE a.program = 'DB' AND a.decision = 'approve' AND a.id_is_valid AND a.decided_on IS NOT NULL
),

asked AS (
    SELECT
        decided.row_id AS case_row,
        decided.row_id AS application_row,
        CAST(NULL AS BIGINT) AS roll_row,
        CAST(NULL AS BIGINT) AS filing_row,
        decided.person_key,
        decided.household_key,
        decided.name,
        decided.township,
        decided.village,
        decided.decided_last AS last_day,
        decided.tells_county_visit AS is_told,
        '公示有异议或者投诉' AS reason
    FROM decided
    WHERE decided.objection AND NOT decided.is_visited
    UNION ALL
    SELECT
        decided.row_id AS case_row,
        decided.row_id AS application_row,
        CAST(NULL AS BIGINT) AS roll_row,
        filed.row_id AS filing_row,
        decided.person_key,
        decided.household_key,
        decided.name,
        decided.township,
        decided.village,
        decided.decided_last AS last_day,
        decided.tells_county_visit OR filed.tells_check AS is_told,
        '已作近亲属备案' AS reason
    FROM decided
    INNER JOIN filed ON decided.household_key = filed.household_key
    WHERE
        filed.filed_on <= decided.decided_on
        AND NOT decided.is_visited
        AND NOT COALESCE(filed.checked_on <= decided.decided_last, FALSE)
    UNION ALL
    SELECT
        unit.row_id AS case_row,
        CAST(NULL AS BIGINT) AS application_row,
        unit.row_id AS roll_row,
        filed.row_id AS filing_row,
        unit.household_key AS person_key,
        unit.household_key,
        unit.head_name AS name,
        unit.township,
        unit.village,
        $as_of AS last_day,
        filed.tells_check AS is_told,
        '已作近亲属备案' AS reason
    FROM filed
    INNER JOIN dibao_unit AS unit ON filed.household_key = unit.household_key
    LEFT JOIN application_row AS a ON filed.household_key = a.household_key AND a.program = 'DB'
    WHERE
        a.row_id IS NULL
        AND unit.is_active
        AND unit.head_is_valid
        AND filed.filed_on <= unit.start_date
        AND NOT COALESCE(filed.checked_on <= $as_of, FALSE)
),

county_visit AS (
    SELECT
        visit.person_key,
        visit.head_key,
        COALESCE(visit.name, visit.head_name) AS name,
        visit.township,
        visit.village,
        visit.visit_on
    FROM visit_check AS visit
    WHERE COALESCE(visit.level, 'county') = 'county'
),

seen AS (
    SELECT asked.case_row
    FROM asked
    INNER JOIN county_visit AS visit ON asked.household_key = visit.head_key
    WHERE COALESCE(visit.visit_on <= asked.last_day, TRUE)
    UNION
    SELECT asked.case_row
    FROM asked
    INNER JOIN county_visit AS visit ON asked.person_key = visit.person_key
    WHERE COALESCE(visit.visit_on <= asked.last_day, TRUE)
    UNION
    SELECT asked.case_row
    FROM asked
    INNER JOIN county_visit AS visit ON asked.name = visit.name
    WHERE
        COALESCE(visit.visit_on <= asked.last_day, TRUE)
        AND COALESCE(asked.township, '') = COALESCE(visit.township, asked.township, '')
        AND COALESCE(asked.village, '') = COALESCE(visit.village, asked.village, '')
),

-- townships whose visit forms say which are the county's
told AS (
    SELECT visit.township
    FROM visit_check AS visit
    WHERE visit.level = 'county'
    GROUP BY visit.township
)

SELECT
    asked.person_key,
    MIN(asked.name) AS name,
    MIN(asked.township) AS township,
    MIN(asked.village) AS village,
    ARRAY_AGG(DISTINCT asked.application_row) FILTER (WHERE asked.application_row IS NOT NULL) AS ev_application,
    ARRAY_AGG(DISTINCT asked.roll_row) FILTER (WHERE asked.roll_row IS NOT NULL) AS ev_roll,
    ARRAY_AGG(DISTINCT asked.filing_row) FILTER (WHERE asked.filing_row IS NOT NULL) AS ev_filing,
    ARRAY_SORT(ARRAY_AGG(DISTINCT asked.reason)) AS fact_reasons
FROM asked
LEFT JOIN seen ON asked.case_row = seen.case_row
LEFT JOIN told ON asked.township = told.township
WHERE seen.case_row IS NULL AND (asked.is_told OR told.township IS NOT NULL)
GROUP BY asked.person_key
