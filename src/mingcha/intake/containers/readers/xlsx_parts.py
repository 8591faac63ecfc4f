"""What python-calamine does not tell of an .xlsx: the 1904 calendar, error cells, formulas nobody calculated, size.

Each sheet's XML is passed over once with byte patterns; no tree is built.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import IO

from lxml import etree

from mingcha.intake.containers.cells import ErrorText, FormulaText
from mingcha.intake.containers.limits import MIB

_CHUNK = 2 * MIB
_MAX_CARRY = 16 * MIB
_MAX_SMALL_PART = 64 * MIB
_MAX_MARKED = 2_000_000
_RELATION_ID = re.compile(r"^\{.*\}id$")


@dataclass(frozen=True)
class SheetPart:
    """A sheet of the book: its name and the zip member it lies in."""

    name: str
    member: str
    hidden: bool


@dataclass(frozen=True)
class Package:
    """The parts of an .xlsx book. members: normalised name → name in the archive."""

    sheets: tuple[SheetPart, ...]
    date_1904: bool
    members: dict[str, str]
    shared_strings: str | None
    styles: str | None


@dataclass
class SheetScan:
    """What one pass over a sheet's XML shows.

    marked       0-based row → {0-based column: error or uncalculated formula}
    last_row     1-based, of the last filled cell; last_col likewise 0-based; lower bounds where cells carry no place
    hidden_rows  filled rows that the sheet hides
    """

    marked: dict[int, dict[int, str]] = field(default_factory=dict)
    last_row: int = 0
    last_col: int = 25
    hidden_rows: int = 0

    @property
    def cells(self) -> int:
        """Cells of the rectangle around all that is filled."""
        return self.last_row * (self.last_col + 1)


def column_index(letters: str) -> int:
    """0-based column of its letters.

    >>> column_index("A"), column_index("XFD")
    (0, 16383)
    """
    index = 0
    for letter in letters:
        index = index * 26 + ord(letter) - 64
    return index - 1


def safe_parser() -> etree.XMLParser:
    """For parts of a file we do not trust: no entities, no network, no DTD; mends what it can."""
    return etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=True)


def local_name(element: etree._Element) -> str:
    """An element's name without its name space."""
    return str(element.tag).rpartition("}")[2]


def open_package(path: Path) -> Package:
    """The book's parts. Raises zipfile.BadZipFile, KeyError, etree.XMLSyntaxError, ValueError, OSError."""
    with zipfile.ZipFile(path) as archive:
        members = {name.replace("\\", "/").lstrip("/").lower(): name for name in archive.namelist()}
        book_part = _book_part(archive, members)
        folder = posixpath.dirname(book_part)
        relations = _relations(archive, members, book_part)
        book = _tree(archive, members[book_part])
        date_1904 = False
        sheets = []
        for element in book.iter():
            name = local_name(element) if isinstance(element.tag, str) else ""
            if name == "workbookPr":
                date_1904 = str(element.get("date1904", "0")).lower() in ("1", "true", "on")
            elif name == "sheet":
                relation = next((str(value) for key, value in element.items() if _RELATION_ID.match(str(key))), "")
                kind, target = relations.get(relation, ("", ""))
                if kind.endswith("worksheet"):
                    member = _resolve(folder, target)
                    hidden = element.get("state", "visible") != "visible"
                    sheets.append(SheetPart(str(element.get("name", "")), member, hidden))
        parts = {kind.rpartition("/")[2]: _resolve(folder, target) for kind, target in relations.values()}
        return Package(
            tuple(sheet for sheet in sheets if sheet.member in members),
            date_1904,
            members,
            _if_there(parts.get("sharedStrings"), members),
            _if_there(parts.get("styles"), members),
        )


def _if_there(part: str | None, members: dict[str, str]) -> str | None:
    return part if part in members else None


def _book_part(archive: zipfile.ZipFile, members: dict[str, str]) -> str:
    if "xl/workbook.xml" in members:
        return "xl/workbook.xml"
    for kind, target in _relations_of(archive, members, "_rels/.rels").values():
        if kind.endswith("officeDocument"):
            return _resolve("", target)
    raise KeyError("workbook")


def _relations(archive: zipfile.ZipFile, members: dict[str, str], part: str) -> dict[str, tuple[str, str]]:
    folder, name = posixpath.split(part)
    return _relations_of(archive, members, f"{folder}/_rels/{name}.rels")


def _relations_of(archive: zipfile.ZipFile, members: dict[str, str], part: str) -> dict[str, tuple[str, str]]:
    root = _tree(archive, members[part])
    return {
        str(element.get("Id")): (str(element.get("Type", "")), str(element.get("Target", "")))
        for element in root.iter()
        if isinstance(element.tag, str) and local_name(element) == "Relationship"
    }


def _resolve(folder: str, target: str) -> str:
    target = target.replace("\\", "/")
    path = target.lstrip("/") if target.startswith("/") else posixpath.join(folder, target)
    return posixpath.normpath(path).lower()


def _tree(archive: zipfile.ZipFile, member: str) -> etree._Element:
    with archive.open(member) as file:
        data = file.read(_MAX_SMALL_PART)
    root = etree.fromstring(data, safe_parser())
    if root is None:  # recover=True gives None for what is no XML at all
        raise ValueError(member)
    return root


@dataclass(frozen=True)
class _Patterns:
    row_start: bytes
    cell_end: bytes
    formula: bytes
    far_cell: re.Pattern[bytes]
    error_cell: re.Pattern[bytes]
    bare_formula: re.Pattern[bytes]
    hidden_row: re.Pattern[bytes]


@lru_cache(maxsize=8)
def _patterns(prefix: bytes) -> _Patterns:
    """Byte patterns for a sheet whose elements carry this name space prefix ('' mostly, 'x:' from some programs)."""
    p = re.escape(prefix)
    return _Patterns(
        row_start=b"<" + prefix + b"row ",
        cell_end=b"</" + prefix + b"c>",
        formula=b"<" + prefix + b"f",
        far_cell=re.compile(b"<" + p + rb'c r="([A-Z]{2,3})\d+"(?:[^>]*[^/>])?>'),
        error_cell=re.compile(b"<" + p + rb'c ([^>]*\bt="e"[^>]*)>(.{0,40000}?)</' + p + b"c>", re.DOTALL),
        bare_formula=re.compile(
            b"<" + p + rb"c ([^>]*)>\s*<" + p + rb"f(?:[^>]*/>|(?:\s[^>]*)?>[^<]*</" + p + rb"f>)\s*"
            rb"(<" + p + rb"v\s*/>|<" + p + rb"v></" + p + rb"v>)?\s*</" + p + b"c>"
        ),
        hidden_row=re.compile(b"<" + p + rb'row [^>]*\bhidden="(?:1|true)"(?:[^>]*[^/>])?>'),
    )


_PLACE = re.compile(rb'\br="([A-Z]{1,3})(\d{1,7})"')
_ROW_NUMBER = re.compile(rb'<[^>]*?\br="(\d{1,7})"')
_VALUE = re.compile(rb"<(?:\w+:)?v>([^<]*)<")


def scan_sheet(file: IO[bytes]) -> SheetScan:
    """Passes over a sheet's XML once. Raises zipfile.BadZipFile, zlib.error, OSError on damage."""
    scan = SheetScan()
    patterns: _Patterns | None = None
    for chunk in _whole_cells(file):
        if patterns is None:
            root = re.search(rb"<(\w+:)?worksheet\b", chunk[:65536])
            patterns = _patterns((root.group(1) or b"") if root else b"")
        _scan_chunk(chunk, patterns, scan)
    return scan


def _whole_cells(file: IO[bytes]) -> Iterator[bytes]:
    """The bytes in pieces that do not cut a cell in two; the row a piece begins in may lie in the piece before."""
    carry = b""
    while block := file.read(_CHUNK):
        data = carry + block
        cut = data.rfind(b"c>", 0, len(data) - 1) + 2
        if cut < 2:
            cut = 0 if len(data) < _MAX_CARRY else len(data)
        carry = data[cut:]
        if cut:
            yield data[:cut]
    if carry:
        yield carry


def _scan_chunk(chunk: bytes, patterns: _Patterns, scan: SheetScan) -> None:
    end = chunk.rfind(patterns.cell_end)
    if end >= 0:
        row = chunk.rfind(patterns.row_start, 0, end)
        number = _ROW_NUMBER.match(chunk, row) if row >= 0 else None
        if number is not None:
            scan.last_row = max(scan.last_row, int(number.group(1)))
    for letters in set(patterns.far_cell.findall(chunk)):
        scan.last_col = max(scan.last_col, column_index(letters.decode()))
    if b'hidden="' in chunk:
        scan.hidden_rows += len(patterns.hidden_row.findall(chunk))
    if b't="e"' in chunk:
        for cell in patterns.error_cell.finditer(chunk):
            value = _VALUE.search(cell.group(2))
            _mark(scan, cell.group(1), ErrorText(value.group(1).decode("utf-8", "replace") if value else "#N/A"))
    if patterns.formula in chunk:
        for cell in patterns.bare_formula.finditer(chunk):
            if cell.group(2) is None or b't="str"' not in cell.group(1):  # a stored empty text is a value
                _mark(scan, cell.group(1), FormulaText("="))


def _mark(scan: SheetScan, attributes: bytes, text: str) -> None:
    place = _PLACE.search(b" " + attributes)
    if place is None or len(scan.marked) > _MAX_MARKED:
        return
    column = column_index(place.group(1).decode())
    scan.marked.setdefault(int(place.group(2)) - 1, {})[column] = text
