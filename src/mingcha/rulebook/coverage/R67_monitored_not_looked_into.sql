/* ---
id: R67
title: 监测对象未摸排
version: 1
status: active
severity: blue
clauses: [C21, C26]
law: [民发〔2022〕83号三(三), 夏民办〔2023〕14号三(三)]
subject: person
identity: exact
needs: [poverty_monitor, dibao_member|dibao_household]
uses: [card_custody, care_agreement, child, death_cancel, disability_cert, disability_subsidy, fiscal_staff,
  funeral, hukou, kin_filing, low_income_household, low_income_member, officer, payment, pension, severe_illness,
  tekun_person, third_party, visit_check]
reads: [aid_person, dibao_insured, death, visit_reach, poverty_monitor]
params: {home_county: home_county}
finds: 风险未消除的防止返贫监测对象，不在低保、特困、儿童保障或低保边缘（刚性支出困难）名册上，识别以来也没有入户核查结果。
summary: "{name}是防止返贫监测对象（{kind}，{identified}识别），目前没有享受低保、特困等救助，识别以来也没有查到入户核查结果。请上门看一看，符合条件的帮助申请。"
false_hits: [入户核查表尚未上报, 本人不愿申请, 家庭收入已恢复而风险尚未标注消除]
verify: [入户了解收入和支出, 符合条件的帮助申请救助, 不符合的说明原因并记录]
reading: >-
  以个人计，家里别人在保的不算本人在保。“是否已消除”空着视为未消除；写了消除时间或方式的视为已消除。走访户主、同户任何人算走访全家；
  识别当月的走访算识别以来。已死亡的、号码有误的不列；名册上同村同名而号码有误的视为已在保。
--- */
WITH listed AS (
    SELECT
        monitor.row_id,
        monitor.person_key,
        monitor.id_is_valid,
        monitor.name,
        monitor.township,
        monitor.village,
        CONCAT_WS('|', monitor.township, NULLIF(TRIM(monitor.household_no), '')) AS house,
        NULLIF(TRIM(monitor.household_no), '') IS NOT NULL AS has_house,
        monitor.identified,
        COALESCE(monitor.monitor_type_text, '类别未写') AS kind,
        COALESCE(
            monitor.removed,
            monitor.removed_on IS NOT NULL OR COALESCE(TRIM(monitor.removed_how) NOT IN ('', '无', '-', '/', '未消除'), FALSE)
        ) AS is_removed,
        ROW_NUMBER() OVER (
            PARTITION BY monitor.person_key ORDER BY COALESCE(monitor.roll_month, $as_of_month) DESC, monitor.row_id
        ) AS place
    FROM poverty_monitor AS monitor
    WHERE
        COALESCE(monitor.roll_month, $as_of_month) <= $as_of_month
        AND (
            monitor.county_name IS NULL
            OR STARTS_WITH(monitor.county_name, $home_county)
            OR STARTS_WITH($home_county, monitor.county_name)
        )
),

watched AS (
    SELECT
        listed.row_id,
        listed.person_key,
        listed.name,
        listed.township,
        listed.village,
        listed.house,
        listed.identified,
        listed.kind
    FROM listed
    WHERE
        listed.place = 1
        AND listed.id_is_valid
        AND NOT listed.is_removed
        AND COALESCE(listed.identified <= $as_of_month, TRUE)
        AND NOT REGEXP_MATCHES(listed.kind, '^(无|否|不是|非监测.*|未纳入.*|一般农?户)$')
),

covered AS (
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
),

-- the last visit, and whether one has no date; a monitored household is one, whatever the register says
seen AS (
    SELECT
        visit_reach.person_key,
        MAX(visit_reach.visit_on) AS last_on,
        BOOL_OR(visit_reach.visit_on IS NULL) AS has_undated
    FROM visit_reach
    WHERE visit_reach.has_result
    GROUP BY visit_reach.person_key
),

seen_house AS (
    SELECT
        listed.house,
        MAX(seen.last_on) AS last_on,
        BOOL_OR(seen.has_undated) AS has_undated
    FROM listed
    INNER JOIN seen ON listed.person_key = seen.person_key
    WHERE listed.has_house
    GROUP BY listed.house
)

SELECT
    watched.person_key,
    watched.name,
    watched.township,
    watched.village,
    watched.row_id AS ev_monitor,
    watched.kind AS fact_kind,
    watched.identified AS fact_identified
FROM watched
LEFT JOIN covered ON watched.person_key = covered.person_key
LEFT JOIN damaged
    ON watched.name = damaged.name
    AND COALESCE(watched.village, '') = COALESCE(damaged.village, watched.village, '')
LEFT JOIN seen ON watched.person_key = seen.person_key
LEFT JOIN seen_house ON watched.house = seen_house.house
WHERE
    covered.person_key IS NULL
    AND damaged.name IS NULL
    AND NOT COALESCE(seen.has_undated, FALSE)
    AND NOT COALESCE(seen_house.has_undated, FALSE)
    -- a visit in the month of identification counts
    AND NOT COALESCE(MONTH_OF(seen.last_on) >= COALESCE(watched.identified, ''), FALSE)
    AND NOT COALESCE(MONTH_OF(seen_house.last_on) >= COALESCE(watched.identified, ''), FALSE)
