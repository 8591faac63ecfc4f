/* ---
id: R72
title: 乡镇超额审批或拆分
version: 1
status: trial
severity: red
clauses: [C25]
law: [国务院令第649号第48条, 民发〔2018〕23号, 夏民办〔2023〕14号三(三)]
subject: person
identity: exact
needs: [temp_assistance]
reads: [relief_row]
params: {cap: LS-06, months: R72-M}
finds: 乡镇审批的临时救助一次超过{cap}元，或者{months}个月内对同一户同一事由多次审批、合计超过{cap}元。
summary: "{name}{how}，超过乡镇审批额度{cap}元。请核实审批层级和事由，超出额度的应由县级确认。"
false_hits: [实际由县级审批而台账误填乡镇, 两次救助事由不同, 额度已经调整]
verify: [查审批表上的审批单位, 核对每次救助的事由和时间, 需要的补办县级确认手续]
reading: >-
  只看写明乡镇审批的；正好等于额度的不算。同一户看户主（没有写户主的看申请人）的身份证号，同一事由看救助原因，写“其他”或原因不在
  代码表上的看原文字，没有写的不合并。从最近一次往前数月，相隔不满这些月的合并；一次已经超过额度的单独列，不再合并。
--- */
WITH approved AS (
    SELECT
        r.row_id,
        r.person_key,
        r.name,
        r.township,
        r.village,
        r.household_key,
        r.reason,
        r.approve_on,
        r.month,
        r.amount
    FROM relief_row AS r
    WHERE r.approve_level = 'township' AND r.id_is_valid AND r.amount > 0
),

split AS (
    SELECT
        newest.household_key,
        newest.person_key,
        newest.name,
        newest.township,
        newest.village,
        newest.row_id AS newest_row,
        newest.month,
        ARRAY_AGG(earlier.row_id) AS row_ids,
        COUNT(earlier.row_id) AS cases,
        SUM(earlier.amount) AS total,
        ROW_NUMBER() OVER (
            PARTITION BY newest.household_key, newest.reason ORDER BY SUM(earlier.amount) DESC, newest.row_id DESC
        ) AS place
    FROM approved AS newest
    INNER JOIN approved AS earlier
        ON newest.household_key = earlier.household_key AND newest.reason = earlier.reason
    WHERE
        newest.amount <= $cap
        AND earlier.amount <= $cap
        AND earlier.approve_on <= newest.approve_on
        AND earlier.approve_on > ADD_MONTHS(newest.approve_on, CAST(-$months AS INTEGER))
    GROUP BY
        newest.household_key, newest.person_key, newest.name, newest.township, newest.village, newest.row_id, newest.reason,
        newest.month
    HAVING SUM(earlier.amount) > $cap
)

SELECT
    approved.person_key,
    approved.name,
    approved.township,
    approved.village,
    ARRAY_AGG(approved.row_id) AS ev_relief,
    CONCAT('由乡镇一次审批临时救助', CAST(MAX(approved.amount) AS VARCHAR), '元') AS fact_how,
    MIN(approved.month) AS period,
    CAST(SUM(approved.amount - $cap) AS DECIMAL(14, 2)) AS amount
FROM approved
WHERE approved.amount > $cap
GROUP BY approved.person_key, approved.name, approved.township, approved.village
UNION ALL
SELECT
    split.person_key,
    split.name,
    split.township,
    split.village,
    split.row_ids AS ev_relief,
    CONCAT(
        '由乡镇分', CAST(split.cases AS VARCHAR), '次审批同一事由的临时救助，合计', CAST(CAST(split.total AS DECIMAL(14, 2)) AS VARCHAR), '元'
    ) AS fact_how,
    split.month AS period,
    CAST(split.total - $cap AS DECIMAL(14, 2)) AS amount
FROM split
WHERE split.place = 1
