/* ---
id: payment_row
title: 发放记录
kept: false
reads: [payment_line, payment_odd, payee_home]
columns:
  project: code of pay_project; where the word is unknown, what it plainly says
  period: the month as the row itself writes it (see payment_line)
  month: month the payment belongs to (发放月份), else of its sheet, else of its pay date; a quarter's first month
  months: months it covers
  pay_date: known day of payment; for a returned payment that was sent again, the day of that
  is_paid: not returned, failed, pending or stopped, or sent again since
  is_back_pay: 补发 of other months by project, batch or remark; a returned payment sent again is none
  is_resent: a returned payment that was sent again
  is_returned: came back from the bank, whether or not it was sent again
  says_adjustment: the row names a deduction or adjustment
  person_key: the payee's own number, else the head's, where the row is the head's
  tied_person_key: the payee's number, or the one person on a roll it is tied to by account and name, or name within the village
  tied_basis: number, account, village
  household_key: dibao household of the payee, by the roll of that month, else the newest that lists him
  township: as written, else of the person on a roll it is tied to
  is_for_several: a dibao payment that is for several people, by roll or row; whether other members are paid by rows of their own is not asked
--- */
-- Payments row by row (发放记录).
-- A dibao row is for several where the payee's household has another insured person by any statement (roll of the month, else of
-- any month; 享受人数 of the row), or he himself is not insured. A payee on no dibao roll, with no 享受人数 above one, stands for
-- himself alone. Price subsidies to dibao households follow the same rule.
-- Nothing is copied: sixty million rows are read where they lie, and joined to one short row a payee.
SELECT
    c.row_id,
    c.project,
    c.project_text,
    c.period,
    c.month,
    c.months,
    c.pay_date,
    c.amount,
    c.back_amount,
    c.deduct_amount,
    c.is_paid,
    c.is_back_pay,
    c.is_resent,
    c.is_returned,
    c.says_adjustment,
    c.person_key,
    c.id_is_valid,
    c.name,
    CASE WHEN odd.row_id IS NULL THEN c.person_key ELSE odd.tied_person_key END AS tied_person_key,
    CASE WHEN odd.row_id IS NULL THEN 'number' ELSE odd.tied_basis END AS tied_basis,
    c.head_key,
    c.head_name,
    CASE WHEN odd.row_id IS NULL THEN home.household_key ELSE odd.household_key END AS household_key,
    c.account_key,
    c.one_card_key,
    c.account_name,
    COALESCE(c.township, odd.township) AS township,
    c.village,
    COALESCE(
        c.project IN ('DB', 'WJ')
        AND CASE WHEN odd.row_id IS NULL THEN home.is_several OR c.insured_size > 1 ELSE odd.is_for_several END,
        FALSE
    ) AS is_for_several
FROM payment_line AS c
LEFT JOIN payment_odd AS odd ON c.row_id = odd.row_id
LEFT JOIN payee_home AS home ON c.person_key = home.person_key AND home.month IS NULL AND c.project IN ('DB', 'WJ')
