"""Web pages with tables, which government systems export under the name .xls.

Parsed as a stream: a page of 100,000 rows builds no tree. Titles and notes often are small tables or paragraphs of
their own, and the header may be a table apart from the rows; so small tables and text between tables go on top of the
list that follows, and lists of the same width that follow each other (one a printed page) are one sheet.
Row numbers count through the page, as Excel shows it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from lxml import etree

from mingcha.intake.containers.cells import NumberText, number_text
from mingcha.intake.containers.limits import MAX_COLUMNS
from mingcha.intake.containers.problems import Unreadable
from mingcha.intake.containers.sheetfile import SheetWriter
from mingcha.intake.containers.sink import Merge, SheetFacts, Sink, Source
from mingcha.intake.containers.text import find_encoding, text_chunks

_SILENT = frozenset(("script", "style", "head", "title", "xml", "noscript", "template"))
_BREAKS = frozenset(("br", "p", "div", "li", "h1", "h2", "h3", "h4", "h5", "h6", "caption", "ul", "ol", "form"))
_CELLS = frozenset(("td", "th"))
_MAX_SPAN = 65_534
_LIST_ROWS = 2  # so many rows with several filled cells make a table a list
_CHARSET = re.compile(r"""(<meta\b[^>]*?charset\s*=\s*["']?)[\w-]+""", re.IGNORECASE)
_SHEET_NAME = re.compile(r"<x:Name>([^<]{1,80})</x:Name>")
_FIGURE = re.compile(r"^-?[\d,]+(\.\d+)?([eE][+-]?\d+)?%?$")
_SPACES = re.compile(r"[ \t\r\n\f\xa0]+")


def read_html(source: Source, sink: Sink) -> None:
    """Reads all tables of the page. Raises Unreadable (html.no_table), OSError."""
    target = _Page(_Sheets(sink))
    parser = etree.HTMLParser(target=cast("Any", target), huge_tree=True)
    try:
        for number, chunk in enumerate(text_chunks(source.path, find_encoding(source.path))):
            text = chunk
            if number == 0:
                # the text is decoded already: what the page says of its encoding would only mislead the parser
                name = _SHEET_NAME.search(chunk[:65536])
                target.sheets.name = name.group(1).strip() if name else ""
                text = _CHARSET.sub(r"\1utf-8", chunk[:65536]) + chunk[65536:]
            parser.feed(text)
        parser.close()
    except BaseException:
        target.sheets.discard()
        raise
    if not target.has_table:
        raise Unreadable("file.wrong_content" if source.is_named_as_table else "html.no_table")
    target.sheets.finish()


@dataclass
class _Table:
    """A table that is open. spans: column → the last of its rows (by row_index) that a cell above covers."""

    rows: list[tuple[int, list[object]]] = field(default_factory=list)
    merges: list[Merge] = field(default_factory=list)
    spans: dict[int, int] = field(default_factory=dict)
    row_index: int = 0
    list_rows: int = 0
    width: int = 0
    is_list: bool = False
    row: list[object] | None = None
    cell: list[str] | None = None
    cell_facts: Mapping[str, str] = field(default_factory=dict)


class _Page:
    """Receives the parser's events."""

    def __init__(self, sheets: _Sheets) -> None:
        self.sheets = sheets
        self.has_table = False
        self._tables: list[_Table] = []
        self._silent = 0
        self._text: list[str] = []

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        if tag in _SILENT:
            self._silent += 1
        elif tag == "table":
            self._start_table()
        elif tag == "tr" and self._tables:
            self._end_row()
            self._tables[-1].row = []
        elif tag in _CELLS and self._tables:
            self._start_cell(attributes)
        elif tag == "input" and attributes.get("type", "text").lower() == "text":
            self.data(attributes.get("value", ""))
        elif tag in _BREAKS:
            self._break()

    def end(self, tag: str) -> None:
        if tag in _SILENT:
            self._silent = max(self._silent - 1, 0)
        elif tag == "table" and self._tables:
            self._end_table()
        elif tag == "tr":
            self._end_row()
        elif tag in _CELLS:
            self._end_cell()
        elif tag in _BREAKS:
            self._break()

    def data(self, text: str) -> None:
        if self._silent:
            return
        table = self._tables[-1] if self._tables else None
        if table is None:
            self._text.append(text)
        elif table.cell is not None:
            table.cell.append(text)

    def comment(self, text: str) -> None:
        """Comments are Excel's own hints."""

    def close(self) -> None:
        while self._tables:
            self._end_table()
        self._break()

    def _break(self) -> None:
        """A line ends: inside a cell a line break, outside tables a row of its own."""
        if not self._tables:
            text = _clean("".join(self._text))
            self._text.clear()
            if text and not self._silent:
                self.sheets.add_loose(text)
        elif self._tables[-1].cell is not None:
            self._tables[-1].cell.append("\v")

    def _start_table(self) -> None:
        self._break()
        self.has_table = True
        if self._tables and self._tables[-1].is_list:
            # a small table inside a cell of a list is that cell's text
            self._tables.append(_Inner(self._tables[-1]))
        else:
            self._tables.append(_Table())

    def _end_table(self) -> None:
        self._end_row()
        table = self._tables.pop()
        if not isinstance(table, _Inner):
            self.sheets.end_table(table)

    def _start_cell(self, attributes: Mapping[str, str]) -> None:
        self._end_cell()
        table = self._tables[-1]
        if isinstance(table, _Inner):
            table.cell = table.outer.cell
            table.break_line()
            return
        if table.row is None:
            table.row = []
        table.cell, table.cell_facts = [], dict(attributes)

    def _end_cell(self) -> None:
        table = self._tables[-1] if self._tables else None
        if table is None or table.cell is None or isinstance(table, _Inner):
            return
        value, facts = _value("".join(table.cell), table.cell_facts), table.cell_facts
        table.cell = None
        row = table.row if table.row is not None else []
        while table.spans.get(len(row), -1) >= table.row_index:
            row.append("")
        column = len(row)
        if column > MAX_COLUMNS:
            return
        row.append(value)
        if facts:
            self._spread(table, row, facts)

    def _spread(self, table: _Table, row: list[object], facts: Mapping[str, str]) -> None:
        """Gives the cell just added the room its spans ask for."""
        column = len(row) - 1
        across, down = _span(facts.get("colspan"), 1000), _span(facts.get("rowspan"), _MAX_SPAN)
        across = max(min(across, MAX_COLUMNS + 1 - column), 1)
        row += [""] * (across - 1)
        if down > 1:
            table.spans.update({column + step: table.row_index + down - 1 for step in range(across)})
        if across > 1 or down > 1:
            number = self.sheets.next_row
            table.merges.append((number, column, number + down - 1, column + across - 1))

    def _end_row(self) -> None:
        self._end_cell()
        table = self._tables[-1] if self._tables else None
        if table is None or table.row is None or isinstance(table, _Inner):
            return
        row, table.row = table.row, None
        table.row_index += 1
        self.sheets.add(table, row)


class _Inner(_Table):
    """A table inside a cell of a list: its text becomes the cell's."""

    def __init__(self, outer: _Table) -> None:
        super().__init__(is_list=True)
        self.outer: _Table = outer.outer if isinstance(outer, _Inner) else outer
        self.cell = self.outer.cell

    def break_line(self) -> None:
        """Keeps the texts of inner cells apart."""
        if self.outer.cell is not None:
            self.outer.cell.append(" ")


class _Sheets:
    """Groups the page's tables into sheets as the module says."""

    def __init__(self, sink: Sink) -> None:
        self.name = ""
        self.next_row = 1
        self._sink = sink
        self._loose: list[tuple[int, list[object]]] = []
        self._loose_merges: list[Merge] = []
        self._writer: SheetWriter | None = None
        self._facts = SheetFacts("")
        self._width = 0
        self._first: tuple[SheetFacts, SheetWriter] | None = None
        self._count = 0

    def add_loose(self, text: str) -> None:
        """A line of text outside all tables."""
        self._loose.append((self._number(), [text]))

    def add(self, table: _Table, row: list[object]) -> None:
        """A row of an open table. A layout table's row that holds other tables has no text of its own."""
        number = self._number()
        if table.is_list and self._writer is not None:
            self._writer.add_row(number, row)
            return
        filled = sum(cell != "" for cell in row)
        table.rows.append((number, row))
        table.list_rows += filled > 1
        table.width = max(table.width, len(row))
        if table.list_rows >= _LIST_ROWS:
            self._become_list(table)

    def _number(self) -> int:
        self.next_row += 1
        return self.next_row - 1

    def _become_list(self, table: _Table) -> None:
        table.is_list = True
        if self._writer is None or table.width != self._width:
            self._open()
            self._width = table.width
        self._write(table.rows)
        table.rows = []

    def _open(self) -> None:
        self._close()
        self._tell_first()
        self._count += 1
        self._facts = SheetFacts(f"表{self._count}")
        self._writer = self._sink.open_sheet()

    def _close(self) -> None:
        writer, self._writer = self._writer, None
        if writer is None:
            return
        if self._count == 1:
            writer.close()  # told when it is known whether it is the only one: only then it has the page's name
            self._first = (self._facts, writer)
            return
        self._sink.close_sheet(self._facts, writer)

    def _write(self, rows: list[tuple[int, list[object]]]) -> None:
        if self._writer is None:
            return
        for number, row in [*self._loose, *rows]:
            self._writer.add_row(number, row)
        self._facts.merged += self._loose_merges
        self._loose, self._loose_merges = [], []

    def end_table(self, table: _Table) -> None:
        """A table is over: its merges go with its rows."""
        if table.is_list:
            self._facts.merged += table.merges
        else:
            self._loose += table.rows
            self._loose_merges += table.merges

    def finish(self) -> None:
        """The page is over: what is loose belongs to the last list."""
        if self._writer is None:
            self._open()
        self._write([])
        self._close()
        if self._first is not None:
            self._first[0].name = self.name
        self._tell_first()

    def _tell_first(self) -> None:
        first, self._first = self._first, None
        if first is not None:
            self._sink.close_sheet(*first)

    def discard(self) -> None:
        """Nothing is kept."""
        for writer in (self._writer, self._first[1] if self._first else None):
            if writer is not None:
                writer.discard()


def _span(text: str | None, most: int) -> int:
    digits = (text or "").strip()
    return min(max(int(digits), 1), most) if digits.isascii() and digits.isdigit() and len(digits) < 9 else 1


def _clean(text: str) -> str:
    if text.isprintable() and "  " not in text:  # most cells: nothing to mend
        return text.strip(" ")
    lines = [_SPACES.sub(" ", line).strip(" ") for line in text.split("\v")]
    return "\n".join(line for line in lines if line)


def _value(raw: str, facts: Mapping[str, str]) -> object:
    """A cell's value: text as shown, or the number that Excel kept beside it (x:num)."""
    text = _clean(raw)
    if "x:num" not in facts or not _FIGURE.match(text):
        return text
    try:
        return NumberText(number_text(float(facts["x:num"] or text.replace(",", "").rstrip("%"))))
    except ValueError:
        return text
