/* ---
id: R11
title: 工伤护理领两补
version: 1
status: trial
severity: red
clauses: [C36, C38]
law: [国发〔2015〕52号, 夏民办〔2023〕14号四(三)]
subject: person
identity: exact
needs: [pension, disability_subsidy]
uses: [child, dibao_household, dibao_member, disability_cert, low_income_household, low_income_member, officer,
  tekun_person]
reads: [aid_person, pension]
finds: 正在领取工伤生活护理费、同时仍在残疾人两项补贴名册上的人员。
summary: "{name}领取工伤生活护理费（{month}），同时仍在残疾人两项补贴名册上（每月{subsidy}元），两者不能同时享受，请核实后停发两项补贴。"
false_hits: [工伤待遇不是生活护理费, 工伤护理费已停发而名单未更新, 身份证号登记有误]
verify: [向人社部门核实工伤待遇项目和起止时间, 查两项补贴发放记录, 核实后停发并追回重复部分]
reading: >-
  险种为工伤、状态为享受待遇或待遇金额大于零的算；写了人员类别（待遇项目）的，要写明护理；没有写的也算。状态为终止、暂停、死亡的不算；
  一人只看最近一个月的一行，晚于比对月的不看；名单写明月份而最近一份名单上没有他的不算。两项补贴不论生活补贴还是护理补贴。
--- */
WITH injured AS (
    SELECT
        p.person_key,
        p.name,
        p.row_id,
        p.roll_month,
        p.ins_status,
        p.benefit_amount,
        p.category,
        COALESCE(p.benefit_month, p.roll_month) AS month,
        MAX(p.roll_month) OVER (PARTITION BY p.insurance_kind) AS newest_month,
        ROW_NUMBER() OVER (
            PARTITION BY p.person_key
            ORDER BY COALESCE(p.roll_month, p.benefit_month) DESC NULLS LAST, p.benefit_month DESC NULLS LAST, p.row_id DESC
        ) AS place
    FROM pension AS p
    WHERE
        p.insurance_kind = 'injury'
        AND COALESCE(p.roll_month, p.benefit_month, $as_of_month) <= $as_of_month
        AND (p.category IS NULL OR p.category LIKE '%护理%')
        AND p.id_is_valid
)

SELECT
    aid.person_key,
    ARRAY_AGG(DISTINCT aid.row_id) AS ev_subsidy,
    ARRAY_AGG(DISTINCT injured.row_id) AS ev_injury,
    COALESCE(MAX(injured.month), '月份未写') AS fact_month,
    SUM(aid.amount) AS fact_subsidy
FROM injured
INNER JOIN aid_person AS aid ON injured.person_key = aid.person_key AND NAMES_AGREE(injured.name, aid.name)
WHERE
    injured.place = 1
    AND (injured.roll_month IS NULL OR injured.roll_month = injured.newest_month)
    AND (
        injured.ins_status = 'benefit'
        OR (injured.benefit_amount > 0 AND COALESCE(injured.ins_status, 'paying') IN ('paying', 'benefit'))
    )
    AND aid.program = 'CJ'
    AND aid.is_active
    AND aid.id_is_valid
GROUP BY aid.person_key
