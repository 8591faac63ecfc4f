"""SpreadsheetML 2003 ("XML 表格"), which government systems export under the name .xls. Parsed as a stream."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Any, cast

from lxml import etree

from mingcha.intake.containers.cells import DateText, ErrorText, FormulaText, NumberText, number_text
from mingcha.intake.containers.limits import MAX_COLUMNS
from mingcha.intake.containers.problems import Unreadable
from mingcha.intake.containers.sheetfile import SheetWriter
from mingcha.intake.containers.sink import SheetFacts, Sink, Source
from mingcha.intake.containers.text import find_encoding, text_chunks

_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_UNSAFE = re.compile(r"<!\s*(DOCTYPE|ENTITY)", re.IGNORECASE)
_WHOLE = re.compile(r"^-?\d+$")
_MIDNIGHT = re.compile(r"T00:00:00(\.0*)?Z?$")
_NO_FACTS: Mapping[str, str] = MappingProxyType({})
_MAX_ROW = 10_000_000


def read_spreadsheetml(source: Source, sink: Sink) -> None:
    """Reads all worksheets. Raises Unreadable (entities, corrupt), OSError."""
    target = _Book(sink)
    # entities stay unresolved and a DTD is refused: a file of 1 KB may otherwise become 1 GB, or read other files
    parser = etree.XMLParser(
        target=cast("Any", target),
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        recover=True,
    )
    try:
        for number, chunk in enumerate(text_chunks(source.path, find_encoding(source.path))):
            text = chunk
            if number == 0:
                text = _DECLARATION.sub("", chunk.lstrip("\ufeff"), count=1).lstrip()
            if _UNSAFE.search(text):
                raise Unreadable("file.xml_entities")
            parser.feed(text)
        parser.close()
    except etree.XMLSyntaxError as error:
        target.discard()
        raise Unreadable("file.corrupt") from error
    except BaseException:
        target.discard()
        raise
    if not target.has_sheet:
        raise Unreadable("file.corrupt")


class _Book:
    """Receives the parser's events."""

    def __init__(self, sink: Sink) -> None:
        self.has_sheet = False
        self._sink = sink
        self._facts = SheetFacts("")
        self._writer: SheetWriter | None = None
        self._date_1904 = False
        self._hidden_rows = 0
        self._row = 0
        self._column = 0
        self._hidden_rows = 0
        self._cells: list[object] = []
        self._cell: Mapping[str, str] = {}
        self._type = ""
        self._text: list[str] | None = None
        self._value: object = ""

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        name = _local(tag)
        facts = {_local(key): value for key, value in attributes.items()} if attributes else _NO_FACTS
        if name == "Worksheet":
            self._start_sheet(facts)
        elif name == "Row":
            self._row = _index(facts.get("Index"), _MAX_ROW) or self._row + 1
            self._column, self._cells = 0, []
            if facts.get("Hidden") == "1":
                self._hidden_rows += 1
        elif name == "Cell":
            self._column = _index(facts.get("Index"), 1 << 20) or self._column + 1
            self._cell, self._value, self._type = facts, "", ""
        elif name == "Data":
            self._type, self._text = facts.get("Type", "String"), []
        elif name in ("Visible", "Date1904"):
            self._text = []

    def end(self, tag: str) -> None:
        name = _local(tag)
        if name == "Worksheet":
            self._end_sheet()
        elif name == "Row" and self._writer is not None:
            self._writer.add_row(self._row, self._cells)
            self._cells = []
        elif name == "Cell":
            self._end_cell()
        elif name == "Data":
            self._value = _value(self._take_text(), self._type)
        elif name == "Visible":
            self._facts.hidden = self._take_text().strip() in ("SheetHidden", "SheetVeryHidden")
        elif name == "Date1904":
            self._date_1904 = self._take_text().strip() not in ("0", "False", "false")

    def data(self, text: str) -> None:
        if self._text is not None:
            self._text.append(text)

    def comment(self, text: str) -> None:
        """Comments say nothing to us."""

    def close(self) -> None:
        """The document is over; one cut off still has a sheet open."""
        if self._writer is not None:
            self._facts.notes.append("文件没有正常结束，可能没有拷贝完整；已读到的行照常采用，请核对行数。")
            if self._cells:
                self._writer.add_row(self._row, self._cells)
            self._end_sheet()

    def _take_text(self) -> str:
        text, self._text = "".join(self._text or ()), None
        return text

    def _start_sheet(self, facts: Mapping[str, str]) -> None:
        self._end_sheet()
        self.has_sheet = True
        self._facts = SheetFacts(facts.get("Name", ""), date_1904=self._date_1904)
        self._writer = self._sink.open_sheet()
        self._row = 0
        self._hidden_rows = 0

    def _end_sheet(self) -> None:
        writer, self._writer = self._writer, None
        if writer is not None:
            if self._hidden_rows:
                self._facts.notes.append(f"有 {self._hidden_rows} 行被隐藏（或被筛选掉），已照常读取。")
            self._sink.close_sheet(self._facts, writer)

    def _end_cell(self) -> None:
        column = self._column - 1
        across = down = 0
        value = self._value
        if self._cell:
            across = _index(self._cell.get("MergeAcross"), 1 << 14)
            down = _index(self._cell.get("MergeDown"), _MAX_ROW)
            self._column += across
            if value == "" and self._type == "" and "Formula" in self._cell:
                value = FormulaText("=")
        if column >= MAX_COLUMNS:
            if self._writer is not None and value != "":
                self._writer.cut_columns = True
            return
        if across or down:
            self._facts.merged.append((self._row, column, self._row + down, column + across))
        if value != "":
            self._cells += [""] * (column + 1 - len(self._cells))
            self._cells[column] = value

    def discard(self) -> None:
        """Nothing of the open sheet is kept."""
        if self._writer is not None:
            self._writer.discard()


@lru_cache(maxsize=1024)
def _local(name: str) -> str:
    return name.rpartition("}")[2].rpartition(":")[2]


def _index(text: str | None, most: int) -> int:
    digits = (text or "").strip()
    return min(int(digits), most) if digits.isascii() and digits.isdigit() and len(digits) < 12 else 0


def _value(text: str, kind: str) -> object:
    if kind == "Number":
        stripped = text.strip()
        if _WHOLE.match(stripped):
            return NumberText(stripped)
        try:
            return NumberText(number_text(float(stripped)))
        except (ValueError, OverflowError):
            return text
    if kind == "DateTime":
        return DateText(_MIDNIGHT.sub("", text.strip()).replace("T", " ").partition(".")[0].rstrip("Z"))
    if kind == "Boolean":
        return text.strip() in ("1", "true")
    return ErrorText(text) if kind == "Error" else text
