"""Writes .xlsx: a writer of our own, because one seed must give the same bytes and 25 sheets must not take minutes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from mingcha.simulate.write.table import Cell, Formula, Grid
from mingcha.simulate.write.typing_hand import column_letters, serial

_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_STYLES = (
    f'{_HEAD}<styleSheet xmlns="{_MAIN}">'
    '<numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/></numFmts>'
    '<fonts count="1"><font><sz val="11"/><name val="宋体"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>'
    '<cellXfs count="2"><xf numFmtId="0" xfId="0"/>'
    '<xf numFmtId="164" xfId="0" applyNumberFormat="1"/></cellXfs></styleSheet>'
)


class _Strings:
    def __init__(self) -> None:
        self.places: dict[str, int] = {}
        self.uses = 0

    def place(self, text: str) -> int:
        self.uses += 1
        return self.places.setdefault(text, len(self.places))

    def xml(self) -> str:
        items = "".join(f'<si><t xml:space="preserve">{escape(text)}</t></si>' for text in self.places)
        return f'{_HEAD}<sst xmlns="{_MAIN}" count="{self.uses}" uniqueCount="{len(self.places)}">{items}</sst>'


def write_xlsx(path: Path, grids: Sequence[Grid]) -> None:
    """Writes a book; equal grids give equal bytes."""
    strings = _Strings()
    with ZipFile(path, "w", ZIP_DEFLATED, compresslevel=3) as book:
        _add(book, "[Content_Types].xml", _content_types(len(grids)))
        _add(book, "_rels/.rels", _relations([("rId1", "officeDocument", "xl/workbook.xml")]))
        _add(book, "xl/workbook.xml", _workbook(grids))
        links = [(f"rId{number}", "worksheet", f"worksheets/sheet{number}.xml") for number in range(1, len(grids) + 1)]
        links += [("rId9001", "styles", "styles.xml"), ("rId9002", "sharedStrings", "sharedStrings.xml")]
        _add(book, "xl/_rels/workbook.xml.rels", _relations(links))
        _add(book, "xl/styles.xml", _STYLES)
        for number, grid in enumerate(grids, start=1):
            _add(book, f"xl/worksheets/sheet{number}.xml", _sheet(grid, strings))
        _add(book, "xl/sharedStrings.xml", strings.xml())


def _add(book: ZipFile, name: str, text: str) -> None:
    add_member(book, name, text.encode())


def add_member(book: ZipFile, name: str, data: bytes) -> None:
    """Adds a file to an archive without any trace of when or where it was made."""
    info = ZipInfo(name, (2020, 1, 1, 0, 0, 0))
    info.compress_type = ZIP_DEFLATED
    info.create_system = 0
    book.writestr(info, data)


def _content_types(sheets: int) -> str:
    parts = "".join(
        f'<Override PartName="/xl/worksheets/sheet{number}.xml" ContentType="{_SHEET_TYPE}.worksheet+xml"/>'
        for number in range(1, sheets + 1)
    )
    return (
        f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_SHEET_TYPE}.sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{_SHEET_TYPE}.styles+xml"/>'
        f'<Override PartName="/xl/sharedStrings.xml" ContentType="{_SHEET_TYPE}.sharedStrings+xml"/>{parts}</Types>'
    )


def _relations(links: Sequence[tuple[str, str, str]]) -> str:
    parts = "".join(f'<Relationship Id="{key}" Type="{_REL}/{kind}" Target="{target}"/>' for key, kind, target in links)
    return f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">{parts}</Relationships>'


def _workbook(grids: Sequence[Grid]) -> str:
    sheets = "".join(
        f'<sheet name="{escape(grid.name, {chr(34): "&quot;"})}" sheetId="{number}" r:id="rId{number}"/>'
        for number, grid in enumerate(grids, start=1)
    )
    return f'{_HEAD}<workbook xmlns="{_MAIN}" xmlns:r="{_REL}"><sheets>{sheets}</sheets></workbook>'


def _sheet(grid: Grid, strings: _Strings) -> str:
    width = max((len(row) for row in grid.rows), default=0)
    letters = [column_letters(place) for place in range(width)]
    lines: list[str] = []
    for number, row in enumerate(grid.rows, start=1):
        cells = "".join(
            _cell(f"{letters[place]}{number}", value, strings) for place, value in enumerate(row) if value is not None
        )
        lines.append(f'<row r="{number}">{cells}</row>')
    merges = "".join(
        f'<mergeCell ref="{column_letters(left)}{top + 1}:{column_letters(right)}{bottom + 1}"/>'
        for top, left, bottom, right in grid.merges
        if (top, left) != (bottom, right)
    )
    block = f"<mergeCells>{merges}</mergeCells>" if merges else ""
    return f'{_HEAD}<worksheet xmlns="{_MAIN}"><sheetData>{"".join(lines)}</sheetData>{block}</worksheet>'


def _cell(place: str, value: Cell, strings: _Strings) -> str:
    if isinstance(value, str):
        return f'<c r="{place}" t="s"><v>{strings.place(value)}</v></c>'
    if isinstance(value, date):
        return f'<c r="{place}" s="1"><v>{serial(value)}</v></c>'
    if isinstance(value, Formula):
        stored = "" if value.value is None else f"<v>{value.value}</v>"
        return f'<c r="{place}"><f>{escape(value.text)}</f>{stored}</c>'
    return f'<c r="{place}"><v>{value}</v></c>'
