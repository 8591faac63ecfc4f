/* ---
id: R50
title: 低保环节超期
version: 1
status: trial
severity: orange
clauses: [C16]
law: [民发〔2021〕57号第15至22条, 民发〔2022〕83号四(一), 夏民办〔2023〕14号三(二)]
subject: person
identity: mixed
needs: [application]
reads: [application_row]
params:
  survey_days: DB-12
  check_days: DB-13
  county_days: DB-15
  total_days: DB-18.total
  extended_days: DB-18.extended
  delegated_days: {key: DB-18.delegated, optional: true, part: 委托乡镇确认的低保申请的办理总时限}
finds: 受理后{survey_days}个工作日内未启动调查，提请核对后{check_days}个工作日内未启动核对，县级收件后{county_days}个工作日内未确认，或者受理到确认超过{total_days}个工作日（依法延期的{extended_days}个）的低保和低保边缘申请。
summary: "{name}的{program}申请{steps}，请核实原因，仍在办理的请催办。"
false_hits: [台账日期录错, 依法延期而台账未登记, 申请人补充材料的时间未扣除]
verify: [查申请档案各环节原件日期, 核对系统受理和办结日期, 向经办人员了解原因]
reading: >-
  工作日按国务院办公厅公布的放假安排，起始日不计，期限最后一日在内；公布以后年份未知的只按周末推算。低保边缘申请参照低保程序。
  只看台账写了起始日期的环节：没有受理日期不推断调查和总时限，没有提请核对日期不推断核对，没有县级收件日期不推断县级确认。
  没有办完的算到比对日，台账写明月份的算到该月底；该环节以后的环节已有日期，或者这张表上谁都没有填这一栏的，不推断。
  只写到月的日期按最短的可能计算。撤回的不列。整张表没有填“是否延期”的，一律按延期后的期限；登记委托乡镇确认的按委托的期限。
--- */
WITH timed AS (
    SELECT
        a.row_id,
        a.person_key,
        a.name,
        a.township,
        a.village,
        a.program_name,
        a.survey_on IS NULL AS is_survey_open,
        a.check_started_on IS NULL AS is_check_open,
        a.decided_on IS NULL AS is_decision_open,
        WORKDAYS_BETWEEN(
            a.accepted_last,
            COALESCE(
                a.survey_on,
                -- a later step says that this one is over, though not when
                CASE
                    WHEN
                        a.is_open
                        AND a.tells_survey
                        AND COALESCE(a.township_opinion_on, a.publish_from, a.county_received_on) IS NULL
                        THEN a.known_to
                END
            )
        ) AS survey_time,
        WORKDAYS_BETWEEN(
            a.check_asked_last,
            COALESCE(
                a.check_started_on,
                CASE
                    WHEN
                        a.is_open
                        AND a.tells_check_start
                        AND COALESCE(a.check_back_on, a.township_opinion_on, a.publish_from, a.county_received_on) IS NULL
                        THEN a.known_to
                END
            )
        ) AS check_time,
        WORKDAYS_BETWEEN(
            a.county_received_last, COALESCE(a.decided_on, CASE WHEN a.is_open AND a.tells_decided THEN a.known_to END)
        ) AS county_time,
        WORKDAYS_BETWEEN(
            a.accepted_last, COALESCE(a.decided_on, CASE WHEN a.is_open AND a.tells_decided THEN a.known_to END)
        ) AS total_time,
        CASE
            WHEN COALESCE(a.extended, NOT a.tells_extended) THEN $extended_days
            WHEN a.delegated THEN COALESCE($delegated_days, $total_days)
            ELSE $total_days
        END AS total_limit
    FROM application_row AS a
    WHERE
        a.program IN ('DB', 'BY')
        AND a.person_key IS NOT NULL
        AND COALESCE(a.decision, '') <> 'withdraw'
)

SELECT
    timed.person_key,
    timed.name,
    timed.township,
    timed.village,
    timed.row_id AS ev_application,
    timed.program_name AS fact_program,
    CONCAT_WS(
        '，',
        CASE
            WHEN timed.survey_time > $survey_days
                THEN CONCAT(
                    '受理后', timed.survey_time, '个工作日', CASE WHEN timed.is_survey_open THEN '还没有' ELSE '才' END,
                    '启动调查（期限', $survey_days, '个）'
                )
        END,
        CASE
            WHEN timed.check_time > $check_days
                THEN CONCAT(
                    '提请核对后', timed.check_time, '个工作日', CASE WHEN timed.is_check_open THEN '还没有' ELSE '才' END,
                    '启动核对（期限', $check_days, '个）'
                )
        END,
        CASE
            WHEN timed.county_time > $county_days
                THEN CONCAT(
                    '县级收件后', timed.county_time, '个工作日', CASE WHEN timed.is_decision_open THEN '还没有' ELSE '才' END,
                    '作出决定（期限', $county_days, '个）'
                )
        END,
        CASE
            WHEN timed.total_time > timed.total_limit
                THEN CONCAT(
                    '受理后', timed.total_time, '个工作日', CASE WHEN timed.is_decision_open THEN '还没有' ELSE '才' END,
                    '办结（总时限', timed.total_limit, '个）'
                )
        END
    ) AS fact_steps
FROM timed
WHERE
    timed.survey_time > $survey_days
    OR timed.check_time > $check_days
    OR timed.county_time > $county_days
    OR timed.total_time > timed.total_limit
