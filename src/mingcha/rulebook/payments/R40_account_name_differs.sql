/* ---
id: R40
title: 账户户名不符
version: 1
status: active
severity: orange
clauses: [C07, C11]
law: [夏民办〔2023〕14号三(一), 财办〔2020〕37号]
subject: person
identity: mixed
needs: [payment]
uses: [care_agreement, child, dibao_household, dibao_member, disability_cert, disability_subsidy, hukou,
  institution, low_income_household, low_income_member, officer, tekun_person]
reads: [payment_account, roll, dibao_member_of, register_near, disability_cert, care_agreement, institution]
finds: 发放账户的户名不是本人、户主、家庭成员、监护人、委托照料人，也不是集中供养机构。
summary: "{name}的救助资金发到户名为{account_names}的账户，名册和户籍上查不到其为家庭成员、监护人或照料人，请核实账户归谁使用。"
false_hits: [户名为未在任何名册登记的亲属, 户名录入有错字或为曾用名, 监护人变更尚未登记]
verify: [向银行核实账户开户人, 入户核实卡折由谁保管使用, 应改发本人账户的办理变更]
reading: >-
  户名为空不报；银行遮盖的字（*、?）不作为不符。家庭成员取各名册和户籍同户人员、户籍所写配偶和父母；监护人、照料人取儿童名册、残疾证名册、特困名册、照料协议。
  集中供养（机构养育）人员，户名为机构台账上的机构、本人所在机构，或带院、中心、所、站、福利字样的不报。
--- */
WITH pay AS (
    SELECT
        p.person_key,
        p.account_name,
        REPLACE(REPLACE(REPLACE(REPLACE(p.account_name, '*', '_'), '＊', '_'), '?', '_'), '？', '_') AS pattern,
        MIN(p.name) AS name,
        MIN(p.head_name) AS head_name,
        ARRAY_AGG(DISTINCT p.row_id) AS row_ids,
        MIN(p.month) AS month,
        SUM(p.amount) AS amount
    FROM payment_account AS p
    WHERE p.is_other_name
    GROUP BY p.person_key, p.account_name
),

payee AS (
    SELECT pay.person_key
    FROM pay
    GROUP BY pay.person_key
),

-- whose names may stand on the account
own AS (
    SELECT
        roll.person_key,
        roll.household_key,
        roll.name,
        roll.head_name,
        roll.guardian_name,
        roll.carer_name,
        roll.institution,
        roll.support_mode,
        roll.guardian_key,
        roll.carer_key
    FROM roll
    INNER JOIN payee ON roll.person_key = payee.person_key
    GROUP BY
        roll.person_key, roll.household_key, roll.name, roll.head_name, roll.guardian_name, roll.carer_name,
        roll.institution, roll.support_mode, roll.guardian_key, roll.carer_key
),

household AS (
    SELECT
        d.person_key,
        d.household_key
    FROM dibao_member_of AS d
    INNER JOIN payee ON d.person_key = payee.person_key
    GROUP BY d.person_key, d.household_key
    UNION
    SELECT
        own.person_key,
        own.household_key
    FROM own
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
    INNER JOIN payee ON h.person_key = payee.person_key
    WHERE h.id_is_valid
),

-- numbers of guardians, carers, parents and spouses: their names stand in the register or on a roll
relative AS (
    SELECT
        own.person_key,
        own.guardian_key AS relative_key
    FROM own
    UNION
    SELECT
        own.person_key,
        own.carer_key AS relative_key
    FROM own
    UNION
    SELECT
        registered.person_key,
        registered.spouse_key AS relative_key
    FROM registered
    UNION
    SELECT
        registered.person_key,
        registered.father_key AS relative_key
    FROM registered
    UNION
    SELECT
        registered.person_key,
        registered.mother_key AS relative_key
    FROM registered
),

child AS (
    SELECT
        payee.person_key,
        h.name
    FROM register_near AS h
    INNER JOIN payee ON h.father_key = payee.person_key
    UNION
    SELECT
        payee.person_key,
        h.name
    FROM register_near AS h
    INNER JOIN payee ON h.mother_key = payee.person_key
    UNION
    SELECT
        payee.person_key,
        h.name
    FROM register_near AS h
    INNER JOIN payee ON h.spouse_key = payee.person_key
),

allowed AS (
    SELECT
        own.person_key,
        own.name
    FROM own
    UNION
    SELECT
        own.person_key,
        own.head_name AS name
    FROM own
    UNION
    SELECT
        own.person_key,
        own.guardian_name AS name
    FROM own
    UNION
    SELECT
        own.person_key,
        own.carer_name AS name
    FROM own
    UNION
    SELECT
        own.person_key,
        own.institution AS name
    FROM own
    WHERE own.support_mode = 'central'
    UNION
    SELECT
        household.person_key,
        other.name
    FROM household
    INNER JOIN dibao_member_of AS other ON household.household_key = other.household_key
    UNION
    SELECT
        household.person_key,
        other.name
    FROM household
    INNER JOIN roll AS other ON household.household_key = other.household_key
    UNION
    SELECT
        registered.person_key,
        registered.name
    FROM registered
    UNION
    SELECT
        registered.person_key,
        registered.spouse_name AS name
    FROM registered
    UNION
    SELECT
        registered.person_key,
        other.name
    FROM registered
    INNER JOIN register_near AS other ON registered.household_no = other.household_no
    UNION
    SELECT
        relative.person_key,
        other.name
    FROM relative
    INNER JOIN register_near AS other ON relative.relative_key = other.person_key
    UNION
    SELECT
        relative.person_key,
        other.name
    FROM relative
    INNER JOIN roll AS other ON relative.relative_key = other.person_key
    UNION
    SELECT
        child.person_key,
        child.name
    FROM child
    UNION
    SELECT
        c.person_key,
        c.guardian_name AS name
    FROM disability_cert AS c
    INNER JOIN payee ON c.person_key = payee.person_key
    UNION
    SELECT
        a.person_key,
        a.carer_name AS name
    FROM care_agreement AS a
    INNER JOIN payee ON a.person_key = payee.person_key
),

-- a resident's money may go to a home for the aged or for children
resident AS (
    SELECT own.person_key
    FROM own
    WHERE own.support_mode = 'central'
    GROUP BY own.person_key
),

home AS (
    SELECT i.inst_name
    FROM institution AS i
    WHERE i.inst_name IS NOT NULL
    GROUP BY i.inst_name
),

explained AS (
    SELECT
        pay.person_key,
        pay.account_name
    FROM pay
    INNER JOIN allowed ON pay.person_key = allowed.person_key
    WHERE allowed.name LIKE pay.pattern
    UNION
    SELECT
        pay.person_key,
        pay.account_name
    FROM pay
    INNER JOIN resident ON pay.person_key = resident.person_key
    LEFT JOIN home ON pay.account_name = home.inst_name
    WHERE
        home.inst_name IS NOT NULL
        OR (
            LENGTH(pay.account_name) > 4  -- literal: longer than a person's name
            AND (
                pay.account_name LIKE '%院%' OR pay.account_name LIKE '%中心%' OR pay.account_name LIKE '%所%'
                OR pay.account_name LIKE '%站%' OR pay.account_name LIKE '%福利%'
            )
        )
)

SELECT
    pay.person_key,
    FLATTEN(ARRAY_AGG(pay.row_ids)) AS ev_payment,
    LIST_SORT(ARRAY_AGG(DISTINCT pay.account_name)) AS fact_account_names,
    MIN(pay.month) AS period,
    CAST(SUM(pay.amount) AS DECIMAL(14, 2)) AS amount
FROM pay
LEFT JOIN explained ON pay.person_key = explained.person_key AND pay.account_name = explained.account_name
WHERE
    explained.person_key IS NULL
    AND NOT COALESCE(pay.name LIKE pay.pattern, FALSE)
    AND NOT COALESCE(pay.head_name LIKE pay.pattern, FALSE)
GROUP BY pay.person_key
HAVING SUM(pay.amount) > 0
