/* ---
id: R51
title: 特困、儿童环节超期
version: 1
status: trial
severity: orange
clauses: [C16, C35]
law: [民发〔2021〕43号第13条, 民发〔2021〕43号第15条, 民发〔2021〕43号第16条, 民发〔2019〕62号二, 夏民办〔2023〕14号三(二)]
subject: person
identity: mixed
needs: [application]
reads: [application_row]
params:
  tekun_township_days: TK-07.days
  tekun_county_days: TK-08.days
  child_township_days: ET-04.township_days
  child_county_days: ET-04.county_days
finds: 乡镇受理后超过{tekun_township_days}个工作日才提出初审意见（儿童{child_township_days}个），或者县级收件后超过{tekun_county_days}个工作日才确认（儿童{child_county_days}个）的特困和困境儿童申请。
summary: "{name}的{program}申请{steps}，请核实原因，仍在办理的请催办。"
false_hits: [台账日期录错, 有异议重新调查而台账未登记, 申请人补充材料的时间未扣除]
verify: [查申请档案各环节原件日期, 核对系统受理和办结日期, 向经办人员了解原因]
reading: >-
  工作日按国务院办公厅公布的放假安排，起始日不计，期限最后一日在内；公布以后年份未知的只按周末推算。
  只看台账写了起始日期的环节。公示有异议而在公示以后提出意见的，乡镇的期限从公示结束之日重新起算。
  没有办完的算到比对日，台账写明月份的算到该月底；以后的环节已有日期，或者这张表上谁都没有填这一栏的，不推断。
  只写到月的日期按最短的可能计算。撤回的不列。
--- */
WITH timed AS (
    SELECT
        a.row_id,
        a.person_key,
        a.name,
        a.township,
        a.village,
        a.program_name,
        a.township_opinion_on IS NULL AS is_opinion_open,
        a.decided_on IS NULL AS is_decision_open,
        WORKDAYS_BETWEEN(
            -- an objection begins the time anew for the opinion that follows it
            CASE
                WHEN a.objection AND COALESCE(a.township_opinion_on >= a.publish_from, TRUE) THEN a.publish_to_last
                ELSE a.accepted_last
            END,
            COALESCE(
                a.township_opinion_on,
                -- a later step says that this one is over, though not when
                CASE
                    WHEN a.is_open AND a.tells_opinion AND COALESCE(a.publish_from, a.county_received_on) IS NULL THEN a.known_to
                END
            )
        ) AS township_time,
        WORKDAYS_BETWEEN(
            a.county_received_last, COALESCE(a.decided_on, CASE WHEN a.is_open AND a.tells_decided THEN a.known_to END)
        ) AS county_time,
        CASE WHEN a.program = 'TK' THEN $tekun_township_days ELSE $child_township_days END AS township_limit,
        CASE WHEN a.program = 'TK' THEN $tekun_county_days ELSE $child_county_days END AS county_limit
    FROM application_row AS a
    WHERE
        a.program IN ('TK', 'ET')
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
            WHEN timed.township_time > timed.township_limit
                THEN CONCAT(
                    '乡镇', timed.township_time, '个工作日', CASE WHEN timed.is_opinion_open THEN '还没有' ELSE '才' END,
                    '提出初审意见（期限', timed.township_limit, '个）'
                )
        END,
        CASE
            WHEN timed.county_time > timed.county_limit
                THEN CONCAT(
                    '县级收件后', timed.county_time, '个工作日', CASE WHEN timed.is_decision_open THEN '还没有' ELSE '才' END,
                    '作出决定（期限', timed.county_limit, '个）'
                )
        END
    ) AS fact_steps
FROM timed
WHERE
    timed.township_time > timed.township_limit
    OR timed.county_time > timed.county_limit
