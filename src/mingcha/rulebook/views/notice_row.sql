/* ---
id: notice_row
title: 救助告知书
reads: [notice]
params: {home_county: home_county}
columns:
  person_key: the number written for the person; NULL where it is not valid, likewise head_key
  name: the person's, else the head's
  program: code of assist_program; NULL where none is written
  kind: code of notice_kind; where the word is unknown, what it plainly says
  effective: month from which the decision holds, 'YYYY-MM'; NULL where none is written
  decided_on: day of the decision; likewise issued_on, delivered_on. A month or year alone counts from its first day
  said_on: the first of these three that is written
  month: the month the notice is about, the latest of said_on's and effective
  has_reason: a reason is written, in words or by its kind
  has_proof: a day of delivery or a receipt is written
  tells_reason: some row of the sheet gives a reason; likewise tells_proof, tells_remedy
  tells_stops: the sheet holds notices of stopped or lowered aid
--- */
-- Notices to recipients and applicants of our county up to the comparison date (救助告知书), one row a notice.
-- A notice decided after the comparison date is left out; a delivery after it has not happened yet.
WITH listed AS (
    SELECT
        n.row_id,
        CAST(FLOOR(n.row_id / 274877906944) AS BIGINT) AS sheet_id, -- literal: 2^38, row number and part lie below
        CASE WHEN n.id_is_valid THEN n.person_key END AS person_key,
        CASE WHEN n.head_is_valid THEN n.head_key END AS head_key,
        COALESCE(n.name, n.head_name) AS name,
        n.head_name,
        n.township,
        n.village,
        n.program,
        COALESCE(
            n.kind,
            CASE
                WHEN n.kind_text LIKE '%渐退%' THEN 'taper'
                WHEN n.kind_text LIKE '%不予%' THEN 'refuse'
                WHEN n.kind_text LIKE '%补正%' OR n.kind_text LIKE '%补充%' THEN 'more'
                WHEN n.kind_text LIKE '%停%' OR n.kind_text LIKE '%终止%' OR n.kind_text LIKE '%退出%' OR n.kind_text LIKE '%取消%'
                    THEN 'stop'
                WHEN n.kind_text LIKE '%减%' OR n.kind_text LIKE '%降%' THEN 'cut'
                WHEN n.kind_text LIKE '%增%' OR n.kind_text LIKE '%提高%' THEN 'raise'
            END
        ) AS kind,
        COALESCE(
            n.reason_kind,
            CASE
                WHEN CONCAT_WS('', n.reason_kind_text, n.reason) LIKE '%死亡%'
                    OR CONCAT_WS('', n.reason_kind_text, n.reason) LIKE '%病故%'
                    OR CONCAT_WS('', n.reason_kind_text, n.reason) LIKE '%去世%'
                    THEN 'dead'
                WHEN CONCAT_WS('', n.reason_kind_text, n.reason) LIKE '%未就业%'
                    OR CONCAT_WS('', n.reason_kind_text, n.reason) LIKE '%拒绝%'
                    THEN NULL
                WHEN CONCAT_WS('', n.reason_kind_text, n.reason) LIKE '%就业%'
                    OR CONCAT_WS('', n.reason_kind_text, n.reason) LIKE '%务工%'
                    THEN 'job'
            END
        ) AS reason_kind,
        CASE WHEN n.decided_on <= $as_of THEN n.decided_on END AS decided_on,
        CASE WHEN n.issued_on <= $as_of THEN n.issued_on END AS issued_on,
        CASE WHEN n.delivered_on <= $as_of THEN n.delivered_on END AS delivered_on,
        n.effective,
        COALESCE(TRIM(n.reason) NOT IN ('', '无', '-', '/'), FALSE)
        OR n.reason_kind IS NOT NULL
        OR COALESCE(TRIM(n.reason_kind_text) <> '', FALSE) AS has_reason,
        n.receipt,
        n.remedy_told AS is_remedy_told,
        n.amount_before,
        n.amount_after
    FROM notice AS n
    WHERE
        (n.county_name IS NULL OR STARTS_WITH(n.county_name, $home_county) OR STARTS_WITH($home_county, n.county_name))
        AND COALESCE(n.decided_on <= $as_of, TRUE)
),

telling AS (
    SELECT
        listed.sheet_id,
        BOOL_OR(listed.has_reason) AS tells_reason,
        BOOL_OR(listed.delivered_on IS NOT NULL OR listed.receipt IS NOT NULL) AS tells_proof,
        BOOL_OR(listed.is_remedy_told IS NOT NULL) AS tells_remedy,
        COALESCE(BOOL_OR(listed.kind IN ('stop', 'cut', 'taper')), FALSE) AS tells_stops
    FROM listed
    GROUP BY listed.sheet_id
)

SELECT
    listed.row_id,
    listed.sheet_id,
    listed.person_key,
    listed.head_key,
    listed.name,
    listed.head_name,
    listed.township,
    listed.village,
    listed.program,
    listed.kind,
    listed.reason_kind,
    listed.decided_on,
    listed.issued_on,
    listed.delivered_on,
    COALESCE(listed.decided_on, listed.issued_on, listed.delivered_on) AS said_on,
    listed.effective,
    GREATEST(
        COALESCE(MONTH_OF(COALESCE(listed.decided_on, listed.issued_on, listed.delivered_on)), listed.effective),
        COALESCE(listed.effective, MONTH_OF(COALESCE(listed.decided_on, listed.issued_on, listed.delivered_on)))
    ) AS month,
    listed.has_reason,
    (listed.delivered_on IS NOT NULL OR COALESCE(listed.receipt, FALSE)) AS has_proof,
    listed.is_remedy_told,
    listed.amount_before,
    listed.amount_after,
    telling.tells_reason,
    telling.tells_proof,
    telling.tells_remedy,
    telling.tells_stops
FROM listed
INNER JOIN telling ON listed.sheet_id = telling.sheet_id
