/* ---
id: R23
title: 特困财产超标
version: 1
status: trial
severity: orange
clauses: [C35]
law: [民发〔2021〕43号第7条, 夏民办〔2023〕14号四(二)]
subject: person
identity: exact
needs: [tekun_person, real_estate|vehicle|market_entity|hx_other]
uses: [child, dibao_household, dibao_member, disability_cert, disability_subsidy, hukou, low_income_household,
  low_income_member, officer, payment]
reads: [aid_person, hx_property]
params:
  financial: {key: TK-04.financial, optional: true, part: 金融资产}
  houses: {key: TK-04.houses, optional: true, part: 房屋}
  vehicles: {key: TK-04.vehicles, optional: true, part: 机动车}
  entities: {key: TK-04.entities, optional: true, part: 市场主体}
  exempt: {key: TK-04.exempt_vehicles, optional: true, part: 不计入的车辆类型（未设置时各类车辆都计入）}
finds: 核对到的金融资产、房屋、机动车或市场主体超过规定标准的特困人员。
summary: "{name}在特困名册上，核对到{owned}，超过规定标准，请核实财产状况后重新认定。"
false_hits: [车辆或房屋已转让未过户, 名下房屋已倒塌或拆除, 被他人冒用身份登记, 市场主体早已停业未注销]
verify: [查不动产、车辆和市场主体登记现状, 入户查看, 超过标准的按规定终止并转其他救助]
reading: >-
  等于标准的不报；某一项标准没有设置的这一项不比。车库车位、已注销报废转出的、残疾人专用车、合作社成员和企业任职不计。股票、基金、债券取最近一次核对的合计；
  核对中心写明存款超限的，不论标准是否设置都报。
--- */
WITH owned AS (
    SELECT
        tekun.person_key,
        ARRAY_AGG(DISTINCT tekun.row_id) AS roll_rows,
        ARRAY_AGG(DISTINCT asset.row_id) AS asset_rows,
        COUNT(DISTINCT CASE WHEN asset.kind = 'house' THEN asset.thing END) AS houses,
        COUNT(DISTINCT CASE WHEN asset.kind = 'vehicle' THEN asset.thing END) AS vehicles,
        COUNT(DISTINCT CASE WHEN asset.kind = 'entity' THEN asset.thing END) AS entities,
        MAX(asset.amount) AS money,
        BOOL_OR(asset.kind = 'deposit') AS is_over
    FROM hx_property AS asset
    INNER JOIN aid_person AS tekun ON asset.person_key = tekun.person_key
    WHERE
        tekun.program = 'TK'
        AND tekun.is_active
        AND tekun.id_is_valid
        AND NOT COALESCE(LIST_CONTAINS($exempt, asset.vehicle_type), FALSE)
    GROUP BY tekun.person_key
)

SELECT
    owned.person_key,
    owned.roll_rows AS ev_tekun,
    owned.asset_rows AS ev_property,
    CONCAT_WS(
        '、',
        CASE WHEN owned.houses > $houses THEN CONCAT('房屋', CAST(owned.houses AS VARCHAR), '套') END,
        CASE WHEN owned.vehicles > $vehicles THEN CONCAT('机动车', CAST(owned.vehicles AS VARCHAR), '辆') END,
        CASE WHEN owned.entities > $entities THEN CONCAT('市场主体', CAST(owned.entities AS VARCHAR), '个') END,
        CASE WHEN owned.money > $financial THEN CONCAT('金融资产', CAST(CAST(owned.money AS DECIMAL(14, 2)) AS VARCHAR), '元') END,
        CASE WHEN owned.is_over THEN '存款超限' END
    ) AS fact_owned
FROM owned
WHERE
    COALESCE(owned.houses > $houses, FALSE)
    OR COALESCE(owned.vehicles > $vehicles, FALSE)
    OR COALESCE(owned.entities > $entities, FALSE)
    OR COALESCE(owned.money > $financial, FALSE)
    OR owned.is_over
