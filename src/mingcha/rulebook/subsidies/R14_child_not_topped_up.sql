/* ---
id: R14
title: 儿童未补差
version: 1
status: active
severity: orange
clauses: [C35, C36]
law: [民发〔2019〕62号三(一)]
subject: person
identity: exact
needs: [child, dibao_member|dibao_household]
uses: [disability_cert, disability_subsidy, low_income_household, low_income_member, officer, tekun_person]
reads: [aid_person]
params:
  rate: ET-07.home
  rate_inst: {key: ET-07.inst, optional: true, part: 机构养育孤儿}
finds: 同时享受儿童基本生活补贴和低保、每月合计超过养育标准（{rate}元）的儿童。
summary: "{name}每月儿童基本生活补贴{child_amount}元，又在低保保障对象中（{dibao_note}），合计超过养育标准{child_rate}元，应按补差发放，请核实。"
false_hits: [低保金额已调整但名册未更新, 低保户内按人分摊的金额与实际不同]
verify: [查低保和儿童补贴的审批金额, 核对当月发放记录, 确认监护人选择的保障方式]
reading: 低保没有个人金额的，按户金额除以保障人数；算不出的，儿童补贴已达养育标准即为超过。
--- */
WITH dibao AS (
    SELECT
        db.person_key,
        db.name,
        MAX(COALESCE(db.amount, db.household_amount / NULLIF(db.household_size, 0))) AS share,
        ARRAY_AGG(db.row_id) AS row_ids
    FROM aid_person AS db
    WHERE db.program = 'DB' AND db.is_active AND db.id_is_valid
    GROUP BY db.person_key, db.name
),

child AS (
    SELECT
        aid.person_key,
        aid.name,
        CASE WHEN aid.category = 'orphan_inst' THEN $rate_inst ELSE $rate END AS child_rate,
        MAX(aid.amount) AS child_amount,
        ARRAY_AGG(aid.row_id) AS row_ids
    FROM aid_person AS aid
    WHERE aid.program = 'ET' AND aid.is_active AND aid.id_is_valid
    GROUP BY aid.person_key, aid.name, aid.category
)

SELECT
    child.person_key,
    child.row_ids AS ev_child,
    dibao.row_ids AS ev_dibao,
    child.child_amount AS fact_child_amount,
    CAST(child.child_rate AS DECIMAL(14, 2)) AS fact_child_rate,
    CASE
        WHEN dibao.share IS NULL THEN '低保个人金额不明'
        ELSE CONCAT('低保每月约', CAST(CAST(dibao.share AS DECIMAL(14, 2)) AS VARCHAR), '元')
    END AS fact_dibao_note,
    CAST(child.child_amount + dibao.share - child.child_rate AS DECIMAL(14, 2)) AS amount
FROM child
INNER JOIN dibao ON child.person_key = dibao.person_key AND NAMES_AGREE(child.name, dibao.name)
WHERE
    CASE
        WHEN dibao.share IS NULL THEN child.child_amount >= child.child_rate
        ELSE CAST(child.child_amount + dibao.share AS DECIMAL(14, 2)) > child.child_rate
    END
