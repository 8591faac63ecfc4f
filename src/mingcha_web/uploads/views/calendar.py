"""The calendar of who owes what, and blank templates."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from mingcha import api
from mingcha_web.access.errors import WrongState
from mingcha_web.access.guard import UserRequest, needs
from mingcha_web.access.policy import Action
from mingcha_web.audit.services import record
from mingcha_web.ui.exports import Column, list_export, wants_export
from mingcha_web.uploads.calendar import calendar_for, obligation_end, obligation_set, obligations_suggest
from mingcha_web.uploads.forms import ObligationForm
from mingcha_web.uploads.models import Obligation
from mingcha_web.uploads.selectors import dataset_titles, offices
from mingcha_web.uploads.views.deliveries import XLSX, as_download


@needs(Action.UPLOAD_READ)
@require_GET
def calendar(request: UserRequest) -> HttpResponseBase:
    """Months and obligations: what came, what is late."""
    owed = calendar_for(request.user)
    if wants_export(request):
        columns = [*_COLUMNS, *(_month_column(index, month) for index, month in enumerate(owed.months))]
        return list_export(request, "报送日历", columns, owed.rows)
    return render(request, "uploads/calendar.html", {"calendar": owed})


_COLUMNS = (
    Column("报送单位", lambda row: row.obligation.office, 16),
    Column("数据", lambda row: row.title, 24),
    Column("周期（月）", lambda row: row.obligation.every_months, 10),
    Column("次月几日前", lambda row: row.obligation.due_day, 10),
)


def _month_column(index: int, month: str) -> Column:
    return Column(month, lambda row: row.cells[index].word, 10)


@needs(Action.UPLOAD_MAKE)
@require_http_methods(["GET", "POST"])
def obligation_edit(request: UserRequest, obligation_id: int | None = None) -> HttpResponse:
    """A new obligation, or one to change."""
    known = get_object_or_404(Obligation, pk=obligation_id) if obligation_id else None
    names = ("office", "dataset", "every_months", "due_day", "since")
    initial = {name: getattr(known, name) for name in names} if known else {}
    form = ObligationForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            obligation_set(**form.cleaned_data, obligation_id=obligation_id, by=request.user)
        except WrongState as error:
            form.add_error("dataset", error.sentence)
        else:
            messages.success(request, "报送要求已保存。")
            return redirect("upload_calendar")
    shown = {"form": form, "known": known, "offices": offices()}
    return render(request, "uploads/obligation.html", shown, status=422 if form.errors else 200)


@needs(Action.UPLOAD_MAKE)
@require_POST
def obligation_stop(request: UserRequest, obligation_id: int) -> HttpResponse:
    """Takes an obligation off the calendar."""
    obligation_end(obligation_id=get_object_or_404(Obligation, pk=obligation_id).pk, by=request.user)
    messages.success(request, "这条报送要求已停用，历史报送仍保留。")
    return redirect("upload_calendar")


@needs(Action.UPLOAD_MAKE)
@require_POST
def obligation_suggest(request: UserRequest) -> HttpResponse:
    """Obligations from what was delivered so far."""
    made = obligations_suggest(by=request.user)
    said = f"按已有报送添加了 {made} 条每月报送要求，请核对周期和截止日。" if made else "没有新的报送可以添加。"
    messages.success(request, said)
    return redirect("upload_calendar")


@needs(Action.UPLOAD_READ)
@require_GET
def templates(request: UserRequest) -> HttpResponse:
    """Blank templates, one a dataset."""
    found = [(name, title, len(api.dataset_fields(name))) for name, title in dataset_titles().items()]
    return render(request, "uploads/templates.html", {"templates": found})


@needs(Action.UPLOAD_READ)
@require_GET
def template(request: UserRequest, dataset: str) -> HttpResponse:
    """One blank template."""
    title = dataset_titles().get(dataset)
    if title is None:
        raise Http404
    record("template_export", by=request.user, kind="dataset", object_id=dataset)
    return as_download(HttpResponse(api.blank_template(dataset), content_type=XLSX), f"{title}-空白模板.xlsx")
