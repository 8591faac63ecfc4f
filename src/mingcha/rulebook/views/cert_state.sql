/* ---
id: cert_state
title: 持证残疾人
reads: [disability_cert, roll_scope]
params: {home_county: home_county}
columns:
  disability_type: the column's, else what the certificate number says
  expire_on: last day of validity; a month or year alone counts to its end
  is_valid_on: neither cancelled, expired, frozen nor moved away, and not past expire_on on the comparison date
--- */
-- One row a person and name of the newest delivered certificate list (持证残疾人): the certificate in force, else the latest issued.
WITH listed AS (
    SELECT
        c.row_id,
        c.person_key,
        COALESCE(c.id_is_valid, FALSE) AS id_is_valid,
        c.name,
        c.township,
        c.village,
        COALESCE(c.disability_type, c.disability_cert_type) AS disability_type,
        COALESCE(c.disability_level, c.disability_cert_level) AS disability_level,
        c.issue_on,
        CASE c.expire_on_precision
            WHEN 'month' THEN MONTH_END(MONTH_OF(c.expire_on))
            WHEN 'year' THEN MONTH_END(ADD_TO_MONTH(MONTH_OF(c.expire_on), 11))  -- literal: December
            ELSE c.expire_on
        END AS expire_on,
        COALESCE(
            c.cert_status,
            CASE
                WHEN c.cert_status_text LIKE '%注销%' THEN 'cancelled'
                WHEN c.cert_status_text LIKE '%过期%' OR c.cert_status_text LIKE '%失效%' OR c.cert_status_text LIKE '%到期%'
                    THEN 'expired'
                WHEN c.cert_status_text LIKE '%冻结%' THEN 'frozen'
                WHEN c.cert_status_text LIKE '%迁%' THEN 'moved'
            END
        ) AS cert_status
    FROM disability_cert AS c
    INNER JOIN roll_scope AS scope
        ON
            scope.dataset = 'disability_cert'
            AND CAST(FLOOR(c.row_id / 274877906944) AS BIGINT) = scope.sheet_id  -- literal: 2^38, row number and part lie below
            AND COALESCE(c.roll_month, $as_of_month) = scope.row_month
            AND COALESCE(c.township, '') = scope.township
            AND scope.is_current
    WHERE
        c.person_key IS NOT NULL
        AND (
            c.county_name IS NULL
            OR STARTS_WITH(c.county_name, $home_county)
            OR STARTS_WITH($home_county, c.county_name)
        )
),

judged AS (
    SELECT
        listed.row_id,
        listed.person_key,
        listed.id_is_valid,
        listed.name,
        listed.township,
        listed.village,
        listed.disability_type,
        listed.disability_level,
        listed.issue_on,
        listed.expire_on,
        listed.cert_status,
        (
            COALESCE(listed.cert_status, 'valid') = 'valid'
            AND (listed.expire_on IS NULL OR listed.expire_on >= $as_of)
        ) AS is_valid_on
    FROM listed
),

ranked AS (
    SELECT
        judged.row_id,
        judged.person_key,
        judged.id_is_valid,
        judged.name,
        judged.township,
        judged.village,
        judged.disability_type,
        judged.disability_level,
        judged.expire_on,
        judged.cert_status,
        judged.is_valid_on,
        ROW_NUMBER() OVER (
            PARTITION BY judged.person_key, judged.name
            ORDER BY judged.is_valid_on DESC, COALESCE(judged.issue_on, judged.expire_on) DESC NULLS LAST, judged.row_id
        ) AS place
    FROM judged
)

SELECT
    ranked.row_id,
    ranked.person_key,
    ranked.id_is_valid,
    ranked.name,
    ranked.township,
    ranked.village,
    ranked.disability_type,
    ranked.disability_level,
    ranked.is_valid_on,
    ranked.expire_on,
    ranked.cert_status
FROM ranked
WHERE ranked.place = 1
