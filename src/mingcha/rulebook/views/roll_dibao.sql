/* ---
id: roll_dibao
title: 低保名册
long: true
reads: [dibao_member, dibao_household, dibao_unit, roll_scope]
params: {home_county: home_county}
columns:
  row_month: month the row speaks of; the comparison month where it names none
  is_current: of the newest dibao roll (see roll_scope)
  household_key: person key of the head; the person's own where none is written
  is_insured: 是否保障对象, yes or empty
  is_active: on the roll on the comparison date (在册)
--- */
-- The dibao part of the rolls (低保名册); columns as roll has them, those left out that say the same of everybody here.
-- Members, their status and dates their own and those of the household row (of the same month; for current rows of
-- the current roll): whoever of the two ended first is off.
-- Heads of households that no member sheet lists stand for themselves, and so do persons of a household's 成员 list
-- cell whom no member sheet lists; such a person's name is unknown unless the list holds a single one.
WITH dibao_row AS (
    SELECT
        m.row_id,
        m.roll_month AS month,
        COALESCE(m.roll_month, $as_of_month) AS row_month,
        scope.is_current,
        COALESCE(m.head_key, m.person_key) AS household_key,
        m.person_key,
        COALESCE(m.id_is_valid, FALSE) AS id_is_valid,
        m.id_flag,
        m.name,
        m.id_birth_date,
        m.id_sex,
        m.birth_date,
        m.birth_date_precision,
        m.sex,
        m.relation,
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
        ) AS is_in_status,
        m.head_name,
        m.township,
        m.village,
        m.account_key,
        m.one_card_key,
        m.account_name,
        m.disability_type,
        m.disability_level,
        m.disability_cert_type,
        m.disability_cert_level,
        NULLIF(CONCAT_WS(
            '，',
            m.school,
            CASE WHEN m.employment = 'student' OR m.employment_text LIKE '%学生%' THEN m.employment_text END
        ), '') AS school,
        m.assist_type AS area,
        m.tier
    FROM dibao_member AS m
    INNER JOIN roll_scope AS scope
        ON
            scope.dataset = 'dibao_member'
            AND CAST(FLOOR(m.row_id / 274877906944) AS BIGINT) = scope.sheet_id  -- literal: 2^38, row number and part lie below
            AND COALESCE(m.roll_month, $as_of_month) = scope.row_month
            AND COALESCE(m.assist_type, '') = scope.kind
            AND COALESCE(m.township, '') = scope.township
    WHERE (m.county_name IS NULL OR STARTS_WITH(m.county_name, $home_county) OR STARTS_WITH($home_county, m.county_name))
),

-- whom the member rows name, read by itself: the rows above are wide, and pass on without being held
listed AS (
    SELECT
        COALESCE(m.head_key, m.person_key) AS household_key,
        m.person_key
    FROM dibao_member AS m
    INNER JOIN roll_scope AS scope
        ON
            scope.dataset = 'dibao_member'
            AND CAST(FLOOR(m.row_id / 274877906944) AS BIGINT) = scope.sheet_id  -- literal: 2^38, row number and part lie below
            AND COALESCE(m.roll_month, $as_of_month) = scope.row_month
            AND COALESCE(m.assist_type, '') = scope.kind
            AND COALESCE(m.township, '') = scope.township
    WHERE (m.county_name IS NULL OR STARTS_WITH(m.county_name, $home_county) OR STARTS_WITH($home_county, m.county_name))
),

listed_household AS (
    SELECT listed.household_key
    FROM listed
    WHERE listed.household_key IS NOT NULL
    GROUP BY listed.household_key
),

listed_person AS (
    SELECT listed.person_key
    FROM listed
    WHERE listed.person_key IS NOT NULL
    GROUP BY listed.person_key
),

list_member AS (
    SELECT
        h.row_id,
        h.head_key,
        UNNEST(h.member_keys) AS person_key,
        CASE
            WHEN ARRAY_LENGTH(h.member_keys) = 1 AND ARRAY_LENGTH(h.member_names) = 1
                THEN ARRAY_TO_STRING(h.member_names, '')
        END AS name
    FROM dibao_household AS h
    WHERE h.member_keys IS NOT NULL
),

from_household AS (
    SELECT
        unit.row_id,
        unit.month,
        unit.row_month,
        unit.is_current,
        unit.household_key AS person_key,
        unit.head_is_valid AS id_is_valid,
        h.head_flag AS id_flag,
        unit.head_name AS name,
        h.head_birth_date AS birth_date,
        h.head_sex AS sex,
        '02' AS relation,
        unit.household_key,
        unit.head_name,
        unit.is_in_status,
        unit.start_date,
        unit.end_date,
        unit.township,
        unit.village,
        unit.approved_amount,
        unit.insured_count,
        unit.stated_size,
        unit.account_key,
        unit.one_card_key,
        unit.account_name,
        unit.category,
        unit.area,
        unit.tier,
        unit.is_active
    FROM dibao_unit AS unit
    INNER JOIN dibao_household AS h ON unit.row_id = h.row_id
    LEFT JOIN listed_household ON unit.household_key = listed_household.household_key
    WHERE listed_household.household_key IS NULL
    UNION ALL
    SELECT
        unit.row_id,
        unit.month,
        unit.row_month,
        unit.is_current,
        list_member.person_key,
        TRUE AS id_is_valid,
        CAST(NULL AS VARCHAR) AS id_flag,
        list_member.name,
        CAST(NULL AS DATE) AS birth_date,
        CAST(NULL AS VARCHAR) AS sex,
        CAST(NULL AS VARCHAR) AS relation,
        unit.household_key,
        unit.head_name,
        unit.is_in_status,
        unit.start_date,
        unit.end_date,
        unit.township,
        unit.village,
        unit.approved_amount,
        unit.insured_count,
        unit.stated_size,
        unit.account_key,
        unit.one_card_key,
        unit.account_name,
        unit.category,
        unit.area,
        unit.tier,
        unit.is_active
    FROM dibao_unit AS unit
    INNER JOIN list_member ON unit.row_id = list_member.row_id
    LEFT JOIN listed_person ON list_member.person_key = listed_person.person_key
    LEFT JOIN listed_household ON unit.household_key = listed_household.household_key
    WHERE
        list_member.person_key IS NOT NULL
        AND list_member.person_key <> list_member.head_key
        AND listed_person.person_key IS NULL
        AND listed_household.household_key IS NULL
)

SELECT
    m.row_id,
    'dibao_member' AS dataset,
    m.month,
    m.row_month,
    m.is_current,
    m.person_key,
    m.id_is_valid,
    m.id_flag,
    m.name,
    m.id_birth_date AS birth_date,
    m.id_sex AS sex,
    m.birth_date AS written_birth_date,
    m.birth_date_precision AS written_birth_precision,
    m.sex AS written_sex,
    m.household_key AS head_key,
    COALESCE(unit.head_name, m.head_name) AS head_name,
    m.household_key,
    m.relation,
    m.is_insured,
    (m.is_in_status AND COALESCE(unit.is_in_status, FALSE)) AS is_in_status,
    COALESCE(m.first_date, unit.start_date) AS start_date,
    LEAST(m.end_date, unit.end_date) AS end_date,
    m.township,
    m.village,
    unit.approved_amount AS household_amount,
    COALESCE(unit.stated_size, unit.insured_count) AS household_size,
    COALESCE(m.account_key, unit.account_key) AS account_key,
    COALESCE(m.one_card_key, unit.one_card_key) AS one_card_key,
    COALESCE(m.account_name, unit.account_name) AS account_name,
    m.disability_type,
    m.disability_level,
    m.disability_cert_type AS cert_type,
    m.disability_cert_level AS cert_level,
    unit.category,
    m.school,
    COALESCE(m.area, unit.area) AS area,
    COALESCE(m.tier, unit.tier) AS tier,
    (
        m.is_current AND m.is_insured AND m.is_in_status AND COALESCE(unit.is_active, FALSE)
        AND (m.first_date IS NULL OR m.first_date <= $as_of)
        AND (m.end_date IS NULL OR m.end_date > $as_of)
    ) AS is_active
FROM dibao_row AS m
LEFT JOIN dibao_unit AS unit
    ON
        m.household_key = unit.household_key
        AND CASE WHEN m.is_current THEN unit.is_current ELSE m.row_month = unit.row_month END
UNION ALL
SELECT
    p.row_id,
    'dibao_household' AS dataset,
    p.month,
    p.row_month,
    p.is_current,
    p.person_key,
    p.id_is_valid,
    p.id_flag,
    p.name,
    p.birth_date,
    p.sex,
    CAST(NULL AS DATE) AS written_birth_date,
    CAST(NULL AS VARCHAR) AS written_birth_precision,
    CAST(NULL AS VARCHAR) AS written_sex,
    p.household_key AS head_key,
    p.head_name,
    p.household_key,
    p.relation,
    TRUE AS is_insured,
    p.is_in_status,
    p.start_date,
    p.end_date,
    p.township,
    p.village,
    p.approved_amount AS household_amount,
    COALESCE(p.stated_size, p.insured_count) AS household_size,
    p.account_key,
    p.one_card_key,
    p.account_name,
    CAST(NULL AS VARCHAR) AS disability_type,
    CAST(NULL AS VARCHAR) AS disability_level,
    CAST(NULL AS VARCHAR) AS cert_type,
    CAST(NULL AS VARCHAR) AS cert_level,
    p.category,
    CAST(NULL AS VARCHAR) AS school,
    p.area,
    p.tier,
    p.is_active
FROM from_household AS p
