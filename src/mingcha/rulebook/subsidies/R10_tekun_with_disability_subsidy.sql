/* ---
id: R10
title: 特困领两补
version: 1
status: active
severity: red
clauses: [C35, C36, C38]
law: [国发〔2015〕52号, 夏民办〔2023〕14号四(三)]
subject: person
identity: exact
needs: [tekun_person, disability_subsidy|payment]
uses: [child, death_cancel, dibao_household, dibao_member, disability_cert, funeral, low_income_household, low_income_member, officer]
reads: [aid_person, payment_near]
finds: 特困人员同时在残疾人两项补贴名册上，或在特困供养的月份领取了残疾人两项补贴。
summary: "{name}{as_of}在特困名册上，又享受残疾人两项补贴（{basis}），两者不能同时享受，请核实停发哪一项。"
false_hits: [两补已停发但名册未更新, 特困已退出但名册未更新, 补发的是纳入特困以前月份的补贴]
verify: [查两项补贴停发审批, 查特困纳入审批月份, 核对一卡通发放记录]
reading: 纳入特困时间不明的，只比对名册所属月份起的发放。
--- */
WITH tekun AS (
    SELECT
        aid.person_key,
        aid.name,
        ARRAY_AGG(aid.row_id) AS row_ids,
        MIN(COALESCE(MONTH_OF(aid.start_date), aid.month, $as_of_month)) AS since_month
    FROM aid_person AS aid
    WHERE aid.program = 'TK' AND aid.is_active AND aid.id_is_valid
    GROUP BY aid.person_key, aid.name
),

subsidy AS (
    SELECT
        tekun.person_key,
        cj.row_id,
        NULLIF(COALESCE(cj.amount, COALESCE(cj.living_amount, 0) + COALESCE(cj.care_amount, 0)), 0) AS monthly
    FROM tekun
    INNER JOIN aid_person AS cj
        ON tekun.person_key = cj.person_key AND NAMES_AGREE(tekun.name, cj.name)
    WHERE cj.program = 'CJ' AND cj.is_active AND cj.id_is_valid
    GROUP BY tekun.person_key, cj.row_id, cj.amount, cj.living_amount, cj.care_amount
),

on_roll AS (
    SELECT
        subsidy.person_key,
        ARRAY_AGG(subsidy.row_id) AS row_ids,
        SUM(subsidy.monthly) AS monthly
    FROM subsidy
    GROUP BY subsidy.person_key
),

payment AS (
    SELECT
        tekun.person_key,
        pay.row_id,
        pay.month,
        pay.amount
    FROM tekun
    INNER JOIN payment_near AS pay
        ON tekun.person_key = pay.person_key AND NAMES_AGREE(tekun.name, pay.name)
    WHERE
        pay.id_is_valid
        AND pay.is_paid
        AND pay.month <= $as_of_month
        -- the last month the payment is for is one of tekun
        AND CASE WHEN pay.months > 1 THEN ADD_TO_MONTH(pay.month, pay.months - 1) ELSE pay.month END >= tekun.since_month
        AND (
            pay.project IN ('CJSH', 'CJHL')
            -- both subsidies in one row carry no code of their own; other aids to the disabled do not count
            OR (
                COALESCE(pay.project, 'other') = 'other'
                AND (
                    pay.project_text LIKE '%两项补贴%'
                    OR pay.project_text LIKE '%两补%'
                    OR pay.project_text LIKE '%残疾人生活补贴%'
                    OR pay.project_text LIKE '%残疾人护理补贴%'
                )
            )
        )
    GROUP BY tekun.person_key, pay.row_id, pay.month, pay.amount
),

paid AS (
    SELECT
        payment.person_key,
        ARRAY_AGG(payment.row_id) AS row_ids,
        COUNT(*) AS payments,
        MIN(payment.month) AS first_month,
        SUM(payment.amount) AS total
    FROM payment
    GROUP BY payment.person_key
),

person_rows AS (
    SELECT
        tekun.person_key,
        FLATTEN(ARRAY_AGG(tekun.row_ids)) AS row_ids
    FROM tekun
    GROUP BY tekun.person_key
)

SELECT
    person_rows.person_key,
    person_rows.row_ids AS ev_tekun,
    on_roll.row_ids AS ev_subsidy,
    paid.row_ids AS ev_payment,
    CASE
        WHEN paid.person_key IS NULL THEN '在两补名册上'
        WHEN on_roll.person_key IS NULL THEN CONCAT('已发放', CAST(paid.payments AS VARCHAR), '笔')
        ELSE CONCAT('在两补名册上，已发放', CAST(paid.payments AS VARCHAR), '笔')
    END AS fact_basis,
    paid.first_month AS period,
    CAST(COALESCE(paid.total, on_roll.monthly) AS DECIMAL(14, 2)) AS amount
FROM person_rows
LEFT JOIN on_roll ON person_rows.person_key = on_roll.person_key
LEFT JOIN paid ON person_rows.person_key = paid.person_key
WHERE on_roll.person_key IS NOT NULL OR paid.person_key IS NOT NULL
