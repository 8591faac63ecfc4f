/* ---
id: death_row
title: 死亡记录
reads: [funeral, death_cancel]
columns:
  source: funeral 殡葬, or death_cancel 公安、卫健
  origin: the source with 信息来源 where it is written, so that police and health lists are two sources
  death_date: 死亡日期 of the row; a month or year alone counts as its last day
  cancel_flag: dead, or NULL where the list marks nothing
--- */
-- Every death record (死亡记录), of whatever county: people of ours die elsewhere too.
-- On the police's list a row is a death only if 注销标识 says so, or says nothing: 迁出, 正常, 其他 (失踪、参军、出国) are none.
-- A reason that speaks of moving, military service, emigration or a duplicate entry, without a death date, is none either.
WITH cancelled AS (
    SELECT
        c.row_id,
        c.person_key,
        c.id_is_valid,
        c.name,
        c.death_date,
        c.death_date_precision,
        c.cancel_date,
        c.cancel_date_precision,
        CASE
            WHEN c.cancel_flag IS NOT NULL THEN c.cancel_flag
            WHEN c.cancel_flag_text LIKE '%死%' OR c.cancel_flag_text LIKE '%亡%' OR c.cancel_flag_text LIKE '%故%'
                THEN 'dead'
            WHEN c.cancel_flag_text IS NOT NULL AND c.death_date IS NULL THEN 'other'
        END AS cancel_flag,
        (
            c.death_date IS NULL
            AND (
                c.cancel_reason LIKE '%迁%' OR c.cancel_reason LIKE '%军%' OR c.cancel_reason LIKE '%伍%'
                OR c.cancel_reason LIKE '%出国%' OR c.cancel_reason LIKE '%出境%' OR c.cancel_reason LIKE '%定居%'
                OR c.cancel_reason LIKE '%国籍%' OR c.cancel_reason LIKE '%失踪%' OR c.cancel_reason LIKE '%重复%'
                OR c.cancel_reason LIKE '%重户%' OR c.cancel_reason LIKE '%重号%' OR c.cancel_reason LIKE '%错%'
                OR c.cancel_reason LIKE '%误%' OR c.cancel_reason LIKE '%虚假%'
            )
        ) AS is_other_reason,
        CONCAT_WS('：', 'death_cancel', c.source) AS origin,
        c.roll_month
    FROM death_cancel AS c
),

record AS (
    SELECT
        f.row_id,
        'funeral' AS source,
        f.person_key,
        COALESCE(f.id_is_valid, FALSE) AS id_is_valid,
        f.name,
        f.death_date,
        f.death_date_precision,
        f.cremation_date,
        f.cremation_date_precision,
        CAST(NULL AS DATE) AS cancel_date,
        CAST(NULL AS VARCHAR) AS cancel_date_precision,
        CAST(NULL AS VARCHAR) AS cancel_flag,
        'funeral' AS origin,
        f.roll_month
    FROM funeral AS f
    UNION ALL
    SELECT
        cancelled.row_id,
        'death_cancel' AS source,
        cancelled.person_key,
        COALESCE(cancelled.id_is_valid, FALSE) AS id_is_valid,
        cancelled.name,
        cancelled.death_date,
        cancelled.death_date_precision,
        CAST(NULL AS DATE) AS cremation_date,
        CAST(NULL AS VARCHAR) AS cremation_date_precision,
        cancelled.cancel_date,
        cancelled.cancel_date_precision,
        cancelled.cancel_flag,
        cancelled.origin,
        cancelled.roll_month
    FROM cancelled
    WHERE COALESCE(cancelled.cancel_flag, 'dead') = 'dead' AND NOT COALESCE(cancelled.is_other_reason, FALSE)
)

SELECT
    record.row_id,
    record.source,
    record.person_key,
    record.id_is_valid,
    record.name,
    CASE record.death_date_precision
        WHEN 'month' THEN MONTH_END(MONTH_OF(record.death_date))
        WHEN 'quarter' THEN MONTH_END(ADD_TO_MONTH(MONTH_OF(record.death_date), 2))  -- literal: last month of a quarter
        WHEN 'year' THEN MONTH_END(ADD_TO_MONTH(MONTH_OF(record.death_date), 11))  -- literal: December
        ELSE record.death_date
    END AS death_date,
    CASE record.cremation_date_precision
        WHEN 'month' THEN MONTH_END(MONTH_OF(record.cremation_date))
        WHEN 'quarter' THEN MONTH_END(ADD_TO_MONTH(MONTH_OF(record.cremation_date), 2))  -- literal: last month of a quarter
        WHEN 'year' THEN MONTH_END(ADD_TO_MONTH(MONTH_OF(record.cremation_date), 11))  -- literal: December
        ELSE record.cremation_date
    END AS cremation_date,
    CASE record.cancel_date_precision
        WHEN 'month' THEN MONTH_END(MONTH_OF(record.cancel_date))
        WHEN 'quarter' THEN MONTH_END(ADD_TO_MONTH(MONTH_OF(record.cancel_date), 2))  -- literal: last month of a quarter
        WHEN 'year' THEN MONTH_END(ADD_TO_MONTH(MONTH_OF(record.cancel_date), 11))  -- literal: December
        ELSE record.cancel_date
    END AS cancel_date,
    record.cancel_flag,
    record.origin,
    record.roll_month,
    COALESCE(record.death_date_precision, 'day') = 'day' AS is_exact_day
FROM record
