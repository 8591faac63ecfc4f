"""The log's pages: filters, proof, export."""

from __future__ import annotations

import io
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.test import Client
from django.utils import timezone

import mingcha_web
from mingcha_web.access.models import User
from mingcha_web.audit.models import Entry
from mingcha_web.audit.services import record
from mingcha_web.audit.words import ACTIONS


def test_every_action_that_is_logged_has_a_chinese_name() -> None:
    source = Path(mingcha_web.__file__).parent
    pattern = re.compile(r"\brecord\(\s*\"([a-z_]+)\"(?:\s+if\s[^,]*?\selse\s+\"([a-z_]+)\")?")
    found = {
        action
        for path in source.rglob("*.py")
        for match in pattern.findall(path.read_text(encoding="utf-8"))
        for action in match
        if action
    }
    assert len(found) > 10
    assert found - set(ACTIONS) == set()


@pytest.fixture
def log(officer: User, leader: User) -> None:
    record("login", by=officer, kind="account", object_id=1)
    record("password_reset", by=leader, kind="account", object_id=2)
    record("finding_list_read", by=officer, is_personal=True, detail={"rows": 50})


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("", {1, 2, 3}),
        ("person=李县办", {1, 3}),
        ("person=leader", {2}),
        ("action=login", {1}),
        ("kind=account&object_id=2", {2}),
        ("is_personal=on", {3}),
        ("since=2001-01-01&until=2001-01-02", set()),
        ("since=不是日期", {1, 2, 3}),
        ("action=nonsense", {1, 2, 3}),
    ],
)
def test_filters_pick_entries(log: None, auditor_client: Client, query: str, numbers: set[int]) -> None:
    page = auditor_client.get(f"/audit/?{query}").context["page"]
    assert {entry.number for entry in page.object_list} == numbers


def test_days_are_counted_in_china(log: None, auditor_client: Client) -> None:
    local = timezone.localtime().date()
    assert len(auditor_client.get(f"/audit/?since={local}&until={local}").context["page"].object_list) == 3
    before = local - timedelta(days=1)
    assert len(auditor_client.get(f"/audit/?until={before}").context["page"].object_list) == 0


def test_a_date_that_cannot_be_read_is_told(log: None, auditor_client: Client) -> None:
    assert "输入一个有效的日期" in auditor_client.get("/audit/?since=6月").content.decode()


def test_verifying_says_that_the_log_is_whole_and_is_logged(log: None, auditor_client: Client) -> None:
    page = auditor_client.post("/audit/verify/", follow=True).content.decode()
    assert "日志完整，共 3 条" in page
    assert Entry.objects.get(number=4).action == "audit_verify"


def test_verifying_names_the_broken_entry(log: None, auditor_client: Client) -> None:
    Entry.objects.filter(number=2).update(actor_name="别人")
    page = auditor_client.post("/audit/verify/", follow=True).content.decode()
    assert "第2条记录" in page


def _sheet(client: Client, **given: str) -> list[tuple[Any, ...]]:
    answer = client.post("/audit/export/", given)
    return [*openpyxl.load_workbook(io.BytesIO(answer.getvalue())).active.iter_rows(values_only=True)]


def test_the_export_holds_what_was_filtered_and_is_logged(log: None, auditor_client: Client) -> None:
    rows = _sheet(auditor_client, person="李县办")
    assert [row[0] for row in rows] == ["序号", 1, 3]
    assert rows[1][4] == "登录"
    last = Entry.objects.first()
    assert last is not None
    assert (last.action, last.detail["rows"], last.detail["filters"]["person"]) == ("audit_export", 2, "李县办")


def test_the_export_holds_no_formulas(auditor_client: Client) -> None:
    record("login_failed", detail={"username": '=HYPERLINK("http://x")'})
    record("=1+1", object_id="=1+1")
    answer = auditor_client.post("/audit/export/")
    sheet = openpyxl.load_workbook(io.BytesIO(answer.getvalue())).active
    assert {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value} == {"s", "n"}


def test_what_a_clue_is_about_is_for_the_inspector_alone(
    auditor_client: Client, inspector_client: Client, officer: User
) -> None:
    record("referral_raise", by=officer, kind="referral", object_id="X2023-1", detail={"reason": "收钱"})
    assert "收钱" not in auditor_client.get("/audit/").content.decode()
    assert "收钱" in inspector_client.get("/audit/").content.decode()
    assert "收钱" not in str(_sheet(auditor_client))


def test_the_list_takes_the_same_queries_at_any_size(
    officer: User, auditor_client: Client, django_assert_max_num_queries: Any
) -> None:
    for _ in range(60):
        record("login", by=officer)
    with django_assert_max_num_queries(6):
        auditor_client.get("/audit/")


def test_an_empty_log_says_what_to_do(auditor_client: Client) -> None:
    assert "没有符合条件的记录" in auditor_client.get("/audit/?person=没有这个人").content.decode()
