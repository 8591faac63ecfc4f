/* ---
id: R24
title: 低保收入超标
version: 1
status: trial
severity: orange
clauses: [C10]
law: [民发〔2021〕57号第13条, 夏民办〔2023〕14号三(一)]
subject: household
identity: exact
needs: [dibao_household|dibao_member, pension|fiscal_staff|hx_other]
uses: [child, death_cancel, disability_cert, disability_subsidy, funeral, hukou, low_income_household,
  low_income_member, notice, officer, payment, standard, tekun_person]
reads: [dibao_means_of, dibao_household, dibao_line, hx_income, notice]
params:
  skips_base: {key: DB-08, optional: true, part: 基础养老金是否计入（未设置时不计入）}
finds: 核对到的家庭成员收入按家庭人口平均，每月达到或超过当地低保标准，又没有渐退的低保家庭。
summary: "{name}家庭在低保名册上，核对到成员{earners}每月收入合计{income}元（{sources}），按{size}人平均达到当地低保标准{line}元，请核实收入并重新计算。"
false_hits: [刚性支出或就业成本应扣减, 收入为一次性补发, 已不共同生活而名册未更新, 就业已结束而名单未更新]
verify: [查工资和养老待遇流水, 按规定扣减后重算人均收入, 超过标准的办理渐退或停保]
reading: >-
  只算其他部门核对到的收入，不算名册上自报的。成员不论是否保障都算，已停保、已死亡、已迁出的不算；人口取家庭人口、保障人口与名册成员数中最多的。
  工资在财政工资和个税两处都有的取高者。居民养老没有分列基础养老金、又不计入基础养老金的，整笔不计。工伤待遇、优待抚恤等不计。
  达到标准即报。标准取省、市所定和标准表在执行的最高者；城乡不明的按较高的比。名册写明渐退起止月份、状态为渐退，或有渐退告知书的不报。
--- */
WITH earner AS (
    SELECT
        income.person_key,
        COALESCE(
            SUM(
                CASE
                    WHEN income.kind = 'pension'
                        THEN income.monthly - CASE WHEN COALESCE($skips_base, TRUE) THEN income.base_pension ELSE 0 END
                END
            ), 0
        ) + COALESCE(MAX(CASE WHEN income.kind = 'wage' THEN income.monthly END), 0) AS monthly
    FROM hx_income AS income
    WHERE income.monthly > 0
    GROUP BY income.person_key
),

member AS (
    SELECT
        every.household_key,
        every.person_key,
        MIN(every.unit_row) AS unit_row,
        MIN(every.area) AS area,
        MAX(every.insured_count) AS insured_count,
        MIN(every.name) AS name
    FROM dibao_means_of AS every
    GROUP BY every.household_key, every.person_key
),

house AS (
    SELECT
        member.household_key,
        MIN(member.unit_row) AS unit_row,
        MIN(member.area) AS area,
        GREATEST(COUNT(*), COALESCE(MAX(member.insured_count), 1)) AS members,
        SUM(earner.monthly) AS monthly
    FROM member
    LEFT JOIN earner ON member.person_key = earner.person_key
    GROUP BY member.household_key
    HAVING SUM(earner.monthly) > 0
),

hit AS (
    SELECT
        house.household_key,
        house.unit_row,
        house.monthly,
        GREATEST(house.members, COALESCE(h.family_size, 1)) AS size,
        line.monthly AS line
    FROM house
    INNER JOIN dibao_line AS line ON COALESCE(house.area, 'unknown') = line.area
    LEFT JOIN dibao_household AS h ON house.unit_row = h.row_id
    LEFT JOIN notice
        ON house.household_key = COALESCE(notice.head_key, notice.person_key)
        AND notice.kind = 'taper'
        AND COALESCE(notice.decided_on, notice.issued_on, $as_of) <= $as_of
    WHERE
        house.monthly >= line.monthly * GREATEST(house.members, COALESCE(h.family_size, 1))
        AND h.taper_start IS NULL
        AND h.taper_end IS NULL
        AND COALESCE(h.status, '') <> 'taper'
        AND notice.row_id IS NULL
)

SELECT
    hit.household_key,
    ARRAY_AGG(DISTINCT hit.unit_row) AS ev_household,
    ARRAY_AGG(DISTINCT income.row_id) AS ev_income,
    CAST(MIN(hit.monthly) AS DECIMAL(14, 2)) AS fact_income,
    ARRAY_SORT(ARRAY_AGG(DISTINCT member.name) FILTER (WHERE member.name IS NOT NULL)) AS fact_earners,
    ARRAY_SORT(ARRAY_AGG(DISTINCT income.source)) AS fact_sources,
    MIN(hit.size) AS fact_size,
    MIN(hit.line) AS fact_line
FROM hit
INNER JOIN member ON hit.household_key = member.household_key
INNER JOIN hx_income AS income ON member.person_key = income.person_key
WHERE income.monthly > CASE WHEN COALESCE($skips_base, TRUE) THEN income.base_pension ELSE 0 END
GROUP BY hit.household_key
