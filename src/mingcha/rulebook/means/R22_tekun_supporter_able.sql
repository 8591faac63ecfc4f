/* ---
id: R22
title: 特困义务人有能力
version: 1
status: trial
severity: orange
clauses: [C35]
law: [民发〔2021〕43号第8条, 夏民办〔2023〕14号四(二)]
subject: person
identity: exact
needs: [tekun_person, hukou, pension|fiscal_staff|hx_other|employment|market_entity]
uses: [child, death_cancel, dibao_household, dibao_member, disability_cert, disability_subsidy, funeral,
  low_income_household, low_income_member, officer, payment, real_estate, vehicle]
reads: [supporter, aid_person, tekun_person, hx_income, hx_property, employment, hx_other, cert_state, death]
params:
  dibao_age: TK-05.dibao_age
  low_income_age: TK-05.low_income_age
  adult_age: TK-13
  grades: DB-03
finds: 户籍上有配偶、父母或子女，其有工作、职工养老待遇或经营主体，又不属于规定的无履行义务能力情形的特困人员。
summary: "{name}在特困名册上，户籍登记其{supporters}，请核实义务人的履行能力后重新认定。"
false_hits: [户籍上的亲属关系有误, 义务人已重病重残而未办证, 就业或经营已结束而登记未注销, 法院已解除收养或赡养关系]
verify: [核实亲属关系, 入户调查义务人家庭收入财产, 不符合的按规定终止并转其他救助]
reading: >-
  义务人只看配偶、父母、子女（不含儿媳女婿、兄弟姐妹），凭户籍号码或同户与户主关系认定。有能力的凭据：在职财政供养、有工资个税、登记就业且没有失业、领取企业或机关养老待遇、有存续的经营主体；
  有凭据不等于有能力。特困人员、满规定年龄的低保对象、满规定年龄的老年人、重度残疾（智力精神三级）、未成年、已死亡、服刑或强戒的义务人不算；
  规定年龄的老年人不再看其收入。名册已写明义务人无能力、失踪、服刑的不报。户籍上看不出出生日期的义务人不算。
--- */
WITH means AS (
    SELECT
        income.person_key,
        CASE
            WHEN income.source = '财政供养工资' THEN '在财政供养名册上'
            WHEN income.kind = 'wage' THEN '申报工资收入'
            ELSE CONCAT('领取', income.source)
        END AS word,
        income.row_id
    FROM hx_income AS income
    INNER JOIN supporter ON income.person_key = supporter.supporter_key
    WHERE income.kind = 'wage' OR income.source IN ('企业职工养老待遇', '机关事业单位养老待遇')
    UNION ALL
    SELECT
        asset.person_key,
        '有存续的经营主体' AS word,
        asset.row_id
    FROM hx_property AS asset
    INNER JOIN supporter ON asset.person_key = supporter.supporter_key
    WHERE asset.kind = 'entity'
    UNION ALL
    SELECT
        work.person_key,
        '登记就业' AS word,
        work.row_id
    FROM employment AS work
    INNER JOIN supporter ON work.person_key = supporter.supporter_key AND NAMES_AGREE(work.name, supporter.name)
    WHERE
        work.id_is_valid
        AND COALESCE(work.start_on, work.reg_on) <= $as_of
        AND (work.unemp_on IS NULL OR work.unemp_on < COALESCE(work.start_on, work.reg_on))
        AND NOT COALESCE(work.category LIKE '%失业%' OR work.form LIKE '%失业%' OR work.form LIKE '%未就业%', FALSE)
),

unable AS (
    SELECT supporter.supporter_key
    FROM supporter
    INNER JOIN aid_person AS aid ON supporter.supporter_key = aid.person_key
    WHERE
        aid.is_active
        AND (aid.program = 'TK' OR (aid.program = 'DB' AND AGE_ON(supporter.birth_date, $as_of) >= $dibao_age))
    UNION ALL
    SELECT supporter.supporter_key
    FROM supporter
    INNER JOIN cert_state AS cert ON supporter.supporter_key = cert.person_key
    WHERE
        COALESCE(cert.cert_status, '') <> 'cancelled'
        AND (
            LIST_CONTAINS($grades, CONCAT('*-', cert.disability_level))
            OR LIST_CONTAINS($grades, CONCAT(COALESCE(cert.disability_type, '?'), '-', cert.disability_level))
        )
    UNION ALL
    SELECT supporter.supporter_key
    FROM supporter
    INNER JOIN death ON supporter.supporter_key = death.person_key
    UNION ALL
    SELECT supporter.supporter_key
    FROM supporter
    INNER JOIN hx_other AS o ON supporter.supporter_key = o.person_key
    WHERE REGEXP_MATCHES(o.key_kind, '服刑|监狱|在押|羁押|收监|看守所|强制隔离戒毒|强制戒毒|强戒')
),

able AS (
    SELECT
        supporter.person_key,
        supporter.row_id AS register_row,
        means.row_id AS means_row,
        CONCAT(
            CASE supporter.relation WHEN 'spouse' THEN '配偶' WHEN 'parent' THEN '父母' ELSE '子女' END,
            COALESCE(supporter.name, ''), means.word
        ) AS said
    FROM supporter
    INNER JOIN means ON supporter.supporter_key = means.person_key
    LEFT JOIN unable ON supporter.supporter_key = unable.supporter_key
    WHERE
        unable.supporter_key IS NULL
        AND AGE_ON(supporter.birth_date, $as_of) >= $adult_age
        AND AGE_ON(supporter.birth_date, $as_of) < $low_income_age
)

SELECT
    tekun.person_key,
    ARRAY_AGG(DISTINCT tekun.row_id) AS ev_tekun,
    ARRAY_AGG(DISTINCT able.register_row) AS ev_register,
    ARRAY_AGG(DISTINCT able.means_row) AS ev_means,
    ARRAY_SORT(ARRAY_AGG(DISTINCT able.said)) AS fact_supporters
FROM able
INNER JOIN aid_person AS tekun ON able.person_key = tekun.person_key
INNER JOIN tekun_person AS written ON tekun.row_id = written.row_id
WHERE
    tekun.program = 'TK'
    AND tekun.is_active
    AND tekun.id_is_valid
    AND NOT COALESCE(REGEXP_MATCHES(written.supporter, '无.*能力|没有.*能力|不具备|丧失|失踪|失联|服刑'), FALSE)
GROUP BY tekun.person_key
