"""Citizen identity numbers (公民身份号码, GB 11643), one at a time; columns are read by ``values.sql.ids``."""

from __future__ import annotations

import re
from datetime import date

#: GB 11643: weight of each of the first 17 places; the check character by remainder 0–10.
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECKS = "10X98765432"
#: GB/T 2260: the first two places. 81–83 Hong Kong, Macao, Taiwan residents; 91 foreigners.
PROVINCES = (
    *("11", "12", "13", "14", "15", "21", "22", "23", "31", "32", "33", "34", "35", "36", "37"),
    *("41", "42", "43", "44", "45", "46", "50", "51", "52", "53", "54", "61", "62", "63", "64", "65"),
    *("71", "81", "82", "83", "91"),
)
#: Nobody alive was born before; an earlier date is a typing error.
EARLIEST_BIRTH = date(1880, 1, 1)


def check_digit(body: str) -> str:
    """The 18th place of a 17-digit body.

    >>> check_digit("41142619630215123")
    '8'
    """
    return CHECKS[sum(int(digit) * weight for digit, weight in zip(body, WEIGHTS, strict=True)) % 11]


def upgraded(number: str) -> str:
    """A 15-place number in its 18 places: the century 19 put in, the check digit added.

    >>> upgraded("411426630215123")
    '411426196302151238'
    """
    body = f"{number[:6]}19{number[6:]}"
    return body + check_digit(body)


def birth_date_of(number: str) -> date | None:
    """The birth date in an 18-place number, None where no such day exists."""
    try:
        return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None


def sex_of(number: str) -> str:
    """'1' 男 or '2' 女, from place 17."""
    return "1" if int(number[16]) % 2 else "2"


def is_valid(number: str, today: date) -> bool:
    """Whether an 18-place number can be one: province, date and check digit.

    The region is never compared with residence: 412326 and other older codes are normal.
    """
    if not re.fullmatch(r"\d{17}[\dX]", number, re.ASCII) or number[:2] not in PROVINCES:
        return False
    born = birth_date_of(number)
    return born is not None and EARLIEST_BIRTH <= born <= today and check_digit(number[:17]) == number[17]


def mask(number: str) -> str:
    """A number as it is shown: the first six and the last four places.

    >>> mask("41142619630215123X"), mask("4114261963"), mask("4114")
    ('411426********123X', '41******63', '****')
    """
    if len(number) >= 14:
        return number[:6] + "*" * (len(number) - 10) + number[-4:]
    if len(number) >= 8:
        return number[:2] + "*" * (len(number) - 4) + number[-2:]
    return "*" * len(number)
