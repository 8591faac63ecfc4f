"""Working days of the State Council's calendar (国务院办公厅放假通知), as packaged: where it leaves the week's course.

The engines count in SQL: here is what they cannot know.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

_SATURDAY = 5


@dataclass(frozen=True)
class WorkCalendar:
    """The days of the years that are known; others go by the week alone.

    before  the day before the first one
    signs   one a day: '-' a weekday off, '+' a Saturday or Sunday made up for, '.' as the week goes
    """

    before: date
    signs: str

    @property
    def last(self) -> date:
        """The last day known."""
        return self.before + timedelta(days=len(self.signs))


@cache
def work_calendar() -> WorkCalendar:
    """The calendar of whole years, the first announced to the last.

    >>> calendar = work_calendar()
    >>> calendar.signs[(date(2023, 4, 29) - calendar.before).days - 1 :][:8]
    '..---..+'
    """
    # read when an engine starts, not whenever the package is imported
    from chinese_calendar import holidays, workdays  # noqa: PLC0415

    days_off = {day for day in holidays if day.weekday() < _SATURDAY}
    days_worked = {day for day in workdays if day.weekday() >= _SATURDAY}
    known = sorted(days_off | days_worked)
    before = date(known[0].year - 1, 12, 31)
    days = (date(known[-1].year, 12, 31) - before).days
    each = (before + timedelta(days=number) for number in range(1, days + 1))
    return WorkCalendar(before, "".join("-" if day in days_off else "+" if day in days_worked else "." for day in each))
