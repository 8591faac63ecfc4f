/* ---
id: R19
title: 特困劳动能力不符
version: 1
status: active
severity: orange
clauses: [C35]
law: [民发〔2021〕43号第5条, 民发〔2021〕43号第24条]
subject: person
identity: exact
needs: [tekun_person]
uses: [child, dibao_household, dibao_member, disability_cert, disability_subsidy, low_income_household,
  low_income_member, officer]
reads: [aid_person, cert_state]
params: {old_age: TK-02.age, grades: TK-02.grades, adult_age: TK-13}
finds: 已满{adult_age}周岁、未满{old_age}周岁，又没有规定类别和等级残疾证的特困人员。
summary: "{name}{age}周岁，{as_of}在特困名册上，未见规定类别和等级的残疾证，请核实是否仍符合无劳动能力条件。"
false_hits: [残疾证已办但残联名册未更新, 残疾类别或等级填错, 省级另有认定情形]
verify: [查残疾证原件和残联系统, 入户查看劳动能力, 对照特困人员认定办法第五条]
reading: 特困名册自己写明的残疾类别等级也算；证件过期不等于没有残疾，只有已注销的不算；十八周岁以前纳入的由 R20 判断；纳入时间不明的在此判断。
--- */
WITH graded AS (
    SELECT cert.person_key
    FROM cert_state AS cert
    WHERE
        cert.id_is_valid
        AND COALESCE(cert.cert_status, '') <> 'cancelled'
        AND (
            LIST_CONTAINS($grades, CONCAT('*-', cert.disability_level))
            OR LIST_CONTAINS($grades, CONCAT(COALESCE(cert.disability_type, '?'), '-', cert.disability_level))
        )
    UNION ALL
    SELECT aid.person_key
    FROM aid_person AS aid
    WHERE
        aid.program = 'TK'
        AND (
            LIST_CONTAINS($grades, CONCAT('*-', aid.disability_level))
            OR LIST_CONTAINS($grades, CONCAT(COALESCE(aid.disability_type, '?'), '-', aid.disability_level))
            OR LIST_CONTAINS($grades, CONCAT('*-', aid.cert_level))
            OR LIST_CONTAINS($grades, CONCAT(COALESCE(aid.cert_type, '?'), '-', aid.cert_level))
        )
)

SELECT
    tekun.person_key,
    ARRAY_AGG(tekun.row_id) AS ev_tekun,
    AGE_ON(MIN(tekun.birth_date), $as_of) AS fact_age
FROM aid_person AS tekun
LEFT JOIN (SELECT DISTINCT graded.person_key FROM graded) AS able ON tekun.person_key = able.person_key
WHERE
    tekun.program = 'TK'
    AND tekun.is_active
    AND tekun.id_is_valid
    AND AGE_ON(tekun.birth_date, $as_of) >= $adult_age
    AND AGE_ON(tekun.birth_date, $as_of) < $old_age
    AND (tekun.start_date IS NULL OR AGE_ON(tekun.birth_date, tekun.start_date) >= $adult_age)
    AND able.person_key IS NULL
GROUP BY tekun.person_key
