"""Writes .ods, the spreadsheets of free office programs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from mingcha.simulate.write.table import Cell, Formula, Grid
from mingcha.simulate.write.texts import as_text
from mingcha.simulate.write.xlsx import add_member

_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_MIME = "application/vnd.oasis.opendocument.spreadsheet"
_NS = "urn:oasis:names:tc:opendocument:xmlns"


def write_ods(path: Path, grids: Sequence[Grid]) -> None:
    """Writes a book; equal grids give equal bytes."""
    tables = "".join(_table(grid) for grid in grids)
    content = (
        f'{_HEAD}<office:document-content xmlns:office="{_NS}:office:1.0" xmlns:table="{_NS}:table:1.0" '
        f'xmlns:text="{_NS}:text:1.0" office:version="1.2"><office:body><office:spreadsheet>{tables}'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    manifest = (
        f'{_HEAD}<manifest:manifest xmlns:manifest="{_NS}:manifest:1.0" manifest:version="1.2">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{_MIME}"/>'
        '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>'
    )
    with ZipFile(path, "w") as book:
        # the kind of the archive comes first and uncompressed, or programs do not know it
        kind = ZipInfo("mimetype", (2020, 1, 1, 0, 0, 0))
        kind.compress_type = ZIP_STORED
        kind.create_system = 0
        book.writestr(kind, _MIME)
        add_member(book, "content.xml", content.encode())
        add_member(book, "META-INF/manifest.xml", manifest.encode())


def _table(grid: Grid) -> str:
    spans = {(top, left): (bottom - top + 1, right - left + 1) for top, left, bottom, right in grid.merges}
    covered = {
        (row, place)
        for top, left, bottom, right in grid.merges
        for row in range(top, bottom + 1)
        for place in range(left, right + 1)
        if (row, place) != (top, left)
    }
    width = max((len(row) for row in grid.rows), default=0)
    rows: list[str] = []
    for number, row in enumerate(grid.rows):
        cells: list[str] = []
        for place in range(width):
            if (number, place) in covered:
                cells.append("<table:covered-table-cell/>")
                continue
            down, across = spans.get((number, place), (1, 1))
            merged = (
                f' table:number-rows-spanned="{down}" table:number-columns-spanned="{across}"'
                if down * across > 1
                else ""
            )
            cells.append(_cell(row[place] if place < len(row) else None, merged))
        rows.append(f"<table:table-row>{''.join(cells)}</table:table-row>")
    return f"<table:table table:name={quoteattr(grid.name)}>{''.join(rows)}</table:table>"


def _cell(value: Cell, merged: str) -> str:
    if isinstance(value, Formula):
        value = value.value
    if value is None:
        return f"<table:table-cell{merged}/>"
    text = "</text:p><text:p>".join(escape(line) for line in as_text(value).split("\n"))
    if isinstance(value, date):
        kind = f'office:value-type="date" office:date-value="{value.isoformat()}"'
    elif isinstance(value, int | float | Decimal):
        kind = f'office:value-type="float" office:value="{value}"'
    else:
        kind = 'office:value-type="string"'
    return f"<table:table-cell {kind}{merged}><text:p>{text}</text:p></table:table-cell>"
