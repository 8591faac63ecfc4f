"""Just enough of an OLE2 container (CFBF) to see which program wrote it and to read one stream.

[MS-CFB]: header of 512 bytes, sectors chained through the FAT, small streams in the mini stream. Chains of damaged
files run in circles or outside the file: every chain is bounded by the file's size.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path

SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_END = 0xFFFFFFFA  # values from here up are marks, no sector numbers
_HEADER_FAT = 109  # FAT sectors listed in the header itself
_MINI_SIZE = 64
_STREAM, _ROOT = 2, 5


class Damaged(Exception):
    """The container's own tables make no sense."""


@dataclass(frozen=True)
class _Entry:
    name: str
    kind: int
    start: int
    size: int


class OleFile:
    """An OLE2 file's streams by name (lower case). Raises Damaged, OSError."""

    def __init__(self, path: Path) -> None:
        self._data = path.read_bytes()
        if len(self._data) < 512 or not self._data.startswith(SIGNATURE):
            raise Damaged
        self._shift = struct.unpack_from("<H", self._data, 30)[0]
        if self._shift not in (9, 12):
            raise Damaged
        self._sector_size = 1 << self._shift
        fat_count, directory, _, self._cutoff, mini_fat = struct.unpack_from("<III I I", self._data, 44)
        self._fat = self._read_fat(fat_count)
        entries = self._read_directory(directory)
        self._entries = {entry.name.lower(): entry for entry in reversed(entries) if entry.kind == _STREAM}
        self._storages = {entry.name.lower() for entry in entries}
        root = next((entry for entry in entries if entry.kind == _ROOT), None)
        self._mini_fat = _numbers(self._chain(mini_fat, None)) if mini_fat < _END else ()
        self._mini = self._chain(root.start, root.size) if root is not None and root.start < _END else b""

    @property
    def names(self) -> frozenset[str]:
        """Names of all streams and storages, lower case."""
        return frozenset(self._storages)

    def read(self, name: str, limit: int | None = None) -> bytes:
        """The bytes of a stream, at most limit. Raises Damaged if there is none of this name."""
        entry = self._entries.get(name.lower())
        if entry is None:
            raise Damaged
        size = entry.size if limit is None else min(entry.size, limit)
        if entry.size < self._cutoff:
            return self._mini_chain(entry.start, size)
        return self._chain(entry.start, size)

    def _sector(self, number: int) -> bytes:
        at = (number + 1) << self._shift
        return self._data[at : at + self._sector_size]

    def _read_fat(self, count: int) -> tuple[int, ...]:
        if count * self._sector_size > len(self._data):
            raise Damaged
        sectors = [number for number in struct.unpack_from(f"<{_HEADER_FAT}I", self._data, 76) if number < _END]
        further, seen = struct.unpack_from("<I", self._data, 68)[0], 0
        while further < _END and len(sectors) < count:
            block = _numbers(self._sector(further))
            seen += 1
            if not block or seen > count:
                raise Damaged
            sectors += [number for number in block[:-1] if number < _END]
            further = block[-1]
        return _numbers(b"".join(self._sector(number) for number in sectors[:count]))

    def _chain(self, start: int, size: int | None) -> bytes:
        parts: list[bytes] = []
        number, wanted = start, len(self._data) if size is None else size
        while number < _END and len(parts) * self._sector_size < wanted:
            if number >= len(self._fat) or len(parts) > len(self._fat):
                raise Damaged
            parts.append(self._sector(number))
            number = self._fat[number]
        data = b"".join(parts)
        return data if size is None else data[:size]

    def _mini_chain(self, start: int, size: int) -> bytes:
        parts: list[bytes] = []
        number = start
        while number < _END and len(parts) * _MINI_SIZE < size:
            if number >= len(self._mini_fat) or len(parts) > len(self._mini_fat):
                raise Damaged
            parts.append(self._mini[number * _MINI_SIZE : (number + 1) * _MINI_SIZE])
            number = self._mini_fat[number]
        return b"".join(parts)[:size]

    def _read_directory(self, start: int) -> list[_Entry]:
        data = self._chain(start, None)
        entries = []
        for at in range(0, len(data) - 127, 128):
            length, kind = struct.unpack_from("<HB", data, at + 64)
            if kind not in (1, _STREAM, _ROOT) or not 2 <= length <= 64:
                continue
            name = data[at : at + length - 2].decode("utf-16-le", "replace")
            first, size = struct.unpack_from("<II", data, at + 116)
            entries.append(_Entry(name, kind, first, size))
        if not entries:
            raise Damaged
        return entries


def _numbers(data: bytes) -> tuple[int, ...]:
    count = len(data) // 4
    return struct.unpack(f"<{count}I", data[: count * 4])
