/* ---
id: R20
title: 未成年超龄
version: 1
status: active
severity: orange
clauses: [C35, C36]
law: [民发〔2021〕43号第24条, 国办发〔2010〕54号一, 国办发〔2010〕54号二(三)]
subject: person
identity: exact
needs: [child|tekun_person]
uses: [dibao_household, dibao_member, disability_cert, disability_subsidy, low_income_household, low_income_member,
  officer]
reads: [aid_person, cert_state]
params: {child_age: ET-01, adult_age: TK-13, grades: TK-02.grades}
finds: 儿童名册上已满{child_age}周岁、或未成年时纳入特困现已满{adult_age}周岁，而没有在校就读记录的人员。
summary: "{name}{as_of}已满{age}周岁，仍按未成年人在{program}名册上，未见在校就读记录，请核实是否应当退出或转入其他救助。"
false_hits: [在校就读但名册未填学校, 已按低保等其他救助衔接但名册未更新]
verify: [查学籍, 核对出生日期, 查退出或衔接审批]
reading: 学校或就学状况一栏有内容，且不是“无、辍学、毕业、失学、休学”等，即为在校；特困人员另有规定类别等级残疾的不列。
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
),

pupil AS (
    SELECT DISTINCT aid.person_key
    FROM aid_person AS aid
    WHERE
        TRIM(COALESCE(aid.school, '')) NOT IN ('', '-', '—', '/', '无', '否', '未知', '不详', '待业')
        AND NOT REGEXP_MATCHES(aid.school, '未就学|未上学|未就读|未入学|不在校|不上学|没上学|离校|辍学|失学|休学|退学|毕业|肄业|结业|务工|就业')
)

SELECT
    aid.person_key,
    ARRAY_AGG(aid.row_id) AS ev_roll,
    AGE_ON(MIN(aid.birth_date), $as_of) AS fact_age,
    CASE WHEN MIN(aid.program) = 'ET' THEN '儿童保障' ELSE '特困' END AS fact_program
FROM aid_person AS aid
LEFT JOIN pupil ON aid.person_key = pupil.person_key
LEFT JOIN (SELECT DISTINCT graded.person_key FROM graded) AS able ON aid.person_key = able.person_key
WHERE
    aid.is_active
    AND aid.id_is_valid
    AND pupil.person_key IS NULL
    AND (
        (aid.program = 'ET' AND AGE_ON(aid.birth_date, $as_of) >= $child_age)
        OR (
            aid.program = 'TK'
            AND AGE_ON(aid.birth_date, $as_of) >= $adult_age
            AND AGE_ON(aid.birth_date, aid.start_date) < $adult_age
            AND able.person_key IS NULL
        )
    )
GROUP BY aid.person_key
