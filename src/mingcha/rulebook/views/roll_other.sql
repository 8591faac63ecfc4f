/* ---
id: roll_other
title: 低保以外的名册
long: true
reads: [tekun_person, child, disability_subsidy, low_income_member, low_income_household, roll_scope]
params: {home_county: home_county}
columns:
  row_month: month the row speaks of; the comparison month where it names none
  is_current: of the newest roll of its programme (see roll_scope)
  household_key: person key of the head; the person's own where none is written
  living_amount: CJ 生活补贴; TK 基本生活标准
  care_amount: CJ 护理补贴; TK 照料护理费
  support_mode: TK as written; ET 'central' for children in institutions
  is_active: on the roll on the comparison date (在册)
--- */
-- The rolls beside dibao: tekun, children, disability subsidies, low income (低保以外的名册); columns as roll has them.
-- A certificate of low income still holds on the last day it names. A person marked 已死亡 on a subsidy roll is off it.
WITH subsidy AS (
    SELECT
        s.row_id,
        COALESCE(s.period, s.roll_month) AS month,
        COALESCE(
            CASE
                WHEN s.period <= $as_of_month
                    THEN LEAST(ADD_TO_MONTH(s.period, COALESCE(s.period_months, 1) - 1), $as_of_month)
                ELSE s.period
            END,
            s.roll_month,
            $as_of_month
        ) AS row_month,
        CASE WHEN s.subsidy_type = 'both' THEN NULL ELSE s.subsidy_type END AS kind,
        s.person_key,
        COALESCE(s.id_is_valid, FALSE) AS id_is_valid,
        s.id_flag,
        s.name,
        s.id_birth_date,
        s.id_sex,
        s.birth_date,
        s.birth_date_precision,
        s.sex,
        s.township,
        s.village,
        s.account_key,
        s.one_card_key,
        s.account_name,
        s.disability_type,
        s.disability_level,
        s.disability_cert_type,
        s.disability_cert_level,
        CAST(s.start_month || '-01' AS DATE) AS start_date,
        s.end_date,
        (
            NOT COALESCE(s.is_dead, FALSE)
            AND COALESCE(
                s.status IN ('active', 'new', 'changed', 'taper'),
                COALESCE(s.status_text, '') = ''
                OR (
                    REGEXP_MATCHES(s.status_text, '在保|在册|在享|享受中|正在享受|保障中|供养中|正常|已发放|发放成功|通过')
                    AND NOT REGEXP_MATCHES(s.status_text, '不|未|非|停|退|暂|缓|终止|取消|注销|死|迁')
                )
            )
        ) AS is_in_status,
        (
            COALESCE(s.subsidy_type IN ('living', 'both'), FALSE)
            OR COALESCE(s.living_amount, 0) > 0
            OR (s.subsidy_type IS NULL AND COALESCE(s.subsidy_type_text LIKE '%生活%', FALSE))
        ) AS has_living,
        (
            COALESCE(s.subsidy_type IN ('care', 'both'), FALSE)
            OR COALESCE(s.care_amount, 0) > 0
            OR (s.subsidy_type IS NULL AND COALESCE(s.subsidy_type_text LIKE '%护理%', FALSE))
        ) AS has_care,
        COALESCE(s.living_amount, CASE WHEN s.subsidy_type = 'living' THEN s.amount END) AS living_amount,
        COALESCE(s.care_amount, CASE WHEN s.subsidy_type = 'care' THEN s.amount END) AS care_amount,
        CAST(COALESCE(
            s.amount,
            CASE
                WHEN s.living_amount IS NOT NULL OR s.care_amount IS NOT NULL
                    THEN COALESCE(s.living_amount, 0) + COALESCE(s.care_amount, 0)
            END
        ) AS DECIMAL(14, 2)) AS total
    FROM disability_subsidy AS s
    WHERE (s.county_name IS NULL OR STARTS_WITH(s.county_name, $home_county) OR STARTS_WITH($home_county, s.county_name))
),

low_household AS (
    SELECT
        h.row_id,
        h.roll_month AS month,
        COALESCE(h.roll_month, $as_of_month) AS row_month,
        scope.is_current,
        h.head_key,
        COALESCE(h.head_is_valid, FALSE) AS head_is_valid,
        h.head_flag,
        h.head_name,
        h.head_birth_date,
        h.head_sex,
        h.township,
        h.village,
        h.account_key,
        h.one_card_key,
        h.account_name,
        h.li_type,
        COALESCE(h.recognised_on, CAST(h.first_month || '-01' AS DATE)) AS start_date,
        LEAST(
            h.end_date,
            CASE
                WHEN h.valid_to_precision = 'month' THEN MONTH_END(MONTH_OF(h.valid_to)) + 1
                WHEN h.valid_to_precision = 'year' THEN MONTH_END(ADD_TO_MONTH(MONTH_OF(h.valid_to), 11)) + 1  -- literal: December
                ELSE h.valid_to + 1
            END
        ) AS end_date,
        COALESCE(
            h.status IN ('active', 'new', 'changed', 'taper'),
            COALESCE(h.status_text, '') = ''
            OR (
                REGEXP_MATCHES(h.status_text, '在保|在册|在享|享受中|正在享受|保障中|供养中|正常|已发放|发放成功|通过')
                AND NOT REGEXP_MATCHES(h.status_text, '不|未|非|停|退|暂|缓|终止|取消|注销|死|迁')
            )
        ) AS is_in_status
    FROM low_income_household AS h
    INNER JOIN roll_scope AS scope
        ON
            scope.dataset = 'low_income_household'
            AND CAST(FLOOR(h.row_id / 274877906944) AS BIGINT) = scope.sheet_id  -- literal: 2^38, row number and part lie below
            AND COALESCE(h.roll_month, $as_of_month) = scope.row_month
            AND COALESCE(h.li_type, '') = scope.kind
            AND COALESCE(h.township, '') = scope.township
    WHERE (h.county_name IS NULL OR STARTS_WITH(h.county_name, $home_county) OR STARTS_WITH($home_county, h.county_name))
),

low_now AS (
    SELECT
        h.head_key,
        MIN(h.head_name) AS head_name,
        MIN(h.start_date) AS start_date,
        CASE WHEN BOOL_OR(h.end_date IS NULL) THEN NULL ELSE MAX(h.end_date) END AS end_date,
        BOOL_OR(h.is_in_status) AS is_in_status
    FROM low_household AS h
    WHERE h.is_current AND h.head_key IS NOT NULL
    GROUP BY h.head_key
),

low_member AS (
    SELECT
        m.row_id,
        'low_income_member' AS dataset,
        m.roll_month AS month,
        COALESCE(m.roll_month, $as_of_month) AS row_month,
        scope.is_current,
        m.person_key,
        COALESCE(m.id_is_valid, FALSE) AS id_is_valid,
        m.id_flag,
        m.name,
        m.id_birth_date AS birth_date,
        m.id_sex AS sex,
        m.birth_date AS written_birth_date,
        m.birth_date_precision AS written_birth_precision,
        m.sex AS written_sex,
        COALESCE(m.head_key, m.person_key) AS household_key,
        COALESCE(low_now.head_name, m.head_name) AS head_name,
        m.relation,
        COALESCE(m.recognised_on, CAST(m.first_month || '-01' AS DATE), low_now.start_date) AS start_date,
        LEAST(
            m.end_date,
            low_now.end_date,
            CASE
                WHEN m.valid_to_precision = 'month' THEN MONTH_END(MONTH_OF(m.valid_to)) + 1
                WHEN m.valid_to_precision = 'year' THEN MONTH_END(ADD_TO_MONTH(MONTH_OF(m.valid_to), 11)) + 1  -- literal: December
                ELSE m.valid_to + 1
            END
        ) AS end_date,
        (
            COALESCE(low_now.is_in_status, TRUE)
            AND COALESCE(
                m.status IN ('active', 'new', 'changed', 'taper'),
                COALESCE(m.status_text, '') = ''
                OR (
                    REGEXP_MATCHES(m.status_text, '在保|在册|在享|享受中|正在享受|保障中|供养中|正常|已发放|发放成功|通过')
                    AND NOT REGEXP_MATCHES(m.status_text, '不|未|非|停|退|暂|缓|终止|取消|注销|死|迁')
                )
            )
        ) AS is_in_status,
        m.township,
        m.village,
        m.account_key,
        m.one_card_key,
        m.account_name,
        m.disability_type,
        m.disability_level,
        m.disability_cert_type AS cert_type,
        m.disability_cert_level AS cert_level,
        m.li_type AS category
    FROM low_income_member AS m
    INNER JOIN roll_scope AS scope
        ON
            scope.dataset = 'low_income_member'
            AND CAST(FLOOR(m.row_id / 274877906944) AS BIGINT) = scope.sheet_id  -- literal: 2^38, row number and part lie below
            AND COALESCE(m.roll_month, $as_of_month) = scope.row_month
            AND COALESCE(m.li_type, '') = scope.kind
            AND COALESCE(m.township, '') = scope.township
    LEFT JOIN low_now ON COALESCE(m.head_key, m.person_key) = low_now.head_key
    WHERE (m.county_name IS NULL OR STARTS_WITH(m.county_name, $home_county) OR STARTS_WITH($home_county, m.county_name))
),

low_listed AS (
    SELECT low_member.household_key
    FROM low_member
    GROUP BY low_member.household_key
),

low_person AS (
    SELECT
        h.row_id,
        h.head_key AS person_key,
        h.head_is_valid AS id_is_valid,
        h.head_flag AS id_flag,
        h.head_name AS name,
        h.head_birth_date AS birth_date,
        h.head_sex AS sex,
        '02' AS relation
    FROM low_household AS h
    UNION ALL
    SELECT
        h.row_id,
        UNNEST(h.member_keys) AS person_key,
        TRUE AS id_is_valid,
        CAST(NULL AS VARCHAR) AS id_flag,
        CAST(NULL AS VARCHAR) AS name,
        CAST(NULL AS DATE) AS birth_date,
        CAST(NULL AS VARCHAR) AS sex,
        CAST(NULL AS VARCHAR) AS relation
    FROM low_income_household AS h
    WHERE h.member_keys IS NOT NULL
),

low_income AS (
    SELECT
        low_member.row_id,
        low_member.dataset,
        low_member.month,
        low_member.row_month,
        low_member.is_current,
        low_member.person_key,
        low_member.id_is_valid,
        low_member.id_flag,
        low_member.name,
        low_member.birth_date,
        low_member.sex,
        low_member.written_birth_date,
        low_member.written_birth_precision,
        low_member.written_sex,
        low_member.household_key,
        low_member.head_name,
        low_member.relation,
        low_member.start_date,
        low_member.end_date,
        low_member.is_in_status,
        low_member.township,
        low_member.village,
        low_member.account_key,
        low_member.one_card_key,
        low_member.account_name,
        low_member.disability_type,
        low_member.disability_level,
        low_member.cert_type,
        low_member.cert_level,
        low_member.category
    FROM low_member
    UNION ALL
    SELECT
        h.row_id,
        'low_income_household' AS dataset,
        h.month,
        h.row_month,
        h.is_current,
        p.person_key,
        p.id_is_valid,
        p.id_flag,
        p.name,
        p.birth_date,
        p.sex,
        CAST(NULL AS DATE) AS written_birth_date,
        CAST(NULL AS VARCHAR) AS written_birth_precision,
        CAST(NULL AS VARCHAR) AS written_sex,
        h.head_key AS household_key,
        h.head_name,
        p.relation,
        h.start_date,
        h.end_date,
        h.is_in_status,
        h.township,
        h.village,
        h.account_key,
        h.one_card_key,
        h.account_name,
        CAST(NULL AS VARCHAR) AS disability_type,
        CAST(NULL AS VARCHAR) AS disability_level,
        CAST(NULL AS VARCHAR) AS cert_type,
        CAST(NULL AS VARCHAR) AS cert_level,
        h.li_type AS category
    FROM low_household AS h
    INNER JOIN low_person AS p ON h.row_id = p.row_id
    LEFT JOIN low_listed ON h.head_key = low_listed.household_key
    WHERE
        low_listed.household_key IS NULL
        AND p.person_key IS NOT NULL
        AND (p.relation IS NOT NULL OR p.person_key <> h.head_key)
),

tekun_state AS (
    SELECT
        t.row_id,
        t.account_key,
        t.account_name,
        t.birth_date,
        t.birth_date_precision,
        t.care_cost,
        t.carer_key,
        t.carer_name,
        t.county_name,
        t.disability_cert_level,
        t.disability_cert_type,
        t.disability_level,
        t.disability_type,
        t.employment,
        t.employment_text,
        t.end_date,
        t.head_key,
        t.head_name,
        t.id_birth_date,
        t.id_flag,
        t.id_is_valid,
        t.id_sex,
        t.institution,
        t.living_std,
        t.name,
        t.one_card_key,
        t.person_key,
        t.program,
        t.relation,
        t.roll_month,
        t.sex,
        t.support_mode,
        t.total_amount,
        t.township,
        t.village,
        COALESCE(t.start_date, CAST(t.first_month || '-01' AS DATE)) AS start_date,
        COALESCE(
            t.status IN ('active', 'new', 'changed', 'taper'),
            COALESCE(t.status_text, '') = ''
            OR (
                REGEXP_MATCHES(t.status_text, '在保|在册|在享|享受中|正在享受|保障中|供养中|正常|已发放|发放成功|通过')
                AND NOT REGEXP_MATCHES(t.status_text, '不|未|非|停|退|暂|缓|终止|取消|注销|死|迁')
            )
        ) AS is_in_status
    FROM tekun_person AS t
),

child_state AS (
    SELECT
        c.row_id,
        c.account_key,
        c.account_name,
        c.amount,
        c.birth_date,
        c.birth_date_precision,
        c.care_mode,
        c.category,
        c.county_name,
        c.disability_level,
        c.disability_type,
        c.first_month,
        c.guardian_key,
        c.guardian_name,
        c.id_birth_date,
        c.id_flag,
        c.id_is_valid,
        c.id_sex,
        c.leave_on,
        c.name,
        c.one_card_key,
        c.person_key,
        c.roll_month,
        c.school,
        c.school_state,
        c.sex,
        c.top_up,
        c.township,
        c.village,
        COALESCE(
            c.status IN ('active', 'new', 'changed', 'taper'),
            COALESCE(c.status_text, '') = ''
            OR (
                REGEXP_MATCHES(c.status_text, '在保|在册|在享|享受中|正在享受|保障中|供养中|正常|已发放|发放成功|通过')
                AND NOT REGEXP_MATCHES(c.status_text, '不|未|非|停|退|暂|缓|终止|取消|注销|死|迁')
            )
        ) AS is_in_status
    FROM child AS c
)

SELECT
    t.row_id,
    'tekun_person' AS dataset,
    'TK' AS program,
    t.roll_month AS month,
    COALESCE(t.roll_month, $as_of_month) AS row_month,
    scope.is_current,
    t.person_key,
    COALESCE(t.id_is_valid, FALSE) AS id_is_valid,
    t.id_flag,
    t.name,
    t.id_birth_date AS birth_date,
    t.id_sex AS sex,
    t.birth_date AS written_birth_date,
    t.birth_date_precision AS written_birth_precision,
    t.sex AS written_sex,
    t.head_key,
    t.head_name,
    COALESCE(t.head_key, t.person_key) AS household_key,
    t.relation,
    TRUE AS is_insured,
    t.is_in_status,
    t.start_date,
    t.end_date,
    t.township,
    t.village,
    CAST(COALESCE(NULLIF(t.total_amount, 0), t.living_std + COALESCE(t.care_cost, 0)) AS DECIMAL(14, 2)) AS amount,
    CAST(NULL AS DECIMAL(14, 2)) AS household_amount,
    CAST(NULL AS BIGINT) AS household_size,
    t.account_key,
    t.one_card_key,
    t.account_name,
    t.disability_type,
    t.disability_level,
    t.disability_cert_type AS cert_type,
    t.disability_cert_level AS cert_level,
    CAST(NULL AS VARCHAR) AS category,
    CAST(NULL AS BOOLEAN) AS is_top_up,
    CAST(NULL AS BOOLEAN) AS has_living,
    CAST(NULL AS BOOLEAN) AS has_care,
    t.living_std AS living_amount,
    t.care_cost AS care_amount,
    t.support_mode,
    t.institution,
    CASE WHEN t.employment = 'student' OR t.employment_text LIKE '%学生%' OR t.employment_text LIKE '%在校%' THEN t.employment_text END AS school,
    t.program AS area,
    CAST(NULL AS VARCHAR) AS tier,
    CAST(NULL AS VARCHAR) AS guardian_name,
    CAST(NULL AS BIGINT) AS guardian_key,
    t.carer_name,
    t.carer_key,
    (
        scope.is_current AND t.is_in_status
        AND (t.start_date IS NULL OR t.start_date <= $as_of)
        AND (t.end_date IS NULL OR t.end_date > $as_of)
    ) AS is_active
FROM tekun_state AS t
INNER JOIN roll_scope AS scope
    ON
        scope.dataset = 'tekun_person'
        AND CAST(FLOOR(t.row_id / 274877906944) AS BIGINT) = scope.sheet_id  -- literal: 2^38, row number and part lie below
        AND COALESCE(t.roll_month, $as_of_month) = scope.row_month
        AND COALESCE(t.program, '') = scope.kind
        AND COALESCE(t.township, '') = scope.township
WHERE (t.county_name IS NULL OR STARTS_WITH(t.county_name, $home_county) OR STARTS_WITH($home_county, t.county_name))
UNION ALL
SELECT
    c.row_id,
    'child' AS dataset,
    'ET' AS program,
    c.roll_month AS month,
    COALESCE(c.roll_month, $as_of_month) AS row_month,
    scope.is_current,
    c.person_key,
    COALESCE(c.id_is_valid, FALSE) AS id_is_valid,
    c.id_flag,
    c.name,
    c.id_birth_date AS birth_date,
    c.id_sex AS sex,
    c.birth_date AS written_birth_date,
    c.birth_date_precision AS written_birth_precision,
    c.sex AS written_sex,
    CAST(NULL AS BIGINT) AS head_key,
    CAST(NULL AS VARCHAR) AS head_name,
    c.person_key AS household_key,
    CAST(NULL AS VARCHAR) AS relation,
    TRUE AS is_insured,
    c.is_in_status,
    CAST(c.first_month || '-01' AS DATE) AS start_date,
    c.leave_on AS end_date,
    c.township,
    c.village,
    c.amount,
    CAST(NULL AS DECIMAL(14, 2)) AS household_amount,
    CAST(NULL AS BIGINT) AS household_size,
    c.account_key,
    c.one_card_key,
    c.account_name,
    c.disability_type,
    c.disability_level,
    CAST(NULL AS VARCHAR) AS cert_type,
    CAST(NULL AS VARCHAR) AS cert_level,
    c.category,
    c.top_up AS is_top_up,
    CAST(NULL AS BOOLEAN) AS has_living,
    CAST(NULL AS BOOLEAN) AS has_care,
    CAST(NULL AS DECIMAL(14, 2)) AS living_amount,
    CAST(NULL AS DECIMAL(14, 2)) AS care_amount,
    CASE WHEN c.category = 'orphan_inst' OR c.care_mode = 'inst' THEN 'central' END AS support_mode,
    CAST(NULL AS VARCHAR) AS institution,
    NULLIF(CONCAT_WS('，', c.school, c.school_state), '') AS school,
    CAST(NULL AS VARCHAR) AS area,
    CAST(NULL AS VARCHAR) AS tier,
    c.guardian_name,
    c.guardian_key,
    CAST(NULL AS VARCHAR) AS carer_name,
    CAST(NULL AS BIGINT) AS carer_key,
    (
        scope.is_current AND c.is_in_status
        AND (c.first_month IS NULL OR CAST(c.first_month || '-01' AS DATE) <= $as_of)
        AND (c.leave_on IS NULL OR c.leave_on > $as_of)
    ) AS is_active
FROM child_state AS c
INNER JOIN roll_scope AS scope
    ON
        scope.dataset = 'child'
        AND CAST(FLOOR(c.row_id / 274877906944) AS BIGINT) = scope.sheet_id  -- literal: 2^38, row number and part lie below
        AND COALESCE(c.roll_month, $as_of_month) = scope.row_month
        AND COALESCE(CASE WHEN c.category IN ('orphan_inst', 'orphan_home') THEN 'orphan' ELSE c.category END, '') = scope.kind
        AND COALESCE(c.township, '') = scope.township
WHERE (c.county_name IS NULL OR STARTS_WITH(c.county_name, $home_county) OR STARTS_WITH($home_county, c.county_name))
UNION ALL
SELECT
    s.row_id,
    'disability_subsidy' AS dataset,
    'CJ' AS program,
    s.month,
    s.row_month,
    scope.is_current,
    s.person_key,
    s.id_is_valid,
    s.id_flag,
    s.name,
    s.id_birth_date AS birth_date,
    s.id_sex AS sex,
    s.birth_date AS written_birth_date,
    s.birth_date_precision AS written_birth_precision,
    s.sex AS written_sex,
    CAST(NULL AS BIGINT) AS head_key,
    CAST(NULL AS VARCHAR) AS head_name,
    s.person_key AS household_key,
    CAST(NULL AS VARCHAR) AS relation,
    TRUE AS is_insured,
    s.is_in_status,
    s.start_date,
    s.end_date,
    s.township,
    s.village,
    s.total AS amount,
    CAST(NULL AS DECIMAL(14, 2)) AS household_amount,
    CAST(NULL AS BIGINT) AS household_size,
    s.account_key,
    s.one_card_key,
    s.account_name,
    s.disability_type,
    s.disability_level,
    s.disability_cert_type AS cert_type,
    s.disability_cert_level AS cert_level,
    CAST(NULL AS VARCHAR) AS category,
    CAST(NULL AS BOOLEAN) AS is_top_up,
    s.has_living,
    s.has_care,
    s.living_amount,
    s.care_amount,
    CAST(NULL AS VARCHAR) AS support_mode,
    CAST(NULL AS VARCHAR) AS institution,
    CAST(NULL AS VARCHAR) AS school,
    CAST(NULL AS VARCHAR) AS area,
    CAST(NULL AS VARCHAR) AS tier,
    CAST(NULL AS VARCHAR) AS guardian_name,
    CAST(NULL AS BIGINT) AS guardian_key,
    CAST(NULL AS VARCHAR) AS carer_name,
    CAST(NULL AS BIGINT) AS carer_key,
    (
        scope.is_current AND s.is_in_status
        AND (s.start_date IS NULL OR s.start_date <= $as_of)
        AND (s.end_date IS NULL OR s.end_date > $as_of)
    ) AS is_active
FROM subsidy AS s
INNER JOIN roll_scope AS scope
    ON
        scope.dataset = 'disability_subsidy'
        AND CAST(FLOOR(s.row_id / 274877906944) AS BIGINT) = scope.sheet_id  -- literal: 2^38, row number and part lie below
        AND s.row_month = scope.row_month
        AND COALESCE(s.kind, '') = scope.kind
        AND COALESCE(s.township, '') = scope.township
UNION ALL
SELECT
    l.row_id,
    l.dataset,
    'BY' AS program,
    l.month,
    l.row_month,
    l.is_current,
    l.person_key,
    l.id_is_valid,
    l.id_flag,
    l.name,
    l.birth_date,
    l.sex,
    l.written_birth_date,
    l.written_birth_precision,
    l.written_sex,
    l.household_key AS head_key,
    l.head_name,
    l.household_key,
    l.relation,
    TRUE AS is_insured,
    l.is_in_status,
    l.start_date,
    l.end_date,
    l.township,
    l.village,
    CAST(NULL AS DECIMAL(14, 2)) AS amount,
    CAST(NULL AS DECIMAL(14, 2)) AS household_amount,
    CAST(NULL AS BIGINT) AS household_size,
    l.account_key,
    l.one_card_key,
    l.account_name,
    l.disability_type,
    l.disability_level,
    l.cert_type,
    l.cert_level,
    l.category,
    CAST(NULL AS BOOLEAN) AS is_top_up,
    CAST(NULL AS BOOLEAN) AS has_living,
    CAST(NULL AS BOOLEAN) AS has_care,
    CAST(NULL AS DECIMAL(14, 2)) AS living_amount,
    CAST(NULL AS DECIMAL(14, 2)) AS care_amount,
    CAST(NULL AS VARCHAR) AS support_mode,
    CAST(NULL AS VARCHAR) AS institution,
    CAST(NULL AS VARCHAR) AS school,
    CAST(NULL AS VARCHAR) AS area,
    CAST(NULL AS VARCHAR) AS tier,
    CAST(NULL AS VARCHAR) AS guardian_name,
    CAST(NULL AS BIGINT) AS guardian_key,
    CAST(NULL AS VARCHAR) AS carer_name,
    CAST(NULL AS BIGINT) AS carer_key,
    (l.is_current AND l.is_in_status AND (l.start_date IS NULL OR l.start_date <= $as_of) AND (l.end_date IS NULL OR l.end_date > $as_of)) AS is_active
FROM low_income AS l
