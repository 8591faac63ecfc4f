/* ---
id: R09
title: 特困与儿童保障并存
version: 1
status: active
severity: orange
clauses: [C35, C38]
law: [民发〔2021〕43号第9条, 夏民办〔2023〕14号四(二)]
subject: person
identity: exact
needs: [tekun_person, child]
uses: [dibao_household, dibao_member, disability_cert, disability_subsidy, low_income_household, low_income_member,
  officer]
reads: [aid_person]
finds: 同一人同时在特困名册和孤儿、事实无人抚养儿童名册上。
summary: "{name}{as_of}同时享受特困供养（每月{tekun_amount}元）和儿童基本生活保障（每月{child_amount}元），请核对本人或监护人的选择材料。"
false_hits: [儿童保障按差额补发且有批准文件, 已选择一项但名册未更新]
verify: [查本人或监护人选择保障项目的书面材料, 核对两项资金实际发放情况, 未选择的告知择一享受]
reading: 只提示核对选择材料，不直接认定为多领。
--- */
SELECT
    tk.person_key,
    ARRAY_AGG(DISTINCT tk.row_id) AS ev_tekun,
    ARRAY_AGG(DISTINCT et.row_id) AS ev_child,
    COALESCE(CAST(MAX(tk.amount) AS VARCHAR), '金额未写') AS fact_tekun_amount,
    COALESCE(CAST(MAX(et.amount) AS VARCHAR), '金额未写') AS fact_child_amount
FROM aid_person AS tk
INNER JOIN aid_person AS et ON tk.person_key = et.person_key AND NAMES_AGREE(tk.name, et.name)
WHERE
    tk.program = 'TK'
    AND tk.is_active
    AND tk.id_is_valid
    AND et.program = 'ET'
    AND et.is_active
    AND et.id_is_valid
GROUP BY tk.person_key
