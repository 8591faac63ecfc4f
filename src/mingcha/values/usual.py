"""Cells in the usual odd ways, one at a time: 4113… with blanks or a quotation mark, 1,140.00, 200元, day serials.

They are too many for the long way (``values.sql``) and too odd for the quick one. Each reader gives the full reader's
results by name, with problem, is_blank and shown, or None where it is not sure.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from typing import Any

from mingcha.values.ids import EARLIEST_BIRTH, PROVINCES, birth_date_of, check_digit, mask, sex_of
from mingcha.values.names import UNKNOWN, strip_title, traditional
from mingcha.values.sql.base import NUMBER_KIND, TEXT_KIND
from mingcha.values.text import EMPTY_WORDS, half_width

Usual = Callable[[str, int], Mapping[str, Any] | None]

_NUMBER_SIGNS = re.compile("[0-9Xx０-９Ｘｘ'` \u3000]+")
_QUOTES = str.maketrans("", "", "'` ")
_WHOLE = re.compile("[1-9][0-9]{16}[0-9X]")
_OLD = re.compile("[1-9][0-9]{14}")
_FIGURE = re.compile(r"[1-9]\.[0-9]{1,5}E\+17")
_LOST = {
    **{"number": None, "is_valid": False, "flag": "tail_lost", "birth_date": None, "sex": None},
    **{"problem": "tail_lost", "is_blank": False},
}
_FINE = {"problem": None, "is_blank": False, "shown": None}


def usual_id(today: date) -> Usual:
    """An identity number of 18 or 15 places with blanks, a quotation mark, full-width digits or a small x.

    Or what is left of one that a spreadsheet program took for a figure: 4.12326E+17.
    """

    def read(text: str, kind: int) -> Mapping[str, Any] | None:
        if kind == TEXT_KIND and _FIGURE.fullmatch(text):
            return {**_LOST, "written": text, "shown": text}
        if kind != TEXT_KIND or not _NUMBER_SIGNS.fullmatch(text):
            return None
        written = half_width(text).upper().translate(_QUOTES)
        if _WHOLE.fullmatch(written):
            number = written
        elif _OLD.fullmatch(written):
            body = f"{written[:6]}19{written[6:]}"
            number = body + check_digit(body)
        else:
            return None
        return _numbered(written, number, today)

    return read


def _numbered(written: str, number: str, today: date) -> Mapping[str, Any]:
    born = birth_date_of(number)
    flag: str | None
    if born is None or not EARLIEST_BIRTH <= born <= today:
        flag = "date"
    elif number[:2] not in PROVINCES:
        flag = "region"
    else:
        flag = None if check_digit(number[:17]) == number[17] else "checksum"
    return {
        "number": None if flag else number,
        "written": written,
        "is_valid": flag is None,
        "flag": flag,
        "birth_date": None if flag in {"date", "region"} else born,
        "sex": sex_of(number) if flag in {None, "checksum"} else None,
        "problem": flag,
        "is_blank": False,
        "shown": mask(written),
    }


_HAN_NAME = re.compile("[一-龥]{2,4}")
_ENDS = frozenset("代亡故世")


def usual_name(text: str, kind: int) -> Mapping[str, Any] | None:
    """Two to four characters, with blanks about or between them, that are a name as they stand."""
    name = text.replace(" ", "")
    if kind != TEXT_KIND or not _HAN_NAME.fullmatch(name) or name in EMPTY_WORDS or name[-1] in _ENDS:
        return None
    if not _odd_characters().isdisjoint(name) or strip_title(name) != name:
        return None
    return {"value": name, "written": text.strip(" "), **_FINE}


@cache
def _odd_characters() -> frozenset[str]:
    return frozenset(traditional()[0]) | frozenset(UNKNOWN)


_GROUPED = re.compile(r"-?[0-9]{1,3},[0-9]{3}(?:\.[0-9]{1,6})?")
_IN_YUAN = re.compile(r"(-?[0-9]{1,6}(?:\.[0-9]{1,6})?)元")


def usual_money(text: str, kind: int) -> Mapping[str, Any] | None:
    """1,140.00 and 200元, of so few places that no limit can be reached."""
    if kind not in (TEXT_KIND, NUMBER_KIND):
        return None
    if _GROUPED.fullmatch(text):
        return {"value": Decimal(text.replace(",", "")), "has_unit": False, **_FINE}
    found = _IN_YUAN.fullmatch(text)
    return {"value": Decimal(found[1]), "has_unit": True, **_FINE} if found else None


_SERIAL = re.compile("[1-8][0-9]{4}")


def usual_date(*, base_1904: bool) -> Usual:
    """A day as spreadsheet programs count it: days since the end of 1899, or since 1904."""
    start = date(1904, 1, 1) if base_1904 else date(1899, 12, 30)

    def read(text: str, kind: int) -> Mapping[str, Any] | None:
        if kind not in (TEXT_KIND, NUMBER_KIND) or not _SERIAL.fullmatch(text):
            return None
        return {"value": start + timedelta(days=int(text)), "precision": "day", **_FINE}

    return read
