/* ---
id: dibao_means_of
title: 计算收入财产的低保家庭成员
kept: false
reads: [aid_person, dibao_unit, death]
columns:
  person_key: a living member of the household, insured or not, who has not left its roll
--- */
-- Whose income and property count for which dibao household on the comparison date (共同生活的家庭成员). Members the roll marks as
-- ended, dead or moved are left out, and so is who is dead by number and name. A member whom two rows list stands twice.
SELECT
    unit.household_key,
    unit.row_id AS unit_row,
    unit.area,
    unit.insured_count,
    aid.person_key,
    aid.name,
    aid.row_id
FROM aid_person AS aid
INNER JOIN dibao_unit AS unit ON aid.household_key = unit.household_key
LEFT JOIN death
    ON aid.person_key = death.person_key
    AND NAMES_AGREE(aid.name, death.name)
    AND death.id_is_valid
    AND death.death_date <= $as_of
WHERE
    aid.program = 'DB'
    AND aid.id_is_valid
    AND aid.is_in_status
    AND (aid.end_date IS NULL OR aid.end_date > $as_of)
    AND unit.is_active
    AND death.person_key IS NULL
