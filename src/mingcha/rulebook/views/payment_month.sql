/* ---
id: payment_month
title: 发放记录所属月份
kept: false
reads: [payment_line, asked_row]
--- */
-- Which month each of the payment rows asked for is for (所属月份); of a row with several months, the first.
SELECT
    line.row_id,
    MIN(line.month) AS month
FROM payment_line AS line
INNER JOIN asked_row ON line.row_id = asked_row.row_id
GROUP BY line.row_id
