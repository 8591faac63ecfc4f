/* ---
id: R61
title: 自理档次不符
version: 1
status: trial
severity: orange
clauses: [C35]
law: [民发〔2021〕43号第21条, 民发〔2021〕43号第22条, 夏民办〔2023〕14号四(二)]
subject: person
identity: exact
needs: [tekun_person]
uses: [care_assessment, child, dibao_household, dibao_member, disability_cert, disability_subsidy,
  low_income_household, low_income_member, officer]
reads: [tekun_row]
params: {half_from: TK-10.half_from, full_from: TK-10.full_from}
finds: 名册上的生活自理能力与评估结果（{half_from}项起为部分丧失，{full_from}项起为完全丧失）不一致，或者没有评估记录的在册特困人员。
summary: "{name}是特困人员，{reason}。请核对评估表，需要的重新评估并调整护理档次。"
false_hits: [名册录入时自理能力选错, 已重新评估而台账未更新, 评估表尚未录入]
verify: [看生活自理能力评估表, 入户核对六项指标, 更正名册或重新评估并调整护理费]
reading: >-
  不能完成的项数看评估台账和名册中较新的一次，台账没有写项数的数六项，都没有的看台账的评估结果；评估晚于名册月份的不比。
  名册的档次看生活自理能力，没有写的看护理等级；两栏都没有的只看有没有评估。项数超过六的视为填错，不比。
  没有评估只在名册有项数或评估时间栏时，或评估台账开始两个月以后纳入的人员才推断；同村同名而台账号码有误的视为已评估。
--- */
WITH leveled AS (
    SELECT
        t.person_key,
        t.name,
        t.township,
        t.village,
        t.row_id,
        t.assessment_row,
        t.row_month,
        t.care,
        t.failed,
        CASE
            WHEN t.failed >= $full_from THEN 'none'
            WHEN t.failed >= $half_from THEN 'partial'
            WHEN t.failed IS NOT NULL THEN 'full'
            ELSE t.assessed_care
        END AS level,
        NOT t.is_assessed
        -- an application takes some two months: the assessment of somebody taken in later lies within the ledger's time
        AND (t.tells_assessed OR COALESCE(t.start_date > ADD_MONTHS(t.ledger_from, 2), FALSE)) AS lacks -- literal: as said
    FROM tekun_row AS t
)

SELECT
    leveled.person_key,
    leveled.name,
    leveled.township,
    leveled.village,
    leveled.row_id AS ev_roll,
    leveled.assessment_row AS ev_assessment,
    CASE
        WHEN leveled.lacks THEN '没有查到生活自理能力评估记录'
        ELSE CONCAT(
            '名册写', CASE leveled.care WHEN 'full' THEN '全自理' WHEN 'partial' THEN '半自理' ELSE '不能自理' END,
            '，评估',
            CASE WHEN leveled.failed IS NOT NULL THEN CONCAT('有', leveled.failed, '项不能完成，应为') ELSE '结果是' END,
            CASE leveled.level WHEN 'full' THEN '全自理' WHEN 'partial' THEN '半自理' ELSE '不能自理' END
        )
    END AS fact_reason,
    leveled.row_month AS period
FROM leveled
WHERE leveled.lacks OR leveled.level <> leveled.care
