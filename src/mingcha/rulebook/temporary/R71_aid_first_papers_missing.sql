/* ---
id: R71
title: 先行救助未补手续
version: 1
status: trial
severity: orange
clauses: [C25]
law: [民发〔2018〕23号二(二), 夏民办〔2023〕14号三(三)]
subject: person
identity: mixed
needs: [temp_assistance]
reads: [relief_row]
params: {paper_days: LS-04}
finds: 先行救助的急难情况缓解后，超过{paper_days}天没有补齐手续的临时救助。
summary: "{name}于{approved}获得先行救助，急难情况{ended}缓解，{state}补办手续（期限{paper_days}天）。请核实原因，还没有补办的及时补齐。"
false_hits: [手续已补而台账没有填写, 急难缓解日期录错, 困难还在持续]
verify: [查救助档案和签字手续, 核对急难缓解日期, 缺手续的补齐并登记]
reading: >-
  缓解当日不计，按自然日，期限最后一天内补办不算；没有补办的算到比对日。没有“急难缓解日期”栏的从批准日起算；
  有这一栏而本行没有写的，视为还没有缓解，不算。表上谁都没有填补办手续时间的不推断。只写到月的按最短的可能计算。
--- */
WITH late AS (
    SELECT
        r.person_key,
        r.name,
        r.township,
        r.village,
        r.row_id,
        r.approve_on,
        COALESCE(r.event_end_last, r.approve_last) AS ended_on,
        r.paper_done_on
    FROM relief_row AS r
    WHERE r.is_first AND r.tells_papers AND NOT r.is_open_need AND r.person_key IS NOT NULL
)

SELECT
    late.person_key,
    late.name,
    late.township,
    late.village,
    late.row_id AS ev_relief,
    late.approve_on AS fact_approved,
    late.ended_on AS fact_ended,
    CASE
        WHEN late.paper_done_on IS NULL THEN '至今没有'
        ELSE CONCAT(YEAR(late.paper_done_on), '年', MONTH(late.paper_done_on), '月', DAY(late.paper_done_on), '日才')
    END AS fact_state,
    MONTH_OF(late.ended_on) AS period
FROM late
WHERE late.ended_on + CAST($paper_days AS INTEGER) < COALESCE(late.paper_done_on, $as_of)
