"""What the people of the sample county did with the first month's cases: some closed, some under way, some waiting."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from mingcha_web.access.models import User
from mingcha_web.cases.models import Case, Cause, Outcome, Rectification, State, Step, Verdict
from mingcha_web.cases.services import (
    ItemReport,
    case_assign,
    case_close,
    case_rectify,
    case_report,
    case_start,
    case_submit,
    case_supervise,
    cases_dispatch,
)
from mingcha_web.deadlines.models import Limit
from mingcha_web.deadlines.services import due_for, limit_set

#: Working days a step may take in the sample county; made up.
_LIMITS = {State.PENDING: 2, State.DISPATCHED: 3, State.VERIFYING: 10, State.REPORTED: 3, State.RECTIFYING: 20}
_REVIEW_DAYS = 5
#: How many cases were worked on: enough to see every stage, in a county of any size.
_WORKED, _STAGES, _WAITING = 42, 7, 6
_PERSON = "民政所经办人"


def limits_set(by: User) -> None:
    """Limits for every step, unless the county has set its own."""
    if Limit.objects.exists():
        return
    for state, days in {**_LIMITS, State.REVIEWING: _REVIEW_DAYS}.items():
        limit_set(state=state, township="", severity="", working_days=days, by=by)


@transaction.atomic
def month_worked(*, officer: User, town: User, assistant: User, first: date) -> None:
    """Works on the cases of the first comparison; they are dated from its day on."""
    ids = list(Case.objects.filter(state=State.PENDING).order_by("pk").values_list("pk", flat=True))
    cases_dispatch(case_ids=[pk for number, pk in enumerate(ids) if number % _WAITING], by=officer)
    own = Case.objects.filter(state=State.DISPATCHED, township=town.township, is_help=False).order_by("pk")[:_WORKED]
    for number, case in enumerate(own):
        if number % _STAGES:
            _worked(case, number % _STAGES, officer, town)
        else:
            case_assign(case_id=case.pk, by=town, assignee=assistant)
    _dated(first)
    late = Case.objects.filter(state=State.DISPATCHED, due_on__lt=timezone.localdate()).order_by("pk").first()
    if late is not None:
        case_supervise(
            case_id=late.pk, by=officer, note="已超期限，请本周内入户核查并反馈。", submit_key="demo-supervise"
        )


def _worked(case: Case, stage: int, officer: User, town: User) -> None:
    """stage: how far it came: 1 begun, 2 reported, 3 rectified, 4 handed in, 5 and 6 closed."""
    case_start(case_id=case.pk, by=town)
    if stage == 1:
        return
    is_true = stage in {3, 4, 5}
    _report(case, town, is_true=is_true)
    if stage == 2:
        return
    if is_true:
        _rectify(case, town)
    if stage == 3:
        return
    case_submit(case_id=case.pk, by=town, note="材料齐全，请复核。")
    if stage == 4:
        return
    found = case.amount if is_true else None
    recovered = None if found is None else (found / 2).quantize(Decimal("0.01"))
    case_close(
        case_id=case.pk,
        by=officer,
        outcome=Outcome.CORRECTED if is_true else Outcome.NO_PROBLEM,
        note="已更正名册并复核。" if is_true else "入户核实，情况正常。",
        document=f"夏民救核〔{case.number}〕号" if is_true else "",
        amount_found=found,
        amount_recovered=recovered,
    )


def _report(case: Case, town: User, *, is_true: bool) -> None:
    verdict, cause = (Verdict.TRUE, Cause.LATE) if is_true else (Verdict.UNTRUE, "")
    note = "入户核实属实，系信息更新不及时。" if is_true else "入户核实，与名册一致。"
    reports = [ItemReport(item.pk, verdict, cause, note) for item in case.items.all()]
    case_report(case_id=case.pk, by=town, reports=reports, note="与村干部一同入户，见到本人和家属。")


def _rectify(case: Case, town: User) -> None:
    case_rectify(case_id=case.pk, by=town, is_at_once=True, measures="更正名册，核对发放。", person=_PERSON)


def _dated(first: date) -> None:
    """The month's work lies in the month: begun the day after the comparison, due as the limits say."""
    for number, case in enumerate(Case.objects.order_by("pk").iterator()):
        opened = _moment(first, 1)
        since = min(_moment(first, 2 + number % 15), timezone.now())
        due = None if case.state == State.CLOSED else due_for(case.state, township="", severity="", start=since.date())
        case.opened_at, case.state_since = opened, since
        case.due_on = due.day if due else None
        case.closed_at = since if case.closed_at else None
        case.verified_at = since if case.verified_at else None
        case.save(update_fields=["opened_at", "state_since", "due_on", "closed_at", "verified_at"])
        steps = list(Step.objects.filter(case=case).order_by("pk"))
        for place, step in enumerate(steps):
            step.at = opened + (since - opened) * place / max(1, len(steps) - 1)
        Step.objects.bulk_update(steps, ["at"])
    Rectification.objects.filter(done_on__isnull=False).update(done_on=min(first + timedelta(days=16), _today()))


def _moment(first: date, days: int) -> datetime:
    return timezone.make_aware(datetime.combine(first + timedelta(days=days), time(9, 30)))


def _today() -> date:
    return timezone.localdate()
