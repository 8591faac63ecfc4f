"""Pages of comparisons: the list, one run, what changed between two."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from mingcha_web.access.guard import UserRequest, needs
from mingcha_web.access.policy import Action
from mingcha_web.audit.services import record
from mingcha_web.runs.forms import RunForm
from mingcha_web.runs.models import Run
from mingcha_web.runs.selectors import (
    CHANGES,
    Counts,
    change_counts,
    change_rows_for,
    changes_between,
    rule_lines,
    rule_titles,
    run_file_for,
    run_get_for,
    run_list_for,
)
from mingcha_web.runs.services import run_cancel, run_start, work_sweep
from mingcha_web.ui.exports import Column, list_export, wants_export
from mingcha_web.ui.lists import Choice, Filter, page_of
from mingcha_web.ui.templatetags.ui import SEVERITIES
from mingcha_web.uploads.models import BatchState
from mingcha_web.uploads.selectors import active_keys

#: Files of a run that are handed out.
FILES = {"report.html": "text/html; charset=utf-8", "findings.xlsx": "application/octet-stream"}
_OTHERS = 24
_COLUMNS = (
    Column("比对日", lambda run: run.as_of, 12),
    Column("状态", lambda run: run.get_state_display(), 10),
    Column("疑点", lambda run: run.findings, 10),
    Column("新增", lambda run: run.new, 10),
    Column("仍在", lambda run: run.continuing, 10),
    Column("消失", lambda run: run.gone, 10),
    Column("发起人", lambda run: run.by.name, 12),
    Column("发起时间", lambda run: run.created_at, 16),
    Column("用时（秒）", lambda run: round(run.seconds), 10),
    Column("说明", lambda run: run.message, 40),
)
_CHANGE_COLUMNS = (
    Column("规则", lambda sighting: sighting.finding.rule_id, 8),
    Column("名称", lambda sighting: sighting.finding.rule_title, 18),
    Column("级别", lambda sighting: SEVERITIES[sighting.finding.severity][0], 8),
    Column("对象", lambda sighting: sighting.finding.name, 12),
    Column("证件号", lambda sighting: sighting.finding.id_masked, 22),
    Column("乡镇", lambda sighting: sighting.finding.township, 12),
    Column("村（社区）", lambda sighting: sighting.finding.village, 16),
    Column("情况", lambda sighting: sighting.finding.summary, 60),
    Column("金额", lambda sighting: sighting.amount, 14),
    Column("状态", lambda sighting: sighting.finding.get_state_display(), 10),
)


@needs(Action.RUN_READ)
@require_GET
def run_list(request: UserRequest) -> HttpResponseBase:
    """All comparisons, with the form that starts one."""
    work_sweep()
    if wants_export(request):
        return list_export(request, "比对", _COLUMNS, list(run_list_for(request.user)))
    return _list(request, RunForm())


@needs(Action.RUN_START)
@require_POST
def run_begin(request: UserRequest) -> HttpResponse:
    """Starts a comparison."""
    work_sweep()
    form = RunForm(request.POST)
    if not form.is_valid():
        return _list(request, form)
    given = form.cleaned_data
    if not Run.objects.filter(submit_key=given["submit_key"]).exists() and (trouble := form.trouble()):
        form.add_error(None, trouble)
        return _list(request, form)
    run = run_start(as_of=given["as_of"], rules=given["rules"], submit_key=given["submit_key"], by=request.user)
    return redirect("run_detail", run.pk)


def _list(request: UserRequest, form: RunForm) -> HttpResponse:
    rows = run_list_for(request.user)
    shown = {
        "form": form,
        "page": page_of(request, rows),
        "open_run": rows.filter(state__in=[BatchState.QUEUED, BatchState.RUNNING]).first(),
        "files": len(active_keys()),
    }
    return render(request, "runs/list.html", shown, status=422 if form.errors else 200)


@needs(Action.RUN_READ)
@require_GET
def run_detail(request: UserRequest, run_id: int) -> HttpResponse:
    """One comparison: how far it is, what each rule found or why it did not run."""
    work_sweep()
    run = run_get_for(request.user, run_id)
    lines = rule_lines(run)
    shown = {
        "run": run,
        "lines": [line for line in lines if line.result.state != "skipped"],
        "skipped": [line for line in lines if line.result.state == "skipped"],
        "titles": rule_titles(),
    }
    return render(request, "runs/detail.html", shown)


@needs(Action.RUN_READ)
@require_GET
def run_progress(request: UserRequest, run_id: int) -> HttpResponse:
    """How far a comparison is, for the page to ask again and again; when it has ended the page is loaded anew."""
    work_sweep()
    run = run_get_for(request.user, run_id)
    answer = render(request, "uploads/_progress.html", {"work": run, "progress_url": request.path})
    if not run.is_open:
        answer["HX-Refresh"] = "true"
    return answer


@needs(Action.RUN_START)
@require_POST
def run_stop(request: UserRequest, run_id: int) -> HttpResponse:
    """Asks for a comparison to stop."""
    run_cancel(run=run_get_for(request.user, run_id), by=request.user)
    return redirect("run_detail", run_id)


@needs(Action.RUN_READ)
@require_GET
def run_changes(request: UserRequest, run_id: int) -> HttpResponseBase:
    """What is new, continuing and gone against another comparison, by rule and township, and the rows."""
    run = run_get_for(request.user, run_id)
    others = list(run_list_for(request.user).filter(state=BatchState.DONE, pk__lt=run.pk)[:_OTHERS])
    before = _other(request, run, others)
    kinds = CHANGES if before else {"all": CHANGES["all"]}
    by_kind = Filter("kind", "变化", [Choice(code, word) for code, word in kinds.items()])
    kind = by_kind.read(request) or ("new" if before else "all")
    by_kind.value = kind
    counts = change_counts(run, before, kind)
    filters = _filters(counts, others)
    rule, township, _ = (each.read(request) for each in filters)
    filters[2].value = str(before.pk) if before else ""
    counts = counts.chosen(rule, township)
    found = changes_between(run, before, kind)
    if rule:
        found = found.filter(finding__rule_id=rule)
    if township:
        found = found.filter(finding__township=township)
    sees_rows = request.user.can(Action.FINDING_READ)
    if sees_rows and wants_export(request):
        rows = list(change_rows_for(request.user, found))
        return list_export(request, f"{run.as_of:%Y-%m-%d}比对{kinds[kind]}", _CHANGE_COLUMNS, rows, is_personal=True)
    page = page_of(request, change_rows_for(request.user, found), total=counts.total if sees_rows else 0)
    if page.object_list:
        detail = {"kind": kind, "rule": rule, "township": township, "rows": len(page.object_list)}
        record("run_changes_read", by=request.user, kind="run", object_id=run.pk, is_personal=True, detail=detail)
    shown: dict[str, Any] = {
        "run": run,
        "before": before,
        "kind": kind,
        "kinds": kinds,
        "totals": _totals(run, before),
        "filters": [by_kind, *(filters if others else filters[:2])],
        "has_filters": bool(rule or township),
        "page": page,
        "by_rule": [(each, rule_titles().get(each, ""), number) for each, number in counts.by(0)],
        "by_township": counts.by(1),
        "sees_rows": sees_rows,
    }
    return render(request, "runs/_changes.html" if request.htmx else "runs/changes.html", shown)


def _other(request: UserRequest, run: Run, others: list[Run]) -> Run | None:
    wanted = request.GET.get("with", "")
    return next((other for other in others if str(other.pk) == wanted), None) or run.before


def _filters(counts: Counts, others: list[Run]) -> list[Filter]:
    titles = rule_titles()
    rules = sorted(rule for rule, _ in counts.by(0))
    towns = sorted(town for town, _ in counts.by(1) if town)
    runs = [Choice(str(other.pk), f"{other.as_of} 第{other.pk}次") for other in others]
    return [
        Filter("rule", "规则", [Choice(rule, f"{rule} {titles.get(rule, '')}") for rule in rules]),
        Filter("township", "乡镇", [Choice(town, town) for town in towns]),
        Filter("with", "与哪一次比", runs),
    ]


def _totals(run: Run, before: Run | None) -> dict[str, int]:
    if before is None:
        return {"all": run.findings}
    if before.pk == run.before_id:
        return {"all": run.findings, "new": run.new, "continuing": run.continuing, "gone": run.gone}
    counted = {kind: change_counts(run, before, kind).total for kind in ("continuing", "gone")}
    return {"all": run.findings, "new": run.findings - counted["continuing"], **counted}


@needs(Action.RUN_READ)
@require_GET
def run_file(request: UserRequest, run_id: int, name: str) -> HttpResponseBase:
    """The report or the workbook of a comparison, numbers masked."""
    run = run_get_for(request.user, run_id)
    path = run_file_for(request.user, run, name)
    record("run_file_read", by=request.user, kind="run", object_id=run.pk, is_personal=True, detail={"file": name})
    is_page = name == "report.html" and "download" not in request.GET
    answer = FileResponse(
        path.open("rb"),
        as_attachment=not is_page,
        filename=f"比对{run.as_of.isoformat()}-{name}",
        content_type=FILES[name],
    )
    answer["Cache-Control"] = "no-store"
    return answer
