"""What rule pages count, and for whom."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from mingcha_web.access.models import User
from mingcha_web.cases.models import Case
from mingcha_web.findings.models import Finding
from mingcha_web.runs.models import RuleResult, Run
from mingcha_web.runs.rules_selectors import last_run, rule_field_for, rule_hits_for, rule_list_for, rule_runs_for

Make = Callable[..., Any]


@pytest.fixture
def visited(make_run: Make, make_finding: Make, make_case: Make, assistant: User) -> Run:
    """Six verdicts on R01: four in 城关镇 (one of them the assistant's), two in 会亭镇."""
    run: Run = make_run(rules={"R01": 6, "R04": 0})
    RuleResult.objects.create(run=run, rule_id="R44", state="skipped", reason="数据未提供：发放记录")
    town = [("true", "fraud"), ("true", "late"), ("partly", "data"), ("untrue", "data")]
    other = [("untrue", "data"), ("unknown", "")]
    for township, verdicts in (("城关镇", town), ("会亭镇", other)):
        for n, verdict in enumerate(verdicts):
            finding: Finding = make_finding(run=run, township=township)
            case: Case = make_case(findings=[finding], township=township, verdicts=[verdict])
            if township == "城关镇" and n == 0:
                Case.objects.filter(pk=case.pk).update(assignee=assistant)
    make_case(findings=[make_finding(rule_id="R04")])
    return run


def test_precision_is_of_what_could_be_verified(visited: Run, officer: User) -> None:
    field = rule_field_for(officer, "R01")
    assert (field.true, field.partly, field.untrue, field.unknown, field.told) == (2, 1, 2, 1, 6)
    assert field.precision == 60
    assert field.table[2] == ("不属实", 2, [("数据错误", 2)])


def test_a_rule_nobody_visited_has_no_precision(visited: Run, officer: User) -> None:
    field = rule_field_for(officer, "R04")
    assert (field.told, field.precision) == (0, None)


def test_people_are_shown_numbers_of_their_own_scope(
    visited: Run, township_officer: User, other_township_officer: User, assistant: User, rule_author: User
) -> None:
    assert rule_field_for(township_officer, "R01").told == 4
    assert rule_field_for(other_township_officer, "R01").told == 2
    assert rule_field_for(assistant, "R01").told == 1
    assert rule_field_for(rule_author, "R01").told == 6


def test_hits_of_a_township_are_its_own(
    visited: Run, officer: User, township_officer: User, other_township_officer: User, assistant: User
) -> None:
    people = (officer, township_officer, other_township_officer, assistant)
    assert [rule_hits_for(person, visited, "R01") for person in people] == [6, 4, 2, None]
    assert rule_hits_for(township_officer, visited, "R04") == 0
    assert rule_hits_for(officer, visited, "R44") is None


def test_the_list_holds_every_rule_and_is_filtered(visited: Run, officer: User, administrator: User) -> None:
    rows = rule_list_for(officer, visited)
    assert len(rows) > 30
    assert [row.card.id for row in rule_list_for(officer, visited, state="skipped")] == ["R44"]
    assert [row.card.id for row in rule_list_for(officer, visited, text="r01")] == ["R01"]
    assert {row.card.severity for row in rule_list_for(officer, visited, severity="blue")} == {"blue"}
    assert rule_list_for(administrator, visited) == []


def test_the_list_stands_without_a_comparison(officer: User) -> None:
    assert all(row.hits is None for row in rule_list_for(officer, None))


def test_the_last_run_is_the_latest_that_ended_well(make_run: Make) -> None:
    make_run(as_of=date(2023, 5, 31))
    wanted = make_run(as_of=date(2023, 6, 30))
    make_run(as_of=date(2023, 7, 31), state="failed")
    assert last_run() == wanted


def test_past_runs_are_for_who_sees_the_county(visited: Run, officer: User, township_officer: User) -> None:
    assert [each.hits for each in rule_runs_for(officer, "R01")] == [6]
    assert rule_runs_for(township_officer, "R01") == []


def test_the_list_takes_the_same_queries_at_any_size(
    visited: Run, officer: User, make_case: Make, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(3):
        rule_list_for(officer, visited)
    for _ in range(10):
        make_case(verdicts=[("true", "")])
    with django_assert_num_queries(3):
        rule_list_for(officer, visited)
