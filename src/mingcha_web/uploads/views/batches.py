"""Batches: the list, the upload, what became of the files."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.exceptions import TooManyFilesSent
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from mingcha_web.access.guard import UserRequest, needs
from mingcha_web.access.policy import Action
from mingcha_web.ui.exports import Column, list_export, wants_export
from mingcha_web.ui.lists import Choice, Filter, page_of
from mingcha_web.uploads.forms import BatchForm
from mingcha_web.uploads.inbox import MAX_FILES, MAX_TOTAL, Inbox, InboxHandler, megabytes
from mingcha_web.uploads.models import BatchState
from mingcha_web.uploads.selectors import batch_get_for, batch_list_for, dataset_titles, offices
from mingcha_web.uploads.services import batch_cancel, batch_create, work_sweep

_COLUMNS = (
    Column("报送单位", lambda batch: batch.office, 16),
    Column("状态", lambda batch: batch.get_state_display(), 10),
    Column("上传人", lambda batch: batch.by.name, 12),
    Column("上传时间", lambda batch: batch.created_at, 16),
    Column("说明", lambda batch: batch.message, 40),
)


@needs(Action.UPLOAD_READ)
@require_GET
def batch_list(request: UserRequest) -> HttpResponseBase:
    """All batches."""
    work_sweep()
    by_office = Filter("office", "报送单位", [Choice(name, name) for name in offices()])
    by_state = Filter("state", "状态", [Choice(str(value), str(label)) for value, label in BatchState.choices])
    rows = batch_list_for(request.user)
    if office := by_office.read(request):
        rows = rows.filter(office=office)
    if state := by_state.read(request):
        rows = rows.filter(state=state)
    if wants_export(request):
        return list_export(request, "报送批次", _COLUMNS, list(rows))
    filters = [by_office, by_state]
    shown = {"page": page_of(request, rows), "filters": filters, "has_filters": any(each.value for each in filters)}
    return render(request, "uploads/_batches.html" if request.htmx else "uploads/batches.html", shown)


@needs(Action.UPLOAD_MAKE)
@csrf_exempt  # checked below, once the files have somewhere to go
@require_http_methods(["GET", "POST"])
def batch_new(request: UserRequest) -> HttpResponse:
    """The upload page; files go straight to the inbox, and away again unless a batch takes them."""
    handler = InboxHandler(request)
    if request.method == "POST":
        if int(request.META.get("CONTENT_LENGTH") or 0) > MAX_TOTAL:
            said = f"这一批合计超过 {megabytes(MAX_TOTAL)}，没有接收。请分几批上传。"
            return _form(request, BatchForm(), trouble=[("", said)])
        request.upload_handlers = [handler]
    try:
        answer: HttpResponse = _batch_new(request, handler)
    except TooManyFilesSent:
        answer = _form(request, BatchForm(), trouble=[("", f"一次最多上传 {MAX_FILES} 个文件，请分批上传。")])
    finally:
        handler.discard()
    return answer


@csrf_protect
def _batch_new(request: HttpRequest, handler: InboxHandler) -> HttpResponse:
    if request.method == "GET":
        return _form(request, BatchForm())
    form = BatchForm(request.POST)  # the files are in the inbox, not in the form
    inbox = handler.inbox or Inbox("")
    trouble = list(inbox.refused.items())
    if not inbox.taken:
        trouble = trouble or [("", "请选择要上传的表格文件。")]
    if not form.is_valid() or not inbox.taken:
        return _form(request, form, trouble=trouble, is_lost=bool(inbox.taken))
    given = form.cleaned_data
    handler.is_kept = True
    try:
        batch = batch_create(
            office=given["office"],
            inbox=inbox,
            submit_key=given["submit_key"],
            by=request.user,  # type: ignore[arg-type]
        )
    except BaseException:
        handler.is_kept = False
        raise
    return redirect("upload_detail", batch.pk)


def _form(
    request: HttpRequest, form: BatchForm, *, trouble: list[tuple[str, str]] | None = None, is_lost: bool = False
) -> HttpResponse:
    """The upload page. trouble: file → what is wrong with it; is_lost: good files have to be chosen again."""
    shown = {
        "form": form,
        "offices": offices(),
        "trouble": trouble,
        "is_lost": is_lost,
        "limit": settings.UPLOAD_LIMIT,
        "limit_words": megabytes(settings.UPLOAD_LIMIT),
        "most": MAX_FILES,
    }
    return render(request, "uploads/new.html", shown, status=422 if trouble or form.errors else 200)


@needs(Action.UPLOAD_READ)
@require_GET
def batch_detail(request: UserRequest, batch_id: int) -> HttpResponse:
    """One batch: how far it is, and what each file and sheet was read as."""
    work_sweep()
    batch = batch_get_for(request.user, batch_id)
    return render(request, "uploads/detail.html", {"batch": batch, **_outcome(batch)})


@needs(Action.UPLOAD_READ)
@require_GET
def batch_progress(request: UserRequest, batch_id: int) -> HttpResponse:
    """How far a batch is, for the page to ask again and again; when it has ended the page is loaded anew."""
    work_sweep()
    batch = batch_get_for(request.user, batch_id)
    answer = render(request, "uploads/_progress.html", {"work": batch, "progress_url": request.path})
    if not batch.is_open:
        answer["HX-Refresh"] = "true"
    return answer


@needs(Action.UPLOAD_MAKE)
@require_POST
def batch_stop(request: UserRequest, batch_id: int) -> HttpResponse:
    """Asks for the reading to stop."""
    batch_cancel(batch=batch_get_for(request.user, batch_id), by=request.user)
    return redirect("upload_detail", batch_id)


def _outcome(batch: Any) -> dict[str, Any]:
    titles = dataset_titles()
    files = []
    for delivery in batch.deliveries.order_by("id"):
        sheets = [{**sheet, "number": number} for number, sheet in enumerate(delivery.report)]
        asked = [sheet for sheet in sheets if not sheet["dataset"]]
        files.append({"delivery": delivery, "sheets": sheets, "asked": len(asked), "known": len(sheets) - len(asked)})
    read = [file["delivery"] for file in files if file["delivery"].key]
    totals = {name: sum(getattr(each, name) for each in read) for name in ("read", "accepted", "doubtful", "rejected")}
    return {
        "files": files,
        "totals": totals,
        "asked": sum(file["asked"] for file in files),
        "unread": len(files) - len(read),
        "titles": titles,
    }
