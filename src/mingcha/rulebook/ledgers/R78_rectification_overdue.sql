/* ---
id: R78
title: 整改逾期或虚假销号
version: 1
status: trial
severity: red
clauses: [C01, C04]
law: [夏民办〔2023〕14号二(一), 审计法第52条]
subject: item
identity: none
needs: [problem]
reads: [problem]
params: {home_county: home_county}
finds: 过了整改时限还没有完成的问题，写明已整改、已销号而没有证明材料或责任人的问题，以及销号后同一单位又发现同类问题的。
summary: "问题“{what}”{reason}。请核实整改情况，补充材料或重新整改。"
false_hits: [整改已完成而台账没有更新, 证明材料另行归档, 整改时限经批准延长]
verify: [查整改报告和证明材料, 到现场看整改结果, 需要延长的按程序报批]
reading: >-
  整改时限以台账为准，只写到月、季、年的按最后一天，当天完成算及时；“长期坚持”“持续整改”和没有写到日期的不算逾期，部分整改而写有下一步措施的不算逾期，时限过后才销号的不算。
  表上没有写过完成情况的不论逾期；没有写过证明材料（责任人）的表不论证明材料（责任人），写了责任领导的算有责任人。
  同类指问题类型相同（“其他”除外）、责任单位相同，写了村的村也相同，发现日期在前一个问题销号之后。同一问题在几张表上的，合在一起看，以较晚的时限为准。
--- */
WITH said AS (
    SELECT
        p.row_id,
        CASE
            -- a running number alone is no name of a problem
            WHEN REGEXP_MATCHES(p.problem_no, '[^0-9.、()（）]') THEN TRIM(p.problem_no)
            ELSE CONCAT_WS('，', COALESCE(p.unit, p.township), p.title)
        END AS item,
        CONCAT_WS(
            ' ',
            CASE WHEN REGEXP_MATCHES(p.problem_no, '[^0-9.、()（）]') THEN TRIM(p.problem_no) END,
            LEFT(p.title, 40) -- literal: enough of a long text to know it by
        ) AS what,
        p.township,
        p.village,
        COALESCE(p.unit, p.township) AS unit,
        p.category,
        p.found_on,
        CASE p.due_on_precision
            WHEN 'month' THEN LAST_DAY(p.due_on)
            WHEN 'quarter' THEN LAST_DAY(ADD_MONTHS(p.due_on, 2)) -- literal: third month of a quarter
            WHEN 'year' THEN LAST_DAY(ADD_MONTHS(p.due_on, 11)) -- literal: twelfth month of a year
            ELSE p.due_on
        END AS due_on,
        CASE WHEN p.closed_on <= $as_of THEN p.closed_on END AS closed_on,
        COALESCE(p.status = 'done', FALSE)
        OR COALESCE(p.closed_on <= $as_of, FALSE)
        OR COALESCE(
            p.status IS NULL
            AND REGEXP_MATCHES(CONCAT_WS('；', p.status_text, p.progress), '已(经|全部|基本)?(完成|整改|销号|到位|办结|追缴|收回)|整改(到位|完毕|完成)')
            AND NOT REGEXP_MATCHES(CONCAT_WS('；', p.status_text, p.progress), '未|尚|没有|部分|正在'),
            FALSE
        ) AS is_done,
        COALESCE(p.rect_type = 'lasting', FALSE)
        OR (COALESCE(p.status = 'partly', FALSE) AND COALESCE(TRIM(p.next) NOT IN ('', '无', '-', '/'), FALSE)) AS is_going_on,
        COALESCE(TRIM(p.evidence) NOT IN ('', '无', '否', '没有', '暂无', '-', '/'), FALSE) AS has_evidence,
        p.owner IS NOT NULL OR p.lead IS NOT NULL AS has_owner,
        BOOL_OR(p.status_text IS NOT NULL OR p.status IS NOT NULL OR p.closed_on IS NOT NULL OR p.progress IS NOT NULL)
            OVER (PARTITION BY p.row_id >> 38) AS tells_end, -- literal: the sheet's place in row_id
        BOOL_OR(p.evidence IS NOT NULL) OVER (PARTITION BY p.row_id >> 38) AS tells_evidence, -- literal: the sheet's place in row_id
        BOOL_OR(p.owner IS NOT NULL OR p.lead IS NOT NULL)
            OVER (PARTITION BY p.row_id >> 38) AS tells_owner -- literal: the sheet's place in row_id
    FROM problem AS p
    WHERE
        COALESCE(p.found_on <= $as_of, TRUE)
        AND (p.county_name IS NULL OR STARTS_WITH(p.county_name, $home_county) OR STARTS_WITH($home_county, p.county_name))
),

-- one problem over its deliveries; found again on another day it is another one
state AS (
    SELECT
        said.item,
        said.found_on,
        MIN(said.what) AS what,
        MIN(said.township) AS township,
        MIN(said.village) AS village,
        MIN(said.unit) AS unit,
        MIN(said.category) AS category,
        ARRAY_AGG(DISTINCT said.row_id) AS row_ids,
        MIN(said.row_id) AS row_id,
        MAX(said.due_on) AS due_on,
        MIN(said.closed_on) AS closed_on,
        BOOL_OR(said.is_done) AS is_done,
        BOOL_OR(said.is_going_on) AS is_going_on,
        BOOL_OR(said.tells_end) AS tells_end,
        BOOL_OR(said.tells_evidence) AND NOT BOOL_OR(said.has_evidence) AS lacks_evidence,
        BOOL_OR(said.tells_owner) AND NOT BOOL_OR(said.has_owner) AS lacks_owner
    FROM said
    GROUP BY said.item, said.found_on
),

again AS (
    SELECT
        state.row_id,
        ARRAY_AGG(DISTINCT later.row_id) AS row_ids,
        MIN(later.found_on) AS again_on
    FROM state
    INNER JOIN state AS later
        ON state.unit = later.unit AND state.category = later.category AND state.closed_on < later.found_on
    WHERE
        state.category <> 'other'
        AND COALESCE(state.village, later.village, '') = COALESCE(later.village, state.village, '')
    GROUP BY state.row_id
),

judged AS (
    SELECT
        state.item,
        state.what,
        state.township,
        state.village,
        state.row_ids,
        again.row_ids AS again_ids,
        CASE
            WHEN state.is_done AND (state.lacks_evidence OR state.lacks_owner)
                THEN CONCAT(
                    '写明已整改，没有',
                    CONCAT_WS(
                        '和', CASE WHEN state.lacks_evidence THEN '证明材料' END, CASE WHEN state.lacks_owner THEN '责任人' END
                    )
                )
            WHEN state.tells_end AND NOT state.is_done AND NOT state.is_going_on AND state.due_on < $as_of
                THEN CONCAT('应于', YEAR(state.due_on), '年', MONTH(state.due_on), '月', DAY(state.due_on), '日前整改，至今没有完成')
        END AS reason,
        CASE
            WHEN again.again_on IS NOT NULL THEN CONCAT('销号后于', YEAR(again.again_on), '年', MONTH(again.again_on), '月', DAY(again.again_on), '日又发现同类问题')
        END AS again_reason
    FROM state
    LEFT JOIN again ON state.row_id = again.row_id
)

SELECT
    judged.item,
    MIN(judged.township) AS township,
    MIN(judged.village) AS village,
    FLATTEN(ARRAY_AGG(judged.row_ids)) AS ev_problem,
    FLATTEN(ARRAY_AGG(judged.again_ids) FILTER (WHERE judged.again_ids IS NOT NULL)) AS ev_again,
    MIN(judged.what) AS fact_what,
    CONCAT_WS('；', MIN(judged.reason), MIN(judged.again_reason)) AS fact_reason
FROM judged
WHERE judged.reason IS NOT NULL OR judged.again_reason IS NOT NULL
GROUP BY judged.item
