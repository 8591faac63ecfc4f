"""What every step shares: the case under lock, the reader's version, the step with its audit entry."""

from __future__ import annotations

from datetime import date

from django.db.models import Model
from django.utils import timezone

from mingcha_web.access.errors import StaleEdit, WrongState
from mingcha_web.access.guard import require
from mingcha_web.access.models import User
from mingcha_web.access.policy import Action
from mingcha_web.audit.services import record
from mingcha_web.cases.models import Case, State, Step
from mingcha_web.cases.selectors import case_get_for
from mingcha_web.cases.states import MOVES, STEP_LABELS
from mingcha_web.deadlines.services import due_for


def today() -> date:
    """The day it is in Shanghai."""
    return timezone.localdate()


def done_before(submit_key: str | None, case_id: int) -> Case | None:
    """The case a form sent before has changed already.

    The case is locked first: of two sendings at the same moment the second waits here and then finds the first's step.
    """
    if not submit_key:
        return None
    Case.objects.select_for_update().filter(pk=case_id).values_list("pk").first()
    step = Step.objects.filter(submit_key=submit_key).select_related("case").first()
    return step.case if step else None


def case_for(case_id: int, *, by: User, action: Action, version: int | None) -> Case:
    """The case, locked for this transaction.

    version   the one the person saw; None for what does not depend on it
    Raises NotAllowed, Http404 (out of scope), StaleEdit.
    """
    require(by, action)
    case = case_get_for(by, case_id, lock=True)
    if version is not None and case.version != version:
        raise StaleEdit(_changed_words(case, version), _changes(case, version))
    return case


def _changed_words(case: Case, version: int) -> str:
    last = case.steps.order_by("-id").select_related("by").first()
    who = last.by.name if last and last.by else "系统"
    what = STEP_LABELS.get(last.action, last.action) if last else "改动"
    return f"{who}刚刚对这件办件做了“{what}”，请看清变化后再办理。您填写的内容还在。"


def _changes(case: Case, version: int) -> dict[str, tuple[str, str]]:
    seen = case.steps.filter(version__lte=version).order_by("-id").first()
    since = case.steps.filter(version__gt=version).select_related("by")
    before = State(seen.to_state).label if seen and seen.to_state else ""
    changes = {"环节": (before, case.get_state_display())}
    for step in since:
        who = step.by.name if step.by else "系统"
        when = timezone.localtime(step.at).strftime("%m-%d %H:%M")
        changes[f"{when} {who}"] = (
            "",
            f"{STEP_LABELS.get(step.action, step.action)}{'：' + step.note if step.note else ''}",
        )
    if any(step.action == "report" for step in since):
        for item in case.items.exclude(verdict="").select_related("finding"):
            changes[f"结论（{item.finding.rule_title}）"] = ("", item.get_verdict_display())
    return changes


def move(
    case: Case,
    name: str,
    *,
    by: User | None,
    to: State | None = None,
    note: str = "",
    submit_key: str | None = None,
    is_edit: bool = True,
) -> Step:
    """Takes a step: state, deadline, version, history and audit entry in one. Raises WrongState.

    to        where it leads, where the table does not say
    is_edit   False for what stands beside the case: nobody's open form becomes stale by it
    """
    rule = MOVES.get(name)
    if rule is not None:
        if case.state not in rule.sources:
            raise WrongState(f"这件办件现在是“{case.get_state_display()}”，不能{rule.label}。")
        if rule.needs_note and not note.strip():
            raise WrongState(f"{rule.label}要写明理由。")
    target = to or (rule.to if rule else None)
    before = case.state
    now = timezone.now()
    if target is not None and target != before:
        case.state, case.state_since = target, now
        set_due(case)
    case.version += is_edit
    case.save()
    step = Step.objects.create(
        case=case,
        version=case.version,
        at=now,
        by=by,
        action=name,
        from_state=before,
        to_state=case.state,
        note=note.strip(),
        submit_key=submit_key or None,
    )
    log(f"case_{name}", case, by=by, detail={"from": before, "to": case.state})
    return step


def set_due(case: Case) -> None:
    """The last day for the state the case is in now."""
    due = None
    if case.state != State.CLOSED:
        due = due_for(case.state, township=case.township, severity=case.severity, start=today())
    case.due_on = due.day if due else None
    case.is_due_certain = due.is_certain if due else True


def log(action: str, thing: Model, *, by: User | None, detail: dict[str, object] | None = None) -> None:
    """An audit entry about a case or something of it."""
    case: Case | None = thing if isinstance(thing, Case) else getattr(thing, "case", None)
    record(
        action,
        by=by,
        kind="case" if isinstance(thing, Case) else thing._meta.model_name or "",
        object_id=thing.number if isinstance(thing, Case) else thing.pk,
        township=case.township if case else "",
        is_personal=True,
        detail=detail or {},
    )
