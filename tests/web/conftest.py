"""Accounts of every role, logged-in clients and rows for the tests of the workbench."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client

from mingcha_web.access.models import User
from mingcha_web.access.policy import Role
from tests.web import factories

_HERE = Path(__file__).parent
#: Beginnings of the names of files that test the data layer alone.
_DATA_LAYER = ("test_services", "test_selectors", "test_data")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests of services and selectors are marked ``data`` by the name of their file: they run on PostgreSQL too."""
    for item in items:
        if item.path.is_relative_to(_HERE) and item.path.name.startswith(_DATA_LAYER):
            item.add_marker("data")


@pytest.fixture
def make_user(db: None) -> Callable[..., User]:
    """``make_user(Role.X, township=…, village=…)``."""
    return factories.make_user


@pytest.fixture
def make_run(db: None) -> Callable[..., object]:
    """``make_run(as_of=…, rules={"R01": 3})``: a finished comparison."""
    return factories.make_run


@pytest.fixture
def make_finding(db: None) -> Callable[..., object]:
    """``make_finding(run=…, township=…, rule_id=…)``."""
    return factories.make_finding


@pytest.fixture
def make_case(db: None) -> Callable[..., object]:
    """``make_case(findings=[…], state=…, verdicts=[("true", "fraud")])``."""
    return factories.make_case


@pytest.fixture
def officer(db: None) -> User:
    """县级经办 of the county."""
    return factories.make_user(Role.COUNTY_OFFICER, username="officer", name="李县办")


@pytest.fixture
def second_officer(db: None) -> User:
    """Another 县级经办: who approves what the first proposed."""
    return factories.make_user(Role.COUNTY_OFFICER, username="officer2", name="周县办")


@pytest.fixture
def leader(db: None) -> User:
    """县级领导."""
    return factories.make_user(Role.COUNTY_LEADER, username="leader", name="王局长")


@pytest.fixture
def township_officer(db: None) -> User:
    """乡镇经办 of 城关镇."""
    return factories.make_user(Role.TOWNSHIP_OFFICER, username="town", name="赵镇办", township=factories.TOWN)


@pytest.fixture
def other_township_officer(db: None) -> User:
    """乡镇经办 of 会亭镇."""
    return factories.make_user(Role.TOWNSHIP_OFFICER, username="town2", name="钱镇办", township=factories.OTHER_TOWN)


@pytest.fixture
def assistant(db: None) -> User:
    """村级协理员 in 城关镇东关村."""
    return factories.make_user(Role.VILLAGE_ASSISTANT, username="village", name="孙协理", township=factories.TOWN)


@pytest.fixture
def other_assistant(db: None) -> User:
    """村级协理员 in 会亭镇南街村."""
    return factories.make_user(
        Role.VILLAGE_ASSISTANT, username="village2", name="吴协理", township=factories.OTHER_TOWN, village="南街村"
    )


@pytest.fixture
def inspector(db: None) -> User:
    """纪检人员."""
    return factories.make_user(Role.INSPECTOR, username="inspector", name="郑纪检")


@pytest.fixture
def auditor(db: None) -> User:
    """审计人员."""
    return factories.make_user(Role.AUDITOR, username="auditor", name="冯审计")


@pytest.fixture
def rule_author(db: None) -> User:
    """规则维护."""
    return factories.make_user(Role.RULE_AUTHOR, username="author", name="陈规则")


@pytest.fixture
def administrator(db: None) -> User:
    """系统管理员."""
    return factories.make_user(Role.ADMINISTRATOR, username="admin", name="褚管理")


@pytest.fixture
def client_of() -> Callable[[User], Client]:
    """``client_of(user)``: a browser in which that person is logged in."""

    def logged_in(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return logged_in


@pytest.fixture
def officer_client(client_of: Callable[[User], Client], officer: User) -> Client:
    """The county officer's browser."""
    return client_of(officer)


@pytest.fixture
def leader_client(client_of: Callable[[User], Client], leader: User) -> Client:
    """The leader's browser."""
    return client_of(leader)


@pytest.fixture
def township_client(client_of: Callable[[User], Client], township_officer: User) -> Client:
    """The browser of 城关镇's officer."""
    return client_of(township_officer)


@pytest.fixture
def other_township_client(client_of: Callable[[User], Client], other_township_officer: User) -> Client:
    """The browser of 会亭镇's officer."""
    return client_of(other_township_officer)


@pytest.fixture
def assistant_client(client_of: Callable[[User], Client], assistant: User) -> Client:
    """The village assistant's browser."""
    return client_of(assistant)


@pytest.fixture
def inspector_client(client_of: Callable[[User], Client], inspector: User) -> Client:
    """The inspector's browser."""
    return client_of(inspector)


@pytest.fixture
def auditor_client(client_of: Callable[[User], Client], auditor: User) -> Client:
    """The auditor's browser."""
    return client_of(auditor)


@pytest.fixture
def administrator_client(client_of: Callable[[User], Client], administrator: User) -> Client:
    """The administrator's browser."""
    return client_of(administrator)
