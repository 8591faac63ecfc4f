"""How cells look, and writing them so that no text becomes a formula."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from mingcha.outputs.charts import SEVERITY_COLOURS
from mingcha.outputs.safe import cell_text

FONT = "微软雅黑"


@dataclass(frozen=True)
class Column:
    """One column of a sheet. kind: text, wrap, money, count, number, percent or link. width in half-width signs."""

    header: str
    kind: str = "text"
    width: float = 12


class Formats:
    """The cell formats of one book."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        base: dict[str, Any] = {"font_name": FONT, "font_size": 10, "valign": "top"}

        def made(**more: Any) -> Format:
            return book.add_format({**base, **more})

        self.title = made(font_size=16, bold=True, valign="vcenter")
        self.heading = made(font_size=12, bold=True, valign="vcenter")
        self.note = made(font_color="#555555")
        self.warning = made(bold=True, font_color="#9A3412", bg_color="#FFF7ED")
        self.header = made(bold=True, bg_color="#E8ECEF", bottom=1, text_wrap=True, valign="vcenter")
        self.cells = {
            "text": made(),
            "wrap": made(text_wrap=True),
            "money": made(num_format="#,##0.00", align="right"),
            "count": made(num_format="#,##0", align="right"),
            "number": made(num_format="0.00", align="right"),
            "percent": made(num_format="0.0%", align="right"),
            "date": made(num_format='yyyy"年"m"月"d"日"', align="left"),
            "link": made(font_color="#1D4E89", underline=1),
        }
        self.severities = {
            severity: made(bold=True, font_color=colour, align="center")
            for severity, colour in (SEVERITY_COLOURS | {"yellow": "#8A6A00"}).items()
        }


class Page:
    """One sheet, written from top to bottom (the book is streamed: no way back)."""

    def __init__(self, sheet: Worksheet, formats: Formats) -> None:
        self.sheet = sheet
        self.formats = formats
        self.row = 0

    def line(self, text: str, look: Format | None = None, height: float | None = None) -> None:
        """A line of text in the first column."""
        if height:
            self.sheet.set_row(self.row, height)
        if text:
            self.sheet.write_string(self.row, 0, cell_text(text), look or self.formats.cells["text"])
        self.row += 1

    def header(self, columns: Sequence[Column], *, widths: bool = True) -> None:
        """The header row of a table."""
        for index, column in enumerate(columns):
            self.sheet.write_string(self.row, index, column.header, self.formats.header)
            if widths:
                self.sheet.set_column(index, index, column.width)
        self.row += 1

    def cells(
        self,
        columns: Sequence[Column],
        values: Sequence[Any],
        looks: Sequence[Format | None] = (),
        link: str | None = None,
    ) -> None:
        """One row of a table. link: the sheet to which the first cell leads."""
        for index, (column, value) in enumerate(zip(columns, values, strict=True)):
            look = looks[index] if index < len(looks) else None
            if link is not None and index == 0:
                self.link(0, link, str(value))
            else:
                self._cell(index, value, look or self.formats.cells[column.kind])
        self.row += 1

    def link(self, column: int, sheet: str, text: str) -> None:
        """A link to another sheet, in the row that is written next."""
        target = "internal:'" + sheet.replace("'", "''") + "'!A1"
        self.sheet.write_url(self.row, column, target, self.formats.cells["link"], cell_text(text))

    def _cell(self, column: int, value: Any, look: Format) -> None:
        if value is None or value == "":
            self.sheet.write_blank(self.row, column, None, look)
        elif isinstance(value, bool | str):
            self.sheet.write_string(self.row, column, cell_text(str(value)), look)
        elif isinstance(value, date):
            self.sheet.write_datetime(self.row, column, value, look)
        elif isinstance(value, Decimal | int | float):
            self.sheet.write_number(self.row, column, float(value), look)


def display_width(text: str) -> int:
    """How many half-width signs a text takes up.

    >>> display_width("张三 1")
    6
    """
    return sum(2 if unicodedata.east_asian_width(sign) in "WFA" else 1 for sign in text)
