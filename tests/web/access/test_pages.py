"""Pages of login and accounts."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from tests.web.factories import PASSWORD

from mingcha_web.access.models import User
from mingcha_web.access.policy import Action
from mingcha_web.audit.models import Entry


def test_a_new_account_logs_in_with_its_temporary_password_and_has_to_change_it(administrator_client: Client) -> None:
    given = {
        "username": "hui.wang",
        "name": "王会亭",
        "role": "township_officer",
        "township": "会亭镇",
        "submit_key": "a",
    }
    page = administrator_client.post("/accounts/new/", given).content.decode()
    password = re.search(r"<code[^>]*>([^<]+)</code>", page)
    assert password is not None
    person = Client()
    person.post("/login/", {"username": "hui.wang", "password": password[1]})
    assert person.get("/").headers["Location"] == "/account/password/"
    new = {"old": password[1], "new": "自己-选的-密码-9", "again": "自己-选的-密码-9"}
    assert person.post("/account/password/", new).status_code == 302
    assert person.get("/account/").status_code == 200


def test_the_password_is_shown_once(administrator_client: Client) -> None:
    given = {"username": "hui", "name": "王", "role": "auditor", "submit_key": "a"}
    administrator_client.post("/accounts/new/", given)
    again = administrator_client.post("/accounts/new/", given).content.decode()
    assert "<code" not in again
    assert "只建了一个" in again
    assert User.objects.filter(username="hui").count() == 1


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"username": "王 会"}, "只能用字母"),
        ({"username": "OFFICER"}, "这个账号已经有了"),
        ({"role": "village_assistant", "township": "城关镇"}, "所在的村"),
        ({"role": "township_officer"}, "要填写乡镇"),
        ({"role": ""}, "必填"),
        ({"role": "township_officer", "township": "城关真"}, "区划表里没有“城关真”"),
        ({"role": "village_assistant", "township": "城关镇", "village": "没有的村"}, "“城关镇”没有“没有的村”"),
    ],
)
def test_a_form_with_a_mistake_keeps_what_was_typed(
    administrator_client: Client, officer: User, given: dict[str, str], sentence: str
) -> None:
    full = {"username": "fine", "name": "周小试", "role": "auditor", "submit_key": "b", **given}
    answer = administrator_client.post("/accounts/new/", full)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert "周小试" in answer.content.decode()


@pytest.mark.parametrize(
    ("given", "place"),
    [
        ({"township": "城关", "village": "滨湖路社区"}, ("城关镇", "滨湖路居委会")),
        ({"township": "郭庄农贸区", "village": "农贸市场社区"}, ("郭庄农贸区", "农贸市场")),
        ({"township": "新设的镇", "village": "甲村", "is_unlisted": "on"}, ("新设的镇", "甲村")),
    ],
)
def test_a_place_is_kept_as_findings_write_it(
    administrator_client: Client, given: dict[str, str], place: tuple[str, str]
) -> None:
    full = {"username": "fine", "name": "周小试", "role": "village_assistant", "submit_key": "b", **given}
    assert administrator_client.post("/accounts/new/", full).status_code == 200
    account = User.objects.get(username="fine")
    assert (account.township, account.village) == place


def test_disabling_ends_a_running_session(
    administrator_client: Client, township_client: Client, township_officer: User
) -> None:
    assert township_client.get("/account/").status_code == 200
    administrator_client.post(f"/accounts/{township_officer.pk}/active/", {"is_active": "0"})
    assert township_client.get("/account/").headers["Location"].startswith("/login/")


def test_resetting_a_password_ends_running_sessions(
    administrator_client: Client, township_client: Client, township_officer: User
) -> None:
    page = administrator_client.post(f"/accounts/{township_officer.pk}/password/").content.decode()
    assert re.search(r"<code[^>]*>[a-z2-9-]{19}</code>", page)
    assert township_client.get("/account/").headers["Location"].startswith("/login/")


def test_two_administrators_editing_one_account(administrator_client: Client, leader: User) -> None:
    given = {"name": "王一", "role": "county_leader", "version": "1"}
    assert administrator_client.post(f"/accounts/{leader.pk}/", given).status_code == 302
    answer = administrator_client.post(f"/accounts/{leader.pk}/", {**given, "name": "王二"})
    assert answer.status_code == 409
    assert "王一" in answer.content.decode()


@pytest.mark.parametrize(
    ("query", "names"), [("role=auditor", {"auditor"}), ("text=王局", {"leader"}), ("state=disabled", set())]
)
def test_the_list_is_filtered(
    administrator_client: Client, auditor: User, leader: User, query: str, names: set[str]
) -> None:
    page = administrator_client.get(f"/accounts/?{query}").context["page"]
    assert {user.username for user in page.object_list} == names


def test_the_administrator_sees_no_findings_and_no_cases(administrator: User) -> None:
    personal = [
        action for action in Action if action.value.startswith(("finding", "case", "referral", "number", "upload"))
    ]
    assert not any(administrator.can(action) for action in personal)


def test_login_goes_where_the_person_wanted_and_nowhere_else(officer: User) -> None:
    good = {"username": "officer", "password": PASSWORD}
    assert Client().post("/login/", {**good, "next": "/account/"}).headers["Location"] == "/account/"
    assert Client().post("/login/", {**good, "next": "https://evil.example/"}).headers["Location"] == "/"


def test_login_says_the_same_for_a_wrong_password_and_an_unknown_account(officer: User) -> None:
    pages = [
        Client().post("/login/", {"username": name, "password": "错"}).content.decode()
        for name in ("officer", "nobody")
    ]
    assert all("账号或密码不对" in page for page in pages)
    assert Entry.objects.filter(action="login_failed").count() == 2


def test_the_list_takes_the_same_queries_at_any_size(
    administrator_client: Client, make_user: Callable[..., User], django_assert_max_num_queries: Any
) -> None:
    for _ in range(40):
        make_user("auditor")
    with django_assert_max_num_queries(6):
        administrator_client.get("/accounts/")
