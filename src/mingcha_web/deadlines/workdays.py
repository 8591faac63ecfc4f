"""Chinese working days: the State Council's calendar as packaged, imported years, else the week alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import chinese_calendar

from mingcha_web.deadlines.models import Day, ImportedYear

_SATURDAY = 5
_NAMES = {holiday.value: holiday.chinese for holiday in chinese_calendar.Holiday}


@dataclass(frozen=True)
class Due:
    """A day something is due. is_certain: known calendar for each year it spans; else weekends alone were left out."""

    day: date
    is_certain: bool


def is_known(year: int) -> bool:
    """Whether the days off of a year are known."""
    return _packaged(year) or ImportedYear.objects.filter(year=year).exists()


def working_day_after(start: date, days: int) -> Due:
    """The last day of a limit of so many working days; the day it starts on is not counted (民法典第201条).

    Raises ValueError if days < 1.
    """
    if days < 1:
        raise ValueError("a limit is at least one working day")
    calendar = _Calendar(start)
    day = start
    while days:
        day += timedelta(days=1)
        days -= calendar.is_working(day)
    return Due(day, calendar.is_certain)


def working_days_between(start: date, end: date) -> int:
    """Working days after start up to and with end; negative if end lies before start."""
    if end < start:
        return -working_days_between(end, start)
    calendar = _Calendar(start)
    return sum(calendar.is_working(start + timedelta(days=n)) for n in range(1, (end - start).days + 1))


def packaged_days(year: int) -> Iterator[tuple[date, bool, str]]:
    """The days of a year that differ from the week's course, as packaged: (day, is it a working day, its name)."""
    day = date(year, 1, 1)
    while day.year == year:
        is_working = bool(chinese_calendar.is_workday(day))
        _, name = chinese_calendar.get_holiday_detail(day)
        if is_working != (day.weekday() < _SATURDAY) or name:
            yield day, is_working, _NAMES.get(name, name or "")
        day += timedelta(days=1)


def imported_years() -> dict[int, dict[str, list[str]]]:
    """The imported years as a comparison takes them (parameter ``workdays``): year → days off, days people work."""
    years: dict[int, dict[str, list[str]]] = {
        year: {"off": [], "on": []} for year in ImportedYear.objects.order_by("year").values_list("year", flat=True)
    }
    for day, is_working in Day.objects.order_by("day").values_list("day", "is_working"):
        if day.year in years:
            years[day.year]["on" if is_working else "off"].append(day.isoformat())
    return years


def _packaged(year: int) -> bool:
    try:
        chinese_calendar.is_workday(date(year, 1, 1))
    except NotImplementedError:
        return False
    return True


class _Calendar:
    """Reads imported days once a calculation."""

    def __init__(self, start: date) -> None:
        self._days = dict(Day.objects.filter(day__gt=start).values_list("day", "is_working"))
        self._imported = set(ImportedYear.objects.values_list("year", flat=True))
        self.is_certain = True

    def is_working(self, day: date) -> bool:
        """Whether people work on a day."""
        if day in self._days:
            return self._days[day]
        if day.year not in self._imported:
            try:
                return bool(chinese_calendar.is_workday(day))
            except NotImplementedError:
                self.is_certain = False
        return day.weekday() < _SATURDAY
