/* ---
id: R35
title: 近亲属备案未报或未抽查
version: 1
status: trial
severity: yellow
clauses: [C40]
law: [夏民办〔2023〕14号四(四)]
subject: township
identity: none
needs: [submission|kin_filing]
uses: [child, dibao_household, dibao_member, disability_cert, disability_subsidy, low_income_household,
  low_income_member, officer, tekun_person]
reads: [submission, kin_filing, cadre]
params:
  home_county: home_county
  interval_days: {key: PL-05.interval_days, optional: true, part: 近亲属备案的报送间隔}
  sample_rate: {key: PL-05.sample_rate, optional: true, part: 近亲属备案的抽查比例}
finds: 近亲属备案过了应报日期才报送或没有报送、距上次报送超过规定间隔，或已备案的核查比例低于规定比例的乡镇。
summary: "{township}近亲属备案：{reason}。请核实报送和抽查情况。"
false_hits: [已报送而登记台账没有更新, 核查结果另行登记, 该乡镇没有近亲属享受救助]
verify: [查报送登记和备案表, 与乡镇核对, 对已备案的按比例入户核查]
reading: >-
  应报日期当天报送算按时，只写到月的按月末；只看应报日期最近的一次和最近一次报送。距上次报送满规定天数的当天仍算及时，间隔没有设置的不比。
  核查比例按乡镇全部已备案的人（干部与亲属为一对，各表重复的算一次）计，等于规定比例不报，什么时候核查的都算；表上没有写过核查时间的不比，比例没有设置的不比。
  经办人员与村（居）干部名册已交而其中没有该乡镇在任人员的，该乡镇不报。整张登记表没有写过报送日期的不推断。
--- */
WITH told AS (
    SELECT
        s.row_id,
        s.township,
        CASE s.due_on_precision
            WHEN 'month' THEN LAST_DAY(s.due_on)
            WHEN 'quarter' THEN LAST_DAY(ADD_MONTHS(s.due_on, 2)) -- literal: third month of a quarter
            WHEN 'year' THEN LAST_DAY(ADD_MONTHS(s.due_on, 11)) -- literal: twelfth month of a year
            ELSE s.due_on
        END AS due_on,
        CASE WHEN s.submitted_on <= $as_of THEN s.submitted_on END AS submitted_on,
        s.kind,
        BOOL_OR(s.submitted_on IS NOT NULL) OVER (PARTITION BY s.row_id >> 38) AS tells_day -- literal: the sheet's place in row_id
    FROM submission AS s
    WHERE s.county_name IS NULL OR STARTS_WITH(s.county_name, $home_county) OR STARTS_WITH($home_county, s.county_name)
),

-- one return a township and day due, however often the register was delivered
handed AS (
    SELECT
        told.township,
        told.due_on,
        MIN(told.submitted_on) AS submitted_on,
        MIN(told.row_id) AS row_id,
        ROW_NUMBER() OVER (PARTITION BY told.township ORDER BY told.due_on DESC NULLS LAST) AS place,
        MAX(MAX(told.submitted_on)) OVER (PARTITION BY told.township) AS last_on
    FROM told
    WHERE told.kind = 'kin' AND told.tells_day AND (told.submitted_on IS NOT NULL OR COALESCE(told.due_on <= $as_of, TRUE))
    GROUP BY told.township, told.due_on
),

filed AS (
    SELECT
        k.township,
        COALESCE(CAST(k.officer_key AS VARCHAR), k.officer_name) AS officer,
        COALESCE(CAST(k.relative_key AS VARCHAR), k.relative_name) AS relative,
        MIN(k.row_id) AS row_id,
        BOOL_OR(COALESCE(k.checked_on <= $as_of, FALSE)) AS is_checked,
        BOOL_OR(k.tells_check) AS tells_check
    FROM (
        SELECT
            f.row_id,
            f.township,
            f.officer_key,
            f.officer_name,
            f.relative_key,
            f.relative_name,
            f.checked_on,
            BOOL_OR(f.checked_on IS NOT NULL) OVER (PARTITION BY f.row_id >> 38) AS tells_check -- literal: the sheet's place in row_id
        FROM kin_filing AS f
        WHERE
            COALESCE(f.filed_on <= $as_of, TRUE)
            AND (f.county_name IS NULL OR STARTS_WITH(f.county_name, $home_county) OR STARTS_WITH($home_county, f.county_name))
    ) AS k
    GROUP BY
        k.township, COALESCE(CAST(k.officer_key AS VARCHAR), k.officer_name), COALESCE(CAST(k.relative_key AS VARCHAR), k.relative_name)
),

flaw AS (
    SELECT
        handed.township,
        handed.row_id,
        CASE
            WHEN handed.submitted_on IS NULL
                THEN CONCAT('应于', YEAR(handed.due_on), '年', MONTH(handed.due_on), '月', DAY(handed.due_on), '日前报送，至今没有报送')
            ELSE CONCAT(
                '应于', YEAR(handed.due_on), '年', MONTH(handed.due_on), '月', DAY(handed.due_on), '日前报送，',
                YEAR(handed.submitted_on), '年', MONTH(handed.submitted_on), '月', DAY(handed.submitted_on), '日才报送'
            )
        END AS reason
    FROM handed
    WHERE handed.place = 1 AND COALESCE(handed.submitted_on, $as_of) > handed.due_on
    UNION ALL
    SELECT
        handed.township,
        handed.row_id,
        CONCAT(
            '自', YEAR(handed.last_on), '年', MONTH(handed.last_on), '月', DAY(handed.last_on), '日报送后已超过',
            CAST($interval_days AS VARCHAR), '天没有再报送'
        ) AS reason
    FROM handed
    WHERE handed.place = 1 AND $as_of > handed.last_on + CAST($interval_days AS INTEGER)
    UNION ALL
    SELECT
        filed.township,
        MIN(filed.row_id) AS row_id,
        '已备案的核查比例低于规定比例' AS reason
    FROM filed
    WHERE filed.tells_check
    GROUP BY filed.township
    HAVING COUNT(*) * $sample_rate > SUM(CASE WHEN filed.is_checked THEN 100 ELSE 0 END) -- literal: per cent
),

staffed AS (
    SELECT cadre.township
    FROM cadre
    WHERE cadre.is_in_post
    GROUP BY cadre.township
),

listed AS (
    SELECT COUNT(*) AS townships
    FROM staffed
)

SELECT
    flaw.township,
    ARRAY_AGG(DISTINCT flaw.row_id) AS ev_source,
    ARRAY_TO_STRING(LIST_SORT(ARRAY_AGG(DISTINCT flaw.reason)), '；') AS fact_reason
FROM flaw
CROSS JOIN listed
LEFT JOIN staffed ON flaw.township = staffed.township
WHERE flaw.township IS NOT NULL AND (staffed.township IS NOT NULL OR listed.townships = 0)
GROUP BY flaw.township
