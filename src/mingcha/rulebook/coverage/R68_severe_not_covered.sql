/* ---
id: R68
title: 重病重残未保
version: 1
status: active
severity: blue
clauses: [C08, C17, C26]
law: [民发〔2021〕57号第8条, 民发〔2022〕83号一(一), 国办发〔2023〕39号三(三)]
subject: person
identity: exact
needs: [disability_cert|severe_illness, dibao_member|dibao_household]
uses: [card_custody, care_agreement, child, death_cancel, disability_subsidy, fiscal_staff, funeral, hukou,
  kin_filing, low_income_household, low_income_member, officer, payment, pension, poverty_monitor, tekun_person,
  third_party, visit_check]
reads: [cert_state, aid_person, dibao_insured, death, visit_reach, severe_illness]
params:
  home_county: home_county
  grades: DB-03
  own_cost: {key: DS-06, optional: true, part: 重病（12个月内个人负担的医疗费用）}
finds: 重度残疾（{grades}），或12个月内个人负担医疗费超过{own_cost}元，不在低保、特困、儿童保障或低保边缘（刚性支出困难）名册上，也没有入户核查记录的人员。
summary: "{name}{grounds}，目前没有享受低保、特困等救助，也没有查到入户核查记录。请上门看一看，符合条件的帮助申请。"
false_hits: [家庭收入较高不符合条件, 入户核查表尚未上报, 长期居住在外地]
verify: [入户了解家庭收入和支出, 符合条件的帮助申请（含单人户）, 不符合的说明原因并记录]
reading: >-
  残疾证注销、过期、冻结、迁出的不算。医疗费按人合计比对日前12个月（不含一年前的同一天），以个人自付为准，没有的按总费用减去统筹、大病保险、医疗救助；
  几项都没有的不推断，同一次住院列两遍的只算一次，没有日期的按名单月份。走访户主、同户任何人算走访全家。已死亡的、号码有误的不列；
  名册上同村同名而号码有误的视为已在保。
--- */
WITH disabled AS (
    SELECT
        cert.person_key,
        cert.name,
        cert.village,
        cert.row_id AS cert_row,
        CONCAT(
            CASE cert.disability_type
                WHEN '1' THEN '视力'
                WHEN '2' THEN '听力'
                WHEN '3' THEN '言语'
                WHEN '4' THEN '肢体'
                WHEN '5' THEN '智力'
                WHEN '6' THEN '精神'
                WHEN '7' THEN '多重'
                ELSE ''
            END,
            '残疾',
            CASE cert.disability_level WHEN '1' THEN '一' WHEN '2' THEN '二' WHEN '3' THEN '三' ELSE '四' END,
            '级'
        ) AS ground
    FROM cert_state AS cert
    WHERE
        cert.is_valid_on
        AND cert.id_is_valid
        -- the grades for which one person alone may apply (DB-03)
        AND (
            LIST_CONTAINS($grades, CONCAT('*-', cert.disability_level))
            OR LIST_CONTAINS($grades, CONCAT(COALESCE(cert.disability_type, '?'), '-', cert.disability_level))
        )
),

stay AS (
    SELECT
        illness.person_key,
        MIN(illness.name) AS name,
        MIN(illness.village) AS village,
        ARRAY_AGG(illness.row_id) AS illness_rows,
        MAX(
            GREATEST(
                COALESCE(
                    illness.self_paid,
                    illness.total_cost - COALESCE(illness.pool_paid, 0) - COALESCE(illness.serious_paid, 0)
                    - COALESCE(illness.aid_paid, 0)
                ),
                0
            )
        ) AS own_cost
    FROM severe_illness AS illness
    WHERE
        illness.id_is_valid
        AND (
            illness.self_paid IS NOT NULL
            OR illness.pool_paid IS NOT NULL
            OR illness.serious_paid IS NOT NULL
            OR illness.aid_paid IS NOT NULL
        )
        AND (
            illness.county_name IS NULL
            OR STARTS_WITH(illness.county_name, $home_county)
            OR STARTS_WITH($home_county, illness.county_name)
        )
        AND COALESCE(
            COALESCE(illness.settled_on, illness.discharged_on, illness.admitted_on) > ADD_MONTHS($as_of, -12) -- literal: DS-06 counts twelve months
            AND COALESCE(illness.settled_on, illness.discharged_on, illness.admitted_on) <= $as_of,
            illness.roll_month > ADD_TO_MONTH($as_of_month, -12) AND illness.roll_month <= $as_of_month, -- literal: DS-06 counts twelve months
            TRUE
        )
    -- the same stay stands on several lists
    GROUP BY
        illness.person_key,
        illness.hospital,
        illness.admitted_on,
        illness.discharged_on,
        illness.settled_on,
        illness.total_cost
),

ill AS (
    SELECT
        stay.person_key,
        MIN(stay.name) AS name,
        MIN(stay.village) AS village,
        FLATTEN(ARRAY_AGG(stay.illness_rows)) AS illness_rows,
        CONCAT('近12个月个人负担医疗费', CAST(CAST(SUM(stay.own_cost) AS DECIMAL(14, 2)) AS VARCHAR), '元') AS ground
    FROM stay
    GROUP BY stay.person_key
    HAVING SUM(stay.own_cost) > $own_cost
),

hard AS (
    SELECT
        disabled.person_key,
        disabled.name,
        disabled.village,
        disabled.cert_row,
        CAST(NULL AS BIGINT[]) AS illness_rows,
        disabled.ground
    FROM disabled
    UNION ALL
    SELECT
        ill.person_key,
        ill.name,
        ill.village,
        CAST(NULL AS BIGINT) AS cert_row,
        ill.illness_rows,
        ill.ground
    FROM ill
),

left_out AS (
    SELECT aid.person_key
    FROM aid_person AS aid
    WHERE aid.program IN ('TK', 'ET', 'BY') AND aid.is_active AND aid.id_is_valid
    UNION
    SELECT insured.person_key
    FROM dibao_insured AS insured
    WHERE insured.is_active AND insured.id_is_valid
    UNION
    SELECT death.person_key
    FROM death
    WHERE death.id_is_valid AND death.death_date <= $as_of
    UNION
    SELECT visit_reach.person_key
    FROM visit_reach
),

-- rolls that hold a damaged number: the name in the village is enough to leave somebody out
damaged AS (
    SELECT
        aid.name,
        aid.village
    FROM aid_person AS aid
    WHERE aid.program IN ('TK', 'ET', 'BY') AND aid.is_active AND NOT COALESCE(aid.id_is_valid, FALSE)
    UNION
    SELECT
        insured.name,
        insured.village
    FROM dibao_insured AS insured
    WHERE insured.is_active AND NOT COALESCE(insured.id_is_valid, FALSE)
)

SELECT
    hard.person_key,
    MIN(hard.name) AS name,
    ARRAY_AGG(DISTINCT hard.cert_row) FILTER (WHERE hard.cert_row IS NOT NULL) AS ev_cert,
    FLATTEN(ARRAY_AGG(hard.illness_rows) FILTER (WHERE hard.illness_rows IS NOT NULL)) AS ev_illness,
    ARRAY_SORT(ARRAY_AGG(DISTINCT hard.ground)) AS fact_grounds
FROM hard
LEFT JOIN left_out ON hard.person_key = left_out.person_key
LEFT JOIN damaged
    ON hard.name = damaged.name
    AND COALESCE(hard.village, '') = COALESCE(damaged.village, hard.village, '')
WHERE left_out.person_key IS NULL AND damaged.name IS NULL
GROUP BY hard.person_key
