/* ---
id: payee_unlisted
title: 名册以外的领款人
reads: [payment_near, payment_odd, roll]
columns:
  row_id: the first payment row that says so
--- */
-- What payments say of persons that the rolls do not (名册以外的领款人): payees on no roll, or on one that leaves out name or township,
-- and households that only the payment row names. Whoever a roll names and places needs none of his payments for that.
WITH named AS (
    SELECT roll.person_key
    FROM roll
    WHERE roll.name IS NOT NULL AND roll.township IS NOT NULL AND roll.person_key IS NOT NULL
    GROUP BY roll.person_key
)

SELECT
    line.person_key,
    line.name,
    line.township,
    line.village,
    odd.household_key,
    MIN(line.row_id) AS row_id
FROM payment_near AS line
LEFT JOIN payment_odd AS odd ON line.row_id = odd.row_id
LEFT JOIN named ON line.person_key = named.person_key
WHERE line.person_key IS NOT NULL AND (named.person_key IS NULL OR odd.household_key IS NOT NULL)
GROUP BY line.person_key, line.name, line.township, line.village, odd.household_key
