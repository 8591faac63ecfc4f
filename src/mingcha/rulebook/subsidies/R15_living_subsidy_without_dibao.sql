/* ---
id: R15
title: 生活补贴资格失联
version: 1
status: active
severity: orange
clauses: [C36, C38]
law: [国发〔2015〕52号]
subject: person
identity: exact
needs: [disability_subsidy, dibao_member]
uses: [child, dibao_household, disability_cert, low_income_household, low_income_member, officer, tekun_person]
reads: [aid_person, dibao_insured, dibao_member_of]
params:
  near_poor: CJ-01
  full_rate: {key: ET-07.home, optional: true, part: 名册未写明是否补差的，按金额识别补差儿童}
finds: 享受困难残疾人生活补贴、但比对日不在低保家庭中的人员。
summary: "{name}享受困难残疾人生活补贴，{as_of}不在低保家庭中，请核实补贴资格。"
false_hits: [新近退出低保而补贴尚在停发流程, 低保名册身份证号有误, 该乡镇低保名册未报送]
verify: [查低保系统, 查两项补贴资格认定文书, 核对停发月份]
reading: 低保家庭的成员不论本人是否保障对象都不算；特困、孤儿和全额事实无人抚养儿童由 R10、R12、R13 列出，这里不重复。
--- */
WITH covered AS (
    SELECT own.person_key
    FROM dibao_insured AS own
    WHERE own.is_active AND own.id_is_valid
    UNION ALL
    -- anybody of a household in which somebody is insured on the day
    SELECT member.person_key
    FROM dibao_member_of AS member
    INNER JOIN dibao_insured AS insured ON member.household_key = insured.household_key
    WHERE member.is_current AND member.id_is_valid AND insured.is_active
    UNION ALL
    SELECT aid.person_key
    FROM aid_person AS aid
    WHERE
        aid.is_active
        AND aid.id_is_valid
        AND (
            aid.program IN ('DB', 'TK')
            OR (aid.program = 'BY' AND $near_poor)
            OR (aid.program = 'ET' AND aid.category IN ('orphan_inst', 'orphan_home'))
            OR (aid.program = 'ET' AND aid.category = 'de_facto' AND NOT COALESCE(aid.is_top_up, aid.amount < $full_rate, FALSE))
        )
)

SELECT
    cj.person_key,
    ARRAY_AGG(cj.row_id) AS ev_subsidy,
    MAX(COALESCE(cj.living_amount, cj.amount)) AS amount
FROM aid_person AS cj
LEFT JOIN (SELECT DISTINCT covered.person_key FROM covered) AS known ON cj.person_key = known.person_key
WHERE
    cj.program = 'CJ'
    AND cj.is_active
    AND cj.id_is_valid
    AND cj.has_living
    AND known.person_key IS NULL
GROUP BY cj.person_key
