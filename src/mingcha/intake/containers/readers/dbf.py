"""dBASE and FoxPro tables, from banks and finance offices: dbfread reads header, fields and memos, we the records.

Records are cut by their fixed length in large blocks and parsed column by column.
"""

from __future__ import annotations

import datetime as dt
import re
import struct
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from decimal import Decimal
from typing import Any

import dbfread
from dbfread.exceptions import DBFNotFound
from dbfread.memo import open_memofile

from mingcha.intake.containers.cells import DateText, NumberText, number_text
from mingcha.intake.containers.problems import Unreadable
from mingcha.intake.containers.sheetfile import rows_per_batch
from mingcha.intake.containers.sink import SheetFacts, Sink, Source

_DELETED, _KEPT, _END = 0x2A, 0x20, 0x1A
_SAMPLE_RECORDS = 500
_FIGURE = re.compile(r"^[+-]?\d*\.?\d+$|^[+-]?\d+\.$")
_DAMAGE = (DBFNotFound, ValueError, struct.error, IndexError, AttributeError, TypeError, KeyError, OverflowError)


def read_dbf(source: Source, sink: Sink) -> None:
    """Reads the table: field names as row 1, record n as row n + 1, as a spreadsheet program shows it.

    Records marked as deleted are left out; their row numbers stay free. Raises Unreadable, OSError.
    """
    try:
        table = _open(source, "latin-1")
        table = _open(source, _encoding(source, table))
        facts = SheetFacts("")
        memo = nullcontext() if table.memofilename is None else open_memofile(
            table.memofilename, table.header.dbversion)  # fmt: skip
        with memo as memofile, sink.sheet(facts) as writer:
            parser = _Parser(table, memofile)
            columns = [(span, _column_parser(parser, field)) for span, field in _spans(table)]
            writer.add_row(1, list(table.field_names))
            read = kept = 0
            for records in _blocks(source, table):
                rows = [(read + at, record) for at, record in enumerate(records, 2) if record[0] != _DELETED]
                read += len(records)
                kept += len(rows)
                if rows:
                    writer.flush()
                    cells = [[parse(record[start:end]) for _, record in rows] for (start, end), parse in columns]
                    writer.add_columns([number for number, _ in rows], cells, 0)
            _add_notes(facts, table.header.numrecords, read, kept)
    except _DAMAGE as error:
        raise Unreadable("file.corrupt") from error


def _open(source: Source, encoding: str) -> dbfread.DBF:
    return dbfread.DBF(
        str(source.path),
        encoding=encoding,
        ignorecase=False,
        char_decode_errors="replace",
        ignore_missing_memofile=True,
        parserclass=_Parser,
    )


def _add_notes(facts: SheetFacts, promised: int, read: int, kept: int) -> None:
    if read > kept:
        facts.notes.append(f"有 {read - kept} 条记录已标记删除，没有读取。")
    if promised > read:
        facts.notes.append(f"文件头说有 {promised} 条记录，实际只有 {read} 条，可能没有拷贝完整。")


def _spans(table: dbfread.DBF) -> list[tuple[tuple[int, int], Any]]:
    """Where each field lies in a record, after the deletion mark."""
    lengths = [field.length for field in table.fields]
    if sum(lengths) + 1 != table.header.recordlen:
        short = [length & 0xFF for length in lengths]  # some writers leave rubbish in the high byte
        lengths = short if sum(short) + 1 == table.header.recordlen else lengths
    spans, at = [], 1
    for length, field in zip(lengths, table.fields, strict=True):
        spans.append(((at, at + length), field))
        at += length
    return spans


def _blocks(source: Source, table: dbfread.DBF) -> Iterator[list[bytes]]:
    """Records as bytes, many at a time, up to the end mark; the last one may be cut off."""
    length = table.header.recordlen
    if length < 2:
        raise ValueError(length)
    count = rows_per_batch(len(table.fields))
    with source.path.open("rb") as file:
        file.seek(table.header.headerlen)
        while block := file.read(length * count):
            records = [block[at : at + length] for at in range(0, len(block), length)]
            end = next((at for at, record in enumerate(records) if record[0] not in (_KEPT, _DELETED)), None)
            if end is None and len(records[-1]) * 2 > length:
                yield records
                continue
            yield records[: len(records) - 1 if end is None else end]
            return


def _encoding(source: Source, table: dbfread.DBF) -> str:
    """GB18030 unless the texts are UTF-8: the code page byte of Chinese files is mostly missing or wrong."""
    decoded_any = False
    spans = [span for span, field in _spans(table) if field.type in "CV"]
    texts = [name.encode("latin-1", "replace") for name in table.field_names]
    for records in _blocks(source, table):
        texts += [record[start:end].rstrip(b" \0") for record in records[:_SAMPLE_RECORDS] for start, end in spans]
        break
    for text in texts:
        if text.isascii():
            continue
        decoded_any = True
        try:
            text.decode("utf-8")
        except UnicodeDecodeError as error:
            if error.end < len(text):  # else a character cut by the field's width
                return "gb18030"
    return "utf-8" if decoded_any else "gb18030"


def _column_parser(parser: _Parser, field: Any) -> Callable[[bytes], object]:
    def parse(data: bytes) -> object:
        return parser.parse(field, data)

    return parse


class _Parser(dbfread.FieldParser):  # type: ignore[misc]  # dbfread has no types
    """Fields as raw cells: what cannot be read as its type stays text, for a clerk to see."""

    def field_type_supported(self, field_type: str) -> bool:
        """An unknown type is text."""
        return True

    def parse(self, field: Any, data: bytes) -> object:
        """One field of one record."""
        kind = field.type
        if kind in "CV":
            return self._text(data)
        if kind in "NF":
            return _figure(data.decode("ascii", "replace").strip("\0* "))
        if kind == "D":
            return _date(data.decode("ascii", "replace").strip("\0 "))
        if kind == "L":
            return {b"T": True, b"Y": True, b"F": False, b"N": False}.get(data.upper())
        return self._other(field, data)

    def _other(self, field: Any, data: bytes) -> object:
        if field.type not in self._lookup or field.type == "0":
            return None if field.type == "0" else self._text(data)
        try:
            value = super().parse(field, data)
        except (ValueError, struct.error, IndexError, KeyError, OverflowError):
            return None
        if isinstance(value, Decimal):
            return _figure(f"{value:f}")
        if isinstance(value, bytes):
            return None
        return value.replace("\0", "").strip() if isinstance(value, str) else value

    def _text(self, data: bytes) -> str:
        text: str = self.decode_text(data.rstrip(b"\0 "))
        return text.replace("\0", "")


def _figure(text: str) -> object:
    """Digits as written: a DBF keeps numbers as text, so none are lost in reading.

    >>> _figure("100.50"), _figure("411426195001011234"), _figure("")
    ('100.5', '411426195001011234', None)
    """
    if not text:
        return None
    if not _FIGURE.match(text):
        try:
            return NumberText(number_text(float(text)))
        except ValueError:
            return text
    whole, _, fraction = text.lstrip("+").partition(".")
    digits = whole.lstrip("-").lstrip("0") or "0"
    fraction = fraction.rstrip("0")
    sign = "-" if whole.startswith("-") and (digits != "0" or fraction) else ""
    return NumberText(sign + digits + ("." + fraction if fraction else ""))


def _date(text: str) -> object:
    if not text.strip("0"):
        return None
    try:
        return DateText(dt.date(int(text[:4]), int(text[4:6]), int(text[6:8])).isoformat())
    except ValueError:
        return text
