"""Resident identity numbers of fictitious people (GB 11643), and numbers gone wrong the way they do on rolls."""

from __future__ import annotations

from datetime import date

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_MARKS = "10X98765432"

#: the county's code until 1997, and since
OLD_HOME = "412326"
NEW_HOME = "411426"
#: the other counties of the old 商丘地区, where wives come from
OLD_NEIGHBOURS = ("412321", "412322", "412323", "412324", "412325", "412327", "412328", "412301")
NEW_NEIGHBOURS = ("411425", "411403", "411421", "411423", "411422", "411424", "411481", "411402")
#: from this year on newborns got the new code
_CHANGE = 1997


def check_mark(first17: str) -> str:
    """The eighteenth place.

    >>> check_mark("11010519491231002")
    'X'
    """
    return _MARKS[sum(int(digit) * weight for digit, weight in zip(first17, _WEIGHTS, strict=True)) % 11]


def old_form(number: str) -> str:
    """The fifteen-place number the same person had before 1999."""
    return number[:6] + number[8:17]


def wrong_check(number: str) -> str:
    """The number with another last place."""
    place = _MARKS.index(number[-1])
    return number[:-1] + "0123456789"[(int(_MARKS[place]) + 3) % 10 if number[-1] != "X" else 4]


def impossible_date(number: str) -> str:
    """A number whose birth date does not exist, with a check mark that fits."""
    first17 = number[:10] + "0231" + number[14:17]
    return first17 + check_mark(first17)


class Numbers:
    """Hands out numbers, each once.

    Sequence numbers run through all 500 of a day and a sex in a scrambled order before any comes again.
    """

    def __init__(self) -> None:
        self._given: dict[tuple[str, int, bool], int] = {}

    def give(self, area: str, birth: date, is_male: bool) -> str:
        """A new valid number. Raises ValueError when a day's numbers are used up."""
        ordinal = birth.toordinal()
        key = (area, ordinal, is_male)
        count = self._given.get(key, 0)
        if count >= 500:
            raise ValueError("no identity number left for that day")
        self._given[key] = count + 1
        sequence = ((count * 347 + ordinal * 61 + 7) % 500) * 2 + is_male
        first17 = f"{area}{birth.year:04d}{birth.month:02d}{birth.day:02d}{sequence:03d}"
        return first17 + check_mark(first17)

    @staticmethod
    def home_area(birth: date) -> str:
        """The code people registered in the county from birth carry."""
        return OLD_HOME if birth.year < _CHANGE else NEW_HOME

    @staticmethod
    def neighbour_areas(birth: date) -> tuple[str, ...]:
        """Codes of those who married in."""
        return OLD_NEIGHBOURS if birth.year < _CHANGE else NEW_NEIGHBOURS
