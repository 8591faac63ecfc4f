"""Writes minimal OLE2 containers, for files that no library at hand can write (encrypted packages, .doc)."""

from __future__ import annotations

import struct

SECTOR = 512
FREE, END, FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


def ole_file(streams: dict[str, bytes]) -> bytes:
    """A container with these streams; short ones are padded beyond the mini stream's cutoff of 4,096 bytes."""
    bodies: list[bytes] = []
    fat: list[int] = [FAT]
    entries = [_entry("Root Entry", 5, END, 0, child=1)]
    for number, (name, body) in enumerate(streams.items(), 1):
        padded = body.ljust(4096, b"\0")
        count = -(-len(padded) // SECTOR)
        start = len(fat)
        fat += [*range(start + 1, start + count), END]
        bodies.append(padded.ljust(count * SECTOR, b"\0"))
        right = number + 1 if number < len(streams) else FREE
        entries.append(_entry(name, 2, start, len(padded), right=right))
    directory = b"".join(entries)
    directory = directory.ljust(-(-len(directory) // SECTOR) * SECTOR, b"\0")
    first = len(fat)
    count = len(directory) // SECTOR
    fat += [*range(first + 1, first + count), END]
    assert len(fat) <= SECTOR // 4
    table = struct.pack(f"<{len(fat)}I", *fat).ljust(SECTOR, b"\xff")
    return _header(first) + table + b"".join(bodies) + directory


def _header(directory: int) -> bytes:
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    head += struct.pack("<IIIIIIIII", 0, 1, directory, 0, 4096, END, 0, END, 0)
    return head + struct.pack("<I", 0) + b"\xff" * (4 * 108)


def _entry(name: str, kind: int, start: int, size: int, right: int = FREE, child: int = FREE) -> bytes:
    text = (name + "\0").encode("utf-16-le")
    entry = text.ljust(64, b"\0") + struct.pack("<HBBIII", len(text), kind, 1, FREE, right, child)
    return entry + bytes(36) + struct.pack("<IQ", start, size)
