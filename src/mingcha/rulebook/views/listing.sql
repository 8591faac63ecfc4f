/* ---
id: listing
title: 公示名单
kept: false
reads: [disclosure]
params: {home_county: home_county}
columns:
  sheet: the sheet's place in row_id
  item: which list it is, in words that stay the same from one delivery to the next
  program: code of assist_program; where the word is unknown, what it plainly says; NULL where nothing says
  is_offline: on a wall by its own word; NULL where no way of publishing is written
  is_online: on a web page by its own word; NULL where no way of publishing is written
  from_on: first day; where only a month, quarter or year is written, its last day
  to_on: last day, likewise
  shows_number: a whole identity number stands on the list
  shows_address: an address down to house or group
  shows_hidden: a free text holds what looks like an identity number, an account or a telephone
--- */
-- Rows of the county's public lists up to the comparison date (公示名单), and which of the fields that no list may show they show.
WITH said AS (
    SELECT
        d.row_id,
        d.row_id >> 38 AS sheet, -- literal: the sheet's place in row_id
        d.roll_month,
        d.township,
        d.village,
        COALESCE(
            d.program,
            CASE
                WHEN d.program_text LIKE '%孤儿%' OR d.program_text LIKE '%无人抚养%' OR d.program_text LIKE '%困境儿童%' THEN 'ET'
                WHEN d.program_text LIKE '%低保%' OR d.program_text LIKE '%最低生活保障%' THEN 'DB'
                WHEN d.program_text LIKE '%特困%' OR d.program_text LIKE '%五保%' THEN 'TK'
            END
        ) AS program,
        d.kind,
        d.channel,
        CASE d.from_on_precision
            WHEN 'month' THEN LAST_DAY(d.from_on)
            WHEN 'quarter' THEN LAST_DAY(ADD_MONTHS(d.from_on, 2)) -- literal: third month of a quarter
            WHEN 'year' THEN LAST_DAY(ADD_MONTHS(d.from_on, 11)) -- literal: twelfth month of a year
            ELSE d.from_on
        END AS from_on,
        CASE d.to_on_precision
            WHEN 'month' THEN LAST_DAY(d.to_on)
            WHEN 'quarter' THEN LAST_DAY(ADD_MONTHS(d.to_on, 2)) -- literal: third month of a quarter
            WHEN 'year' THEN LAST_DAY(ADD_MONTHS(d.to_on, 11)) -- literal: twelfth month of a year
            ELSE d.to_on
        END AS to_on,
        d.objection,
        d.head_name,
        d.member_name,
        d.family_size,
        d.insured_size,
        d.amount,
        d.id_birth_date,
        d.birth_date,
        d.age,
        (d.person_key IS NOT NULL OR d.id_flag IS NOT NULL) AND COALESCE(d.id_flag <> 'masked', TRUE) AS shows_number,
        d.phone_key IS NOT NULL AS shows_phone,
        d.account_key IS NOT NULL OR d.one_card_key IS NOT NULL AS shows_account,
        COALESCE(REGEXP_MATCHES(d.address, '([0-9０-９一二三四五六七八九十]+|村民)(号|组|栋|幢|楼|单元|室|户|排)'), FALSE) AS shows_address,
        d.health_text IS NOT NULL
        OR d.health IS NOT NULL
        OR COALESCE(TRIM(d.disease) NOT IN ('', '无', '否', '健康', '-', '/'), FALSE) AS shows_health,
        d.disability_type IS NOT NULL OR d.disability_level IS NOT NULL AS shows_disability,
        d.birth_date IS NOT NULL AS shows_birth,
        COALESCE(d.head_name_written LIKE '%[号码已隐去]%', FALSE)
        OR COALESCE(d.member_name_written LIKE '%[号码已隐去]%', FALSE)
        OR COALESCE(d.objection LIKE '%[号码已隐去]%', FALSE)
        OR COALESCE(
            -- the office's own telephone is to be shown
            d.remark LIKE '%[号码已隐去]%' AND NOT REGEXP_MATCHES(d.remark, '(监督|举报|投诉|咨询|服务|便民)(电话|热线)'), FALSE
        ) AS shows_hidden
    FROM disclosure AS d
    WHERE
        (d.county_name IS NULL OR STARTS_WITH(d.county_name, $home_county) OR STARTS_WITH($home_county, d.county_name))
        AND COALESCE(d.from_on <= $as_of, TRUE)
        AND COALESCE(d.roll_month <= $as_of_month, TRUE)
)

SELECT
    said.row_id,
    said.sheet,
    CONCAT(
        COALESCE(said.township, ''),
        COALESCE(said.village, ''),
        CASE said.program
            WHEN 'DB' THEN '低保'
            WHEN 'TK' THEN '特困'
            WHEN 'BY' THEN '低保边缘'
            WHEN 'LS' THEN '临时救助'
            WHEN 'ET' THEN '儿童保障'
            WHEN 'CJ' THEN '残疾人补贴'
            ELSE '救助'
        END,
        CASE said.kind
            WHEN 'first' THEN '初审公示'
            WHEN 'confirm' THEN '确认公布'
            WHEN 'long' THEN '长期公示'
            WHEN 'end' THEN '终止公示'
            ELSE '公示'
        END,
        CASE said.channel WHEN 'offline' THEN '（线下）' WHEN 'online' THEN '（线上）' ELSE '' END
    ) AS item,
    said.roll_month,
    said.township,
    said.village,
    said.program,
    said.kind,
    said.channel IN ('offline', 'both') AS is_offline,
    said.channel IN ('online', 'both') AS is_online,
    said.from_on,
    said.to_on,
    said.objection,
    said.head_name,
    said.member_name,
    said.family_size,
    said.insured_size,
    said.amount,
    said.id_birth_date,
    said.birth_date,
    said.age,
    said.shows_number,
    said.shows_phone,
    said.shows_account,
    said.shows_address,
    said.shows_health,
    said.shows_disability,
    said.shows_birth,
    said.shows_hidden
FROM said
