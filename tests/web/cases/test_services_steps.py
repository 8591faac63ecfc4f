"""The procedure: who may do what in which state, once, and never on one's own verification."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import Http404
from django.utils import timezone
from tests.web.factories import OTHER_TOWN, make_case, make_finding

from mingcha_web.access.errors import NotAllowed, StaleEdit, WorkbenchError, WrongState
from mingcha_web.access.models import User
from mingcha_web.audit.models import Entry
from mingcha_web.cases import services
from mingcha_web.cases.models import Case, Outcome, State, Step, Verdict
from mingcha_web.cases.selectors import referral_list_for
from mingcha_web.deadlines.models import Limit
from mingcha_web.findings.models import FindingState

pytestmark = pytest.mark.django_db


def report(case: Case, by: User, verdict: str = Verdict.TRUE, cause: str = "late", **more: Any) -> Case:
    reports = [
        services.ItemReport(item.pk, verdict, cause if verdict == Verdict.TRUE else "") for item in case.items.all()
    ]
    return services.case_report(case_id=case.pk, by=by, reports=reports, note="6月3日入户，见到本人", **more)


def reviewed(township: User, verdict: str = Verdict.TRUE, **fields: Any) -> Case:
    """A case that waits for review, verified by the township."""
    case = make_case(state=State.DISPATCHED, **fields)
    report(case, township, verdict)
    return services.case_submit(case_id=case.pk, by=township)


def close(case: Case, by: User, outcome: str = Outcome.STOPPED, **more: Any) -> Case:
    given = {"note": "已停发", "document": "停发通知书〔2023〕5号", **more}
    return services.case_close(case_id=case.pk, by=by, outcome=outcome, **given)


def test_from_dispatch_to_close(officer: User, township_officer: User, assistant: User) -> None:
    case = make_case()
    services.case_dispatch(case_id=case.pk, by=officer)
    services.case_assign(case_id=case.pk, by=township_officer, assignee=assistant)
    services.case_start(case_id=case.pk, by=assistant)
    report(case, assistant)
    services.case_rectify(
        case_id=case.pk,
        by=township_officer,
        is_at_once=False,
        measures="停发并追回",
        person="刘主任",
        due_on=date(2030, 1, 8),
    )
    with pytest.raises(WrongState, match="还没有登记完成"):
        services.case_submit(case_id=case.pk, by=township_officer)
    services.case_rectify_done(case_id=case.pk, by=township_officer, done_on=timezone.localdate(), result="已停发")
    services.case_submit(case_id=case.pk, by=township_officer)
    closed = close(case, officer, Outcome.RECOVERED, amount_found=Decimal("900"), amount_recovered=Decimal("900"))
    closed.refresh_from_db()
    assert (closed.state, closed.closed_by, closed.amount_recovered) == (State.CLOSED, officer, Decimal("900.00"))
    actions = list(closed.steps.values_list("action", flat=True))
    assert actions == ["dispatch", "assign", "start", "report", "rectify", "done", "submit", "close"]
    assert set(Entry.objects.filter(object_id=case.number).values_list("action", flat=True)) >= {
        "case_dispatch",
        "case_close",
    }


ALLOWED = {
    "dispatch": ({State.PENDING, State.DISPATCHED}, lambda c, u: services.case_dispatch(case_id=c.pk, by=u)),
    "start": ({State.DISPATCHED}, lambda c, u: services.case_start(case_id=c.pk, by=u)),
    "report": ({State.DISPATCHED, State.VERIFYING}, report),
    "rectify": (
        {State.REPORTED},
        lambda c, u: services.case_rectify(case_id=c.pk, by=u, is_at_once=True, measures="已改", person="刘主任"),
    ),
    "submit": ({State.REPORTED, State.RECTIFYING}, lambda c, u: services.case_submit(case_id=c.pk, by=u)),
}


@pytest.mark.parametrize("state", [state for state in State if state != State.CLOSED])
@pytest.mark.parametrize("step", ALLOWED)
def test_a_step_is_taken_in_its_own_states_alone(township_officer: User, step: str, state: State) -> None:
    states, take = ALLOWED[step]
    case = make_case(state=state, verdicts=[("true", "late")])
    if state in states:
        take(case, township_officer)
        assert Step.objects.filter(case=case, action=step).count() == 1
    else:
        with pytest.raises(WrongState):
            take(case, township_officer)
        case.refresh_from_db()
        assert case.state == state


@pytest.mark.parametrize("role", ["leader", "auditor", "inspector", "officer", "administrator", "rule_author"])
def test_who_may_not_verify_is_refused(request: pytest.FixtureRequest, role: str) -> None:
    case = make_case(state=State.DISPATCHED)
    with pytest.raises(NotAllowed):
        services.case_start(case_id=case.pk, by=request.getfixturevalue(role))


def test_another_township_finds_nothing(other_township_officer: User, assistant: User) -> None:
    case = make_case(state=State.DISPATCHED)
    with pytest.raises(Http404):
        services.case_start(case_id=case.pk, by=other_township_officer)
    with pytest.raises(Http404):  # in the same township, but not given to this person
        services.case_start(case_id=case.pk, by=assistant)


def test_a_case_goes_to_people_of_its_township_alone(officer: User, other_assistant: User) -> None:
    case = make_case()
    with pytest.raises(WorkbenchError, match="不在城关镇"):
        services.case_dispatch(case_id=case.pk, by=officer, assignee=other_assistant)


def test_nobody_reviews_what_they_verified(officer: User, township_officer: User) -> None:
    case = reviewed(township_officer)
    Case.objects.filter(pk=case.pk).update(verified_by=officer)
    with pytest.raises(NotAllowed, match="别人复核"):
        close(case, officer)
    with pytest.raises(NotAllowed, match="别人复核"):
        services.case_return(case_id=case.pk, by=officer, note="再看")


def test_sent_twice_a_form_counts_once(officer: User) -> None:
    case = make_case()
    for _ in range(2):
        services.case_dispatch(case_id=case.pk, by=officer, version=1, submit_key="k1")
    assert case.steps.count() == 1
    first = services.case_supervise(case_id=case.pk, by=officer, note="抓紧", submit_key="k2")
    assert services.case_supervise(case_id=case.pk, by=officer, note="抓紧", submit_key="k2") == first


def test_the_second_of_two_editors_is_shown_the_difference(officer: User, second_officer: User) -> None:
    case = make_case()
    services.case_dispatch(case_id=case.pk, by=officer, version=1)
    with pytest.raises(StaleEdit) as refused:
        services.case_dispatch(case_id=case.pk, by=second_officer, version=1)
    assert "李县办" in refused.value.sentence
    assert refused.value.changes["环节"][1] == "待核查"
    assert case.steps.count() == 1


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"outcome": ""}, "办结结果"),
        ({"note": " "}, "办结说明"),
        ({"outcome": Outcome.NO_PROBLEM}, "不能是"),
        ({"document": ""}, "文书"),
        ({"outcome": Outcome.RECOVERED}, "核定金额"),
        ({"amount_found": Decimal(5), "amount_recovered": Decimal(6)}, "之间"),
        ({"outcome": Outcome.COVERED}, "不是应保未保"),
    ],
)
def test_closing_asks_for_what_belongs_to_it(
    officer: User, township_officer: User, changes: dict[str, Any], said: str
) -> None:
    case = reviewed(township_officer)
    with pytest.raises(WorkbenchError, match=said):
        close(case, officer, **{"outcome": Outcome.STOPPED, **changes})
    case.refresh_from_db()
    assert case.state == State.REVIEWING


def test_a_help_case_ends_in_inclusion_or_a_reason(officer: User, township_officer: User) -> None:
    finding = make_finding(severity="blue", is_help=True, state=FindingState.CASED)
    case = reviewed(township_officer, Verdict.UNTRUE, findings=[finding])
    with pytest.raises(WorkbenchError, match="已纳入"):
        close(case, officer, Outcome.STOPPED)
    with pytest.raises(WorkbenchError, match="理由"):
        close(case, officer, Outcome.NOT_COVERED, note="")
    close(case, officer, Outcome.NOT_COVERED, note="收入超过标准")
    finding.refresh_from_db()
    assert (finding.state, finding.cleared_facts) == (FindingState.CLEARED, finding.facts)


def test_what_was_untrue_is_cleared_what_was_true_is_watched(officer: User, township_officer: User) -> None:
    one, two = (
        make_finding(state="cased", household_id="h"),
        make_finding(state="cased", household_id="h", rule_id="R02"),
    )
    case = make_case(findings=[one, two], state=State.DISPATCHED)
    items = list(case.items.order_by("pk"))
    reports = [
        services.ItemReport(items[0].pk, Verdict.UNTRUE),
        services.ItemReport(items[1].pk, Verdict.TRUE, "fraud"),
    ]
    services.case_report(case_id=case.pk, by=township_officer, reports=reports, note="入户")
    services.case_submit(case_id=case.pk, by=township_officer)
    close(case, officer)
    one.refresh_from_db()
    two.refresh_from_db()
    assert (one.state, two.state) == (FindingState.CLEARED, FindingState.SETTLED)


def test_a_report_needs_a_conclusion_for_each_and_a_cause_where_it_holds(township_officer: User) -> None:
    case = make_case(state=State.DISPATCHED)
    item = case.items.get()
    with pytest.raises(WorkbenchError, match="核查结论"):
        services.case_report(case_id=case.pk, by=township_officer, reports=[], note="入户")
    with pytest.raises(WorkbenchError, match="原因"):
        reports = [services.ItemReport(item.pk, Verdict.TRUE)]
        services.case_report(case_id=case.pk, by=township_officer, reports=reports, note="入户")


def test_return_goes_one_step_back_with_a_reason(officer: User, township_officer: User) -> None:
    case = reviewed(township_officer)
    with pytest.raises(WorkbenchError, match="理由"):
        services.case_return(case_id=case.pk, by=officer, note="")
    assert services.case_return(case_id=case.pk, by=officer, note="照片不清").state == State.VERIFYING


def test_reopening_takes_the_findings_along(officer: User, township_officer: User) -> None:
    case = close(reviewed(township_officer), officer)
    again = services.case_reopen(case_id=case.pk, by=officer, note="新情况")
    assert (again.state, again.closed_at, again.reopened) == (State.DISPATCHED, None, 1)
    assert case.items.get().finding.state == FindingState.CASED


def test_deadlines_follow_the_nearest_limit(officer: User) -> None:
    Limit.objects.create(state=State.DISPATCHED, working_days=5)
    Limit.objects.create(state=State.DISPATCHED, township="城关镇", severity="red", working_days=2)
    near = services.case_dispatch(case_id=make_case().pk, by=officer)
    far = services.case_dispatch(case_id=make_case(township=OTHER_TOWN).pk, by=officer)
    assert near.due_on is not None
    assert far.due_on is not None
    assert timezone.localdate() < near.due_on < far.due_on


def test_without_a_limit_there_is_no_due_day(officer: User) -> None:
    assert services.case_dispatch(case_id=make_case().pk, by=officer).due_on is None


def test_many_are_dispatched_at_once_and_once(township_officer: User, assistant: User) -> None:
    cases = [make_case() for _ in range(3)] + [make_case(state=State.VERIFYING)]
    other = make_case(township=OTHER_TOWN)
    ids = [case.pk for case in (*cases, other)]
    assert services.cases_dispatch(case_ids=ids, by=township_officer, assignee=assistant, submit_key="m") == (3, 1)
    assert services.cases_dispatch(case_ids=ids, by=township_officer, assignee=assistant, submit_key="m") == (0, 0)
    other.refresh_from_db()
    assert other.state == State.PENDING


PHOTO = b"\xff\xd8\xff\xe0" + b"0" * 500


def test_a_photo_is_kept_sealed_and_once(assistant: User, settings: Any, tmp_path: Any) -> None:
    settings.ATTACHMENTS, settings.DATA = tmp_path / "a", tmp_path
    case = make_case(state=State.VERIFYING, assignee=assistant)
    first = services.attachment_add(case_id=case.pk, file=SimpleUploadedFile("门前.jpg", PHOTO), by=assistant)
    again = services.attachment_add(case_id=case.pk, file=SimpleUploadedFile("门前2.jpg", PHOTO), by=assistant)
    assert first == again
    assert services.attachment_bytes(first) == PHOTO
    (stored,) = [path for path in (tmp_path / "a").rglob("*") if path.is_file()]
    assert PHOTO[:8] not in stored.read_bytes()
    sealed = stored.read_bytes()
    stored.write_bytes(sealed[:-1] + bytes([sealed[-1] ^ 1]))
    with pytest.raises(WorkbenchError, match="打不开"):
        services.attachment_bytes(first)


@pytest.mark.parametrize(
    ("name", "data"), [("照片.jpg", b"MZ\x90\x00"), ("表.docx", b"PK\x03\x04zip"), ("x.pdf", b"<html>")]
)
def test_what_is_no_photo_or_document_is_refused(assistant: User, name: str, data: bytes) -> None:
    case = make_case(state=State.VERIFYING, assignee=assistant)
    with pytest.raises(WorkbenchError, match="没有上传"):
        services.attachment_add(case_id=case.pk, file=SimpleUploadedFile(name, data), by=assistant)


def test_an_oversized_file_is_refused_unread(assistant: User, settings: Any) -> None:
    settings.ATTACHMENT_LIMIT = 10
    case = make_case(state=State.VERIFYING, assignee=assistant)
    with pytest.raises(WorkbenchError, match="超过"):
        services.attachment_add(case_id=case.pk, file=SimpleUploadedFile("门前.jpg", PHOTO), by=assistant)


def test_supervision_is_answered_once(officer: User, township_officer: User) -> None:
    case = make_case(state=State.DISPATCHED)
    note = services.case_supervise(case_id=case.pk, by=officer, note="逾期了，请抓紧", submit_key="s")
    services.supervision_reply(supervision_id=note.pk, by=township_officer, reply="明天入户")
    with pytest.raises(WrongState):
        services.supervision_reply(supervision_id=note.pk, by=township_officer, reply="后天入户")


def test_clues_are_behind_a_wall(officer: User, inspector: User, leader: User, auditor: User) -> None:
    case = make_case()
    made = services.referral_raise(case_id=case.pk, about="某村干部", clue="涉嫌优亲厚友", by=officer, submit_key="r")
    assert services.referral_raise(case_id=case.pk, about="x", clue="y", by=officer, submit_key="r") == made
    assert list(referral_list_for(inspector)) == [made]
    for person in (officer, leader, auditor):
        assert not referral_list_for(person).exists()
        with pytest.raises(NotAllowed):
            services.referral_receive(referral_id=made.pk, by=person, due_on=None, version=1)
    received = services.referral_receive(
        referral_id=made.pk, by=inspector, due_on=timezone.localdate() + timedelta(days=9), version=1
    )
    with pytest.raises(StaleEdit):
        services.referral_decide(referral_id=made.pk, by=inspector, outcome="查实", version=1)
    services.referral_decide(referral_id=made.pk, by=inspector, outcome="查实，已处理", version=received.version)
    assert "优亲厚友" not in "".join(case.steps.values_list("note", flat=True))
    assert not any("优亲厚友" in str(entry.detail) for entry in Entry.objects.all())
