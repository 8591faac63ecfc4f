/* ---
id: R75
title: 信访超期
version: 1
status: trial
severity: red
clauses: [C31]
law: [信访工作条例第23条, 信访工作条例第34条]
subject: item
identity: none
needs: [petition]
reads: [petition]
params:
  home_county: home_county
  notice_days: XF-01
  close_days: XF-03.days
  extension_days: XF-03.extension
finds: 登记后{notice_days}日内没有告知是否受理，或受理后{close_days}日（经批准延期再加{extension_days}日）内没有办结的信访件。
summary: "信访件{name}{reason}。请核实办理进度，尽快告知或办结。"
false_hits: [已当面告知或办结而台账没有更新, 日期登记有误, 依法不予受理或已转送其他单位]
verify: [查信访件登记表和告知书存根, 查办结答复意见书, 向承办单位了解办理情况]
reading: >-
  起始日不计，期限最后一日在内，遇节假日不顺延。告知日空着的，以决定受理日、办结日较早的一个为告知日；整张表没有写过告知日期的，不论告知。
  办结期限自决定受理日起算，没有的自告知日，再没有的自登记日加告知期限；写明延期或延期日期的按延长后算。没有办结的算到比对日；写明已办结、已答复而没有日期的不算超期，退回、不予受理的不论办结。
  表上没有办结日期、状态和结果的，不论办结。登记日只写到月的不比。同一编号在几张表上的，合在一起看。
--- */
WITH said AS (
    SELECT
        p.row_id,
        COALESCE(
            NULLIF(TRIM(p.case_no), ''), CONCAT_WS(' ', CAST(p.received_on AS VARCHAR), COALESCE(p.petitioner, p.name, '未署名'))
        ) AS item,
        p.township,
        p.village,
        p.received_on,
        CASE WHEN COALESCE(p.accepted_on_precision, 'day') = 'day' AND p.accepted_on <= $as_of THEN p.accepted_on END AS accepted_on,
        CASE WHEN p.noticed_on <= $as_of THEN p.noticed_on END AS noticed_on,
        CASE WHEN COALESCE(p.noticed_on_precision, 'day') = 'day' AND p.noticed_on <= $as_of THEN p.noticed_on END AS noticed_day,
        CASE WHEN p.closed_on <= $as_of THEN p.closed_on END AS closed_on,
        COALESCE(p.extended, FALSE) OR p.extended_to IS NOT NULL AS is_extended,
        COALESCE(p.status IN ('closed', 'replied'), FALSE)
        OR COALESCE(REGEXP_MATCHES(p.result, '^(均?已|予以)(办结|答复|回复|结案|化解|解决)'), FALSE) AS is_closed,
        COALESCE(p.status = 'returned', FALSE) AS is_returned,
        BOOL_OR(p.noticed_on IS NOT NULL) OVER (PARTITION BY p.row_id >> 38) AS tells_notice, -- literal: the sheet's place in row_id
        BOOL_OR(p.closed_on IS NOT NULL OR p.status IS NOT NULL OR p.result IS NOT NULL)
            OVER (PARTITION BY p.row_id >> 38) AS tells_closing -- literal: the sheet's place in row_id
    FROM petition AS p
    WHERE
        p.received_on <= $as_of
        AND COALESCE(p.received_on_precision, 'day') = 'day'
        AND (p.county_name IS NULL OR STARTS_WITH(p.county_name, $home_county) OR STARTS_WITH($home_county, p.county_name))
),

petitioned AS (
    SELECT
        said.item,
        MIN(said.township) AS township,
        MIN(said.village) AS village,
        ARRAY_AGG(DISTINCT said.row_id) AS row_ids,
        MIN(said.received_on) AS received_on,
        COALESCE(MIN(said.noticed_on), MIN(LEAST(said.accepted_on, said.closed_on))) AS told_on,
        COALESCE(
            MIN(said.accepted_on), MIN(said.noticed_day), MIN(said.received_on) + CAST($notice_days AS INTEGER)
        ) + CAST($close_days + CASE WHEN BOOL_OR(said.is_extended) THEN $extension_days ELSE 0 END AS INTEGER) AS close_by,
        MIN(said.closed_on) AS closed_on,
        BOOL_OR(said.is_closed) AS is_closed,
        BOOL_OR(said.is_returned) AS is_returned,
        BOOL_OR(said.tells_notice) AS tells_notice,
        BOOL_OR(said.tells_closing) AS tells_closing
    FROM said
    GROUP BY said.item
),

judged AS (
    SELECT
        petitioned.item,
        petitioned.township,
        petitioned.village,
        petitioned.row_ids,
        petitioned.received_on,
        petitioned.told_on,
        petitioned.close_by,
        petitioned.closed_on,
        petitioned.tells_notice
        AND NOT (petitioned.is_closed AND petitioned.told_on IS NULL)
        AND COALESCE(petitioned.told_on, $as_of) > petitioned.received_on + CAST($notice_days AS INTEGER) AS is_told_late,
        petitioned.tells_closing
        AND NOT petitioned.is_returned
        AND NOT (petitioned.is_closed AND petitioned.closed_on IS NULL)
        AND COALESCE(petitioned.closed_on, $as_of) > petitioned.close_by AS is_closed_late
    FROM petitioned
)

SELECT
    judged.item,
    judged.township,
    judged.village,
    judged.row_ids AS ev_petition,
    CONCAT_WS(
        '；',
        CASE
            WHEN judged.is_told_late
                THEN CONCAT(
                    '于', YEAR(judged.received_on), '年', MONTH(judged.received_on), '月', DAY(judged.received_on), '日登记，',
                    CASE
                        WHEN judged.told_on IS NULL THEN CONCAT(CAST($notice_days AS VARCHAR), '日内没有告知')
                        ELSE CONCAT(YEAR(judged.told_on), '年', MONTH(judged.told_on), '月', DAY(judged.told_on), '日才告知，超过', CAST($notice_days AS VARCHAR), '日')
                    END
                )
        END,
        CASE
            WHEN judged.is_closed_late
                THEN CONCAT(
                    '应于', YEAR(judged.close_by), '年', MONTH(judged.close_by), '月', DAY(judged.close_by), '日前办结，',
                    CASE
                        WHEN judged.closed_on IS NULL THEN '至今没有办结'
                        ELSE CONCAT(YEAR(judged.closed_on), '年', MONTH(judged.closed_on), '月', DAY(judged.closed_on), '日才办结')
                    END
                )
        END
    ) AS fact_reason
FROM judged
WHERE judged.is_told_late OR judged.is_closed_late
