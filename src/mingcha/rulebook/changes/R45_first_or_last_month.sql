/* ---
id: R45
title: 起停月份错误
version: 1
status: trial
severity: orange
clauses: [C29]
law: [民发〔2021〕57号第21、32条, 民发〔2021〕43号第18、25条, 夏民办〔2023〕14号三(三)]
subject: person
identity: exact
needs: [payment, dibao_household|tekun_person]
uses: [application, child, death_cancel, dibao_member, disability_cert, disability_subsidy, funeral,
  low_income_household, low_income_member, notice, officer]
reads: [due_month, payment_due, roll_change, notice_row, dibao_unit, aid_person, dibao_household, tekun_person, application, death]
params: {home_county: home_county}
finds: 新纳入的低保家庭、特困人员不是从确认的次月起发放，或者停发月份以后仍有正常发放。
summary: "{name}：{what}，请核实发放起止月份。"
false_hits: [确认日期填错, 补发没有注明, 停发后又恢复而名册未更新]
verify: [查审核确认表或停发审批的日期, 核对发放记录, 多发的按规定追回、少发的补发]
reading: >-
  确认日看申请台账的确认日期，没有的看名册批准时间；批准时间是某月1日的，从当月或次月起发都算对。只看确认月份在名册、发放表报送范围之内的；
  确认以前的名册已在册的是重新核定，不算。迟发的，次月已过、该乡镇次月已有发放、本人以后月份才有正常发放，又没有补发，才算。
  停发月份看告知书的执行月份（没有的看决定月份），没有告知书的看名册：停发日期所在的月份，或名册最后在册的月份；停发当月的发放不算。
  注明补发的、退汇的不算；停发后重新批准的、本人已死亡的不算（死后发放看 R02）。低保按户，对象为申请人；按季发放整季在限期以外才算。
--- */
WITH span AS (
    SELECT MIN(due.month) AS first_month
    FROM due_month AS due
    WHERE due.item IN ('DB', 'TK')
),

decision AS (
    SELECT
        a.program,
        CASE WHEN a.program = 'DB' AND a.head_is_valid THEN a.head_key ELSE a.person_key END AS person_key,
        MAX(a.decided_on) AS decided_on,
        MAX_BY(a.row_id, CONCAT(CAST(a.decided_on AS VARCHAR), CAST(a.row_id AS VARCHAR))) AS row_id
    FROM application AS a
    WHERE
        a.decision = 'approve'
        AND a.program IN ('DB', 'TK')
        AND a.decided_on <= $as_of
        AND COALESCE(a.decided_on_precision, 'day') = 'day'
        AND CASE WHEN a.program = 'DB' AND a.head_is_valid THEN TRUE ELSE a.id_is_valid END
        AND (a.county_name IS NULL OR STARTS_WITH(a.county_name, $home_county) OR STARTS_WITH($home_county, a.county_name))
    GROUP BY a.program, CASE WHEN a.program = 'DB' AND a.head_is_valid THEN a.head_key ELSE a.person_key END
),

listed AS (
    SELECT
        'DB' AS program,
        unit.household_key AS person_key,
        unit.head_name AS name,
        unit.township,
        unit.village,
        unit.row_id,
        CASE WHEN COALESCE(house.start_date_precision, 'day') = 'day' THEN house.start_date END AS start_date
    FROM dibao_unit AS unit
    INNER JOIN dibao_household AS house ON unit.row_id = house.row_id
    WHERE unit.is_active AND unit.head_is_valid
    UNION ALL
    SELECT
        'TK' AS program,
        aid.person_key,
        aid.name,
        aid.township,
        aid.village,
        aid.row_id,
        CASE WHEN COALESCE(tekun.start_date_precision, 'day') = 'day' THEN tekun.start_date END AS start_date
    FROM aid_person AS aid
    INNER JOIN tekun_person AS tekun ON aid.row_id = tekun.row_id
    WHERE aid.program = 'TK' AND aid.is_active AND aid.id_is_valid
),

-- whoever was confirmed within the time of the rolls at hand: few
entrant AS (
    SELECT
        listed.program,
        listed.person_key,
        listed.name,
        listed.township,
        listed.village,
        listed.row_id,
        decision.row_id AS case_row,
        COALESCE(decision.decided_on, listed.start_date) AS decided_on,
        -- a start written as the first of a month may be the first month of aid itself
        CASE
            WHEN decision.decided_on IS NULL AND DAY(listed.start_date) = 1 THEN MONTH_OF(listed.start_date)
            ELSE ADD_TO_MONTH(MONTH_OF(COALESCE(decision.decided_on, listed.start_date)), 1)
        END AS earliest,
        ADD_TO_MONTH(MONTH_OF(COALESCE(decision.decided_on, listed.start_date)), 1) AS latest
    FROM listed
    CROSS JOIN span
    LEFT JOIN decision ON listed.program = decision.program AND listed.person_key = decision.person_key
    WHERE MONTH_OF(COALESCE(decision.decided_on, listed.start_date)) >= span.first_month
),

-- on a roll before: confirmed anew
known AS (
    SELECT
        entrant.program,
        entrant.person_key
    FROM entrant
    INNER JOIN due_month AS due ON entrant.program = due.item AND entrant.person_key = due.person_key
    WHERE due.is_in_force AND due.month < MONTH_OF(entrant.decided_on)
    GROUP BY entrant.program, entrant.person_key
),

told AS (
    SELECT
        COALESCE(notice.program, 'DB') AS program,
        notice.person_key,
        MIN(notice.name) AS name,
        MIN(notice.township) AS township,
        MIN(notice.village) AS village,
        MAX(notice.row_id) AS row_id,
        MAX(COALESCE(notice.effective, MONTH_OF(notice.said_on))) AS month
    FROM notice_row AS notice
    WHERE
        notice.kind = 'stop'
        AND COALESCE(notice.program, 'DB') IN ('DB', 'TK')
        -- a member's share may stop while the household goes on
        AND COALESCE(notice.head_key, notice.person_key) = notice.person_key
    GROUP BY COALESCE(notice.program, 'DB'), notice.person_key
),

stopped AS (
    SELECT
        change.program,
        change.person_key,
        MAX(change.name) AS name,
        MAX(change.township) AS township,
        MAX(change.village) AS village,
        MAX(COALESCE(change.row_after, change.row_before)) AS row_id,
        MAX(ADD_TO_MONTH(change.month, -1)) AS month
    FROM roll_change AS change
    WHERE change.kind <> 'cut' AND change.id_is_valid
    GROUP BY change.program, change.person_key
),

stop AS (
    SELECT
        told.program,
        told.person_key,
        told.name,
        told.township,
        told.village,
        stopped.row_id,
        told.row_id AS notice_id,
        told.month
    FROM told
    LEFT JOIN stopped ON told.program = stopped.program AND told.person_key = stopped.person_key
    UNION ALL
    SELECT
        stopped.program,
        stopped.person_key,
        stopped.name,
        stopped.township,
        stopped.village,
        stopped.row_id,
        CAST(NULL AS BIGINT) AS notice_id,
        stopped.month
    FROM stopped
    LEFT JOIN told ON stopped.program = told.program AND stopped.person_key = told.person_key
    WHERE told.person_key IS NULL
),

asked AS (
    SELECT
        'start' AS side,
        entrant.program,
        entrant.person_key,
        entrant.name,
        entrant.township,
        entrant.village,
        entrant.row_id,
        entrant.case_row,
        CAST(NULL AS BIGINT) AS notice_id,
        entrant.earliest,
        entrant.latest
    FROM entrant
    LEFT JOIN known ON entrant.program = known.program AND entrant.person_key = known.person_key
    WHERE known.person_key IS NULL
    UNION ALL
    SELECT
        'stop' AS side,
        stop.program,
        stop.person_key,
        stop.name,
        stop.township,
        stop.village,
        stop.row_id,
        CAST(NULL AS BIGINT) AS case_row,
        stop.notice_id,
        CAST(NULL AS VARCHAR) AS earliest,
        stop.month AS latest
    FROM stop
    LEFT JOIN death ON stop.person_key = death.person_key AND death.id_is_valid AND death.death_date <= $as_of
    LEFT JOIN listed AS again
        ON
            stop.program = again.program
            AND stop.person_key = again.person_key
            AND MONTH_OF(again.start_date) >= stop.month
    WHERE death.person_key IS NULL AND again.person_key IS NULL
    GROUP BY
        stop.program, stop.person_key, stop.name, stop.township, stop.village, stop.row_id, stop.notice_id, stop.month
),

-- every payment of those asked about
paid AS (
    SELECT
        asked.side,
        asked.program,
        asked.person_key,
        pay.row_id,
        pay.month,
        pay.last_month,
        pay.amount,
        pay.is_back_pay,
        CASE asked.side WHEN 'start' THEN pay.last_month < asked.earliest ELSE pay.month > asked.latest END
        AND NOT pay.is_back_pay AS is_wrong
    FROM asked
    INNER JOIN payment_due AS pay
        ON
            asked.person_key = CASE pay.project WHEN 'DB' THEN COALESCE(pay.household_key, pay.tied_person_key) ELSE pay.tied_person_key END
            AND asked.program = pay.project
    WHERE
        pay.is_paid
        AND pay.id_is_valid
        AND pay.month <= $as_of_month
        AND COALESCE(pay.pay_date <= $as_of, TRUE)
),

-- months paid in a township: what was not delivered tells of no late start
sent AS (
    SELECT
        pay.project,
        pay.township,
        pay.month,
        pay.last_month
    FROM payment_due AS pay
    WHERE pay.project IN ('DB', 'TK')
    GROUP BY pay.project, pay.township, pay.month, pay.last_month
),

sum_up AS (
    SELECT
        asked.side,
        asked.program,
        asked.person_key,
        asked.name,
        asked.township,
        asked.village,
        asked.row_id,
        asked.case_row,
        asked.notice_id,
        asked.earliest,
        asked.latest,
        ARRAY_AGG(DISTINCT paid.row_id) FILTER (WHERE paid.is_wrong) AS wrong_rows,
        MIN(CASE WHEN paid.is_wrong THEN paid.month END) AS wrong_month,
        SUM(CASE WHEN paid.is_wrong THEN paid.amount END) AS wrong_amount,
        MIN(CASE WHEN NOT paid.is_back_pay THEN paid.month END) AS first_month,
        MIN_BY(paid.row_id, paid.month) AS first_row,
        BOOL_OR(paid.is_back_pay) AS has_back_pay
    FROM asked
    INNER JOIN paid
        ON
            asked.side = paid.side
            AND asked.program = paid.program
            AND asked.person_key = paid.person_key
    GROUP BY
        asked.side, asked.program, asked.person_key, asked.name, asked.township, asked.village, asked.row_id,
        asked.case_row, asked.notice_id, asked.earliest, asked.latest
),

lead AS (
    SELECT
        s.person_key,
        s.name,
        s.township,
        s.village,
        s.row_id,
        s.case_row,
        s.notice_id,
        s.wrong_rows AS pay_rows,
        s.wrong_month AS month,
        s.wrong_amount AS amount,
        CONCAT(
            CASE s.program WHEN 'DB' THEN '低保' ELSE '特困供养' END,
            CASE s.side
                WHEN 'start' THEN CONCAT('应从', s.earliest, '起发放，', s.wrong_month, '已有发放')
                ELSE CONCAT('应在', s.latest, '停发，', s.wrong_month, '仍有发放')
            END
        ) AS what
    FROM sum_up AS s
    WHERE s.wrong_month IS NOT NULL
    UNION ALL
    SELECT
        s.person_key,
        s.name,
        s.township,
        s.village,
        s.row_id,
        s.case_row,
        s.notice_id,
        ARRAY_AGG(s.first_row) AS pay_rows,
        s.latest AS month,
        CAST(NULL AS DECIMAL(14, 2)) AS amount,
        CONCAT(
            CASE s.program WHEN 'DB' THEN '低保' ELSE '特困供养' END, '应从', s.latest, '起发放，', s.first_month, '才有发放'
        ) AS what
    FROM sum_up AS s
    INNER JOIN sent
        ON
            s.program = sent.project
            AND s.township = sent.township
            AND sent.month <= s.latest
            AND sent.last_month >= s.latest
    WHERE
        s.side = 'start'
        AND s.wrong_month IS NULL
        AND s.first_month > s.latest
        AND NOT s.has_back_pay
        AND $as_of > MONTH_END(s.latest)
    GROUP BY
        s.person_key, s.name, s.township, s.village, s.row_id, s.case_row, s.notice_id, s.latest, s.program, s.first_month
)

SELECT
    lead.person_key,
    MIN(lead.name) AS name,
    MIN(lead.township) AS township,
    MIN(lead.village) AS village,
    ARRAY_AGG(DISTINCT lead.row_id) FILTER (WHERE lead.row_id IS NOT NULL) AS ev_roll,
    ARRAY_AGG(DISTINCT lead.case_row) FILTER (WHERE lead.case_row IS NOT NULL) AS ev_case,
    ARRAY_AGG(DISTINCT lead.notice_id) FILTER (WHERE lead.notice_id IS NOT NULL) AS ev_notice,
    FLATTEN(ARRAY_AGG(lead.pay_rows)) AS ev_payment,
    ARRAY_SORT(ARRAY_AGG(DISTINCT lead.what)) AS fact_what,
    MIN(lead.month) AS period,
    CAST(SUM(lead.amount) AS DECIMAL(14, 2)) AS amount
FROM lead
GROUP BY lead.person_key
