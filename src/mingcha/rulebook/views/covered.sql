/* ---
id: covered
title: 在册人数
kept: false
reads: [aid_person]
columns:
  persons: persons on the programme's roll on the comparison date; a row without a number counts for itself
--- */
-- How many persons each programme covers on the comparison date (在册人数).
SELECT
    aid.program,
    COUNT(DISTINCT COALESCE(aid.person_key, -aid.row_id)) AS persons
FROM aid_person AS aid
WHERE aid.is_active AND COALESCE(aid.is_insured, TRUE)
GROUP BY aid.program
