/* ---
id: R60
title: 特困抽查不足
version: 1
status: trial
severity: orange
clauses: [C35]
law: [民发〔2021〕43号第16条, 夏民办〔2023〕14号四(二)]
subject: township
identity: none
needs: [application]
reads: [application_row]
params: {sample_rate: TK-08.sample_rate}
finds: 比对日前12个月内审核确认的特困申请中，县级入户抽查的不到{sample_rate}%的乡镇。
summary: "{township}近12个月审核确认特困申请{applications}件，县级抽查{sampled}件，不足{sample_rate}%。请核实抽查情况，及时补充抽查并登记。"
false_hits: [已抽查而台账没有登记, 全县合计已达到比例, 申请件数很少]
verify: [查县级抽查记录和入户核查表, 补登抽查日期, 比例不足的补充抽查]
reading: >-
  按乡镇计，件数再少也按比例；撤回的、还没有办结的不算。有县级入户日期（不晚于比对日）或写明已抽查的算已抽查。
  这张表上特困申请的县级入户日期、是否抽查两栏都没有人填的，视为没有这两栏，不推断。乡镇没有写的不计。
--- */
WITH decided AS (
    SELECT
        a.row_id,
        a.township,
        COALESCE(a.sampled, FALSE) OR a.county_visit_on IS NOT NULL AS is_sampled
    FROM application_row AS a
    WHERE
        a.program = 'TK'
        AND a.township IS NOT NULL
        AND COALESCE(a.decision, '') <> 'withdraw'
        AND a.decided_on > ADD_MONTHS($as_of, -12) -- literal: months of a year
        AND (a.tells_county_visit OR a.tells_sampled)
)

SELECT
    decided.township,
    ARRAY_AGG(decided.row_id) AS ev_application,
    COUNT(decided.row_id) AS fact_applications,
    COUNT(CASE WHEN decided.is_sampled THEN 1 END) AS fact_sampled
FROM decided
GROUP BY decided.township
HAVING COUNT(CASE WHEN decided.is_sampled THEN 1 END) * 100 < COUNT(decided.row_id) * $sample_rate -- literal: percent
