/* ---
id: R74
title: 比对或预警超期
version: 1
status: trial
severity: orange
clauses: [C26, C37]
law: [夏民办〔2023〕14号四(三), 民发〔2022〕83号三(三)]
subject: unit
identity: none
needs: [warning_in|match_run]
reads: [warning_in, match_run]
params:
  home_county: home_county
  poverty_months: {key: DS-05, optional: true, part: 与乡村振兴数据比对}
  death_months: {key: DS-11.death_months, optional: true, part: 殡葬和死亡信息比对}
  other_months: {key: DS-11.other_months, optional: true, part: 其他信息比对}
finds: 过了反馈时限还没有反馈、或超过时限才反馈的预警信息，以及距上次开展已超过规定间隔的信息比对。
summary: "{name}：{reason}。请核实办理情况，尽快反馈或开展比对。"
false_hits: [已在上级系统反馈而核查表没有更新, 比对已开展而台账没有登记]
verify: [查预警核查表和系统反馈记录, 查比对开展记录, 逾期的尽快办理并说明原因]
reading: >-
  预警记在乡镇名下（没有乡镇的记县民政局），信息比对记县民政局。反馈时限只写到月的按月末，当天反馈算按时；写了核查结果或处理情况而没有反馈日期的视为已反馈；
  整张表没有写过核查结果、处理情况和反馈日期的不推断。同一预警在几张表上的，合在一起看。比对间隔按月计，满间隔的当天仍算及时；台账上从未列过的比对事项、“其他”和间隔没有设置的不比。
--- */
WITH warned AS (
    SELECT
        w.row_id,
        w.township,
        COALESCE(NULLIF(TRIM(w.warn_no), ''), CONCAT_WS('|', CAST(w.person_key AS VARCHAR), w.name, w.warn_kind, CAST(w.issued_on AS VARCHAR))) AS warning,
        CASE w.due_on_precision
            WHEN 'month' THEN LAST_DAY(w.due_on)
            WHEN 'quarter' THEN LAST_DAY(ADD_MONTHS(w.due_on, 2)) -- literal: third month of a quarter
            WHEN 'year' THEN LAST_DAY(ADD_MONTHS(w.due_on, 11)) -- literal: twelfth month of a year
            ELSE w.due_on
        END AS due_on,
        CASE WHEN w.done_on <= $as_of THEN w.done_on END AS done_on,
        w.check_result IS NOT NULL OR w.action IS NOT NULL AS is_answered,
        BOOL_OR(w.check_result IS NOT NULL OR w.action IS NOT NULL OR w.done_on IS NOT NULL)
            OVER (PARTITION BY w.row_id >> 38) AS tells_answer -- literal: the sheet's place in row_id
    FROM warning_in AS w
    WHERE w.county_name IS NULL OR STARTS_WITH(w.county_name, $home_county) OR STARTS_WITH($home_county, w.county_name)
),

warning AS (
    SELECT
        warned.warning,
        MIN(warned.township) AS township,
        MIN(warned.row_id) AS row_id,
        MAX(warned.due_on) AS due_on,
        MIN(warned.done_on) AS done_on,
        BOOL_OR(warned.is_answered) AS is_answered,
        BOOL_OR(warned.tells_answer) AS tells_answer
    FROM warned
    GROUP BY warned.warning
),

run AS (
    SELECT
        m.kind,
        m.run_on,
        m.row_id,
        ROW_NUMBER() OVER (PARTITION BY m.kind ORDER BY m.run_on DESC, m.row_id) AS place
    FROM match_run AS m
    WHERE
        m.run_on <= $as_of
        AND m.kind <> 'other'
        AND (m.county_name IS NULL OR STARTS_WITH(m.county_name, $home_county) OR STARTS_WITH($home_county, m.county_name))
),

flaw AS (
    SELECT
        COALESCE(warning.township, '县民政局') AS unit,
        warning.township,
        warning.row_id,
        CASE WHEN warning.done_on IS NULL THEN '有预警信息过了时限还没有反馈' ELSE '有预警信息超过时限才反馈' END AS reason
    FROM warning
    WHERE
        warning.tells_answer
        AND NOT (warning.is_answered AND warning.done_on IS NULL)
        AND COALESCE(warning.done_on, $as_of) > warning.due_on
    UNION ALL
    SELECT
        '县民政局' AS unit,
        CAST(NULL AS VARCHAR) AS township,
        run.row_id,
        CONCAT(
            CASE run.kind
                WHEN 'death' THEN '殡葬死亡'
                WHEN 'poverty' THEN '乡村振兴'
                WHEN 'disability' THEN '残疾人'
                WHEN 'illness' THEN '医保大病'
                WHEN 'hr' THEN '人社'
                WHEN 'housing' THEN '不动产'
                WHEN 'vehicle' THEN '车辆'
                WHEN 'market' THEN '市场主体'
                WHEN 'police' THEN '公安户籍'
                ELSE '资金账户'
            END,
            '信息自', YEAR(run.run_on), '年', MONTH(run.run_on), '月', DAY(run.run_on), '日后没有再比对'
        ) AS reason
    FROM run
    WHERE
        run.place = 1
        AND $as_of > ADD_MONTHS(
            run.run_on, CASE run.kind WHEN 'death' THEN $death_months WHEN 'poverty' THEN $poverty_months ELSE $other_months END
        )
)

SELECT
    flaw.unit,
    MIN(flaw.township) AS township,
    ARRAY_AGG(DISTINCT flaw.row_id) AS ev_source,
    ARRAY_TO_STRING(LIST_SORT(ARRAY_AGG(DISTINCT flaw.reason)), '；') AS fact_reason
FROM flaw
GROUP BY flaw.unit
