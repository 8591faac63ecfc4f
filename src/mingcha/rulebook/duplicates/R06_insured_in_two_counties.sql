/* ---
id: R06
title: 异地重复
version: 1
status: active
severity: red
clauses: [C36, C38]
law: [夏民办〔2023〕14号四(三), 民发〔2021〕57号第5条]
subject: person
identity: exact
needs: [dibao_household|dibao_member, ext_insured]
uses: [child, disability_cert, disability_subsidy, low_income_household, low_income_member, officer, tekun_person]
reads: [dibao_insured, ext_insured]
finds: 在本县低保在保，同月又在外县市低保名册上在保的人员。
summary: "{name}{as_of}在本县低保在保，又在{county}{period}的低保名册上在保，请与对方核实后保留一处。"
false_hits: [户口或住处刚迁移、一方正在办理停保, 外县市名册未及时更新, 一方身份证号录错]
verify: [向外县市民政部门核实保障状态和发放月份, 核对户籍和居住地, 确定保留一处并计算重复月份]
reading: >-
  外县市取其最新一期不晚于比对月的低保名册，已结束、已停保的不算；没有状态列的按名册所属月份在保。该月须在本县也已在保：
  本县同月名册上有，或本县开始享受不晚于该月，或外县名册不早于本县最新名册。
--- */
WITH home AS (
    SELECT
        db.person_key,
        db.name,
        MIN(db.row_id) AS row_id,
        MIN(db.start_date) AS start_date,
        MAX(db.row_month) AS row_month
    FROM dibao_insured AS db
    WHERE db.is_active AND db.id_is_valid
    GROUP BY db.person_key, db.name
),

earlier AS (
    SELECT
        db.person_key,
        db.row_month
    FROM dibao_insured AS db
    WHERE db.id_is_valid AND db.is_in_status
    GROUP BY db.person_key, db.row_month
)

SELECT
    home.person_key,
    ARRAY_AGG(DISTINCT home.row_id) AS ev_home,
    ARRAY_AGG(DISTINCT ext.row_id) AS ev_ext,
    MIN_BY(ext.county_name, CONCAT(ext.row_month, ext.county_name)) AS fact_county,
    MIN(ext.row_month) AS period
FROM home
INNER JOIN ext_insured AS ext ON home.person_key = ext.person_key AND NAMES_AGREE(home.name, ext.name)
LEFT JOIN earlier ON home.person_key = earlier.person_key AND ext.row_month = earlier.row_month
WHERE
    ext.is_active
    AND ext.id_is_valid
    AND (
        ext.row_month >= home.row_month
        OR earlier.person_key IS NOT NULL
        OR home.start_date <= MONTH_END(ext.row_month)
    )
GROUP BY home.person_key
