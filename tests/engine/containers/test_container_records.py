"""DBF tables and bare BIFF records, written byte by byte."""

from __future__ import annotations

import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.engine.containers.container_files import read_here

from mingcha.intake.model import CellKind

TEXT, NUMBER, DATE, BOOL = CellKind.TEXT, CellKind.NUMBER, CellKind.DATE, CellKind.BOOL
Field = tuple[str, str, int]
FIELDS: list[Field] = [("姓名", "C", 10), ("SFZH", "C", 18), ("金额", "N", 10), ("RQ", "D", 8), ("SW", "L", 1)]


def dbf(
    records: list[tuple[bytes, list[bytes]]],
    fields: list[Field] | None = None,
    *,
    codec: str = "gb18030",
    version: int = 0x03,
    promised: int | None = None,
) -> bytes:
    """records: (deletion mark, cells)."""
    fields = FIELDS if fields is None else fields
    length = 1 + sum(width for _, _, width in fields)
    head = struct.pack("<BBBBLHH", version, 123, 6, 21, len(records) if promised is None else promised,
                       32 + 32 * len(fields) + 1, length) + bytes(20)  # fmt: skip
    for name, kind, width in fields:
        head += name.encode(codec)[:10].ljust(11, b"\0") + kind.encode() + bytes(4) + bytes([width, 0]) + bytes(14)
    body = b"".join(
        mark + b"".join(cell.ljust(width)[:width] for cell, (_, _, width) in zip(cells, fields, strict=True))
        for mark, cells in records
    )
    return head + b"\r" + body + b"\x1a"


def person(name: str, codec: str = "gb18030") -> list[bytes]:
    return [name.encode(codec), b"411426195001011234", b"   1234.50", b"20230621", b"T"]


@pytest.mark.parametrize("version", [0x03, 0x30, 0x83, 0xF5])
@pytest.mark.parametrize("codec", ["gb18030", "utf-8"])
def test_dbf_field_types_and_encodings(read: Callable[..., Any], version: int, codec: str) -> None:
    found = read(dbf([(b" ", person("张三", codec))], codec=codec, version=version), "发放.dbf")
    assert found.cells() == {
        1: [(name, TEXT) for name, _, _ in FIELDS],
        2: [
            ("张三", TEXT),
            ("411426195001011234", TEXT),
            ("1234.5", NUMBER),
            ("2023-06-21", DATE),
            ("TRUE", BOOL),
        ],
    }
    assert found.sheets[0]["container"] == "dbf"


def test_dbf_deleted_records_are_left_out_and_keep_their_numbers(read: Callable[..., Any]) -> None:
    found = read(dbf([(b" ", person("甲")), (b"*", person("乙")), (b" ", person("丙"))]), "x")
    assert {row: cells[0] for row, cells in found.texts().items()} == {1: "姓名", 2: "甲", 4: "丙"}
    assert found.sheets[0]["notes"] == ["有 1 条记录已标记删除，没有读取。"]


@pytest.mark.parametrize(
    ("kind", "raw", "cell"),
    [
        ("N", b"411426195001011234", ("411426195001011234", NUMBER)),
        ("N", b"   007", ("7", NUMBER)),
        ("N", b"-0.50", ("-0.5", NUMBER)),
        ("N", b"-0.00", ("0", NUMBER)),
        ("N", b"****", None),
        ("N", b"", None),
        ("N", b"1.5E+3", ("1500", NUMBER)),
        ("N", b"12a", ("12a", TEXT)),
        ("F", b"3.250", ("3.25", NUMBER)),
        ("D", b"00000000", None),
        ("D", b"20230631", ("20230631", TEXT)),
        ("L", b"?", None),
        ("L", b"n", ("FALSE", BOOL)),
        ("C", b"\0\0", None),
        ("Q", "怪".encode("gb18030"), ("怪", TEXT)),
    ],
)
def test_dbf_cells(read: Callable[..., Any], kind: str, raw: bytes, cell: Any) -> None:
    width = 1 if kind == "L" else 8 if kind == "D" else 20
    content = dbf([(b" ", ["张三".encode("gb18030"), raw])], [("XM", "C", 8), ("V", kind, width)])
    row = read(content, "x.dbf").cells()[2]
    assert [*row, None][1] == cell


def test_dbf_field_name_cut_within_a_character(read: Callable[..., Any]) -> None:
    found = read(dbf([(b" ", [b"x"])], [("AB户主身份证号码", "C", 8)]), "x.dbf")
    assert found.texts()[1][0].startswith("AB户主身份")


def test_dbf_with_fewer_records_than_promised_says_so(read: Callable[..., Any]) -> None:
    content = dbf([(b" ", person("张三"))] * 5)
    found = read(content[: len(content) - 60], "x.dbf")
    assert len(found.texts()) == 1 + 4
    assert "实际只有 4 条" in found.sheets[0]["notes"][0]


def bof(kind: int = 0x10, version: int = 0) -> bytes:
    return struct.pack("<HHHHHH", 0x809, 8, version, kind, 0, 0)


def label(row: int, column: int, text: bytes) -> bytes:
    return struct.pack("<HHHHHH", 0x204, 8 + len(text), row, column, 0, len(text)) + text


def number(row: int, column: int, value: float) -> bytes:
    return struct.pack("<HHHHHd", 0x203, 14, row, column, 0, value)


END = struct.pack("<HH", 0x0A, 0)


@pytest.mark.parametrize("codec", ["gb18030", "utf-8"])
def test_bare_biff(read: Callable[..., Any], codec: str) -> None:
    rk = struct.pack("<HHHHHI", 0x27E, 10, 3, 1, 0, (1234 << 2) | 3) + struct.pack(
        "<HHHHHI", 0x27E, 10, 3, 2, 0, (-5 & 0x3FFFFFFF) << 2 | 2
    )
    error = struct.pack("<HHHHHBB", 0x205, 8, 3, 3, 0, 0x2A, 1)
    content = bof() + label(0, 0, "姓名".encode(codec)) + label(0, 1, "金额".encode(codec))
    content += label(2, 0, "张三".encode(codec)) + number(2, 1, 12.5) + rk + error + END
    found = read(content, "名册.xls")
    assert found.cells() == {
        1: [("姓名", TEXT), ("金额", TEXT), None, None],
        3: [("张三", TEXT), ("12.5", NUMBER), None, None],
        4: [None, ("12.34", NUMBER), ("-5", NUMBER), ("#N/A", CellKind.ERROR)],
    }
    assert found.sheets[0]["notes"] == []


def test_bare_biff_version_2(read: Callable[..., Any]) -> None:
    content = struct.pack("<HHHH", 0x0009, 4, 2, 0x10)
    text = "张三".encode("gb18030")
    content += struct.pack("<HHHH3xB", 0x0004, 8 + len(text), 0, 0, len(text)) + text
    content += struct.pack("<HHHH3xd", 0x0003, 15, 0, 1, 1.5) + struct.pack("<HHHH3xH", 0x0002, 9, 0, 2, 7) + END
    assert read(content, "名册.xls").cells() == {1: [("张三", TEXT), ("1.5", NUMBER), ("7", NUMBER)]}


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (bof(0x05, 0x0500) + END, "file.old_excel"),
        (bof(0x10, 0x0600) + END, "file.old_excel"),
        (bof() + struct.pack("<HHHH", 0x2F, 4, 1, 2) + END, "file.password"),
        (bof() + END, "sheet.empty"),
        (bof(), "file.corrupt"),
    ],
)
def test_bare_biff_that_cannot_be_read_says_why(read: Callable[..., Any], content: bytes, code: str) -> None:
    found = read(content, "名册.xls")
    assert (found.sheets, found.problems) == ([], [code])


DBF_SEED, BIFF_SEED = dbf([(b" ", person("张三"))] * 3), bof() + label(0, 0, b"abc") + number(0, 1, 2.0) + END


@settings(max_examples=200, deadline=None)
@given(data=st.data())
@pytest.mark.parametrize("seed", [DBF_SEED, BIFF_SEED], ids=["dbf", "biff"])
def test_changed_bytes_are_survived(tmp_path_factory: pytest.TempPathFactory, seed: bytes, data: st.DataObject) -> None:
    content = bytearray(seed)
    for _ in range(data.draw(st.integers(1, 6))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    folder = tmp_path_factory.mktemp("f")
    path: Path = folder / "表.dbf"
    path.write_bytes(bytes(content[: data.draw(st.integers(1, len(content)))]))
    found = read_here(path, folder / "s")
    assert found.sheets or found.problems
