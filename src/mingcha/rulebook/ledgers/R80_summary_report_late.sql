/* ---
id: R80
title: 总结报告逾期
version: 1
status: trial
severity: yellow
clauses: [C44]
law: [夏民办〔2023〕14号五]
subject: township
identity: none
needs: [submission]
reads: [submission]
params:
  home_county: home_county
  report_day: {key: PL-08, optional: true, part: 没有写应报日期的总结报告}
finds: 过了应报日期才报送、或至今没有报送综合治理总结报告的乡镇。
summary: "{township}的综合治理总结报告{reason}，请核实并督促报送。"
false_hits: [已报送而登记台账没有更新, 应报日期登记有误]
verify: [查收文登记, 与乡镇核对报送时间, 没有报送的督促补报]
reading: >-
  应报日期以登记台账为准，没有写的按统一的报送日期，且只用于同一年的报告（所属期写明是别的年份的、晚于该日期一年以上的不比）。应报日期当天报送算按时，只写到月的按月末。
  台账上没有列出的乡镇不推断；整张表没有写过报送日期的不推断。同一乡镇同一所属期在几张表上的，合在一起看。
--- */
WITH said AS (
    SELECT
        s.row_id,
        s.township,
        COALESCE(s.period, CAST(YEAR(s.due_on) AS VARCHAR), '') AS period,
        COALESCE(
            CASE s.due_on_precision
                WHEN 'month' THEN LAST_DAY(s.due_on)
                WHEN 'quarter' THEN LAST_DAY(ADD_MONTHS(s.due_on, 2)) -- literal: third month of a quarter
                WHEN 'year' THEN LAST_DAY(ADD_MONTHS(s.due_on, 11)) -- literal: twelfth month of a year
                ELSE s.due_on
            END,
            CASE
                WHEN
                    COALESCE(CONTAINS(s.period, CAST(YEAR(CAST($report_day AS DATE)) AS VARCHAR)), TRUE)
                    -- the report of a later year has a day of its own
                    AND COALESCE(s.submitted_on, $as_of) < ADD_MONTHS(CAST($report_day AS DATE), 12) -- literal: a year
                    THEN CAST($report_day AS DATE)
            END
        ) AS due_on,
        CASE WHEN s.submitted_on <= $as_of THEN s.submitted_on END AS submitted_on,
        BOOL_OR(s.submitted_on IS NOT NULL) OVER (PARTITION BY s.row_id >> 38) AS tells_day, -- literal: the sheet's place in row_id
        s.kind
    FROM submission AS s
    WHERE
        s.township IS NOT NULL
        AND (s.county_name IS NULL OR STARTS_WITH(s.county_name, $home_county) OR STARTS_WITH($home_county, s.county_name))
),

report AS (
    SELECT
        said.township,
        said.period,
        ARRAY_AGG(DISTINCT said.row_id) AS row_ids,
        MAX(said.due_on) AS due_on,
        MIN(said.submitted_on) AS submitted_on,
        BOOL_OR(said.tells_day) AS tells_day
    FROM said
    WHERE said.kind = 'summary'
    GROUP BY said.township, said.period
)

SELECT
    report.township,
    FLATTEN(ARRAY_AGG(report.row_ids)) AS ev_submission,
    ARRAY_TO_STRING(
        LIST_SORT(
            ARRAY_AGG(
                DISTINCT
                CONCAT(
                    '应于', YEAR(report.due_on), '年', MONTH(report.due_on), '月', DAY(report.due_on), '日前报送，',
                    CASE
                        WHEN report.submitted_on IS NULL THEN '至今没有报送'
                        ELSE CONCAT(
                            YEAR(report.submitted_on), '年', MONTH(report.submitted_on), '月', DAY(report.submitted_on), '日才报送'
                        )
                    END
                )
            )
        ),
        '；'
    ) AS fact_reason
FROM report
WHERE report.tells_day AND COALESCE(report.submitted_on, $as_of) > report.due_on
GROUP BY report.township
