/* ---
id: R77
title: 热线不通或工单超时
version: 1
status: trial
severity: yellow
clauses: [C30]
law: [夏民办〔2023〕14号四(一), 国办发〔2020〕53号, 民发〔2021〕57号第36条]
subject: unit
identity: none
needs: [dial_test|hotline]
reads: [dial_test, hotline]
params:
  home_county: home_county
  slip_days: {key: XF-12, optional: true, part: 没有写办理时限的工单}
finds: 最近一次拨测没有接通的救助热线，以及超过办理时限才答复办结、或写明没有与12345共享的工单。
summary: "{name}：{reason}。请核实热线值守和工单办理情况。"
false_hits: [拨测时线路检修, 号码已更换而公布未更新, 工单已在系统办结而台账未更新]
verify: [再次拨打公布的号码, 核对值守安排, 查工单系统办理时间]
reading: >-
  按单位合为一条。同一号码以比对日前最近一次拨测为准，同时有接通的算接通。工单有办理时限的按时限（只写到日的当天仍算按时），
  没有的按受理日加工单时限天数，天数没有设置的不比；答复、办结以较早的为准，没有办结的算到比对日；写明已答复、已办结而没有时间的不算超时。表上没有答复、办结时间和状态的不论超时。同一编号的工单在几张表上的，合在一起看。
--- */
WITH tried AS (
    SELECT
        d.row_id,
        COALESCE(d.unit, d.township, '热线') AS unit,
        d.township,
        d.connected,
        ROW_NUMBER() OVER (
            PARTITION BY COALESCE(CAST(d.hotline_no_key AS VARCHAR), d.unit, d.township)
            ORDER BY d.called_at DESC, d.connected DESC, d.row_id
        ) AS place
    FROM dial_test AS d
    WHERE
        CAST(d.called_at AS DATE) <= $as_of
        AND d.connected IS NOT NULL
        AND (d.county_name IS NULL OR STARTS_WITH(d.county_name, $home_county) OR STARTS_WITH($home_county, d.county_name))
),

told AS (
    SELECT
        h.row_id,
        h.case_no,
        COALESCE(h.handler, h.township, '承办单位不明') AS unit,
        h.township,
        h.received_at,
        h.due_at,
        CASE WHEN CAST(LEAST(h.replied_at, h.closed_at) AS DATE) <= $as_of THEN LEAST(h.replied_at, h.closed_at) END AS done_at,
        COALESCE(h.status IN ('closed', 'replied', 'returned'), FALSE) AS is_over,
        COALESCE(NOT h.shared, FALSE) AS is_kept,
        BOOL_OR(h.replied_at IS NOT NULL OR h.closed_at IS NOT NULL OR h.status IS NOT NULL)
            OVER (PARTITION BY h.row_id >> 38) AS tells_end -- literal: the sheet's place in row_id
    FROM hotline AS h
    WHERE
        COALESCE(CAST(h.received_at AS DATE) <= $as_of, TRUE)
        AND (h.county_name IS NULL OR STARTS_WITH(h.county_name, $home_county) OR STARTS_WITH($home_county, h.county_name))
),

slip AS (
    SELECT
        told.case_no,
        MIN(told.unit) AS unit,
        MIN(told.township) AS township,
        ARRAY_AGG(DISTINCT told.row_id) AS row_ids,
        MAX(told.due_at) AS due_at,
        MAX(COALESCE(CAST(told.due_at AS DATE), CAST(told.received_at AS DATE) + CAST($slip_days AS INTEGER))) AS due_on,
        MIN(told.done_at) AS done_at,
        BOOL_OR(told.is_over) AS is_over,
        BOOL_OR(told.is_kept) AS is_kept,
        BOOL_OR(told.tells_end) AS tells_end
    FROM told
    GROUP BY told.case_no
),

flaw AS (
    SELECT
        tried.unit,
        tried.township,
        '拨测没有接通' AS kind,
        tried.row_id
    FROM tried
    WHERE tried.place = 1 AND NOT tried.connected
    UNION ALL
    SELECT
        slip.unit,
        slip.township,
        '工单超时' AS kind,
        UNNEST(slip.row_ids) AS row_id
    FROM slip
    WHERE
        slip.tells_end
        AND NOT (slip.is_over AND slip.done_at IS NULL)
        AND (
            COALESCE(CAST(slip.done_at AS DATE), $as_of) > slip.due_on
            OR (
                CAST(slip.done_at AS DATE) = slip.due_on
                -- a limit without a time of day runs to the day's end
                AND slip.due_at > CAST(CAST(slip.due_at AS DATE) AS TIMESTAMP)
                AND slip.done_at > slip.due_at
            )
        )
    UNION ALL
    SELECT
        slip.unit,
        slip.township,
        '工单没有与12345共享' AS kind,
        UNNEST(slip.row_ids) AS row_id
    FROM slip
    WHERE slip.is_kept
)

SELECT
    flaw.unit,
    MIN(flaw.township) AS township,
    ARRAY_AGG(DISTINCT flaw.row_id) AS ev_source,
    ARRAY_TO_STRING(LIST_SORT(ARRAY_AGG(DISTINCT flaw.kind)), '、') AS fact_reason
FROM flaw
GROUP BY flaw.unit
