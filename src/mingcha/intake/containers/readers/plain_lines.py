"""Rows of an .xlsx sheet's XML → two columns of bytes, one line a cell, by replacing what always stands the same.

    <row r="2" spans="1:9"><c r="A2" t="s"><v>15</v></c><c r="B2" s="3"/></row>

becomes, with a tab between place and value,

    ·        2" spans="1:9"
    A2" t="s"        15
    B2" s="3"/

so that Arrow's text reader, and not Python, takes the cells apart. Whatever is written otherwise leaves a ``<``
behind, and the quick way gives up.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import IO

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

from mingcha.intake.containers.limits import MIB
from mingcha.intake.containers.readers.plain_ask import NotPlain

# behind a place: how the cell holds its value
INLINE = b"I"
INLINE_KEPT = b"P"  # with xml:space="preserve"
FORMULA = b"F"
FORMULA_BARE = b"G"  # without so much as an empty <v>
BLANK = b"/"
EMPTY = b"N"  # neither closed in itself nor with anything in it

PIECE = 2 * MIB
_MAX_HEAD = 16 * MIB
_MAX_ROW = 16 * MIB
_ROW = b'<row r="'
_BEGIN, _END, _NO_ROWS = b"<sheetData>", b"</sheetData>", b"<sheetData/>"

# line breaks and tabs in texts would end a line or a field of ours; no XML holds these signs
HIDDEN_SIGNS = (b"\x02", b"\x03", b"\x04")
_HIDE = bytes.maketrans(b"\n\t\r", b"".join(HIDDEN_SIGNS))
_SHOW = bytes.maketrans(b"".join(HIDDEN_SIGNS), b"\n\t\r")

_FORMULA_CELL = re.compile(rb'"><f(?: [^<>]*[^<>/])?(?:/>|>[^<]*</f>)(<v>|(?=</c>))')
_FIELDS = ("place", "value")


def shown(text: bytes) -> bytes:
    """A value as the file has it, with its line breaks and tabs."""
    return text.translate(_SHOW)


class SheetXml:
    """The XML of one sheet in pieces of whole rows.

    around   once pieces() is through: what stands before and behind the rows, as one document without them
    """

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.around = b""

    def pieces(self) -> Iterator[bytes]:
        """Whole rows, some MiB at a time. Raises NotPlain; zipfile.BadZipFile, zlib.error, OSError on damage."""
        data = self._head()
        if data.startswith(_NO_ROWS):
            self._tail(data[len(_NO_ROWS) :])
            return
        data = data[len(_BEGIN) :]
        while (end := data.find(_END)) < 0:
            cut = data.rfind(_ROW)
            if cut > 0:
                yield data[:cut]
                data = data[cut:]
            elif len(data) > _MAX_ROW:
                raise NotPlain
            data += self._more()
        if end:
            yield data[:end]
        self._tail(data[end + len(_END) :])

    def _head(self) -> bytes:
        data = self._more()
        while (cut := data.find(b"<sheetData")) < 0 or len(data) < cut + len(_NO_ROWS):
            if len(data) > _MAX_HEAD:
                raise NotPlain
            data += self._more()
        if not data.startswith((_BEGIN, _NO_ROWS), cut):
            raise NotPlain
        self.around = data[:cut] + _NO_ROWS
        return data[cut:]

    def _tail(self, data: bytes) -> None:
        parts = [data]
        size = len(data)
        while block := self._file.read(PIECE):
            parts.append(block)
            size += len(block)
            if size > _MAX_HEAD:
                raise NotPlain
        self.around += b"".join(parts)

    def _more(self) -> bytes:
        block = self._file.read(PIECE)
        if not block:
            raise NotPlain
        return block


class Lines:
    """Takes rows apart; remembers which of the rarer ways to write a cell the sheet knows, to look for no others."""

    def __init__(self) -> None:
        self._ways: frozenset[bytes] = frozenset()

    def of(self, rows: bytes) -> tuple[pa.Array, pa.Array]:
        """The places and values of whole rows; a row's own line has a blank place. Raises NotPlain."""
        if not rows.startswith(_ROW):
            raise NotPlain
        if b"\n" in rows or b"\t" in rows or b"\r" in rows:
            if any(sign in rows for sign in HIDDEN_SIGNS):
                raise NotPlain
            rows = rows.translate(_HIDE)
        flat = self._flat(rows)
        if b"<" in flat:
            self._ways |= {way for way in _RARER if way in rows}
            flat = self._flat(rows)
        if not flat.endswith(b"\n\t") or b"<" in flat:
            raise NotPlain
        return _split(memoryview(flat)[:-1])

    def _flat(self, rows: bytes) -> bytes:
        rows = _levelled(rows, self._ways)
        rows = b"".join((b"\t", memoryview(rows)[len(_ROW) :], _ROW))  # a row ends where the next one begins
        text = pa.array([rows], pa.binary())
        for old, new in _replacements(self._ways):
            text = pc.replace_substring(text, pattern=old, replacement=new)
        return text[0].as_py()  # type: ignore[no-any-return]


_EMPTY_VALUE, _NO_VALUE, _FORMULA, _INLINE, _INLINE_EMPTY, _CLOSED, _NO_CELLS = (
    b"<v/>", b'"></c>', b'"><f', b"</is>", b"<is><t/>", b'"/>', b'"></row>',
)  # fmt: skip
_RARER = (_EMPTY_VALUE, _NO_VALUE, _FORMULA, _INLINE, _INLINE_EMPTY, _CLOSED, _NO_CELLS)


def _levelled(rows: bytes, ways: frozenset[bytes]) -> bytes:
    """The rarer ways to write the same, written the usual way."""
    if _EMPTY_VALUE in ways:
        rows = rows.replace(b"<v/>", b"<v></v>")
    if _NO_VALUE in ways:
        rows = rows.replace(b'"></c>', b'"' + EMPTY + b"\t</v></c>")
    if _FORMULA in ways:
        rows = _FORMULA_CELL.sub(_formula, rows)
    return rows


def _formula(match: re.Match[bytes]) -> bytes:
    return b'"' + FORMULA + b"\t" if match.group(1) else b'"' + FORMULA_BARE + b"\t</v>"


def _replacements(ways: frozenset[bytes]) -> Iterator[tuple[bytes, bytes]]:
    """What stands the same in every row, in the order in which it must go; the most frequent first if it may."""
    ends = [(b"</v></c>", b"\n")]
    if _INLINE in ways:
        ends.append((b"</t></is></c>", b"\n"))
        if _INLINE_EMPTY in ways:
            yield b'"><is><t/></is></c>', b'"><is><t></t></is></c>'
        yield b'"><is><t>', b'"' + INLINE + b"\t"
        yield b'"><is><t xml:space="preserve">', b'"' + INLINE_KEPT + b"\t"
    if _CLOSED in ways:
        yield b'"/>' + _ROW, b'"/\n\t'
        ends.append((b'"/>', b'"' + BLANK + b"\t\n"))
    for end, line in ends:
        yield end + b'<c r="', line
    yield b'"><v>', b'"\t'
    for end, line in ends:
        yield end + b"</row>" + _ROW, line + b"\t"
    yield b'"><c r="', b'"\n'
    if _NO_CELLS in ways:
        yield b'"></row>' + _ROW, b'"\n\t'


def _split(flat: memoryview) -> tuple[pa.Array, pa.Array]:
    try:
        table = pa.csv.read_csv(
            pa.BufferReader(flat),
            read_options=pa.csv.ReadOptions(use_threads=False, block_size=len(flat) + 1, column_names=_FIELDS),
            parse_options=pa.csv.ParseOptions(
                delimiter="\t", quote_char=False, double_quote=False, escape_char=False, ignore_empty_lines=False
            ),
            convert_options=pa.csv.ConvertOptions(
                column_types=dict.fromkeys(_FIELDS, pa.binary()), strings_can_be_null=False
            ),
        )
    except pa.ArrowInvalid as error:
        raise NotPlain from error
    return _whole(table["place"]), _whole(table["value"])


def _whole(column: pa.ChunkedArray) -> pa.Array:
    return column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()
