"""Who owes what: periods, due days, what came in time, late or not at all."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from mingcha_web.access.errors import NotAllowed, WrongState
from mingcha_web.access.models import User
from mingcha_web.uploads.calendar import calendar_for, obligation_end, obligation_set, obligations_suggest
from mingcha_web.uploads.models import Batch, DeliveredSheet, Delivery, Obligation

pytestmark = pytest.mark.django_db

TODAY = date(2023, 7, 12)


def _came(officer: User, on: date, month: str, *, office: str = "公安局", state: str = "active") -> Delivery:
    batch, _ = Batch.objects.get_or_create(office=office, by=officer, submit_key=f"c-{office}")
    delivery = Delivery.objects.create(batch=batch, file="a.csv", key="k", state=state)
    at = timezone.make_aware(datetime(on.year, on.month, on.day, 9))
    Delivery.objects.filter(pk=delivery.pk).update(created_at=at)
    DeliveredSheet.objects.create(delivery=delivery, dataset="death_cancel", month=month, rows=7)
    return delivery


def _states(officer: User, today: date = TODAY) -> dict[str, str]:
    row = calendar_for(officer, today=today).rows[0]
    return {cell.month: cell.state for cell in row.cells}


def test_months_are_in_time_late_missing_and_not_yet_due(officer: User) -> None:
    Obligation.objects.create(office="公安局", dataset="death_cancel", due_day=10)
    _came(officer, date(2023, 4, 10), "2023-03")
    _came(officer, date(2023, 5, 11), "2023-04")
    assert _states(officer) == {
        "2023-02": "missing",
        "2023-03": "done",
        "2023-04": "late",
        "2023-05": "missing",
        "2023-06": "missing",
        "2023-07": "open",
    }


def test_the_last_day_is_not_late(officer: User) -> None:
    Obligation.objects.create(office="公安局", dataset="death_cancel", due_day=12)
    assert _states(officer)["2023-06"] == "open"
    assert _states(officer, date(2023, 7, 13))["2023-06"] == "missing"


def test_what_came_first_in_time_stays_in_time_when_it_is_mended_later(officer: User) -> None:
    Obligation.objects.create(office="公安局", dataset="death_cancel", due_day=10)
    _came(officer, date(2023, 6, 8), "2023-05", state="replaced")
    _came(officer, date(2023, 6, 20), "2023-05")
    assert _states(officer)["2023-05"] == "done"


def test_a_sheet_without_month_counts_for_the_month_before(officer: User) -> None:
    Obligation.objects.create(office="公安局", dataset="death_cancel", due_day=10)
    _came(officer, date(2023, 7, 3), "")
    assert _states(officer)["2023-06"] == "done"


def test_withdrawn_and_other_offices_files_do_not_count(officer: User) -> None:
    Obligation.objects.create(office="公安局", dataset="death_cancel", due_day=10)
    _came(officer, date(2023, 7, 3), "2023-06", state="withdrawn")
    _came(officer, date(2023, 7, 3), "2023-06", office="民政局")
    assert _states(officer)["2023-06"] == "missing"


def test_quarters_and_years_end_in_their_last_month(officer: User) -> None:
    quarterly = Obligation.objects.create(office="公安局", dataset="death_cancel", every_months=3)
    _came(officer, date(2023, 5, 4), "2023-04")
    states = _states(officer)
    assert states == {
        "2023-02": "none",
        "2023-03": "missing",
        "2023-04": "none",
        "2023-05": "none",
        "2023-06": "done",
        "2023-07": "none",
    }
    quarterly.every_months = 12
    quarterly.save()
    assert set(_states(officer).values()) == {"none"}
    assert _states(officer, date(2024, 2, 1))["2023-12"] == "done"


def test_months_before_it_was_asked_for_are_not_missing(officer: User) -> None:
    Obligation.objects.create(office="公安局", dataset="death_cancel", since="2023-05")
    states = _states(officer)
    assert (states["2023-04"], states["2023-05"]) == ("none", "missing")


def test_offices_that_are_behind_are_named(officer: User) -> None:
    Obligation.objects.create(office="公安局", dataset="death_cancel", since="2023-05")
    found = calendar_for(officer, today=TODAY)
    assert (found.missing, found.late, found.offices_behind) == (2, 0, ["公安局"])


def test_setting_twice_changes_the_one_there_is(officer: User) -> None:
    for day in (5, 8):
        obligation_set(office="公安局", dataset="funeral", every_months=1, due_day=day, by=officer)
    assert [each.due_day for each in Obligation.objects.all()] == [8]


def test_an_obligation_cannot_become_a_second_one_of_its_kind(officer: User) -> None:
    obligation_set(office="公安局", dataset="funeral", every_months=1, due_day=5, by=officer)
    other = obligation_set(office="公安局", dataset="vehicle", every_months=1, due_day=5, by=officer)
    with pytest.raises(WrongState):
        obligation_set(
            office="公安局", dataset="funeral", every_months=1, due_day=5, by=officer, obligation_id=other.pk
        )


def test_only_the_county_officer_sets_obligations(leader: User) -> None:
    with pytest.raises(NotAllowed):
        obligation_set(office="公安局", dataset="funeral", every_months=1, due_day=5, by=leader)
    with pytest.raises(NotAllowed):
        obligations_suggest(by=leader)


def test_what_was_delivered_makes_suggestions_once(officer: User) -> None:
    _came(officer, date(2023, 5, 3), "2023-04")
    _came(officer, date(2023, 6, 3), "2023-05")
    assert obligations_suggest(by=officer) == 1
    assert obligations_suggest(by=officer) == 0
    made = Obligation.objects.get()
    assert (made.office, made.dataset, made.since) == ("公安局", "death_cancel", "2023-04")


def test_an_ended_obligation_leaves_the_calendar(officer: User) -> None:
    made = obligation_set(office="公安局", dataset="funeral", every_months=1, due_day=5, by=officer)
    obligation_end(obligation_id=made.pk, by=officer)
    assert calendar_for(officer, today=TODAY).rows == []


def test_the_page_says_what_to_do_and_takes_a_form(officer_client: Client) -> None:
    assert "还没有报送要求" in officer_client.get(reverse("upload_calendar")).content.decode()
    given = {"office": "公安局", "dataset": "death_cancel", "every_months": "1", "due_day": "40", "since": "2023-01"}
    wrong = officer_client.post(reverse("obligation_new"), given)
    assert wrong.status_code == 422
    assert "截止日应在1到28之间" in wrong.content.decode()
    assert 'value="公安局"' in wrong.content.decode()
    page = officer_client.post(reverse("obligation_new"), {**given, "due_day": "10"}, follow=True).content.decode()
    assert "死亡注销" in page
    assert "未交" in page


def test_a_leader_sees_the_calendar_but_changes_nothing(leader_client: Client, officer: User) -> None:
    made = obligation_set(office="公安局", dataset="funeral", every_months=1, due_day=5, by=officer)
    page = leader_client.get(reverse("upload_calendar")).content.decode()
    assert "公安局" in page
    assert "添加报送要求" not in page
    assert leader_client.get(reverse("obligation_edit", args=[made.pk])).status_code == 403
