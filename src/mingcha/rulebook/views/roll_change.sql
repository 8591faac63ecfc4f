/* ---
id: roll_change
title: 停发减发变动
reads: [due_month, roll, dibao_household, tekun_person]
columns:
  program: DB (households, by their applicant) or TK
  person_key: the applicant of a dibao household, else the person
  kind: left (no longer on the roll), ended (on it, but stopped) or cut (less approved than before)
  month_before: the last delivered month in which aid was in force; NULL where no delivered roll has one
  month: the first month without aid, or with less
  insured_count: of the household in month_before
  ended_on: the end date written on the newest row
  row_before: the roll row of month_before
  row_after: the newest row that says the aid ended, or that has less
  reason_kind: code of stop_reason as the roll has it; dead and moved also where the status says so
  moved_to: a programme whose roll has the person, or somebody of the household, in that month or later
--- */
-- Households on dibao and persons on tekun whose aid stopped or fell from one delivered roll to the next (停发减发变动).
-- The next roll is that of the same programme, township and kind (urban, rural): what a township has not delivered makes nobody
-- a leaver. Who stands there under another number by the same name in the same village has not left: a number was corrected.
-- Amounts are held against each other within household rolls, or within member rolls.
-- An end date up to the comparison date tells the stop of those whom no earlier roll shows in force.
WITH due AS (
    SELECT
        d.item AS program,
        d.row_id,
        d.month,
        d.person_key,
        d.household_key,
        d.name,
        d.id_is_valid,
        COALESCE(d.township, '') AS township,
        d.village,
        COALESCE(d.area, '') AS area,
        d.insured_count,
        d.approved_amount,
        d.end_date,
        d.is_in_force
    FROM due_month AS d
    WHERE d.item IN ('DB', 'TK')
),

delivered AS (
    SELECT
        due.program,
        due.township,
        due.area,
        due.month,
        LEAD(due.month) OVER (PARTITION BY due.program, due.township, due.area ORDER BY due.month) AS next_month
    FROM due
    GROUP BY due.program, due.township, due.area, due.month
),

-- nearly everybody stands on the next roll with no less: only the others go on
changed AS (
    SELECT
        CASE
            WHEN later.person_key IS NULL THEN 'left'
            WHEN NOT later.is_in_force THEN 'ended'
            ELSE 'cut'
        END AS kind,
        due.program,
        due.person_key,
        due.household_key,
        due.name,
        due.id_is_valid,
        due.township,
        due.village,
        due.month AS month_before,
        delivered.next_month AS month,
        due.insured_count,
        due.approved_amount AS amount_before,
        CASE WHEN later.is_in_force THEN later.approved_amount END AS amount_after,
        COALESCE(later.end_date, due.end_date) AS ended_on,
        due.row_id AS row_before,
        later.row_id AS row_after
    FROM due
    INNER JOIN delivered
        ON
            due.program = delivered.program
            AND due.township = delivered.township
            AND due.area = delivered.area
            AND due.month = delivered.month
    LEFT JOIN due AS later
        ON
            due.program = later.program
            AND due.person_key = later.person_key
            AND delivered.next_month = later.month
    WHERE
        due.is_in_force
        AND delivered.next_month IS NOT NULL
        AND (later.person_key IS NULL OR NOT later.is_in_force OR later.approved_amount < due.approved_amount)
),

-- the number was corrected, or is damaged, on the next roll; who had that number on the roll before is somebody else
renamed AS (
    SELECT
        changed.program,
        changed.person_key,
        changed.month
    FROM changed
    INNER JOIN due
        ON
            changed.program = due.program
            AND changed.month = due.month
            AND changed.name = due.name
            AND changed.township = due.township
            AND COALESCE(changed.village, '') = COALESCE(due.village, '')
    LEFT JOIN due AS before
        ON
            due.program = before.program
            AND due.person_key = before.person_key
            AND changed.month_before = before.month
    WHERE changed.kind = 'left' AND due.is_in_force AND before.person_key IS NULL
    GROUP BY changed.program, changed.person_key, changed.month
),

stopped AS (
    SELECT
        due.program,
        due.person_key,
        MAX_BY(due.row_id, due.month) AS row_id
    FROM due
    WHERE due.end_date <= $as_of
    GROUP BY due.program, due.person_key
),

known AS (
    SELECT
        changed.program,
        changed.person_key
    FROM changed
    WHERE changed.kind <> 'cut'
    GROUP BY changed.program, changed.person_key
),

every AS (
    SELECT
        changed.program,
        changed.person_key,
        changed.household_key,
        changed.name,
        changed.id_is_valid,
        changed.township,
        changed.village,
        changed.kind,
        changed.month_before,
        changed.month,
        changed.insured_count,
        changed.amount_before,
        changed.amount_after,
        changed.ended_on,
        changed.row_before,
        changed.row_after
    FROM changed
    LEFT JOIN renamed
        ON
            changed.program = renamed.program
            AND changed.person_key = renamed.person_key
            AND changed.month = renamed.month
    WHERE renamed.person_key IS NULL
    UNION ALL
    SELECT
        due.program,
        due.person_key,
        due.household_key,
        due.name,
        due.id_is_valid,
        due.township,
        due.village,
        'ended' AS kind,
        CASE WHEN due.is_in_force THEN due.month END AS month_before,
        -- aid ends with the day before: a month begun is the last one
        ADD_TO_MONTH(MONTH_OF(due.end_date - 1), 1) AS month,
        due.insured_count,
        due.approved_amount AS amount_before,
        CAST(NULL AS DECIMAL(14, 2)) AS amount_after,
        due.end_date AS ended_on,
        CASE WHEN due.is_in_force THEN due.row_id END AS row_before,
        due.row_id AS row_after
    FROM stopped
    INNER JOIN due ON stopped.program = due.program AND stopped.row_id = due.row_id
    LEFT JOIN known ON stopped.program = known.program AND stopped.person_key = known.person_key
    WHERE known.person_key IS NULL
),

-- who belonged to those whose aid stopped
near AS (
    SELECT
        every.program,
        every.person_key AS left_key,
        every.month,
        every.person_key
    FROM every
    WHERE every.kind <> 'cut'
    UNION
    SELECT
        every.program,
        every.person_key AS left_key,
        every.month,
        roll.person_key
    FROM every
    INNER JOIN roll
        ON
            every.program = roll.program
            AND every.household_key = roll.household_key
            AND every.month_before = roll.row_month
    WHERE every.kind <> 'cut' AND roll.id_is_valid
),

moved AS (
    SELECT
        near.program,
        near.left_key,
        near.month,
        MIN(roll.program) AS moved_to
    FROM near
    INNER JOIN roll ON near.person_key = roll.person_key
    WHERE
        roll.program IN ('DB', 'TK', 'ET')
        AND roll.is_in_status
        AND roll.is_insured
        AND roll.id_is_valid
        AND roll.row_month >= near.month
        AND (roll.end_date IS NULL OR roll.end_date > $as_of)
        AND (roll.program <> near.program OR roll.household_key <> near.left_key)
    GROUP BY near.program, near.left_key, near.month
)

SELECT
    every.program,
    every.person_key,
    every.household_key,
    every.name,
    every.id_is_valid,
    NULLIF(every.township, '') AS township,
    every.village,
    every.kind,
    every.month_before,
    every.month,
    every.insured_count,
    every.amount_before,
    every.amount_after,
    every.ended_on,
    every.row_before,
    every.row_after,
    COALESCE(
        house.end_reason,
        person.end_reason,
        CASE WHEN COALESCE(house.status, person.status) IN ('dead', 'moved') THEN COALESCE(house.status, person.status) END
    ) AS reason_kind,
    moved.moved_to
FROM every
LEFT JOIN dibao_household AS house ON COALESCE(every.row_after, every.row_before) = house.row_id
LEFT JOIN dibao_household AS house_before ON every.row_before = house_before.row_id
LEFT JOIN tekun_person AS person ON COALESCE(every.row_after, every.row_before) = person.row_id
LEFT JOIN moved
    ON
        every.program = moved.program
        AND every.person_key = moved.left_key
        AND every.month = moved.month
WHERE
    -- the amount on a member's row is not the household's: what comes of two kinds of roll does not compare
    every.kind <> 'cut'
    OR every.program <> 'DB'
    OR (house.row_id IS NULL) = (house_before.row_id IS NULL)
