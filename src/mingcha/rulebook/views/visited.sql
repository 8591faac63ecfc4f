/* ---
id: visited
title: 入户核查结果
reads: [visit_check, third_party]
params: {home_county: home_county}
columns:
  source: visit_check 入户核查, or third_party 第三方评估
  visit_on: day of the visit; a month alone counts from its first day
  has_result: a conclusion or a finding is written
  eligible: code of eval_result (yes, no, doubt, gone)
  tells_of_person: the form is about one person (its own number, a tekun person's form, or the head of a household of one)
  is_met: nothing on the form says that nobody was met, or that the person is dead
--- */
-- Visits up to the comparison date (入户核查): one row a form or assessed sample.
SELECT
    v.row_id,
    'visit_check' AS source,
    v.person_key,
    COALESCE(v.id_is_valid, FALSE) AS id_is_valid,
    v.head_key,
    COALESCE(v.head_is_valid, FALSE) AS head_is_valid,
    COALESCE(v.name, v.head_name) AS name,
    v.head_name,
    v.township,
    v.village,
    v.program,
    v.visit_on,
    v.visit_on_precision,
    (
        v.eligible IS NOT NULL OR COALESCE(v.eligible_text, '') <> '' OR v.consistent IS NOT NULL
        OR COALESCE(v.problem, '') <> ''
    ) AS has_result,
    v.eligible,
    (
        v.person_key IS NOT NULL
        OR COALESCE(COALESCE(v.family_size, v.insured_size) = 1, v.program = 'TK', FALSE)
    ) AS tells_of_person,
    (
        COALESCE(v.eligible, '') <> 'gone'
        AND NOT (
            CONCAT_WS('', v.problem, v.eligible_text, v.remark) LIKE '%死%'
            OR CONCAT_WS('', v.problem, v.eligible_text, v.remark) LIKE '%亡%'
            OR CONCAT_WS('', v.problem, v.eligible_text, v.remark) LIKE '%病故%'
            OR CONCAT_WS('', v.problem, v.eligible_text, v.remark) LIKE '%世%'
            OR CONCAT_WS('', v.problem, v.eligible_text, v.remark) LIKE '%不在家%'
            OR CONCAT_WS('', v.problem, v.eligible_text, v.remark) LIKE '%未见%'
        )
    ) AS is_met
FROM visit_check AS v
WHERE
    (v.county_name IS NULL OR STARTS_WITH(v.county_name, $home_county) OR STARTS_WITH($home_county, v.county_name))
    AND (v.visit_on IS NULL OR v.visit_on <= $as_of)
UNION ALL
SELECT
    t.row_id,
    'third_party' AS source,
    t.person_key,
    COALESCE(t.id_is_valid, FALSE) AS id_is_valid,
    t.head_key,
    COALESCE(t.head_is_valid, FALSE) AS head_is_valid,
    COALESCE(t.name, t.head_name) AS name,
    t.head_name,
    t.township,
    t.village,
    t.program,
    t.surveyed_on AS visit_on,
    t.surveyed_on_precision AS visit_on_precision,
    (t.result IS NOT NULL OR COALESCE(t.result_text, '') <> '' OR COALESCE(t.reason, '') <> '') AS has_result,
    t.result AS eligible,
    (t.person_key IS NOT NULL OR COALESCE(t.program = 'TK', FALSE)) AS tells_of_person,
    (
        COALESCE(t.result, '') <> 'gone'
        AND NOT (
            CONCAT_WS('', t.reason, t.result_text, t.remark) LIKE '%死%'
            OR CONCAT_WS('', t.reason, t.result_text, t.remark) LIKE '%亡%'
            OR CONCAT_WS('', t.reason, t.result_text, t.remark) LIKE '%病故%'
            OR CONCAT_WS('', t.reason, t.result_text, t.remark) LIKE '%世%'
            OR CONCAT_WS('', t.reason, t.result_text, t.remark) LIKE '%不在家%'
            OR CONCAT_WS('', t.reason, t.result_text, t.remark) LIKE '%未见%'
        )
    ) AS is_met
FROM third_party AS t
WHERE
    (t.county_name IS NULL OR STARTS_WITH(t.county_name, $home_county) OR STARTS_WITH($home_county, t.county_name))
    AND (t.surveyed_on IS NULL OR t.surveyed_on <= $as_of)
