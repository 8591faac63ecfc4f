/* ---
id: R30
title: 无程序直接纳入
version: 1
status: trial
severity: red
clauses: [C10]
law: [民发〔2021〕57号第28条, 民发〔2022〕83号一(一), 夏民办〔2023〕14号三(一)]
subject: person
identity: exact
needs: [application, dibao_household|dibao_member|tekun_person]
uses: [child, disability_cert, disability_subsidy, low_income_household, low_income_member, officer]
reads: [application_row, dibao_unit, aid_person, dibao_member_of, roll]
params: {longest: DB-18.extended}
finds: 在册低保、特困对象的享受起始日期在申请办理台账登记的时间以内，而台账上没有其申请，或者没有申请受理、家庭调查、审核确认的登记。
summary: "{name}从{start_date}起享受{program}，{missing}。请核实是否经过申请、调查和确认。"
false_hits: [台账登记不全, 外乡镇受理后转来, 名册的起始日期录错]
verify: [查申请档案, 核对系统办理记录, 入户核实申请和调查经过]
reading: >-
  只看台账登记了该乡镇该类救助的时间：起始日期晚于台账最早申请之后最长的办理时限（更早的可能在台账以前申请），且不晚于台账最后的日期。
  低保按户，申请人、户主或任何家庭成员的申请都算；低保、特困、低保边缘的申请互相都算；同村同名的申请、号码有误的申请也算。
  起始日期以前的月份已在低保或特困名册上的不算新纳入。台账上谁都没有填的栏不推断；有几件申请的，各环节有一件登记即可。
  写明予以确认、或没有写结果而有确认日期的，都算已确认；台账写明月份的，该月以后的结果不推断。
--- */
WITH ledger AS (
    SELECT
        a.township,
        a.program,
        MIN(COALESCE(a.apply_on, a.accepted_on, a.decided_on)) AS first_on,
        MAX(GREATEST(a.apply_on, a.accepted_on, a.decided_on)) AS last_on
    FROM application_row AS a
    GROUP BY a.township, a.program
),

on_roll AS (
    SELECT
        'DB' AS program,
        unit.row_id,
        unit.household_key AS person_key,
        unit.head_name AS name,
        unit.township,
        unit.village,
        unit.start_date
    FROM dibao_unit AS unit
    WHERE unit.is_active AND unit.head_is_valid
    UNION ALL
    SELECT
        aid.program,
        aid.row_id,
        aid.person_key,
        aid.name,
        aid.township,
        aid.village,
        aid.start_date
    FROM aid_person AS aid
    WHERE aid.program = 'TK' AND aid.is_active AND aid.id_is_valid
),

entrant AS (
    SELECT
        on_roll.program,
        on_roll.row_id,
        on_roll.person_key,
        on_roll.name,
        on_roll.township,
        on_roll.village,
        on_roll.start_date,
        ledger.first_on
    FROM on_roll
    INNER JOIN ledger ON on_roll.township = ledger.township AND on_roll.program = ledger.program
    -- working days are counted at the end, for few
    WHERE on_roll.start_date > ledger.first_on AND on_roll.start_date <= ledger.last_on
),

-- whom an application speaks of: the applicant, the head he names, the household he belongs to by now, or his name
tag AS (
    SELECT
        a.row_id,
        CONCAT('k', a.person_key) AS tag
    FROM application_row AS a
    UNION
    SELECT
        a.row_id,
        CONCAT('k', a.household_key) AS tag
    FROM application_row AS a
    UNION
    SELECT
        a.row_id,
        CONCAT('k', member.household_key) AS tag
    FROM application_row AS a
    INNER JOIN dibao_member_of AS member ON a.person_key = member.person_key
    WHERE member.is_current
    UNION
    SELECT
        a.row_id,
        CONCAT('n', a.name) AS tag
    FROM application_row AS a
),

entrant_tag AS (
    SELECT
        entrant.row_id,
        CONCAT('k', entrant.person_key) AS tag
    FROM entrant
    UNION ALL
    SELECT
        entrant.row_id,
        CONCAT('n', entrant.name) AS tag
    FROM entrant
    WHERE entrant.name IS NOT NULL
),

applied AS (
    SELECT
        entrant.row_id,
        ARRAY_AGG(DISTINCT a.row_id) AS application_rows,
        BOOL_OR(a.apply_on IS NOT NULL OR a.accepted_on IS NOT NULL OR NOT a.tells_apply) AS has_application,
        BOOL_OR(a.survey_on IS NOT NULL OR NOT a.tells_survey) AS has_survey,
        BOOL_OR(
            COALESCE(a.decision = 'approve', FALSE)
            OR (COALESCE(a.decision, 'pending') = 'pending' AND (a.decided_on IS NOT NULL OR NOT a.tells_decided))
            OR a.known_to < entrant.start_date
        ) AS has_decision
    FROM entrant
    INNER JOIN entrant_tag ON entrant.row_id = entrant_tag.row_id
    INNER JOIN tag ON entrant_tag.tag = tag.tag
    INNER JOIN application_row AS a ON tag.row_id = a.row_id
    WHERE
        COALESCE(a.program, 'DB') IN ('DB', 'TK', 'BY')
        AND (
            STARTS_WITH(tag.tag, 'k')
            OR (
                a.township = entrant.township
                AND COALESCE(entrant.village, '') = COALESCE(a.village, entrant.village, '')
            )
        )
    GROUP BY entrant.row_id
),

suspect AS (
    SELECT
        entrant.program,
        entrant.row_id,
        entrant.person_key,
        entrant.name,
        entrant.township,
        entrant.village,
        entrant.start_date,
        applied.application_rows,
        CONCAT_WS(
            '，',
            CASE WHEN applied.row_id IS NULL THEN '申请办理台账上没有查到其申请' END,
            CASE WHEN NOT applied.has_application THEN '申请办理台账没有登记申请和受理日期' END,
            CASE WHEN NOT applied.has_survey THEN '申请办理台账没有登记家庭调查' END,
            CASE WHEN NOT applied.has_decision THEN '申请办理台账没有登记予以确认' END
        ) AS missing
    FROM entrant
    LEFT JOIN applied ON entrant.row_id = applied.row_id
    WHERE
        NOT COALESCE(applied.has_application AND applied.has_survey AND applied.has_decision, FALSE)
        -- whoever was taken in earlier may have applied before the ledger began
        AND WORKDAYS_BETWEEN(entrant.first_on, entrant.start_date) > $longest
),

-- a new date of beginning for somebody who drew aid before makes no entrant
before AS (
    SELECT suspect.row_id
    FROM suspect
    INNER JOIN roll ON suspect.person_key = roll.person_key
    WHERE roll.program IN ('DB', 'TK') AND roll.row_month < MONTH_OF(suspect.start_date)
    GROUP BY suspect.row_id
)

SELECT
    suspect.person_key,
    suspect.name,
    suspect.township,
    suspect.village,
    suspect.row_id AS ev_roll,
    suspect.application_rows AS ev_application,
    CASE WHEN suspect.program = 'TK' THEN '特困供养' ELSE '低保' END AS fact_program,
    suspect.start_date AS fact_start_date,
    suspect.missing AS fact_missing
FROM suspect
LEFT JOIN before ON suspect.row_id = before.row_id
WHERE before.row_id IS NULL
