"""Sheets in bare BIFF records, without the OLE2 container: written by old export routines (Delphi, PHP) as .xls.

Such files hold one sheet: labels in GBK or UTF-8 bytes, numbers as doubles. Whole books of Excel 4 to 95 without a
container are not read; the user is asked to save them anew.
"""

from __future__ import annotations

import struct
from collections.abc import Callable

from mingcha.intake.containers.cells import ErrorText
from mingcha.intake.containers.problems import Unreadable
from mingcha.intake.containers.readers.xls_facts import ERRORS, records
from mingcha.intake.containers.sink import SheetFacts, Sink, Source
from mingcha.intake.containers.text import decode_line

_BOFS = (0x0009, 0x0209, 0x0409, 0x0809)
_SHEET = 0x0010
_EOF = 0x000A
_STRINGS = (0x0007, 0x0207)
_FILEPASS = 0x002F
_RK_LIST = 0x00BD


def read_biff(source: Source, sink: Sink) -> None:
    """Reads the sheet. Raises Unreadable, OSError."""
    stream = source.path.read_bytes()
    cells: dict[int, dict[int, object]] = {}
    waiting: tuple[int, int] | None = None
    ended = False
    for kind, at, length in records(stream, 0):
        body = stream[at : at + length]
        try:
            if kind in _BOFS:
                _refuse_books(kind, body)
            elif kind == _FILEPASS:
                raise Unreadable("file.password")
            elif kind == _EOF:
                ended = True
                break
            elif kind in _STRINGS and waiting is not None:
                cells.setdefault(waiting[0], {})[waiting[1]] = _label(body, 0, kind == 0x0007)
            elif kind == _RK_LIST:
                _take_rk_list(body, cells)
            elif kind in _CELLS:
                row, column = struct.unpack_from("<HH", body)
                value = _CELLS[kind](body)
                waiting = (row, column) if value is None else None
                cells.setdefault(row, {})[column] = value
        except struct.error:  # a record too short for its type: the others may be whole
            continue
    facts = SheetFacts("")
    if not ended:
        facts.notes.append("文件没有正常结束，可能没有拷贝完整；已读到的行照常采用，请核对行数。")
    if not cells and not ended:
        raise Unreadable("file.corrupt")
    with sink.sheet(facts) as writer:
        for row in sorted(cells):
            line = cells[row]
            writer.add_row(row + 1, [line.get(column) for column in range(max(line) + 1)])


def _refuse_books(kind: int, body: bytes) -> None:
    version, content = struct.unpack_from("<HH", body)
    if content != _SHEET:
        raise Unreadable("file.old_excel", kind="Excel 4.0 至 95 的工作簿")
    if kind == 0x0809 and version == 0x0600:
        raise Unreadable("file.old_excel", kind="没有外壳的 Excel 97 工作簿")


def _take_rk_list(body: bytes, cells: dict[int, dict[int, object]]) -> None:
    row, first = struct.unpack_from("<HH", body)
    for number in range((len(body) - 6) // 6):
        cells.setdefault(row, {})[first + number] = _rk(struct.unpack_from("<I", body, 6 + 6 * number)[0])


def _label(body: bytes, at: int, is_short: bool) -> str:
    size = 1 if is_short else 2
    length = int.from_bytes(body[at : at + size], "little")
    return decode_line(body[at + size : at + size + length]).replace("\0", "")


def _rk(value: int) -> float:
    """A number packed into 30 bits: bit 0 divides by 100, bit 1 says integer."""
    if value & 2:
        number = float((value >> 2) - ((value >> 31) << 30))
    else:
        number = float(struct.unpack("<d", struct.pack("<Q", (value & 0xFFFFFFFC) << 32))[0])
    return number / 100 if value & 1 else number


def _double(body: bytes, at: int) -> float:
    return float(struct.unpack_from("<d", body, at)[0])


def _bool_or_error(body: bytes, at: int) -> object:
    value, is_error = struct.unpack_from("<BB", body, at)
    return ErrorText(ERRORS.get(value, "#N/A")) if is_error else bool(value)


def _result(body: bytes, at: int) -> object:
    """A formula's stored value; None where its text follows in a record of its own."""
    stored = body[at : at + 8]
    if stored[6:8] != b"\xff\xff":
        return _double(body, at)
    if stored[0] == 2:
        return ErrorText(ERRORS.get(stored[2], "#N/A"))
    return {0: None, 1: bool(stored[2])}.get(stored[0], "")


# record type → its value; in BIFF2 (types below 0x0080) the value stands after 7 bytes, later after 6
_CELLS: dict[int, Callable[[bytes], object]] = {
    0x0002: lambda body: float(struct.unpack_from("<H", body, 7)[0]),
    0x0003: lambda body: _double(body, 7),
    0x0004: lambda body: _label(body, 7, is_short=True),
    0x0005: lambda body: _bool_or_error(body, 7),
    0x0006: lambda body: _result(body, 7),
    0x0203: lambda body: _double(body, 6),
    0x0204: lambda body: _label(body, 6, is_short=False),
    0x00D6: lambda body: _label(body, 6, is_short=False),
    0x0205: lambda body: _bool_or_error(body, 6),
    0x0206: lambda body: _result(body, 6),
    0x0406: lambda body: _result(body, 6),
    0x027E: lambda body: _rk(struct.unpack_from("<I", body, 6)[0]),
    0x007E: lambda body: _rk(struct.unpack_from("<I", body, 6)[0]),
}
