/* ---
id: dibao_unit
title: 低保家庭
long: true
reads: [dibao_household, dibao_member, roll_scope]
params: {home_county: home_county}
columns:
  household_key: person key of the head (户主, 申请人)
  row_month: month the row speaks of; the comparison month where it names none
  is_current: of the newest roll; at most one row a household
  insured_count: insured members in status on the member roll of that month, else the number stated
  stated_size: 保障人口 as stated
  approved_amount: 合计 where the roll has it, else 户月保障金额; NULL where rows of the household contradict each other
  is_from_members: no household row was delivered, the household is known from its members
--- */
-- One row a dibao household and month (低保家庭). A household listed twice in a month stands once: the row in force, else the first.
-- Where only the member sheet lists a household, it is made from its members; 户月保障金额 repeats on member rows, or is
-- each member's own, which cannot be told apart: an amount is taken only where there is a single insured member.
-- A household known from an older member roll alone is not current once a newer household roll of its township leaves it out.
-- A day an end date names by month alone is the first of that month: ended counts from there (the milder reading for who is on a roll).
-- Who is on which roll, and which row speaks, is settled on narrow rows; what else a row says is read once that is known.
WITH home_household AS (
    SELECT
        h.row_id,
        COALESCE(h.roll_month, $as_of_month) AS row_month,
        CAST(FLOOR(h.row_id / 274877906944) AS BIGINT) AS sheet_id,  -- literal: 2^38, row number and part lie below
        h.head_key,
        h.township,
        h.program,
        COALESCE(NULLIF(h.total_amount, 0), h.monthly_amount) AS approved_amount,
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
        h.head_key IS NOT NULL
        AND (
            h.county_name IS NULL
            OR STARTS_WITH(h.county_name, $home_county)
            OR STARTS_WITH($home_county, h.county_name)
        )
),

scoped AS (
    SELECT
        h.row_id,
        h.row_month,
        h.head_key AS household_key,
        h.approved_amount,
        h.is_in_status,
        scope.is_current
    FROM home_household AS h
    INNER JOIN roll_scope AS scope
        ON
            scope.dataset = 'dibao_household'
            AND h.sheet_id = scope.sheet_id
            AND h.row_month = scope.row_month
            AND COALESCE(h.program, '') = scope.kind
            AND COALESCE(h.township, '') = scope.township
),

-- most households stand once in a month: only the others are put in an order
repeated AS (
    SELECT
        scoped.household_key,
        scoped.row_month
    FROM scoped
    GROUP BY scoped.household_key, scoped.row_month
    HAVING COUNT(*) > 1
),

turn AS (
    SELECT
        h.row_id,
        MIN(h.approved_amount) OVER (PARTITION BY h.household_key, h.row_month, h.is_in_status) AS least_amount,
        MAX(h.approved_amount) OVER (PARTITION BY h.household_key, h.row_month, h.is_in_status) AS most_amount,
        ROW_NUMBER() OVER (
            PARTITION BY h.household_key, h.row_month
            ORDER BY h.is_current DESC, h.is_in_status DESC, h.approved_amount IS NULL, h.row_id
        ) AS place
    FROM scoped AS h
    INNER JOIN repeated ON h.household_key = repeated.household_key AND h.row_month = repeated.row_month
),

home_member AS (
    SELECT
        m.row_id,
        COALESCE(m.roll_month, $as_of_month) AS row_month,
        CAST(FLOOR(m.row_id / 274877906944) AS BIGINT) AS sheet_id,  -- literal: 2^38, row number and part lie below
        COALESCE(m.head_key, m.person_key) AS household_key,
        m.person_key,
        m.township,
        m.assist_type,
        COALESCE(m.insured, TRUE) AS is_insured,
        COALESCE(
            m.status IN ('active', 'new', 'changed', 'taper'),
            COALESCE(m.status_text, '') = ''
            OR (
                REGEXP_MATCHES(m.status_text, '在保|在册|在享|享受中|正在享受|保障中|供养中|正常|已发放|发放成功|通过')
                AND NOT REGEXP_MATCHES(m.status_text, '不|未|非|停|退|暂|缓|终止|取消|注销|死|迁')
            )
        ) AS is_in_status,
        m.end_date
    FROM dibao_member AS m
    WHERE
        m.county_name IS NULL
        OR STARTS_WITH(m.county_name, $home_county)
        OR STARTS_WITH($home_county, m.county_name)
),

placed_member AS (
    SELECT
        m.row_id,
        m.row_month,
        m.household_key,
        m.person_key,
        m.is_insured,
        m.is_in_status,
        m.end_date,
        scope.is_current
    FROM home_member AS m
    INNER JOIN roll_scope AS scope
        ON
            scope.dataset = 'dibao_member'
            AND m.sheet_id = scope.sheet_id
            AND m.row_month = scope.row_month
            AND COALESCE(m.assist_type, '') = scope.kind
            AND COALESCE(m.township, '') = scope.township
    WHERE m.household_key IS NOT NULL
),

-- how many are insured is asked of every household; what else its members say, only of those that no household row lists
counted AS (
    SELECT
        m.household_key,
        m.row_month,
        BOOL_OR(m.is_current) AS is_current,
        COUNT(
            DISTINCT CASE
                WHEN
                    m.is_insured
                    AND m.is_in_status
                    AND (m.end_date IS NULL OR m.end_date > CAST(m.row_month || '-01' AS DATE))
                    THEN m.person_key
            END
        ) AS insured_count
    FROM placed_member AS m
    GROUP BY m.household_key, m.row_month
),

current_member AS (
    SELECT
        counted.household_key,
        MAX(counted.row_month) AS row_month
    FROM counted
    WHERE counted.is_current
    GROUP BY counted.household_key
),

-- the newest household roll of each township
newest AS (
    SELECT
        scope.township,
        MAX(scope.row_month) AS row_month
    FROM roll_scope AS scope
    WHERE scope.dataset = 'dibao_household' AND scope.is_current
    GROUP BY scope.township
),

listed_month AS (
    SELECT
        scoped.household_key,
        scoped.row_month,
        BOOL_OR(scoped.is_current) AS is_current
    FROM scoped
    GROUP BY scoped.household_key, scoped.row_month
),

listed AS (
    SELECT
        listed_month.household_key,
        BOOL_OR(listed_month.is_current) AS is_current
    FROM listed_month
    GROUP BY listed_month.household_key
),

member AS (
    SELECT
        m.household_key,
        m.row_month,
        MIN(m.row_id) AS row_id,
        MAX(written.roll_month) AS roll_month,
        BOOL_OR(m.is_current) AS is_current,
        COALESCE(MAX(CASE WHEN m.person_key = m.household_key THEN written.name END), MIN(written.head_name)) AS head_name,
        BOOL_OR(
            CASE WHEN m.person_key = m.household_key THEN written.id_is_valid ELSE COALESCE(written.head_is_valid, FALSE) END
        ) AS head_is_valid,
        MIN(written.township) AS township,
        MIN(written.village) AS village,
        MIN(written.assist_type) AS area,
        COUNT(
            DISTINCT CASE
                WHEN
                    m.is_insured
                    AND m.is_in_status
                    AND (m.end_date IS NULL OR m.end_date > CAST(m.row_month || '-01' AS DATE))
                    THEN m.person_key
            END
        ) AS insured_count,
        BOOL_OR(m.is_in_status) AS is_in_status,
        MIN(COALESCE(NULLIF(written.total_amount, 0), written.monthly_amount)) AS least_amount,
        MAX(COALESCE(NULLIF(written.total_amount, 0), written.monthly_amount)) AS most_amount,
        MAX(written.tier) AS tier,
        MAX(written.account_key) AS account_key,
        MAX(written.one_card_key) AS one_card_key,
        MAX(written.account_name) AS account_name,
        MIN(COALESCE(written.start_date, CAST(written.first_month || '-01' AS DATE))) AS start_date,
        CASE WHEN BOOL_OR(m.end_date IS NULL) THEN NULL ELSE MAX(m.end_date) END AS end_date
    FROM placed_member AS m
    INNER JOIN dibao_member AS written ON m.row_id = written.row_id
    LEFT JOIN listed_month ON m.household_key = listed_month.household_key AND m.row_month = listed_month.row_month
    WHERE listed_month.household_key IS NULL
    GROUP BY m.household_key, m.row_month
),

household AS (
    SELECT
        h.row_id,
        h.row_month,
        h.is_current,
        h.household_key,
        COALESCE(same_month.insured_count, of_current.insured_count) AS insured_count,
        CASE WHEN turn.row_id IS NULL OR turn.least_amount = turn.most_amount THEN h.approved_amount END AS approved_amount,
        h.is_in_status
    FROM scoped AS h
    LEFT JOIN turn ON h.row_id = turn.row_id
    LEFT JOIN counted AS same_month ON h.household_key = same_month.household_key AND h.row_month = same_month.row_month
    LEFT JOIN current_member ON h.household_key = current_member.household_key AND h.is_current
    LEFT JOIN counted AS of_current
        ON
            current_member.household_key = of_current.household_key
            AND current_member.row_month = of_current.row_month
    WHERE turn.row_id IS NULL OR turn.place = 1
),

from_members AS (
    SELECT
        member.row_id,
        member.roll_month,
        member.row_month,
        member.is_current AND (newest.row_month IS NULL OR newest.row_month <= member.row_month) AS is_current,
        member.household_key,
        member.head_name,
        member.head_is_valid,
        member.township,
        member.village,
        member.area,
        member.insured_count,
        CASE
            WHEN member.insured_count = 1 AND member.least_amount = member.most_amount THEN member.most_amount
        END AS approved_amount,
        member.tier,
        member.account_key,
        member.one_card_key,
        member.account_name,
        member.is_in_status,
        member.start_date,
        member.end_date
    FROM member
    LEFT JOIN listed ON member.household_key = listed.household_key
    LEFT JOIN newest ON COALESCE(member.township, '') = newest.township
    WHERE NOT (member.is_current AND COALESCE(listed.is_current, FALSE))
),

-- of a household that several current rolls list, one row is current
current_row AS (
    SELECT
        household.row_id,
        household.household_key,
        household.row_month,
        household.is_in_status
    FROM household
    WHERE household.is_current
    UNION ALL
    SELECT
        from_members.row_id,
        from_members.household_key,
        from_members.row_month,
        from_members.is_in_status
    FROM from_members
    WHERE from_members.is_current
),

several AS (
    SELECT current_row.household_key
    FROM current_row
    GROUP BY current_row.household_key
    HAVING COUNT(*) > 1
),

ranked AS (
    SELECT
        current_row.row_id,
        ROW_NUMBER() OVER (
            PARTITION BY current_row.household_key
            ORDER BY current_row.row_month DESC, current_row.is_in_status DESC, current_row.row_id
        ) AS place
    FROM current_row
    INNER JOIN several ON current_row.household_key = several.household_key
),

unit AS (
    SELECT
        household.row_id,
        h.roll_month AS month,
        household.row_month,
        household.is_current,
        household.household_key,
        h.head_name,
        COALESCE(h.head_is_valid, FALSE) AS head_is_valid,
        h.township,
        h.village,
        h.program AS area,
        COALESCE(household.insured_count, h.insured_size) AS insured_count,
        h.insured_size AS stated_size,
        household.approved_amount,
        h.tier,
        h.category,
        h.account_key,
        h.one_card_key,
        h.account_name,
        household.is_in_status,
        COALESCE(h.start_date, CAST(h.first_month || '-01' AS DATE)) AS start_date,
        h.end_date,
        FALSE AS is_from_members
    FROM household
    INNER JOIN dibao_household AS h ON household.row_id = h.row_id
    UNION ALL
    SELECT
        from_members.row_id,
        from_members.roll_month AS month,
        from_members.row_month,
        from_members.is_current,
        from_members.household_key,
        from_members.head_name,
        from_members.head_is_valid,
        from_members.township,
        from_members.village,
        from_members.area,
        from_members.insured_count,
        CAST(NULL AS BIGINT) AS stated_size,
        from_members.approved_amount,
        from_members.tier,
        CAST(NULL AS VARCHAR) AS category,
        from_members.account_key,
        from_members.one_card_key,
        from_members.account_name,
        from_members.is_in_status,
        from_members.start_date,
        from_members.end_date,
        TRUE AS is_from_members
    FROM from_members
)

SELECT
    unit.row_id,
    unit.month,
    unit.row_month,
    unit.is_current AND COALESCE(ranked.place, 1) = 1 AS is_current,
    unit.household_key,
    unit.head_name,
    unit.head_is_valid,
    unit.township,
    unit.village,
    unit.area,
    unit.insured_count,
    unit.stated_size,
    unit.approved_amount,
    unit.tier,
    unit.category,
    unit.account_key,
    unit.one_card_key,
    unit.account_name,
    unit.is_in_status,
    unit.start_date,
    unit.end_date,
    unit.is_from_members,
    (
        unit.is_current
        AND COALESCE(ranked.place, 1) = 1
        AND unit.is_in_status
        AND (unit.start_date IS NULL OR unit.start_date <= $as_of)
        AND (unit.end_date IS NULL OR unit.end_date > $as_of)
    ) AS is_active
FROM unit
LEFT JOIN ranked ON unit.row_id = ranked.row_id
