"""Lists as .xlsx: streamed row by row, no text ever becomes a formula."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import xlsxwriter
from django.http import FileResponse
from django.utils import timezone

from mingcha_web.access.guard import UserRequest, require
from mingcha_web.access.policy import Action
from mingcha_web.audit.services import record

#: What a list's own address asks with for the book of it: the same view, the same scope and filters, nothing more.
ASKED, AS_XLSX = "export", "xlsx"
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class Column:
    """One column of an export: its header, how a row gives its value, its width."""

    header: str
    value: Callable[[Any], Any]
    width: float = 12


def wants_export(request: UserRequest) -> bool:
    """Whether a list is asked for as a book."""
    return request.GET.get(ASKED) == AS_XLSX


def list_export(
    request: UserRequest, title: str, columns: Sequence[Column], rows: Sequence[Any], *, is_personal: bool = False
) -> FileResponse:
    """The rows a list would show, as a book; logged. Raises NotAllowed where the table grants no export.

    is_personal  the rows name people: the right to export findings is needed then
    """
    require(request.user, Action.FINDING_EXPORT if is_personal else Action.LIST_EXPORT)
    name = request.resolver_match.view_name if request.resolver_match else title
    detail = {"list": name, "rows": len(rows)}
    record("list_export", by=request.user, kind="list", is_personal=is_personal, detail=detail)
    return export_xlsx(title, columns, rows)


def export_xlsx(title: str, columns: Sequence[Column], rows: Iterable[Any]) -> FileResponse:
    """A book with one sheet: header, filter, the rows. The caller has scoped, masked and logged."""
    # a file, not memory: an export may be long
    place = tempfile.TemporaryFile()  # noqa: SIM115  # the response closes it
    with xlsxwriter.Workbook(
        place, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    ) as book:
        sheet = book.add_worksheet(title[:31])
        head = book.add_format({"bold": True, "bg_color": "#E8F0F7", "bottom": 1})
        money, day = book.add_format({"num_format": "#,##0.00"}), book.add_format({"num_format": "yyyy-mm-dd"})
        for index, column in enumerate(columns):
            sheet.set_column(index, index, column.width)
            sheet.write_string(0, index, column.header, head)
        last = 0
        for last, row in enumerate(rows, start=1):
            for index, column in enumerate(columns):
                _write(sheet, last, index, column.value(row), money, day)
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, last, len(columns) - 1)
    place.seek(0)
    name = f"{title}{timezone.localdate():%Y%m%d}.xlsx"
    response = FileResponse(place, as_attachment=True, filename=name, content_type=_XLSX)
    response["Cache-Control"] = "private, no-store"
    return response


def _write(sheet: Any, row: int, column: int, value: Any, money: Any, day: Any) -> None:
    if value is None or value == "":
        return
    if isinstance(value, Decimal):
        sheet.write_number(row, column, value, money)
    elif isinstance(value, bool):
        sheet.write_string(row, column, "是" if value else "否")
    elif isinstance(value, int | float):
        sheet.write_number(row, column, value)
    elif isinstance(value, datetime):
        sheet.write_string(row, column, timezone.localtime(value).strftime("%Y-%m-%d %H:%M"))
    elif isinstance(value, date):
        sheet.write_datetime(row, column, datetime(value.year, value.month, value.day), day)
    else:
        sheet.write_string(row, column, str(value))
