/* ---
id: R58
title: 不予确认未告知
version: 1
status: trial
severity: orange
clauses: [C33]
law: [民发〔2021〕57号第21条, 民发〔2021〕57号第38条, 民发〔2021〕43号第18条, 夏民办〔2023〕14号四(一)]
subject: person
identity: mixed
needs: [application, notice]
reads: [application_row, notice_row]
params:
  dibao_days: DB-17
  tekun_days: TK-09
finds: 不予确认后{dibao_days}个工作日（特困{tekun_days}个）内没有书面告知，或者告知书没有写明理由、没有告知救济途径的低保、特困申请人。
summary: "{name}的{program}申请不予确认，{problem}。请核实告知情况，需要的补办书面告知。"
false_hits: [已书面告知而台账未登记, 告知书由村（居）委会代送未登记送达日期, 决定日期录错]
verify: [查不予确认告知书存根和送达回证, 问申请人是否收到, 补办书面告知]
reading: >-
  工作日按国务院办公厅公布的放假安排，决定当日不计，期限最后一日在内；决定只写到月的从月底起算。撤回申请的不列。
  告知书按申请人或户主的号码或者同村同名对应；决定当月及以后的不予确认告知书（没有写类型、类别、日期的也算）有一份在期限内送达、写明理由、告知了救济途径即可。
  没有告知书、没有送达日期的，只在该乡镇的告知书台账（有不予确认告知书或有多种告知书的表）早于决定开始、且登记到期限以后时才列。
  表上谁都没有填理由、送达情况的，不推断；救济途径只看写明没有告知的。
--- */
WITH refused AS (
    SELECT
        a.row_id,
        a.person_key,
        a.household_key,
        a.name,
        a.township,
        a.village,
        a.program,
        a.program_name,
        a.decided_on,
        a.decided_last,
        CASE WHEN a.program = 'TK' THEN $tekun_days ELSE $dibao_days END AS day_limit
    FROM application_row AS a
    WHERE a.decision = 'refuse' AND a.program IN ('DB', 'TK') AND a.person_key IS NOT NULL
),

-- ledgers that would hold refusals: a sheet of stopped aid alone says nothing about them
ledger AS (
    SELECT n.sheet_id
    FROM notice_row AS n
    GROUP BY n.sheet_id
    HAVING BOOL_OR(n.kind = 'refuse') OR COUNT(DISTINCT n.kind) > 1
),

reach AS (
    SELECT
        n.township,
        MIN(n.said_on) AS oldest,
        MAX(n.said_on) AS newest
    FROM notice_row AS n
    INNER JOIN ledger ON n.sheet_id = ledger.sheet_id
    GROUP BY n.township
),

-- whom a refusal and a notice speak of: his number, his household's, or his name
refused_tag AS (
    SELECT
        refused.row_id,
        CONCAT('k', refused.person_key) AS tag
    FROM refused
    UNION
    SELECT
        refused.row_id,
        CONCAT('k', refused.household_key) AS tag
    FROM refused
    WHERE refused.household_key IS NOT NULL
    UNION
    SELECT
        refused.row_id,
        CONCAT('n', refused.name) AS tag
    FROM refused
    WHERE refused.name IS NOT NULL
),

notice_tag AS (
    SELECT
        n.row_id,
        CONCAT('k', n.person_key) AS tag
    FROM notice_row AS n
    UNION
    SELECT
        n.row_id,
        CONCAT('k', n.head_key) AS tag
    FROM notice_row AS n
    UNION
    SELECT
        n.row_id,
        CONCAT('n', n.name) AS tag
    FROM notice_row AS n
),

matched AS (
    SELECT
        refused.row_id,
        n.row_id AS notice_row,
        n.delivered_on,
        n.has_proof OR NOT n.tells_proof AS is_delivered,
        n.has_reason OR NOT n.tells_reason AS has_reason,
        COALESCE(n.is_remedy_told, TRUE) AS is_remedy_told
    FROM refused
    INNER JOIN refused_tag ON refused.row_id = refused_tag.row_id
    INNER JOIN notice_tag ON refused_tag.tag = notice_tag.tag
    INNER JOIN notice_row AS n ON notice_tag.row_id = n.row_id
    WHERE
        COALESCE(n.kind, 'refuse') = 'refuse'
        AND COALESCE(n.program, refused.program) = refused.program
        AND COALESCE(MONTH_OF(n.said_on) >= MONTH_OF(refused.decided_on), TRUE)
        AND (
            STARTS_WITH(refused_tag.tag, 'k')
            OR (
                COALESCE(refused.village, '') = COALESCE(n.village, refused.village, '')
                AND COALESCE(refused.township, '') = COALESCE(n.township, refused.township, '')
            )
        )
),

told AS (
    SELECT
        matched.row_id,
        ARRAY_AGG(DISTINCT matched.notice_row) AS notice_rows,
        MIN(matched.delivered_on) AS delivered_on,
        BOOL_OR(matched.is_delivered) AS is_delivered,
        BOOL_OR(matched.has_reason) AS has_reason,
        BOOL_OR(matched.is_remedy_told) AS is_remedy_told
    FROM matched
    GROUP BY matched.row_id
),

judged AS (
    SELECT
        refused.row_id,
        refused.person_key,
        refused.name,
        refused.township,
        refused.village,
        refused.program_name,
        refused.day_limit,
        told.notice_rows,
        WORKDAYS_BETWEEN(refused.decided_last, told.delivered_on) AS days,
        told.row_id IS NULL AS is_missing,
        NOT COALESCE(told.is_delivered, TRUE) AS is_undelivered,
        NOT COALESCE(told.has_reason, TRUE) AS is_unexplained,
        NOT COALESCE(told.is_remedy_told, TRUE) AS is_remedy_untold,
        -- the ledger had begun by then and goes on beyond the limit
        COALESCE(
            reach.oldest <= refused.decided_last
            AND WORKDAYS_BETWEEN(refused.decided_last, reach.newest) > refused.day_limit,
            FALSE
        ) AS is_in_reach
    FROM refused
    LEFT JOIN told ON refused.row_id = told.row_id
    LEFT JOIN reach ON refused.township = reach.township
)

SELECT
    judged.person_key,
    judged.name,
    judged.township,
    judged.village,
    judged.row_id AS ev_application,
    judged.notice_rows AS ev_notice,
    judged.program_name AS fact_program,
    CONCAT_WS(
        '，',
        CASE WHEN judged.is_missing THEN '告知书台账上没有查到告知书' END,
        CASE
            WHEN judged.days > judged.day_limit
                THEN CONCAT('决定后', judged.days, '个工作日才送达告知书（期限', judged.day_limit, '个）')
        END,
        CASE WHEN judged.is_undelivered AND judged.is_in_reach THEN '告知书没有送达日期' END,
        CASE WHEN judged.is_unexplained THEN '告知书没有写明理由' END,
        CASE WHEN judged.is_remedy_untold THEN '没有告知救济途径' END
    ) AS fact_problem
FROM judged
WHERE
    (judged.is_in_reach AND (judged.is_missing OR judged.is_undelivered))
    OR judged.days > judged.day_limit
    OR judged.is_unexplained
    OR judged.is_remedy_untold
