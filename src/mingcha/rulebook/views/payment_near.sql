/* ---
id: payment_near
title: 有关人员的发放记录
reads: [payee, payment_row, payment_odd, payee_home, roll, death_row, aid_person, dibao_insured, cert_state]
columns:
  person_key: whoever was paid, whether or not he is asked about
--- */
-- Payments of those whom several rules ask about one by one (有关人员的发放记录): whoever has a death record and who lives in his household;
-- payees whom no roll names and places, or whose household their payments alone tell; and, of tekun persons and of disabled dibao persons
-- on no list of the living subsidy, what may be a disability subsidy. Columns as payment_row's. They are few, and are found in one pass for
-- all readers; each may ask this as he would ask all payments, as long as he starts from those persons. Rows that name nobody are not here.
WITH dead AS (
    SELECT death_row.person_key
    FROM death_row
    WHERE death_row.id_is_valid AND death_row.person_key IS NOT NULL
    GROUP BY death_row.person_key
),

dead_house AS (
    SELECT home.household_key
    FROM payee_home AS home
    INNER JOIN dead ON home.person_key = dead.person_key
    WHERE home.month IS NULL AND home.household_key IS NOT NULL
    UNION
    SELECT odd.household_key
    FROM payment_odd AS odd
    INNER JOIN dead ON odd.tied_person_key = dead.person_key
    WHERE odd.household_key IS NOT NULL
),

named AS (
    SELECT roll.person_key
    FROM roll
    WHERE roll.name IS NOT NULL AND roll.township IS NOT NULL AND roll.person_key IS NOT NULL
    GROUP BY roll.person_key
),

living_subsidy AS (
    SELECT cj.person_key
    FROM aid_person AS cj
    WHERE
        cj.program = 'CJ'
        AND cj.is_active
        AND cj.id_is_valid
        AND (COALESCE(cj.has_living, TRUE) OR NOT COALESCE(cj.has_care, FALSE))
    GROUP BY cj.person_key
),

-- of whom every payment is asked, and of whom disability subsidies alone
asked AS (
    SELECT
        told.person_key,
        BOOL_OR(told.is_followed) AS is_followed
    FROM (
        SELECT
            dead.person_key,
            TRUE AS is_followed
        FROM dead
        UNION ALL
        SELECT
            home.person_key,
            TRUE AS is_followed
        FROM payee_home AS home
        INNER JOIN dead_house ON home.household_key = dead_house.household_key
        WHERE home.month IS NULL
        UNION ALL
        SELECT
            payee.person_key,
            TRUE AS is_followed
        FROM payee
        LEFT JOIN named ON payee.person_key = named.person_key
        WHERE named.person_key IS NULL
        UNION ALL
        SELECT
            odd.person_key,
            TRUE AS is_followed
        FROM payment_odd AS odd
        WHERE odd.household_key IS NOT NULL AND odd.person_key IS NOT NULL
        UNION ALL
        SELECT
            tekun.person_key,
            FALSE AS is_followed
        FROM aid_person AS tekun
        WHERE tekun.program = 'TK' AND tekun.is_active AND tekun.id_is_valid
        UNION ALL
        SELECT
            insured.person_key,
            FALSE AS is_followed
        FROM dibao_insured AS insured
        INNER JOIN cert_state AS cert ON insured.person_key = cert.person_key
        LEFT JOIN living_subsidy ON insured.person_key = living_subsidy.person_key
        WHERE
            insured.is_active
            AND insured.id_is_valid
            AND cert.id_is_valid
            AND cert.is_valid_on
            AND living_subsidy.person_key IS NULL
    ) AS told
    GROUP BY told.person_key
)

SELECT
    p.row_id,
    p.project,
    p.project_text,
    p.month,
    p.months,
    p.amount,
    p.is_paid,
    p.is_back_pay,
    p.person_key,
    p.id_is_valid,
    p.name,
    p.tied_person_key,
    p.household_key,
    p.township,
    p.village,
    p.is_for_several
FROM payment_row AS p
INNER JOIN asked ON p.person_key = asked.person_key
WHERE
    asked.is_followed
    OR p.project IN ('CJSH', 'CJHL')
    OR COALESCE(p.project, 'other') = 'other'
    OR p.project_text LIKE '%工伤%护理%'
