/* ---
id: application_row
title: 社会救助申请办理台账
reads: [application]
params: {home_county: home_county}
columns:
  person_key: the applicant's; the head's where the sheet names the head alone; likewise name and id_is_valid
  household_key: the head's where his number stands there, else the applicant's
  accepted_last: last day of what 受理日期 covers where it names a month or a year alone; the same as accepted_on for a day
  program_name: the programme in words
  decision: code of decision; NULL where it was taken after the comparison date
  is_open: neither decided nor withdrawn, as far as the sheet knows
  known_to: the day up to which the sheet knows, that is the end of the month it speaks of, at most the comparison date
  tells_survey: some row of the programme on the sheet has this column filled, and so for each tells_
--- */
-- Applications of our county and their steps (申请办理台账), one row a case: of a case that several deliveries list, the
-- newest, and of the newest the one that got farthest. Days after the comparison date have not come yet, and are NULL.
-- A step written as a month or a year counts from its first day; where a limit begins with it, `_last` counts from its last:
-- either way the time taken is the shortest it can have been.
WITH stated AS (
    SELECT
        a.row_id,
        a.row_id >> 38 AS sheet, -- literal: the sheet's place in row_id
        a.roll_month,
        CASE WHEN a.person_key IS NULL AND a.name IS NULL THEN a.head_key ELSE a.person_key END AS person_key,
        COALESCE(
            CASE WHEN a.person_key IS NULL AND a.name IS NULL THEN a.head_is_valid ELSE a.id_is_valid END, FALSE
        ) AS id_is_valid,
        COALESCE(a.name, a.head_name) AS name,
        CASE WHEN a.head_is_valid THEN a.head_key ELSE COALESCE(a.person_key, a.head_key) END AS household_key,
        a.township,
        a.village,
        a.case_no,
        a.program,
        a.aid_type,
        a.is_local,
        a.event_place,
        a.supplement_rounds,
        CASE WHEN a.apply_on <= $as_of THEN a.apply_on END AS apply_on,
        CASE WHEN a.accepted_on <= $as_of THEN a.accepted_on END AS accepted_on,
        CASE WHEN a.second_supplement_on <= $as_of THEN a.second_supplement_on END AS second_supplement_on,
        CASE WHEN a.survey_on <= $as_of THEN a.survey_on END AS survey_on,
        CASE WHEN a.check_asked_on <= $as_of THEN a.check_asked_on END AS check_asked_on,
        CASE WHEN a.check_started_on <= $as_of THEN a.check_started_on END AS check_started_on,
        CASE WHEN a.check_back_on <= $as_of THEN a.check_back_on END AS check_back_on,
        CASE WHEN a.recheck_on <= $as_of THEN a.recheck_on END AS recheck_on,
        CASE WHEN a.township_opinion_on <= $as_of THEN a.township_opinion_on END AS township_opinion_on,
        CASE WHEN a.publish_from <= $as_of THEN a.publish_from END AS publish_from,
        CASE WHEN a.publish_to <= $as_of THEN a.publish_to END AS publish_to,
        CASE WHEN a.county_received_on <= $as_of THEN a.county_received_on END AS county_received_on,
        CASE WHEN a.county_visit_on <= $as_of THEN a.county_visit_on END AS county_visit_on,
        CASE WHEN a.decided_on <= $as_of THEN a.decided_on END AS decided_on,
        CASE
            WHEN a.accepted_on > $as_of THEN NULL
            WHEN a.accepted_on_precision = 'month' THEN LAST_DAY(a.accepted_on)
            WHEN a.accepted_on_precision = 'quarter' THEN LAST_DAY(ADD_MONTHS(a.accepted_on, 2)) -- literal: third month of a quarter
            WHEN a.accepted_on_precision = 'year' THEN LAST_DAY(ADD_MONTHS(a.accepted_on, 11)) -- literal: twelfth month of a year
            ELSE a.accepted_on
        END AS accepted_last,
        CASE
            WHEN a.check_asked_on > $as_of THEN NULL
            WHEN a.check_asked_on_precision = 'month' THEN LAST_DAY(a.check_asked_on)
            WHEN a.check_asked_on_precision = 'quarter' THEN LAST_DAY(ADD_MONTHS(a.check_asked_on, 2)) -- literal: third month of a quarter
            WHEN a.check_asked_on_precision = 'year' THEN LAST_DAY(ADD_MONTHS(a.check_asked_on, 11)) -- literal: twelfth month of a year
            ELSE a.check_asked_on
        END AS check_asked_last,
        CASE
            WHEN a.publish_to > $as_of THEN NULL
            WHEN a.publish_to_precision = 'month' THEN LAST_DAY(a.publish_to)
            WHEN a.publish_to_precision = 'quarter' THEN LAST_DAY(ADD_MONTHS(a.publish_to, 2)) -- literal: third month of a quarter
            WHEN a.publish_to_precision = 'year' THEN LAST_DAY(ADD_MONTHS(a.publish_to, 11)) -- literal: twelfth month of a year
            ELSE a.publish_to
        END AS publish_to_last,
        CASE
            WHEN a.county_received_on > $as_of THEN NULL
            WHEN a.county_received_on_precision = 'month' THEN LAST_DAY(a.county_received_on)
            WHEN a.county_received_on_precision = 'quarter' THEN LAST_DAY(ADD_MONTHS(a.county_received_on, 2)) -- literal: third month of a quarter
            WHEN a.county_received_on_precision = 'year' THEN LAST_DAY(ADD_MONTHS(a.county_received_on, 11)) -- literal: twelfth month of a year
            ELSE a.county_received_on
        END AS county_received_last,
        CASE
            WHEN a.decided_on > $as_of THEN NULL
            WHEN a.decided_on_precision = 'month' THEN LAST_DAY(a.decided_on)
            WHEN a.decided_on_precision = 'quarter' THEN LAST_DAY(ADD_MONTHS(a.decided_on, 2)) -- literal: third month of a quarter
            WHEN a.decided_on_precision = 'year' THEN LAST_DAY(ADD_MONTHS(a.decided_on, 11)) -- literal: twelfth month of a year
            ELSE a.decided_on
        END AS decided_last,
        a.check_result,
        a.recheck_result,
        a.objection,
        a.sampled,
        CASE WHEN a.decided_on > $as_of THEN NULL ELSE a.decision END AS decision,
        CASE WHEN a.decided_on > $as_of THEN NULL ELSE a.decision_text END AS decision_text,
        a.refuse_reason,
        a.extended,
        a.delegated,
        a.handler,
        a.handler_key,
        COALESCE(a.handler_is_valid, FALSE) AS handler_is_valid,
        a.investigators_written AS investigators,
        a.approver
    FROM application AS a
    WHERE
        (a.county_name IS NULL OR STARTS_WITH(a.county_name, $home_county) OR STARTS_WITH($home_county, a.county_name))
        AND COALESCE(a.apply_on, a.accepted_on, a.decided_on, $as_of) <= $as_of
),

told AS (
    SELECT
        stated.row_id,
        stated.sheet,
        stated.roll_month,
        stated.person_key,
        stated.id_is_valid,
        stated.name,
        stated.household_key,
        stated.township,
        stated.village,
        stated.case_no,
        stated.program,
        stated.aid_type,
        stated.is_local,
        stated.event_place,
        stated.supplement_rounds,
        stated.apply_on,
        stated.accepted_on,
        stated.second_supplement_on,
        stated.survey_on,
        stated.check_asked_on,
        stated.check_started_on,
        stated.check_back_on,
        stated.recheck_on,
        stated.township_opinion_on,
        stated.publish_from,
        stated.publish_to,
        stated.county_received_on,
        stated.county_visit_on,
        stated.decided_on,
        stated.accepted_last,
        stated.check_asked_last,
        stated.publish_to_last,
        stated.county_received_last,
        stated.decided_last,
        stated.check_result,
        stated.recheck_result,
        stated.objection,
        stated.sampled,
        stated.decision,
        stated.decision_text,
        stated.refuse_reason,
        stated.extended,
        stated.delegated,
        stated.handler,
        stated.handler_key,
        stated.handler_is_valid,
        stated.investigators,
        stated.approver,
        BOOL_OR(stated.apply_on IS NOT NULL OR stated.accepted_on IS NOT NULL) OVER (PARTITION BY stated.sheet, stated.program) AS tells_apply,
        BOOL_OR(stated.survey_on IS NOT NULL) OVER (PARTITION BY stated.sheet, stated.program) AS tells_survey,
        BOOL_OR(stated.check_started_on IS NOT NULL) OVER (PARTITION BY stated.sheet, stated.program) AS tells_check_start,
        BOOL_OR(stated.recheck_on IS NOT NULL OR stated.recheck_result IS NOT NULL) OVER (PARTITION BY stated.sheet, stated.program) AS tells_recheck,
        BOOL_OR(stated.township_opinion_on IS NOT NULL) OVER (PARTITION BY stated.sheet, stated.program) AS tells_opinion,
        BOOL_OR(stated.publish_from IS NOT NULL) OVER (PARTITION BY stated.sheet, stated.program) AS tells_publish,
        BOOL_OR(stated.county_visit_on IS NOT NULL) OVER (PARTITION BY stated.sheet, stated.program) AS tells_county_visit,
        BOOL_OR(stated.sampled IS NOT NULL) OVER (PARTITION BY stated.sheet, stated.program) AS tells_sampled,
        BOOL_OR(stated.decided_on IS NOT NULL) OVER (PARTITION BY stated.sheet, stated.program) AS tells_decided,
        BOOL_OR(stated.extended IS NOT NULL) OVER (PARTITION BY stated.sheet, stated.program) AS tells_extended,
        ROW_NUMBER() OVER (
            PARTITION BY
                CASE
                    WHEN stated.id_is_valid THEN CONCAT('k', stated.person_key)
                    ELSE CONCAT_WS('，', 'n', stated.township, stated.village, stated.name)
                END,
                stated.program,
                COALESCE(CAST(COALESCE(stated.apply_on, stated.accepted_on) AS VARCHAR), stated.case_no)
            ORDER BY
                stated.roll_month DESC NULLS LAST,
                stated.decided_on IS NULL,
                stated.row_id DESC
        ) AS place
    FROM stated
)

SELECT
    told.row_id,
    told.sheet,
    told.person_key,
    told.id_is_valid,
    told.name,
    told.household_key,
    told.township,
    told.village,
    told.case_no,
    told.program,
    CASE told.program
        WHEN 'DB' THEN '低保'
        WHEN 'TK' THEN '特困供养'
        WHEN 'BY' THEN '低保边缘'
        WHEN 'LS' THEN '临时救助'
        WHEN 'ET' THEN '困境儿童'
        WHEN 'CJ' THEN '残疾人两项补贴'
        ELSE '救助'
    END AS program_name,
    told.aid_type,
    told.is_local,
    told.event_place,
    told.supplement_rounds,
    told.apply_on,
    told.accepted_on,
    told.second_supplement_on,
    told.survey_on,
    told.check_asked_on,
    told.check_started_on,
    told.check_back_on,
    told.recheck_on,
    told.township_opinion_on,
    told.publish_from,
    told.publish_to,
    told.county_received_on,
    told.county_visit_on,
    told.decided_on,
    told.accepted_last,
    told.check_asked_last,
    told.publish_to_last,
    told.county_received_last,
    told.decided_last,
    told.check_result,
    told.recheck_result,
    told.objection,
    told.sampled,
    told.decision,
    told.refuse_reason,
    told.extended,
    told.delegated,
    told.handler,
    told.handler_key,
    told.handler_is_valid,
    told.investigators,
    told.approver,
    COALESCE(told.decision = 'pending', COALESCE(told.decision_text, '') = '') AND told.decided_on IS NULL AS is_open,
    LEAST(COALESCE(MONTH_END(told.roll_month), $as_of), $as_of) AS known_to,
    told.tells_apply,
    told.tells_survey,
    told.tells_check_start,
    told.tells_recheck,
    told.tells_opinion,
    told.tells_publish,
    told.tells_county_visit,
    told.tells_sampled,
    told.tells_decided,
    told.tells_extended
FROM told
WHERE told.place = 1
