/* ---
id: death
title: 死亡人员
reads: [death_row]
columns:
  death_date: the earliest death date; cremation or cancellation only where no record gives one
  death_basis: which of the three it is
  row_id: the deciding record
  row_ids: every record of the person
--- */
-- One row a dead person and name (死亡人员). Records of one number under different names are kept apart: a record names
-- another person's number by mistake more often than one person has two names. A record without a name goes with every name.
WITH named AS (
    SELECT
        death_row.person_key,
        death_row.name
    FROM death_row
    WHERE death_row.person_key IS NOT NULL AND death_row.name IS NOT NULL
    GROUP BY death_row.person_key, death_row.name
),

record AS (
    SELECT
        death_row.row_id,
        death_row.source,
        death_row.person_key,
        death_row.id_is_valid,
        COALESCE(death_row.name, named.name) AS name,
        COALESCE(death_row.death_date, death_row.cremation_date, death_row.cancel_date) AS known_date,
        CASE
            WHEN death_row.death_date IS NOT NULL THEN 1
            WHEN death_row.cremation_date IS NOT NULL THEN 2  -- literal: order of preference
            ELSE 3  -- literal: order of preference
        END AS preference
    FROM death_row
    LEFT JOIN named ON death_row.person_key = named.person_key AND death_row.name IS NULL
    WHERE death_row.person_key IS NOT NULL
),

ranked AS (
    SELECT
        record.row_id,
        record.person_key,
        record.id_is_valid,
        record.name,
        record.known_date,
        record.preference,
        ROW_NUMBER() OVER (
            PARTITION BY record.person_key, record.name
            -- the source before the row: a row's number hangs on the order in which a workspace met the files
            ORDER BY record.preference, record.known_date, record.source, record.row_id
        ) AS place
    FROM record
    WHERE record.known_date IS NOT NULL
),

every AS (
    SELECT
        record.person_key,
        record.name,
        ARRAY_AGG(record.row_id) AS row_ids
    FROM record
    GROUP BY record.person_key, record.name
)

SELECT
    ranked.person_key,
    ranked.id_is_valid,
    ranked.name,
    ranked.known_date AS death_date,
    CASE ranked.preference WHEN 1 THEN '死亡日期' WHEN 2 THEN '火化日期' ELSE '注销日期' END AS death_basis,  -- literal: as above
    ranked.row_id,
    every.row_ids
FROM ranked
INNER JOIN every ON ranked.person_key = every.person_key AND COALESCE(ranked.name, '') = COALESCE(every.name, '')
WHERE ranked.place = 1
