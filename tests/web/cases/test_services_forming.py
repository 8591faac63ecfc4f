"""Findings become cases after a run; later runs confirm or re-open closed ones and stay silent on cleared ones."""

from __future__ import annotations

from datetime import date

import pytest
from tests.web.factories import OTHER_TOWN, make_finding, make_run

from mingcha_web.access.models import User
from mingcha_web.cases import services
from mingcha_web.cases.models import Case, Outcome, State, Verdict
from mingcha_web.findings.models import Finding, FindingState, Sighting
from mingcha_web.runs.models import Run
from mingcha_web.uploads.models import Batch, DeliveredSheet, Delivery

pytestmark = pytest.mark.django_db


def run_of(day: int, *rules: str) -> Run:
    return make_run(as_of=date(2023, 6, day), rules=dict.fromkeys(rules or ("R01", "R02"), 1))


def deliver(by: User, dataset: str) -> None:
    """New data of a kind comes in."""
    batch = Batch.objects.create(office="民政局", folder="x", by=by, submit_key=f"b{Batch.objects.count()}")
    delivery = Delivery.objects.create(batch=batch, file=f"{batch.pk}.xlsx", key=f"k{batch.pk}")
    DeliveredSheet.objects.create(delivery=delivery, dataset=dataset, month="2023-06")


def closed(officer: User, township: User, outcome: str = Outcome.STOPPED) -> tuple[Case, Finding]:
    finding = make_finding(run=run_of(1))
    services.cases_form(run=run_of(1))
    case = Case.objects.get(items__finding=finding)
    services.case_dispatch(case_id=case.pk, by=officer)
    reports = [services.ItemReport(case.items.get().pk, Verdict.TRUE, "late")]
    services.case_report(case_id=case.pk, by=township, reports=reports, note="入户")
    services.case_submit(case_id=case.pk, by=township)
    services.case_close(case_id=case.pk, by=officer, outcome=outcome, note="已停发", document="通知书")
    finding.refresh_from_db()
    return case, finding


def test_a_household_is_visited_once() -> None:
    run = run_of(1)
    for rule in ("R01", "R02", "R07"):
        make_finding(run=run, household_id="hA", rule_id=rule, severity="orange" if rule == "R07" else "red")
    make_finding(run=run, household_id="hA", severity="blue", is_help=True)
    make_finding(run=run, household_id="hB", township=OTHER_TOWN)
    make_finding(run=run, household_id="hC", state=FindingState.CLEARED)
    assert services.cases_form(run=run) == 3
    case = Case.objects.get(household_id="hA", is_help=False)
    assert (case.items.count(), case.severity, case.amount, case.state) == (3, "red", 1350, State.PENDING)
    assert case.number == "202306-00001"
    assert set(Finding.objects.exclude(household_id="hC").values_list("state", flat=True)) == {FindingState.CASED}
    assert services.cases_form(run=run) == 0


def test_an_open_case_takes_further_findings_in(officer: User) -> None:
    make_finding(household_id="hA")
    services.cases_form(run=run_of(1))
    case = Case.objects.get()
    services.case_dispatch(case_id=case.pk, by=officer)
    make_finding(household_id="hA", rule_id="R02", rule_title="死后发放")
    assert services.cases_form(run=run_of(2)) == 0
    case.refresh_from_db()
    assert (case.items.count(), case.state) == (2, State.DISPATCHED)
    assert "死后发放" in case.steps.get(action="join").note


def test_the_next_comparison_confirms_a_closed_case(officer: User, township_officer: User) -> None:
    case, _ = closed(officer, township_officer)
    run = run_of(30)
    assert services.cases_look_back(run=run) == (1, 0)
    case.refresh_from_db()
    assert (case.state, case.is_confirmed, case.looked_back_run) == (State.CLOSED, True, run)
    assert services.cases_look_back(run=run) == (0, 0)


def test_a_finding_still_there_in_new_data_opens_the_case_again(officer: User, township_officer: User) -> None:
    case, finding = closed(officer, township_officer)
    deliver(officer, "dibao_roll")
    run = run_of(30)
    Sighting.objects.create(run=run, finding=finding)
    assert services.cases_look_back(run=run) == (0, 1)
    case.refresh_from_db()
    finding.refresh_from_db()
    assert (case.state, case.reopened, finding.state) == (State.DISPATCHED, 1, FindingState.CASED)
    assert "仍发现" in case.steps.get(action="look_back_reopen").note


def test_old_data_say_nothing_about_a_closed_case(officer: User, township_officer: User) -> None:
    case, finding = closed(officer, township_officer)
    deliver(officer, "hukou")  # other data than the finding rests on
    run = run_of(30)
    Sighting.objects.create(run=run, finding=finding)
    assert services.cases_look_back(run=run) == (0, 0)
    case.refresh_from_db()
    assert (case.state, case.is_confirmed) == (State.CLOSED, None)


def test_a_run_of_other_rules_says_nothing_about_it(officer: User, township_officer: User) -> None:
    closed(officer, township_officer)
    assert services.cases_look_back(run=run_of(30, "R09")) == (0, 0)


def test_the_number_of_statements_does_not_grow_with_the_findings(django_assert_max_num_queries) -> None:  # type: ignore[no-untyped-def]
    run = run_of(1)
    for n in range(120):
        make_finding(run=run, household_id=f"h{n}")
    with django_assert_max_num_queries(25):
        services.cases_form(run=run)
    assert Case.objects.count() == 120
