"""Starting, cancelling and finishing a comparison."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from tests.web import factories
from tests.web.runs.conftest import a_finding, a_result

from mingcha import api
from mingcha.values.workdays import with_years, work_calendar
from mingcha_web.access.errors import NotAllowed, WrongState
from mingcha_web.access.models import User
from mingcha_web.audit.models import Entry
from mingcha_web.cases.models import Case
from mingcha_web.deadlines.services import year_import
from mingcha_web.findings.models import Finding
from mingcha_web.runs import services
from mingcha_web.runs.models import RuleResult, Run
from mingcha_web.runs.selectors import run_folder
from mingcha_web.runs.services import run_cancel, run_start
from mingcha_web.runs.tasks import run_compare
from mingcha_web.uploads.models import Batch, BatchState, Delivery

pytestmark = pytest.mark.django_db

DAY = date(2023, 6, 30)


@pytest.fixture
def delivered(place: Path, officer: User) -> Delivery:
    """Something to compare."""
    batch = Batch.objects.create(office="民政局", by=officer, submit_key="b", state="done")
    return Delivery.objects.create(batch=batch, file="民政局/a.csv", key="k1")


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> Callable[[api.ComparisonResult], list[dict[str, Any]]]:
    """``engine(result)``: comparisons give that result; returns what they were asked."""
    asked: list[dict[str, Any]] = []

    def gives(result: api.ComparisonResult) -> list[dict[str, Any]]:
        def compare(workspace: Path, keys: list[str], **named: Any) -> api.ComparisonResult:
            asked.append({"keys": keys, **named})
            named["out"].mkdir(parents=True)
            (named["out"] / "report.html").write_text("<p>报告</p>", encoding="utf-8")
            named["progress"].step("运行规则", 1, 2, "R01")
            return result

        monkeypatch.setattr(api, "compare_deliveries", compare)
        return asked

    return gives


def _run(officer: User, key: str = "r1", day: date = DAY, **named: Any) -> Run:
    run = run_start(as_of=day, submit_key=key, by=officer, **named)
    run_compare(run.pk)
    run.refresh_from_db()
    return run


def _meanwhile(monkeypatch: pytest.MonkeyPatch, **changes: object) -> None:
    """Somebody changes the run after the worker took it up."""

    def overrides(_day: date) -> list[object]:
        Run.objects.update(**changes)
        return []

    monkeypatch.setattr("mingcha_web.runs.tasks.overrides_of_run", overrides)


def test_a_comparison_keeps_findings_rules_and_cases(delivered: Delivery, officer: User, engine: Any) -> None:
    asked = engine(a_result(a_finding("R01-a"), a_finding("R02-b"), skipped=("R03",)))
    run = _run(officer)
    assert (run.state, run.message) == (BatchState.DONE, "")
    assert (run.findings, run.new, run.keys, run.covered) == (2, 2, ["k1"], {"低保": 120})
    assert [asked[0][name] for name in ("keys", "as_of", "rules")] == [["k1"], DAY, None]
    assert dict(RuleResult.objects.values_list("rule_id", "state")) == {"R01": "ran", "R02": "ran", "R03": "skipped"}
    assert Case.objects.count() == 2
    assert set(Finding.objects.values_list("state", flat=True)) == {"cased"}
    assert Entry.objects.filter(action="run_done").exists()
    assert run_folder(run).is_dir()


def test_the_next_comparison_is_set_against_the_last_full_one(delivered: Delivery, officer: User, engine: Any) -> None:
    engine(a_result(a_finding("R01-a")))
    first = _run(officer, "1")
    engine(a_result(a_finding("R01-a"), rules=("R01",)))
    part = _run(officer, "2", rules=["R01"])
    engine(a_result(a_finding("R02-b")))
    third = _run(officer, "3")
    assert part.before == first
    assert third.before == first
    assert (third.new, third.continuing, third.gone) == (1, 0, 1)


def test_one_at_a_time(delivered: Delivery, officer: User) -> None:
    run_start(as_of=DAY, submit_key="1", by=officer)
    with pytest.raises(WrongState, match="正在进行"):
        run_start(as_of=DAY, submit_key="2", by=officer)


def test_sent_twice_it_is_one_run(delivered: Delivery, officer: User) -> None:
    assert run_start(as_of=DAY, submit_key="1", by=officer) == run_start(as_of=DAY, submit_key="1", by=officer)
    assert Run.objects.count() == 1


def test_without_data_there_is_nothing_to_compare(officer: User) -> None:
    with pytest.raises(WrongState, match="先上传"):
        run_start(as_of=DAY, submit_key="1", by=officer)


def test_the_day_is_neither_in_the_future_nor_before_the_last(delivered: Delivery, officer: User) -> None:
    with pytest.raises(WrongState, match="不能晚于今天"):
        run_start(as_of=timezone.localdate() + timedelta(days=1), submit_key="1", by=officer)
    factories.make_run(as_of=DAY)
    with pytest.raises(WrongState, match="不能早于"):
        run_start(as_of=DAY - timedelta(days=1), submit_key="1", by=officer)


def test_unknown_rules_are_named(delivered: Delivery, officer: User) -> None:
    with pytest.raises(WrongState, match="R999"):
        run_start(as_of=DAY, rules=["R999"], submit_key="1", by=officer)


def test_only_the_county_officer_starts_and_cancels(delivered: Delivery, officer: User, leader: User) -> None:
    with pytest.raises(NotAllowed):
        run_start(as_of=DAY, submit_key="1", by=leader)
    run = run_start(as_of=DAY, submit_key="1", by=officer)
    with pytest.raises(NotAllowed):
        run_cancel(run=run, by=leader)


def test_a_cancelled_comparison_leaves_nothing(
    delivered: Delivery, officer: User, engine: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine(a_result(a_finding("R01-a")))
    run = run_start(as_of=DAY, submit_key="1", by=officer)
    step = services.api.rule_catalogue  # anything the engine would do meanwhile
    assert step
    monkeypatch.setattr(
        "mingcha_web.runs.tasks.overrides_of_run", lambda _day: Run.objects.update(is_cancel_wanted=True) and []
    )
    run_compare(run.pk)
    run.refresh_from_db()
    assert run.state == BatchState.CANCELLED
    assert not Finding.objects.exists()
    assert not run_folder(run).exists()


def test_a_failure_while_storing_leaves_nothing(
    delivered: Delivery, officer: User, engine: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine(a_result(a_finding("R01-a")))

    def broken(**_named: Any) -> None:
        raise ValueError

    monkeypatch.setattr(services, "cases_form", broken)
    run = _run(officer)
    assert run.state == BatchState.FAILED
    assert not Finding.objects.exists()
    assert not RuleResult.objects.exists()
    assert not run_folder(run).exists()
    assert (run.findings, run.keys) == (0, [])


def test_work_given_up_meanwhile_is_not_stored(
    delivered: Delivery, officer: User, engine: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine(a_result(a_finding("R01-a")))
    run = run_start(as_of=DAY, submit_key="1", by=officer)
    _meanwhile(monkeypatch, state="failed")
    run_compare(run.pk)
    run.refresh_from_db()
    assert run.state == BatchState.FAILED
    assert not Finding.objects.exists()


def test_approved_parameters_reach_the_engine(
    delivered: Delivery, officer: User, engine: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = engine(a_result())
    monkeypatch.setattr("mingcha_web.runs.parameters.overrides_on", lambda day: [{"DB-23": 10, "on": day.isoformat()}])
    _run(officer)
    assert asked[0]["params"] == [{"DB-23": 10, "on": "2023-06-30"}]


def test_imported_days_off_reach_the_engine(delivered: Delivery, officer: User, engine: Any) -> None:
    asked = engine(a_result())
    year_import(year=2099, days=[(date(2099, 1, 5), False, "元旦"), (date(2099, 1, 10), True, "")], by=officer)
    year_import(year=2098, days=[], by=officer)
    _run(officer)
    calendar = api.parameters(DAY, asked[0]["params"]).work_calendar
    told = {2098: {}, 2099: {date(2099, 1, 5): False, date(2099, 1, 10): True}}
    assert calendar == with_years(work_calendar(), told)


def test_what_a_killed_worker_left_is_swept(delivered: Delivery, officer: User, engine: Any) -> None:
    dead = factories.make_run(state="failed")
    (run_folder(dead) / "x").mkdir(parents=True)
    engine(a_result())
    run = _run(officer)
    assert not run_folder(dead).exists()
    assert run_folder(run).is_dir()
