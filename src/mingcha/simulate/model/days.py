"""Days and months of the model. A month is written 'YYYY-MM'."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta


def month_of(day: date) -> str:
    """The month a day lies in."""
    return f"{day.year:04d}-{day.month:02d}"


def month_shift(month: str, count: int) -> str:
    """The month so many months later (earlier where negative)."""
    ordinal = int(month[:4]) * 12 + int(month[5:]) - 1 + count
    return f"{ordinal // 12:04d}-{ordinal % 12 + 1:02d}"


def day_in(month: str, day: int) -> date:
    """A day of a month; a day the month does not have is its last."""
    year, number = int(month[:4]), int(month[5:])
    return date(year, number, min(day, monthrange(year, number)[1]))


def day_shift(day: date, months: int) -> date:
    """The same day number so many months later, or that month's last day."""
    return day_in(month_shift(month_of(day), months), day.day)


def years_before(day: date, years: int) -> date:
    """The same day so many years earlier; 29 February becomes 1 March, so that the years are full on `day`."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return date(day.year - years, 3, 1)


def age_on(birth: date, day: date) -> int:
    """Full years of age."""
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


def later(day: date, days: int) -> date:
    """So many days later (earlier where negative)."""
    return day + timedelta(days=days)


def month_word(month: str) -> str:
    """The month as titles write it: 2023年6月."""
    return f"{month[:4]}年{int(month[5:])}月"
