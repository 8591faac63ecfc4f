"""Text files with separators, tidy and not."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.engine.containers.container_files import read_here

from mingcha.intake.containers import limits
from mingcha.intake.containers.cells import text_column_arrays
from mingcha.intake.containers.readers import delimited, tidy
from mingcha.intake.model import CellKind

HEADER = "姓名,身份证号,乡镇\n"
ROW = "张三,411426195001011234,城关镇\n"
TABLE = {1: ["姓名", "身份证号", "乡镇"], 2: ["张三", "411426195001011234", "城关镇"]}

ENCODED = {
    "utf-8": (HEADER + ROW).encode(),
    "utf-8 有标记": (HEADER + ROW).encode("utf-8-sig"),
    "gb18030": (HEADER + ROW).encode("gb18030"),
    "gb18030 有标记": b"\x84\x31\x95\x33" + (HEADER + ROW).encode("gb18030"),
    "utf-16 有标记": (HEADER + ROW).encode("utf-16"),
    "utf-16-le 无标记": (HEADER + ROW).encode("utf-16-le"),
    "utf-16-be 无标记": (HEADER + ROW).encode("utf-16-be"),
    "两种编码拼接": HEADER.encode() + ROW.encode("gb18030"),
    "末尾汉字被截断": (HEADER + ROW).encode()[:-1].removesuffix("镇".encode()) + "镇".encode() + b"\n\xe9",
    "夹空字节": (HEADER + ROW).encode().replace(b"411426", b"411\x00" + b"426"),
    "Windows 换行": (HEADER + ROW).replace("\n", "\r\n").encode(),
    "Mac 换行": (HEADER + ROW).replace("\n", "\r").encode(),
    "制表符": (HEADER + ROW).replace(",", "\t").encode("gb18030"),
    "分号": (HEADER + ROW).replace(",", ";").encode(),
    "竖线": (HEADER + ROW).replace(",", "|").encode(),
    "引号成对": '"姓名","身份证号","乡镇"\n"张三","411426195001011234","城关镇"\n'.encode(),
    "等号引号": '姓名,身份证号,乡镇\n张三,="411426195001011234",城关镇\n'.encode(),
}


@pytest.mark.parametrize("content", ENCODED.values(), ids=ENCODED.keys())
@pytest.mark.parametrize("name", ["名册.csv", "名册.xls", "名册"])
def test_encodings_separators_line_ends_give_the_same_table(
    read: Callable[..., Any], content: bytes, name: str
) -> None:
    found = read(content, name)
    rows = found.texts()
    assert {row: rows[row] for row in (1, 2)} == TABLE
    assert found.sheets[0]["container"] == "text"


UNTIDY: dict[str, tuple[str, dict[int, list[str | None]]]] = {
    "标题行只有一格": (
        "夏邑县低保名册\n" + HEADER + ROW,
        {1: ["夏邑县低保名册", None, None], 2: TABLE[1], 3: TABLE[2]},
    ),
    "空行不读但占行号": (HEADER + "\n,,\n  \n" + ROW, {1: TABLE[1], 5: TABLE[2]}),
    "格内换行算一行": (
        HEADER + '张三,"4114\n26",城关镇\n' + ROW,
        {1: TABLE[1], 2: ["张三", "4114\n26", "城关镇"], 3: TABLE[2]},
    ),
    "首格内换行": (HEADER + '"张\n三",4114,城关镇\n', {1: TABLE[1], 2: ["张\n三", "4114", "城关镇"]}),
    "标题内换行": (
        '"夏邑县\n名册",,\n' + HEADER + ROW,
        {1: ["夏邑县\n名册", None, None], 2: TABLE[1], 3: TABLE[2]},
    ),
    "引号未闭合": (
        HEADER + '李四,"4114,城关镇\n' + ROW + ROW,
        {1: TABLE[1], 2: ["李四", "4114", "城关镇"], 3: TABLE[2], 4: TABLE[2]},
    ),
    "两行各缺一个引号": (
        HEADER + '李四,"4114,城关镇\n王五,"4115,李集镇\n' + ROW,
        {1: TABLE[1], 2: ["李四", "4114", "城关镇"], 3: ["王五", "4115", "李集镇"], 4: TABLE[2]},
    ),
    "多一个右引号": (
        HEADER + '李四,"4114"x,城关镇\n' + ROW,
        {1: TABLE[1], 2: ["李四", '4114"x', "城关镇"], 3: TABLE[2]},
    ),
    "行长不一": (
        HEADER + ROW + "李四,4114\n王五,4115,李集镇,备注\n",
        {
            1: [*TABLE[1], None],
            2: [*TABLE[2], None],
            3: ["李四", "4114", None, None],
            4: ["王五", "4115", "李集镇", "备注"],
        },
    ),
    "科学计数仍是文字": (HEADER + "张三,4.11426E+17,城关镇\n", {1: TABLE[1], 2: ["张三", "4.11426E+17", "城关镇"]}),
}


@pytest.mark.parametrize(("content", "rows"), UNTIDY.values(), ids=UNTIDY.keys())
def test_untidy_text(read: Callable[..., Any], content: str, rows: dict[int, list[str | None]]) -> None:
    assert read(content, "表.csv").texts() == rows


@pytest.mark.parametrize("sign", [chr(sign) for sign in (*range(1, 0x21), 0x3D, 0x85, 0xA0, 0x3000)], ids=ascii)
def test_signs_that_begin_a_cell_mean_the_same_either_way(
    read: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, sign: str
) -> None:
    # far down: what has such signs at its beginning is mostly no text
    content = HEADER + 4000 * ROW + f"张三,{sign}甲,东街村\n李四,{sign},{sign}\n王五,乙,西街村\n"
    quick = read(content, "表.csv").cells()
    monkeypatch.setattr(delimited, "read_tidy", lambda *_: False)
    assert read(content, "表.csv").cells() == quick


def test_unpaired_quotes_are_told(read: Callable[..., Any]) -> None:
    notes = read(UNTIDY["两行各缺一个引号"][0], "表.csv").sheets[0]["notes"]
    assert len(notes) == 1
    assert "2 行的引号不成对" in notes[0]


def test_figures_and_dates_in_text_files_are_text_but_formulas_are_told(read: Callable[..., Any]) -> None:
    found = read("姓名,金额,日期,公式\n张三,100.5,2023-01-05,=B2*12\n", "表.csv").cells()
    assert [cell[1] for cell in found[2]] == [CellKind.TEXT] * 3 + [CellKind.FORMULA]


@pytest.mark.parametrize(
    ("content", "name"),
    [
        ("这是说明文字，没有表格。\n请各乡镇于月底前上报。\n", "说明.txt"),
        ("# 读我\n\n- 一，\n- 二\n", "README.md"),
        ('{"姓名": "张三",\n "乡镇": "城关镇"}\n', "配置.json"),
        ("import os\nprint(1, 2)\nprint(3, 4)\n", "脚本.py"),
        ("Dear all,\nplease find, as agreed, the list\nkind regards\nLi\n", "信.txt"),
    ],
)
def test_text_without_a_table_is_ignored(read: Callable[..., Any], content: str, name: str) -> None:
    found = read(content, name)
    assert found.sheets == []
    assert len(found.problems) == 1
    assert found.problems[0] in ("text.no_table", "file.kind")


def test_a_header_alone_is_a_table(read: Callable[..., Any]) -> None:
    assert read(HEADER, "表.csv").texts() == {1: TABLE[1]}


def test_wider_rows_further_down_widen_the_sheet(read: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delimited, "BATCH_ROWS", 2)
    found = read("a,b\n1,2\n3,4\n5,6,7,8\n9,10\n", "表.csv")
    assert found.texts() == {
        1: ["a", "b", None, None],
        2: ["1", "2", None, None],
        3: ["3", "4", None, None],
        4: ["5", "6", "7", "8"],
        5: ["9", "10", None, None],
    }
    assert found.sheets[0]["n_cols"] == 4
    assert [path.name for path in found.staging.iterdir()] == [found.sheets[0]["data"]]


def test_columns_beyond_the_limit_are_left_out_and_told(read: Callable[..., Any]) -> None:
    line = ",".join(f"c{number}" for number in range(limits.MAX_COLUMNS + 5))
    found = read(f"{line}\n{line}\n", "表.csv")
    assert found.sheets[0]["n_cols"] == limits.MAX_COLUMNS
    assert str(limits.MAX_COLUMNS) in found.sheets[0]["notes"][0]


CELL = st.text(st.characters(codec="utf-8", exclude_characters="\0\r\ufeff"), max_size=8)


@settings(max_examples=150, deadline=None)
@given(
    rows=st.lists(st.lists(CELL, min_size=3, max_size=3), min_size=1, max_size=12),
    batch=st.integers(2, 6),
)
def test_well_formed_files_come_back_whatever_the_batch(rows: list[list[str]], batch: int) -> None:
    records = [["姓名", "证号", "乡镇"], *rows]
    lines = [",".join('"' + cell.replace('"', '""') + '"' for cell in record) for record in records]
    text_lines = iter([line for record in lines for line in _split(record + "\n")])
    old = delimited.BATCH_ROWS
    delimited.BATCH_ROWS = batch
    try:
        found = [row for rows in delimited._Records(text_lines, ",", 3).batches() for row in rows]
    finally:
        delimited.BATCH_ROWS = old
    assert found == records


def _split(text: str) -> list[str]:
    parts = text.split("\n")
    return [part + "\n" for part in parts[:-1]]


@settings(max_examples=150, deadline=None)
@given(content=st.binary(max_size=400), head=st.sampled_from([b"", HEADER.encode(), HEADER.encode("gb18030") * 3]))
def test_any_bytes_are_survived(tmp_path_factory: pytest.TempPathFactory, content: bytes, head: bytes) -> None:
    folder = tmp_path_factory.mktemp("f")
    path: Path = folder / "表.csv"
    path.write_bytes(head + content)
    found = read_here(path, folder / "s")
    assert found.sheets or found.problems


@pytest.mark.parametrize("late", ["李四,4115,李集镇,备注\n", '李四,"4115,李集镇\n', "\n李四,4115,李集镇\n", "李四\n"])
@pytest.mark.parametrize("codec", ["utf-8", "gb18030"])
def test_a_file_that_becomes_untidy_late_loses_nothing(read: Callable[..., Any], late: str, codec: str) -> None:
    found = read((HEADER + ROW * 700 + late + ROW).encode(codec), "表.csv")
    rows = found.texts()
    assert [row for row, cells in rows.items() if cells[0] == "张三"] == [*range(2, 702), max(rows)]
    assert [row for row, cells in rows.items() if cells[0] == "李四"] == [max(rows) - 1]
    assert len(list(found.staging.iterdir())) == 1


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_pieces_read_side_by_side_come_back_in_order(
    read: Callable[..., Any], codec: str, end: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tidy, "_PIECE", 100)
    monkeypatch.setattr(delimited, "find_encoding", None)  # the patient way is not asked
    lines = [f"张三{number},{number:018d},{'' if number % 3 else '城关镇'}" for number in range(400)]
    found = read(end.join([HEADER.strip(), *lines]).encode(codec), "表.csv")
    expected = [[f"张三{number}", f"{number:018d}", None if number % 3 else "城关镇"] for number in range(400)]
    assert list(found.texts().values()) == [TABLE[1], *expected]
    assert list(found.texts()) == list(range(1, 402))


@pytest.mark.parametrize("late", ['"', "\0", "\ufeff", "\xff"])
def test_what_only_the_patient_way_can_say_is_found_late_too(
    read: Callable[..., Any], late: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = (HEADER + ROW * 3000).encode() + late.encode("latin-1" if late == "\xff" else "utf-8") + ROW.encode()
    whole = read(content, "表.csv")
    monkeypatch.setattr(tidy, "_PIECE", 100)
    pieces = read(content, "表.csv")
    assert pieces.texts() == whole.texts()
    assert len(whole.texts()) == 3002
    assert pieces.sheets[0]["notes"] == whole.sheets[0]["notes"]


def test_a_damaged_byte_in_utf8_spoils_one_cell_only(read: Callable[..., Any]) -> None:
    content = (HEADER + ROW * 5).encode()
    found = read(content[:-12] + b"\xff" + content[-12:], "表.csv")
    rows = found.texts()
    assert rows[5] == TABLE[2]
    assert rows[6][0] == "张三"
    assert "无法辨认" in found.sheets[0]["notes"][0]


@settings(max_examples=150, deadline=None)
@given(
    rows=st.lists(
        st.lists(st.text(" \t=\u3000\u00a0 张一x0\x1f", max_size=4), min_size=2, max_size=2), min_size=1, max_size=6
    ),
    end=st.sampled_from(["\n", "\r\n"]),
    is_ended=st.booleans(),
)
def test_a_piece_is_blanked_out_as_its_cells_are(rows: list[list[str]], end: str, is_ended: bool) -> None:
    text = end.join(",".join(cells) for cells in rows) + (end if is_ended else "")
    if not is_ended and not rows[-1][-1] and not rows[-1][0]:
        return
    count, columns = tidy._Form("utf-8", ",", 2).read(bytearray(text.encode()))
    assert count == len(rows)
    for column, cells in zip(columns, zip(*rows, strict=True), strict=True):
        texts, kinds = text_column_arrays(pa.array(cells))
        assert (column[0].to_pylist(), column[1].to_pylist()) == (texts.to_pylist(), kinds.to_pylist())
