/* ---
id: R12
title: 孤儿领生活补贴
version: 1
status: active
severity: red
clauses: [C36, C38]
law: [国发〔2015〕52号, 国办发〔2010〕54号]
subject: person
identity: exact
needs: [child, disability_subsidy]
uses: [dibao_household, dibao_member, disability_cert, low_income_household, low_income_member, officer, tekun_person]
reads: [aid_person]
finds: 享受孤儿基本生活保障、又享受困难残疾人生活补贴的儿童。
summary: "{name}{as_of}在孤儿名册上，又享受困难残疾人生活补贴，两者不能同时享受（护理补贴可以），请核实。"
false_hits: [生活补贴已停发但名册未更新, 两补名册把护理补贴填成了生活补贴]
verify: [查两项补贴停发审批, 核对儿童类别认定文书, 核对一卡通发放记录]
--- */
SELECT
    child.person_key,
    ARRAY_AGG(DISTINCT child.row_id) AS ev_child,
    ARRAY_AGG(DISTINCT cj.row_id) AS ev_subsidy,
    MAX(COALESCE(cj.living_amount, cj.amount)) AS amount
FROM aid_person AS child
INNER JOIN aid_person AS cj
    ON child.person_key = cj.person_key AND NAMES_AGREE(child.name, cj.name)
WHERE
    child.program = 'ET'
    AND child.is_active
    AND child.id_is_valid
    AND child.category IN ('orphan_inst', 'orphan_home')
    AND cj.program = 'CJ'
    AND cj.is_active
    AND cj.id_is_valid
    AND cj.has_living
GROUP BY child.person_key
