/* ---
id: payment_tied
title: 发放记录（对应到人）
kept: false
reads: [payment_line, payment_odd]
columns:
  month: month the payment belongs to (发放月份), else of its sheet, else of its pay date; a quarter's first month
  tied_person_key: the payee's number, or the one person on a roll it is tied to by account and name, or name within the village
  tied_basis: number, account, village
  township: as written, else of the person on a roll it is tied to
--- */
-- Payments with the person each goes to (发放记录). Columns otherwise as payment_line's. Rows without a valid number are tied to a roll
-- only where account and name, or village and name, point to one person alone. Who needs the household reads payment_row.
SELECT
    c.row_id,
    c.project,
    c.project_text,
    c.month,
    c.months,
    c.pay_date,
    c.amount,
    c.is_paid,
    c.person_key,
    c.id_is_valid,
    c.name,
    CASE WHEN odd.row_id IS NULL THEN c.person_key ELSE odd.tied_person_key END AS tied_person_key,
    CASE WHEN odd.row_id IS NULL THEN 'number' ELSE odd.tied_basis END AS tied_basis,
    c.head_key,
    c.head_name,
    c.account_key,
    c.one_card_key,
    c.account_name,
    COALESCE(c.township, odd.township) AS township,
    c.village
FROM payment_line AS c
LEFT JOIN payment_odd AS odd ON c.row_id = odd.row_id
