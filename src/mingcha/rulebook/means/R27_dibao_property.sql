/* ---
id: R27
title: 低保财产超标
version: 1
status: trial
severity: orange
clauses: [C10]
law: [民发〔2021〕57号第14条, 夏民办〔2023〕14号三(一)]
subject: household
identity: exact
needs: [dibao_household|dibao_member, real_estate|vehicle|market_entity|hx_other]
uses: [child, death_cancel, disability_cert, disability_subsidy, funeral, hukou, low_income_household,
  low_income_member, officer, payment, tekun_person]
reads: [dibao_means_of, dibao_household, hx_property]
params:
  financial: {key: DB-11.financial, optional: true, part: 人均金融资产}
  houses: {key: DB-11.houses, optional: true, part: 房屋}
  vehicles: {key: DB-11.vehicles, optional: true, part: 机动车}
  entities: {key: DB-11.entities, optional: true, part: 市场主体}
  exempt: {key: DB-11.exempt_vehicles, optional: true, part: 不计入的车辆类型（未设置时各类车辆都计入）}
finds: 家庭成员合计的金融资产、房屋、机动车或市场主体超过规定标准的低保家庭。
summary: "{name}家庭在低保名册上，核对到{owners}名下{owned}，超过规定标准，请核实财产状况和生产生活是否必需后重新认定。"
false_hits: [车辆或房屋已转让未过户, 名下房屋已倒塌或拆除, 被他人冒用身份登记, 市场主体早已停业未注销, 已不共同生活而名册未更新]
verify: [查不动产、车辆和市场主体登记现状, 入户查看是否生产生活必需, 超过标准的按规定停保]
reading: >-
  等于标准的不报；某一项标准没有设置的这一项不比。成员不论是否保障都算，已停保、已死亡、已迁出的不算；几个成员共有的一套房、一辆车只算一次。
  车库车位、已注销报废转出的、残疾人专用车、合作社成员和企业任职不计。金融资产为成员最近一次核对的股票、基金、债券合计，按家庭人口、保障人口、成员数中最多的平均；
  核对中心写明存款超限的，不论标准是否设置都报。名册上自报的住房和金融资产不作依据。
--- */
WITH asset AS (
    SELECT
        m.household_key,
        m.unit_row,
        m.person_key,
        m.insured_count,
        m.name,
        property.kind,
        property.thing,
        property.row_id,
        property.amount
    FROM hx_property AS property
    INNER JOIN dibao_means_of AS m ON property.person_key = m.person_key
    WHERE NOT COALESCE(LIST_CONTAINS($exempt, property.vehicle_type), FALSE)
    -- a member whom two rows list owns what he owns once
    GROUP BY
        m.household_key,
        m.unit_row,
        m.person_key,
        m.insured_count,
        m.name,
        property.kind,
        property.thing,
        property.row_id,
        property.amount
),

owned AS (
    SELECT
        asset.household_key,
        MIN(asset.unit_row) AS unit_row,
        MAX(asset.insured_count) AS insured_count,
        ARRAY_AGG(DISTINCT asset.row_id) AS asset_rows,
        ARRAY_SORT(ARRAY_AGG(DISTINCT asset.name) FILTER (WHERE asset.name IS NOT NULL)) AS owners,
        COUNT(DISTINCT CASE WHEN asset.kind = 'house' THEN asset.thing END) AS houses,
        COUNT(DISTINCT CASE WHEN asset.kind = 'vehicle' THEN asset.thing END) AS vehicles,
        COUNT(DISTINCT CASE WHEN asset.kind = 'entity' THEN asset.thing END) AS entities,
        SUM(asset.amount) AS money,
        BOOL_OR(asset.kind = 'deposit') AS is_over
    FROM asset
    GROUP BY asset.household_key
),

sized AS (
    SELECT
        owned.household_key,
        GREATEST(COUNT(DISTINCT m.person_key), COALESCE(MAX(owned.insured_count), 1), COALESCE(MAX(h.family_size), 1)) AS size
    FROM owned
    INNER JOIN dibao_means_of AS m ON owned.household_key = m.household_key
    LEFT JOIN dibao_household AS h ON owned.unit_row = h.row_id
    GROUP BY owned.household_key
)

SELECT
    owned.household_key,
    owned.unit_row AS ev_household,
    owned.asset_rows AS ev_property,
    owned.owners AS fact_owners,
    CONCAT_WS(
        '、',
        CASE WHEN owned.houses > $houses THEN CONCAT('房屋', CAST(owned.houses AS VARCHAR), '套') END,
        CASE WHEN owned.vehicles > $vehicles THEN CONCAT('机动车', CAST(owned.vehicles AS VARCHAR), '辆') END,
        CASE WHEN owned.entities > $entities THEN CONCAT('市场主体', CAST(owned.entities AS VARCHAR), '个') END,
        CASE
            WHEN owned.money > $financial * sized.size
                THEN CONCAT('金融资产合计', CAST(CAST(owned.money AS DECIMAL(14, 2)) AS VARCHAR), '元')
        END,
        CASE WHEN owned.is_over THEN '存款超限' END
    ) AS fact_owned
FROM owned
INNER JOIN sized ON owned.household_key = sized.household_key
WHERE
    COALESCE(owned.houses > $houses, FALSE)
    OR COALESCE(owned.vehicles > $vehicles, FALSE)
    OR COALESCE(owned.entities > $entities, FALSE)
    OR COALESCE(owned.money > $financial * sized.size, FALSE)
    OR owned.is_over
