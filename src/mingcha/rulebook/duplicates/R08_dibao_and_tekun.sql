/* ---
id: R08
title: 低保特困重复
version: 1
status: active
severity: red
clauses: [C36, C38]
law: [夏民办〔2023〕14号四(三), 民发〔2021〕43号第27条]
subject: person
identity: exact
needs: [dibao_household|dibao_member, tekun_person]
uses: [child, disability_cert, disability_subsidy, low_income_household, low_income_member, officer]
reads: [dibao_insured, aid_person]
finds: 同一人同时列为低保保障对象和特困人员。
summary: "{name}{as_of}既是低保保障对象（户主{head}），又在特困名册上，请核实后保留一项。"
false_hits: [低保已停但名册未更新, 特困已终止但名册未更新, 低保转特困正在办理]
verify: [核对低保停保和特困纳入的审批日期, 核对两项资金的发放月份, 计算重复发放金额]
reading: 两项都须在比对日在册；特困在低保停保以后开始的不算。
--- */
SELECT
    db.person_key,
    ARRAY_AGG(DISTINCT db.row_id) AS ev_dibao,
    ARRAY_AGG(DISTINCT tk.row_id) AS ev_tekun,
    COALESCE(MIN(db.head_name), '姓名未写') AS fact_head
FROM dibao_insured AS db
INNER JOIN aid_person AS tk ON db.person_key = tk.person_key AND NAMES_AGREE(db.name, tk.name)
WHERE
    db.is_active
    AND db.id_is_valid
    AND tk.program = 'TK'
    AND tk.is_active
    AND tk.id_is_valid
GROUP BY db.person_key
