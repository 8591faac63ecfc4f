"""Working days in rules are those of the official calendar, day by day; where it says nothing, those of the week."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from functools import cache

import chinese_calendar
import duckdb
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingcha.engines import DuckDBEngine
from mingcha.parameters import load_parameters
from mingcha.values.workdays import with_years, work_calendar

FIRST, LAST = date(2022, 1, 1), date(2026, 12, 31)
DAYS = [FIRST + timedelta(days=number) for number in range((LAST - FIRST).days + 1)]


def is_working(day: date) -> bool:
    """The oracle: the package's own answer, the week where it has none."""
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:
        return day.weekday() < 5


@cache
def connection() -> duckdb.DuckDBPyConnection:
    """One that knows the macros."""
    con = duckdb.connect()
    DuckDBEngine(con)
    return con


def asked(pairs: Sequence[tuple[date, date]]) -> list[int]:
    """What the macro says of pairs of days."""
    places = list(range(len(pairs)))
    rows = pa.table({"place": places, "earlier": [pair[0] for pair in pairs], "later": [pair[1] for pair in pairs]})
    con = connection().cursor()
    con.register("pairs", rows)
    found = con.execute("SELECT WORKDAYS_BETWEEN(earlier, later) FROM pairs ORDER BY place").fetchall()
    return [row[0] for row in found]


def test_every_single_day_of_five_years() -> None:
    said = asked([(day - timedelta(days=1), day) for day in DAYS])
    assert [day for day, each in zip(DAYS, said, strict=True) if each != is_working(day)] == []


def test_counted_from_one_day_on() -> None:
    expected, total = [], 0
    for day in DAYS:
        # the day it starts on is not counted (CA-01)
        total += is_working(day) if day > FIRST else 0
        expected.append(total)
    assert asked([(FIRST, day) for day in DAYS]) == expected


@given(st.dates(date(2001, 1, 1), date(2032, 12, 31)), st.integers(-40, 400))
def test_any_two_days(earlier: date, apart: int) -> None:
    later = earlier + timedelta(days=apart)
    expected = sum(is_working(earlier + timedelta(days=number)) for number in range(1, apart + 1))
    assert asked([(earlier, later)]) == [expected]


def test_years_not_announced_go_by_the_week() -> None:
    beyond = work_calendar().last + timedelta(days=1)
    with pytest.raises(NotImplementedError):
        chinese_calendar.is_workday(beyond)
    year = [beyond + timedelta(days=number) for number in range(365)]
    said = asked([(day - timedelta(days=1), day) for day in year])
    assert said == [day.weekday() < 5 for day in year]


def test_the_calendar_has_a_sign_for_every_day_of_whole_years() -> None:
    calendar = work_calendar()
    assert set(calendar.signs) == {"-", "+", "."}
    for number, sign in enumerate(calendar.signs, start=1):
        day = calendar.before + timedelta(days=number)
        assert is_working(day) == (sign == "+" or (sign == "." and day.weekday() < 5)), day
    assert (calendar.before.month, calendar.before.day) == (calendar.last.month, calendar.last.day) == (12, 31)


TOLD = {
    2025: {date(2025, 1, 2): False, date(2025, 1, 4): True},  # in the place of what is packaged of that year
    2029: {date(2029, 2, 13): False, date(2029, 2, 17): True, date(2029, 2, 18): False, date(2029, 2, 14): True},
}


def is_working_as_told(day: date) -> bool:
    if day.year in TOLD:
        return TOLD[day.year].get(day, day.weekday() < 5)
    return is_working(day)


def test_years_told_beside_the_packaged_ones_are_counted() -> None:
    con = duckdb.connect()
    DuckDBEngine(con, calendar=with_years(work_calendar(), TOLD))
    first = date(2024, 12, 1)
    days = [first + timedelta(days=number) for number in range(2200)]
    con.register("days", pa.table({"day": days}))
    said = con.execute("SELECT WORKDAYS_BETWEEN(day - 1, day) FROM days ORDER BY day").fetchall()
    assert [day for day, (each,) in zip(days, said, strict=True) if each != is_working_as_told(day)] == []


def test_a_year_before_all_others_can_be_told() -> None:
    calendar = with_years(work_calendar(), {1999: {date(1999, 10, 1): False}})
    assert calendar.before == date(1998, 12, 31)
    assert calendar.signs[(date(1999, 10, 1) - calendar.before).days - 1] == "-"
    assert calendar.signs.endswith(work_calendar().signs)


def test_of_a_year_told_twice_the_stronger_file_counts() -> None:
    strong, weak = ({"workdays": {2029: {"off": [day]}}} for day in ("2029-02-13", "2029-02-14"))
    calendar = load_parameters(FIRST, [strong, {**weak, "PL-01": 3}]).work_calendar
    assert calendar == with_years(work_calendar(), {2029: {date(2029, 2, 13): False}})
    both = load_parameters(FIRST, [strong, {"workdays": {2030: {"放假": ["2030-01-01"]}}}]).work_calendar
    assert both == with_years(work_calendar(), {2029: {date(2029, 2, 13): False}, 2030: {date(2030, 1, 1): False}})
    assert load_parameters(FIRST).work_calendar == work_calendar()
