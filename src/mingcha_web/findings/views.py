"""Pages of findings."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from mingcha import api
from mingcha_web.access.errors import WorkbenchError
from mingcha_web.access.guard import UserRequest, needs
from mingcha_web.access.models import User
from mingcha_web.access.policy import Action, Reach
from mingcha_web.audit.services import record
from mingcha_web.cases.models import Item
from mingcha_web.cases.selectors import case_list_for
from mingcha_web.findings import services
from mingcha_web.findings.forms import UnmaskForm, WarningForm
from mingcha_web.findings.models import Finding, FindingState, Source
from mingcha_web.findings.selectors import (
    SEVERITIES,
    Filters,
    finding_filter,
    finding_get_for,
    finding_list_for,
    ordered,
    related_for,
    saved_views_of,
    severity_counts,
)
from mingcha_web.findings.store import PROGRAMS
from mingcha_web.runs.rules_words import RuleCard, rule_cards
from mingcha_web.runs.selectors import rule_titles
from mingcha_web.ui.distinct import distinct_values
from mingcha_web.ui.exports import Column, export_xlsx
from mingcha_web.ui.lists import Choice, Filter, page_of
from mingcha_web.uploads.models import Delivery

_PAGE = "findings"
#: So many source rows are opened on the page of one finding.
_EVIDENCE_SHOWN = 40
_STATES = [
    Choice("current", "仍在（默认）"),
    *(Choice(each.value, each.label) for each in FindingState),
    Choice("all", "全部"),
]


def _townships(user: User) -> list[Choice]:
    if user.reach != Reach.COUNTY:
        return []
    return [Choice(name, name) for name in distinct_values(Finding, "township")]


def _bar(user: User) -> list[Filter]:
    townships = _townships(user)
    rules = [Choice(rule_id, f"{rule_id} {title}") for rule_id, title in rule_titles().items()]
    rules += [Choice("W-省", "省级预警"), Choice("W-市", "市级预警")]
    bar = [
        Filter("severity", "级别", [Choice(*pair) for pair in SEVERITIES]),
        Filter("rule", "规则", rules),
        Filter("program", "救助类别", [Choice(title, title) for _, title in PROGRAMS]),
        Filter("state", "状态", _STATES),
        Filter("source", "来源", [Choice(each.value, each.label) for each in Source]),
        Filter("kind", "类别", [Choice("check", "核查"), Choice("help", "应保未保")]),
        Filter("period", "月份", kind="month"),
        Filter("text", "查找", kind="text"),
    ]
    return [Filter("township", "乡镇", townships), *bar] if townships else bar


def _read(request: UserRequest, bar: list[Filter]) -> Filters:
    values = {each.name: each.read(request) for each in bar}
    run, seen = request.GET.get("run", ""), request.GET.get("seen", "")
    return Filters(**values, run=run if run.isdigit() else "", seen=seen if seen in {"new", "gone"} else "")


@needs(Action.FINDING_READ)
def finding_list(request: UserRequest) -> HttpResponse:
    """All findings in scope."""
    bar = _bar(request.user)
    chosen = _read(request, bar)
    scope = finding_list_for(request.user)
    counts = severity_counts(finding_filter(scope, Filters(**{**chosen.__dict__, "severity": ""})))
    total = counts.get(chosen.severity, 0) if chosen.severity else sum(counts.values())
    page = page_of(request, ordered(finding_filter(scope, chosen)).defer("evidence"), total=total)
    record(
        "finding_list_read", by=request.user, kind="finding", is_personal=True, detail={"rows": len(page.object_list)}
    )
    context = {
        "page": page,
        "filters": bar,
        "has_filters": any(each.value for each in bar) or bool(chosen.run),
        "chosen": chosen,
        "counts": [{"code": code, "label": label, "count": counts[code]} for code, label in SEVERITIES],
        "views": saved_views_of(request.user, _PAGE),
        "is_empty": not Finding.objects.exists(),
    }
    return render(request, "findings/_list.html" if request.htmx else "findings/list.html", context)


@needs(Action.CASE_READ)
def finding_detail(request: UserRequest, pk: int) -> HttpResponse:
    """One finding with all it rests on."""
    finding = finding_get_for(request.user, pk)
    record(
        "finding_read",
        by=request.user,
        kind="finding",
        object_id=finding.finding_id,
        township=finding.township,
        is_personal=True,
    )
    cases = case_list_for(request.user).values("pk")
    item = Item.objects.filter(case__in=cases, finding=finding).select_related("case").order_by("-pk").first()
    context = {
        "finding": finding,
        "rule": _rule(finding.rule_id),
        "evidence": _evidence(finding),
        "related": related_for(request.user, finding)[:20],
        "sightings": finding.sightings.select_related("run").order_by("-run")[:24],
        "item": item,
        "unmask": UnmaskForm() if request.user.can(Action.NUMBER_UNMASK) and finding.person_key else None,
    }
    return render(request, "findings/detail.html", context)


def _rule(rule_id: str) -> RuleCard | None:
    return rule_cards().get(rule_id)


def _evidence(finding: Finding) -> list[dict[str, Any]]:
    """Each place with the row that stands there, in the office's own headers."""
    # the files as that comparison read them: a later delivery of the same name may have other rows
    keys = list(finding.last_run.keys) if finding.last_run else []
    if not keys:
        keys = list(Delivery.objects.exclude(key="").values_list("key", flat=True))
    titles, places = api.datasets(), finding.evidence[:_EVIDENCE_SHOWN]
    rows = api.source_rows(settings.WORKSPACE, keys, places) if keys else [[] for _ in places]
    return [
        {"place": place, "title": titles.get(place["dataset"], place["dataset"]), "values": values}
        for place, values in zip(places, rows, strict=True)
    ]


@needs(Action.NUMBER_UNMASK)
@require_POST
@never_cache
def finding_unmask(request: UserRequest, pk: int) -> HttpResponse:
    """Shows the number in full, once, to who says why."""
    form = UnmaskForm(request.POST)
    finding = finding_get_for(request.user, pk)
    if not form.is_valid():
        return render(request, "findings/_unmask.html", {"finding": finding, "unmask": form}, status=422)
    number = services.number_unmask(finding_id=pk, reason=form.cleaned_data["reason"], by=request.user)
    return render(request, "findings/_unmask.html", {"finding": finding, "number": number})


_COLUMNS = (
    Column("疑点编号", lambda each: each.finding_id, 20),
    Column("规则", lambda each: f"{each.rule_id} {each.rule_title}", 22),
    Column("级别", lambda each: dict(SEVERITIES).get(each.severity, ""), 8),
    Column("姓名", lambda each: each.name, 12),
    Column("身份证号", lambda each: each.id_masked, 21),
    Column("乡镇", lambda each: each.township, 12),
    Column("村（社区）", lambda each: each.village, 16),
    Column("救助类别", lambda each: each.program, 14),
    Column("月份", lambda each: each.period, 9),
    Column("涉及金额", lambda each: each.amount, 12),
    Column("情况（线索，须核实）", lambda each: each.summary, 70),
    Column("状态", lambda each: each.get_state_display(), 12),
    Column("来源", lambda each: each.get_source_display(), 10),
    Column("首次发现", lambda each: each.first_seen_on, 12),
    Column("最近发现", lambda each: each.last_seen_on, 12),
)


@needs(Action.FINDING_EXPORT)
def finding_export(request: UserRequest) -> FileResponse:
    """The list as .xlsx: the same rows, masked."""
    chosen = _read(request, _bar(request.user))
    rows = ordered(finding_filter(finding_list_for(request.user), chosen)).defer("evidence")
    filters = {name: value for name, value in chosen.__dict__.items() if value and name != "text"}
    detail = {"rows": rows.count(), **filters}
    record("finding_export", by=request.user, kind="finding", is_personal=True, detail=detail)
    return export_xlsx("疑点线索", _COLUMNS, rows.iterator(chunk_size=2000))


@needs(Action.FINDING_READ)
@require_POST
def view_save(request: UserRequest) -> HttpResponse:
    """Keeps the filters."""
    query = request.POST.get("query", "").lstrip("?")
    saved = services.view_save(by=request.user, page=_PAGE, name=request.POST.get("name", ""), query=query)
    messages.success(request, f"已保存常用筛选“{saved.name}”。")
    return redirect(f"{request.path.removesuffix('views/')}?{query}")


@needs(Action.FINDING_READ)
@require_POST
def view_delete(request: UserRequest, pk: int) -> HttpResponse:
    """Forgets kept filters."""
    services.view_delete(by=request.user, view_id=pk)
    return redirect("finding_list")


@needs(Action.WARNING_IMPORT)
@require_http_methods(["GET", "POST"])
def warning_import(request: UserRequest) -> HttpResponse:
    """Imports a sheet of province or city warnings."""
    form = WarningForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            done = services.warnings_import(by=request.user, **form.cleaned_data)
        except WorkbenchError as error:
            form.add_error("file", error.sentence)
        else:
            words = f"导入{done.new}条预警，{done.known}条以前导入过。"
            words += f"有{done.refused}行没有读进来：{'；'.join(done.sentences)}。" if done.refused else ""
            messages.success(request, words)
            return redirect(f"{request.path.removesuffix('warnings/')}?source={form.cleaned_data['source']}&state=all")
    return render(request, "findings/warning.html", {"form": form}, status=422 if form.errors else 200)
