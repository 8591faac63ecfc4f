/* ---
id: dibao_insured
title: 低保保障对象
kept: false
reads: [roll]
columns:
  source: member, or household where no member sheet lists the household (its head, and persons of its 成员 list cell)
--- */
-- Insured dibao persons of every delivered month (低保保障对象): 是否保障对象 yes or empty.
SELECT
    roll.row_id,
    roll.month,
    roll.row_month,
    roll.is_current,
    roll.is_active,
    roll.person_key,
    roll.id_is_valid,
    roll.name,
    roll.household_key,
    roll.head_name,
    roll.township,
    roll.village,
    roll.relation,
    roll.start_date,
    roll.end_date,
    roll.is_in_status,
    CASE WHEN roll.dataset = 'dibao_member' THEN 'member' ELSE 'household' END AS source
FROM roll
WHERE roll.program = 'DB' AND roll.is_insured
