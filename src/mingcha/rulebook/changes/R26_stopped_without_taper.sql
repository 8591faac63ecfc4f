/* ---
id: R26
title: 应渐退直接停保
version: 1
status: trial
severity: blue
clauses: [C20]
law: [民发〔2021〕57号第33条, 民发〔2022〕83号一(三), 夏民办〔2023〕14号三(三)]
subject: household
identity: exact
needs: [dibao_household|dibao_member]
uses: [child, death_cancel, disability_cert, disability_subsidy, funeral, low_income_household, low_income_member,
  notice, officer, tekun_person]
reads: [roll_change, notice_row, dibao_unit, aid_person, death, dibao_household]
finds: 因就业停保，而名册上没有渐退月份、台账上也没有渐退告知的低保家庭。
summary: "{name}家庭因就业自{month}起停保（{basis}），没有查到渐退期。请核实是否应当给予渐退，并向家庭说明。"
false_hits: [渐退期满后停保而名册没有渐退栏, 家庭自愿退出, 停保原因填错]
verify: [查停保审批和原因, 查有无渐退决定, 了解家庭现在的收入, 应当渐退的按规定补办]
reading: >-
  停保原因看告知书和名册的终止原因，各处写明的原因都是就业才算；原因没有写明的不推断。名册、告知台账都看不出有没有渐退的乡镇不推断。
  户主已死亡、本户仍在册、家庭成员已转入其他救助的不算。渐退期只要有过一个月就不算。
--- */
WITH stop AS (
    SELECT
        change.person_key AS household_key,
        change.name,
        change.township,
        change.village,
        change.month,
        COALESCE(change.row_after, change.row_before) AS roll_row,
        CAST(NULL AS BIGINT) AS notice_id,
        change.reason_kind
    FROM roll_change AS change
    WHERE change.program = 'DB' AND change.kind <> 'cut' AND change.id_is_valid AND change.moved_to IS NULL
    UNION ALL
    SELECT
        COALESCE(notice.head_key, notice.person_key) AS household_key,
        COALESCE(notice.head_name, notice.name) AS name,
        notice.township,
        notice.village,
        notice.month,
        CAST(NULL AS BIGINT) AS roll_row,
        notice.row_id AS notice_id,
        notice.reason_kind
    FROM notice_row AS notice
    WHERE
        notice.kind = 'stop'
        AND COALESCE(notice.program, 'DB') = 'DB'
        AND COALESCE(notice.head_key, notice.person_key) IS NOT NULL
),

stopped AS (
    SELECT
        stop.household_key,
        MIN(stop.name) AS name,
        MIN(stop.township) AS township,
        MIN(stop.village) AS village,
        MAX(stop.month) AS month,
        ARRAY_AGG(DISTINCT stop.roll_row) FILTER (WHERE stop.roll_row IS NOT NULL) AS roll_rows,
        ARRAY_AGG(DISTINCT stop.notice_id) FILTER (WHERE stop.notice_id IS NOT NULL) AS notice_ids,
        BOOL_OR(stop.notice_id IS NOT NULL AND stop.reason_kind = 'job') AS is_by_notice
    FROM stop
    GROUP BY stop.household_key
    HAVING COUNT(stop.reason_kind) > 0 AND MIN(stop.reason_kind) = 'job' AND MAX(stop.reason_kind) = 'job'
),

tapered AS (
    SELECT
        house.head_key AS household_key,
        house.township
    FROM dibao_household AS house
    WHERE
        house.taper_start IS NOT NULL
        OR house.taper_end IS NOT NULL
        OR COALESCE(house.status = 'taper', FALSE)
    UNION ALL
    SELECT
        notice.person_key AS household_key,
        notice.township
    FROM notice_row AS notice
    WHERE notice.kind = 'taper'
    UNION ALL
    SELECT
        notice.head_key AS household_key,
        notice.township
    FROM notice_row AS notice
    WHERE notice.kind = 'taper'
),

-- a roll without taper columns and no ledger of notices say nothing about anybody's taper
told AS (
    SELECT tapered.township
    FROM tapered
    UNION
    SELECT notice.township
    FROM notice_row AS notice
    WHERE notice.tells_stops
),

still_on AS (
    SELECT unit.household_key AS person_key
    FROM dibao_unit AS unit
    WHERE unit.is_active
    UNION
    SELECT aid.person_key
    FROM aid_person AS aid
    WHERE aid.program IN ('DB', 'TK', 'ET') AND aid.is_active
    UNION
    SELECT death.person_key
    FROM death
    WHERE death.id_is_valid AND death.death_date <= $as_of
    UNION
    SELECT tapered.household_key AS person_key
    FROM tapered
)

SELECT
    stopped.household_key,
    stopped.name,
    stopped.township,
    stopped.village,
    stopped.roll_rows AS ev_roll,
    stopped.notice_ids AS ev_notice,
    stopped.month AS fact_month,
    CASE WHEN stopped.is_by_notice THEN '见停保告知书' ELSE '见名册终止原因' END AS fact_basis,
    stopped.month AS period
FROM stopped
INNER JOIN told ON COALESCE(stopped.township, '') = COALESCE(told.township, stopped.township, '')
LEFT JOIN still_on ON stopped.household_key = still_on.person_key
WHERE still_on.person_key IS NULL
GROUP BY
    stopped.household_key, stopped.name, stopped.township, stopped.village, stopped.roll_rows, stopped.notice_ids,
    stopped.month, stopped.is_by_notice
