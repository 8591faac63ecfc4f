/* ---
id: R79
title: 线索未移送
version: 1
status: trial
severity: red
clauses: [C48]
law: [夏民办〔2023〕14号六(三), 监察法第37条]
subject: item
identity: none
needs: [referral]
reads: [referral]
params:
  home_county: home_county
  transfer_days: PL-11
finds: 反映干部职工的问题线索核实属实后{transfer_days}日内没有移送纪检监察机关。
summary: "线索{name}于{verified_on}核实属实，{reason}。请核实是否已经移送，没有移送的尽快办理并留存回执。"
false_hits: [已移送而台账未登记, 由纪检监察机关自己交办的线索, 核实结论填写有误]
verify: [查线索核实报告, 查移送函和回执, 未移送的按程序移送]
reading: >-
  核实结果为属实或部分属实，且写有核实日期的才看；核实日不计，满期限的当天仍算及时。写明不是民政干部职工的不看，没有写的看职务和单位。
  写了接收单位或回执而没有移送日期的视为已移送。整张表没有写过移送日期、接收单位和回执的不推断。同一线索在几张表上的，合在一起看。
--- */
WITH said AS (
    SELECT
        r.row_id,
        COALESCE(
            NULLIF(TRIM(r.lead_no), ''), CONCAT_WS(' ', r.township, r.unit, CAST(COALESCE(r.found_on, r.verified_on) AS VARCHAR), '线索')
        ) AS item,
        r.township,
        CASE WHEN r.verified IN ('true', 'partly') AND r.verified_on <= $as_of THEN r.verified_on END AS verified_on,
        CASE WHEN r.transferred_on <= $as_of THEN r.transferred_on END AS transferred_on,
        r.transferred_on IS NULL
        AND (COALESCE(TRIM(r.transferred_to) NOT IN ('', '无', '否', '未移送', '-', '/'), FALSE) OR COALESCE(r.receipt, FALSE)) AS is_sent,
        COALESCE(
            r.is_staff,
            REGEXP_MATCHES(
                CONCAT_WS('', r.subject_post, r.unit),
                '民政|救助|经办|敬老院|供养|干部|书记|支书|主任|会计|委员|所长|局长|科长|乡长|镇长|村委|居委|两委|专干'
            )
        ) AS is_staff,
        BOOL_OR(r.transferred_on IS NOT NULL OR r.transferred_to IS NOT NULL OR r.receipt IS NOT NULL)
            OVER (PARTITION BY r.row_id >> 38) AS tells_transfer -- literal: the sheet's place in row_id
    FROM referral AS r
    WHERE r.county_name IS NULL OR STARTS_WITH(r.county_name, $home_county) OR STARTS_WITH($home_county, r.county_name)
),

lead AS (
    SELECT
        said.item,
        MIN(said.township) AS township,
        ARRAY_AGG(DISTINCT said.row_id) AS row_ids,
        MAX(said.verified_on) AS verified_on,
        MIN(said.transferred_on) AS transferred_on,
        BOOL_OR(said.is_sent) AS is_sent,
        BOOL_AND(said.is_staff) AS is_staff,
        BOOL_OR(said.tells_transfer) AS tells_transfer
    FROM said
    GROUP BY said.item
)

SELECT
    lead.item,
    lead.township,
    lead.row_ids AS ev_referral,
    lead.verified_on AS fact_verified_on,
    CASE
        WHEN lead.transferred_on IS NULL THEN '至今没有移送记录'
        ELSE CONCAT(YEAR(lead.transferred_on), '年', MONTH(lead.transferred_on), '月', DAY(lead.transferred_on), '日才移送')
    END AS fact_reason
FROM lead
WHERE
    lead.tells_transfer
    AND lead.is_staff
    AND NOT lead.is_sent
    AND COALESCE(lead.transferred_on, $as_of) > lead.verified_on + CAST($transfer_days AS INTEGER)
