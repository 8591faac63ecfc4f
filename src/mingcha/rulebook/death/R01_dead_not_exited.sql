/* ---
id: R01
title: 死亡未退出
version: 1
status: active
severity: red
clauses: [C38]
law: [夏民办〔2023〕14号四(三), 民发〔2022〕83号三(一)]
subject: person
identity: exact
needs: [funeral|death_cancel, aid_person]
uses: [child, dibao_household, dibao_member, disability_cert, disability_subsidy, low_income_household,
  low_income_member, officer, tekun_person]
reads: [aid_person, death]
params: {exit_months: PL-01}
finds: 死亡满{exit_months}个月，次日起仍在救助名册上的人员（低保边缘家庭成员除外）。
summary: "{name}于{death_date}死亡（{basis}），应于{exit_by}前退出，至{as_of}仍在{programs}名册上，请核实后办理退出。"
false_hits: [死亡登记时身份证号录错, 已停保但名册尚未更新, 火化或注销的是同名同号登记有误的人]
verify: [查死亡证明或火化证明, 入户见人, 核对停保审批日期和名册更新日期]
reading: 期限届满日当天仍算及时，不因节假日顺延。死亡名单上同一号码有两个姓名而名册未写姓名的，取较晚的死亡日期。
--- */
SELECT
    aid.person_key,
    ARRAY_AGG(DISTINCT aid.row_id) AS ev_aid,
    ARRAY_AGG(DISTINCT death.row_id) AS ev_death,
    MAX(death.death_date) AS fact_death_date,
    -- of two records of one day, always the same one
    MAX_BY(death.death_basis, CONCAT(CAST(death.death_date AS VARCHAR), death.death_basis)) AS fact_basis,
    ADD_MONTHS(MAX(death.death_date), $exit_months) AS fact_exit_by,
    CONCAT_WS(
        '、',
        MAX(CASE WHEN aid.program = 'DB' THEN '低保' END),
        MAX(CASE WHEN aid.program = 'TK' THEN '特困' END),
        MAX(CASE WHEN aid.program = 'ET' THEN '孤儿和事实无人抚养儿童' END),
        MAX(CASE WHEN aid.program = 'CJ' THEN '残疾人两项补贴' END)
    ) AS fact_programs
FROM aid_person AS aid
INNER JOIN death ON aid.person_key = death.person_key AND NAMES_AGREE(aid.name, death.name)
WHERE
    aid.is_active
    -- near-poor and rigid-spending households draw no monthly aid that would have to end
    AND aid.program IN ('DB', 'TK', 'ET', 'CJ')
    AND aid.id_is_valid
    AND death.id_is_valid
GROUP BY aid.person_key
-- the limit's last day is still in time
HAVING $as_of > ADD_MONTHS(MAX(death.death_date), $exit_months)
