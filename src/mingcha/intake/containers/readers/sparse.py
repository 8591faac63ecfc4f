"""Our own reader of .xlsx sheets, row by row: for sheets whose rectangle is too large, and as a second try.

python-calamine holds a sheet as a full rectangle; one stray cell at XFD1048576 makes that 17 thousand million cells.
Slower than the library, but its memory depends on the longest row alone.
"""

from __future__ import annotations

import datetime as dt
import re
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO

from lxml import etree

from mingcha.intake.containers.cells import DateText, ErrorText, FormulaText
from mingcha.intake.containers.limits import MAX_COLUMNS
from mingcha.intake.containers.readers.xlsx_parts import Package, column_index, local_name
from mingcha.intake.containers.sheetfile import SheetWriter
from mingcha.intake.containers.sink import SheetFacts, Sink

_PLACE = re.compile(r"^([A-Z]{1,3})(\d{1,7})$")
_BUILT_IN_DATES = frozenset([*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)])
_QUOTED = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')
_DATE_LETTERS = re.compile(r"[ymdhs]", re.IGNORECASE)
_TYPED: dict[str, Callable[[str], object]] = {
    "b": lambda raw: raw.strip() in ("1", "true"),
    "e": ErrorText,
    "d": lambda raw: DateText(raw.replace("T", " ").split(".")[0]),
    "str": str,
}
_LAST_SERIAL = 2_958_465  # 9999-12-31


class SparseBook:
    """An .xlsx book whose sheets are read one row at a time.

    Raises zipfile.BadZipFile, zlib.error, etree.XMLSyntaxError, KeyError, ValueError, OSError on damage.
    """

    def __init__(self, path: Path, package: Package) -> None:
        self._path = path
        self._package = package
        self._strings: list[str] | None = None
        self._dates: list[bool] | None = None

    def read(self, name: str, facts: SheetFacts, sink: Sink, index: int) -> None:
        """Reads the sheet of this name. Raises KeyError if there is none."""
        part = next((part for part in self._package.sheets if part.name == name), None)
        if part is None:
            raise KeyError(name)
        facts.date_1904 = self._package.date_1904
        facts.merged = []
        with zipfile.ZipFile(self._path) as archive:
            self._load(archive)
            with archive.open(self._package.members[part.member]) as file, sink.sheet(facts, index) as writer:
                self._read_rows(file, writer, facts)

    def _load(self, archive: zipfile.ZipFile) -> None:
        if self._strings is None:
            self._strings = list(self._shared_strings(archive))
            self._dates = self._date_styles(archive)

    def _shared_strings(self, archive: zipfile.ZipFile) -> Iterator[str]:
        if self._package.shared_strings is None:
            return
        with archive.open(self._package.members[self._package.shared_strings]) as file:
            for element in _ends(file, {"si"}):
                yield _text_of(element)
                element.clear()

    def _date_styles(self, archive: zipfile.ZipFile) -> list[bool]:
        if self._package.styles is None:
            return []
        with archive.open(self._package.members[self._package.styles]) as file:
            root = etree.parse(file, etree.XMLParser(resolve_entities=False, no_network=True, recover=True)).getroot()
        elements = [element for element in root.iter() if isinstance(element.tag, str)]
        formats = {
            _number(element.get("numFmtId")): str(element.get("formatCode", ""))
            for element in elements
            if local_name(element) == "numFmt"
        }
        styles = next((element for element in elements if local_name(element) == "cellXfs"), None)
        return [] if styles is None else [_is_date(_number(style.get("numFmtId")), formats) for style in styles]

    def _read_rows(self, file: IO[bytes], writer: SheetWriter, facts: SheetFacts) -> None:
        row = 0
        for element in _ends(file, {"row", "mergeCell"}):
            if local_name(element) == "mergeCell":
                merge = _merge(str(element.get("ref", "")))
                facts.merged += [] if merge is None else [merge]
            else:
                row = _number(element.get("r")) or row + 1
                cells = self._cells(element, writer)
                if cells:
                    writer.add_row(row, cells)
            element.clear()
            while (before := element.getprevious()) is not None:
                parent = before.getparent()
                if parent is None:
                    break
                parent.remove(before)

    def _cells(self, row: etree._Element, writer: SheetWriter) -> list[object]:
        cells: list[object] = []
        column = -1
        for cell in row:
            place = _PLACE.match(str(cell.get("r", "")))
            column = column_index(place.group(1)) if place else column + 1
            if not isinstance(cell.tag, str) or len(cell) == 0:
                continue
            value = self._value(cell)
            if value == "":
                continue
            if column >= MAX_COLUMNS:
                writer.cut_columns = True
                continue
            cells += [""] * (column + 1 - len(cells))
            cells[column] = value
        return cells

    def _value(self, cell: etree._Element) -> object:
        parts = {local_name(part): part for part in cell if isinstance(part.tag, str)}
        kind = cell.get("t", "n")
        if kind == "inlineStr":
            return _text_of(parts["is"]) if "is" in parts else ""
        raw = (parts["v"].text or "") if "v" in parts else ""
        if raw == "":
            return FormulaText("=") if "f" in parts and (kind != "str" or "v" not in parts) else ""
        typed = _TYPED.get(kind)
        if typed is not None:
            return typed(raw)
        return self._string(raw) if kind == "s" else self._figure(raw, _number(cell.get("s")))

    def _string(self, raw: str) -> str:
        strings = self._strings or []
        index = _number(raw)
        return strings[index] if raw.strip().isdigit() and index < len(strings) else ""

    def _figure(self, raw: str, style: int) -> object:
        try:
            value = float(raw)
        except ValueError:
            return raw
        dates = self._dates or []
        if style < len(dates) and dates[style]:
            return serial_date(value, is_1904=self._package.date_1904)
        return value


def serial_date(serial: float, *, is_1904: bool) -> object:
    """A date cell's value from its serial number; the number itself where it is no date.

    >>> serial_date(45098.0, is_1904=False), serial_date(43636.0, is_1904=True)
    (datetime.date(2023, 6, 21), datetime.date(2023, 6, 21))
    """
    if not 1 <= serial <= _LAST_SERIAL:
        return serial
    start = dt.datetime(1904, 1, 1) if is_1904 else dt.datetime(1899, 12, 30)
    moment = start + dt.timedelta(seconds=round(serial * 86400))
    return moment.date() if moment.time() == dt.time() else moment


def _ends(file: IO[bytes], names: set[str]) -> Iterator[etree._Element]:
    tags = [f"{{*}}{name}" for name in names]
    parser = etree.iterparse(
        file, events=("end",), tag=tags, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    for _, element in parser:
        yield element


def _text_of(element: etree._Element) -> str:
    """All text runs, without the phonetic ones."""
    texts = []
    for part in element.iter("{*}t"):
        parent = part.getparent()
        if parent is None or local_name(parent) != "rPh":
            texts.append(part.text or "")
    return "".join(texts)


def _number(text: str | None) -> int:
    return int(text) if text and text.strip().isdigit() else 0


def _is_date(format_id: int, formats: dict[int, str]) -> bool:
    if format_id not in formats:
        return format_id in _BUILT_IN_DATES
    return bool(_DATE_LETTERS.search(_QUOTED.sub("", formats[format_id].split(";")[0])))


def _merge(reference: str) -> tuple[int, int, int, int] | None:
    first, _, last = reference.partition(":")
    begin, end = _PLACE.match(first), _PLACE.match(last or first)
    if begin is None or end is None:
        return None
    return int(begin.group(2)), column_index(begin.group(1)), int(end.group(2)), column_index(end.group(1))
