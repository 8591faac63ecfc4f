/* ---
id: relief_row
title: 临时救助
reads: [temp_assistance]
params: {home_county: home_county}
columns:
  person_key: the applicant's; the head's where the sheet names the head alone; likewise name and id_is_valid
  household_key: the head's where his number stands there, else the applicant's
  reason: code of temp_reason; the words where they are unknown or say 其他 alone
  day: day of approval, else of application
  month: its month
  is_first: aid was given before the papers were done (先行救助)
  event_end_last: last day of what 急难缓解日期 covers; NULL where the need had not passed
  is_open_need: the sheet tells when needs passed, and this one's has not
  paper_done_on: a month or year alone counts from its first day
  tells_papers: some row of the sheet tells when papers were done; likewise tells_platform
--- */
-- Temporary assistance of our county up to the comparison date (临时救助), one row a case: of a case that several deliveries
-- list, the newest. Two rows of one person and day on one sheet are two cases.
WITH stated AS (
    SELECT
        t.row_id,
        t.row_id >> 38 AS sheet, -- literal: the sheet's place in row_id
        t.roll_month,
        CASE WHEN t.person_key IS NULL AND t.name IS NULL THEN t.head_key ELSE t.person_key END AS person_key,
        COALESCE(
            CASE WHEN t.person_key IS NULL AND t.name IS NULL THEN t.head_is_valid ELSE t.id_is_valid END, FALSE
        ) AS id_is_valid,
        COALESCE(t.name, t.head_name) AS name,
        CASE WHEN t.head_is_valid THEN t.head_key ELSE COALESCE(t.person_key, t.head_key) END AS household_key,
        t.township,
        t.village,
        CASE WHEN COALESCE(t.reason, 'other') = 'other' THEN NULLIF(TRIM(t.reason_text), '') ELSE t.reason END AS reason,
        t.apply_on,
        t.approve_on,
        COALESCE(t.approve_on, t.apply_on) AS day,
        t.approve_level,
        t.amount,
        COALESCE(t.first_then, t.aid_type = 'first', FALSE) AS is_first,
        CASE
            WHEN t.event_end_on_precision = 'month' THEN LAST_DAY(t.event_end_on)
            WHEN t.event_end_on_precision = 'quarter' THEN LAST_DAY(ADD_MONTHS(t.event_end_on, 2)) -- literal: third month of a quarter
            WHEN t.event_end_on_precision = 'year' THEN LAST_DAY(ADD_MONTHS(t.event_end_on, 11)) -- literal: twelfth month of a year
            ELSE t.event_end_on
        END AS event_end_last,
        CASE
            WHEN t.approve_on_precision = 'month' THEN LAST_DAY(t.approve_on)
            WHEN t.approve_on_precision = 'quarter' THEN LAST_DAY(ADD_MONTHS(t.approve_on, 2)) -- literal: third month of a quarter
            WHEN t.approve_on_precision = 'year' THEN LAST_DAY(ADD_MONTHS(t.approve_on, 11)) -- literal: twelfth month of a year
            ELSE t.approve_on
        END AS approve_last,
        CASE WHEN t.paper_done_on <= $as_of THEN t.paper_done_on END AS paper_done_on,
        CASE WHEN t.platform_on <= $as_of THEN t.platform_on END AS platform_on
    FROM temp_assistance AS t
    WHERE
        (t.county_name IS NULL OR STARTS_WITH(t.county_name, $home_county) OR STARTS_WITH($home_county, t.county_name))
        AND COALESCE(t.approve_on, t.apply_on, $as_of) <= $as_of
),

told AS (
    SELECT
        stated.row_id,
        stated.sheet,
        stated.person_key,
        stated.id_is_valid,
        stated.name,
        stated.household_key,
        stated.township,
        stated.village,
        stated.reason,
        stated.apply_on,
        stated.approve_on,
        stated.day,
        stated.approve_level,
        stated.amount,
        stated.is_first,
        CASE WHEN stated.event_end_last <= $as_of THEN stated.event_end_last END AS event_end_last,
        stated.approve_last,
        stated.paper_done_on,
        stated.platform_on,
        BOOL_OR(stated.event_end_last IS NOT NULL) OVER (PARTITION BY stated.sheet)
        AND COALESCE(stated.event_end_last > $as_of, TRUE) AS is_open_need,
        BOOL_OR(stated.paper_done_on IS NOT NULL) OVER (PARTITION BY stated.sheet) AS tells_papers,
        BOOL_OR(stated.platform_on IS NOT NULL) OVER (PARTITION BY stated.sheet) AS tells_platform,
        FIRST_VALUE(stated.sheet) OVER (
            PARTITION BY
                CASE
                    WHEN stated.id_is_valid THEN CONCAT('k', stated.person_key)
                    ELSE CONCAT_WS('，', 'n', stated.township, stated.village, stated.name)
                END,
                stated.day
            ORDER BY
                stated.roll_month DESC NULLS LAST,
                stated.paper_done_on IS NULL,
                stated.platform_on IS NULL,
                stated.row_id DESC
        ) AS newest_sheet
    FROM stated
)

SELECT
    told.row_id,
    told.sheet,
    told.person_key,
    told.id_is_valid,
    told.name,
    told.household_key,
    told.township,
    told.village,
    told.reason,
    told.apply_on,
    told.approve_on,
    told.approve_last,
    told.day,
    MONTH_OF(told.day) AS month,
    told.approve_level,
    told.amount,
    told.is_first,
    told.event_end_last,
    told.is_open_need,
    told.paper_done_on,
    told.platform_on,
    told.tells_papers,
    told.tells_platform
FROM told
WHERE told.sheet = told.newest_sheet
