"""Writes delimited text, HTML and SpreadsheetML: what other systems export, often under the name .xls."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from xml.sax.saxutils import escape

from mingcha.simulate.write.table import Cell, Formula, Grid


def as_text(cell: Cell) -> str:
    """A cell where all is text. A number too long for a number cell shows in powers of ten."""
    if isinstance(cell, Formula):
        cell = cell.value
    if cell is None:
        return ""
    if isinstance(cell, float):
        return f"{cell:.5E}"
    if isinstance(cell, date):
        return f"{cell.year}-{cell.month:02d}-{cell.day:02d}"
    return str(cell)


def write_csv(path: Path, grid: Grid, *, encoding: str = "utf-8-sig", delimiter: str = ",") -> None:
    """Delimited text with CRLF line ends. Characters the encoding lacks become question marks, as banks do it."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, delimiter=delimiter, lineterminator="\r\n")
    writer.writerows([as_text(cell) for cell in row] for row in grid.rows)
    path.write_bytes(buffer.getvalue().encode(encoding, errors="replace"))


def write_html(path: Path, grid: Grid, *, encoding: str = "utf-8") -> None:
    """A web page with one table, as government systems export it under the name .xls."""
    spans = {(top, left): (bottom - top + 1, right - left + 1) for top, left, bottom, right in grid.merges}
    covered = {
        (row, place)
        for top, left, bottom, right in grid.merges
        for row in range(top, bottom + 1)
        for place in range(left, right + 1)
        if (row, place) != (top, left)
    }
    width = max(len(row) for row in grid.rows)
    lines: list[str] = []
    for number, row in enumerate(grid.rows):
        cells: list[str] = []
        for place in range(width):
            if (number, place) in covered:
                continue
            down, across = spans.get((number, place), (1, 1))
            span = f' rowspan="{down}" colspan="{across}"' if down * across > 1 else ""
            value = as_text(row[place]) if place < len(row) else ""
            cells.append(f"<td{span} style=\"mso-number-format:'\\@'\">{escape(value) or '&nbsp;'}</td>")
        lines.append(f"<tr>{''.join(cells)}</tr>")
    head = f'<html><head><meta http-equiv="Content-Type" content="text/html; charset={encoding}"></head><body>'
    text = f'{head}<table border="1">\n' + "\n".join(lines) + "\n</table></body></html>"
    path.write_bytes(text.encode(encoding, errors="replace"))


def write_spreadsheetml(path: Path, grids: Sequence[Grid]) -> None:
    """Excel 2003 XML, also met under the name .xls."""
    parts: list[str] = []
    for grid in grids:
        spans = {(top, left): (bottom - top, right - left) for top, left, bottom, right in grid.merges}
        rows = "\n".join(_xml_row(row, number, spans) for number, row in enumerate(grid.rows))
        parts.append(f'<Worksheet ss:Name="{escape(grid.name)}"><Table>\n{rows}\n</Table></Worksheet>')
    text = (
        '<?xml version="1.0" encoding="UTF-8"?>\n<?mso-application progid="Excel.Sheet"?>\n'
        '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" '
        'xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">\n' + "\n".join(parts) + "\n</Workbook>\n"
    )
    path.write_bytes(text.encode())


def _xml_row(row: Sequence[Cell], number: int, spans: dict[tuple[int, int], tuple[int, int]]) -> str:
    cells: list[str] = []
    for place, value in enumerate(row):
        if value is None:
            continue
        down, across = spans.get((number, place), (0, 0))
        merged = (f' ss:MergeAcross="{across}"' if across else "") + (f' ss:MergeDown="{down}"' if down else "")
        kind = "Number" if isinstance(value, int | float | Decimal) else "String"
        data = f'<Data ss:Type="{kind}">{escape(as_text(value))}</Data>'
        cells.append(f'<Cell ss:Index="{place + 1}"{merged}>{data}</Cell>')
    return f"<Row>{''.join(cells)}</Row>"
