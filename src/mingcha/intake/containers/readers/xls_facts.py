"""What python-calamine does not tell of an .xls: encryption, the 1904 calendar, error cells, hidden rows.

[MS-XLS]: the stream "Workbook" ("Book" before Excel 97) is a line of records, each with type and length.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from mingcha.intake.containers import ole
from mingcha.intake.containers.cells import ErrorText
from mingcha.intake.containers.readers.xlsx_parts import SheetScan

_BOF, _EOF, _FILEPASS, _DATEMODE, _BOUNDSHEET = 0x0809, 0x000A, 0x002F, 0x0022, 0x0085
_ROW, _BOOLERR, _FORMULA = 0x0208, 0x0205, 0x0006
ERRORS = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
}


@dataclass
class XlsFacts:
    """Facts of a whole .xls book; sheets in the order of the book."""

    is_encrypted: bool = False
    is_excel_95: bool = False
    date_1904: bool = False
    stream: bytes = b""
    offsets: list[int] = field(default_factory=list)

    def sheet(self, index: int) -> SheetScan:
        """One pass over the records of sheet ``index``; nothing where its place is not known."""
        scan = SheetScan()
        if index < len(self.offsets) and self.offsets[index] > 0:
            _scan_records(self.stream, self.offsets[index], scan)
        return scan


def scan_xls(path: Path) -> XlsFacts:
    """Reads the book's globals. Raises ole.Damaged, OSError."""
    file = ole.OleFile(path)
    facts = XlsFacts(is_excel_95="workbook" not in file.names)
    facts.stream = file.read("book" if facts.is_excel_95 else "workbook")
    for kind, at, length in records(facts.stream, 0):
        if kind == _FILEPASS:
            facts.is_encrypted = True
        elif kind == _DATEMODE and length >= 2:
            facts.date_1904 = facts.stream[at] == 1
        elif kind == _BOUNDSHEET and length >= 4:
            facts.offsets.append(struct.unpack_from("<I", facts.stream, at)[0])
        elif kind == _EOF:
            break
    return facts


def records(stream: bytes, at: int) -> Iterator[tuple[int, int, int]]:
    """Type, place of the body, and length of each record from here on."""
    head = struct.Struct("<HH")
    end = len(stream) - 4
    while at <= end:
        kind, length = head.unpack_from(stream, at)
        at += 4
        if at + length > len(stream):
            return
        yield kind, at, length
        at += length


def _scan_records(stream: bytes, start: int, scan: SheetScan) -> None:
    depth = 0
    for kind, at, length in records(stream, start):
        if kind == _BOF:
            depth += 1
        elif kind == _EOF:
            depth -= 1
            if depth <= 0:
                return
        elif kind == _ROW and length >= 16:
            # bit 5 of the flags: height zero; a row that has no cells spans none
            first, behind = struct.unpack_from("<HH", stream, at + 2)
            scan.hidden_rows += bool(stream[at + 12] & 0x20 and behind > first)
        elif kind == _BOOLERR and length >= 8 and stream[at + 7]:
            _mark(scan, stream, at, stream[at + 6])
        elif kind == _FORMULA and length >= 14 and stream[at + 12 : at + 14] == b"\xff\xff" and stream[at + 6] == 2:
            _mark(scan, stream, at, stream[at + 8])


def _mark(scan: SheetScan, stream: bytes, at: int, code: int) -> None:
    row, column = struct.unpack_from("<HH", stream, at)
    scan.marked.setdefault(row, {})[column] = ErrorText(ERRORS.get(code, "#N/A"))
