/* ---
id: R64
title: 分散供养无有效照料协议
version: 1
status: active
severity: red
clauses: [C22, C35]
law: [夏民办〔2023〕14号三(三), 河南省特困人员救助供养办法第24条]
subject: person
identity: exact
needs: [tekun_person]
uses: [care_agreement, child, dibao_household, dibao_member, disability_cert, disability_subsidy,
  low_income_household, low_income_member, officer]
reads: [aid_person, tekun_person, care_agreement]
finds: 比对日没有有效照料服务协议的在册分散供养特困人员。
summary: "{name}是分散供养特困人员，{reason}。请核实照料情况，及时签订或续签三方协议。"
false_hits: [协议已续签而台账未更新, 已转为集中供养而名册未更新, 协议台账身份证号有误]
verify: [看协议原件和期限, 入户核实照料人是否到位, 更新协议台账]
reading: >-
  名册和协议台账都看，有一处有效即可；截止日当天仍有效，只写到月的按月末，“长期”或没有截止日的视为有效，没有起始日的看签订日。
  写明未签的不算有协议；只写“已签”而没有日期、别处也没有日期的，视为有效。名册没有协议栏、又没有协议台账的，不推断。
  台账号码有误而同村同名的，视为同一人。
--- */
WITH roll_row AS (
    SELECT
        tekun.row_id,
        tekun.row_id >> 38 AS sheet, -- literal: the sheet's place in row_id
        aid.person_key,
        aid.name,
        aid.village,
        tekun.agreement_signed,
        tekun.agreement_from,
        tekun.agreement_from_precision,
        tekun.agreement_to,
        tekun.agreement_to_precision,
        aid.support_mode = 'scattered' AND aid.is_active AND aid.id_is_valid AS is_asked,
        tekun.agreement_signed IS NOT NULL
        OR tekun.agreement_from IS NOT NULL
        OR tekun.agreement_to IS NOT NULL
        OR tekun.agreement_to_precision = 'open' AS has_word
    FROM aid_person AS aid
    INNER JOIN tekun_person AS tekun ON aid.row_id = tekun.row_id
    WHERE aid.program = 'TK'
),

-- a roll without agreement columns says nothing about anybody, unless the ledger does
telling AS (
    SELECT
        roll_row.sheet,
        BOOL_OR(roll_row.has_word) AS has_words
    FROM roll_row
    GROUP BY roll_row.sheet
),

ledger_size AS (
    SELECT COUNT(*) AS row_count
    FROM care_agreement
),

scattered AS (
    SELECT
        roll_row.person_key,
        roll_row.name,
        roll_row.village,
        roll_row.row_id
    FROM roll_row
    INNER JOIN telling ON roll_row.sheet = telling.sheet
    CROSS JOIN ledger_size
    WHERE roll_row.is_asked AND (telling.has_words OR ledger_size.row_count > 0)
),

stated AS (
    SELECT
        roll_row.person_key,
        CAST(NULL AS BIGINT) AS ledger_row,
        roll_row.agreement_signed,
        roll_row.agreement_from AS from_on,
        roll_row.agreement_to AS to_on,
        roll_row.agreement_to_precision AS to_precision
    FROM roll_row
    UNION ALL
    SELECT
        scattered.person_key,
        ledger.row_id AS ledger_row,
        ledger.agreement_signed,
        COALESCE(ledger.agreement_from, ledger.signed_on) AS from_on,
        ledger.agreement_to AS to_on,
        ledger.agreement_to_precision AS to_precision
    FROM scattered
    INNER JOIN care_agreement AS ledger ON scattered.person_key = ledger.person_key
    WHERE ledger.id_is_valid
    UNION ALL
    SELECT
        scattered.person_key,
        ledger.row_id AS ledger_row,
        ledger.agreement_signed,
        COALESCE(ledger.agreement_from, ledger.signed_on) AS from_on,
        ledger.agreement_to AS to_on,
        ledger.agreement_to_precision AS to_precision
    FROM scattered
    INNER JOIN care_agreement AS ledger
        ON scattered.name = ledger.name AND COALESCE(scattered.village, '') = COALESCE(ledger.village, scattered.village, '')
    WHERE NOT COALESCE(ledger.id_is_valid, FALSE)
),

judged AS (
    SELECT
        stated.person_key,
        stated.ledger_row,
        COALESCE(stated.agreement_signed, TRUE) AS is_signed,
        COALESCE(stated.agreement_signed, FALSE) AS says_signed,
        stated.from_on,
        -- a term written as a month or a year runs to its end
        CASE stated.to_precision
            WHEN 'month' THEN LAST_DAY(stated.to_on)
            WHEN 'quarter' THEN LAST_DAY(ADD_MONTHS(stated.to_on, 2)) -- literal: third month of a quarter
            WHEN 'year' THEN LAST_DAY(ADD_MONTHS(stated.to_on, 11)) -- literal: twelfth month of a year
            ELSE stated.to_on
        END AS last_day,
        stated.from_on IS NOT NULL OR stated.to_on IS NOT NULL OR COALESCE(stated.to_precision = 'open', FALSE) AS is_dated
    FROM stated
),

state AS (
    SELECT
        judged.person_key,
        ARRAY_AGG(DISTINCT judged.ledger_row) FILTER (WHERE judged.ledger_row IS NOT NULL) AS ledger_rows,
        BOOL_OR(
            judged.is_signed
            AND judged.is_dated
            AND COALESCE(judged.from_on <= $as_of, TRUE)
            AND COALESCE(judged.last_day >= $as_of, TRUE)
        ) AS is_in_force,
        BOOL_OR(judged.is_signed AND judged.is_dated) AS is_dated,
        BOOL_OR(judged.says_signed) AS says_signed,
        MAX(CASE WHEN judged.is_signed THEN judged.last_day END) AS ended_on,
        MIN(CASE WHEN judged.is_signed AND judged.from_on > $as_of THEN judged.from_on END) AS begins_on
    FROM judged
    GROUP BY judged.person_key
)

SELECT
    scattered.person_key,
    scattered.row_id AS ev_roll,
    state.ledger_rows AS ev_agreement,
    CASE
        WHEN state.begins_on IS NOT NULL
            THEN CONCAT(
                '照料服务协议从', YEAR(state.begins_on), '年', MONTH(state.begins_on), '月', DAY(state.begins_on), '日才开始'
            )
        WHEN state.ended_on IS NOT NULL
            THEN CONCAT('照料服务协议已于', YEAR(state.ended_on), '年', MONTH(state.ended_on), '月', DAY(state.ended_on), '日到期')
        ELSE '没有见到照料服务协议'
    END AS fact_reason
FROM scattered
LEFT JOIN state ON scattered.person_key = state.person_key
WHERE
    NOT COALESCE(state.is_in_force, FALSE)
    -- 是 alone counts as long as no dates anywhere say otherwise
    AND NOT (COALESCE(state.says_signed, FALSE) AND NOT state.is_dated)
