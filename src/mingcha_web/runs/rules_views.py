"""Pages of the rules."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from mingcha_web.access.guard import UserRequest, needs
from mingcha_web.access.policy import Action, Reach
from mingcha_web.runs.rules_selectors import last_run, rule_field_for, rule_hits_for, rule_list_for, rule_runs_for
from mingcha_web.runs.rules_standing import (
    TRIAL,
    readiness_of,
    rule_back_on_trial,
    rule_confirm,
    standing_of,
    standings,
)
from mingcha_web.runs.rules_words import data_register, examples, explain, finds_on, rule_card
from mingcha_web.runs.rules_words import needs as needs_of_rule
from mingcha_web.ui.exports import Column, list_export, wants_export
from mingcha_web.ui.lists import Choice, Filter
from mingcha_web.ui.templatetags.ui import SEVERITIES

_STATES = [Choice("ran", "已运行"), Choice("skipped", "未运行")]


def _columns(request: UserRequest) -> list[Column]:
    """What the list shows this person; a row is a rule and the sentence of what it finds."""
    columns = [
        Column("规则", lambda row: row[0].card.id, 8),
        Column("名称", lambda row: row[0].card.title, 20),
        Column("级别", lambda row: SEVERITIES[row[0].card.severity][0], 8),
        Column("试行", lambda row: "试行" if row[2] == TRIAL else "", 8),
        Column("查什么", lambda row: row[1], 60),
        Column("上次比对", lambda row: row[0].reason if row[0].state == "skipped" else "", 24),
    ]
    if request.user.reach != Reach.OWN:
        columns.append(Column("上次疑点", lambda row: row[0].hits, 10))
    if request.user.reach == Reach.COUNTY:
        columns.append(Column("金额", lambda row: row[0].amount, 14))
    return [
        *columns,
        Column("属实率（%）", lambda row: row[0].field.precision, 12),
        Column("属实", lambda row: row[0].field.true, 8),
        Column("部分属实", lambda row: row[0].field.partly, 10),
        Column("不属实", lambda row: row[0].field.untrue, 8),
        Column("无法核实", lambda row: row[0].field.unknown, 10),
    ]


@needs(Action.RULE_READ)
@require_safe
def rule_list(request: UserRequest) -> HttpResponseBase:
    """All rules, what they found last, how often it was true."""
    filters = [
        Filter("severity", "级别", [Choice(code, words[0]) for code, words in SEVERITIES.items()]),
        Filter("state", "上次比对", _STATES),
        Filter("text", "查找", kind="text"),
    ]
    given = {each.name: each.read(request) for each in filters}
    run = last_run()
    finds = finds_on(timezone.localdate())
    decided = standings()
    rows = [
        (row, finds[row.card.id], decided.get((row.card.id, row.card.version), row.card.status))
        for row in rule_list_for(request.user, run, **given)
    ]
    if wants_export(request):
        return list_export(request, "规则", _columns(request), rows)
    context = {
        "rows": rows,
        "run": run,
        "filters": filters,
        "has_filters": any(given.values()),
        "scope": _scope(request),
        "shows_hits": request.user.reach != Reach.OWN,
        "reads_own": request.user.can(Action.OWN_RULE_READ),
        "shows_amount": request.user.reach == Reach.COUNTY,
    }
    return render(request, "runs/_rules.html" if request.htmx else "runs/rule_list.html", context)


@needs(Action.RULE_READ)
@require_safe
def rule_detail(request: UserRequest, rule_id: str) -> HttpResponse:
    """One rule: what it finds and why, with what parameters, and how it fared."""
    card = rule_card(rule_id)
    run = last_run()
    standing = standing_of(rule_id)
    status = standing.status if standing else card.status
    field = rule_field_for(request.user, rule_id)
    context = {
        "rule": card,
        "explained": explain(rule_id, timezone.localdate()),
        "status": status,
        "standing": standing,
        "readiness": readiness_of(rule_id) if status == TRIAL else None,
        "may_decide": request.user.can(Action.OWN_RULE_APPROVE),
        "refuted": field.refuted,
        "needs": needs_of_rule(rule_id),
        "hits_like": examples(rule_id)[0],
        "misses_like": examples(rule_id)[1],
        "run": run,
        "hits": rule_hits_for(request.user, run, rule_id),
        "field": field,
        "past": rule_runs_for(request.user, rule_id),
        "result": run.results.filter(rule_id=rule_id).first() if run else None,
        "scope": _scope(request),
        "findings_url": _findings_url(request, rule_id),
        "reads_parameters": request.user.can(Action.PARAMETER_READ),
    }
    return render(request, "runs/rule_detail.html", context)


@needs(Action.OWN_RULE_APPROVE)
@require_POST
def rule_standing(request: UserRequest, rule_id: str) -> HttpResponse:
    """Makes a rule on trial a full one, or puts it back on trial."""
    note = request.POST.get("note", "")[:_NOTE]
    if request.POST.get("what") == TRIAL:
        rule_back_on_trial(rule_id=rule_id, note=note, by=request.user)
        messages.success(request, "已退回试行，疑点请更仔细地核实。")
    else:
        rule_confirm(rule_id=rule_id, note=note, by=request.user)
        messages.success(request, "已转为正式规则。")
    return redirect("rule_detail", rule_id)


_NOTE = 1000
_REGISTER_COLUMNS = (
    Column("报送单位", lambda line: line[0], 16),
    Column("数据", lambda line: line[1].title, 28),
    Column("用到的栏目", lambda line: "、".join(line[1].fields), 60),
    Column("其中能认出个人的", lambda line: "、".join(line[1].personal), 30),
    Column("用到它的规则", lambda line: "、".join(line[2]), 40),
)


@needs(Action.RULE_READ)
@require_safe
def data_sharing(request: UserRequest) -> HttpResponseBase:
    """The data-sharing register: which office's data are needed, column by column, and by which rules."""
    lines = data_register()
    offices = list(dict.fromkeys(line[0] for line in lines))
    filters = [
        Filter("office", "报送单位", [Choice(each, each) for each in offices]),
        Filter("rule", "规则", [Choice(each, each) for each in sorted({rule for line in lines for rule in line[2]})]),
    ]
    office, rule = (each.read(request) for each in filters)
    shown = [line for line in lines if office in {"", line[0]} and (not rule or rule in line[2])]
    if wants_export(request):
        return list_export(request, "数据共享清单", _REGISTER_COLUMNS, shown)
    context = {"lines": shown, "filters": filters, "has_filters": bool(office or rule)}
    return render(request, "runs/_data_sharing.html" if request.htmx else "runs/data_sharing.html", context)


def _scope(request: UserRequest) -> str:
    """Whose numbers the page shows."""
    if request.user.reach == Reach.TOWNSHIP:
        return request.user.township
    return "我的任务" if request.user.reach == Reach.OWN else "全县"


def _findings_url(request: UserRequest, rule_id: str) -> str:
    if not request.user.can(Action.FINDING_READ):
        return ""
    try:
        return f"{reverse('finding_list')}?rule={rule_id}"
    except NoReverseMatch:
        return ""
