/* ---
id: roll_scope
title: 各名册的最新月份
reads: [dibao_household, dibao_member, tekun_person, child, disability_subsidy, low_income_household, low_income_member, disability_cert, officer]
params: {home_county: home_county}
columns:
  dataset: the sheet's dataset
  sheet_id: the sheet (row_id without row number and part)
  row_month: month the rows speak of; those that name none speak of the comparison month
  kind: urban or rural, orphan or other child, living or care, kind of low income, kind of officer; '' where not said
  township: as the rows say, '' where not said
  is_current: belongs to the newest roll
--- */
-- Which delivered rows are "the newest roll with month <= D's month" (名册最新月份). Later rolls are ignored.
-- Rolls come as files for one kind or for all, for one township or for the county, so "newest" is asked for each kind
-- and township: rows are old once a later sheet of the dataset covers their kind and their township.
--   * A sheet with several townships (or none written) covers all townships; a sheet with one covers that one. So a
--     township that has not delivered yet keeps its older roll, and whoever left a county-wide roll is off it.
--   * Where a county-wide sheet is followed by the month's only sheet, that one covers the county too, even if it
--     holds one township: a roll of few persons.
--   * Kinds likewise; rows without a kind cover every kind, and are covered by a month that names several, or by the month's
--     only sheet where they were on their month's only sheet. Officers' sheets cover the kinds they hold alone: the village
--     cadres' list says nothing about handlers.
WITH listed AS (
    SELECT
        'dibao_household' AS dataset,
        CAST(FLOOR(t.row_id / 274877906944) AS BIGINT) AS sheet_id,  -- literal: 2^38, row number and part lie below
        COALESCE(t.roll_month, $as_of_month) AS row_month,
        t.program AS kind,
        t.township
    FROM dibao_household AS t
    WHERE t.county_name IS NULL OR STARTS_WITH(t.county_name, $home_county) OR STARTS_WITH($home_county, t.county_name)
    UNION ALL
    SELECT
        'dibao_member' AS dataset,
        CAST(FLOOR(t.row_id / 274877906944) AS BIGINT) AS sheet_id,  -- literal: 2^38, row number and part lie below
        COALESCE(t.roll_month, $as_of_month) AS row_month,
        t.assist_type AS kind,
        t.township
    FROM dibao_member AS t
    WHERE t.county_name IS NULL OR STARTS_WITH(t.county_name, $home_county) OR STARTS_WITH($home_county, t.county_name)
    UNION ALL
    SELECT
        'tekun_person' AS dataset,
        CAST(FLOOR(t.row_id / 274877906944) AS BIGINT) AS sheet_id,  -- literal: 2^38, row number and part lie below
        COALESCE(t.roll_month, $as_of_month) AS row_month,
        t.program AS kind,
        t.township
    FROM tekun_person AS t
    WHERE t.county_name IS NULL OR STARTS_WITH(t.county_name, $home_county) OR STARTS_WITH($home_county, t.county_name)
    UNION ALL
    SELECT
        'child' AS dataset,
        CAST(FLOOR(t.row_id / 274877906944) AS BIGINT) AS sheet_id,  -- literal: 2^38, row number and part lie below
        COALESCE(t.roll_month, $as_of_month) AS row_month,
        CASE WHEN t.category IN ('orphan_inst', 'orphan_home') THEN 'orphan' ELSE t.category END AS kind,
        t.township
    FROM child AS t
    WHERE t.county_name IS NULL OR STARTS_WITH(t.county_name, $home_county) OR STARTS_WITH($home_county, t.county_name)
    UNION ALL
    SELECT
        'disability_subsidy' AS dataset,
        CAST(FLOOR(t.row_id / 274877906944) AS BIGINT) AS sheet_id,  -- literal: 2^38, row number and part lie below
        COALESCE(CASE WHEN t.period <= $as_of_month THEN LEAST(ADD_TO_MONTH(t.period, COALESCE(t.period_months, 1) - 1), $as_of_month) ELSE t.period END, t.roll_month, $as_of_month) AS row_month,
        CASE WHEN t.subsidy_type = 'both' THEN NULL ELSE t.subsidy_type END AS kind,
        t.township
    FROM disability_subsidy AS t
    WHERE t.county_name IS NULL OR STARTS_WITH(t.county_name, $home_county) OR STARTS_WITH($home_county, t.county_name)
    UNION ALL
    SELECT
        'low_income_household' AS dataset,
        CAST(FLOOR(t.row_id / 274877906944) AS BIGINT) AS sheet_id,  -- literal: 2^38, row number and part lie below
        COALESCE(t.roll_month, $as_of_month) AS row_month,
        t.li_type AS kind,
        t.township
    FROM low_income_household AS t
    WHERE t.county_name IS NULL OR STARTS_WITH(t.county_name, $home_county) OR STARTS_WITH($home_county, t.county_name)
    UNION ALL
    SELECT
        'low_income_member' AS dataset,
        CAST(FLOOR(t.row_id / 274877906944) AS BIGINT) AS sheet_id,  -- literal: 2^38, row number and part lie below
        COALESCE(t.roll_month, $as_of_month) AS row_month,
        t.li_type AS kind,
        t.township
    FROM low_income_member AS t
    WHERE t.county_name IS NULL OR STARTS_WITH(t.county_name, $home_county) OR STARTS_WITH($home_county, t.county_name)
    UNION ALL
    SELECT
        'disability_cert' AS dataset,
        CAST(FLOOR(t.row_id / 274877906944) AS BIGINT) AS sheet_id,  -- literal: 2^38, row number and part lie below
        COALESCE(t.roll_month, $as_of_month) AS row_month,
        CAST(NULL AS VARCHAR) AS kind,
        t.township
    FROM disability_cert AS t
    WHERE t.county_name IS NULL OR STARTS_WITH(t.county_name, $home_county) OR STARTS_WITH($home_county, t.county_name)
    UNION ALL
    SELECT
        'officer' AS dataset,
        CAST(FLOOR(t.row_id / 274877906944) AS BIGINT) AS sheet_id,  -- literal: 2^38, row number and part lie below
        COALESCE(t.roll_month, $as_of_month) AS row_month,
        t.officer_kind AS kind,
        t.township
    FROM officer AS t
    WHERE t.county_name IS NULL OR STARTS_WITH(t.county_name, $home_county) OR STARTS_WITH($home_county, t.county_name)
),

scopes AS (
    SELECT
        listed.dataset,
        listed.sheet_id,
        listed.row_month,
        listed.kind,
        listed.township
    FROM listed
    WHERE listed.row_month <= $as_of_month
    GROUP BY listed.dataset, listed.sheet_id, listed.row_month, listed.kind, listed.township
),

sheets AS (
    SELECT
        scopes.dataset,
        scopes.sheet_id,
        scopes.row_month,
        COUNT(DISTINCT scopes.township) AS townships,
        COUNT(DISTINCT scopes.kind) AS kinds,
        BOOL_OR(scopes.kind IS NULL) AS is_any_kind,
        ARRAY_AGG(scopes.township) FILTER (WHERE scopes.township IS NOT NULL) AS township_list,
        ARRAY_AGG(scopes.kind) FILTER (WHERE scopes.kind IS NOT NULL) AS kind_list
    FROM scopes
    GROUP BY scopes.dataset, scopes.sheet_id, scopes.row_month
),

months AS (
    SELECT
        scopes.dataset,
        scopes.row_month,
        COUNT(DISTINCT scopes.sheet_id) AS sheet_count,
        COUNT(DISTINCT scopes.kind) AS kind_count
    FROM scopes
    GROUP BY scopes.dataset, scopes.row_month
),

kind_months AS (
    SELECT
        scopes.dataset,
        scopes.row_month,
        scopes.kind,
        COUNT(DISTINCT scopes.sheet_id) AS sheet_count
    FROM scopes
    GROUP BY scopes.dataset, scopes.row_month, scopes.kind
),

sized AS (
    SELECT
        scopes.dataset,
        scopes.sheet_id,
        scopes.row_month,
        scopes.kind,
        scopes.township,
        sheets.townships,
        sheets.kinds
    FROM scopes
    INNER JOIN sheets
        ON
            scopes.dataset = sheets.dataset
            AND scopes.sheet_id = sheets.sheet_id
            AND scopes.row_month = sheets.row_month
),

superseded AS (
    SELECT
        old.dataset,
        old.sheet_id,
        old.row_month,
        old.kind,
        old.township
    FROM sized AS old
    INNER JOIN sheets AS later ON old.dataset = later.dataset AND old.row_month < later.row_month
    INNER JOIN months ON later.dataset = months.dataset AND later.row_month = months.row_month
    INNER JOIN months AS own ON old.dataset = own.dataset AND old.row_month = own.row_month
    LEFT JOIN kind_months
        ON
            later.dataset = kind_months.dataset
            AND later.row_month = kind_months.row_month
            AND old.kind = kind_months.kind
    WHERE
        (
            later.is_any_kind
            OR (
                old.kind IS NULL
                AND (months.kind_count > 1 OR (own.sheet_count = 1 AND months.sheet_count = 1))
            )
            OR LIST_CONTAINS(later.kind_list, old.kind)
            OR (
                old.dataset <> 'officer'
                AND (later.kinds > 1 OR (old.kinds > 1 AND months.sheet_count = 1))
            )
        )
        AND (
            old.township IS NULL
            OR later.townships <> 1
            OR LIST_CONTAINS(later.township_list, old.township)
            OR (old.townships > 1 AND (months.sheet_count = 1 OR kind_months.sheet_count = 1))
        )
    GROUP BY old.dataset, old.sheet_id, old.row_month, old.kind, old.township
)

SELECT
    sized.dataset,
    sized.sheet_id,
    sized.row_month,
    COALESCE(sized.kind, '') AS kind,
    COALESCE(sized.township, '') AS township,
    superseded.dataset IS NULL AS is_current
FROM sized
LEFT JOIN superseded
    ON
        sized.dataset = superseded.dataset
        AND sized.sheet_id = superseded.sheet_id
        AND sized.row_month = superseded.row_month
        AND COALESCE(sized.kind, '') = COALESCE(superseded.kind, '')
        AND COALESCE(sized.township, '') = COALESCE(superseded.township, '')
