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
uses: [child, dibao_household, dibao_member, disability_cert, disability_subsidy, hukou, institution,
  low_income_household, low_income_member, officer, tekun_person]
reads: [payment_account, roll, dibao_member_of, register_near, institution]
finds: 同一账号在同一个月发放给互不相干的两户以上。
summary: "同一账号{months}发放给{households}户互无家庭、户籍和监护关系的人员（{payees}），请核实账户归谁使用。"
false_hits: [亲属之间代领而名册和户籍未登记关系, 账号录错一位恰与他人相同, 监护人或照料人未登记]
verify: [向银行核实账户开户人和支取情况, 逐户入户核实, 应分别改发各户本人账户]
reading: >-
  一个账号一条，对象为各户申请人中按号码所载出生日期在前的一人。同住、同一低保家庭、两户有共同成员、同一户籍户、配偶父母子女、登记的监护人或照料人（含两人同一监护人）都算相干，
  经同一账号上其他领款人相连的也算。集中供养、机构养育人员和户名为机构的账户不比。没有号码的发放须按账号加姓名，或村内唯一姓名对上名册。
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
        p.shared_key AS account_key,
        p.person_key,
        p.name,
        p.month,
        p.amount
    FROM payment_account AS p
    LEFT JOIN home ON p.account_name = home.inst_name
    LEFT JOIN resident ON p.person_key = resident.person_key
    WHERE
        p.shared_key IS NOT NULL
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
    HAVING MIN(pay.person_key) <> MAX(pay.person_key)
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

registered AS (
    SELECT
        h.person_key,
        h.household_no,
        h.name,
        h.spouse_name,
        h.spouse_key,
        h.father_key,
        h.mother_key
    FROM register_near AS h
    INNER JOIN someone ON h.person_key = someone.person_key
),

-- what ties a person to others: two who share one of these are not strangers
listed_house AS (
    SELECT
        d.person_key,
        d.household_key,
        1 AS nearness
    FROM dibao_member_of AS d
    INNER JOIN someone ON d.person_key = someone.person_key
    WHERE d.household_key IS NOT NULL
    UNION ALL
    SELECT
        roll.person_key,
        roll.household_key,
        CASE WHEN roll.household_key = roll.person_key THEN 3 ELSE 2 END AS nearness  -- literal: order of preference
    FROM roll
    INNER JOIN someone ON roll.person_key = someone.person_key
    WHERE roll.household_key IS NOT NULL
),

house AS (
    SELECT
        listed_house.person_key,
        listed_house.household_key,
        MIN(listed_house.nearness) AS nearness
    FROM listed_house
    GROUP BY listed_house.person_key, listed_house.household_key
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
    FROM registered AS h
    WHERE h.household_no IS NOT NULL
    UNION
    SELECT
        h.person_key,
        CONCAT('p', CAST(h.spouse_key AS VARCHAR)) AS word
    FROM registered AS h
    WHERE h.spouse_key IS NOT NULL
    UNION
    SELECT
        h.person_key,
        CONCAT('p', CAST(h.father_key AS VARCHAR)) AS word
    FROM registered AS h
    WHERE h.father_key IS NOT NULL
    UNION
    SELECT
        h.person_key,
        CONCAT('p', CAST(h.mother_key AS VARCHAR)) AS word
    FROM registered AS h
    WHERE h.mother_key IS NOT NULL
    UNION
    -- married, by name alone: both register rows name each other's spouse
    SELECT
        h.person_key,
        CONCAT('s', LEAST(h.name, h.spouse_name), '/', GREATEST(h.name, h.spouse_name)) AS word
    FROM registered AS h
    WHERE h.name IS NOT NULL AND h.spouse_name IS NOT NULL
),

tie AS (
    SELECT
        payee.account_key,
        payee.month,
        payee.person_key,
        token.word
    FROM payee
    INNER JOIN token ON payee.person_key = token.person_key
),

-- Who hangs together on an account, without pairing its payees (there may be thousands): each takes the least number of
-- those he shares a word with, three times over, so that two are one group also through others between them.
word_one AS (
    SELECT
        tie.account_key,
        tie.month,
        tie.word,
        MIN(tie.person_key) AS least
    FROM tie
    GROUP BY tie.account_key, tie.month, tie.word
),

group_one AS (
    SELECT
        tie.account_key,
        tie.month,
        tie.person_key,
        MIN(word_one.least) AS least
    FROM tie
    INNER JOIN word_one
        ON tie.account_key = word_one.account_key AND tie.month = word_one.month AND tie.word = word_one.word
    GROUP BY tie.account_key, tie.month, tie.person_key
),

word_two AS (
    SELECT
        tie.account_key,
        tie.month,
        tie.word,
        MIN(group_one.least) AS least
    FROM tie
    INNER JOIN group_one
        ON
            tie.account_key = group_one.account_key
            AND tie.month = group_one.month
            AND tie.person_key = group_one.person_key
    GROUP BY tie.account_key, tie.month, tie.word
),

group_two AS (
    SELECT
        tie.account_key,
        tie.month,
        tie.person_key,
        MIN(word_two.least) AS least
    FROM tie
    INNER JOIN word_two
        ON tie.account_key = word_two.account_key AND tie.month = word_two.month AND tie.word = word_two.word
    GROUP BY tie.account_key, tie.month, tie.person_key
),

word_three AS (
    SELECT
        tie.account_key,
        tie.month,
        tie.word,
        MIN(group_two.least) AS least
    FROM tie
    INNER JOIN group_two
        ON
            tie.account_key = group_two.account_key
            AND tie.month = group_two.month
            AND tie.person_key = group_two.person_key
    GROUP BY tie.account_key, tie.month, tie.word
),

group_three AS (
    SELECT
        tie.account_key,
        tie.month,
        tie.person_key,
        MIN(word_three.least) AS least
    FROM tie
    INNER JOIN word_three
        ON tie.account_key = word_three.account_key AND tie.month = word_three.month AND tie.word = word_three.word
    GROUP BY tie.account_key, tie.month, tie.person_key
),

apart AS (
    SELECT
        group_three.account_key,
        group_three.month
    FROM group_three
    GROUP BY group_three.account_key, group_three.month
    HAVING COUNT(DISTINCT group_three.least) > 1
),

stranger AS (
    SELECT
        payee.account_key,
        payee.month,
        payee.person_key
    FROM payee
    INNER JOIN apart ON payee.account_key = apart.account_key AND payee.month = apart.month
),

born AS (
    SELECT
        roll.person_key,
        MIN(roll.birth_date) AS birth_date
    FROM roll
    WHERE roll.birth_date IS NOT NULL
    GROUP BY roll.person_key
),

-- the household a person belongs to: dibao before others, his own at last; keys are random, so they decide nothing else
applicant AS (
    SELECT
        house.person_key,
        MIN_BY(
            house.household_key,
            CONCAT(CAST(house.nearness AS VARCHAR), COALESCE(CAST(born.birth_date AS VARCHAR), '~'), '/', CAST(house.household_key AS VARCHAR))
        ) AS household_key
    FROM house
    LEFT JOIN born ON house.household_key = born.person_key
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
),

placed AS (
    SELECT
        hit.account_key,
        hit.household_key,
        hit.row_id,
        hit.month,
        hit.name,
        hit.amount,
        CONCAT(COALESCE(CAST(born.birth_date AS VARCHAR), '~'), '/', CAST(hit.household_key AS VARCHAR)) AS place
    FROM hit
    LEFT JOIN born ON hit.household_key = born.person_key
)

SELECT
    placed.account_key,
    MIN_BY(placed.household_key, placed.place) AS person_key,
    MIN_BY(placed.household_key, placed.place) AS household_key,
    ARRAY_AGG(DISTINCT placed.row_id) AS ev_payment,
    LIST_SORT(ARRAY_AGG(DISTINCT placed.month)) AS fact_months,
    COUNT(DISTINCT placed.household_key) AS fact_households,
    LIST_SORT(ARRAY_AGG(DISTINCT COALESCE(placed.name, '姓名未写'))) AS fact_payees,
    MIN(placed.month) AS period,
    CAST(SUM(placed.amount) AS DECIMAL(14, 2)) AS amount
FROM placed
GROUP BY placed.account_key
HAVING COUNT(DISTINCT placed.household_key) > 1
