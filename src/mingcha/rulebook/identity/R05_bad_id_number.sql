/* ---
id: R05
title: 证件号异常
version: 1
status: active
severity: yellow
clauses: [C28, C36]
law: [夏民办〔2023〕14号三(三), 国办发〔2023〕39号三(二)]
subject: person
identity: exact
needs: [dibao_member|dibao_household|tekun_person|child|disability_subsidy|low_income_member|low_income_household]
uses: [disability_cert, officer]
reads: [aid_person, dibao_unit]
finds: 救助名册上身份证号有误、出生日期或性别与号码不符，或同一号码对应不同姓名的人员。
summary: "{name}在名册上的身份证号有疑问：{reasons}。请对照户口簿或身份证更正。"
false_hits: [名册出生日期按农历填写, 更名后部分名册未改, 户籍登记的出生日期与号码本就不同]
verify: [看身份证或户口簿原件, 请公安核对号码, 更正系统和名册]
reading: 出生日期、性别为空的不算；同一号码的姓名，户主栏里写的也比；一张表的出生日期或性别整列与号码不符的，按数据质量问题报告，不逐人列出；412326 等历史区划码正常。
--- */
WITH listed AS (
    SELECT
        aid.row_id,
        aid.row_id >> 38 AS sheet, -- literal: the sheet's place in row_id
        aid.person_key,
        aid.name,
        aid.township,
        aid.village,
        aid.dataset,
        aid.head_key,
        aid.head_name,
        aid.is_active,
        COALESCE(aid.id_is_valid, FALSE) AS is_valid,
        aid.id_flag,
        aid.written_birth_date IS NOT NULL AND aid.birth_date IS NOT NULL AS has_births,
        CASE
            WHEN COALESCE(aid.written_birth_precision, 'day') = 'day' THEN aid.written_birth_date <> aid.birth_date
            WHEN aid.written_birth_precision = 'month' THEN MONTH_OF(aid.written_birth_date) <> MONTH_OF(aid.birth_date)
            WHEN aid.written_birth_precision = 'year' THEN YEAR(aid.written_birth_date) <> YEAR(aid.birth_date)
        END AS is_birth_off,
        aid.written_sex IN ('1', '2') AND aid.sex IN ('1', '2') AS has_sexes,
        aid.written_sex <> aid.sex AS is_sex_off
    FROM aid_person AS aid
),

-- a column that is wrong throughout is the sheet's fault, not its persons'
column_state AS (
    SELECT
        tally.sheet,
        tally.births_off = tally.births AND tally.births >= 3 -- literal: too few rows to be a column
        OR tally.births_off + tally.births_off > tally.births AND tally.births >= 20 -- literal: most of a long column
            AS is_birth_column_off,
        tally.sexes_off = tally.sexes AND tally.sexes >= 3 -- literal: too few rows to be a column
        OR tally.sexes_off + tally.sexes_off > tally.sexes AND tally.sexes >= 20 -- literal: most of a long column
            AS is_sex_column_off
    FROM (
        SELECT
            listed.sheet,
            SUM(CASE WHEN listed.has_births THEN 1 ELSE 0 END) AS births,
            SUM(CASE WHEN listed.has_births AND listed.is_birth_off THEN 1 ELSE 0 END) AS births_off,
            SUM(CASE WHEN listed.has_sexes THEN 1 ELSE 0 END) AS sexes,
            SUM(CASE WHEN listed.has_sexes AND listed.is_sex_off THEN 1 ELSE 0 END) AS sexes_off
        FROM listed
        WHERE listed.is_valid
        GROUP BY listed.sheet
    ) AS tally
),

head_row AS (
    SELECT
        unit.household_key AS person_key,
        unit.head_name AS name,
        unit.row_id
    FROM dibao_unit AS unit
    WHERE unit.is_current AND unit.head_is_valid AND NOT unit.is_from_members
    UNION ALL
    -- a head's key is that of a valid number wherever it meets one
    SELECT
        listed.head_key AS person_key,
        listed.head_name AS name,
        listed.row_id
    FROM listed
    WHERE listed.dataset IN ('tekun_person', 'low_income_household')
),

named AS (
    SELECT
        listed.person_key,
        listed.name,
        listed.is_active
    FROM listed
    WHERE listed.is_valid
    UNION ALL
    SELECT
        head_row.person_key,
        head_row.name,
        FALSE AS is_active
    FROM head_row
),

-- an unreadable character (?) in a name is no other name
several_names AS (
    SELECT named.person_key
    FROM named
    WHERE NOT named.name LIKE '%?%'
    GROUP BY named.person_key
    HAVING MIN(named.name) <> MAX(named.name) AND BOOL_OR(named.is_active)
),

-- lists of rows are made for those alone who have several
heads AS (
    SELECT
        head_row.person_key,
        ARRAY_AGG(DISTINCT head_row.row_id) AS head_rows
    FROM head_row
    INNER JOIN several_names ON head_row.person_key = several_names.person_key
    WHERE NOT head_row.name LIKE '%?%'
    GROUP BY head_row.person_key
),

fault AS (
    SELECT
        listed.person_key,
        listed.row_id,
        CASE listed.id_flag
            WHEN 'checksum' THEN '校验位不对'
            WHEN 'date' THEN '号码中的出生日期不存在'
            WHEN 'tail_lost' THEN '以数字存储，后几位已丢失'
            WHEN 'length' THEN '位数不对'
            WHEN 'charset' THEN '含有不应有的字符'
            WHEN 'several' THEN '一格内有多个号码'
            ELSE '号码无法识别'
        END AS reason
    FROM listed
    WHERE listed.is_active AND NOT listed.is_valid AND listed.id_flag IS NOT NULL
    UNION ALL
    SELECT
        listed.person_key,
        listed.row_id,
        '出生日期与号码不符' AS reason
    FROM listed
    INNER JOIN column_state ON listed.sheet = column_state.sheet
    WHERE
        listed.is_active
        AND listed.is_valid
        AND listed.is_birth_off
        AND NOT column_state.is_birth_column_off
    UNION ALL
    SELECT
        listed.person_key,
        listed.row_id,
        '性别与号码不符' AS reason
    FROM listed
    INNER JOIN column_state ON listed.sheet = column_state.sheet
    WHERE
        listed.is_active
        AND listed.is_valid
        AND listed.has_sexes
        AND listed.is_sex_off
        AND NOT column_state.is_sex_column_off
    UNION ALL
    SELECT
        listed.person_key,
        listed.row_id,
        '同一号码对应不同姓名' AS reason
    FROM listed
    INNER JOIN several_names ON listed.person_key = several_names.person_key
    WHERE listed.is_valid
)

SELECT
    fault.person_key,
    MIN(listed.name) AS name,
    MIN(listed.township) AS township,
    MIN(listed.village) AS village,
    ARRAY_AGG(DISTINCT fault.row_id) AS ev_roll,
    ANY_VALUE(heads.head_rows) AS ev_head,
    ARRAY_SORT(ARRAY_AGG(DISTINCT fault.reason)) AS fact_reasons
FROM fault
INNER JOIN listed ON fault.row_id = listed.row_id
LEFT JOIN heads ON fault.person_key = heads.person_key
GROUP BY fault.person_key
