"""Lists of cases: by state, by deadline."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.db.models import Count, F, QuerySet
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from mingcha_web.access.guard import UserRequest, needs
from mingcha_web.access.models import User
from mingcha_web.access.policy import Action, Reach
from mingcha_web.audit.services import record
from mingcha_web.cases.models import OPEN_STATES, Case, Outcome, State
from mingcha_web.cases.selectors import (
    AGES,
    MONEY,
    SOON_DAYS,
    Filters,
    assistants_of,
    case_filter,
    case_list_for,
    due_filter,
    due_q,
    state_counts,
)
from mingcha_web.cases.services import cases_dispatch
from mingcha_web.runs.selectors import rule_titles
from mingcha_web.ui.distinct import distinct_values
from mingcha_web.ui.exports import Column, export_xlsx
from mingcha_web.ui.lists import Choice, Filter, page_of

_SEVERITIES = (("red", "红色"), ("orange", "橙色"), ("yellow", "黄色"), ("blue", "蓝色"))
#: Rows of each part of the page of deadlines; the numbers beside them lead to all.
_DUE_ROWS = 50
#: Filters that links lead to and the bar does not show: name → value → its word.
_HIDDEN: dict[str, dict[str, str]] = {
    "age": {code: f"立件{word}" for code, (word, _, _) in AGES.items()},
    "outcome": {each.value: each.label for each in Outcome},
    "money": MONEY,
}


def _townships(user: User) -> list[Choice]:
    if user.reach != Reach.COUNTY:
        return []
    return [Choice(name, name) for name in distinct_values(Case, "township")]


def _filters(request: UserRequest) -> list[Filter]:
    due = Filter(
        "due",
        "期限",
        [
            Choice("late", "已逾期"),
            Choice("soon", f"{SOON_DAYS}天内到期"),
            Choice("later", f"{SOON_DAYS}天以后到期"),
            Choice("none", "未设期限"),
        ],
    )
    text = Filter("text", "查找", kind="text")
    if request.user.reach == Reach.OWN:  # a few tasks on a phone
        return [due, text]
    townships = _townships(request.user)
    filters = [
        Filter("severity", "级别", [Choice(*pair) for pair in _SEVERITIES]),
        Filter("rule", "规则", [Choice(rule_id, f"{rule_id} {title}") for rule_id, title in rule_titles().items()]),
        Filter("kind", "类别", [Choice("check", "核查"), Choice("help", "应保未保")]),
        due,
        text,
    ]
    return [Filter("township", "乡镇", townships), *filters] if townships else filters


def _read(request: UserRequest, filters: Iterable[Filter]) -> Filters:
    values = {each.name: each.read(request) for each in filters}
    hidden = {name: request.GET.get(name, "") for name in _HIDDEN}
    hidden = {name: value if value in _HIDDEN[name] else "" for name, value in hidden.items()}
    state = request.GET.get("state", "open")  # what is still to be done, unless asked for more
    return Filters(
        **values,
        **hidden,
        village=request.GET.get("village", "")[:80],
        state=state if state in {*State.values, "open"} else "",
        assignee=request.GET.get("assignee", "")[:10],
    )


def ordered(rows: QuerySet[Case]) -> QuerySet[Case]:
    """The most urgent first: what is due, then what is grave."""
    return rows.order_by(F("due_on").asc(nulls_last=True), "rank", "pk")


@needs(Action.CASE_READ)
def case_list(request: UserRequest) -> HttpResponse:
    """All cases in scope, by state."""
    bar = _filters(request)
    chosen = _read(request, bar)
    scope = case_list_for(request.user)
    narrowed = case_filter(scope, Filters(**{**chosen.__dict__, "state": ""}))
    counts = state_counts(narrowed)
    # not joined: a page far behind would join all rows before it
    rows = case_filter(narrowed, Filters(state=chosen.state)).prefetch_related("assignee")
    total = sum(counts.values()) if not chosen.state else None
    if chosen.state == "open":
        total = sum(counts[state] for state in OPEN_STATES)
    elif chosen.state:
        total = counts[chosen.state]
    page = page_of(request, ordered(rows), total=total)
    record("case_list_read", by=request.user, kind="case", is_personal=True, detail={"rows": len(page.object_list)})
    context = {
        "page": page,
        "filters": bar,
        "has_filters": any(each.value for each in bar),
        "chips": _chips(chosen),
        "tabs": _tabs(counts, chosen.state),
        "state": chosen.state,
        "has_any": any(counts.values()),
        "today": timezone.localdate(),
        "can_dispatch": request.user.can(Action.CASE_DISPATCH),
        "people": _people(request.user),
    }
    template = "cases/_list.html" if request.htmx else "cases/list.html"
    return render(request, template, context)


def _chips(chosen: Filters) -> list[tuple[str, str]]:
    """The filters that the bar does not show, in words."""
    chips = [(name, words[getattr(chosen, name)]) for name, words in _HIDDEN.items() if getattr(chosen, name)]
    return [*chips, ("village", chosen.village)] if chosen.village else chips


def _tabs(counts: dict[str, int], chosen: str) -> list[dict[str, Any]]:
    total = sum(counts.values())
    open_ = sum(counts[state] for state in OPEN_STATES)
    tabs = [
        ("open", "在办", open_),
        *((state.value, state.label, counts[state.value]) for state in State),
        ("all", "全部", total),
    ]
    return [
        {"value": value, "label": label, "count": count, "is_here": value == (chosen or "all")}
        for value, label, count in tabs
    ]


def _people(user: User) -> list[User]:
    """Whom cases can be given to straight from the list: those of one's own township."""
    if not user.can(Action.CASE_DISPATCH) or user.reach != Reach.TOWNSHIP:
        return []
    return list(assistants_of([user.township]))


@needs(Action.CASE_DISPATCH)
@require_POST
def dispatch_many(request: UserRequest) -> HttpResponse:
    """Hands over what was ticked."""
    ids = [int(each) for each in request.POST.getlist("case") if each.isdigit()][:500]
    chosen = request.POST.get("assignee", "")
    assignee = assistants_of([request.user.township]).filter(pk=chosen).first() if chosen.isdigit() else None
    if not ids:
        messages.warning(request, "还没有勾选办件。")
        return redirect(request.POST.get("back") or "case_list")
    done, passed = cases_dispatch(
        case_ids=ids, by=request.user, assignee=assignee, submit_key=request.POST.get("submit_key", "")[:20] or None
    )
    words = f"已派发{done}件。" + (f"{passed}件已在办理中，没有改动。" if passed else "")
    messages.success(request, words)
    return redirect("case_list")


@needs(Action.CASE_READ)
def case_due(request: UserRequest) -> HttpResponse:
    """What is overdue and what soon will be, township by township."""
    day = timezone.localdate()
    scope = case_list_for(request.user)
    late = due_filter(scope, "late", day=day)
    soon = due_filter(scope, "soon", day=day)
    townships = list(
        # said this way, it reads one index alone
        scope.filter(state__in=OPEN_STATES)
        .values("township")
        .annotate(
            open=Count("id"),
            late=Count("id", filter=due_q("late", day=day)),
            soon=Count("id", filter=due_q("soon", day=day)),
            without=Count("id", filter=due_q("none", day=day)),
        )
        .order_by("-late", "-soon", "township")
    )
    context = {
        "townships": [row for row in townships if row["late"] or row["soon"]],
        "late": ordered(late).select_related("assignee")[:_DUE_ROWS],
        "soon": ordered(soon).select_related("assignee")[:_DUE_ROWS],
        "late_count": sum(row["late"] for row in townships),
        "soon_count": sum(row["soon"] for row in townships),
        "today": day,
        "soon_days": SOON_DAYS,
        "can_export": request.user.can(Action.CASE_EXPORT),
        "without": sum(row["without"] for row in townships),
    }
    record("case_due_read", by=request.user, kind="case", is_personal=True)
    return render(request, "cases/due.html", context)


_COLUMNS = (
    Column("编号", lambda case: case.number, 14),
    Column("状态", lambda case: case.get_state_display(), 9),
    Column("级别", lambda case: dict(_SEVERITIES).get(case.severity, ""), 7),
    Column("类别", lambda case: "应保未保线索" if case.is_help else "核查", 12),
    Column("对象", lambda case: case.name, 12),
    Column("乡镇", lambda case: case.township, 12),
    Column("村（社区）", lambda case: case.village, 16),
    Column("涉及金额", lambda case: case.amount, 12),
    Column("核查人", lambda case: case.assignee.name if case.assignee else "", 10),
    Column("截止日", lambda case: case.due_on, 12),
    Column("建立时间", lambda case: timezone.localtime(case.opened_at).date(), 12),
    Column("办结结果", lambda case: case.get_outcome_display(), 14),
    Column("核定金额", lambda case: case.amount_found, 12),
    Column("追回金额", lambda case: case.amount_recovered, 12),
    Column("办结时间", lambda case: timezone.localtime(case.closed_at).date() if case.closed_at else None, 12),
)


@needs(Action.CASE_EXPORT)
def case_export(request: UserRequest) -> FileResponse:
    """The list as .xlsx: the same rows, nothing more."""
    chosen = _read(request, _filters(request))
    rows = ordered(case_filter(case_list_for(request.user), chosen)).select_related("assignee")
    count = rows.count()
    record("case_export", by=request.user, kind="case", is_personal=True, detail={"rows": count})
    return export_xlsx("办件", _COLUMNS, rows.iterator(chunk_size=2000))
