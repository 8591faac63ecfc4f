/* ---
id: dibao_member_of
title: 低保家庭成员
long: true
reads: [roll, dibao_unit]
columns:
  is_active: the household is on the roll on the comparison date, whether or not the person is insured
--- */
-- Who belongs to which dibao household, insured or not (低保家庭成员). The head always does, with or without a member row.
WITH listed AS (
    SELECT
        roll.row_month,
        roll.household_key
    FROM roll
    WHERE roll.program = 'DB' AND roll.person_key = roll.household_key
    GROUP BY roll.row_month, roll.household_key
)

SELECT
    roll.row_id,
    roll.month,
    roll.row_month,
    roll.is_current,
    roll.person_key,
    roll.id_is_valid,
    roll.name,
    roll.household_key,
    roll.relation,
    roll.is_insured,
    roll.township,
    roll.village,
    (roll.is_current AND COALESCE(unit.is_active, FALSE)) AS is_active
FROM roll
LEFT JOIN dibao_unit AS unit ON roll.household_key = unit.household_key AND unit.is_current
WHERE roll.program = 'DB'
UNION ALL
SELECT
    unit.row_id,
    unit.month,
    unit.row_month,
    unit.is_current,
    unit.household_key AS person_key,
    unit.head_is_valid AS id_is_valid,
    unit.head_name AS name,
    unit.household_key,
    '02' AS relation,
    FALSE AS is_insured,
    unit.township,
    unit.village,
    unit.is_active
FROM dibao_unit AS unit
LEFT JOIN listed ON unit.household_key = listed.household_key AND unit.row_month = listed.row_month
WHERE listed.household_key IS NULL
