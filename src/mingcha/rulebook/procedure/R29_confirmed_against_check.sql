/* ---
id: R29
title: 核对不符仍确认
version: 1
status: trial
severity: red
clauses: [C10]
law: [民发〔2021〕57号第17条, 民发〔2021〕57号第18条, 夏民办〔2023〕14号三(一)]
subject: person
identity: exact
needs: [application]
reads: [application_row]
finds: 家庭经济状况信息核对结果为不符合，没有复核或者复核仍不符合，而予以确认的申请人。
summary: "{name}的{program}申请，家庭经济状况信息核对结果为不符合，{recheck}，台账登记为予以确认。请核实复核情况和确认依据。"
false_hits: [已复核而台账未登记, 核对结果录错, 核对后家庭情况有变化另附证明]
verify: [看核对报告和申请人异议材料, 查乡镇复核记录, 重新核对家庭经济状况]
reading: >-
  只看台账写明“不符合”而又写明予以确认的，存疑、人户分离和没有写结果的不算；不予确认、撤回、办理中的不算。
  确认当天或以前有复核、复核没有写仍不符合的不算；复核只写结果没有日期的按已在确认前复核。确认以后才复核的，确认时没有复核，仍列。
  复核栏平时都是空的，整栏空白也视为没有复核。申请人号码有误的不列。
--- */
SELECT
    a.person_key,
    a.name,
    a.township,
    a.village,
    a.row_id AS ev_application,
    a.program_name AS fact_program,
    CASE
        WHEN a.recheck_result = 'no' THEN '复核结果仍为不符合'
        WHEN a.recheck_on IS NOT NULL THEN '确认以后才复核'
        ELSE '没有复核记录'
    END AS fact_recheck
FROM application_row AS a
WHERE
    a.id_is_valid
    AND a.decision = 'approve'
    AND a.check_result = 'no'
    AND NOT (
        (a.recheck_on IS NOT NULL OR a.recheck_result IS NOT NULL)
        AND COALESCE(a.recheck_result, '') <> 'no'
        AND COALESCE(a.recheck_on <= a.decided_last, TRUE)
    )
