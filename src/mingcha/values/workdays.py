"""Working days of the State Council's calendar (国务院办公厅放假通知), as packaged: where it leaves the week's course.

The engines count in SQL: here is what they cannot know.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

_SATURDAY = 5

#: Whole years as somebody told them: year → the days on which people work or are off, against the week's course or not.
Years = Mapping[int, Mapping[date, bool]]


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


def with_years(calendar: WorkCalendar, years: Years) -> WorkCalendar:
    """A calendar with years told beside it: each takes the place of what it knew of that year.

    Years between that nobody told go by the week.

    >>> told = with_years(work_calendar(), {2030: {date(2030, 1, 1): False, date(2030, 1, 5): True}})
    >>> told.last, told.signs[-365:][:8]
    (datetime.date(2030, 12, 31), '-...+...')
    """
    if not years:
        return calendar
    first = min(calendar.before.year + 1, *years)
    last = max(calendar.last.year, *years)
    signs = "".join(_signs(calendar, years, year) for year in range(first, last + 1))
    return WorkCalendar(date(first - 1, 12, 31), signs)


def _signs(calendar: WorkCalendar, years: Years, year: int) -> str:
    """The signs of one year."""
    start, end = date(year, 1, 1), date(year, 12, 31)
    if year in years:
        days = (start + timedelta(days=number) for number in range((end - start).days + 1))
        return "".join(_sign(day, years[year].get(day)) for day in days)
    if calendar.before < start <= calendar.last:
        begin = (start - calendar.before).days - 1
        return calendar.signs[begin : begin + (end - start).days + 1]
    return "." * ((end - start).days + 1)


def _sign(day: date, is_working: bool | None) -> str:
    in_week = day.weekday() < _SATURDAY
    if is_working is None or is_working == in_week:
        return "."
    return "+" if is_working else "-"
