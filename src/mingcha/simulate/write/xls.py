"""Writes .xls (BIFF8 in an OLE container), which many offices still save."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path

from mingcha.simulate.write.table import Cell, Formula, Grid
from mingcha.simulate.write.typing_hand import serial

_SECTOR = 512
_FREE, _END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
#: a shorter stream would have to lie in the container's mini stream
_LEAST = 4096
_PLAIN, _DATE = 15, 16
#: built-in number format 14: a date
_DATE_FORMAT = 14
_MERGES_A_RECORD = 1000


def write_xls(path: Path, grids: Sequence[Grid]) -> None:
    """Writes a book of at most 65,536 rows a sheet; equal grids give equal bytes."""
    path.write_bytes(_container(_book(grids)))


def _record(kind: int, data: bytes) -> bytes:
    return struct.pack("<HH", kind, len(data)) + data


def _begin(kind: int) -> bytes:
    return _record(0x0809, struct.pack("<HHHHII", 0x0600, kind, 0x0DBB, 0x07CC, 0x41, 0x06))


def _book(grids: Sequence[Grid]) -> bytes:
    sheets = [_sheet(grid) for grid in grids]
    names = [grid.name.encode("utf-16-le") for grid in grids]
    head = _begin(0x0005) + _record(0x0042, struct.pack("<H", 1200))
    head += _record(0x003D, struct.pack("<9H", 0, 0, 0x4000, 0x2000, 0x38, 0, 0, 1, 600))
    font = struct.pack("<HHHHHBBBxB", 220, 0, 0x7FFF, 400, 0, 0, 0, 134, 2) + b"\x01" + "宋体".encode("utf-16-le")
    head += _record(0x0031, font) * 4
    head += b"".join(_format(place) for place in range(_DATE + 1))
    end = _record(0x000A, b"")
    offset = len(head) + sum(4 + 8 + len(name) for name in names) + len(end)
    for name, sheet in zip(names, sheets, strict=True):
        head += _record(0x0085, struct.pack("<IBBBB", offset, 0, 0, len(name) // 2, 1) + name)
        offset += len(sheet)
    return head + end + b"".join(sheets)


def _format(place: int) -> bytes:
    """Cell formats: fifteen for styles, as programs expect, then plain and date."""
    style = 0xFFF5 if place < _PLAIN else 0x0001
    number = _DATE_FORMAT if place == _DATE else 0
    return _record(0x00E0, struct.pack("<HHHBBBBIIH", 0, number, style, 0x20, 0, 0, 0, 0, 0, 0x20C0))


def _sheet(grid: Grid) -> bytes:
    width = max((len(row) for row in grid.rows), default=0)
    out = bytearray(_begin(0x0010))
    out += _record(0x0200, struct.pack("<IIHHH", 0, len(grid.rows), 0, width, 0))
    for number, row in enumerate(grid.rows):
        for place, value in enumerate(row):
            out += _cell(number, place, value)
    out += _record(0x023E, struct.pack("<HHHIHHI", 0x06B6, 0, 0, 0x40, 0, 0, 0))
    merges = [merge for merge in grid.merges if merge[:2] != merge[2:]]
    for first in range(0, len(merges), _MERGES_A_RECORD):
        part = merges[first : first + _MERGES_A_RECORD]
        ranges = b"".join(struct.pack("<4H", top, bottom, left, right) for top, left, bottom, right in part)
        out += _record(0x00E5, struct.pack("<H", len(part)) + ranges)
    return bytes(out) + _record(0x000A, b"")


def _cell(row: int, place: int, value: Cell) -> bytes:
    if isinstance(value, Formula):
        value = value.value
    if value is None:
        return b""
    if isinstance(value, date):
        return _record(0x0203, struct.pack("<HHHd", row, place, _DATE, serial(value)))
    if isinstance(value, int | float | Decimal):
        return _record(0x0203, struct.pack("<HHHd", row, place, _PLAIN, float(value)))
    text = value.encode("utf-16-le")
    return _record(0x0204, struct.pack("<HHHHB", row, place, _PLAIN, len(text) // 2, 1) + text)


def _container(stream: bytes) -> bytes:
    """An OLE container with one stream: table of sectors first, then the directory, then the stream."""
    stream = stream.ljust(max(_LEAST, -(-len(stream) // _SECTOR) * _SECTOR), b"\0")
    blocks = len(stream) // _SECTOR
    tables = 1
    while tables * (_SECTOR // 4) < tables + 1 + blocks:
        tables += 1
    if tables > 109:
        raise ValueError("a book of that size needs a longer sector list")
    chain = [_FAT] * tables + [_END] + [tables + 2 + place for place in range(blocks - 1)] + [_END]
    chain += [_FREE] * (tables * (_SECTOR // 4) - len(chain))
    head = struct.pack("<8s16xHHHHH6xIIIIIIIII", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 0x3E, 3, 0xFFFE, 9, 6,
                       0, tables, tables, 0, _LEAST, _END, 0, _END, 0)  # fmt: skip
    listed = [*range(tables), *([_FREE] * (109 - tables))]
    head += struct.pack("<109I", *listed)
    directory = _entry("Root Entry", 5, child=1, start=_END, size=0)
    directory += _entry("Workbook", 2, child=_FREE, start=tables + 1, size=len(stream))
    directory += bytes(68) + struct.pack("<III", _FREE, _FREE, _FREE) + bytes(48)
    directory += bytes(68) + struct.pack("<III", _FREE, _FREE, _FREE) + bytes(48)
    return head + struct.pack(f"<{len(chain)}I", *chain) + directory + stream


def _entry(name: str, kind: int, *, child: int, start: int, size: int) -> bytes:
    text = name.encode("utf-16-le")
    return struct.pack("<64sHBBIII36xIII", text, len(text) + 2, kind, 1, _FREE, _FREE, child, start, size, 0)
