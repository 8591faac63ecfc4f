/* ---
id: R69
title: 认定未录平台
version: 1
status: trial
severity: yellow
clauses: [C21, C28]
law: [国办发〔2023〕39号二, 民发〔2022〕83号三(二), 夏民办〔2023〕14号三(三)]
subject: person
identity: mixed
needs: [low_income_household|temp_assistance]
uses: [child, dibao_household, dibao_member, disability_cert, disability_subsidy, low_income_member, officer,
  tekun_person]
reads: [roll_scope, low_income_household, low_income_member, temp_assistance]
params: {home_county: home_county}
finds: 已认定的低保边缘、刚性支出困难家庭或已批准的临时救助，没有录入低收入人口监测平台的时间；或者已录入而户主身份证号有误、没有家庭成员。
summary: "{name}：{what}。请补录或更正平台信息。"
false_hits: [已录入平台而台账没有填写时间, 家庭成员另有名单未报送, 平台上的号码已更正]
verify: [在平台上查这个人和家庭成员, 核对身份证号, 补录或更正]
reading: >-
  表上没有录入时间栏的不推断；认定（批准）当月不算；认定有效期已过、已退出的家庭不算，认定时间没有写的算认定已久。
  家庭成员看成员名单和家庭名册的成员栏，人口只有一人、人口没有写的不看；成员名单没有报送这个乡镇的不看。对象为户主、申请人。
--- */
WITH listed AS (
    SELECT
        h.row_id,
        h.row_id >> 38 AS sheet, -- literal: the sheet's place in row_id
        h.head_key,
        COALESCE(h.head_is_valid, FALSE) AS head_is_valid,
        h.head_name,
        h.township,
        h.village,
        CASE WHEN h.li_type = 'rigid' THEN '刚性支出困难家庭' WHEN h.li_type = 'edge' THEN '低保边缘家庭' ELSE '低收入家庭' END AS kind,
        COALESCE(MONTH_OF(h.recognised_on), h.first_month) AS month,
        h.platform_on,
        COALESCE(h.platform_on <= $as_of, FALSE) AS is_entered,
        (
            scope.is_current
            AND COALESCE(h.status NOT IN ('suspended', 'ended', 'dead', 'moved'), TRUE)
            AND COALESCE(h.end_date > $as_of, TRUE)
            AND COALESCE(
                CASE h.valid_to_precision
                    WHEN 'month' THEN LAST_DAY(h.valid_to)
                    WHEN 'year' THEN LAST_DAY(ADD_MONTHS(h.valid_to, 11)) -- literal: twelfth month of a year
                    ELSE h.valid_to
                END >= $as_of,
                TRUE
            )
            AND h.head_key IS NOT NULL
        ) AS is_asked,
        COALESCE(h.family_size, h.insured_size, 1) > 1 AND h.member_keys IS NULL AND h.member_names IS NULL AS lacks_list
    FROM low_income_household AS h
    INNER JOIN roll_scope AS scope
        ON
            scope.dataset = 'low_income_household'
            AND CAST(FLOOR(h.row_id / 274877906944) AS BIGINT) = scope.sheet_id -- literal: 2^38, row number and part lie below
            AND COALESCE(h.roll_month, $as_of_month) = scope.row_month
            AND COALESCE(h.li_type, '') = scope.kind
            AND COALESCE(h.township, '') = scope.township
    WHERE (h.county_name IS NULL OR STARTS_WITH(h.county_name, $home_county) OR STARTS_WITH($home_county, h.county_name))
),

telling AS (
    SELECT listed.sheet
    FROM listed
    WHERE listed.platform_on IS NOT NULL
    GROUP BY listed.sheet
),

member_township AS (
    SELECT m.township
    FROM low_income_member AS m
    WHERE m.township IS NOT NULL
    GROUP BY m.township
),

-- households that the list of members names
member_of AS (
    SELECT m.head_key
    FROM low_income_member AS m
    WHERE m.head_key IS NOT NULL
    GROUP BY m.head_key
),

household AS (
    SELECT
        listed.head_key AS person_key,
        listed.head_name AS name,
        listed.township,
        listed.village,
        listed.row_id,
        listed.month,
        CONCAT(
            listed.kind,
            CASE
                WHEN NOT listed.is_entered THEN '已认定，没有录入平台的时间'
                WHEN NOT listed.head_is_valid THEN '已录入平台，户主身份证号有误'
                ELSE '已录入平台，没有家庭成员'
            END
        ) AS what
    FROM listed
    INNER JOIN telling ON listed.sheet = telling.sheet
    LEFT JOIN member_township ON listed.township = member_township.township
    LEFT JOIN member_of ON listed.head_key = member_of.head_key
    WHERE
        listed.is_asked
        AND COALESCE(listed.month < $as_of_month, TRUE)
        AND (
            NOT listed.is_entered
            OR NOT listed.head_is_valid
            OR (listed.lacks_list AND member_township.township IS NOT NULL AND member_of.head_key IS NULL)
        )
),

relief AS (
    SELECT
        t.row_id,
        t.row_id >> 38 AS sheet, -- literal: the sheet's place in row_id
        COALESCE(t.person_key, t.head_key) AS person_key,
        COALESCE(t.name, t.head_name) AS name,
        t.township,
        t.village,
        t.approve_on,
        t.platform_on
    FROM temp_assistance AS t
    WHERE (t.county_name IS NULL OR STARTS_WITH(t.county_name, $home_county) OR STARTS_WITH($home_county, t.county_name))
),

relief_telling AS (
    SELECT relief.sheet
    FROM relief
    WHERE relief.platform_on IS NOT NULL
    GROUP BY relief.sheet
),

lead AS (
    SELECT
        household.person_key,
        household.name,
        household.township,
        household.village,
        household.row_id AS household_row,
        CAST(NULL AS BIGINT) AS relief_row,
        household.month,
        household.what
    FROM household
    UNION ALL
    SELECT
        relief.person_key,
        relief.name,
        relief.township,
        relief.village,
        CAST(NULL AS BIGINT) AS household_row,
        relief.row_id AS relief_row,
        MONTH_OF(relief.approve_on) AS month,
        CONCAT('临时救助', MONTH_OF(relief.approve_on), '批准，没有录入平台的时间') AS what
    FROM relief
    INNER JOIN relief_telling ON relief.sheet = relief_telling.sheet
    WHERE
        relief.person_key IS NOT NULL
        AND MONTH_OF(relief.approve_on) < $as_of_month
        AND COALESCE(relief.platform_on > $as_of, TRUE)
)

SELECT
    lead.person_key,
    MIN(lead.name) AS name,
    MIN(lead.township) AS township,
    MIN(lead.village) AS village,
    ARRAY_AGG(DISTINCT lead.household_row) FILTER (WHERE lead.household_row IS NOT NULL) AS ev_household,
    ARRAY_AGG(DISTINCT lead.relief_row) FILTER (WHERE lead.relief_row IS NOT NULL) AS ev_relief,
    ARRAY_SORT(ARRAY_AGG(DISTINCT lead.what)) AS fact_what,
    MIN(lead.month) AS period
FROM lead
GROUP BY lead.person_key
