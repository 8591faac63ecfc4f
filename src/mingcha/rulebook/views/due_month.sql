/* ---
id: due_month
title: 应发放月份
long: true
reads: [roll, dibao_unit, death]
columns:
  item: DB, TK, ET, CJSH 生活补贴, CJHL 护理补贴
  person_key: the applicant of a dibao household, else the person
  month: month of the roll
  approved_amount: yuan a month; NULL where the roll does not say or contradicts itself
  living_amount: TK 基本生活标准, where the roll splits the amount
  is_in_force: in status and not ended before the month
  is_due: in force all month, begun before it, and nobody it hangs on dead by its end
--- */
-- Who was to be paid what for which month, by that month's own roll (应发放月份): households of dibao, persons of the other programmes.
-- Payment begins in the month after confirmation, so a month in which somebody began is not due; neither is the first month on
-- the rolls of whoever has no beginning written, if the month before was delivered without him.
WITH unit AS (
    SELECT
        'DB' AS item,
        unit.row_id,
        unit.row_month AS month,
        unit.household_key AS person_key,
        unit.household_key,
        unit.head_name AS name,
        unit.head_is_valid AS id_is_valid,
        unit.township,
        unit.village,
        unit.area,
        unit.insured_count,
        unit.stated_size,
        unit.approved_amount,
        CAST(NULL AS DECIMAL(14, 2)) AS living_amount,
        unit.account_key,
        unit.one_card_key,
        unit.is_in_status,
        unit.start_date,
        unit.end_date
    FROM dibao_unit AS unit
    WHERE unit.row_month <= $as_of_month
),

person_item AS (
    SELECT
        item.item,
        roll.row_id,
        roll.row_month AS month,
        roll.person_key,
        roll.name,
        roll.id_is_valid,
        roll.township,
        roll.village,
        roll.area,
        CASE item.item
            WHEN 'CJSH'
                THEN
                    COALESCE(roll.living_amount, CASE WHEN NOT roll.has_care THEN roll.amount END)
            WHEN 'CJHL'
                THEN
                    COALESCE(roll.care_amount, CASE WHEN NOT roll.has_living THEN roll.amount END)
            ELSE roll.amount
        END AS approved_amount,
        CASE WHEN item.item = 'TK' THEN roll.living_amount END AS living_amount,
        roll.account_key,
        roll.one_card_key,
        roll.is_in_status,
        roll.start_date,
        roll.end_date
    FROM roll
    INNER JOIN (
        SELECT
            'TK' AS item,
            'TK' AS program
        UNION ALL
        SELECT
            'ET' AS item,
            'ET' AS program
        UNION ALL
        SELECT
            'CJSH' AS item,
            'CJ' AS program
        UNION ALL
        SELECT
            'CJHL' AS item,
            'CJ' AS program
    ) AS item
        ON roll.program = item.program
    WHERE
        roll.person_key IS NOT NULL
        AND roll.row_month <= $as_of_month
        AND CASE item.item WHEN 'CJSH' THEN roll.has_living WHEN 'CJHL' THEN roll.has_care ELSE TRUE END
),

-- most stand once in a month: only the others are put in an order
repeated AS (
    SELECT
        p.item,
        p.person_key,
        p.month
    FROM person_item AS p
    GROUP BY p.item, p.person_key, p.month
    HAVING COUNT(*) > 1
),

turn AS (
    SELECT
        p.item,
        p.row_id,
        MIN(p.approved_amount) OVER (PARTITION BY p.item, p.person_key, p.month, p.is_in_status) AS least_amount,
        MAX(p.approved_amount) OVER (PARTITION BY p.item, p.person_key, p.month, p.is_in_status) AS most_amount,
        ROW_NUMBER() OVER (
            PARTITION BY p.item, p.person_key, p.month ORDER BY p.is_in_status DESC, p.approved_amount IS NULL, p.row_id
        ) AS place
    FROM person_item AS p
    INNER JOIN repeated ON p.item = repeated.item AND p.person_key = repeated.person_key AND p.month = repeated.month
),

listed AS (
    SELECT
        unit.item,
        unit.row_id,
        unit.month,
        unit.person_key,
        unit.household_key,
        unit.name,
        unit.id_is_valid,
        unit.township,
        unit.village,
        unit.area,
        unit.insured_count,
        unit.stated_size,
        unit.approved_amount,
        unit.living_amount,
        unit.account_key,
        unit.one_card_key,
        unit.is_in_status,
        unit.start_date,
        unit.end_date
    FROM unit
    UNION ALL
    SELECT
        person_item.item,
        person_item.row_id,
        person_item.month,
        person_item.person_key,
        CAST(NULL AS BIGINT) AS household_key,
        person_item.name,
        person_item.id_is_valid,
        person_item.township,
        person_item.village,
        person_item.area,
        1 AS insured_count,
        CAST(NULL AS BIGINT) AS stated_size,
        CASE WHEN turn.row_id IS NULL OR turn.least_amount = turn.most_amount THEN person_item.approved_amount END AS approved_amount,
        person_item.living_amount,
        person_item.account_key,
        person_item.one_card_key,
        person_item.is_in_status,
        person_item.start_date,
        person_item.end_date
    FROM person_item
    LEFT JOIN turn ON person_item.row_id = turn.row_id AND person_item.item = turn.item
    WHERE turn.row_id IS NULL OR turn.place = 1
),

-- rolls delivered, to tell a new entrant from the first roll at hand
delivered AS (
    SELECT
        listed.item,
        listed.township,
        listed.month
    FROM listed
    GROUP BY listed.item, listed.township, listed.month
),

-- months are few: what is reckoned from one is reckoned once a month, not once a row
calendar AS (
    SELECT
        delivered.month,
        ADD_TO_MONTH(delivered.month, -1) AS month_before,
        CAST(delivered.month || '-01' AS DATE) AS first_day,
        MONTH_END(delivered.month) AS last_day
    FROM delivered
    GROUP BY delivered.month
),

-- of whoever has no beginning written, whether the roll of the month before lists him
stayed AS (
    SELECT
        listed.row_id,
        listed.item
    FROM listed
    INNER JOIN calendar ON listed.month = calendar.month
    INNER JOIN listed AS before
        ON
            listed.item = before.item
            AND listed.person_key = before.person_key
            AND calendar.month_before = before.month
    WHERE listed.start_date IS NULL
    GROUP BY listed.row_id, listed.item
),

dead AS (
    SELECT
        death.person_key,
        death.name,
        MIN(death.death_date) AS death_date
    FROM death
    WHERE death.id_is_valid
    GROUP BY death.person_key, death.name
),

late_dead AS (
    SELECT
        listed.row_id,
        listed.item,
        MIN(dead.death_date) AS death_date
    FROM listed
    INNER JOIN dead ON listed.person_key = dead.person_key AND NAMES_AGREE(listed.name, dead.name)
    WHERE listed.id_is_valid
    GROUP BY listed.row_id, listed.item
)

SELECT
    listed.item,
    listed.row_id,
    listed.month,
    listed.person_key,
    listed.household_key,
    listed.name,
    listed.id_is_valid,
    listed.township,
    listed.village,
    listed.area,
    listed.insured_count,
    listed.stated_size,
    listed.approved_amount,
    listed.living_amount,
    listed.account_key,
    listed.one_card_key,
    listed.end_date,
    (
        listed.is_in_status AND (listed.end_date IS NULL OR listed.end_date > calendar.first_day)
    ) AS is_in_force,
    (
        listed.is_in_status
        AND (listed.end_date IS NULL OR listed.end_date > calendar.last_day)
        AND (late_dead.death_date IS NULL OR late_dead.death_date > calendar.last_day)
        AND CASE
            WHEN listed.start_date IS NOT NULL THEN listed.start_date < calendar.first_day
            ELSE stayed.row_id IS NOT NULL OR delivered.month IS NULL
        END
    ) AS is_due
FROM listed
INNER JOIN calendar ON listed.month = calendar.month
LEFT JOIN stayed ON listed.row_id = stayed.row_id AND listed.item = stayed.item
LEFT JOIN delivered
    ON
        listed.item = delivered.item
        AND COALESCE(listed.township, '') = COALESCE(delivered.township, '')
        AND calendar.month_before = delivered.month
LEFT JOIN late_dead ON listed.row_id = late_dead.row_id AND listed.item = late_dead.item
