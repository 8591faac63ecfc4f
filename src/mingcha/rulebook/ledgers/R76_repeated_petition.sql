/* ---
id: R76
title: 重复信访未化解
version: 1
status: trial
severity: orange
clauses: [C32]
law: [信访工作条例第37条, 夏民办〔2023〕14号四(一)]
subject: person
identity: mixed
needs: [petition|hotline]
uses: [application, card_custody, care_agreement, child, death_cancel, dibao_household, dibao_member,
  disability_cert, disability_subsidy, fiscal_staff, funeral, hukou, kin_filing, low_income_household,
  low_income_member, officer, payment, pension, poverty_monitor, severe_illness, tekun_person, temp_assistance,
  third_party, visit_check]
reads: [petition, hotline, aid_person, visit_reach, application, temp_assistance]
params: {home_county: home_county}
finds: 同一人就同类事项两次以上信访（来电），最近一次还没有办结或评价不满意，第一次以来又没有入户走访、受理申请或给予救助的。
summary: "{name}就“{topic}”先后{times}次反映（最早{first_on}，最近{last_on}），最近一次{state}，其间没有查到入户、申请或救助记录。请上门了解，能帮的帮、能办的办。"
false_hits: [同名同村的不同人, 已入户而核查表尚未上报, 事项不属于社会救助]
verify: [调阅历次信访件, 上门了解诉求和家庭情况, 符合条件的帮助申请救助, 不符合的耐心解释]
reading: >-
  同一人按身份证号认定；号码没有或有误的，按同乡镇同村同名归为一人，能与名册上同村唯一同名的救助对象对上的才列，只有电话的不列。同类事项按内容分类相同认定，没有分类、分在“其他”和政策咨询的不看；
  同一天的算一次。写明是重复信访而台账上只有一次的不列。最近一次办结、答复且没有评价不满意的不列。走访户主、同户任何人、没有写日期的走访都算；
  第一次反映当天及以后的申请、开始享受的救助、批准的临时救助都算。
--- */
WITH said AS (
    SELECT
        p.row_id,
        CASE WHEN p.id_is_valid THEN p.person_key END AS person_key,
        COALESCE(p.petitioner, p.name) AS name,
        p.township,
        p.village,
        p.topic,
        COALESCE(p.topic_text, p.topic) AS topic_word,
        p.received_on AS said_on,
        COALESCE(p.closed_on <= $as_of, FALSE) OR COALESCE(p.status IN ('closed', 'replied'), FALSE) AS is_closed,
        COALESCE(p.satisfaction = 'bad', FALSE) AS is_bad
    FROM petition AS p
    WHERE
        p.received_on <= $as_of
        AND p.topic NOT IN ('other', 'policy')
        AND (p.county_name IS NULL OR STARTS_WITH(p.county_name, $home_county) OR STARTS_WITH($home_county, p.county_name))
    UNION ALL
    SELECT
        h.row_id,
        CASE WHEN h.caller_is_valid THEN h.caller_key END AS person_key,
        h.caller_name AS name,
        h.township,
        h.village,
        h.topic,
        COALESCE(h.topic_text, h.topic) AS topic_word,
        CAST(h.received_at AS DATE) AS said_on,
        COALESCE(CAST(LEAST(h.closed_at, h.replied_at) AS DATE) <= $as_of, FALSE)
        OR COALESCE(h.status IN ('closed', 'replied'), FALSE) AS is_closed,
        COALESCE(h.visit_score = 'bad', FALSE) AS is_bad
    FROM hotline AS h
    WHERE
        CAST(h.received_at AS DATE) <= $as_of
        AND h.topic NOT IN ('other', 'policy')
        AND (h.county_name IS NULL OR STARTS_WITH(h.county_name, $home_county) OR STARTS_WITH($home_county, h.county_name))
),

told AS (
    SELECT
        said.row_id,
        COALESCE(
            CAST(said.person_key AS VARCHAR),
            CASE WHEN said.name IS NOT NULL AND said.village IS NOT NULL THEN CONCAT(said.name, '|', COALESCE(said.township, ''), said.village) END
        ) AS who,
        said.person_key,
        said.name,
        said.township,
        said.village,
        said.topic,
        said.topic_word,
        said.said_on,
        said.is_closed,
        said.is_bad
    FROM said
),

lasting AS (
    SELECT
        told.row_id,
        told.who,
        told.person_key,
        told.name,
        told.township,
        told.village,
        told.topic,
        told.topic_word,
        told.said_on,
        told.is_closed,
        told.is_bad,
        MAX(told.said_on) OVER (PARTITION BY told.who, told.topic) AS last_on
    FROM told
    WHERE told.who IS NOT NULL
),

repeated AS (
    SELECT
        lasting.who,
        lasting.topic,
        MIN(lasting.person_key) AS person_key,
        MIN(lasting.name) AS name,
        MIN(lasting.township) AS township,
        MIN(lasting.village) AS village,
        MIN(lasting.topic_word) AS topic_word,
        ARRAY_AGG(DISTINCT lasting.row_id) AS row_ids,
        COUNT(DISTINCT lasting.said_on) AS times,
        MIN(lasting.said_on) AS first_on,
        MAX(lasting.said_on) AS last_on,
        BOOL_OR(lasting.said_on = lasting.last_on AND lasting.is_closed) AS is_closed
    FROM lasting
    GROUP BY lasting.who, lasting.topic
    HAVING
        COUNT(DISTINCT lasting.said_on) > 1
        AND (
            NOT BOOL_OR(lasting.said_on = lasting.last_on AND lasting.is_closed)
            OR BOOL_OR(lasting.said_on = lasting.last_on AND lasting.is_bad)
        )
),

-- without a number: who on the rolls goes by that name in that village, if it is one person
known AS (
    SELECT
        repeated.who,
        MIN(aid.person_key) AS person_key
    FROM repeated
    INNER JOIN aid_person AS aid ON repeated.name = aid.name AND repeated.village = aid.village
    WHERE
        repeated.person_key IS NULL
        AND aid.id_is_valid
        AND COALESCE(repeated.township, aid.township, '') = COALESCE(aid.township, repeated.township, '')
    GROUP BY repeated.who
    HAVING COUNT(DISTINCT aid.person_key) = 1
),

matter AS (
    SELECT
        COALESCE(repeated.person_key, known.person_key) AS person_key,
        repeated.person_key IS NOT NULL AS is_exact,
        repeated.topic,
        repeated.name,
        repeated.township,
        repeated.village,
        repeated.topic_word,
        repeated.row_ids,
        repeated.times,
        repeated.first_on,
        repeated.last_on,
        repeated.is_closed
    FROM repeated
    LEFT JOIN known ON repeated.who = known.who
    WHERE COALESCE(repeated.person_key, known.person_key) IS NOT NULL
),

-- a day that is not written may be any day
help AS (
    SELECT
        visit.person_key,
        COALESCE(visit.visit_on, $as_of) AS help_on
    FROM visit_reach AS visit
    UNION ALL
    SELECT
        a.person_key,
        COALESCE(a.apply_on, a.accepted_on, $as_of) AS help_on
    FROM application AS a
    UNION ALL
    SELECT
        a.head_key AS person_key,
        COALESCE(a.apply_on, a.accepted_on, $as_of) AS help_on
    FROM application AS a
    UNION ALL
    SELECT
        t.person_key,
        COALESCE(t.approve_on, $as_of) AS help_on
    FROM temp_assistance AS t
    UNION ALL
    SELECT
        t.head_key AS person_key,
        COALESCE(t.approve_on, $as_of) AS help_on
    FROM temp_assistance AS t
    UNION ALL
    SELECT
        aid.person_key,
        aid.start_date AS help_on
    FROM aid_person AS aid
    WHERE aid.start_date IS NOT NULL
),

helped AS (
    SELECT
        matter.person_key,
        matter.topic
    FROM matter
    INNER JOIN help ON matter.person_key = help.person_key
    WHERE help.help_on >= matter.first_on AND help.help_on <= $as_of
    GROUP BY matter.person_key, matter.topic
)

SELECT
    matter.person_key,
    matter.name,
    matter.township,
    matter.village,
    matter.row_ids AS ev_petition,
    matter.topic_word AS fact_topic,
    matter.times AS fact_times,
    matter.first_on AS fact_first_on,
    matter.last_on AS fact_last_on,
    CASE WHEN matter.is_closed THEN '评价不满意' ELSE '还没有办结' END AS fact_state,
    CASE WHEN matter.is_exact THEN 1.0 ELSE 0.9 END AS confidence -- literal: sureness of a name that is unique in its village
FROM matter
LEFT JOIN helped ON matter.person_key = helped.person_key AND matter.topic = helped.topic
WHERE helped.person_key IS NULL
