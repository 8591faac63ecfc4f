/* ---
id: R49
title: 配套不足
version: 1
status: trial
severity: orange
clauses: [C29]
law: [夏民办〔2023〕14号三(三), 社会救助暂行办法第5条]
subject: township
identity: none
needs: [fund_ledger]
uses: [child, death_cancel, dibao_household, dibao_member, disability_cert, disability_subsidy, funeral,
  low_income_household, low_income_member, officer, tekun_person]
reads: [fund_ledger, due_month]
params: {home_county: home_county}
finds: 资金台账上，某月到位和配套的资金加上月结余少于该月名册核定应发数，或该月已过而没有支出、支出明显少于应发数的救助项目。
summary: "{township}{reason}。请核实资金到位和拨付情况，及时补足。"
false_hits: [资金按季或按年一次下达, 其他来源的资金没有登入台账, 应发数含已停发而名册未更新的人员]
verify: [查资金下达文件和拨付凭证, 核对当月应发花名册, 不足的及时申请补足]
reading: >-
  台账写有乡镇的按乡镇，没有的按全县；按项目、城乡、月份合计各来源，各表完全相同的行算一次；按季登记的与三个月合计比。应发数取当月名册上整月在册、起始在当月以前、未死亡的核定金额，特困只计基本生活标准；
  没有该月名册的不比。当月没有写到位、配套的不论到位；整张表没有写过支出的不论支出。差额不超过100元（以万元为单位记账的尾差）不报；
  支出不足应发的九成才算支出不足，个别没有发到的由R42列出。当月未过的不比。
--- */
WITH said AS (
    SELECT
        f.row_id,
        COALESCE(f.township, '') AS township,
        f.project AS item,
        CASE
            WHEN f.project_text LIKE '%农村%' THEN 'rural'
            WHEN f.project_text LIKE '%城市%' OR f.project_text LIKE '%城镇%' THEN 'urban'
            ELSE ''
        END AS area,
        f.period AS month,
        ADD_TO_MONTH(f.period, COALESCE(f.period_months, 1) - 1) AS last_month,
        CONCAT_WS('|', f.source, f.source_text, f.doc_no, CAST(f.arrive_on AS VARCHAR), CAST(f.paid_on AS VARCHAR)) AS movement,
        f.arrived,
        f.matched,
        f.paid,
        f.balance,
        BOOL_OR(f.paid IS NOT NULL) OVER (PARTITION BY f.row_id >> 38) AS tells_paid -- literal: the sheet's place in row_id
    FROM fund_ledger AS f
    WHERE
        f.period IS NOT NULL
        AND (f.county_name IS NULL OR STARTS_WITH(f.county_name, $home_county) OR STARTS_WITH($home_county, f.county_name))
),

-- a ledger handed in again repeats its rows
once AS (
    SELECT
        said.township,
        said.item,
        said.area,
        said.month,
        said.last_month,
        said.movement,
        said.arrived,
        said.matched,
        said.paid,
        said.balance,
        MIN(said.row_id) AS row_id,
        BOOL_OR(said.tells_paid) AS tells_paid
    FROM said
    WHERE $as_of > MONTH_END(said.last_month)
    GROUP BY
        said.township, said.item, said.area, said.month, said.last_month, said.movement, said.arrived, said.matched, said.paid,
        said.balance
),

state AS (
    SELECT
        once.township,
        once.item,
        once.area,
        once.month,
        once.last_month,
        ARRAY_AGG(DISTINCT once.row_id) AS row_ids,
        SUM(once.arrived) AS arrived,
        SUM(once.matched) AS matched,
        SUM(once.paid) AS paid,
        MAX(once.balance) AS balance,
        BOOL_OR(once.tells_paid) AS tells_paid
    FROM once
    GROUP BY once.township, once.item, once.area, once.month, once.last_month
),

wanted AS (
    SELECT
        state.item,
        MIN(state.month) AS first_month,
        MAX(state.last_month) AS last_month
    FROM state
    GROUP BY state.item
),

due AS (
    SELECT
        d.item,
        COALESCE(d.area, '') AS area,
        COALESCE(d.township, '') AS township,
        d.month,
        SUM(CASE WHEN d.item = 'TK' THEN COALESCE(d.living_amount, d.approved_amount) ELSE d.approved_amount END) AS amount
    FROM due_month AS d
    INNER JOIN wanted ON d.item = wanted.item AND d.month >= wanted.first_month AND d.month <= wanted.last_month
    WHERE d.is_due
    GROUP BY d.item, COALESCE(d.area, ''), COALESCE(d.township, ''), d.month
),

need AS (
    SELECT
        state.township,
        state.item,
        state.area,
        state.month,
        state.last_month,
        SUM(due.amount) AS amount
    FROM state
    INNER JOIN due
        ON
            state.item = due.item
            AND due.month >= state.month
            AND due.month <= state.last_month
            AND (state.area = '' OR state.area = due.area)
            AND (state.township = '' OR state.township = due.township)
    GROUP BY state.township, state.item, state.area, state.month, state.last_month
),

held AS (
    SELECT
        state.township,
        state.month,
        state.row_ids,
        CONCAT(
            CASE state.area WHEN 'rural' THEN '农村' WHEN 'urban' THEN '城市' ELSE '' END,
            CASE state.item
                WHEN 'DB' THEN '低保'
                WHEN 'TK' THEN '特困供养'
                WHEN 'ET' THEN '儿童基本生活费'
                WHEN 'CJSH' THEN '残疾人生活补贴'
                ELSE '残疾人护理补贴'
            END,
            state.month
        ) AS what,
        need.amount AS need,
        CASE
            WHEN state.arrived IS NOT NULL OR state.matched IS NOT NULL
                THEN COALESCE(state.arrived, 0) + COALESCE(state.matched, 0) + COALESCE(before.balance, 0)
        END AS available,
        CASE WHEN state.tells_paid THEN COALESCE(state.paid, 0) END AS paid
    FROM state
    INNER JOIN need
        ON
            state.township = need.township
            AND state.item = need.item
            AND state.area = need.area
            AND state.month = need.month
            AND state.last_month = need.last_month
    LEFT JOIN state AS before
        ON
            state.township = before.township
            AND state.item = before.item
            AND state.area = before.area
            AND ADD_TO_MONTH(state.month, -1) = before.last_month
),

judged AS (
    SELECT
        held.township,
        held.month,
        held.row_ids,
        held.what,
        held.need,
        held.available,
        held.paid,
        COALESCE(held.need - held.available > 100, FALSE) AS is_short, -- literal: yuan that a sum in 万元 with two places may be out
        -- literal: a tenth; single persons who were not reached are R42's
        COALESCE(held.paid * 10 < held.need * 9, FALSE) AS is_unpaid -- literal: nine tenths
    FROM held
)

SELECT
    COALESCE(NULLIF(judged.township, ''), '全县') AS township,
    FLATTEN(ARRAY_AGG(judged.row_ids)) AS ev_fund,
    ARRAY_TO_STRING(
        LIST_SORT(
            ARRAY_AGG(
                DISTINCT
                CONCAT(
                    judged.what, '应发', CAST(CAST(judged.need AS DECIMAL(14, 2)) AS VARCHAR), '元，',
                    CONCAT_WS(
                        '，',
                        CASE WHEN judged.is_short THEN CONCAT('到位、配套和上月结余共', CAST(CAST(judged.available AS DECIMAL(14, 2)) AS VARCHAR), '元') END,
                        CASE
                            WHEN judged.is_unpaid AND judged.paid = 0 THEN '没有支出'
                            WHEN judged.is_unpaid THEN CONCAT('只支出', CAST(CAST(judged.paid AS DECIMAL(14, 2)) AS VARCHAR), '元')
                        END
                    )
                )
            )
        ),
        '；'
    ) AS fact_reason,
    MIN(judged.month) AS period,
    CAST(
        SUM(
            GREATEST(
                CASE WHEN judged.is_short THEN judged.need - judged.available ELSE 0 END,
                CASE WHEN judged.is_unpaid THEN judged.need - judged.paid ELSE 0 END
            )
        ) AS DECIMAL(14, 2)
    ) AS amount
FROM judged
WHERE judged.is_short OR judged.is_unpaid
GROUP BY COALESCE(NULLIF(judged.township, ''), '全县')
