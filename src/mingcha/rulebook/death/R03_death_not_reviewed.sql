/* ---
id: R03
title: 死亡后未复核
version: 1
status: trial
severity: orange
clauses: [C38]
law: [民发〔2022〕83号三(一), 民发〔2021〕57号第30条, 夏民办〔2023〕14号四(三)]
subject: household
identity: exact
needs: [funeral|death_cancel, dibao_household|dibao_member, visit_check|third_party|notice]
uses: [card_custody, care_agreement, child, disability_cert, disability_subsidy, fiscal_staff, hukou, kin_filing,
  low_income_household, low_income_member, officer, payment, pension, poverty_monitor, severe_illness, tekun_person]
reads: [death, aid_person, dibao_member_of, dibao_unit, visit_reach, notice_row, dibao_household]
params: {review_months: DB-30}
finds: 有成员死亡、还有其他保障对象的在册低保家庭，死亡后{review_months}个月内没有查到入户复核、名册复核时间、调整告知，保障金额和人数也没有变。
summary: "{name}家庭有成员于{death_date}死亡，应于{review_by}前复核家庭并完成增发、减发或停发，没有查到复核记录。请核实家庭现在的情况。"
false_hits: [已复核而核查表未上报, 死亡登记时身份证号录错, 复核后认为金额不变]
verify: [查死亡证明或火化证明, 入户了解家庭现在的人口和收入, 按规定调整并告知家庭]
reading: >-
  期限届满日当天仍在期内，期限内的有结果的走访、任何告知书都算复核；名册只写最近一次复核时间，死亡以后的都算。
  死亡后的名册上金额或保障人数与以前不同的算已调整。死者须是仍在享受的保障对象或户主，本人已停发的不算。只有死者一人享受的家庭看 R01。
  已在期限后复核的仍列出，请核实。
--- */
WITH lost AS (
    SELECT
        member.household_key,
        member.person_key,
        member.row_id,
        death.row_id AS death_row,
        death.death_date
    FROM dibao_member_of AS member
    INNER JOIN death ON member.person_key = death.person_key AND NAMES_AGREE(member.name, death.name)
    LEFT JOIN aid_person AS aid ON member.row_id = aid.row_id AND member.person_key = aid.person_key
    WHERE
        member.is_active
        -- a member whose own aid was ended has been seen to
        AND (COALESCE(aid.is_active, FALSE) OR (NOT member.is_insured AND member.person_key = member.household_key))
        AND member.id_is_valid
        AND death.id_is_valid
        -- the limit's last day is still in time
        AND $as_of > ADD_MONTHS(death.death_date, $review_months)
),

house AS (
    SELECT
        lost.household_key,
        ARRAY_AGG(DISTINCT lost.row_id) AS member_rows,
        ARRAY_AGG(DISTINCT lost.death_row) AS death_rows,
        MAX(lost.death_date) AS death_date
    FROM lost
    GROUP BY lost.household_key
),

-- who is left to be insured
left_over AS (
    SELECT aid.household_key
    FROM house
    INNER JOIN aid_person AS aid ON house.household_key = aid.household_key
    LEFT JOIN death ON aid.person_key = death.person_key AND death.id_is_valid AND NAMES_AGREE(aid.name, death.name)
    WHERE aid.program = 'DB' AND aid.is_active AND death.person_key IS NULL
    GROUP BY aid.household_key
),

-- what the household was approved for in the months up to the death, and after it
approved AS (
    SELECT
        unit.household_key,
        MIN(CASE WHEN unit.row_month > MONTH_OF(house.death_date) THEN unit.approved_amount END) AS later_amount,
        MAX(CASE WHEN unit.row_month <= MONTH_OF(house.death_date) THEN unit.approved_amount END) AS earlier_amount,
        MIN(CASE WHEN unit.row_month > MONTH_OF(house.death_date) THEN unit.approved_amount END)
        <> MAX(CASE WHEN unit.row_month > MONTH_OF(house.death_date) THEN unit.approved_amount END) AS has_changed_since,
        MIN(CASE WHEN unit.row_month > MONTH_OF(house.death_date) THEN unit.insured_count END) AS later_count,
        MAX(CASE WHEN unit.row_month <= MONTH_OF(house.death_date) THEN unit.insured_count END) AS earlier_count,
        MIN(CASE WHEN unit.row_month > MONTH_OF(house.death_date) THEN unit.insured_count END)
        <> MAX(CASE WHEN unit.row_month > MONTH_OF(house.death_date) THEN unit.insured_count END) AS has_fewer_since
    FROM house
    INNER JOIN dibao_unit AS unit ON house.household_key = unit.household_key
    GROUP BY unit.household_key
),

adjusted AS (
    SELECT approved.household_key
    FROM approved
    WHERE
        approved.later_amount <> approved.earlier_amount
        OR approved.has_changed_since
        OR approved.later_count <> approved.earlier_count
        OR approved.has_fewer_since
),

reviewed AS (
    SELECT house.household_key
    FROM house
    INNER JOIN dibao_member_of AS member ON house.household_key = member.household_key
    INNER JOIN visit_reach AS reach ON member.person_key = reach.person_key
    WHERE
        member.is_current
        AND reach.has_result
        AND COALESCE(
            reach.visit_on >= house.death_date AND reach.visit_on <= ADD_MONTHS(house.death_date, $review_months),
            TRUE
        )
    UNION
    SELECT house.household_key
    FROM house
    INNER JOIN notice_row AS notice ON house.household_key = COALESCE(notice.head_key, notice.person_key)
    WHERE
        COALESCE(
            notice.said_on >= house.death_date AND notice.said_on <= ADD_MONTHS(house.death_date, $review_months),
            TRUE
        )
    UNION
    SELECT house.household_key
    FROM house
    INNER JOIN dibao_household AS listed ON house.household_key = listed.head_key
    WHERE listed.last_review >= house.death_date AND listed.last_review <= $as_of
)

SELECT
    house.household_key,
    unit.head_name AS name,
    unit.township,
    unit.village,
    house.member_rows AS ev_member,
    house.death_rows AS ev_death,
    house.death_date AS fact_death_date,
    ADD_MONTHS(house.death_date, $review_months) AS fact_review_by
FROM house
INNER JOIN left_over ON house.household_key = left_over.household_key
INNER JOIN dibao_unit AS unit ON house.household_key = unit.household_key
LEFT JOIN adjusted ON house.household_key = adjusted.household_key
LEFT JOIN reviewed ON house.household_key = reviewed.household_key
WHERE
    unit.is_active
    AND adjusted.household_key IS NULL
    AND reviewed.household_key IS NULL
