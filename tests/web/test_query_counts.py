"""No page asks the database more for many rows than for few, and none more than fifteen times."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from mingcha_web.access.models import User
from mingcha_web.access.policy import Role
from tests.web.factories import OTHER_TOWN, TOWN, make_case, make_finding, make_run, make_user

pytestmark = pytest.mark.django_db
_MOST = 15
_TRANSACTION = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "ROLLBACK", "PRAGMA")

_PAGES = (
    *((role, "/") for role in Role),
    *((Role.COUNTY_OFFICER, path) for path in ("/cases/", "/cases/?state=open", "/cases/due/", "/findings/")),
    *(
        (Role.COUNTY_OFFICER, path)
        for path in ("/findings/?rule=R01&text=张", "/runs/", "/runs/rules/", "/uploads/due/")
    ),
    *((Role.COUNTY_OFFICER, path) for path in ("/cases/{case}/", "/findings/{finding}/", "/runs/{run}/changes/")),
    *((Role.TOWNSHIP_OFFICER, path) for path in ("/cases/", "/findings/", "/cases/{case}/", "/findings/{finding}/")),
    (Role.VILLAGE_ASSISTANT, "/cases/"),
    (Role.ADMINISTRATOR, "/accounts/"),
)


@dataclass(frozen=True)
class County:
    """One account of each role, and the rows that pages with a number show."""

    people: dict[Role, User]
    numbers: dict[str, int]


@pytest.fixture
def county() -> County:
    """A small one."""
    people = {role: make_user(role) for role in Role}
    before = make_run()
    run = make_run(before=before)
    finding = make_finding(run=run, state="cased")
    case = make_case(findings=[finding])
    return County(people, {"finding": finding.pk, "case": case.pk, "run": run.pk})


def _queries(client: Client, path: str) -> int:
    client.get(path)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(path).status_code == 200
    return sum(not str(each["sql"]).startswith(_TRANSACTION) for each in asked.captured_queries)


def _grow(county: County) -> None:
    run = make_run()
    for number in range(60):
        town = TOWN if number % 2 else OTHER_TOWN
        findings = [make_finding(run=run, township=town, household_id=f"h-{number}", state="cased") for _ in range(2)]
        given: dict[str, Any] = {"assignee": county.people[Role.VILLAGE_ASSISTANT]} if town == TOWN else {}
        make_case(findings=findings, township=town, **given)
        make_user(Role.TOWNSHIP_OFFICER)


@pytest.mark.parametrize(("role", "path"), _PAGES)
def test_a_page_asks_as_much_for_many_rows_as_for_few(county: County, role: Role, path: str) -> None:
    client = Client()
    client.force_login(county.people[role])
    address = path.format(**county.numbers)
    few = _queries(client, address)
    _grow(county)
    many = _queries(client, address)
    assert many <= _MOST
    # what is shown only where there are rows may add a statement or two, never one for each row
    assert many <= few + 3
