/* ---
id: account_payee
title: 账户领款人
reads: [payment_line]
columns:
  account_key: the account, or the one-card account where no other is written
  person_key: somebody with a valid number who was paid on it
--- */
-- Who was ever paid on which account by the number the row itself names (账户领款人). Whom a row without one is tied to, the rolls
-- have to tell (see payment_account); this much is worked out while they are.
SELECT
    COALESCE(p.account_key, p.one_card_key) AS account_key,
    p.person_key
FROM payment_line AS p
WHERE
    p.is_paid
    AND p.amount > 0
    AND p.month <= $as_of_month
    AND p.id_is_valid
    AND p.person_key IS NOT NULL
    AND COALESCE(p.account_key, p.one_card_key) IS NOT NULL
GROUP BY COALESCE(p.account_key, p.one_card_key), p.person_key
