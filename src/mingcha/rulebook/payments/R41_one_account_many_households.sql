/* ---
id: R41
title: 多户同账户
version: 1
status: active
severity: red
clauses: [C07, C11]
law: [夏民办〔2023〕14号三(一), 财办〔2020〕37号]
subject: account
identity: mixed
needs: [payment]
reads: [payment_row, roll, dibao_member_of, hukou, institution]
finds: 同一账号在同一个月发放给互不相干的两户以上。
summary: "同一账号{months}发放给{households}户互无家庭、户籍和监护关系的人员（{payees}），请核实账户归谁使用。"
false_hits: [亲属之间代领而名册和户籍未登记关系, 账号录错一位恰与他人相同, 监护人或照料人未登记]
verify: [向银行核实账户开户人和支取情况, 逐户入户核实, 应分别改发各户本人账户]
reading: >-
  一个账号一条，对象为家庭编号在前的一户的申请人。同住、同一低保家庭、两户有共同成员、同一户籍户、配偶父母子女、登记的监护人或照料人（含两人同一监护人）都算相干，
  经第三人相连的也算。集中供养、机构养育人员和户名为机构的账户不比。没有号码的发放须按账号加姓名，或村内唯一姓名对上名册。
--- */
WITH home AS (
    SELECT i.inst_name
    FROM institution AS i
    WHERE i.inst_name IS NOT NULL
    GROUP BY i.inst_name
),

resident AS (
    SELECT roll.person_key
    FROM roll
    WHERE roll.support_mode = 'central' AND roll.person_key IS NOT NULL
    GROUP BY roll.person_key
),

pay AS (
    SELECT
        p.row_id,
        COALESCE(p.account_key, p.one_card_key) AS account_key,
        p.tied_person_key AS person_key,
        p.name,
        p.month,
        p.amount
    FROM payment_row AS p
    LEFT JOIN home ON p.account_name = home.inst_name
    LEFT JOIN resident ON p.tied_person_key = resident.person_key
    WHERE
        p.is_paid
        AND p.amount > 0
        AND p.month <= $as_of_month
        AND p.tied_person_key IS NOT NULL
        AND COALESCE(p.account_key, p.one_card_key) IS NOT NULL
        AND home.inst_name IS NULL
        AND resident.person_key IS NULL
        AND NOT COALESCE(
            LENGTH(p.account_name) > 4  -- literal: longer than a person's name
            AND (
                p.account_name LIKE '%院%' OR p.account_name LIKE '%中心%' OR p.account_name LIKE '%福利%'
                OR p.account_name LIKE '%公司%' OR p.account_name LIKE '%委员会%' OR p.account_name LIKE '%政府%'
                OR p.account_name LIKE '%财政%' OR p.account_name LIKE '%学校%'
            ),
            FALSE
        )
),

shared_month AS (
    SELECT
        pay.account_key,
        pay.month
    FROM pay
    GROUP BY pay.account_key, pay.month
    HAVING COUNT(DISTINCT pay.person_key) > 1
),

payee AS (
    SELECT
        pay.account_key,
        pay.month,
        pay.person_key,
        MIN(pay.name) AS name
    FROM pay
    INNER JOIN shared_month ON pay.account_key = shared_month.account_key AND pay.month = shared_month.month
    GROUP BY pay.account_key, pay.month, pay.person_key
),

someone AS (
    SELECT payee.person_key
    FROM payee
    GROUP BY payee.person_key
),

-- what ties a person to others: two who share one of these are not strangers
house AS (
    SELECT
        d.person_key,
        d.household_key
    FROM dibao_member_of AS d
    INNER JOIN someone ON d.person_key = someone.person_key
    WHERE d.household_key IS NOT NULL
    GROUP BY d.person_key, d.household_key
    UNION
    SELECT
        roll.person_key,
        roll.household_key
    FROM roll
    INNER JOIN someone ON roll.person_key = someone.person_key
    WHERE roll.household_key IS NOT NULL
),

token AS (
    SELECT
        someone.person_key,
        CONCAT('p', CAST(someone.person_key AS VARCHAR)) AS word
    FROM someone
    UNION
    SELECT
        house.person_key,
        CONCAT('p', CAST(house.household_key AS VARCHAR)) AS word
    FROM house
    UNION
    SELECT
        house.person_key,
        CONCAT('p', CAST(other.person_key AS VARCHAR)) AS word
    FROM house
    INNER JOIN dibao_member_of AS other ON house.household_key = other.household_key
    WHERE other.person_key IS NOT NULL
    UNION
    SELECT
        roll.person_key,
        CONCAT('p', CAST(roll.guardian_key AS VARCHAR)) AS word
    FROM roll
    INNER JOIN someone ON roll.person_key = someone.person_key
    WHERE roll.guardian_key IS NOT NULL
    UNION
    SELECT
        roll.person_key,
        CONCAT('p', CAST(roll.carer_key AS VARCHAR)) AS word
    FROM roll
    INNER JOIN someone ON roll.person_key = someone.person_key
    WHERE roll.carer_key IS NOT NULL
    UNION
    -- a guardian or carer known by name alone, within the township
    SELECT
        roll.person_key,
        CONCAT('n', COALESCE(roll.township, ''), '/', roll.guardian_name) AS word
    FROM roll
    INNER JOIN someone ON roll.person_key = someone.person_key
    WHERE roll.guardian_name IS NOT NULL
    UNION
    SELECT
        roll.person_key,
        CONCAT('n', COALESCE(roll.township, ''), '/', roll.carer_name) AS word
    FROM roll
    INNER JOIN someone ON roll.person_key = someone.person_key
    WHERE roll.carer_name IS NOT NULL
    UNION
    SELECT
        roll.person_key,
        CONCAT('n', COALESCE(roll.township, ''), '/', roll.name) AS word
    FROM roll
    INNER JOIN someone ON roll.person_key = someone.person_key
    WHERE roll.name IS NOT NULL
    UNION
    SELECT
        h.person_key,
        CONCAT('k', h.household_no) AS word
    FROM hukou AS h
    INNER JOIN someone ON h.person_key = someone.person_key
    WHERE h.household_no IS NOT NULL
    UNION
    SELECT
        h.person_key,
        CONCAT('p', CAST(h.spouse_key AS VARCHAR)) AS word
    FROM hukou AS h
    INNER JOIN someone ON h.person_key = someone.person_key
    WHERE h.spouse_key IS NOT NULL
    UNION
    SELECT
        h.person_key,
        CONCAT('p', CAST(h.father_key AS VARCHAR)) AS word
    FROM hukou AS h
    INNER JOIN someone ON h.person_key = someone.person_key
    WHERE h.father_key IS NOT NULL
    UNION
    SELECT
        h.person_key,
        CONCAT('p', CAST(h.mother_key AS VARCHAR)) AS word
    FROM hukou AS h
    INNER JOIN someone ON h.person_key = someone.person_key
    WHERE h.mother_key IS NOT NULL
    UNION
    -- married, by name alone: both register rows name each other's spouse
    SELECT
        h.person_key,
        CONCAT('s', LEAST(h.name, h.spouse_name), '/', GREATEST(h.name, h.spouse_name)) AS word
    FROM hukou AS h
    INNER JOIN someone ON h.person_key = someone.person_key
    WHERE h.name IS NOT NULL AND h.spouse_name IS NOT NULL
),

related AS (
    SELECT
        one.person_key,
        two.person_key AS other_key
    FROM token AS one
    INNER JOIN token AS two ON one.word = two.word
    GROUP BY one.person_key, two.person_key
),

near AS (
    SELECT
        a.account_key,
        a.month,
        a.person_key,
        b.person_key AS other_key
    FROM payee AS a
    INNER JOIN related ON a.person_key = related.person_key
    INNER JOIN payee AS b
        ON a.account_key = b.account_key AND a.month = b.month AND related.other_key = b.person_key
),

-- through one person between them
linked AS (
    SELECT
        near.account_key,
        near.month,
        near.person_key,
        further.other_key
    FROM near
    INNER JOIN near AS further
        ON
            near.account_key = further.account_key
            AND near.month = further.month
            AND near.other_key = further.person_key
    GROUP BY near.account_key, near.month, near.person_key, further.other_key
),

stranger AS (
    SELECT
        a.account_key,
        a.month,
        a.person_key
    FROM payee AS a
    INNER JOIN payee AS b
        ON a.account_key = b.account_key AND a.month = b.month AND a.person_key <> b.person_key
    LEFT JOIN linked
        ON
            a.account_key = linked.account_key
            AND a.month = linked.month
            AND a.person_key = linked.person_key
            AND b.person_key = linked.other_key
    WHERE linked.person_key IS NULL
    GROUP BY a.account_key, a.month, a.person_key
),

applicant AS (
    SELECT
        house.person_key,
        MIN(house.household_key) AS household_key
    FROM house
    GROUP BY house.person_key
),

hit AS (
    SELECT
        stranger.account_key,
        stranger.person_key,
        stranger.month,
        COALESCE(applicant.household_key, stranger.person_key) AS household_key,
        pay.row_id,
        pay.name,
        pay.amount
    FROM stranger
    INNER JOIN pay
        ON
            stranger.account_key = pay.account_key
            AND stranger.month = pay.month
            AND stranger.person_key = pay.person_key
    LEFT JOIN applicant ON stranger.person_key = applicant.person_key
)

SELECT
    hit.account_key,
    MIN(hit.household_key) AS person_key,
    MIN(hit.household_key) AS household_key,
    ARRAY_AGG(DISTINCT hit.row_id) AS ev_payment,
    LIST_SORT(ARRAY_AGG(DISTINCT hit.month)) AS fact_months,
    COUNT(DISTINCT hit.household_key) AS fact_households,
    LIST_SORT(ARRAY_AGG(DISTINCT COALESCE(hit.name, '姓名未写'))) AS fact_payees,
    MIN(hit.month) AS period,
    CAST(SUM(hit.amount) AS DECIMAL(14, 2)) AS amount
FROM hit
GROUP BY hit.account_key
HAVING COUNT(DISTINCT hit.household_key) > 1
