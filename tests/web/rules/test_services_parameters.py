"""Changes of policy parameters: two people, days in force, what the engine is given."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.http import Http404

from mingcha import api
from mingcha_web.access.errors import NotAllowed, WorkbenchError, WrongState
from mingcha_web.access.models import User
from mingcha_web.audit.models import Entry
from mingcha_web.runs.models import ParameterProposal
from mingcha_web.runs.parameters import overrides_on, parameter_get_for, parameter_list_for
from mingcha_web.runs.parameters_services import BadValue, proposal_decide, proposal_make, proposal_withdraw
from mingcha_web.runs.parameters_words import read_value, value_words, written
from mingcha_web.runs.rules_words import explain

DAY = date(2023, 6, 30)
_keys = iter(range(10_000))


def _propose(by: User, key: str = "PL-01", value: Any = "5", **fields: Any) -> ParameterProposal:
    given = {"effective_from": None, "effective_to": None, "source": "县政府办〔2023〕1号", **fields}
    return proposal_make(key=key, value=value, by=by, **{"submit_key": f"k{next(_keys)}", **given})


def _approved(by: User, other: User, **fields: Any) -> ParameterProposal:
    return proposal_decide(proposal_id=_propose(by, **fields).pk, is_approved=True, by=other)


def _in_force(key: str, day: date) -> Any:
    return next(item.value for item in api.parameters_in_force(day, overrides_on(day)) if item.key == key)


def test_a_proposal_counts_only_once_somebody_else_approved_it(officer: User, second_officer: User) -> None:
    proposal = _propose(officer)
    assert _in_force("PL-01", DAY) == 3
    proposal_decide(proposal_id=proposal.pk, is_approved=True, by=second_officer)
    assert _in_force("PL-01", DAY) == 5
    assert [*Entry.objects.order_by("number").values_list("action", flat=True)] == [
        "parameter_propose",
        "parameter_approve",
    ]


def test_nobody_approves_what_they_proposed(officer: User) -> None:
    proposal = _propose(officer)
    for is_approved in (True, False):
        with pytest.raises(NotAllowed):
            proposal_decide(proposal_id=proposal.pk, is_approved=is_approved, note="x", by=officer)


def test_the_database_itself_keeps_two_people_apart(officer: User) -> None:
    proposal = _propose(officer)
    with pytest.raises(IntegrityError), transaction.atomic():
        ParameterProposal.objects.filter(pk=proposal.pk).update(state="approved", decided_by=officer)


@pytest.mark.parametrize(
    ("since", "until", "day", "expected"),
    [
        (date(2023, 7, 1), None, date(2023, 6, 30), 3),
        (date(2023, 7, 1), None, date(2023, 7, 1), 5),
        (None, date(2023, 7, 31), date(2023, 7, 31), 5),
        (None, date(2023, 7, 31), date(2023, 8, 1), 3),
        (date(2023, 7, 1), date(2023, 7, 1), date(2023, 7, 1), 5),
    ],
)
def test_a_value_holds_from_its_first_to_its_last_day(
    officer: User, leader: User, since: date | None, until: date | None, day: date, expected: int
) -> None:
    _approved(officer, leader, effective_from=since, effective_to=until)
    assert _in_force("PL-01", day) == expected


def test_what_was_approved_last_wins(officer: User, leader: User) -> None:
    first = _propose(officer, value="4")
    _approved(officer, leader, value="6")
    proposal_decide(proposal_id=first.pk, is_approved=True, by=leader)
    assert _in_force("PL-01", DAY) == 4


def test_an_empty_value_takes_a_parameter_out_of_force(officer: User, leader: User) -> None:
    _approved(officer, leader, value=None)
    assert _in_force("PL-01", DAY) is None
    assert not parameter_get_for(officer, "PL-01", as_of=DAY).is_set


def test_parts_of_a_structure_lie_over_the_pack(officer: User, leader: User) -> None:
    _approved(officer, leader, key="HN-SQ", value={"农村低保": "500"})
    shown = parameter_get_for(officer, "HN-SQ", as_of=DAY)
    assert "500" in shown.words
    assert shown.source == "县政府办〔2023〕1号"
    assert shown.region_label == "本县审批"


@pytest.mark.parametrize(
    ("key", "value", "sentence"),
    [
        ("PL-01", "许多", "应是整数"),
        ("PL-01", "-1", "应是整数"),
        ("NO-99", "1", "没有编号"),
        ("TK-08", {"什么": 1}, "没有分项"),
        ("CJ-02", "九级", "读不懂"),
        ("DB-08", "也许", "是或否"),
        ("PL-08", "年底", "日期"),
    ],
)
def test_a_value_the_engine_would_not_take_is_refused(officer: User, key: str, value: Any, sentence: str) -> None:
    with pytest.raises(BadValue, match=sentence):
        _propose(officer, key=key, value=value)
    assert not ParameterProposal.objects.exists()


def test_a_form_sent_twice_proposes_once(officer: User) -> None:
    assert _propose(officer, submit_key="same").pk == _propose(officer, submit_key="same").pk
    assert Entry.objects.count() == 1


def test_a_decision_is_made_once(officer: User, second_officer: User, leader: User) -> None:
    proposal = _approved(officer, second_officer)
    with pytest.raises(WrongState):
        proposal_decide(proposal_id=proposal.pk, is_approved=False, note="晚了", by=leader)
    with pytest.raises(WrongState):
        proposal_withdraw(proposal_id=proposal.pk, by=officer)


def test_a_refusal_says_why(officer: User, leader: User) -> None:
    proposal = _propose(officer)
    with pytest.raises(WorkbenchError, match="理由"):
        proposal_decide(proposal_id=proposal.pk, is_approved=False, note=" ", by=leader)
    refused = proposal_decide(proposal_id=proposal.pk, is_approved=False, note="文件还没有印发", by=leader)
    assert refused.state == "refused"
    assert overrides_on(DAY) == []


def test_one_withdraws_only_what_one_proposed(officer: User, second_officer: User) -> None:
    proposal = _propose(officer)
    with pytest.raises(NotAllowed):
        proposal_withdraw(proposal_id=proposal.pk, by=second_officer)
    assert proposal_withdraw(proposal_id=proposal.pk, by=officer).state == "withdrawn"
    assert overrides_on(DAY) == []


def test_roles_that_may_not_are_refused(
    officer: User, auditor: User, rule_author: User, leader: User, administrator: User
) -> None:
    with pytest.raises(NotAllowed):
        _propose(auditor)
    proposal = _propose(rule_author)
    with pytest.raises(NotAllowed):
        proposal_decide(proposal_id=proposal.pk, is_approved=True, by=auditor)
    proposal_decide(proposal_id=proposal.pk, is_approved=True, by=leader)
    assert parameter_list_for(administrator, as_of=DAY) == []
    with pytest.raises(Http404):
        parameter_get_for(administrator, "PL-01", as_of=DAY)


def test_a_rule_is_explained_with_the_countys_own_values(officer: User, leader: User) -> None:
    _approved(officer, leader, value="7")
    assert ("查什么", "死亡满7个月，次日起仍在救助名册上的人员（低保边缘家庭成员除外）。") in explain("R01", DAY).lines
    assert [each.words for each in explain("R01", DAY).parameters if each.key == "PL-01"] == ["7个月"]


def test_the_engine_takes_every_override(officer: User, leader: User) -> None:
    _approved(officer, leader, key="CJ-02", value="一级、智力三级")
    _approved(officer, leader, key="HN-23", value={"农村低保": "445.50"}, effective_from=date(2023, 1, 1))
    for override in overrides_on(DAY):
        api.check_parameters(override)
    assert _in_force("CJ-02", DAY) == ["*-1", "5-3"]
    assert str(_in_force("HN-23", DAY)["dibao_rural"]) == "445.50"


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("3", "3"),
        (" 3个月 ", "3个月"),
        ("", None),
        ("取消", None),
        ("农村低保：500\n城市低保: 700.5", {"农村低保": "500", "城市低保": "700.5"}),
        ('{"sample_rate": 30.10}', {"sample_rate": "30.10"}),
        ("一级、智力三级", "一级、智力三级"),
    ],
)
def test_what_is_typed_becomes_a_value(typed: str, value: Any) -> None:
    assert read_value(typed) == value


def test_broken_json_is_told_apart() -> None:
    with pytest.raises(ValueError, match="Expecting"):
        read_value('{"a": }')


def test_every_value_in_force_can_be_typed_again() -> None:
    before = api.parameters_in_force(DAY)
    typed = [{item.key: read_value(written(item.key, item.value))} for item in before if item.value is not None]
    after = {item.key: item.value for item in api.parameters_in_force(DAY, typed)}
    assert {item.key: item.value for item in before} == after


def test_values_read_as_an_office_says_them() -> None:
    words = {item.key: value_words(item.key, item.value, item.unit) for item in api.parameters_in_force(DAY)}
    assert words["PL-01"] == "3个月"
    assert words["DB-08"] == "是"
    assert "智力残疾三级" in words["DB-03"]
    assert "配偶" in words["JQ-02"]
    assert "440" in words["HN-23"]
    assert words["PL-08"] == "2023年12月5日"
    assert words["PL-11"] == ""
