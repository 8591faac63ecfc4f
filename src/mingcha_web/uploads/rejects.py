"""Refused and doubtful rows as a file to mend by; whatever a cell holds, a spreadsheet takes it for text."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

import xlsxwriter
from django.conf import settings

from mingcha import api
from mingcha_web.uploads.models import Delivery

HEADERS = ("处理", "文件", "工作表", "行号", "列", "原值（证件号码已遮盖）", "原因")
_OUTCOMES = {"rejected": "退回", "doubtful": "存疑"}
_WIDTHS = (8, 36, 16, 8, 16, 26, 60)
#: Signs with which a cell would be read as a formula, full-width ones too.
_FORMULA_SIGNS = tuple("=+-@\t\r\n＝＋－＠")


def reject_rows(delivery: Delivery) -> list[list[str]]:
    """The rows of a delivery that were refused or are in doubt, as HEADERS says."""
    table = api.rejected_rows(settings.WORKSPACE, [delivery.key])
    names = ("outcome", "file", "sheet", "row", "column", "value", "reason")
    found = []
    for row in table.to_pylist():
        cells = ["" if row[name] is None else str(row[name]) for name in names]
        cells[0] = _OUTCOMES.get(cells[0], cells[0])
        found.append(cells)
    return found


def as_csv(rows: Iterable[Sequence[str]]) -> bytes:
    """CSV that Excel opens with the right signs."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(HEADERS)
    writer.writerows([_safe(cell) for cell in row] for row in rows)
    return ("\ufeff" + out.getvalue()).encode("utf-8", "replace")


def as_xlsx(rows: Iterable[Sequence[str]]) -> bytes:
    """A workbook with a header that stays in sight and a filter."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        sheet = book.add_worksheet("要改的行")
        bold, wrapped = book.add_format({"bold": True, "bg_color": "#E8F0F7"}), book.add_format({"text_wrap": True})
        for column, (header, width) in enumerate(zip(HEADERS, _WIDTHS, strict=True)):
            sheet.set_column(column, column, width)
            sheet.write_string(0, column, header, bold)
        last = 0
        for last, row in enumerate(rows, 1):
            for column, cell in enumerate(row):
                sheet.write_string(last, column, _safe(cell)[:32_000], wrapped)
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, max(last, 1), len(HEADERS) - 1)
    return out.getvalue()


def _safe(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA_SIGNS) else cell
