"""Deliveries: the list, withdrawal, rows to mend, the correction of a mapping."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from mingcha_web.access.guard import UserRequest, needs
from mingcha_web.access.policy import Action
from mingcha_web.audit.services import record
from mingcha_web.ui.exports import Column, list_export, wants_export
from mingcha_web.ui.lists import Choice, Filter, page_of
from mingcha_web.uploads.forms import CorrectionForm
from mingcha_web.uploads.models import Delivery, DeliveryState
from mingcha_web.uploads.rejects import as_csv, as_xlsx, reject_rows
from mingcha_web.uploads.selectors import dataset_titles, delivery_get_for, delivery_list_for, offices
from mingcha_web.uploads.services import delivery_correct, delivery_withdraw

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

_COLUMNS = (
    Column("报送单位", lambda delivery: delivery.batch.office, 16),
    Column("文件", lambda delivery: delivery.name, 36),
    Column("状态", lambda delivery: delivery.get_state_display(), 10),
    Column("数据", lambda delivery: "、".join(sorted({title for title, _ in delivery.kinds if title})), 24),
    Column("月份", lambda delivery: "、".join(sorted({month for _, month in delivery.kinds if month})), 12),
    Column("读入", lambda delivery: delivery.read, 10),
    Column("接受", lambda delivery: delivery.accepted, 10),
    Column("存疑", lambda delivery: delivery.doubtful, 10),
    Column("退回", lambda delivery: delivery.rejected, 10),
    Column("问题", lambda delivery: delivery.problem, 40),
    Column("报送时间", lambda delivery: delivery.created_at, 16),
)


def _with_kinds(deliveries: Iterable[Delivery]) -> list[Delivery]:
    """Each with what its sheets are, as pairs of dataset title and month."""
    titles, found = dataset_titles(), list(deliveries)
    for delivery in found:
        kinds = sorted({(titles.get(sheet.dataset, ""), sheet.month) for sheet in delivery.sheets.all()})
        delivery.kinds = kinds  # type: ignore[attr-defined]
    return found


@needs(Action.UPLOAD_READ)
@require_GET
def delivery_list(request: UserRequest) -> HttpResponseBase:
    """All files that were handed in."""
    filters = [
        Filter("office", "报送单位", [Choice(name, name) for name in offices()]),
        Filter("dataset", "数据", [Choice(name, title) for name, title in dataset_titles().items()]),
        Filter("month", "月份", kind="month"),
        Filter("state", "状态", [Choice(str(value), str(label)) for value, label in DeliveryState.choices]),
    ]
    office, dataset, month, state = (each.read(request) for each in filters)
    rows = delivery_list_for(request.user).prefetch_related("sheets")
    if office:
        rows = rows.filter(batch__office=office)
    if state:
        rows = rows.filter(state=state)
    if dataset:
        rows = rows.filter(sheets__dataset=dataset)
    if month:
        rows = rows.filter(sheets__month=month)
    rows = rows.distinct()
    if wants_export(request):
        return list_export(request, "报送文件", _COLUMNS, _with_kinds(rows))
    page = page_of(request, rows)
    _with_kinds(page)
    shown = {"page": page, "filters": filters, "has_filters": any(each.value for each in filters)}
    return render(request, "uploads/_deliveries.html" if request.htmx else "uploads/deliveries.html", shown)


@needs(Action.UPLOAD_MAKE)
@require_POST
def delivery_out(request: UserRequest, delivery_id: int) -> HttpResponse:
    """Takes a file out of comparison."""
    delivery = delivery_withdraw(delivery_id=delivery_get_for(request.user, delivery_id).pk, by=request.user)
    messages.success(request, f"已撤回《{delivery.name}》，下一次比对不再用它。")
    return redirect("upload_detail", delivery.batch_id)


@needs(Action.UPLOAD_READ)
@require_GET
def delivery_rejects(request: UserRequest, delivery_id: int, form: str) -> HttpResponse:
    """Refused and doubtful rows as a file, numbers masked."""
    delivery = delivery_get_for(request.user, delivery_id)
    if not delivery.key:
        raise Http404
    rows = reject_rows(delivery)
    record(
        "rejects_export",
        by=request.user,
        kind="delivery",
        object_id=delivery.pk,
        is_personal=True,
        detail={"rows": len(rows), "form": form},
    )
    is_csv = form == "csv"
    answer = HttpResponse(as_csv(rows) if is_csv else as_xlsx(rows), content_type="text/csv" if is_csv else XLSX)
    return as_download(answer, f"要改的行-{delivery.name.rsplit('.', 1)[0]}.{form}")


def as_download(answer: HttpResponse, name: str) -> HttpResponse:
    """The answer as a file of that name, kept nowhere on the way."""
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    answer["Cache-Control"] = "no-store"
    return answer


@needs(Action.UPLOAD_MAKE)
@require_http_methods(["GET", "POST"])
def sheet_correct(request: UserRequest, delivery_id: int, number: int) -> HttpResponse:
    """Says what a sheet is and what its columns are; the file is then read again."""
    delivery = delivery_get_for(request.user, delivery_id)
    if not 0 <= number < len(delivery.report):
        raise Http404
    sheet = delivery.report[number]
    form = _correction(request, sheet)
    if request.method == "POST" and form.is_valid():
        key = form.cleaned_data["submit_key"]
        batch = delivery_correct(
            delivery=delivery, mapping=form.mapping(sheet["sheet"]), submit_key=key, by=request.user
        )
        return redirect("upload_detail", batch.pk)
    shown = {"delivery": delivery, "sheet": sheet, "number": number, "form": form}
    template = "uploads/_columns.html" if request.htmx else "uploads/correct.html"
    return render(request, template, shown, status=422 if form.errors else 200)


def _correction(request: UserRequest, sheet: dict[str, Any]) -> CorrectionForm:
    """The form as the sheet was read, or for the dataset that was just chosen."""
    mapped = {header: field for field, header in sheet["columns"].items()}
    headers = list(dict.fromkeys([*sheet["columns"].values(), *sheet["unfit"]]))
    nearest = [near["dataset"] for near in sheet["nearest"]]
    given = request.POST if request.method == "POST" else request.GET
    dataset = given.get("dataset") or sheet["dataset"] or (nearest[0] if nearest else "")
    if request.method == "GET":
        typed = {header: request.GET.get(f"column_{number}", "") for number, header in enumerate(headers)}
        mapped = {header: typed[header] or mapped.get(header, "") for header in headers}
    rows = ",".join(str(row) for row in sheet["header_rows"])
    return CorrectionForm(
        request.POST if request.method == "POST" else None,
        headers=headers,
        dataset=dataset,
        mapped=mapped,
        nearest=nearest,
        initial={"dataset": dataset, "header_row": request.GET.get("header_row", rows)},
    )
