/* ---
id: aid_person
title: 现有救助人员
kept: false
reads: [roll]
columns:
  is_active: on the roll on the comparison date (在册)
--- */
-- The newest delivered roll of each programme (现行名册): one row a person and roll row.
SELECT
    roll.row_id,
    roll.dataset,
    roll.program,
    roll.month,
    roll.row_month,
    roll.is_current,
    roll.person_key,
    roll.id_is_valid,
    roll.id_flag,
    roll.name,
    roll.birth_date,
    roll.sex,
    roll.written_birth_date,
    roll.written_birth_precision,
    roll.written_sex,
    roll.head_key,
    roll.head_name,
    roll.household_key,
    roll.relation,
    roll.is_insured,
    roll.is_in_status,
    roll.start_date,
    roll.end_date,
    roll.township,
    roll.village,
    roll.amount,
    roll.household_amount,
    roll.household_size,
    roll.account_key,
    roll.one_card_key,
    roll.account_name,
    roll.disability_type,
    roll.disability_level,
    roll.cert_type,
    roll.cert_level,
    roll.category,
    roll.is_top_up,
    roll.has_living,
    roll.has_care,
    roll.living_amount,
    roll.care_amount,
    roll.support_mode,
    roll.institution,
    roll.school,
    roll.area,
    roll.tier,
    roll.guardian_name,
    roll.guardian_key,
    roll.carer_name,
    roll.carer_key,
    roll.is_active
FROM roll
WHERE roll.is_current
