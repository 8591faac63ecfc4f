/* ---
id: hx_income
title: 核对到的收入
reads: [aid_person, supporter, pension, fiscal_staff, hx_other]
columns:
  kind: pension 养老和失业待遇, wage 工资薪金 (public pay, or what the tax office knows of)
  monthly: yuan a month; NULL where the list names the person and no sum
  base_pension: the part of a pension that is 基础养老金; the whole where a residents' list does not tell it apart
  source: the list, in Chinese
--- */
-- What other offices say persons of dibao households, tekun persons and their supporters receive (核对到的收入), one row a source.
-- A person may stand twice for one wage, on the pay list and at the tax office: of wages a reader takes the highest.
-- Pensions: each kind's newest row; who has left the newest list of the kind receives no more. Work-injury money is none.
-- Public pay: in post, as R28 reads it. Tax: all rows that ended within a year, spread over the months they cover, from the
-- first to the last; a row that does not say both ends is left out.
WITH listed AS (
    SELECT
        aid.person_key,
        aid.name
    FROM aid_person AS aid
    WHERE aid.program IN ('DB', 'TK') AND aid.is_in_status AND aid.id_is_valid
    UNION
    SELECT
        supporter.supporter_key AS person_key,
        supporter.name
    FROM supporter
),

newest_list AS (
    SELECT
        COALESCE(p.insurance_kind, '') AS insurance_kind,
        MAX(p.roll_month) AS month
    FROM pension AS p
    WHERE p.roll_month <= $as_of_month
    GROUP BY COALESCE(p.insurance_kind, '')
),

pension_row AS (
    SELECT
        p.person_key,
        p.row_id,
        p.insurance_kind,
        p.benefit_amount,
        p.base_pension,
        ROW_NUMBER() OVER (
            PARTITION BY p.person_key, p.insurance_kind
            ORDER BY COALESCE(p.roll_month, p.benefit_month) DESC NULLS LAST, p.benefit_month DESC NULLS LAST, p.row_id
        ) AS place
    FROM pension AS p
    INNER JOIN listed ON p.person_key = listed.person_key AND NAMES_AGREE(p.name, listed.name)
    LEFT JOIN newest_list ON COALESCE(p.insurance_kind, '') = newest_list.insurance_kind
    WHERE
        p.id_is_valid
        AND p.benefit_amount > 0
        AND COALESCE(p.insurance_kind, 'resident') IN ('resident', 'worker', 'staff', 'unemp')
        AND NOT COALESCE(p.insurance_kind IS NULL AND p.insurance_kind_text LIKE '%工伤%', FALSE)
        AND COALESCE(p.ins_status, 'benefit') IN ('benefit', 'paying')
        AND (p.roll_month IS NULL OR p.roll_month = newest_list.month)
        AND (p.benefit_month IS NULL OR p.benefit_month <= $as_of_month)
),

pay_row AS (
    SELECT
        staff.row_id,
        staff.person_key,
        staff.name,
        staff.unit,
        staff.salary,
        COALESCE(staff.period, staff.roll_month) AS month,
        COALESCE(staff.identity = 'retired', FALSE)
        OR COALESCE(REGEXP_MATCHES(
            staff.status,
            '退休|离休|退职|内退|离职|辞职|辞退|开除|解聘|解除|终止|停薪|停发|停职|调出|调离|离任|死亡|去世|已故|注销|不在职|非在职|不在岗|离岗|^(是|√|有)$'
        ), FALSE)
        OR (COALESCE(staff.identity_text LIKE '%退休%', FALSE) AND NOT COALESCE(staff.status LIKE '%在职%', FALSE))
            AS is_ended
    FROM fiscal_staff AS staff
    WHERE staff.id_is_valid
),

newest_pay AS (
    SELECT
        pay_row.unit,
        MAX(pay_row.month) AS month
    FROM pay_row
    WHERE pay_row.month <= $as_of_month
    GROUP BY pay_row.unit
),

-- what is handed in twice is one row
taxed_row AS (
    SELECT
        o.person_key,
        o.tax_unit,
        o.tax_item,
        o.tax_from,
        o.tax_to,
        o.tax_income,
        MIN(o.row_id) AS row_id
    FROM hx_other AS o
    INNER JOIN listed ON o.person_key = listed.person_key AND NAMES_AGREE(o.name, listed.name)
    WHERE
        o.id_is_valid
        AND o.tax_income > 0
        AND o.tax_from <= o.tax_to
        AND o.tax_to <= $as_of_month
        AND o.tax_to >= ADD_TO_MONTH($as_of_month, -12)  -- literal: months of a year
    GROUP BY o.person_key, o.tax_unit, o.tax_item, o.tax_from, o.tax_to, o.tax_income
),

taxed AS (
    SELECT
        taxed_row.person_key,
        SUM(taxed_row.tax_income) / (
            1
            + 12 * (CAST(LEFT(MAX(taxed_row.tax_to), 4) AS INTEGER) - CAST(LEFT(MIN(taxed_row.tax_from), 4) AS INTEGER))  -- literal: YYYY-MM
            + CAST(RIGHT(MAX(taxed_row.tax_to), 2) AS INTEGER) - CAST(RIGHT(MIN(taxed_row.tax_from), 2) AS INTEGER)  -- literal: YYYY-MM
        ) AS monthly
    FROM taxed_row
    GROUP BY taxed_row.person_key
)

SELECT
    pension_row.person_key,
    'pension' AS kind,
    CASE pension_row.insurance_kind
        WHEN 'worker' THEN '企业职工养老待遇'
        WHEN 'staff' THEN '机关事业单位养老待遇'
        WHEN 'unemp' THEN '失业保险待遇'
        ELSE '城乡居民养老待遇'
    END AS source,
    pension_row.row_id,
    CAST(pension_row.benefit_amount AS DECIMAL(14, 2)) AS monthly,
    CAST(
        CASE
            WHEN pension_row.base_pension IS NOT NULL THEN LEAST(pension_row.base_pension, pension_row.benefit_amount)
            WHEN pension_row.insurance_kind IN ('worker', 'staff', 'unemp') THEN 0
            ELSE pension_row.benefit_amount
        END AS DECIMAL(14, 2)
    ) AS base_pension
FROM pension_row
WHERE pension_row.place = 1
UNION ALL
SELECT
    pay_row.person_key,
    'wage' AS kind,
    '财政供养工资' AS source,
    pay_row.row_id,
    CAST(NULLIF(pay_row.salary, 0) AS DECIMAL(14, 2)) AS monthly,
    CAST(0 AS DECIMAL(14, 2)) AS base_pension
FROM pay_row
INNER JOIN listed ON pay_row.person_key = listed.person_key AND NAMES_AGREE(pay_row.name, listed.name)
LEFT JOIN newest_pay ON COALESCE(pay_row.unit, '') = COALESCE(newest_pay.unit, '')
WHERE NOT pay_row.is_ended AND (pay_row.month IS NULL OR pay_row.month = newest_pay.month)
UNION ALL
SELECT
    taxed_row.person_key,
    'wage' AS kind,
    '个人所得税申报收入' AS source,
    taxed_row.row_id,
    CAST(taxed.monthly AS DECIMAL(14, 2)) AS monthly,
    CAST(0 AS DECIMAL(14, 2)) AS base_pension
FROM taxed_row
INNER JOIN taxed ON taxed_row.person_key = taxed.person_key
