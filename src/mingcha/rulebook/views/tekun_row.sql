/* ---
id: tekun_row
title: 在册特困人员的自理能力
reads: [aid_person, tekun_person, care_assessment]
params: {home_county: home_county}
columns:
  care: level of self-care the roll says (code of self_care), from 护理等级 where 生活自理能力 is empty
  failed: items of six that he cannot do, by the newer of roll and ledger; NULL where neither says, or says more than six
  assessed_care: level the newest assessment of the ledger came to
  assessment_row: that assessment
  assessed_on: the newest day of an assessment that roll or ledger names
  is_assessed: roll or ledger tells of an assessment
  tells_assessed: some row of the roll's sheet names a count or a day of assessment
  ledger_from: the first assessment in the ledger of his township
--- */
-- Tekun persons on the roll with what is known of their self-care (在册特困人员的自理能力): one row a roll row with a valid number.
-- Assessments after the comparison date have not been made yet; those after the month of the roll say nothing about it.
-- An assessment whose number is damaged is that of whoever bears the name in the village.
WITH listed AS (
    SELECT
        aid.row_id,
        aid.row_id >> 38 AS sheet, -- literal: the sheet's place in row_id
        aid.person_key,
        aid.name,
        aid.township,
        aid.village,
        aid.row_month,
        aid.start_date,
        aid.support_mode,
        aid.institution,
        aid.care_amount,
        COALESCE(
            tekun.self_care, CASE tekun.care_level WHEN '1' THEN 'none' WHEN '2' THEN 'partial' WHEN '3' THEN 'full' END
        ) AS care,
        CASE WHEN tekun.ability_failed BETWEEN 0 AND 6 THEN tekun.ability_failed END AS failed, -- literal: six items are asked
        tekun.ability_failed IS NOT NULL OR tekun.assess_date IS NOT NULL AS is_assessed,
        CASE WHEN tekun.assess_date <= $as_of THEN tekun.assess_date END AS assess_date,
        tekun.wants_central
    FROM aid_person AS aid
    INNER JOIN tekun_person AS tekun ON aid.row_id = tekun.row_id
    WHERE aid.program = 'TK' AND aid.is_active AND aid.id_is_valid
),

ledger AS (
    SELECT
        found.row_id,
        found.person_key,
        COALESCE(found.id_is_valid, FALSE) AS id_is_valid,
        found.name,
        found.township,
        found.village,
        found.assessed_on,
        COALESCE(
            CASE WHEN found.failed BETWEEN 0 AND 6 THEN found.failed END, -- literal: six items are asked
            -- NULL where one of the six is not told
            CASE WHEN found.eating THEN 0 WHEN NOT found.eating THEN 1 END
            + CASE WHEN found.dressing THEN 0 WHEN NOT found.dressing THEN 1 END
            + CASE WHEN found.bed THEN 0 WHEN NOT found.bed THEN 1 END
            + CASE WHEN found.toilet THEN 0 WHEN NOT found.toilet THEN 1 END
            + CASE WHEN found.walking THEN 0 WHEN NOT found.walking THEN 1 END
            + CASE WHEN found.bathing THEN 0 WHEN NOT found.bathing THEN 1 END
        ) AS failed,
        found.self_care
    FROM care_assessment AS found
    WHERE
        (
            found.county_name IS NULL
            OR STARTS_WITH(found.county_name, $home_county)
            OR STARTS_WITH($home_county, found.county_name)
        )
        AND COALESCE(
            found.assessed_on <= $as_of,
            -- a report alone is no assessment
            COALESCE(CAST(found.failed AS VARCHAR), found.self_care, CAST(found.eating AS VARCHAR)) IS NOT NULL
        )
),

begun AS (
    SELECT
        ledger.township,
        MIN(ledger.assessed_on) AS ledger_from
    FROM ledger
    GROUP BY ledger.township
),

matched AS (
    SELECT
        listed.row_id AS roll_row,
        listed.row_month,
        ledger.row_id,
        ledger.assessed_on,
        ledger.failed,
        ledger.self_care
    FROM listed
    INNER JOIN ledger ON listed.person_key = ledger.person_key
    WHERE ledger.id_is_valid AND NAMES_AGREE(listed.name, ledger.name)
    UNION ALL
    SELECT
        listed.row_id AS roll_row,
        listed.row_month,
        ledger.row_id,
        ledger.assessed_on,
        ledger.failed,
        ledger.self_care
    FROM listed
    INNER JOIN ledger
        ON listed.name = ledger.name AND COALESCE(listed.village, '') = COALESCE(ledger.village, listed.village, '')
    WHERE NOT ledger.id_is_valid
),

ranked AS (
    SELECT
        matched.roll_row,
        matched.row_id,
        matched.assessed_on,
        matched.failed,
        matched.self_care,
        COALESCE(MONTH_OF(matched.assessed_on) <= matched.row_month, TRUE) AS is_known_to_roll,
        ROW_NUMBER() OVER (
            PARTITION BY matched.roll_row
            ORDER BY
                COALESCE(MONTH_OF(matched.assessed_on) <= matched.row_month, TRUE) DESC,
                matched.assessed_on DESC NULLS LAST,
                matched.row_id DESC
        ) AS place
    FROM matched
)

SELECT
    listed.row_id,
    listed.sheet,
    listed.person_key,
    listed.name,
    listed.township,
    listed.village,
    listed.row_month,
    listed.start_date,
    listed.support_mode,
    listed.institution,
    listed.care_amount,
    listed.care,
    CASE
        -- the roll speaks of a newer assessment
        WHEN listed.assess_date > newest.assessed_on THEN listed.failed
        WHEN newest.is_known_to_roll AND newest.failed IS NOT NULL THEN newest.failed
        -- the ledger's came to a level without a count
        WHEN newest.is_known_to_roll AND newest.self_care IS NOT NULL AND newest.assessed_on > listed.assess_date THEN NULL
        ELSE listed.failed
    END AS failed,
    CASE
        WHEN newest.is_known_to_roll AND NOT COALESCE(listed.assess_date > newest.assessed_on, FALSE) THEN newest.self_care
    END AS assessed_care,
    CASE
        WHEN newest.is_known_to_roll AND NOT COALESCE(listed.assess_date > newest.assessed_on, FALSE) THEN newest.row_id
    END AS assessment_row,
    GREATEST(listed.assess_date, newest.assessed_on) AS assessed_on,
    listed.is_assessed OR newest.row_id IS NOT NULL AS is_assessed,
    BOOL_OR(listed.is_assessed) OVER (PARTITION BY listed.sheet) AS tells_assessed,
    begun.ledger_from,
    listed.wants_central
FROM listed
LEFT JOIN ranked AS newest ON listed.row_id = newest.roll_row AND newest.place = 1
LEFT JOIN begun ON listed.township = begun.township
