/* ---
id: R56
title: 长期公示缺失或不一致
version: 1
status: trial
severity: yellow
clauses: [C42]
law: [夏民办〔2023〕14号四(五), 村民委员会组织法第30条, 民发〔2012〕220号第34条]
subject: unit
identity: none
needs: [disclosure]
uses: [child, dibao_household, dibao_member, disability_cert, disability_subsidy, low_income_household,
  low_income_member, officer, tekun_person]
reads: [listing, dibao_unit, dibao_household, roll]
params: {interval: GK-03, adult_age: ET-01}
finds: 有在册低保、特困对象的村没有{interval}个月内更新的长期公示，或只有线上、线下其中一种，或公示名单与在册名单不一致。
summary: "{name}长期公示需要核对：{reason}。请核实后补充或更新公示。"
false_hits: [公示已张贴而公示表没有交来, 名单由几个村合并公示, 公示用名与户口本用名不同]
verify: [看村公示栏和网上公示, 与在册名单逐户核对, 及时更新并留存照片]
reading: >-
  按村看，低保以户主、特困以本人计；只看交来过该类别长期公示表的乡镇。公示开始日（只写到月的按月末）起满公开间隔的当天仍算更新及时，没有写时间的视为现行。
  没有写公示方式的不论线上线下。名单与开始日最近的一次公示比：公示后才纳入、或纳入不满一个间隔的不算少列，公示时还在册的不算多列，
  公示时的名册没有交来的不论多列；金额与各月名册核定金额的范围比。名单里有遮盖姓名的不比姓名。
  未成年人本来就不公开，不算少列。
--- */
WITH posted AS (
    SELECT
        l.row_id,
        COALESCE(l.township, '') AS township,
        l.village,
        l.program,
        COALESCE(l.is_offline, TRUE) AS is_offline,
        COALESCE(l.is_online, TRUE) AS is_online,
        COALESCE(l.from_on, MONTH_END(l.roll_month), $as_of) AS published_on,
        COALESCE(l.to_on >= $as_of, TRUE) AS is_up,
        l.head_name AS name,
        l.amount
    FROM listing AS l
    WHERE l.kind = 'long' AND l.program IN ('DB', 'TK') AND l.village IS NOT NULL
),

told AS (
    SELECT
        posted.program,
        posted.township
    FROM posted
    GROUP BY posted.program, posted.township
),

in_force AS (
    SELECT
        posted.program,
        posted.township,
        posted.village,
        BOOL_OR(posted.is_offline) AS is_offline,
        BOOL_OR(posted.is_online) AS is_online,
        MAX(posted.published_on) AS published_on,
        MIN(posted.row_id) AS row_id,
        BOOL_OR(COALESCE(REGEXP_MATCHES(posted.name, '[*＊×○某]'), TRUE)) AS is_masked
    FROM posted
    WHERE posted.is_up AND $as_of <= ADD_MONTHS(posted.published_on, $interval)
    GROUP BY posted.program, posted.township, posted.village
),

on_roll AS (
    SELECT
        'DB' AS program,
        COALESCE(unit.township, '') AS township,
        unit.village,
        unit.head_name AS name,
        unit.row_id,
        unit.row_month,
        unit.is_active,
        unit.start_date,
        unit.end_date,
        FALSE AS is_minor,
        unit.approved_amount AS amount
    FROM dibao_unit AS unit
    UNION ALL
    SELECT
        roll.program,
        COALESCE(roll.township, '') AS township,
        roll.village,
        roll.name,
        roll.row_id,
        roll.row_month,
        roll.is_active,
        roll.start_date,
        roll.end_date,
        COALESCE(AGE_ON(roll.birth_date, $as_of) < $adult_age, FALSE) AS is_minor,
        roll.amount
    FROM roll
    WHERE roll.program = 'TK'
),

-- whoever goes by one name in a village is looked at as one
named AS (
    SELECT
        on_roll.program,
        on_roll.township,
        on_roll.village,
        on_roll.name,
        BOOL_OR(on_roll.is_active) AS is_active,
        BOOL_OR(on_roll.is_minor) AS is_minor,
        MIN(on_roll.row_id) AS row_id,
        MIN(COALESCE(on_roll.start_date, CAST(on_roll.row_month || '-01' AS DATE))) AS since,
        MAX(COALESCE(LEAST(on_roll.end_date, MONTH_END(on_roll.row_month)), MONTH_END(on_roll.row_month))) AS last_on,
        MIN(on_roll.amount) AS least,
        MAX(on_roll.amount) AS most,
        MIN(on_roll.row_month) AS first_month,
        MAX(on_roll.row_month) AS last_month
    FROM on_roll
    INNER JOIN told ON on_roll.program = told.program AND on_roll.township = told.township
    WHERE on_roll.village IS NOT NULL
    GROUP BY on_roll.program, on_roll.township, on_roll.village, on_roll.name
),

delivered AS (
    SELECT
        named.program,
        named.township,
        MIN(named.first_month) AS first_month,
        MAX(named.last_month) AS last_month
    FROM named
    GROUP BY named.program, named.township
),

place AS (
    SELECT
        named.program,
        named.township,
        named.village,
        MIN(named.row_id) AS row_id
    FROM named
    WHERE named.is_active
    GROUP BY named.program, named.township, named.village
),

-- the names of the latest list; where it is newer than the rolls, the last roll is what it can be held against
listed AS (
    SELECT
        posted.program,
        posted.township,
        posted.village,
        posted.name,
        MIN(posted.row_id) AS row_id,
        MIN(in_force.published_on) AS published_on,
        MIN(posted.amount) AS least,
        MAX(posted.amount) AS most
    FROM posted
    INNER JOIN in_force
        ON
            posted.program = in_force.program
            AND posted.township = in_force.township
            AND posted.village = in_force.village
            AND posted.published_on = in_force.published_on
    WHERE posted.is_up AND NOT in_force.is_masked
    GROUP BY posted.program, posted.township, posted.village, posted.name
),

flaw AS (
    SELECT
        place.program,
        place.township,
        place.village,
        CASE
            WHEN in_force.row_id IS NULL THEN '没有见到现行的长期公示'
            WHEN in_force.is_offline THEN '只有线下公示，没有见到线上公示'
            ELSE '只有线上公示，没有见到线下公示'
        END AS kind,
        COALESCE(in_force.row_id, place.row_id) AS row_id
    FROM place
    LEFT JOIN in_force
        ON
            place.program = in_force.program
            AND place.township = in_force.township
            AND place.village = in_force.village
    WHERE in_force.row_id IS NULL OR NOT (in_force.is_offline AND in_force.is_online)
    UNION ALL
    SELECT
        named.program,
        named.township,
        named.village,
        CASE WHEN listed.row_id IS NULL THEN 'missing' ELSE 'amount' END AS kind,
        COALESCE(listed.row_id, named.row_id) AS row_id
    FROM named
    INNER JOIN in_force
        ON
            named.program = in_force.program
            AND named.township = in_force.township
            AND named.village = in_force.village
    LEFT JOIN listed
        ON
            named.program = listed.program
            AND named.township = listed.township
            AND named.village = listed.village
            AND named.name = listed.name
    LEFT JOIN dibao_household AS household ON named.row_id = household.row_id
    WHERE
        named.is_active
        AND named.name IS NOT NULL
        AND NOT in_force.is_masked
        AND (
            (
                listed.row_id IS NULL
                AND named.since <= in_force.published_on
                AND $as_of > ADD_MONTHS(named.since, $interval)
                -- minors are on no public list, applicants or not
                AND NOT named.is_minor
                AND NOT COALESCE(AGE_ON(household.head_birth_date, $as_of) < $adult_age, FALSE)
            )
            OR listed.most < named.least
            OR listed.least > named.most
        )
    UNION ALL
    SELECT
        listed.program,
        listed.township,
        listed.village,
        'extra' AS kind,
        listed.row_id
    FROM listed
    INNER JOIN delivered ON listed.program = delivered.program AND listed.township = delivered.township
    LEFT JOIN named
        ON
            listed.program = named.program
            AND listed.township = named.township
            AND listed.village = named.village
            AND listed.name = named.name
    WHERE
        delivered.first_month <= MONTH_OF(listed.published_on)
        AND NOT COALESCE(named.last_on >= LEAST(listed.published_on, MONTH_END(delivered.last_month)), FALSE)
),

told_of AS (
    SELECT
        flaw.township,
        flaw.village,
        ARRAY_AGG(DISTINCT flaw.row_id) AS row_ids,
        CONCAT(
            CASE flaw.program WHEN 'DB' THEN '低保' ELSE '特困' END,
            CASE flaw.kind
                WHEN 'missing' THEN CONCAT('名单少列', CAST(COUNT(*) AS VARCHAR), '名在册对象')
                WHEN 'extra' THEN CONCAT('名单多列', CAST(COUNT(*) AS VARCHAR), '名当时不在册的对象')
                WHEN 'amount' THEN CONCAT('名单有', CAST(COUNT(*) AS VARCHAR), '处金额与核定不同')
                ELSE flaw.kind
            END
        ) AS reason
    FROM flaw
    GROUP BY flaw.township, flaw.village, flaw.program, flaw.kind
)

SELECT
    CONCAT(told_of.township, told_of.village) AS unit,
    NULLIF(told_of.township, '') AS township,
    told_of.village,
    FLATTEN(ARRAY_AGG(told_of.row_ids)) AS ev_source,
    ARRAY_TO_STRING(LIST_SORT(ARRAY_AGG(DISTINCT told_of.reason)), '；') AS fact_reason
FROM told_of
GROUP BY told_of.township, told_of.village
