"""Writes dBASE III files, which banks and finance offices still hand over."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from pathlib import Path

from mingcha.simulate.write.table import Cell
from mingcha.simulate.write.texts import as_text

_GBK = 0x4D


def write_dbf(path: Path, fields: Sequence[tuple[str, int]], rows: Sequence[Sequence[Cell]]) -> None:
    """All fields as characters in GB18030; fields: name (at most ten bytes) and width in bytes."""
    length = 1 + sum(width for _, width in fields)
    header = 32 + 32 * len(fields) + 1
    out = bytearray(struct.pack("<BBBBIHH16xBBH", 0x03, 120, 1, 1, len(rows), header, length, 0, _GBK, 0))
    for name, width in fields:
        out += struct.pack("<11sc4xBB14x", name.encode("gb18030"), b"C", width, 0)
    out += b"\r"
    for row in rows:
        out += b" "
        for (_, width), value in zip(fields, row, strict=True):
            out += as_text(value).encode("gb18030")[:width].ljust(width)
    out += b"\x1a"
    path.write_bytes(bytes(out))
