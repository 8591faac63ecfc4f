/* ---
id: R62
title: 护理金档次不符
version: 1
status: trial
severity: orange
clauses: [C35]
law: [河南省特困人员救助供养办法第26条, 夏民办〔2023〕14号四(二)]
subject: person
identity: exact
needs: [tekun_person]
uses: [care_assessment, child, death_cancel, dibao_household, dibao_member, disability_cert, disability_subsidy,
  funeral, low_income_household, low_income_member, officer, payment]
reads: [tekun_row, payment_due]
params:
  full_rate: TK-21.full
  half_rate: TK-21.half
  self_rate: {key: TK-21.self, optional: true, part: 全自理人员的照料护理费}
finds: 照料护理费与生活自理能力档次的标准（不能自理{full_rate}元、半自理{half_rate}元、全自理{self_rate}元）不一致的在册特困人员。
summary: "{name}是特困人员，名册写{care}，照料护理费每月{paid}元，标准是{due}元。请核对档次和金额，多发、少发的按规定处理。"
false_hits: [档次刚刚调整次月执行, 护理费直接拨付供养机构, 部分护理以服务或实物提供]
verify: [核对评估结果和护理档次, 查发放表实际金额, 少发的补发、多发的说明原因并调整]
reading: >-
  档次看名册的生活自理能力，没有写的看护理等级，都没有的不比；金额看名册，名册没有写的看最近一个月单独发放的照料护理费（补发、退回的不算）。
  相差一分的不算；评估就在当月或以后的，次月才调整，不比。集中供养而为零的，视为拨付机构，不比。
--- */
WITH leveled AS (
    SELECT
        t.person_key,
        t.name,
        t.township,
        t.village,
        t.row_id,
        t.row_month,
        t.assessed_on,
        t.support_mode,
        t.care_amount,
        CASE t.care WHEN 'full' THEN '全自理' WHEN 'partial' THEN '半自理' ELSE '不能自理' END AS care,
        CAST(
            CASE t.care WHEN 'full' THEN $self_rate WHEN 'partial' THEN $half_rate WHEN 'none' THEN $full_rate END
            AS DECIMAL(14, 2)
        ) AS due
    FROM tekun_row AS t
),

-- of payments, those of care money to persons whose roll does not name it
paid AS (
    SELECT
        p.tied_person_key,
        p.month,
        MAX(p.months) AS months,
        ARRAY_AGG(p.row_id) AS pay_rows,
        CAST(SUM(p.amount) AS DECIMAL(14, 2)) AS amount,
        ROW_NUMBER() OVER (PARTITION BY p.tied_person_key ORDER BY p.month DESC) AS place
    FROM payment_due AS p
    INNER JOIN leveled ON p.tied_person_key = leveled.person_key
    WHERE
        p.project = 'TKHL'
        AND p.is_paid
        AND NOT p.is_back_pay
        AND p.month <= $as_of_month
        AND COALESCE(p.pay_date <= $as_of, TRUE)
        AND leveled.care_amount IS NULL
    GROUP BY p.tied_person_key, p.month
),

compared AS (
    SELECT
        leveled.person_key,
        leveled.name,
        leveled.township,
        leveled.village,
        leveled.row_id,
        paid.pay_rows,
        leveled.care,
        leveled.due,
        leveled.support_mode,
        leveled.assessed_on,
        COALESCE(paid.month, leveled.row_month) AS month,
        COALESCE(paid.months, 1) AS months,
        COALESCE(leveled.care_amount, paid.amount) AS amount
    FROM leveled
    LEFT JOIN paid ON leveled.person_key = paid.tied_person_key AND paid.place = 1
)

SELECT
    compared.person_key,
    compared.name,
    compared.township,
    compared.village,
    compared.row_id AS ev_roll,
    compared.pay_rows AS ev_payment,
    compared.care AS fact_care,
    CAST(compared.amount / compared.months AS DECIMAL(14, 2)) AS fact_paid,
    compared.due AS fact_due,
    compared.month AS period,
    CAST(ABS(compared.amount - compared.due * compared.months) AS DECIMAL(14, 2)) AS amount
FROM compared
WHERE
    ABS(compared.amount - compared.due * compared.months) > 0.01 -- literal: one cent
    AND NOT (compared.amount = 0 AND COALESCE(compared.support_mode = 'central', FALSE))
    AND COALESCE(MONTH_OF(compared.assessed_on) < compared.month, TRUE)
