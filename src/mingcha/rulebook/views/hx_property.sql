/* ---
id: hx_property
title: 核对到的财产
reads: [aid_person, supporter, real_estate, vehicle, market_entity, hx_other]
columns:
  kind: house 房屋, vehicle 机动车, entity 市场主体, money 股票基金债券 (amount in yuan), deposit 存款超限 (the check centre says so)
  thing: what tells it from others, so that joint owners of a household own it once
  vehicle_type: code of vehicle_type, by the column, else by the plate or the words
--- */
-- What other offices say persons of dibao households, tekun persons and their supporters own (核对到的财产), one row a person and
-- thing. Left out: garages; what one row at least says is cancelled, scrapped or moved away; vehicles made for the disabled;
-- firms closed, revoked, at rest or moved; membership of a cooperative and offices held in a firm, which are no property.
-- Of checks of money the newest of a person counts.
WITH listed AS (
    SELECT
        aid.person_key,
        aid.name
    FROM aid_person AS aid
    WHERE aid.program IN ('DB', 'TK') AND aid.is_in_status AND aid.id_is_valid
    UNION
    SELECT
        supporter.supporter_key AS person_key,
        supporter.name
    FROM supporter
),

told AS (
    SELECT
        e.person_key,
        'house' AS kind,
        COALESCE(NULLIF(TRIM(REPLACE(e.location, ' ', '')), ''), e.unit_no) AS thing,
        CAST(NULL AS VARCHAR) AS vehicle_type,
        e.row_id,
        COALESCE(REGEXP_MATCHES(e.state, '注销|灭失|拆除|历史|失效|非现势|转出|已转移|否'), FALSE) AS is_gone
    FROM real_estate AS e
    INNER JOIN listed ON e.person_key = listed.person_key AND NAMES_AGREE(e.name, listed.name)
    WHERE
        e.id_is_valid
        AND COALESCE(e.use <> 'garage', NOT COALESCE(REGEXP_MATCHES(e.use_text, '车库|车位|储藏'), FALSE))
        AND (COALESCE(e.reg_on, e.contract_on) IS NULL OR COALESCE(e.reg_on, e.contract_on) <= $as_of)
        AND COALESCE(e.nature, '') <> 'public'
    UNION ALL
    SELECT
        v.person_key,
        'vehicle' AS kind,
        v.plate AS thing,
        COALESCE(
            v.vtype,
            CASE
                WHEN v.plate_type IN ('07', '08') OR CONCAT_WS('', v.vtype_text, v.plate_type_text) LIKE '%摩托%' THEN 'moto'
                WHEN v.plate_type = '13' OR CONCAT_WS('', v.vtype_text, v.plate_type_text) LIKE '%低速%' THEN 'farm'
                WHEN v.plate_type = '14' OR CONCAT_WS('', v.vtype_text, v.plate_type_text) LIKE '%拖拉机%' THEN 'tractor'
            END
        ) AS vehicle_type,
        v.row_id,
        (
            COALESCE(v.state IN ('scrap', 'moved'), FALSE)
            OR COALESCE(v.state IS NULL AND REGEXP_MATCHES(v.state_text, '注销|报废|转出|灭失|转移'), FALSE)
        ) AS is_gone
    FROM vehicle AS v
    INNER JOIN listed ON v.person_key = listed.person_key AND NAMES_AGREE(v.name, listed.name)
    WHERE
        v.id_is_valid
        AND NOT COALESCE(v.use_text LIKE '%残疾%', FALSE)
        AND (v.first_reg IS NULL OR v.first_reg <= $as_of)
    UNION ALL
    SELECT
        m.person_key,
        'entity' AS kind,
        COALESCE(NULLIF(m.uscc, ''), m.entity_name) AS thing,
        CAST(NULL AS VARCHAR) AS vehicle_type,
        m.row_id,
        (
            COALESCE(m.state <> 'open', FALSE)
            OR COALESCE(m.state IS NULL AND REGEXP_MATCHES(m.state_text, '注销|吊销|停业|歇业|迁出|异常'), FALSE)
        ) AS is_gone
    FROM market_entity AS m
    INNER JOIN listed ON m.person_key = listed.person_key AND NAMES_AGREE(m.name, listed.name)
    WHERE
        m.id_is_valid
        AND COALESCE(m.role, 'operator') IN ('legal', 'operator', 'shareholder')
        AND NOT (
            COALESCE(m.entity_type = 'coop', m.entity_name LIKE '%合作社%', FALSE)
            AND COALESCE(m.role, 'member') NOT IN ('legal', 'operator')
        )
        AND (m.founded_on IS NULL OR m.founded_on <= $as_of)
),

checked AS (
    SELECT
        o.person_key,
        o.row_id,
        COALESCE(o.stock_value, 0) + COALESCE(o.fund_value, 0) + COALESCE(o.bond_value, 0) AS amount,
        COALESCE(o.deposit_over_person, FALSE) OR COALESCE(o.deposit_over_family, FALSE) AS is_over,
        ROW_NUMBER() OVER (PARTITION BY o.person_key ORDER BY o.check_on DESC NULLS LAST, o.row_id DESC) AS place
    FROM hx_other AS o
    INNER JOIN listed ON o.person_key = listed.person_key AND NAMES_AGREE(o.name, listed.name)
    WHERE
        o.id_is_valid
        AND (o.check_on IS NULL OR o.check_on <= $as_of)
        AND (
            o.stock_value IS NOT NULL OR o.fund_value IS NOT NULL OR o.bond_value IS NOT NULL
            OR o.deposit_over_person IS NOT NULL OR o.deposit_over_family IS NOT NULL
        )
)

SELECT
    told.person_key,
    told.kind,
    told.thing,
    MAX(told.vehicle_type) AS vehicle_type,
    MIN(told.row_id) AS row_id,
    CAST(NULL AS DECIMAL(14, 2)) AS amount
FROM told
WHERE told.thing IS NOT NULL
GROUP BY told.person_key, told.kind, told.thing
HAVING NOT BOOL_OR(told.is_gone)
UNION ALL
SELECT
    checked.person_key,
    'money' AS kind,
    CAST(NULL AS VARCHAR) AS thing,
    CAST(NULL AS VARCHAR) AS vehicle_type,
    checked.row_id,
    CAST(checked.amount AS DECIMAL(14, 2)) AS amount
FROM checked
WHERE checked.place = 1 AND checked.amount > 0
UNION ALL
SELECT
    checked.person_key,
    'deposit' AS kind,
    CAST(NULL AS VARCHAR) AS thing,
    CAST(NULL AS VARCHAR) AS vehicle_type,
    checked.row_id,
    CAST(NULL AS DECIMAL(14, 2)) AS amount
FROM checked
WHERE checked.place = 1 AND checked.is_over
