/* ---
id: R47
title: 平均补差低于市定
version: 1
status: active
severity: red
clauses: [C18]
law: [夏民办〔2023〕14号三(三)]
subject: township
identity: none
needs: [payment, dibao_household|dibao_member]
uses: [child, death_cancel, disability_cert, disability_subsidy, funeral, low_income_household, low_income_member,
  officer, tekun_person]
reads: [paid_month, due_month]
params:
  city_urban: {key: HN-SQ.supplement_urban, optional: true, part: 市定城市低保平均补差水平}
  city_rural: {key: HN-SQ.supplement_rural, optional: true, part: 市定农村低保平均补差水平}
  floor_urban: {key: HN.supplement_urban, optional: true, part: 省定城市低保平均补差水平}
  floor_rural: {key: HN.supplement_rural, optional: true, part: 省定农村低保平均补差水平}
finds: 乡镇当月低保实际发放的人均补差低于省、市定平均补差水平。
summary: "{township}{months}低保人均补差低于规定水平，其中{period}{area}人均{mean}元（{persons}人），应不低于{least}元。"
false_hits: [部分家庭由县级另行发放, 当月有成批扣减或补发, 名册保障人数与发放人数不同步]
verify: [核对当月发放总额和保障人数, 查分档补差标准, 按规定水平调整]
reading: >-
  人均补差为当月实际发放合计除以这些家庭的保障人数，只算当月发放到账的家庭；补发不计入。省、市水平都有的取高者，两者都没有的城乡类不比；
  城乡不明的家庭按农村（较低）比。按季发放按月平均。一个乡镇一条，列出月份。
--- */
WITH floors AS (
    SELECT
        'urban' AS area,
        CAST(GREATEST($city_urban, $floor_urban) AS DECIMAL(14, 2)) AS least
    UNION ALL
    SELECT
        'rural' AS area,
        CAST(GREATEST($city_rural, $floor_rural) AS DECIMAL(14, 2)) AS least
),

household AS (
    SELECT
        due.township,
        -- where it is not said, the rural level: the lower of the two
        COALESCE(due.area, 'rural') AS area,
        due.month,
        paid.paid_amount,
        paid.months,
        due.insured_count,
        due.row_id
    FROM paid_month AS paid
    INNER JOIN due_month AS due
        ON paid.item = due.item AND paid.person_key = due.person_key AND paid.month = due.month
    WHERE
        paid.item = 'DB'
        AND paid.paid_amount > 0
        AND paid.is_in_force
        AND due.insured_count > 0
        AND due.township IS NOT NULL
),

level AS (
    SELECT
        household.township,
        household.area,
        household.month,
        SUM(household.paid_amount / household.months) AS paid_amount,
        SUM(household.insured_count) AS persons,
        MIN(household.row_id) AS first_row,
        MAX(household.row_id) AS last_row
    FROM household
    GROUP BY household.township, household.area, household.month
),

hit AS (
    SELECT
        level.township,
        level.area,
        level.month,
        level.persons,
        level.first_row,
        level.last_row,
        ROUND(level.paid_amount / level.persons, 2) AS mean,  -- literal: cents
        floors.least,
        floors.least * level.persons - level.paid_amount AS gap,
        CONCAT(level.month, level.area) AS place
    FROM level
    INNER JOIN floors ON level.area = floors.area
    -- compared in cents, as it is printed
    WHERE ROUND(level.paid_amount / level.persons, 2) < floors.least  -- literal: cents
),

evidence AS (
    SELECT
        hit.township,
        hit.first_row AS row_id
    FROM hit
    UNION
    SELECT
        hit.township,
        hit.last_row AS row_id
    FROM hit
),

shown AS (
    SELECT
        evidence.township,
        ARRAY_AGG(DISTINCT evidence.row_id) AS row_ids
    FROM evidence
    GROUP BY evidence.township
)

SELECT
    hit.township,
    ANY_VALUE(shown.row_ids) AS ev_roll,
    LIST_SORT(ARRAY_AGG(DISTINCT hit.month)) AS fact_months,
    CASE MIN_BY(hit.area, hit.place) WHEN 'urban' THEN '城市' ELSE '农村' END AS fact_area,
    CAST(MIN_BY(hit.mean, hit.place) AS DECIMAL(14, 2)) AS fact_mean,
    MIN_BY(hit.least, hit.place) AS fact_least,
    MIN_BY(hit.persons, hit.place) AS fact_persons,
    MIN(hit.month) AS period,
    CAST(SUM(hit.gap) AS DECIMAL(14, 2)) AS amount
FROM hit
INNER JOIN shown ON hit.township = shown.township
GROUP BY hit.township
