/* ---
id: R16
title: 护理补贴等级不符
version: 1
status: active
severity: orange
clauses: [C36, C38]
law: [国发〔2015〕52号]
subject: person
identity: exact
needs: [disability_subsidy]
uses: [child, dibao_household, dibao_member, disability_cert, low_income_household, low_income_member, officer,
  tekun_person]
reads: [aid_person, cert_state]
params: {grades: CJ-02}
finds: 享受重度残疾人护理补贴，但残疾等级不在规定之列，或残疾证已注销、过期、查不到的人员。
summary: "{name}享受重度残疾人护理补贴，但{reasons}，请核实补贴资格。"
false_hits: [换发新证而残联名册未更新, 补贴名册等级填错, 残疾人在外地办证]
verify: [查残疾证原件, 查残联系统证件状态和等级, 查护理补贴审批表]
reading: 补贴名册或残联名册任一处写明的等级在规定之外即列出；等级都不明的不列；残联名册没有本乡镇任何人的，不推断“查不到”；残联名册有同名而证号有误的，不作“查不到”。
--- */
WITH care AS (
    SELECT
        cj.person_key,
        cj.name,
        MIN(cj.township) AS township,
        MAX(COALESCE(cj.disability_type, cj.cert_type)) AS kind,
        MAX(COALESCE(cj.disability_level, cj.cert_level)) AS level,
        MAX(COALESCE(cj.care_amount, cj.amount)) AS monthly,
        ARRAY_AGG(cj.row_id) AS row_ids
    FROM aid_person AS cj
    WHERE cj.program = 'CJ' AND cj.is_active AND cj.id_is_valid AND cj.has_care
    GROUP BY cj.person_key, cj.name
),

delivered AS (
    SELECT
        COUNT(*) > 0 AS has_rows,
        COUNT(cert_state.township) > 0 AS has_townships
    FROM cert_state
),

place AS (
    SELECT DISTINCT cert_state.township FROM cert_state WHERE cert_state.township IS NOT NULL
),

damaged AS (
    SELECT DISTINCT cert_state.name FROM cert_state WHERE NOT COALESCE(cert_state.id_is_valid, FALSE)
),

judged AS (
    SELECT
        care.person_key,
        care.row_ids,
        care.monthly,
        cert.row_id AS cert_row,
        care.level IS NOT NULL
        AND NOT LIST_CONTAINS($grades, CONCAT('*-', care.level))
        AND NOT LIST_CONTAINS($grades, CONCAT(COALESCE(care.kind, cert.disability_type, '?'), '-', care.level))
            AS is_roll_level_off,
        NAMES_AGREE(care.name, cert.name)
        AND cert.disability_level IS NOT NULL
        AND NOT LIST_CONTAINS($grades, CONCAT('*-', cert.disability_level))
        AND NOT LIST_CONTAINS($grades, CONCAT(COALESCE(cert.disability_type, care.kind, '?'), '-', cert.disability_level))
            AS is_cert_level_off,
        NAMES_AGREE(care.name, cert.name) AND cert.cert_status = 'cancelled' AS is_cancelled,
        NAMES_AGREE(care.name, cert.name) AND (cert.cert_status = 'expired' OR cert.expire_on < $as_of) AS is_expired,
        cert.person_key IS NULL AND damaged.name IS NULL AND delivered.has_rows
        -- a list that holds nobody of the township may not have been asked of it
        AND (care.township IS NULL OR NOT delivered.has_townships OR place.township IS NOT NULL) AS is_missing
    FROM care
    CROSS JOIN delivered
    LEFT JOIN cert_state AS cert ON care.person_key = cert.person_key AND cert.id_is_valid
    LEFT JOIN damaged ON care.name = damaged.name
    LEFT JOIN place ON care.township = place.township
),

reason AS (
    SELECT judged.person_key, '补贴名册上的残疾等级不在补贴范围' AS words FROM judged WHERE judged.is_roll_level_off
    UNION ALL
    SELECT judged.person_key, '残联名册上的残疾等级不在补贴范围' AS words FROM judged WHERE judged.is_cert_level_off
    UNION ALL
    SELECT judged.person_key, '残疾证已注销' AS words FROM judged WHERE judged.is_cancelled
    UNION ALL
    SELECT judged.person_key, '残疾证已过期' AS words FROM judged WHERE judged.is_expired
    UNION ALL
    SELECT judged.person_key, '残联名册上查不到残疾证' AS words FROM judged WHERE judged.is_missing
)

SELECT
    judged.person_key,
    MIN(judged.row_ids) AS ev_subsidy,
    ARRAY_AGG(DISTINCT judged.cert_row) FILTER (WHERE judged.cert_row IS NOT NULL) AS ev_cert,
    ARRAY_SORT(ARRAY_AGG(DISTINCT reason.words)) AS fact_reasons,
    MAX(judged.monthly) AS amount
FROM judged
INNER JOIN reason ON judged.person_key = reason.person_key
GROUP BY judged.person_key
