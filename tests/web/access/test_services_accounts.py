"""Accounts: what the administrator may do, and what nobody may."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.core.exceptions import ValidationError
from django.http import Http404
from django.test import RequestFactory
from django.utils import timezone
from tests.web.factories import PASSWORD

from mingcha_web.access import logins
from mingcha_web.access.errors import NotAllowed, StaleEdit
from mingcha_web.access.models import LoginFailures, User
from mingcha_web.access.selectors import account_get_for, account_list_for
from mingcha_web.access.services import (
    account_create,
    account_edit,
    account_switch,
    password_reset,
    temporary_password,
)
from mingcha_web.audit.models import Entry


def _create(by: User, **fields: str) -> User:
    given = {"username": "new", "name": "新人", "role": "township_officer", "township": "城关镇", **fields}
    return account_create(**given, password="临时-密码-12345", by=by)  # type: ignore[arg-type]


def test_only_the_administrator_makes_accounts(officer: User, administrator: User) -> None:
    with pytest.raises(NotAllowed):
        _create(officer)
    user = _create(administrator)
    assert (user.is_temporary, user.township) == (True, "城关镇")
    assert Entry.objects.get().action == "account_create"


def test_a_form_sent_twice_makes_one_account(administrator: User) -> None:
    first = _create(administrator, submit_key="k1")
    assert _create(administrator, submit_key="k1").pk == first.pk
    assert User.objects.filter(username="new").count() == 1


@pytest.mark.parametrize(
    "fields",
    [
        {"username": ""},
        {"role": "king"},
        {"role": "village_assistant", "township": ""},
        {"township": ""},
        {"name": ""},
        {"username": "x" * 41},
    ],
)
def test_an_account_that_cannot_be_is_refused(administrator: User, fields: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        _create(administrator, **fields)
    assert not User.objects.filter(name="新人").exists()


def test_county_roles_keep_no_place(administrator: User) -> None:
    user = _create(administrator, role="county_leader", village="东关村")
    assert (user.township, user.village) == ("", "")


def test_an_edit_is_logged_with_what_changed(administrator: User, township_officer: User) -> None:
    account_edit(
        user_id=township_officer.pk,
        version=1,
        name="赵镇办",
        role="township_officer",
        township="会亭镇",
        by=administrator,
    )
    township_officer.refresh_from_db()
    assert (township_officer.township, township_officer.version) == ("会亭镇", 2)
    assert Entry.objects.get().detail["changed"] == {"township": ["城关镇", "会亭镇"]}


def test_two_people_editing_one_account_notice(administrator: User, leader: User) -> None:
    account_edit(user_id=leader.pk, version=1, name="王副局长", role="county_leader", by=administrator)
    with pytest.raises(StaleEdit) as raised:
        account_edit(user_id=leader.pk, version=1, name="王科长", role="county_leader", by=administrator)
    assert raised.value.changes == {"姓名": ("王科长", "王副局长")}
    leader.refresh_from_db()
    assert leader.name == "王副局长"


def test_nobody_locks_themselves_out(administrator: User) -> None:
    with pytest.raises(NotAllowed):
        account_edit(user_id=administrator.pk, version=1, name="褚", role="auditor", by=administrator)
    with pytest.raises(NotAllowed):
        account_switch(user_id=administrator.pk, is_active=False, by=administrator)


def test_accounts_are_seen_by_the_administrator_alone(administrator: User, officer: User) -> None:
    assert account_list_for(administrator).count() == 2
    assert account_list_for(officer).count() == 0
    with pytest.raises(Http404):
        account_get_for(officer, administrator.pk)


def test_temporary_passwords_differ_and_can_be_read_out() -> None:
    made = {temporary_password() for _ in range(50)}
    assert len(made) == 50
    assert all(re.fullmatch(r"([a-hjkmnp-z2-9]{4}-){3}[a-hjkmnp-z2-9]{4}", password) for password in made)


# --- logging in ---------------------------------------------------------------------------------------------------


def _attempt(username: str, password: str) -> str:
    """'' where it succeeded, else the sentence."""
    request = RequestFactory().post("/login/")
    request.session = SessionStore()
    try:
        logins.log_in(request, username=username, password=password)
    except logins.LoginRefused as refused:
        return refused.sentence
    return ""


def _later(monkeypatch: pytest.MonkeyPatch, **time: float) -> None:
    now = datetime.now(tz=timezone.get_current_timezone()) + timedelta(**time)
    monkeypatch.setattr(timezone, "now", lambda: now)


@pytest.mark.parametrize("username", ["officer", "nobody-here"])
def test_after_five_failures_everybody_waits_whether_the_account_exists_or_not(officer: User, username: str) -> None:
    for _ in range(4):
        assert "账号或密码不对" in _attempt(username, "错")
    assert "暂停登录" in _attempt(username, "错")
    assert "约10分钟后" in _attempt(username, PASSWORD)
    actions = [*Entry.objects.order_by("number").values_list("action", flat=True)]
    assert actions == ["login_failed"] * 5 + ["login_paused"]


def test_after_the_wait_the_right_password_opens(officer: User, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(5):
        _attempt("officer", "错")
    _later(monkeypatch, minutes=9)
    assert "约1分钟后" in _attempt("officer", PASSWORD)
    _later(monkeypatch, minutes=11)
    assert _attempt("officer", PASSWORD) == ""
    assert not LoginFailures.objects.exists()


def test_after_the_wait_one_more_failure_makes_it_wait_again(officer: User, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(5):
        _attempt("officer", "错")
    _later(monkeypatch, minutes=11)
    assert "暂停登录" in _attempt("officer", "错")


def test_a_login_that_succeeds_wipes_the_failures(officer: User) -> None:
    for _ in range(4):
        _attempt("officer", "错")
    assert _attempt("officer", PASSWORD) == ""
    assert "账号或密码不对" in _attempt("officer", "错")


def test_failures_of_long_ago_are_forgotten(officer: User, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(4):
        _attempt("officer", "错")
    _later(monkeypatch, hours=13)
    assert "账号或密码不对" in _attempt("officer", "错")


def test_one_account_waiting_holds_up_no_other(officer: User, leader: User) -> None:
    for _ in range(5):
        _attempt("officer", "错")
    assert _attempt("leader", PASSWORD) == ""


def test_case_does_not_get_around_the_wait(officer: User) -> None:
    for name in ("officer", "Officer", "OFFICER", "oFFicer", "officeR"):
        _attempt(name, "错")
    assert "暂停登录" in _attempt("officer", PASSWORD)


def test_a_password_typed_as_account_is_not_written_down(db: None) -> None:
    _attempt("MySecret-2023!", "x")
    assert "MySecret" not in str(Entry.objects.get().detail)


def test_a_reset_password_ends_the_wait(officer: User, administrator: User) -> None:
    for _ in range(5):
        _attempt("officer", "错")
    password_reset(user_id=officer.pk, password="临时-密码-54321", by=administrator)
    assert _attempt("officer", "临时-密码-54321") == ""


def test_a_disabled_account_cannot_log_in(leader: User, administrator: User) -> None:
    account_switch(user_id=leader.pk, is_active=False, by=administrator)
    assert "账号或密码不对" in _attempt("leader", PASSWORD)
