"""Start pages: who finds what, every number leads to its rows, and the cost stays the same whatever the rows."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from lxml import html
from tests.web.factories import OTHER_TOWN, TOWN, make_case, make_finding, make_run, make_user

from mingcha_web.access.models import User
from mingcha_web.access.policy import Role
from mingcha_web.audit.models import Entry
from mingcha_web.cases.models import State, Supervision
from mingcha_web.uploads.models import Batch, Delivery

pytestmark = pytest.mark.django_db
_MOST_QUERIES = 12
#: Roles that see rows about people behind the numbers.
_SEEING = (Role.COUNTY_OFFICER, Role.COUNTY_LEADER, Role.TOWNSHIP_OFFICER, Role.INSPECTOR, Role.AUDITOR)
_TRANSACTION = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "ROLLBACK")


def _county(size: int = 1) -> None:
    """Cases of every state, age and deadline in two townships, findings of several rules, two comparisons."""
    officer, town = make_user(Role.COUNTY_OFFICER), make_user(Role.TOWNSHIP_OFFICER)
    before = make_run(by=officer)
    run = make_run(by=officer, before=before, new=2, continuing=1, gone=1, findings=3)
    now, today = timezone.now(), timezone.localdate()
    rules = (("R01", "死亡未退出", "red"), ("R16", "护理补贴等级不符", "orange"), ("R32", "近亲属应备案未备案", "red"))
    number = 0
    for _ in range(size):
        for place in (TOWN, OTHER_TOWN):
            for state in State:
                rule_id, title, severity = rules[number % len(rules)]
                finding = make_finding(
                    run=run if number % 2 else before,
                    township=place,
                    rule_id=rule_id,
                    rule_title=title,
                    severity=severity,
                    state="settled" if state == State.CLOSED else "cased",
                )
                closing = (
                    {
                        "closed_by": officer,
                        "outcome": "recovered",
                        "amount_found": Decimal(900),
                        "amount_recovered": Decimal(300),
                        "is_confirmed": True,
                    }
                    if state == State.CLOSED
                    else {"due_on": (today + timedelta(days=number % 23 - 9)) if number % 7 else None}
                )
                case = make_case(
                    findings=[finding],
                    township=place,
                    state=state,
                    opened_at=now - timedelta(days=number * 13 % 120),
                    **closing,
                )
                if state == State.VERIFYING:
                    Supervision.objects.create(case=case, by=officer, at=now, note="请抓紧", submit_key=f"s{case.pk}")
                number += 1
            helped = make_finding(
                run=run, township=place, rule_id="R17", rule_title="应享两补未享", severity="blue", is_help=True
            )
            make_case(
                findings=[helped],
                township=place,
                state=State.CLOSED,
                closed_by=officer,
                outcome="covered",
                verified_by=town,
            )


def _page(client: Client) -> html.HtmlElement:
    answer = client.get("/")
    assert answer.status_code == 200
    return html.fromstring(answer.content.decode())


def _text(node: html.HtmlElement) -> str:
    return re.sub(r"\s+", "", node.text_content())


def _rows_behind(client: Client, link: str) -> int:
    """How many rows the list at an address says it has."""
    answer = client.get(link)
    assert answer.status_code == 200, link
    page = answer.content.decode()
    told = re.search(r"共 (\d+) 条", page)
    if told is None:
        assert "没有符合条件" in page, link
        return 0
    return int(told[1])


@pytest.mark.parametrize("role", list(Role))
def test_every_role_finds_a_page_of_its_own(role: Role, client_of: Callable[[User], Client]) -> None:
    _county()
    client = client_of(make_user(role))
    page = _page(client)
    assert page.xpath("//h1")
    for link in set(page.xpath("//main//a/@href")):
        assert client.get(link).status_code == 200, f"{role} is led to {link}"


@pytest.mark.parametrize("role", list(Role))
def test_an_empty_workbench_has_a_page_for_everybody(role: Role, client_of: Callable[[User], Client]) -> None:
    client = client_of(make_user(role))
    for link in set(_page(client).xpath("//main//a/@href")):
        assert client.get(link).status_code == 200, f"{role} is led to {link}"


@pytest.mark.parametrize("role", _SEEING)
def test_every_number_is_that_of_the_rows_behind_it(role: Role, client_of: Callable[[User], Client]) -> None:
    _county(2)
    client = client_of(make_user(role))
    followed = 0
    for figure in _page(client).xpath("//*[contains(@class,'numbers')]/a"):
        link, shown = figure.get("href"), figure.find("b").text.replace(",", "")
        if link.startswith(("/cases/?", "/findings/?")) and shown.isdigit() and not figure.xpath("b/i"):
            assert _rows_behind(client, link) == int(shown), f"{_text(figure)} → {link}"
            followed += 1
    assert followed >= 3


@pytest.mark.parametrize("role", _SEEING)
def test_every_bar_is_that_of_the_rows_behind_it(role: Role, client_of: Callable[[User], Client]) -> None:
    _county(2)
    client = client_of(make_user(role))
    svg = {"svg": "http://www.w3.org/2000/svg"}
    followed = 0
    for chart in _page(client).xpath("//div[@class='chart-wide']/*"):
        for bar in chart.xpath(".//a[.//rect/title]", namespaces=svg):
            link, tip = bar.get("href"), bar.xpath(".//rect/title")[0].text
            if link.startswith(("/cases/", "/findings/")):
                assert _rows_behind(client, link) == int(tip.rsplit(" ", 1)[1].replace(",", "")), f"{tip} → {link}"
                followed += 1
    assert followed >= 1


@pytest.mark.parametrize("role", [Role.COUNTY_LEADER, Role.INSPECTOR, Role.AUDITOR])
def test_the_table_of_townships_counts_the_rows_behind_it(role: Role, client_of: Callable[[User], Client]) -> None:
    _county(2)
    client = client_of(make_user(role))
    cells = _page(client).xpath("//table//td[@class='num']/a")
    assert cells
    for cell in cells:
        if cell.text.replace(",", "").isdigit():
            assert _rows_behind(client, cell.get("href")) == int(cell.text.replace(",", "")), cell.get("href")


@pytest.mark.parametrize("role", list(Role))
def test_the_queries_stay_few_whatever_the_rows(role: Role, client_of: Callable[[User], Client]) -> None:
    client = client_of(make_user(role))

    def asked() -> int:
        client.get("/")
        with CaptureQueriesContext(connection) as captured:
            client.get("/")
        return sum(not str(each["sql"]).startswith(_TRANSACTION) for each in captured.captured_queries)

    _county(1)
    small = asked()
    _county(8)
    assert asked() == small
    assert small <= _MOST_QUERIES


def test_the_first_thing_is_to_upload_then_to_compare(officer_client: Client, officer: User) -> None:
    page = _page(officer_client)
    assert _text(page.xpath("//li[@class='next']/a")[0]) == "上传各部门的表格"
    batch = Batch.objects.create(office="民政局", by=officer, submit_key="b", state="done")
    Delivery.objects.create(batch=batch, file="名册.xlsx", key="k")
    page = _page(officer_client)
    assert _text(page.xpath("//li[@class='next']/a")[0]) == "比对"
    assert "已有" in _text(page.xpath("//li[@class='done']")[0])


def test_without_any_limit_the_page_says_so(officer_client: Client) -> None:
    make_case(findings=[make_finding(run=make_run())])
    notice = _page(officer_client).xpath("//main/div[contains(@class,'notice')]")[0]
    assert "没有设办理期限" in _text(notice).replace("还", "")
    assert notice.xpath("a/@href") == ["/calendar/"]


def test_a_township_sees_its_own_alone(
    township_client: Client, other_township_client: Client, officer_client: Client
) -> None:
    _county()
    make_case(township=OTHER_TOWN)

    def open_cases(client: Client) -> int:
        (found,) = (each for each in _page(client).xpath("//*[@class='numbers']/a") if _text(each).endswith("在办"))
        return int(found.find("b").text)

    own, other = open_cases(township_client), open_cases(other_township_client)
    assert (own, other) == (6, 7)
    assert open_cases(officer_client) == own + other
    assert OTHER_TOWN not in _text(_page(township_client).xpath("//main")[0])


def test_an_assistant_finds_the_own_visits_and_it_is_logged(assistant_client: Client, assistant: User) -> None:
    soon = make_case(state=State.VERIFYING, assignee=assistant, due_on=timezone.localdate() + timedelta(days=2))
    late = make_case(state=State.DISPATCHED, assignee=assistant, due_on=timezone.localdate() - timedelta(days=3))
    someone_elses = make_case(state=State.DISPATCHED)
    done = make_case(state=State.REPORTED, assignee=assistant)
    page = _page(assistant_client)
    assert [_text(each.xpath(".//b")[0]) for each in page.xpath("//a[@class='task']")] == [late.name, soon.name]
    assert "逾期3天" in _text(page.xpath("//a[@class='task']")[0])
    words = _text(page.xpath("//main")[0])
    assert someone_elses.name not in words
    assert done.name not in words
    entry = Entry.objects.get(action="home_read")
    assert (entry.is_personal, entry.detail) == (True, {"rows": 2})


@pytest.mark.parametrize("role", [role for role in Role if role != Role.VILLAGE_ASSISTANT])
def test_nobody_is_named_on_the_other_pages(role: Role, client_of: Callable[[User], Client]) -> None:
    _county()
    words = _text(_page(client_of(make_user(role))).xpath("//main")[0])
    assert "张试" not in words
    assert "411426" not in words
    assert not Entry.objects.filter(action="home_read").exists()


def test_charts_carry_neither_script_nor_foreign_addresses(officer_client: Client) -> None:
    _county()
    page = officer_client.get("/").content.decode()
    charts = re.findall(r"<svg.*?</svg>", page, re.S)
    assert len(charts) >= 6
    for chart in charts:
        assert "<script" not in chart
        assert "http" not in chart.replace("http://www.w3.org/", "")
        assert "aria-label" in chart or "aria-hidden" in chart


def test_newly_covered_and_recovered_are_told(officer_client: Client) -> None:
    _county()
    figures = {
        _text(each.xpath("span")[0]): each.find("b").text
        for each in _page(officer_client).xpath("//*[@class='numbers']/a")
    }
    assert figures["新纳入救助"] == "2"
    assert figures["追回金额"] == "600.00"
    assert figures["核定金额"] == "1,800.00"
