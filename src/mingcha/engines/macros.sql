-- What DuckDB must be taught; Spark has ADD_MONTHS and gets the others as functions of the same meaning. ${before} and
-- ${signs} are the calendar of working days (values/workdays).
-- Months: last day of the month where the day does not exist (2022-11-30 + 3 = 2023-02-28). 民法典 art. 202.
CREATE OR REPLACE MACRO ADD_MONTHS(day, months) AS CAST(day + TO_MONTHS(CAST(months AS INTEGER)) AS DATE);
-- Full years, reached on the birthday; who was born on 29 February reaches them on 1 March of other years.
CREATE OR REPLACE MACRO AGE_ON(birth_date, day) AS CAST(
    YEAR(day) - YEAR(birth_date)
    - CASE WHEN MONTH(day) * 100 + DAY(day) < MONTH(birth_date) * 100 + DAY(birth_date) THEN 1 ELSE 0 END AS INTEGER
);
-- Full months of age, reached on the day of birth's number.
CREATE OR REPLACE MACRO MONTHS_OF_AGE(birth_date, day) AS CAST(
    (YEAR(day) - YEAR(birth_date)) * 12 + MONTH(day) - MONTH(birth_date)
    - CASE WHEN DAY(day) < DAY(birth_date) THEN 1 ELSE 0 END AS INTEGER
);
CREATE OR REPLACE MACRO NAMES_AGREE(one, other) AS (one IS NULL OR other IS NULL OR one = other);
CREATE OR REPLACE MACRO MONTH_OF(day) AS STRFTIME(CAST(day AS DATE), '%Y-%m');
CREATE OR REPLACE MACRO MONTH_END(month) AS LAST_DAY(CAST(month || '-01' AS DATE));
CREATE OR REPLACE MACRO ADD_TO_MONTH(month, months) AS STRFTIME(
    CAST(month || '-01' AS DATE) + TO_MONTHS(CAST(months AS INTEGER)), '%Y-%m'
);
CREATE OR REPLACE MACRO DAYS_BETWEEN(earlier, later) AS DATE_DIFF('day', CAST(earlier AS DATE), CAST(later AS DATE));
-- Mondays to Fridays from the first day of all, a Monday, up to and with a day.
CREATE OR REPLACE MACRO WEEKDAYS_TO(day) AS (
    DATE_DIFF('day', DATE '0001-01-01', CAST(day AS DATE)) // 7 * 5
    + LEAST(DATE_DIFF('day', DATE '0001-01-01', CAST(day AS DATE)) % 7 + 1, 5)
);
-- A day's place in the calendar's signs, one a day; 0 for days before it.
CREATE OR REPLACE MACRO CALENDAR_PLACE(day) AS GREATEST(DATE_DIFF('day', DATE '${before}', CAST(day AS DATE)), 0);
CREATE OR REPLACE MACRO CALENDAR_SIGNS(earlier, later) AS SUBSTR(
    '${signs}', CALENDAR_PLACE(earlier) + 1, CALENDAR_PLACE(later) - CALENDAR_PLACE(earlier)
);
-- Working days after the first day up to and with the last (民法典 art. 201); 0 where they are not in this order. As the
-- week goes, and one more for each '+' (a weekend day made up for), one less for each '-' (a weekday off).
CREATE OR REPLACE MACRO WORKDAYS_BETWEEN(earlier, later) AS CAST(
    CASE
        WHEN CAST(later AS DATE) <= CAST(earlier AS DATE) THEN 0
        ELSE
            WEEKDAYS_TO(later) - WEEKDAYS_TO(earlier)
            + LENGTH(REPLACE(CALENDAR_SIGNS(earlier, later), '-', ''))
            - LENGTH(REPLACE(CALENDAR_SIGNS(earlier, later), '+', ''))
    END AS INTEGER
);
