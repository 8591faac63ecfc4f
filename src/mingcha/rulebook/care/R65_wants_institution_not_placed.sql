/* ---
id: R65
title: 需集中供养未入住
version: 1
status: trial
severity: blue
clauses: [C23]
law: [国务院令第649号第19条, 河南省特困人员救助供养办法第23条, 夏民办〔2023〕14号三(三)]
subject: person
identity: exact
needs: [tekun_person]
uses: [care_assessment, child, death_cancel, dibao_household, dibao_member, disability_cert, disability_subsidy,
  funeral, low_income_household, low_income_member, officer]
reads: [tekun_row, death]
params: {full_from: TK-10.full_from}
finds: 完全丧失生活自理能力（名册写明不能自理，或{full_from}项以上不能完成）、愿意集中供养而仍分散供养的在册特困人员。
summary: "{name}是分散供养特困人员，完全丧失生活自理能力，愿意集中供养，目前没有入住供养机构。请上门看一看，优先安排入住。"
false_hits: [已入住而名册未更新, 本人改变主意, 供养机构床位正在协调]
verify: [入户听取本人意愿, 查供养机构床位, 安排入住或落实照料服务并记录]
reading: >-
  意愿写明“是”的才算；名册写了供养机构的视为已入住，另一行是集中供养的也是。名册写不能自理或评估达到完全丧失，有一样即算。死亡的不列。
--- */
WITH placed AS (
    SELECT t.person_key
    FROM tekun_row AS t
    WHERE t.support_mode = 'central' OR TRIM(COALESCE(t.institution, '')) NOT IN ('', '无', '-', '—', '/', '否')
    GROUP BY t.person_key
)

SELECT
    t.person_key,
    t.name,
    t.township,
    t.village,
    t.row_id AS ev_roll,
    t.assessment_row AS ev_assessment
FROM tekun_row AS t
LEFT JOIN placed ON t.person_key = placed.person_key
LEFT JOIN death
    ON t.person_key = death.person_key
    AND death.death_date <= $as_of
    AND NAMES_AGREE(t.name, death.name)
WHERE
    t.support_mode = 'scattered'
    AND t.wants_central
    AND (t.care = 'none' OR t.failed >= $full_from OR (t.failed IS NULL AND t.assessed_care = 'none'))
    AND placed.person_key IS NULL
    AND death.person_key IS NULL
