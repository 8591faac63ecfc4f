"""Text files with separators: commas, tabs, semicolons, bars; tidy or not.

Row numbers are those Excel shows when it opens the file: a quoted cell with line breaks is one row, a blank line is
one too.
"""

from __future__ import annotations

import csv
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from itertools import islice

from mingcha.intake.containers.limits import BATCH_ROWS, MAX_CELL_CHARS, MAX_LINES_PER_RECORD
from mingcha.intake.containers.problems import Unreadable
from mingcha.intake.containers.readers.tidy import is_tidy, read_tidy
from mingcha.intake.containers.sink import SheetFacts, Sink, Source, numbered
from mingcha.intake.containers.text import Encoding, find_encoding, likely_encoding, text_lines

_DELIMITERS = (",", "\t", ";", "|")
_SAMPLE_LINES = 300
_LEAST_SHARE = 0.5  # of the sampled lines that have the commonest number of cells
# texts that have commas and are no tables
_PROSE = frozenset(
    (".json", ".xml", ".md", ".py", ".js", ".css", ".yaml", ".yml", ".toml", ".ini", ".cfg", ".log", ".sql", ".sh",
     ".bat", ".ps1", ".rtf", ".tex")
)  # fmt: skip


def read_delimited(source: Source, sink: Sink) -> None:
    """Reads the file as one sheet. Raises Unreadable (text.no_table), OSError."""
    likely = likely_encoding(source.path)
    if likely is not None and _is_read(source, sink, likely):
        return
    encoding = find_encoding(source.path)
    form = find_form(_sample(source, encoding), is_named_as_table=source.is_named_as_table)
    if form is None or source.suffix in _PROSE:
        raise Unreadable("text.no_table")
    delimiter, width = form
    records = _Records(text_lines(source.path, encoding), delimiter, width)
    facts = SheetFacts("")
    with sink.sheet(facts) as writer:
        row = 1
        lost = 0
        for rows in records.batches():
            lost += sum("�" in cell for cells in rows for cell in cells) if _may_lose(encoding) else 0
            writer.add_rows(numbered(row, rows), rows)
            row += len(rows)
        _add_notes(facts, records, lost)


def _is_read(source: Source, sink: Sink, encoding: Encoding) -> bool:
    """Whether the quick way read the file; the encoding need not be right."""
    sample = _sample(source, encoding)
    form = find_form(sample, is_named_as_table=source.is_named_as_table)
    if form is None or source.suffix in _PROSE:
        return False
    return is_tidy(sample, *form) and read_tidy(source, sink, encoding.codec, *form)


def _sample(source: Source, encoding: Encoding) -> list[str]:
    """The first lines."""
    return list(islice(text_lines(source.path, encoding), _SAMPLE_LINES))


def _may_lose(encoding: Encoding) -> bool:
    return encoding.codec not in ("utf-8", "gb18030")


def _add_notes(facts: SheetFacts, records: _Records, lost: int) -> None:
    if records.mended:
        facts.notes.append(f"有 {records.mended} 行的引号不成对，已按分隔符逐行拆开，请核对这些行。")
    if lost:
        facts.notes.append(f"有 {lost} 个单元格的文字无法辨认（显示为“�”），文件编码可能有误。")


def find_form(sample: Sequence[str], *, is_named_as_table: bool) -> tuple[str, int] | None:
    """The separator and the usual number of cells a line; None if the lines are no table.

    >>> find_form(["夏邑县低保名册\\n", "姓名\\t身份证号\\n", "张三\\t1\\n"], is_named_as_table=False)
    ('\\t', 2)
    """
    lines = [line for line in sample if line.strip()]
    best: tuple[float, int, str] | None = None
    for delimiter in _DELIMITERS:
        widths = Counter(len(cells) for cells in _sample_rows(lines, delimiter) if len(cells) > 1)
        if not widths:
            continue
        width, count = max(widths.items(), key=lambda item: (item[1], item[0]))
        separated = sum(widths.values())
        # rows of different lengths are usual in bank files, but then most lines have the separator at all
        share = max(count, separated * 0.9 if width > 3 or is_named_as_table else 0) / len(lines)
        enough = count >= 2 or is_named_as_table
        if enough and share >= _LEAST_SHARE and (best is None or (share, width) > best[:2]):
            best = (share, width, delimiter)
    return None if best is None else (best[2], best[1])


def _sample_rows(lines: Sequence[str], delimiter: str) -> list[list[str]]:
    if not any('"' in line for line in lines):
        return [line.split(delimiter) for line in lines]
    if sum(line.count('"') for line in lines) % 2 == 0:
        try:
            return list(csv.reader(lines, delimiter=delimiter, strict=True))
        except csv.Error:
            pass
    return [split_loosely(line, delimiter) for line in lines]


def split_loosely(line: str, delimiter: str) -> list[str]:
    """One line into cells, when its quotes cannot be trusted to be in pairs.

    >>> split_loosely('张三,"城关镇,411426\\r\\n', ",")
    ['张三', '城关镇', '411426']
    """
    line = line.rstrip("\r\n")
    if line.count('"') % 2 == 0:
        try:
            cells = next(csv.reader([line], delimiter=delimiter, strict=True), [])
        except csv.Error:
            cells = None
        if cells is not None:
            return cells
    return [_unquoted(cell) for cell in line.split(delimiter)]


def _unquoted(cell: str) -> str:
    text = cell.strip()
    if text.startswith('="'):
        return cell
    return cell.strip('" ').replace('""', '"') if '"' in text else cell


class _Records:
    """Turns lines into batches of rows: the C reader where it takes them, line by line where it does not.

    mended   lines whose quotes were not in pairs
    """

    def __init__(self, lines: Iterator[str], delimiter: str, width: int) -> None:
        self._lines = lines
        self._delimiter = delimiter
        self._width = width
        self.mended = 0
        csv.field_size_limit(MAX_CELL_CHARS)

    def batches(self) -> Iterator[list[list[str]]]:
        waiting: deque[str] = deque()
        at_end = False
        while not at_end:
            fresh = list(islice(self._lines, BATCH_ROWS))
            at_end = len(fresh) < BATCH_ROWS
            lines = [*waiting, *fresh]
            waiting.clear()
            rows = self._quick(lines)
            if rows is None:
                rows = self._careful(lines, waiting, at_end)
            if rows:
                yield rows

    def _quick(self, lines: list[str]) -> list[list[str]] | None:
        """All lines at once, if each is a record of its own."""
        try:
            rows = list(csv.reader(lines, delimiter=self._delimiter, strict=True))
        except csv.Error:
            return None
        return rows if len(rows) == len(lines) else None

    def _careful(self, lines: list[str], waiting: deque[str], at_end: bool) -> list[list[str]]:
        """Record by record. Lines of a record that goes beyond this batch are left waiting for the next."""
        rows: list[list[str]] = []
        at = 0
        while at < len(lines):
            line = lines[at]
            if '"' not in line:
                rows.append(line.rstrip("\r\n").split(self._delimiter))
                at += 1
                continue
            window = lines[at : at + MAX_LINES_PER_RECORD]
            if not at_end and len(window) < MAX_LINES_PER_RECORD:
                waiting.extend(lines[at:])
                break
            cells, used = self._record(window)
            rows.append(cells)
            at += used
        return rows

    def _record(self, window: list[str]) -> tuple[list[str], int]:
        """The first record of these lines and how many lines it takes."""
        quotes = 0
        for count, line in enumerate(window, 1):
            quotes += line.count('"')
            if quotes % 2 == 0:
                cells = self._strictly(window[:count])
                if cells is not None and (count == 1 or self._is_one_record(cells, window[1:count])):
                    return cells, count
                break
        self.mended += 1
        return split_loosely(window[0], self._delimiter), 1

    def _strictly(self, lines: list[str]) -> list[str] | None:
        try:
            rows = list(csv.reader(lines, delimiter=self._delimiter, strict=True))
        except csv.Error:
            return None
        return rows[0] if len(rows) == 1 else None

    def _is_one_record(self, cells: list[str], later_lines: list[str]) -> bool:
        """Whether lines belong together: the sum has the usual width, or none of them is a whole row by itself."""
        if len(cells) == self._width:
            return True
        return all(len(line.split(self._delimiter)) < self._width for line in later_lines)
