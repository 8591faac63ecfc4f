"""From trial to full rule by what visits confirmed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from mingcha_web.access.errors import NotAllowed, WorkbenchError, WrongState
from mingcha_web.access.models import User
from mingcha_web.runs import rules_standing
from mingcha_web.runs.models import ParameterProposal, RuleStanding
from mingcha_web.runs.rules_standing import readiness_of, rule_back_on_trial, rule_confirm, status_of

Make = Callable[..., Any]


@pytest.fixture
def verdicts(make_run: Make, make_finding: Make, make_case: Make) -> Callable[..., None]:
    """``verdicts(true=…, untrue=…)``: so many findings of R01 with that verdict."""
    run = make_run(rules={"R01": 9})

    def made(**counts: int) -> None:
        for verdict, count in counts.items():
            for _ in range(count):
                make_case(findings=[make_finding(run=run)], verdicts=[(verdict, "data")])

    return made


@pytest.fixture
def on_trial(officer: User) -> None:
    rule_back_on_trial(rule_id="R01", note="新口径", by=officer)


def _asks(value: object, officer: User, leader: User) -> None:
    ParameterProposal.objects.create(
        key="rule_trial", value=value, source="x", proposed_by=officer, decided_by=leader, state="approved",
        submit_key=str(value)
    )  # fmt: skip


@pytest.mark.usefixtures("on_trial")
@pytest.mark.parametrize(
    ("true", "untrue", "is_ready"), [(3, 2, True), (2, 3, False), (3, 1, False), (0, 0, False), (4, 1, True)]
)
def test_enough_must_be_confirmed(
    verdicts: Callable[..., None], officer: User, leader: User, true: int, untrue: int, is_ready: bool
) -> None:
    _asks({"findings": 5, "rate": 60}, officer, leader)
    verdicts(true=true, untrue=untrue, unknown=7)
    assert readiness_of("R01").is_ready is is_ready
    if is_ready:
        standing = rule_confirm(rule_id="R01", by=leader)
        assert (standing.told, standing.rate) == (true + untrue, round(true * 100 / (true + untrue)))
        assert status_of("R01") == "active"
    else:
        with pytest.raises(WrongState, match="不够"):
            rule_confirm(rule_id="R01", by=leader)


@pytest.mark.usefixtures("on_trial")
def test_unset_nothing_is_ready(verdicts: Callable[..., None], officer: User, leader: User) -> None:
    _asks(None, officer, leader)
    verdicts(true=40)
    ready = readiness_of("R01")
    assert (ready.wanted, ready.is_ready) == (None, False)


def test_a_new_version_is_as_its_file_says(officer: User, monkeypatch: pytest.MonkeyPatch) -> None:
    rule_back_on_trial(rule_id="R01", note="新口径", by=officer)
    assert status_of("R01") == "trial"
    RuleStanding.objects.update(version=99)
    assert status_of("R01") == rules_standing.rule_card("R01").status == "active"


def test_who_may_and_with_what_reason(officer: User, township_officer: User) -> None:
    with pytest.raises(NotAllowed):
        rule_back_on_trial(rule_id="R01", note="x", by=township_officer)
    with pytest.raises(WorkbenchError, match="理由"):
        rule_back_on_trial(rule_id="R01", note=" ", by=officer)
    rule_back_on_trial(rule_id="R01", note="新口径", by=officer)
    with pytest.raises(WrongState):
        rule_back_on_trial(rule_id="R01", note="再来", by=officer)


def test_the_pages_show_it(officer: User, client: Client, verdicts: Callable[..., None]) -> None:
    client.force_login(officer)
    verdicts(untrue=2)
    client.post("/runs/rules/R01/standing/", {"what": "trial", "note": "误报多"})
    page = client.get("/runs/rules/R01/").content.decode()
    for words in ("试行", "误报多", "不属实的原因", "转正条件"):
        assert words in page
    assert "转为正式规则" not in page
    assert "试行" in client.get("/runs/rules/?text=R01").content.decode()
