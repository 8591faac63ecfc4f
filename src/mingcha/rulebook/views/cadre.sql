/* ---
id: cadre
title: 经办人员与村（居）干部
reads: [officer, roll_scope]
columns:
  name: titles written before or after it are taken off
  officer_kind: code; where the word is unknown, what post and unit plainly say
  is_in_post: in post on the comparison date, that is begun, and until empty or that day or later
--- */
-- Officers and handlers of the newest delivered list (经办人员与村（居）干部), one row a post. Whoever only an older list names has left.
-- Only where two characters or more remain is a title taken off: 李会计 may be all that is known of him.
WITH listed AS (
    SELECT
        o.row_id,
        o.person_key,
        COALESCE(o.id_is_valid, FALSE) AS id_is_valid,
        o.name AS written,
        TRIM(
            REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(o.name,
                '村党支部书记', ''),
                '党支部书记', ''),
                '支部书记', ''),
                '村支部书记', ''),
                '村支书', ''),
                '副支书', ''),
                '支书', ''),
                '村主任', ''),
                '副主任', ''),
                '主任', ''),
                '副书记', ''),
                '书记', ''),
                '村长', ''),
                '会计', ''),
                '文书', ''),
                '村民组长', ''),
                '组长', ''),
                '委员', ''),
                '民政专干', ''),
                '专干', ''),
                '民政所长', ''),
                '所长', ''),
                '同志', '')
        ) AS bare,
        o.officer_kind,
        CONCAT_WS('', o.officer_kind_text, o.post, o.unit) AS words,
        o.post,
        o.township,
        o.village,
        o.unit,
        o.since,
        o.until
    FROM officer AS o
    INNER JOIN roll_scope AS scope
        ON
            scope.dataset = 'officer'
            AND CAST(FLOOR(o.row_id / 274877906944) AS BIGINT) = scope.sheet_id  -- literal: 2^38, row number and part lie below
            AND COALESCE(o.roll_month, $as_of_month) = scope.row_month
            AND COALESCE(o.officer_kind, '') = scope.kind
            AND COALESCE(o.township, '') = scope.township
            AND scope.is_current
)

SELECT
    listed.row_id,
    listed.person_key,
    listed.id_is_valid,
    CASE WHEN LENGTH(listed.bare) > 1 THEN listed.bare ELSE listed.written END AS name,
    COALESCE(
        listed.officer_kind,
        CASE
            WHEN listed.words LIKE '%组长%' THEN 'group'
            WHEN listed.words LIKE '%民政局%' THEN 'county'
            WHEN listed.words LIKE '%民政所%' OR listed.words LIKE '%经办%' OR listed.words LIKE '%专干%' THEN 'township'
            WHEN listed.words LIKE '%居委%' OR listed.words LIKE '%社区%' THEN 'resident'
            WHEN listed.words LIKE '%村%' OR listed.words LIKE '%支书%' OR listed.words LIKE '%支部%' THEN 'village'
        END
    ) AS officer_kind,
    listed.post,
    listed.township,
    listed.village,
    listed.unit,
    listed.since,
    listed.until,
    (
        (listed.since IS NULL OR listed.since <= $as_of)
        AND (listed.until IS NULL OR listed.until >= $as_of)
    ) AS is_in_post
FROM listed
