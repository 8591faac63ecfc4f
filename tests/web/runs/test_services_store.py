"""What becomes of findings from one comparison to the next."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from tests.web import factories
from tests.web.runs.conftest import a_finding, a_result

from mingcha_web.findings.models import Finding, FindingState, Sighting, Source
from mingcha_web.findings.store import Stored, findings_store
from mingcha_web.runs.models import Run
from mingcha_web.runs.selectors import change_counts, changes_between

pytestmark = pytest.mark.django_db


@pytest.fixture
def compare() -> Callable[..., tuple[Run, Stored]]:
    """``compare(finding, …)``: one more run with those findings."""
    runs: list[Run] = []

    def made(*rows: dict[str, Any], **named: Any) -> tuple[Run, Stored]:
        day = date(2023, len(runs) + 1, 28)
        run = factories.make_run(as_of=day, before=runs[-1] if runs else None)
        runs.append(run)
        result = a_result(*rows, **named)
        for rule in result.rules:
            run.results.create(rule_id=rule.id, state=rule.state)
        return run, findings_store(run=run, result=result)

    return made


def _state(finding_id: str) -> tuple[str, bool]:
    finding = Finding.objects.get(finding_id=finding_id)
    return finding.state, finding.is_current


def test_a_first_finding_is_kept_as_it_was_told(compare: Callable[..., Any]) -> None:
    run, stored = compare(a_finding("R01-a", period="2023-05", amount=Decimal("400.00")))
    finding = Finding.objects.get()
    assert stored == Stored(1, 1, 0, 0)
    assert (finding.rule_title, finding.program, finding.person_key, finding.facts) == ("规则R01", "低保", 7, "f1")
    assert (finding.state, finding.is_current, finding.is_help, finding.source) == ("open", True, False, "comparison")
    assert (finding.first_run, finding.last_run, finding.first_seen_on) == (run, run, date(2023, 1, 28))
    assert (finding.period, finding.amount) == ("2023-05", Decimal("400.00"))
    assert finding.evidence[0] == {"dataset": "payment", "file": "a"}
    assert Sighting.objects.get().facts == "f1"


def test_what_is_reported_again_is_updated_and_keeps_its_beginning(compare: Callable[..., Any]) -> None:
    first, _ = compare(a_finding("R01-a"))
    second, stored = compare(a_finding("R01-a", summary="情况变了。", amount=Decimal("9.00"), facts="f2"))
    finding = Finding.objects.get()
    assert stored == Stored(1, 0, 1, 0)
    assert (finding.summary, finding.amount, finding.facts) == ("情况变了。", Decimal("9.00"), "f2")
    assert (finding.first_run, finding.last_run) == (first, second)
    assert (finding.first_seen_on, finding.last_seen_on) == (date(2023, 1, 28), date(2023, 2, 28))
    assert list(Sighting.objects.order_by("pk").values_list("facts", flat=True)) == ["f1", "f2"]


def test_new_continuing_and_gone_are_counted(compare: Callable[..., Any]) -> None:
    compare(a_finding("R01-a"), a_finding("R01-b"), a_finding("R02-c"))
    run, stored = compare(a_finding("R01-b"), a_finding("R02-d"))
    assert stored == Stored(findings=2, new=1, continuing=1, gone=2)
    found = {
        kind: set(changes_between(run, run.before, kind).values_list("finding__finding_id", flat=True))
        for kind in ("all", "new", "continuing", "gone")
    }
    assert found == {
        "all": {"R01-b", "R02-d"},
        "new": {"R02-d"},
        "continuing": {"R01-b"},
        "gone": {"R01-a", "R02-c"},
    }
    counts = change_counts(run, run.before, "gone")
    assert (counts.total, counts.by(0), counts.by(1)) == (2, [("R01", 1), ("R02", 1)], [("城关镇", 2)])
    assert counts.chosen("R01", "").total == 1
    assert counts.chosen("", "会亭镇").total == 0


def test_an_open_finding_that_is_not_reported_is_gone_and_open_when_back(compare: Callable[..., Any]) -> None:
    compare(a_finding("R01-a"))
    compare()
    assert _state("R01-a") == ("gone", False)
    _, stored = compare(a_finding("R01-a"))
    assert _state("R01-a") == ("open", True)
    assert stored == Stored(1, 1, 0, 0)


def test_a_rule_that_did_not_run_says_nothing(compare: Callable[..., Any]) -> None:
    compare(a_finding("R01-a"), a_finding("R02-b"))
    run, stored = compare(rules=("R01",), skipped=("R02",))
    assert (_state("R01-a"), _state("R02-b")) == (("gone", False), ("open", True))
    assert stored.gone == 1
    assert changes_between(run, run.before, "gone").count() == 1


@pytest.mark.parametrize(("facts", "state"), [("f1", FindingState.CLEARED), ("f2", FindingState.OPEN)])
def test_a_cleared_finding_is_silent_while_its_facts_are_equal(
    compare: Callable[..., Any], facts: str, state: str
) -> None:
    compare(a_finding("R01-a", facts="f1"))
    Finding.objects.update(state=FindingState.CLEARED, cleared_facts="f1")
    compare(a_finding("R01-a", facts=facts))
    assert _state("R01-a") == (state, True)


def test_a_cleared_finding_stays_silent_after_a_pause(compare: Callable[..., Any]) -> None:
    compare(a_finding("R01-a"))
    Finding.objects.update(state=FindingState.CLEARED, cleared_facts="f1")
    compare()
    assert _state("R01-a") == ("cleared", False)
    compare(a_finding("R01-a"))
    assert _state("R01-a") == ("cleared", True)


@pytest.mark.parametrize("state", [FindingState.CASED, FindingState.SETTLED])
def test_what_is_in_a_case_stays_there(compare: Callable[..., Any], state: str) -> None:
    compare(a_finding("R01-a"))
    Finding.objects.update(state=state)
    compare(a_finding("R01-a", facts="f2"))
    assert _state("R01-a") == (state, True)
    compare()
    assert _state("R01-a") == (state, False)


def test_warnings_from_above_are_left_alone(compare: Callable[..., Any]) -> None:
    warning = factories.make_finding(source=Source.PROVINCE, rule_id="R01")
    compare(a_finding("R01-a"))
    warning.refresh_from_db()
    assert (warning.state, warning.is_current) == ("open", True)


@pytest.mark.parametrize(
    ("datasets", "program"),
    [
        (["payment", "tekun_person"], "特困"),
        (["dibao_household"], "低保"),
        (["child"], "孤儿和事实无人抚养儿童"),
        (["disability_subsidy"], "残疾人两项补贴"),
        (["low_income_member"], "低保边缘和刚性支出"),
        (["payment", "vehicle"], ""),
    ],
)
def test_the_programme_is_told_by_the_evidence(compare: Callable[..., Any], datasets: list[str], program: str) -> None:
    compare(a_finding("R01-a", evidence=json.dumps([{"dataset": name} for name in datasets])))
    assert Finding.objects.get().program == program


def test_blue_findings_are_help_and_empty_cells_are_empty_text(compare: Callable[..., Any]) -> None:
    compare(a_finding("R01-a", severity="blue", name=None, id_number=None, village=None, person_key=None))
    finding = Finding.objects.get()
    assert finding.is_help
    assert (finding.name, finding.id_masked, finding.village, finding.person_key) == ("", "", "", None)


def test_values_longer_than_their_column_are_cut(compare: Callable[..., Any]) -> None:
    compare(a_finding("R01-a", name="名" * 200, village="村" * 200))
    finding = Finding.objects.get()
    assert (len(finding.name), len(finding.village)) == (80, 80)


def test_statements_grow_with_chunks_not_with_rows(
    compare: Callable[..., Any], django_assert_max_num_queries: Any
) -> None:
    compare(*(a_finding(f"R01-{n}") for n in range(300)))
    with django_assert_max_num_queries(60):
        compare(*(a_finding(f"R01-{n}", facts="f2") for n in range(300)))
