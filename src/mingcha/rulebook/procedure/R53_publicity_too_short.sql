/* ---
id: R53
title: 公示不足
version: 1
status: trial
severity: orange
clauses: [C41]
law: [民发〔2021〕57号第19条, 民发〔2021〕43号第13条, 民发〔2021〕43号第15条, 民发〔2022〕83号四(二), 夏民办〔2023〕14号四(五)]
subject: person
identity: mixed
needs: [application]
uses: [disclosure]
reads: [application_row, disclosure]
params:
  dibao_days: DB-14
  tekun_days: TK-07.notice_days
finds: 已予以确认而没有初审公示、公示少于{dibao_days}天（特困少于{tekun_days}天），或者公示有异议而没有重新调查的低保、特困申请。
summary: "{name}的{program}申请已予以确认，{problem}。请核实公示情况，需要的补办。"
false_hits: [公示日期录错, 已张贴公示而台账未登记, 有异议已重新调查而台账未登记]
verify: [看公示照片和村（居）委会证明, 查异议处理记录, 补办公示]
reading: >-
  天数按自然日，首尾两天都算，恰好够天数的不列；没有结束日期的算到确认之日，只写到月的按最长的可能计算。
  公示表上同村同名、类别相同或未写的初审公示（或未写公示类型的）视为已公示，其天数够的也不列。表上谁都没有填公示日期的，不推断未公示。
  有异议的，登记了复核、公示以后再调查或再提出意见、再次公示，有一即可；复核栏平时都是空的，整栏空白也视为没有复核。
  困境儿童依规定不公示，低保边缘和临时救助不在此列；只看写明予以确认的。
--- */
WITH asked AS (
    SELECT
        a.row_id,
        a.person_key,
        a.name,
        a.township,
        a.village,
        a.program,
        a.program_name,
        a.publish_from,
        a.publish_from IS NULL AND a.publish_to IS NULL AND a.tells_publish AS is_none,
        DAYS_BETWEEN(a.publish_from, COALESCE(a.publish_to_last, a.decided_last)) + 1 AS days,
        CASE WHEN a.program = 'TK' THEN $tekun_days ELSE $dibao_days END AS day_limit,
        a.objection
        AND a.recheck_on IS NULL
        AND a.recheck_result IS NULL
        AND NOT COALESCE(a.survey_on > a.publish_from, FALSE)
        AND NOT COALESCE(a.township_opinion_on > a.publish_from, FALSE) AS is_not_rerun
    FROM application_row AS a
    WHERE a.program IN ('DB', 'TK') AND a.decision = 'approve' AND a.person_key IS NOT NULL
),

suspect AS (
    SELECT
        asked.row_id,
        asked.person_key,
        asked.name,
        asked.township,
        asked.village,
        asked.program,
        asked.program_name,
        asked.publish_from,
        asked.is_none,
        asked.days,
        asked.day_limit,
        COALESCE(asked.days < asked.day_limit, FALSE) AS is_short,
        COALESCE(asked.is_not_rerun, FALSE) AS is_not_rerun
    FROM asked
    WHERE asked.is_none OR asked.days < asked.day_limit OR asked.is_not_rerun
),

-- what hangs on the wall counts, whether or not the ledger has it
listed AS (
    SELECT
        suspect.row_id,
        ARRAY_AGG(DISTINCT wall.row_id) AS wall_rows,
        BOOL_OR(
            COALESCE(wall.to_on_precision, '') <> 'day'
            OR COALESCE(DAYS_BETWEEN(wall.from_on, wall.to_on) + 1 >= suspect.day_limit, TRUE)
        ) AS is_enough,
        BOOL_OR(COALESCE(wall.from_on > suspect.publish_from, FALSE)) AS is_again
    FROM suspect
    INNER JOIN disclosure AS wall ON suspect.name = wall.head_name
    WHERE
        COALESCE(suspect.village, '') = COALESCE(wall.village, suspect.village, '')
        AND COALESCE(suspect.township, '') = COALESCE(wall.township, suspect.township, '')
        AND COALESCE(wall.kind, 'first') = 'first'
        AND COALESCE(wall.program, suspect.program) = suspect.program
        AND COALESCE(wall.from_on, $as_of) <= $as_of
    GROUP BY suspect.row_id
),

judged AS (
    SELECT
        suspect.row_id,
        suspect.person_key,
        suspect.name,
        suspect.township,
        suspect.village,
        suspect.program_name,
        suspect.days,
        suspect.day_limit,
        listed.wall_rows,
        suspect.is_none AND listed.row_id IS NULL AS is_none,
        suspect.is_short AND NOT COALESCE(listed.is_enough, FALSE) AS is_short,
        suspect.is_not_rerun AND NOT COALESCE(listed.is_again, FALSE) AS is_not_rerun
    FROM suspect
    LEFT JOIN listed ON suspect.row_id = listed.row_id
)

SELECT
    judged.person_key,
    judged.name,
    judged.township,
    judged.village,
    judged.row_id AS ev_application,
    judged.wall_rows AS ev_disclosure,
    judged.program_name AS fact_program,
    CONCAT_WS(
        '，',
        CASE WHEN judged.is_none THEN '台账没有登记初审公示，也没有查到公示表' END,
        CASE
            WHEN judged.is_short
                THEN CONCAT('登记的初审公示', GREATEST(judged.days, 0), '天，少于', judged.day_limit, '天')
        END,
        CASE WHEN judged.is_not_rerun THEN '公示有异议，没有登记重新调查和再次公示' END
    ) AS fact_problem
FROM judged
WHERE judged.is_none OR judged.is_short OR judged.is_not_rerun
