/* ---
id: R52
title: 一次性告知缺失
version: 1
status: trial
severity: yellow
clauses: [C15, C16]
law: [民发〔2021〕57号第10条, 夏民办〔2023〕14号三(二)]
subject: person
identity: mixed
needs: [application]
reads: [application_row]
finds: 受理申请时要求补充材料超过一次的申请。
summary: "{name}的{program}申请，台账登记{rounds}补充材料，请核实是否一次性告知了全部所需材料。"
false_hits: [申请人另行补交材料, 家庭情况变化后补充材料, 补正次数录错]
verify: [看一次性告知书和补正通知, 问申请人跑了几趟, 对窗口人员再作提醒]
reading: >-
  补正次数大于一，或者登记了第二次补正日期，两者有一即列；只补正一次、没有登记的不列。各类救助申请都看，撤回和不予确认的也看。
--- */
SELECT
    a.person_key,
    a.name,
    a.township,
    a.village,
    a.row_id AS ev_application,
    a.program_name AS fact_program,
    CASE
        WHEN COALESCE(a.supplement_rounds > 1, FALSE) THEN CONCAT(a.supplement_rounds, '次')
        ELSE '两次'
    END AS fact_rounds
FROM application_row AS a
WHERE
    a.person_key IS NOT NULL
    AND (a.supplement_rounds > 1 OR a.second_supplement_on IS NOT NULL)
