"""The steps people take: dispatch, verify, rectify, review, close, return, re-open, supervise."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.http import Http404
from django.utils import timezone

from mingcha_web.access.errors import NotAllowed, WorkbenchError, WrongState
from mingcha_web.access.guard import require
from mingcha_web.access.models import User
from mingcha_web.access.policy import Action
from mingcha_web.cases.models import (
    Case,
    Cause,
    Item,
    Outcome,
    Rectification,
    State,
    Step,
    Supervision,
    Verdict,
)
from mingcha_web.cases.selectors import assistants_of, case_list_for
from mingcha_web.cases.services.core import case_for, done_before, move
from mingcha_web.cases.states import MOVES, RETURNS
from mingcha_web.findings.models import Finding, FindingState

_HELP_OUTCOMES = frozenset({Outcome.COVERED, Outcome.NOT_COVERED})


@dataclass(frozen=True)
class ItemReport:
    """What the visit found about one finding of the case."""

    item_id: int
    verdict: str
    cause: str = ""
    note: str = ""


@transaction.atomic
def case_dispatch(
    *,
    case_id: int,
    by: User,
    assignee: User | None = None,
    note: str = "",
    version: int | None = None,
    submit_key: str | None = None,
) -> Case:
    """派发: hands a case to its township, or to a named person there (C27).

    Raises NotAllowed, WrongState, StaleEdit.
    """
    done = done_before(submit_key, case_id)
    if done:
        return done
    case = case_for(case_id, by=by, action=Action.CASE_DISPATCH, version=version)
    _check_assignee(case, assignee)
    case.assignee = assignee or case.assignee
    move(case, "dispatch", by=by, note=note or _to_words(assignee, case), submit_key=submit_key)
    return case


def _to_words(assignee: User | None, case: Case) -> str:
    return f"派给{assignee.name}" if assignee else f"派给{case.township or '乡镇'}"


def _check_assignee(case: Case, assignee: User | None) -> None:
    if assignee is not None and not assistants_of([case.township]).filter(pk=assignee.pk).exists():
        raise WorkbenchError(f"{assignee.name}不在{case.township}，请选本乡镇的人员。")


@transaction.atomic
def cases_dispatch(
    *, case_ids: Collection[int], by: User, assignee: User | None = None, submit_key: str | None = None
) -> tuple[int, int]:
    """Hands over many at once; (done, passed over because their state has moved on)."""
    if submit_key and Step.objects.filter(submit_key__startswith=f"{submit_key}:").exists():
        return 0, 0
    require(by, Action.CASE_DISPATCH)
    wanted = case_list_for(by).filter(pk__in=list(case_ids)).order_by("pk")
    done = passed = 0
    for case in wanted:
        if case.state not in MOVES["dispatch"].sources:
            passed += 1
            continue
        key = f"{submit_key}:{case.pk}"[:40] if submit_key else None
        case_dispatch(case_id=case.pk, by=by, assignee=assignee, submit_key=key)
        done += 1
    return done, passed


@transaction.atomic
def case_assign(
    *, case_id: int, by: User, assignee: User | None, version: int | None = None, submit_key: str | None = None
) -> Case:
    """改派: gives a case that is under way to another person of the township."""
    done = done_before(submit_key, case_id)
    if done:
        return done
    case = case_for(case_id, by=by, action=Action.CASE_DISPATCH, version=version)
    if case.state == State.CLOSED:
        raise WrongState("已办结的办件不能改派。")
    _check_assignee(case, assignee)
    case.assignee = assignee
    move(case, "assign", by=by, note=_to_words(assignee, case), submit_key=submit_key)
    return case


@transaction.atomic
def case_start(*, case_id: int, by: User, version: int | None = None, submit_key: str | None = None) -> Case:
    """开始核查: somebody is on the way; who starts without being named takes it on."""
    done = done_before(submit_key, case_id)
    if done:
        return done
    case = case_for(case_id, by=by, action=Action.CASE_VERIFY, version=version)
    case.assignee = case.assignee or by
    move(case, "start", by=by, submit_key=submit_key)
    return case


@transaction.atomic
def case_report(
    *,
    case_id: int,
    by: User,
    reports: Iterable[ItemReport],
    note: str,
    visited_on: date | None = None,
    place: str = "",
    people: str = "",
    version: int | None = None,
    submit_key: str | None = None,
) -> Case:
    """反馈: what the visit found, for every finding of the case (C27, C37).

    note                        what was seen
    visited_on, place, people   when and where it was, and who was met; they are told in the step
    Raises NotAllowed, WrongState, StaleEdit, WorkbenchError where a conclusion is missing.
    """
    done = done_before(submit_key, case_id)
    if done:
        return done
    case = case_for(case_id, by=by, action=Action.CASE_VERIFY, version=version)
    given = {report.item_id: report for report in reports}
    items = list(case.items.select_related("finding"))
    for item in items:
        _take_report(item, given.get(item.pk), is_help=case.is_help)
    if not note.strip():
        raise WorkbenchError("请写明核查情况：何时、何地、见到了谁、看到了什么。")
    if visited_on is not None and visited_on > timezone.localdate():
        raise WorkbenchError("核查日期不能晚于今天。")
    Item.objects.bulk_update(items, ["verdict", "cause", "note"])
    case.verified_by, case.verified_at = by, timezone.now()
    case.assignee = case.assignee or by
    words = f"{_visit_words(visited_on, place.strip(), people.strip())}{note.strip()}"
    move(case, "report", by=by, note=words, submit_key=submit_key)
    return case


def _visit_words(visited_on: date | None, place: str, people: str) -> str:
    told = (("时间", visited_on), ("地点", place), ("见到", people))
    words = "；".join(f"{label}：{value}" for label, value in told if value)
    return f"{words}\n" if words else ""


def _take_report(item: Item, report: ItemReport | None, *, is_help: bool) -> None:
    if report is None or report.verdict not in Verdict.values:
        raise WorkbenchError(f"“{item.finding.rule_title}”还没有选核查结论。")
    # why somebody was missed is asked for, not demanded: there may be nothing behind it
    if not is_help and report.verdict in {Verdict.TRUE, Verdict.PARTLY} and report.cause not in Cause.values:
        raise WorkbenchError(f"“{item.finding.rule_title}”属实或部分属实，请选原因。")
    if report.cause and report.cause not in Cause.values:
        raise WorkbenchError(f"“{item.finding.rule_title}”的原因不在列表里。")
    item.verdict, item.cause, item.note = report.verdict, report.cause, report.note.strip()


@transaction.atomic
def case_rectify(
    *,
    case_id: int,
    by: User,
    is_at_once: bool,
    measures: str,
    person: str,
    due_on: date | None = None,
    version: int | None = None,
    submit_key: str | None = None,
) -> Case:
    """立案整改: mended at once (立行立改), or a plan with measures, a named person and a deadline (C04)."""
    done = done_before(submit_key, case_id)
    if done:
        return done
    case = case_for(case_id, by=by, action=Action.CASE_RECTIFY, version=version)
    if not measures.strip() or not person.strip():
        raise WorkbenchError("请写明整改措施和责任人。")
    day = timezone.localdate()
    if not is_at_once and due_on is None:
        raise WorkbenchError("限期整改要写明整改期限；当场已改的请选“立行立改”。")
    if not is_at_once and due_on is not None and due_on < day:
        raise WorkbenchError("整改期限不能早于今天；已经改好的请选“立行立改”。")
    Rectification.objects.update_or_create(
        case=case,
        defaults={
            "is_at_once": is_at_once,
            "measures": measures.strip(),
            "person": person.strip(),
            "due_on": None if is_at_once else due_on,
            "done_on": day if is_at_once else None,
            "result": "",
        },
    )
    words = "立行立改" if is_at_once else f"限期整改，{due_on}前完成"
    move(case, "rectify", by=by, note=f"{words}：{measures.strip()}（责任人：{person.strip()}）", submit_key=submit_key)
    if not is_at_once and due_on is not None and (case.due_on is None or due_on < case.due_on):
        case.due_on, case.is_due_certain = due_on, True
        case.save(update_fields=["due_on", "is_due_certain"])
    return case


@transaction.atomic
def case_rectify_done(
    *, case_id: int, by: User, done_on: date, result: str, version: int | None = None, submit_key: str | None = None
) -> Case:
    """整改完成: the plan is carried out."""
    done = done_before(submit_key, case_id)
    if done:
        return done
    case = case_for(case_id, by=by, action=Action.CASE_RECTIFY, version=version)
    if case.state != State.RECTIFYING:
        raise WrongState(f"这件办件现在是“{case.get_state_display()}”，没有正在进行的整改。")
    if not result.strip():
        raise WorkbenchError("请写明整改结果。")
    if done_on > timezone.localdate():
        raise WorkbenchError("完成日期不能晚于今天。")
    Rectification.objects.filter(case=case).update(done_on=done_on, result=result.strip())
    move(case, "done", by=by, note=result, submit_key=submit_key)
    return case


@transaction.atomic
def case_submit(
    *, case_id: int, by: User, note: str = "", version: int | None = None, submit_key: str | None = None
) -> Case:
    """提交复核: hands the case to the county for review."""
    done = done_before(submit_key, case_id)
    if done:
        return done
    case = case_for(case_id, by=by, action=Action.CASE_RECTIFY, version=version)
    plan = Rectification.objects.filter(case=case).first()
    if case.state == State.RECTIFYING and plan is not None and plan.done_on is None:
        raise WrongState("整改还没有登记完成，完成后再提交复核。")
    if case.state in MOVES["submit"].sources:
        _check_verified(case.items.select_related("finding"))
    move(case, "submit", by=by, note=note, submit_key=submit_key)
    return case


@transaction.atomic
def case_close(
    *,
    case_id: int,
    by: User,
    outcome: str,
    note: str,
    document: str = "",
    amount_found: Decimal | None = None,
    amount_recovered: Decimal | None = None,
    version: int | None = None,
    submit_key: str | None = None,
) -> Case:
    """办结: closes a reviewed case (C04).

    amount_found, amount_recovered   yuan; 0 <= recovered <= found
    Raises NotAllowed (own verification), WorkbenchError (something is missing), WrongState, StaleEdit.
    """
    done = done_before(submit_key, case_id)
    if done:
        return done
    case = case_for(case_id, by=by, action=Action.CASE_REVIEW, version=version)
    if case.verified_by_id == by.pk:
        raise NotAllowed("自己核查的办件要由别人复核。")
    items = list(case.items.select_related("finding"))
    _check_closing(case, items, outcome, note, document, amount_found, amount_recovered)
    case.outcome, case.close_note, case.document = outcome, note.strip(), document.strip()
    case.amount_found, case.amount_recovered = amount_found, amount_recovered
    case.closed_at, case.closed_by = timezone.now(), by
    case.is_confirmed, case.looked_back_run = None, None
    move(case, "close", by=by, note=f"{Outcome(outcome).label}。{note.strip()}", submit_key=submit_key)
    for item in items:
        _settle(item, outcome)
    return case


def _check_closing(
    case: Case,
    items: list[Item],
    outcome: str,
    note: str,
    document: str,
    found: Decimal | None,
    recovered: Decimal | None,
) -> None:
    if outcome not in Outcome.values:
        raise WorkbenchError("请选办结结果。")
    if case.is_help and outcome not in _HELP_OUTCOMES:
        raise WorkbenchError("应保未保线索的结果是“已纳入救助”或“未纳入”。")
    if not case.is_help and outcome in _HELP_OUTCOMES:
        raise WorkbenchError("这件办件不是应保未保线索，请另选办结结果。")
    if not note.strip():
        raise WorkbenchError("请写明理由。" if outcome == Outcome.NOT_COVERED else "请写明办结说明。")
    _check_verified(items)
    wrong = [item for item in items if item.verdict in {Verdict.TRUE, Verdict.PARTLY}]
    _check_outcome(items, outcome, is_wrong=bool(wrong))
    if wrong and outcome != Outcome.NOT_COVERED and not document.strip():
        raise WorkbenchError("核查属实的，请写明依据的文书（如停发通知书文号）。")
    if outcome == Outcome.RECOVERED and found is None:
        raise WorkbenchError("追回资金的，请填写核定金额和追回金额。")
    if recovered is not None and (found is None or not 0 <= recovered <= found):
        raise WorkbenchError("追回金额应在0和核定金额之间。")
    if found is not None and found < 0:
        raise WorkbenchError("核定金额不能小于0。")


def _check_outcome(items: Iterable[Item], outcome: str, *, is_wrong: bool) -> None:
    if outcome == Outcome.NO_PROBLEM and is_wrong:
        raise WorkbenchError("有疑点核查属实，结果不能是“核实无问题”。")
    if outcome == Outcome.NO_PROBLEM and any(item.verdict == Verdict.UNKNOWN for item in items):
        raise WorkbenchError("有疑点无法核实，结果不能是“核实无问题”。请选“无法核实”并说明理由。")
    if outcome == Outcome.UNRESOLVED and is_wrong:
        raise WorkbenchError("有疑点核查属实，结果不能是“无法核实”。")


def _check_verified(items: Iterable[Item]) -> None:
    """A finding that joined after the report has no conclusion yet."""
    missing = [item.finding.rule_title for item in items if not item.verdict]
    if missing:
        raise WrongState(f"还有疑点没有核查结论：{'、'.join(dict.fromkeys(missing))}。请先退回核查。")


def _settle(item: Item, outcome: str) -> None:
    """What becomes of a finding: silent while its facts stay, or watched by the next comparison (回头看)."""
    finding = item.finding
    if outcome == Outcome.NOT_COVERED or item.verdict == Verdict.UNTRUE:
        finding.state, finding.cleared_facts = FindingState.CLEARED, finding.facts
    else:
        finding.state = FindingState.SETTLED
    finding.save(update_fields=["state", "cleared_facts"])


@transaction.atomic
def case_return(
    *, case_id: int, by: User, note: str, version: int | None = None, submit_key: str | None = None
) -> Case:
    """退回: one step back, with a reason.

    From review a case that was rectified goes back to be rectified, another to be verified; what has findings nobody
    has verified yet goes back to be verified.
    """
    done = done_before(submit_key, case_id)
    if done:
        return done
    case = case_for(case_id, by=by, action=Action.CASE_READ, version=version)
    back = RETURNS.get(State(case.state))
    if back is None:
        raise WrongState(f"“{case.get_state_display()}”的办件没有上一步可退。")
    action = back[1]
    require(by, action)
    if case.state == State.REVIEWING and case.verified_by_id == by.pk:
        raise NotAllowed("自己核查的办件要由别人复核。")
    if not note.strip():
        raise WorkbenchError("退回要写明理由。")
    target = return_target(case)
    if target == State.PENDING:
        case.assignee = None  # it waits to be given to somebody else
    if target == State.RECTIFYING:
        Rectification.objects.filter(case=case).update(done_on=None, result="")
    move(case, "return", by=by, to=target, note=note, submit_key=submit_key)
    return case


def return_target(case: Case) -> State:
    """Where a case goes when it is sent back."""
    if case.state in {State.RECTIFYING, State.REVIEWING} and case.items.filter(verdict="").exists():
        return State.VERIFYING
    if case.state == State.REVIEWING and _came_from(case) == State.RECTIFYING:
        return State.RECTIFYING
    return RETURNS[State(case.state)][0]


def _came_from(case: Case) -> str:
    last = case.steps.filter(action="submit").order_by("-id").values_list("from_state", flat=True).first()
    return last or ""


@transaction.atomic
def case_reopen(
    *, case_id: int, by: User, note: str, version: int | None = None, submit_key: str | None = None
) -> Case:
    """重新打开 a closed case, with a reason."""
    done = done_before(submit_key, case_id)
    if done:
        return done
    case = case_for(case_id, by=by, action=Action.CASE_REOPEN, version=version)
    if case.state != State.CLOSED:
        raise WrongState("只有已办结的办件才能重新打开。")
    if not note.strip():
        raise WorkbenchError("重新打开要写明理由。")
    reopened(case)
    Finding.objects.filter(items__case=case).update(state=FindingState.CASED)
    move(case, "reopen", by=by, note=note, submit_key=submit_key)
    return case


def reopened(case: Case) -> None:
    """Takes a case out of the closed state, in memory."""
    case.closed_at = case.closed_by = None
    case.outcome = ""
    case.is_confirmed = None
    case.reopened += 1


@transaction.atomic
def case_supervise(*, case_id: int, by: User, note: str, submit_key: str) -> Supervision:
    """督办: asks the township in writing to get on with it."""
    known = Supervision.objects.filter(submit_key=submit_key).first()
    if known:
        return known
    case = case_for(case_id, by=by, action=Action.CASE_SUPERVISE, version=None)
    known = Supervision.objects.filter(submit_key=submit_key).first()  # sent at the same moment: made meanwhile
    if known:
        return known
    if not note.strip():
        raise WorkbenchError("请写明督办意见。")
    move(case, "supervise", by=by, note=note, is_edit=False)
    return Supervision.objects.create(case=case, by=by, at=timezone.now(), note=note.strip(), submit_key=submit_key)


@transaction.atomic
def cases_supervise(*, case_ids: Collection[int], by: User, note: str, submit_key: str) -> int:
    """督办 of many cases with one note; returns how many. What is closed or out of scope is passed over."""
    require(by, Action.CASE_SUPERVISE)
    if not note.strip():
        raise WorkbenchError("请写明督办意见。")
    wanted = case_list_for(by).filter(pk__in=list(case_ids)).exclude(state=State.CLOSED).order_by("pk")
    keys = list(wanted.values_list("pk", flat=True))
    for pk in keys:
        case_supervise(case_id=pk, by=by, note=note, submit_key=f"{submit_key}:{pk}"[:40])
    return len(keys)


@transaction.atomic
def supervision_reply(*, supervision_id: int, by: User, reply: str) -> Supervision:
    """The township's answer to a supervision note; a second answer replaces none: it is refused."""
    require(by, Action.CASE_RECTIFY)
    case_id = Supervision.objects.filter(pk=supervision_id).values_list("case_id", flat=True).first()
    if case_id is None:
        raise Http404("supervision")
    case = case_for(case_id, by=by, action=Action.CASE_RECTIFY, version=None)
    note = Supervision.objects.get(pk=supervision_id)
    if not reply.strip():
        raise WorkbenchError("请写明办理情况。")
    if note.reply:
        if note.reply == reply.strip():
            return note
        raise WrongState("这条督办已经回复过了。")
    note.reply, note.replied_by, note.replied_at = reply.strip(), by, timezone.now()
    note.save()
    move(case, "reply", by=by, note=reply, is_edit=False)
    return note
