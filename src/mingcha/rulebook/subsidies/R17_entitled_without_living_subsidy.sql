/* ---
id: R17
title: 应享两补未享
version: 1
status: active
severity: blue
clauses: [C26, C36]
law: [国发〔2015〕52号]
subject: person
identity: exact
needs: [dibao_member|dibao_household, disability_cert, disability_subsidy]
uses: [child, death_cancel, funeral, low_income_household, low_income_member, officer, payment, pension, tekun_person]
reads: [aid_person, dibao_insured, cert_state, payment_near, pension, death]
params:
  full_rate: {key: ET-07.home, optional: true, part: 名册未写明是否补差的，按金额识别补差儿童}
finds: 低保家庭中的持证残疾人，未享受困难残疾人生活补贴，也没有不能享受的情形。
summary: "{name}是低保保障对象，持有有效残疾证，未见享受困难残疾人生活补贴，请上门告知并核实是否应当享受。"
false_hits: [本人自愿放弃, 享受工伤生活护理费等同类补贴, 补贴名册身份证号有误]
verify: [上门告知政策, 查残疾证, 查是否享受工伤生活护理费等同类待遇]
reading: 补贴名册上有同村同名而身份证号有误的，本月或上月已发放生活补贴的，以及已死亡的，不列。
--- */
WITH excluded AS (
    SELECT aid.person_key
    FROM aid_person AS aid
    WHERE
        aid.is_active
        AND aid.id_is_valid
        AND (
            aid.program = 'TK'
            -- a row that does not say which subsidy it is may be this one
            OR (aid.program = 'CJ' AND (COALESCE(aid.has_living, TRUE) OR NOT COALESCE(aid.has_care, FALSE)))
            OR (aid.program = 'ET' AND aid.category IN ('orphan_inst', 'orphan_home'))
            OR (aid.program = 'ET' AND aid.category = 'de_facto' AND NOT COALESCE(aid.is_top_up, aid.amount < $full_rate, FALSE))
        )
    UNION ALL
    SELECT pay.person_key
    FROM payment_near AS pay
    WHERE
        pay.id_is_valid
        AND pay.is_paid
        AND (
            pay.project = 'CJSH'
            OR pay.project_text LIKE '%工伤%护理%'
            OR (
                COALESCE(pay.project, 'other') = 'other'
                AND (pay.project_text LIKE '%两项补贴%' OR pay.project_text LIKE '%两补%')
            )
        )
        AND pay.month >= ADD_TO_MONTH($as_of_month, -1)
    UNION ALL
    SELECT pension.person_key
    FROM pension
    WHERE
        pension.id_is_valid
        AND pension.insurance_kind = 'injury'
        AND (pension.ins_status = 'benefit' OR pension.benefit_amount > 0)
    UNION ALL
    SELECT death.person_key
    FROM death
    WHERE death.id_is_valid AND death.death_date <= $as_of
),

damaged AS (
    SELECT DISTINCT
        cj.name,
        cj.village
    FROM aid_person AS cj
    WHERE cj.program = 'CJ' AND cj.is_active AND NOT COALESCE(cj.id_is_valid, FALSE)
)

SELECT
    insured.person_key,
    ARRAY_AGG(DISTINCT insured.row_id) AS ev_dibao,
    ARRAY_AGG(DISTINCT cert.row_id) AS ev_cert
FROM dibao_insured AS insured
INNER JOIN cert_state AS cert
    ON insured.person_key = cert.person_key AND NAMES_AGREE(insured.name, cert.name)
LEFT JOIN (SELECT DISTINCT excluded.person_key FROM excluded) AS known ON insured.person_key = known.person_key
LEFT JOIN damaged
    ON insured.name = damaged.name
    AND COALESCE(insured.village, '') = COALESCE(damaged.village, insured.village, '')
WHERE
    insured.is_active
    AND insured.id_is_valid
    AND cert.id_is_valid
    AND cert.is_valid_on
    AND known.person_key IS NULL
    AND damaged.name IS NULL
GROUP BY insured.person_key
