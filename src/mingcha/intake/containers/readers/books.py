"""Excel, WPS and OpenDocument books, through python-calamine."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import islice
from typing import cast

import python_calamine as calamine
from lxml import etree

from mingcha.intake.containers import ole
from mingcha.intake.containers.limits import DENSE_CELLS
from mingcha.intake.containers.problems import Unreadable
from mingcha.intake.containers.readers.plain_xlsx import PlainBook, hidden_rows_note, open_plain
from mingcha.intake.containers.readers.sparse import SparseBook
from mingcha.intake.containers.readers.xls_facts import XlsFacts, scan_xls
from mingcha.intake.containers.readers.xlsx_parts import Package, SheetPart, SheetScan, open_package, scan_sheet
from mingcha.intake.containers.sheetfile import SheetWriter, rows_per_batch
from mingcha.intake.containers.sink import SheetFacts, Sink, Source, numbered
from mingcha.intake.containers.sniff import Container

_OTHER_SHEETS = (
    (calamine.SheetTypeEnum.ChartSheet, "图表"),
    (calamine.SheetTypeEnum.MacroSheet, "宏表"),
    (calamine.SheetTypeEnum.DialogSheet, "对话框"),
    (calamine.SheetTypeEnum.Vba, "宏"),
)
_DAMAGE = (
    *(zipfile.BadZipFile, zlib.error, etree.XMLSyntaxError, KeyError, ValueError, EOFError, NotImplementedError),
    OverflowError,  # a figure under a form of hours that is more hours than there are
)
_OLD_EXCEL = "这是 Excel 5.0/95 格式，文字可能显示不正确，请核对；有误的请另存为 xlsx 格式再比对。"


@dataclass(frozen=True)
class _Extras:
    """What we found out ourselves about a book: of an .xlsx its package, of an .xls its records."""

    package: Package | None = None
    xls: XlsFacts | None = None


def read_book(source: Source, sink: Sink, container: Container) -> None:
    """Reads every sheet. Raises Unreadable, OSError; a sheet that fails alone becomes a problem of its own."""
    extras = _extras(source, container)
    if extras.xls is not None and extras.xls.is_encrypted:
        raise Unreadable("file.password")
    if extras.package is not None and (plain := open_plain(source.path, extras.package)) is not None:
        _read_plain(source, sink, plain, extras)
        return
    try:
        book = _library_book(source)
    except calamine.PasswordError as error:
        raise Unreadable("file.password") from error
    except calamine.CalamineError as error:
        if extras.package is None or not extras.package.sheets:
            raise Unreadable("file.corrupt") from error
        sparse = SparseBook(source.path, extras.package)
        for index, part in enumerate(extras.package.sheets):
            if sink.wants(index, part.name):
                _read_sparse(sink, sparse, part, index)
        return
    with book:
        for index, metadata in enumerate(book.sheets_metadata):
            if sink.wants(index, metadata.name):
                _read_sheet(source, sink, book, index, extras)


def _library_book(source: Source) -> calamine.CalamineWorkbook:
    with source.path.open("rb") as file:
        return calamine.load_workbook(file)


def _read_plain(source: Source, sink: Sink, plain: PlainBook, extras: _Extras) -> None:
    """Each sheet the quick way; those that refuse it by the library, which need not open the book for the others."""
    with ExitStack() as stack:
        book: calamine.CalamineWorkbook | None = None
        for index, part in enumerate(plain.sheets):
            if not sink.wants(index, part.name) or plain.read(index, sink):
                continue
            try:
                book = book or stack.enter_context(_library_book(source))
            except calamine.CalamineError:
                _read_sparse(sink, SparseBook(source.path, plain.package), part, index)
            else:
                _read_sheet(source, sink, book, index, extras)


def _extras(source: Source, container: Container) -> _Extras:
    """Best effort: a book whose parts we cannot follow may still be one that the reader library can."""
    if container is Container.XLSX:
        try:
            return _Extras(package=open_package(source.path))
        except _DAMAGE:
            return _Extras()
    if container is Container.XLS:
        try:
            return _Extras(xls=scan_xls(source.path))
        except ole.Damaged:
            return _Extras()
    return _Extras()


def _read_sheet(source: Source, sink: Sink, book: calamine.CalamineWorkbook, index: int, extras: _Extras) -> None:
    metadata = book.sheets_metadata[index]
    for kind, words in _OTHER_SHEETS:
        if metadata.typ == kind:
            sink.problem("sheet.kind", sheet=metadata.name, kind=words)
            return
    facts = SheetFacts(metadata.name, hidden=metadata.visible != calamine.SheetVisibleEnum.Visible)
    try:
        scan = _scan(source, facts, index, extras)
        if scan.cells > DENSE_CELLS and extras.package is not None:
            SparseBook(source.path, extras.package).read(metadata.name, facts, sink, index)
            return
        sheet = book.get_sheet_by_index(index)
        facts.merged = [_merge(*merge) for merge in sheet.merged_cell_ranges or ()]
        with sink.sheet(facts, index) as writer:
            _write(sheet, scan, writer)
    except (calamine.CalamineError, *_DAMAGE):
        _rescue(source, sink, facts, index, extras)


def _rescue(source: Source, sink: Sink, facts: SheetFacts, index: int, extras: _Extras) -> None:
    """A sheet the library refuses is tried by our own reader, where there is one."""
    if extras.package is not None:
        try:
            SparseBook(source.path, extras.package).read(facts.name, facts, sink, index)
        except _DAMAGE:
            pass
        else:
            return
    sink.problem("sheet.corrupt", sheet=facts.name)


def _read_sparse(sink: Sink, book: SparseBook, part: SheetPart, index: int) -> None:
    try:
        book.read(part.name, SheetFacts(part.name, hidden=part.hidden), sink, index)
    except _DAMAGE:
        sink.problem("sheet.corrupt", sheet=part.name)


def _merge(first: tuple[int, int], last: tuple[int, int]) -> tuple[int, int, int, int]:
    return first[0] + 1, first[1], last[0] + 1, last[1]


def _scan(source: Source, facts: SheetFacts, index: int, extras: _Extras) -> SheetScan:
    scan = SheetScan()
    if extras.package is not None:
        facts.date_1904 = extras.package.date_1904
        part = next((part for part in extras.package.sheets if part.name == facts.name), None)
        if part is not None:
            with zipfile.ZipFile(source.path) as archive, archive.open(extras.package.members[part.member]) as file:
                scan = scan_sheet(file)
    if extras.xls is not None:
        facts.date_1904 = extras.xls.date_1904
        scan = extras.xls.sheet(index)
        if extras.xls.is_excel_95:
            facts.notes.append(_OLD_EXCEL)
    if scan.hidden_rows:
        facts.notes.append(hidden_rows_note(scan.hidden_rows))
    return scan


def _write(sheet: calamine.CalamineSheet, scan: SheetScan, writer: SheetWriter) -> None:
    first_column = 0 if sheet.start is None else sheet.start[1]
    row = 1
    for rows in _batches(sheet):
        numbers = numbered(row, rows)
        row += len(rows)
        marked = {number - 1: scan.marked.pop(number - 1) for number in numbers if number - 1 in scan.marked} \
            if scan.marked else {}  # fmt: skip
        width = len(rows[0])
        if not marked and all(cells.count("") == width for cells in rows):
            continue
        columns: list[Sequence[object]] = list(zip(*rows, strict=True))
        if marked:
            columns = _with_marks([[""] * len(rows)] * first_column + columns, marked, numbers)
            writer.add_columns(numbers, columns, 0)
        else:
            writer.add_columns(numbers, columns, first_column)
    for number in sorted(scan.marked):
        cells = scan.marked[number]
        writer.add_row(number + 1, [cells.get(column, "") for column in range(max(cells) + 1)])


def _batches(sheet: calamine.CalamineSheet) -> Iterator[list[list[object]]]:
    if sheet.start is None:
        return
    rows = cast("Iterator[list[object]]", iter(sheet.iter_rows()))
    size = rows_per_batch(sheet.width)
    while batch := list(islice(rows, size)):
        yield batch


def _with_marks(
    columns: list[Sequence[object]], marked: dict[int, dict[int, str]], numbers: range
) -> list[Sequence[object]]:
    """The columns with errors and uncalculated formulas in their cells, which the library leaves blank."""
    width = max(len(columns), 1 + max(max(cells) for cells in marked.values()))
    changed: dict[int, list[object]] = {}
    for row, cells in marked.items():
        for column, text in cells.items():
            if column not in changed:
                changed[column] = list(columns[column]) if column < len(columns) else [""] * len(numbers)
            if changed[column][row + 1 - numbers.start] == "":
                changed[column][row + 1 - numbers.start] = text
    blank: Sequence[object] = [""] * len(numbers)
    old = [*columns, *[blank] * (width - len(columns))]
    return [changed.get(index, column) for index, column in enumerate(old)]
