/* ---
id: R73
title: 以户籍拒临时救助
version: 1
status: trial
severity: orange
clauses: [C25]
law: [民发〔2022〕83号四(三), 国办发〔2023〕39号四(三), 夏民办〔2023〕14号三(三)]
subject: person
identity: mixed
needs: [application|petition|hotline]
reads: [application_row, petition, hotline]
params: {home_county: home_county}
finds: 急难型临时救助申请以户籍、居住地为由不予救助，或者来信来访、热线反映临时救助因户籍、居住地被拒的人员。
summary: "{name}{what}。急难情况由发生地直接救助，请核实，符合条件的及时救助。"
false_hits: [户籍地已经救助, 反映情况与事实不符, 不予救助另有原因而台账只写户籍]
verify: [查申请和不予救助的材料, 联系本人了解急难情况, 符合条件的按急难发生地救助]
reading: >-
  只看急难型、先行救助或写了急难发生地的申请；原因同时说明已在户籍地等处救助、享受的不算。来信来访、热线须同时提到临时救助（急难救助）、
  户籍或居住地、被拒，咨询、建议、表扬类的不算。来信来访、热线没有身份证号的，按申请办理台账上同乡镇唯一同名的申请人认定，认不出的不列。
--- */
WITH refused AS (
    SELECT
        a.person_key,
        a.name,
        a.township,
        a.village,
        a.row_id,
        a.refuse_reason,
        COALESCE(a.decided_on, a.accepted_on, a.apply_on) AS day
    FROM application_row AS a
    WHERE
        a.program = 'LS'
        AND a.decision = 'refuse'
        AND a.person_key IS NOT NULL
        AND (COALESCE(a.aid_type, '') IN ('urgent', 'first') OR TRIM(COALESCE(a.event_place, '')) NOT IN ('', '-', '/', '无'))
        AND REGEXP_MATCHES(a.refuse_reason, '户籍|户口|居住地|居住证|常住|本地人|外地|外县|外乡|外省|外市')
        AND NOT REGEXP_MATCHES(a.refuse_reason, '已[^，。；]*(救助|享受|领取|纳入|保障)|重复')
),

heard AS (
    SELECT
        p.row_id,
        'petition' AS source,
        CASE WHEN p.id_is_valid THEN p.person_key END AS person_key,
        COALESCE(p.petitioner, p.name) AS name,
        p.township,
        p.village,
        p.content,
        p.received_on AS day
    FROM petition AS p
    WHERE
        COALESCE(p.topic, '') <> 'policy'
        AND COALESCE(p.received_on <= $as_of, TRUE)
        AND (p.county_name IS NULL OR STARTS_WITH(p.county_name, $home_county) OR STARTS_WITH($home_county, p.county_name))
    UNION ALL
    SELECT
        h.row_id,
        'hotline' AS source,
        CASE WHEN h.caller_is_valid THEN h.caller_key END AS person_key,
        h.caller_name AS name,
        h.township,
        h.village,
        CONCAT_WS('，', h.title, h.content) AS content,
        CAST(h.received_at AS DATE) AS day
    FROM hotline AS h
    WHERE
        COALESCE(h.kind, '') NOT IN ('consult', 'suggest', 'praise')
        AND COALESCE(h.topic, '') <> 'policy'
        AND COALESCE(CAST(h.received_at AS DATE) <= $as_of, TRUE)
        AND (h.county_name IS NULL OR STARTS_WITH(h.county_name, $home_county) OR STARTS_WITH($home_county, h.county_name))
),

told AS (
    SELECT
        heard.row_id,
        heard.source,
        heard.person_key,
        heard.name,
        heard.township,
        heard.village,
        heard.day
    FROM heard
    WHERE
        REGEXP_MATCHES(heard.content, '临时救助|急难')
        AND REGEXP_MATCHES(heard.content, '户籍|户口|居住地|居住证|常住|本地人|外地|外县|外乡|外省|外市')
        AND REGEXP_MATCHES(heard.content, '不予|不给|不让|不办|不收|不管|不受理|未受理|没有?受理|拒绝|拒收|被拒|推脱|推诿|回户籍|回老家')
),

-- a complaint without a number means the one applicant of that name in the township
known AS (
    SELECT
        a.name,
        a.township,
        MIN(a.person_key) AS person_key
    FROM application_row AS a
    WHERE a.id_is_valid
    GROUP BY a.name, a.township
    HAVING COUNT(DISTINCT a.person_key) = 1
)

SELECT
    refused.person_key,
    refused.name,
    refused.township,
    refused.village,
    refused.row_id AS ev_application,
    CAST(NULL AS BIGINT) AS ev_petition,
    CAST(NULL AS BIGINT) AS ev_hotline,
    CONCAT('申请急难临时救助，不予救助的理由是“', refused.refuse_reason, '”') AS fact_what,
    MONTH_OF(refused.day) AS period,
    1.0 AS confidence -- literal: sure
FROM refused
UNION ALL
SELECT
    COALESCE(told.person_key, known.person_key) AS person_key,
    told.name,
    told.township,
    told.village,
    CAST(NULL AS BIGINT) AS ev_application,
    CASE WHEN told.source = 'petition' THEN told.row_id END AS ev_petition,
    CASE WHEN told.source = 'hotline' THEN told.row_id END AS ev_hotline,
    CASE
        WHEN told.source = 'petition' THEN '来信来访反映申请临时救助因户籍或居住地被拒'
        ELSE '拨打热线反映申请临时救助因户籍或居住地被拒'
    END AS fact_what,
    MONTH_OF(told.day) AS period,
    CASE WHEN told.person_key IS NOT NULL THEN 1.0 ELSE 0.9 END AS confidence -- literal: sureness of a name that is unique in its township
FROM told
LEFT JOIN known ON told.name = known.name AND told.township = known.township
WHERE COALESCE(told.person_key, known.person_key) IS NOT NULL
