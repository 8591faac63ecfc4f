/* ---
id: R18
title: 服刑强戒仍在保
version: 1
status: trial
severity: orange
clauses: [C36, C38]
law: [民发〔2021〕57号第12条, 民发〔2021〕43号第24条, 夏民办〔2023〕14号四(三)]
subject: person
identity: exact
needs: [hx_other, dibao_member|dibao_household|tekun_person]
uses: [child, disability_cert, disability_subsidy, low_income_household, low_income_member, officer]
reads: [aid_person, hx_other]
finds: 核对结果写明正在服刑、在押（低保、特困），或正在强制隔离戒毒（低保），而仍在名册上保障的人员。
summary: "{name}仍在{programs}名册上，核对结果写明“{state}”（{checked}核对），请核实后调整保障人口或停止供养。"
false_hits: [已刑满释放或解除戒毒而核对数据未更新, 社区矫正或监外执行, 同名同号登记有误]
verify: [向司法行政和公安部门核实在押起止时间, 查入狱后的发放记录, 释放后的按原程序恢复]
reading: >-
  以每人最近一次写明重点人员情况的核对结果为准，晚于比对日的不看；没有核对日期的按反馈时间，都没有的也算。社区矫正、缓刑、假释、监外执行、刑满释放、社区戒毒的不在内；
  只写“是重点人员”而没有写类型的不推断。特困人员强制隔离戒毒的不在此列。成员不论保障与否只报保障的本人。
--- */
WITH told AS (
    SELECT
        o.person_key,
        o.name,
        o.row_id,
        o.key_kind,
        COALESCE(o.check_on, o.feedback_time) AS checked_on,
        COALESCE(o.key_person, TRUE)
        AND REGEXP_MATCHES(o.key_kind, '服刑|监狱|在押|羁押|收监|看守所')
        AND NOT REGEXP_MATCHES(o.key_kind, '社区矫正|缓刑|假释|监外|刑满|释放|非服刑|未服刑') AS is_prison,
        COALESCE(o.key_person, TRUE)
        AND REGEXP_MATCHES(o.key_kind, '强制隔离戒毒|强制戒毒|强戒')
        AND NOT REGEXP_MATCHES(o.key_kind, '解除|期满|释放') AS is_drug,
        ROW_NUMBER() OVER (
            PARTITION BY o.person_key
            ORDER BY COALESCE(o.check_on, o.feedback_time) DESC NULLS LAST, o.row_id DESC
        ) AS place
    FROM hx_other AS o
    WHERE
        o.id_is_valid
        AND (o.key_kind IS NOT NULL OR o.key_person IS NOT NULL)
        AND COALESCE(o.check_on, o.feedback_time, $as_of) <= $as_of
)

SELECT
    aid.person_key,
    ARRAY_AGG(DISTINCT aid.row_id) AS ev_roll,
    ARRAY_AGG(DISTINCT told.row_id) AS ev_check,
    ARRAY_SORT(ARRAY_AGG(DISTINCT CASE aid.program WHEN 'DB' THEN '低保' ELSE '特困' END)) AS fact_programs,
    MIN(told.key_kind) AS fact_state,
    COALESCE(CAST(MAX(told.checked_on) AS VARCHAR), '日期未写') AS fact_checked
FROM told
INNER JOIN aid_person AS aid ON told.person_key = aid.person_key AND NAMES_AGREE(told.name, aid.name)
WHERE
    told.place = 1
    AND aid.is_active
    AND aid.id_is_valid
    AND (
        (told.is_prison AND aid.program IN ('DB', 'TK'))
        OR (told.is_drug AND aid.program = 'DB')
    )
GROUP BY aid.person_key
