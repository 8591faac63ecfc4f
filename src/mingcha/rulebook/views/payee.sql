/* ---
id: payee
title: 领款人
reads: [payment_line]
columns:
  person_key: whoever a payment row names by number, once
--- */
-- Whom payment rows name (领款人). Nothing here waits for the rolls: it is worked out while they are.
SELECT line.person_key
FROM payment_line AS line
WHERE line.person_key IS NOT NULL
GROUP BY line.person_key
