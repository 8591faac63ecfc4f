"""Pages of the rules."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from mingcha_web.access.guard import UserRequest, needs
from mingcha_web.access.policy import Action, Reach
from mingcha_web.runs.rules_selectors import last_run, rule_field_for, rule_hits_for, rule_list_for, rule_runs_for
from mingcha_web.runs.rules_words import explain, finds_on, rule_card
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
    rows = [(row, finds[row.card.id]) for row in rule_list_for(request.user, run, **given)]
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
    context = {
        "rule": card,
        "explained": explain(rule_id, timezone.localdate()),
        "run": run,
        "hits": rule_hits_for(request.user, run, rule_id),
        "field": rule_field_for(request.user, rule_id),
        "past": rule_runs_for(request.user, rule_id),
        "result": run.results.filter(rule_id=rule_id).first() if run else None,
        "scope": _scope(request),
        "findings_url": _findings_url(request, rule_id),
        "reads_parameters": request.user.can(Action.PARAMETER_READ),
    }
    return render(request, "runs/rule_detail.html", context)


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
