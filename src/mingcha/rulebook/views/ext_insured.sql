/* ---
id: ext_insured
title: 外县市低保对象
reads: [dibao_member, dibao_household]
params: {home_county: home_county}
columns:
  row_month: month of the roll; the comparison month where it names none
  is_active: of that county's newest roll, in status, begun, not ended on the comparison date
--- */
-- Insured persons on other counties' dibao rolls (外县市在保). Heads of households whose members are not listed count as
-- insured. A roll without status columns is taken as it stands for its month. Rolls later than the comparison month are ignored.
WITH ext_member AS (
    SELECT
        m.row_id,
        m.roll_month AS month,
        COALESCE(m.roll_month, $as_of_month) AS row_month,
        m.county_name,
        COALESCE(m.head_key, m.person_key) AS household_key,
        m.person_key,
        COALESCE(m.id_is_valid, FALSE) AS id_is_valid,
        m.name,
        COALESCE(m.insured, TRUE) AS is_insured,
        COALESCE(m.start_date, CAST(m.first_month || '-01' AS DATE)) AS first_date,
        m.end_date,
        COALESCE(
            m.status IN ('active', 'new', 'changed', 'taper'),
            COALESCE(m.status_text, '') = ''
            OR (
                REGEXP_MATCHES(m.status_text, '在保|在册|在享|享受中|正在享受|保障中|供养中|正常|已发放|发放成功|通过')
                AND NOT REGEXP_MATCHES(m.status_text, '不|未|非|停|退|暂|缓|终止|取消|注销|死|迁')
            )
        ) AS is_in_status
    FROM dibao_member AS m
    WHERE
        m.county_name IS NOT NULL
        AND NOT STARTS_WITH(m.county_name, $home_county)
        AND NOT STARTS_WITH($home_county, m.county_name)
        AND COALESCE(m.roll_month, $as_of_month) <= $as_of_month
),

ext_household AS (
    SELECT
        h.row_id,
        h.roll_month AS month,
        COALESCE(h.roll_month, $as_of_month) AS row_month,
        h.county_name,
        h.head_key AS household_key,
        COALESCE(h.head_is_valid, FALSE) AS id_is_valid,
        h.head_name AS name,
        COALESCE(h.start_date, CAST(h.first_month || '-01' AS DATE)) AS start_date,
        h.end_date,
        COALESCE(
            h.status IN ('active', 'new', 'changed', 'taper'),
            COALESCE(h.status_text, '') = ''
            OR (
                REGEXP_MATCHES(h.status_text, '在保|在册|在享|享受中|正在享受|保障中|供养中|正常|已发放|发放成功|通过')
                AND NOT REGEXP_MATCHES(h.status_text, '不|未|非|停|退|暂|缓|终止|取消|注销|死|迁')
            )
        ) AS is_in_status
    FROM dibao_household AS h
    WHERE
        h.county_name IS NOT NULL
        AND NOT STARTS_WITH(h.county_name, $home_county)
        AND NOT STARTS_WITH($home_county, h.county_name)
        AND COALESCE(h.roll_month, $as_of_month) <= $as_of_month
),

-- a household listed twice is in force only where every listing is: the reading that accuses least
unit AS (
    SELECT
        h.county_name,
        h.row_month,
        h.household_key,
        MIN(h.start_date) AS start_date,
        MIN(h.end_date) AS end_date,
        BOOL_AND(h.is_in_status) AS is_in_status
    FROM ext_household AS h
    GROUP BY h.county_name, h.row_month, h.household_key
),

newest_unit AS (
    SELECT
        unit.county_name,
        unit.household_key,
        MAX(unit.row_month) AS row_month
    FROM unit
    GROUP BY unit.county_name, unit.household_key
),

newest AS (
    SELECT
        listed.county_name,
        listed.source,
        MAX(listed.row_month) AS row_month
    FROM (
        SELECT
            ext_member.county_name,
            'member' AS source,
            ext_member.row_month
        FROM ext_member
        UNION ALL
        SELECT
            ext_household.county_name,
            'household' AS source,
            ext_household.row_month
        FROM ext_household
    ) AS listed
    GROUP BY listed.county_name, listed.source
),

with_members AS (
    SELECT
        ext_member.county_name,
        ext_member.household_key
    FROM ext_member
    GROUP BY ext_member.county_name, ext_member.household_key
),

insured AS (
    SELECT
        m.row_id,
        m.month,
        m.row_month,
        m.person_key,
        m.id_is_valid,
        m.name,
        m.county_name,
        COALESCE(m.first_date, unit.start_date, other.start_date) AS start_date,
        LEAST(m.end_date, COALESCE(unit.end_date, other.end_date)) AS end_date,
        (m.is_in_status AND COALESCE(unit.is_in_status, other.is_in_status, TRUE)) AS is_in_status,
        'member' AS source
    FROM ext_member AS m
    LEFT JOIN unit
        ON
            m.county_name = unit.county_name
            AND m.household_key = unit.household_key
            AND m.row_month = unit.row_month
    LEFT JOIN newest_unit
        ON m.county_name = newest_unit.county_name AND m.household_key = newest_unit.household_key
    LEFT JOIN unit AS other
        ON
            newest_unit.county_name = other.county_name
            AND newest_unit.household_key = other.household_key
            AND newest_unit.row_month = other.row_month
    WHERE m.is_insured
    UNION ALL
    SELECT
        h.row_id,
        h.month,
        h.row_month,
        h.household_key AS person_key,
        h.id_is_valid,
        h.name,
        h.county_name,
        h.start_date,
        h.end_date,
        h.is_in_status,
        'household' AS source
    FROM ext_household AS h
    LEFT JOIN with_members ON h.county_name = with_members.county_name AND h.household_key = with_members.household_key
    WHERE with_members.household_key IS NULL
)

SELECT
    insured.row_id,
    insured.month,
    insured.row_month,
    insured.person_key,
    insured.id_is_valid,
    insured.name,
    insured.county_name,
    insured.start_date,
    insured.end_date,
    insured.is_in_status,
    (
        insured.row_month = newest.row_month
        AND insured.is_in_status
        AND (insured.start_date IS NULL OR insured.start_date <= $as_of)
        AND (insured.end_date IS NULL OR insured.end_date > $as_of)
    ) AS is_active
FROM insured
INNER JOIN newest ON insured.county_name = newest.county_name AND insured.source = newest.source
WHERE insured.person_key IS NOT NULL
