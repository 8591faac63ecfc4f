"""Limits: which one counts, working days over holidays, years nobody knows."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from mingcha_web.access.errors import NotAllowed
from mingcha_web.access.models import User
from mingcha_web.audit.models import Entry
from mingcha_web.deadlines.models import Limit
from mingcha_web.deadlines.selectors import limit_table, unknown_years, year_list
from mingcha_web.deadlines.services import due_for, limit_set, year_import
from mingcha_web.deadlines.workdays import Due, packaged_days, working_day_after, working_days_between

UNKNOWN = 2099


def test_the_nearest_limit_counts(db: None) -> None:
    for township, severity, days in (("", "", 20), ("", "red", 10), ("城关镇", "", 5), ("城关镇", "red", 2)):
        Limit.objects.create(state="verifying", township=township, severity=severity, working_days=days)
    start = date(2023, 6, 5)

    def days(township: str, severity: str) -> int:
        due = due_for("verifying", township=township, severity=severity, start=start)
        assert due is not None
        return working_days_between(start, due.day)

    places = [("会亭镇", "blue"), ("会亭镇", "red"), ("城关镇", "blue"), ("城关镇", "red")]
    assert [days(*place) for place in places] == [20, 10, 5, 2]


def test_without_a_limit_nothing_is_due(db: None) -> None:
    assert due_for("verifying", township="城关镇", severity="red", start=date(2023, 6, 5)) is None


@pytest.mark.parametrize(
    ("start", "days", "last"),
    [
        (date(2023, 6, 21), 1, date(2023, 6, 25)),  # 端午节22–24日放假，25日（周日）上班
        (date(2023, 9, 28), 1, date(2023, 10, 7)),  # 国庆放到6日，7日（周六）上班
        (date(2023, 6, 2), 5, date(2023, 6, 9)),
        (date(2023, 6, 3), 1, date(2023, 6, 5)),
    ],
)
def test_working_days_follow_the_state_councils_calendar(db: None, start: date, days: int, last: date) -> None:
    assert working_day_after(start, days) == Due(last, True)


def test_a_year_nobody_knows_counts_weekends_alone_and_says_so(db: None) -> None:
    assert working_day_after(date(UNKNOWN, 1, 2), 1) == Due(date(UNKNOWN, 1, 5), False)
    assert unknown_years([date(UNKNOWN, 1, 5), date(2023, 6, 30), None]) == [UNKNOWN]


def test_an_imported_year_is_known_and_counted(officer: User) -> None:
    year_import(year=UNKNOWN, days=[(date(UNKNOWN, 1, 5), False, "元旦"), (date(UNKNOWN, 1, 10), True, "")], by=officer)
    assert working_day_after(date(UNKNOWN, 1, 2), 1) == Due(date(UNKNOWN, 1, 6), True)
    assert working_day_after(date(UNKNOWN, 1, 9), 1) == Due(date(UNKNOWN, 1, 10), True)
    assert unknown_years([date(UNKNOWN, 1, 5)]) == []


def test_an_import_mends_due_days_that_were_uncertain(officer: User, make_case: Any) -> None:
    Limit.objects.create(state="verifying", working_days=1)
    since = datetime(UNKNOWN, 1, 2, 4, tzinfo=UTC)
    case = make_case(state="verifying", state_since=since, due_on=date(UNKNOWN, 1, 5), is_due_certain=False)
    year_import(year=UNKNOWN, days=[(date(UNKNOWN, 1, 5), False, "元旦")], by=officer)
    case.refresh_from_db()
    assert (case.due_on, case.is_due_certain) == (date(UNKNOWN, 1, 6), True)


def test_an_import_replaces_the_year_and_leaves_others(officer: User) -> None:
    year_import(year=UNKNOWN, days=[(date(UNKNOWN, 1, 5), False, "")], by=officer)
    year_import(year=UNKNOWN + 1, days=[(date(UNKNOWN + 1, 1, 1), False, "")], by=officer)
    year_import(year=UNKNOWN, days=[(date(UNKNOWN, 2, 2), False, "")], by=officer)
    found = {each.year: each for each in year_list()}
    assert [day for day, _, _ in found[UNKNOWN].days] == [date(UNKNOWN, 2, 2)]
    assert found[UNKNOWN + 1].kind == "imported"


def test_years_are_told_as_packaged_imported_or_unknown(officer: User) -> None:
    year_import(year=2024, days=[], by=officer)
    kinds = {each.year: each.kind for each in year_list(date(2023, 6, 30))}
    assert (kinds[2022], kinds[2023], kinds[2024]) == ("packaged", "packaged", "imported")
    assert {each.kind for each in year_list(date(UNKNOWN, 1, 1)) if each.year >= UNKNOWN} == {"unknown"}


def test_the_packaged_days_name_holidays_and_moved_working_days() -> None:
    days = {day: (is_working, name) for day, is_working, name in packaged_days(2023)}
    assert days[date(2023, 6, 22)] == (False, "端午")
    assert days[date(2023, 6, 25)][0] is True
    assert date(2023, 6, 26) not in days


def test_limits_are_set_changed_and_taken_away_with_a_log(officer: User) -> None:
    for days in (5, 8, None):
        limit_set(state="verifying", township="", severity="red", working_days=days, by=officer)
    assert not Limit.objects.exists()
    changes = [entry.detail["changed"] for entry in Entry.objects.order_by("number")]
    assert changes == [[None, 5], [5, 8], [8, None]]


def test_only_the_county_sets_limits_and_imports(township_officer: User, leader: User) -> None:
    for person in (township_officer, leader):
        with pytest.raises(NotAllowed):
            limit_set(state="verifying", township="城关镇", severity="", working_days=1, by=person)
        with pytest.raises(NotAllowed):
            year_import(year=UNKNOWN, days=[], by=person)


def test_the_table_shows_what_is_set_and_what_is_inherited(db: None) -> None:
    Limit.objects.create(state="verifying", working_days=20)
    Limit.objects.create(state="verifying", severity="red", working_days=10)
    Limit.objects.create(state="verifying", township="城关镇", working_days=5)

    def cells(township: str) -> list[tuple[int | None, int | None]]:
        row = next(row for row in limit_table(township) if row.state == "verifying")
        return [(cell.working_days, cell.inherited) for cell in row.cells[:3]]

    assert cells("") == [(20, None), (10, 20), (None, 20)]
    assert cells("城关镇") == [(5, 20), (None, 5), (None, 5)]
    assert cells("会亭镇") == [(None, 20), (None, 10), (None, 20)]
