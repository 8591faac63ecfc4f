/* ---
id: roll
title: 救助名册
kept: false
reads: [roll_dibao, roll_other]
columns:
  row_month: month the row speaks of; the comparison month where it names none
  is_current: of the newest roll of its programme (see roll_scope)
  household_key: person key of the head; the person's own where none is written
  is_insured: dibao 是否保障对象, yes or empty; TRUE on the other rolls
  living_amount: CJ 生活补贴; TK 基本生活标准
  care_amount: CJ 护理补贴; TK 照料护理费
  support_mode: TK as written; ET 'central' for children in institutions
  is_active: on the roll on the comparison date (在册)
--- */
-- Everybody on our county's rolls, every delivered month up to the comparison month (救助名册). Later rolls are ignored.
-- On the roll: status empty or one of 在保/正常/享受中/在册 (渐退 and 新增 are), begun, not ended. 最初享受月份 begins where no date does.
-- Nearly everything waits for the rolls: its two parts are worked out side by side.
-- What is the same for all of a part stands here: it is not written down, and who asks of another programme never looks there.
SELECT
    dibao.row_id,
    dibao.dataset,
    'DB' AS program,
    dibao.month,
    dibao.row_month,
    dibao.is_current,
    dibao.person_key,
    dibao.id_is_valid,
    dibao.id_flag,
    dibao.name,
    dibao.birth_date,
    dibao.sex,
    dibao.written_birth_date,
    dibao.written_birth_precision,
    dibao.written_sex,
    dibao.head_key,
    dibao.head_name,
    dibao.household_key,
    dibao.relation,
    dibao.is_insured,
    dibao.is_in_status,
    dibao.start_date,
    dibao.end_date,
    dibao.township,
    dibao.village,
    CAST(NULL AS DECIMAL(14, 2)) AS amount,
    dibao.household_amount,
    dibao.household_size,
    dibao.account_key,
    dibao.one_card_key,
    dibao.account_name,
    dibao.disability_type,
    dibao.disability_level,
    dibao.cert_type,
    dibao.cert_level,
    dibao.category,
    CAST(NULL AS BOOLEAN) AS is_top_up,
    CAST(NULL AS BOOLEAN) AS has_living,
    CAST(NULL AS BOOLEAN) AS has_care,
    CAST(NULL AS DECIMAL(14, 2)) AS living_amount,
    CAST(NULL AS DECIMAL(14, 2)) AS care_amount,
    CAST(NULL AS VARCHAR) AS support_mode,
    CAST(NULL AS VARCHAR) AS institution,
    dibao.school,
    dibao.area,
    dibao.tier,
    CAST(NULL AS VARCHAR) AS guardian_name,
    CAST(NULL AS BIGINT) AS guardian_key,
    CAST(NULL AS VARCHAR) AS carer_name,
    CAST(NULL AS BIGINT) AS carer_key,
    dibao.is_active
FROM roll_dibao AS dibao
UNION ALL
SELECT
    other.row_id,
    other.dataset,
    other.program,
    other.month,
    other.row_month,
    other.is_current,
    other.person_key,
    other.id_is_valid,
    other.id_flag,
    other.name,
    other.birth_date,
    other.sex,
    other.written_birth_date,
    other.written_birth_precision,
    other.written_sex,
    other.head_key,
    other.head_name,
    other.household_key,
    other.relation,
    other.is_insured,
    other.is_in_status,
    other.start_date,
    other.end_date,
    other.township,
    other.village,
    other.amount,
    other.household_amount,
    other.household_size,
    other.account_key,
    other.one_card_key,
    other.account_name,
    other.disability_type,
    other.disability_level,
    other.cert_type,
    other.cert_level,
    other.category,
    other.is_top_up,
    other.has_living,
    other.has_care,
    other.living_amount,
    other.care_amount,
    other.support_mode,
    other.institution,
    other.school,
    other.area,
    other.tier,
    other.guardian_name,
    other.guardian_key,
    other.carer_name,
    other.carer_key,
    other.is_active
FROM roll_other AS other
