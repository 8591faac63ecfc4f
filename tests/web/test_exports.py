"""Every list as .xlsx, from its own address: the same rows under the same filters, to who may, and logged."""

from __future__ import annotations

import io
from typing import Any

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse

from mingcha_web.access.models import User
from mingcha_web.access.policy import POLICY, Action, Role
from mingcha_web.audit.models import Entry
from mingcha_web.uploads.models import Batch, Delivery, Obligation
from tests.web import factories

pytestmark = pytest.mark.django_db

#: Address → who opens it.
LISTS = {
    "run_list": Role.COUNTY_OFFICER,
    "rule_list": Role.TOWNSHIP_OFFICER,
    "parameter_list": Role.AUDITOR,
    "upload_list": Role.COUNTY_OFFICER,
    "delivery_list": Role.AUDITOR,
    "upload_calendar": Role.COUNTY_OFFICER,
    "account_list": Role.ADMINISTRATOR,
    "referral_list": Role.INSPECTOR,
}


def _client(role: Role) -> tuple[Client, User]:
    person, client = factories.make_user(role), Client()
    client.force_login(person)
    return client, person


def _book(answer: Any) -> list[tuple[Any, ...]]:
    assert answer.status_code == 200
    assert "spreadsheetml" in answer["Content-Type"]
    content = b"".join(answer.streaming_content)
    return list(openpyxl.load_workbook(io.BytesIO(content)).active.iter_rows(values_only=True))


@pytest.mark.parametrize(("name", "role"), LISTS.items())
def test_a_list_gives_itself_as_a_book_and_its_page_offers_it(name: str, role: Role) -> None:
    client, person = _client(role)
    page = client.get(reverse(name)).content.decode()
    assert 'data-export="xlsx"' in page
    rows = _book(client.get(reverse(name), {"export": "xlsx"}))
    entry = Entry.objects.get(action="list_export")
    assert entry.actor_id == person.pk
    assert int(entry.detail["rows"]) == len(rows) - 1


def test_filters_narrow_the_book_as_they_narrow_the_page() -> None:
    client, officer = _client(Role.COUNTY_OFFICER)
    for office in ("公安局", "民政局"):
        batch = Batch.objects.create(office=office, folder="x", by=officer, state="done", submit_key=office)
        Delivery.objects.create(batch=batch, file=f"{office}的表.xlsx")
    rows = _book(client.get(reverse("delivery_list"), {"export": "xlsx", "office": "公安局"}))
    assert [row[:2] for row in rows[1:]] == [("公安局", "公安局的表.xlsx")]


def test_changes_of_a_run_show_masked_numbers_alone() -> None:
    client, officer = _client(Role.COUNTY_OFFICER)
    run = factories.make_run(by=officer, rules={"R01": 1})
    factories.make_finding(run=run, name="欧阳甲")
    rows = _book(client.get(reverse("run_changes", args=[run.pk]), {"export": "xlsx"}))
    assert [row[3] for row in rows[1:]] == ["欧阳甲"]
    assert all("****" in row[4] for row in rows[1:] if row[4])


def test_text_never_becomes_a_formula() -> None:
    client, _ = _client(Role.COUNTY_OFFICER)
    Obligation.objects.create(office="=1+1", dataset="death_cancel")
    rows = _book(client.get(reverse("upload_calendar"), {"export": "xlsx"}))
    assert rows[1][0] == "=1+1"


def test_who_only_reads_is_refused_and_sees_no_button() -> None:
    assert Role.COUNTY_LEADER not in POLICY[Action.LIST_EXPORT]
    client, _ = _client(Role.COUNTY_LEADER)
    assert "data-export" not in client.get(reverse("run_list")).content.decode()
    assert client.get(reverse("run_list"), {"export": "xlsx"}).status_code == 403
