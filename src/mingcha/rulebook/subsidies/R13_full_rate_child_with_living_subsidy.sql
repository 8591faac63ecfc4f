/* ---
id: R13
title: 全额儿童领生活补贴
version: 1
status: active
severity: red
clauses: [C35, C36, C38]
law: [民发〔2019〕62号三(一), 民发〔2019〕62号三(二)]
subject: person
identity: exact
needs: [child, disability_subsidy]
uses: [dibao_household, dibao_member, disability_cert, low_income_household, low_income_member, officer, tekun_person]
reads: [aid_person]
params:
  full_rate: {key: ET-07.home, optional: true, part: 名册未写明是否补差的，按金额识别补差儿童}
finds: 全额享受事实无人抚养儿童基本生活补贴、又享受困难残疾人生活补贴的儿童。
summary: "{name}{as_of}全额享受事实无人抚养儿童基本生活补贴，又享受困难残疾人生活补贴，两者不能同时享受（护理补贴可以），请核实。"
false_hits: [实为补差发放但名册未写明, 生活补贴已停发但名册未更新, 两补名册把护理补贴填成了生活补贴]
verify: [查儿童补贴是全额还是补差, 查两项补贴停发审批, 核对一卡通发放记录]
reading: “是否补差”为空按全额；养育标准已设置且名册金额低于标准的，按补差。
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
    AND child.category = 'de_facto'
    AND NOT COALESCE(child.is_top_up, child.amount < $full_rate, FALSE)
    AND cj.program = 'CJ'
    AND cj.is_active
    AND cj.id_is_valid
    AND cj.has_living
GROUP BY child.person_key
