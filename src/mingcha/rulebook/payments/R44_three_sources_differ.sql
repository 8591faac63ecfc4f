/* ---
id: R44
title: 三者不符
version: 1
status: active
severity: yellow
clauses: [C38]
law: [夏民办〔2023〕14号四(三)]
subject: person
identity: mixed
needs: [payment|visit_check, dibao_household|dibao_member|tekun_person|child|disability_subsidy]
uses: [death_cancel, disability_cert, funeral, low_income_household, low_income_member, officer]
reads: [due_month, paid_month, payment_due, roll, visit_check, death]
params: {home_county: home_county}
finds: 救助系统名册、计财发放、入户核实三者在人员、账号、金额、状态上不一致。
summary: "{name}的救助系统、计财发放和本人情况不一致：{fields}，请逐项核对更正。"
false_hits: [账户变更已审批而一方未更新, 一卡通换卡, 名册和发放表的截止日期不同]
verify: [核对名册、发放表、入户表原件, 入户核实本人和账户, 更正有误的一方]
reading: >-
  账号：名册和发放都写了账号，而发放账号不是名册上本户任何一个账号；一个乡镇同月多数对不上的，视为账号写法不同，不报。
  人员：当月该乡镇名册已提供，领款人、户主都不在名册上，账号也不是名册上的账号；补发的、死后的（R02）、特困人员领两补的（R10）不算。状态：名册写明上月以前已停保（没有停保日期的看状态）仍有当月发放。
  入户：该户最近一次入户表写与系统不一致，或入户当月名册的保障人数（所列人数和所写人数）与入户表不同。金额不符和未发放由 R42、R43 报，只在本条中列出。
--- */
WITH pay AS (
    SELECT
        p.row_id,
        CASE p.project WHEN 'TKHL' THEN 'TK' ELSE p.project END AS item,
        p.month,
        p.tied_person_key,
        p.head_key,
        p.account_key,
        p.one_card_key,
        p.township,
        CASE WHEN p.project = 'DB' THEN p.household_key ELSE p.tied_person_key END AS person_key
    FROM payment_due AS p
    WHERE
        p.is_paid
        AND NOT p.is_back_pay
        AND p.months = 1
        AND p.month <= $as_of_month
        AND p.id_is_valid
        AND p.project IN ('DB', 'TK', 'TKHL', 'ET', 'CJSH', 'CJHL')
),

-- each payment beside its subject's row on the roll of the month, if there is one; nearly all are on an account that this row
-- itself names
beside AS (
    SELECT
        pay.row_id,
        pay.item,
        pay.month,
        pay.person_key,
        pay.tied_person_key,
        pay.head_key,
        pay.account_key,
        pay.one_card_key,
        pay.township AS paid_township,
        due.township,
        due.row_id AS roll_row_id,
        due.is_in_force,
        due.end_date,
        COALESCE(pay.account_key = due.account_key, FALSE)
        OR COALESCE(pay.account_key = due.one_card_key, FALSE)
        OR COALESCE(pay.one_card_key = due.account_key, FALSE)
        OR COALESCE(pay.one_card_key = due.one_card_key, FALSE) AS is_same
    FROM pay
    LEFT JOIN due_month AS due
        ON pay.item = due.item AND pay.month = due.month AND pay.person_key = due.person_key AND due.id_is_valid
),

met AS (
    SELECT
        beside.row_id,
        beside.item,
        beside.month,
        beside.person_key,
        beside.tied_person_key,
        beside.account_key,
        beside.one_card_key,
        beside.township,
        beside.roll_row_id,
        beside.is_in_force,
        beside.end_date,
        beside.is_same
    FROM beside
    WHERE beside.roll_row_id IS NOT NULL
),

unlike_row AS (
    SELECT
        met.row_id,
        met.item,
        met.month,
        met.person_key,
        met.account_key,
        met.one_card_key,
        met.township,
        met.roll_row_id
    FROM met
    WHERE NOT met.is_same AND (met.account_key IS NOT NULL OR met.one_card_key IS NOT NULL)
),

-- every account the roll of a month knows of a subject
roll_account AS (
    SELECT
        'DB' AS item,
        roll.row_month AS month,
        roll.household_key AS person_key,
        roll.account_key AS account
    FROM roll
    WHERE roll.program = 'DB' AND roll.account_key IS NOT NULL
    UNION ALL
    SELECT
        'DB' AS item,
        roll.row_month AS month,
        roll.household_key AS person_key,
        roll.one_card_key AS account
    FROM roll
    WHERE roll.program = 'DB' AND roll.one_card_key IS NOT NULL
    UNION ALL
    SELECT
        due.item,
        due.month,
        due.person_key,
        due.account_key AS account
    FROM due_month AS due
    WHERE due.account_key IS NOT NULL
    UNION ALL
    SELECT
        due.item,
        due.month,
        due.person_key,
        due.one_card_key AS account
    FROM due_month AS due
    WHERE due.one_card_key IS NOT NULL
),

-- of a subject of whom the roll knows no account, nothing is said
judged AS (
    SELECT
        unlike_row.row_id,
        unlike_row.roll_row_id,
        BOOL_OR(
            COALESCE(roll_account.account = unlike_row.account_key, FALSE)
            OR COALESCE(roll_account.account = unlike_row.one_card_key, FALSE)
        ) AS is_known
    FROM unlike_row
    INNER JOIN roll_account
        ON
            unlike_row.item = roll_account.item
            AND unlike_row.month = roll_account.month
            AND unlike_row.person_key = roll_account.person_key
    GROUP BY unlike_row.row_id, unlike_row.roll_row_id
),

compared AS (
    SELECT
        met.row_id,
        met.item,
        met.month,
        met.person_key,
        met.township,
        met.roll_row_id,
        FALSE AS is_other
    FROM met
    WHERE met.is_same
    UNION ALL
    SELECT
        unlike_row.row_id,
        unlike_row.item,
        unlike_row.month,
        unlike_row.person_key,
        unlike_row.township,
        unlike_row.roll_row_id,
        NOT judged.is_known AS is_other
    FROM unlike_row
    INNER JOIN judged ON unlike_row.row_id = judged.row_id AND unlike_row.roll_row_id = judged.roll_row_id
),

-- accounts written differently by the two offices would make everybody a hit
unlike AS (
    SELECT
        compared.item,
        compared.month,
        compared.township
    FROM compared
    GROUP BY compared.item, compared.month, compared.township
    HAVING
        COUNT(*) >= 20  -- literal: enough rows to tell a habit from cases
        AND COUNT_IF(compared.is_other) > COUNT_IF(NOT compared.is_other)
),

by_account AS (
    SELECT
        compared.person_key,
        compared.month,
        'account' AS field,
        compared.row_id,
        compared.roll_row_id
    FROM compared
    LEFT JOIN unlike
        ON
            compared.item = unlike.item
            AND compared.month = unlike.month
            AND COALESCE(compared.township, '') = COALESCE(unlike.township, '')
    WHERE compared.is_other AND unlike.item IS NULL
),

-- payments after death are R02's, disability subsidies of tekun persons R10's: not said twice
dead AS (
    SELECT
        death.person_key,
        MONTH_OF(MIN(death.death_date)) AS last_month
    FROM death
    WHERE death.id_is_valid
    GROUP BY death.person_key
),

tekun AS (
    SELECT roll.person_key
    FROM roll
    WHERE roll.program = 'TK' AND roll.is_active AND roll.id_is_valid
    GROUP BY roll.person_key
),

by_status AS (
    SELECT
        met.person_key,
        met.month,
        'status' AS field,
        met.row_id,
        met.roll_row_id
    FROM met
    LEFT JOIN dead ON met.tied_person_key = dead.person_key AND met.month > dead.last_month
    WHERE
        NOT met.is_in_force
        -- who was stopped within the month may be paid for it
        AND (met.end_date IS NULL OR met.end_date <= CAST(met.month || '-01' AS DATE))
        AND dead.person_key IS NULL
),

delivered AS (
    SELECT
        due.item,
        due.month,
        due.township
    FROM due_month AS due
    WHERE due.township IS NOT NULL
    GROUP BY due.item, due.month, due.township
),

on_roll AS (
    SELECT
        roll.program,
        roll.row_month AS month,
        roll.person_key
    FROM roll
    WHERE roll.person_key IS NOT NULL
    UNION ALL
    SELECT
        roll.program,
        roll.row_month AS month,
        roll.household_key AS person_key
    FROM roll
    WHERE roll.program = 'DB' AND roll.household_key IS NOT NULL AND roll.household_key <> COALESCE(roll.person_key, 0)
    UNION ALL
    SELECT
        roll.program,
        roll.row_month AS month,
        roll.guardian_key AS person_key
    FROM roll
    WHERE roll.guardian_key IS NOT NULL
    UNION ALL
    SELECT
        roll.program,
        roll.row_month AS month,
        roll.carer_key AS person_key
    FROM roll
    WHERE roll.carer_key IS NOT NULL
),

-- whom the month's own roll names is no stranger; a household's payment may still have gone to somebody else. Grouped, so that
-- it is settled first: what is asked further is asked of the few who are left
unlisted AS (
    SELECT
        pay.row_id,
        pay.item,
        pay.month,
        pay.tied_person_key,
        pay.head_key,
        pay.account_key,
        pay.one_card_key,
        pay.paid_township AS township
    FROM beside AS pay
    LEFT JOIN on_roll AS payee
        ON
            CASE WHEN pay.item LIKE 'CJ%' THEN 'CJ' ELSE pay.item END = payee.program
            AND pay.month = payee.month
            AND pay.tied_person_key = payee.person_key
    WHERE (pay.item = 'DB' OR pay.roll_row_id IS NULL) AND payee.person_key IS NULL
    GROUP BY
        pay.row_id, pay.item, pay.month, pay.tied_person_key, pay.head_key, pay.account_key, pay.one_card_key, pay.paid_township
),

stranger AS (
    SELECT
        pay.row_id,
        pay.month,
        pay.tied_person_key,
        pay.account_key,
        pay.one_card_key
    FROM unlisted AS pay
    INNER JOIN delivered ON pay.item = delivered.item AND pay.month = delivered.month AND pay.township = delivered.township
    LEFT JOIN on_roll AS head
        ON
            CASE WHEN pay.item LIKE 'CJ%' THEN 'CJ' ELSE pay.item END = head.program
            AND pay.month = head.month
            AND pay.head_key = head.person_key
    LEFT JOIN dead ON pay.tied_person_key = dead.person_key AND pay.month > dead.last_month
    LEFT JOIN tekun ON pay.tied_person_key = tekun.person_key AND pay.item LIKE 'CJ%'
    WHERE
        head.person_key IS NULL
        AND dead.person_key IS NULL
        AND tekun.person_key IS NULL
),

strange_account AS (
    SELECT
        stranger.month,
        stranger.account_key AS account
    FROM stranger
    WHERE stranger.account_key IS NOT NULL
    UNION
    SELECT
        stranger.month,
        stranger.one_card_key AS account
    FROM stranger
    WHERE stranger.one_card_key IS NOT NULL
),

account_of_roll AS (
    SELECT
        roll_account.month,
        roll_account.account
    FROM roll_account
    INNER JOIN strange_account
        ON roll_account.month = strange_account.month AND roll_account.account = strange_account.account
    GROUP BY roll_account.month, roll_account.account
),

by_person AS (
    SELECT
        stranger.tied_person_key AS person_key,
        stranger.month,
        'person' AS field,
        stranger.row_id,
        CAST(NULL AS BIGINT) AS roll_row_id
    FROM stranger
    LEFT JOIN account_of_roll AS one ON stranger.month = one.month AND stranger.account_key = one.account
    LEFT JOIN account_of_roll AS two ON stranger.month = two.month AND stranger.one_card_key = two.account
    WHERE one.account IS NULL AND two.account IS NULL
),

visit AS (
    SELECT
        v.row_id,
        CASE WHEN v.head_is_valid THEN v.head_key ELSE v.person_key END AS person_key,
        CASE WHEN v.head_is_valid THEN v.head_name ELSE v.name END AS name,
        v.visit_on,
        v.visit_on_precision,
        v.consistent,
        v.insured_size,
        ROW_NUMBER() OVER (
            PARTITION BY CASE WHEN v.head_is_valid THEN v.head_key ELSE v.person_key END
            ORDER BY v.visit_on DESC NULLS LAST, v.row_id DESC
        ) AS place
    FROM visit_check AS v
    WHERE
        (v.head_is_valid OR v.id_is_valid)
        AND (v.visit_on IS NULL OR v.visit_on <= $as_of)
        AND (v.county_name IS NULL OR STARTS_WITH(v.county_name, $home_county) OR STARTS_WITH($home_county, v.county_name))
),

doubted AS (
    SELECT visit.person_key
    FROM visit
    WHERE visit.place = 1 AND NOT visit.consistent
    GROUP BY visit.person_key
),

aided AS (
    SELECT
        roll.person_key,
        roll.household_key,
        roll.program,
        MIN(roll.name) AS name,
        MIN(roll.row_id) AS row_id
    FROM roll
    INNER JOIN doubted ON roll.person_key = doubted.person_key
    WHERE roll.is_active AND roll.id_is_valid AND roll.program <> 'BY'
    GROUP BY roll.person_key, roll.household_key, roll.program
),

by_visit AS (
    SELECT
        visit.person_key,
        CAST(NULL AS VARCHAR) AS month,
        'visit' AS field,
        visit.row_id,
        MIN(aided.row_id) AS roll_row_id
    FROM visit
    INNER JOIN aided ON visit.person_key = aided.person_key AND NAMES_AGREE(visit.name, aided.name)
    WHERE visit.place = 1 AND NOT visit.consistent
    GROUP BY visit.person_key, visit.row_id
    UNION ALL
    SELECT
        visit.person_key,
        due.month,
        'size' AS field,
        visit.row_id,
        due.row_id AS roll_row_id
    FROM visit
    INNER JOIN due_month AS due
        ON visit.person_key = due.person_key AND due.item = 'DB' AND MONTH_OF(visit.visit_on) = due.month
    WHERE
        visit.place = 1
        AND visit.insured_size > 0
        AND visit.insured_size <> due.insured_count
        AND visit.insured_size <> COALESCE(due.stated_size, due.insured_count)
        AND due.is_in_force
        AND due.id_is_valid
        AND NAMES_AGREE(visit.name, due.name)
        AND COALESCE(visit.visit_on_precision, 'day') IN ('day', 'month')
),

hit AS (
    SELECT
        by_account.person_key,
        by_account.month,
        by_account.field,
        by_account.row_id,
        by_account.roll_row_id
    FROM by_account
    UNION ALL
    SELECT
        by_status.person_key,
        by_status.month,
        by_status.field,
        by_status.row_id,
        by_status.roll_row_id
    FROM by_status
    UNION ALL
    SELECT
        by_person.person_key,
        by_person.month,
        by_person.field,
        by_person.row_id,
        by_person.roll_row_id
    FROM by_person
    UNION ALL
    SELECT
        by_visit.person_key,
        by_visit.month,
        by_visit.field,
        by_visit.row_id,
        by_visit.roll_row_id
    FROM by_visit
),

money AS (
    SELECT paid.person_key
    FROM paid_month AS paid
    WHERE paid.is_different AND paid.is_in_force
    GROUP BY paid.person_key
)

SELECT
    hit.person_key,
    ARRAY_AGG(DISTINCT hit.roll_row_id) FILTER (WHERE hit.roll_row_id IS NOT NULL) AS ev_roll,
    ARRAY_AGG(DISTINCT hit.row_id) AS ev_source,
    CONCAT_WS(
        '、',
        MAX(CASE WHEN hit.field = 'person' THEN '人员（发放对象不在当月名册）' END),
        MAX(CASE WHEN hit.field = 'size' THEN '人员（入户保障人数与名册不同）' END),
        MAX(CASE WHEN hit.field = 'account' THEN '账号（发放账号与名册账号不同）' END),
        MAX(CASE WHEN money.person_key IS NOT NULL THEN '金额（另见金额与核定不符）' END),
        MAX(CASE WHEN hit.field = 'status' THEN '状态（名册已停保仍发放）' END),
        MAX(CASE WHEN hit.field = 'visit' THEN '入户核查写明与系统不一致' END)
    ) AS fact_fields,
    MIN(hit.month) AS period
FROM hit
LEFT JOIN money ON hit.person_key = money.person_key
WHERE hit.person_key IS NOT NULL
GROUP BY hit.person_key
