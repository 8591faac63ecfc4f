/* ---
id: R04
title: 死亡信息矛盾
version: 1
status: active
severity: yellow
clauses: [C38]
law: [夏民办〔2023〕14号四(三)]
subject: person
identity: exact
needs: [funeral|death_cancel]
uses: [child, dibao_household, dibao_member, disability_cert, disability_subsidy, low_income_household,
  low_income_member, officer, payment, tekun_person, third_party, visit_check]
reads: [roll, payment_near, death_row, visited]
params: {tolerance: R04-T}
finds: 在救助名册上或十二个月内有发放的人员，两个来源的死亡日期相差超过{tolerance}天，或在登记的死亡日期之后入户见到本人。
summary: "{name}的死亡信息前后矛盾：{reason}。登记的死亡日期最早为{earliest}，最晚为{latest}，请核实本人是否在世及准确的死亡日期。"
false_hits: [一方登记的是注销日期或火化日期, 入户表填写日期晚于实际入户日期, 死亡登记时身份证号录错]
verify: [查死亡证明原件, 入户见人, 请登记单位更正]
reading: >-
  只比对写到日的死亡日期，不拿火化、注销日期比；同一来源内部的重复记录不比。入户表须写明本人（或一人户的户主），注明已死亡、未见到人、人户分离的不算见到。
  只有一个来源的不报。
--- */
WITH dead AS (
    SELECT death_row.person_key
    FROM death_row
    WHERE death_row.id_is_valid
    GROUP BY death_row.person_key
),

aided AS (
    SELECT
        roll.person_key,
        roll.name,
        roll.row_id
    FROM roll
    INNER JOIN dead ON roll.person_key = dead.person_key
    WHERE
        roll.id_is_valid
        AND roll.is_insured
        AND roll.program IN ('DB', 'TK', 'ET', 'CJ')
        AND roll.is_current
    UNION ALL
    SELECT
        pay.person_key,
        pay.name,
        pay.row_id
    FROM payment_near AS pay
    INNER JOIN dead ON pay.person_key = dead.person_key
    WHERE
        pay.id_is_valid
        AND pay.is_paid
        AND pay.month <= $as_of_month
        AND pay.month > ADD_TO_MONTH($as_of_month, -12)  -- literal: reach of the comparison (rule notes), no policy value
),

subject AS (
    SELECT
        aided.person_key,
        MIN(aided.name) AS name,
        MIN(aided.row_id) AS row_id
    FROM aided
    GROUP BY aided.person_key
),

record AS (
    SELECT
        subject.person_key,
        subject.row_id AS aid_row_id,
        death_row.row_id,
        death_row.origin,
        death_row.death_date
    FROM subject
    INNER JOIN death_row ON subject.person_key = death_row.person_key AND NAMES_AGREE(subject.name, death_row.name)
    WHERE death_row.id_is_valid AND death_row.death_date IS NOT NULL AND death_row.is_exact_day
),

by_origin AS (
    SELECT
        record.person_key,
        record.origin,
        MIN(record.death_date) AS death_date
    FROM record
    GROUP BY record.person_key, record.origin
),

apart AS (
    SELECT
        by_origin.person_key,
        MIN(by_origin.death_date) AS earliest,
        MAX(by_origin.death_date) AS latest
    FROM by_origin
    GROUP BY by_origin.person_key
),

met AS (
    SELECT
        apart.person_key,
        ARRAY_AGG(DISTINCT visited.row_id) AS row_ids,
        MIN(visited.visit_on) AS met_on
    FROM apart
    INNER JOIN visited
        ON
            apart.person_key = COALESCE(visited.person_key, visited.head_key)
            AND apart.latest < visited.visit_on
    INNER JOIN subject ON apart.person_key = subject.person_key AND NAMES_AGREE(subject.name, visited.name)
    WHERE
        visited.tells_of_person
        AND visited.is_met
        AND COALESCE(visited.visit_on_precision, 'day') = 'day'
        AND CASE WHEN visited.person_key IS NULL THEN visited.head_is_valid ELSE visited.id_is_valid END
    GROUP BY apart.person_key
),

evidence AS (
    SELECT
        record.person_key,
        ARRAY_AGG(DISTINCT record.row_id) AS row_ids,
        MIN(record.aid_row_id) AS aid_row_id
    FROM record
    GROUP BY record.person_key
)

SELECT
    apart.person_key,
    evidence.row_ids AS ev_death,
    met.row_ids AS ev_visit,
    evidence.aid_row_id AS ev_aid,
    apart.earliest AS fact_earliest,
    apart.latest AS fact_latest,
    CONCAT_WS(
        '；',
        CASE
            WHEN DAYS_BETWEEN(apart.earliest, apart.latest) > $tolerance
                THEN CONCAT('两处登记相差', CAST(DAYS_BETWEEN(apart.earliest, apart.latest) AS VARCHAR), '天')
        END,
        CASE WHEN met.person_key IS NOT NULL THEN '登记死亡之后入户核查仍见到本人' END
    ) AS fact_reason
FROM apart
INNER JOIN evidence ON apart.person_key = evidence.person_key
LEFT JOIN met ON apart.person_key = met.person_key
WHERE DAYS_BETWEEN(apart.earliest, apart.latest) > $tolerance OR met.person_key IS NOT NULL
