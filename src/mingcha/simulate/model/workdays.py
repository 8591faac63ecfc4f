"""Working days as the official calendar has them, for cases on and beyond a limit."""

from __future__ import annotations

from datetime import date, timedelta

from mingcha.values.workdays import work_calendar

_SATURDAY = 5
_DAY = timedelta(days=1)


def is_workday(day: date) -> bool:
    """Whether offices are open.

    >>> is_workday(date(2023, 4, 23)), is_workday(date(2023, 5, 1))
    (True, False)
    """
    calendar = work_calendar()
    place = (day - calendar.before).days - 1
    sign = calendar.signs[place] if 0 <= place < len(calendar.signs) else "."
    return sign == "+" if day.weekday() >= _SATURDAY else sign != "-"


def workdays_later(day: date, count: int) -> date:
    """The so-manieth working day after a day, which itself is not counted (CA-01).

    >>> workdays_later(date(2023, 4, 25), 4)
    datetime.date(2023, 5, 4)
    """
    while count:
        day += _DAY
        count -= is_workday(day)
    return day


def workdays_before(day: date, count: int) -> date:
    """The last day from which on so many working days pass up to and with this one.

    >>> workdays_before(date(2023, 5, 4), 4)
    datetime.date(2023, 4, 25)
    """
    while count:
        count -= is_workday(day)
        day -= _DAY
    return day
