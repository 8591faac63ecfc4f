"""Reading a year's days off from files as offices write them."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingcha_web.deadlines.imports import LIMIT, read_days

Y = 2027


def _xlsx(rows: list[list[Any]]) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _csv(*lines: str) -> bytes:
    return "\n".join(lines).encode()


@pytest.mark.parametrize(
    ("written", "days"),
    [
        ("2027-10-01", [(10, 1)]),
        ("2027/10/1", [(10, 1)]),
        ("2027年10月1日", [(10, 1)]),
        ("10月1日", [(10, 1)]),
        ("20271001", [(10, 1)]),
        ("2027-10-01（周五）", [(10, 1)]),
        ("10月1日至3日", [(10, 1), (10, 2), (10, 3)]),
        ("10月1日至10月2日", [(10, 1), (10, 2)]),
        ("2027年4月30日—5月1日", [(4, 30), (5, 1)]),
        ("2027-01-01~2027-01-02", [(1, 1), (1, 2)]),
    ],
)
def test_days_are_read_as_they_are_written(written: str, days: list[tuple[int, int]]) -> None:
    read = read_days("a.csv", _csv("日期,安排,说明", f"{written},放假,节"), Y)
    assert read.problems == []
    assert read.days == [(date(Y, *each), False, "节") for each in days]


@pytest.mark.parametrize(
    ("word", "is_working"), [("放假", False), ("休", False), ("上班", True), ("班", True), (" 调休上班 ", True)]
)
def test_words_for_off_and_on(word: str, is_working: bool) -> None:
    assert read_days("a.csv", _csv(f"2027-01-02,{word},"), Y).days == [(date(Y, 1, 2), is_working, "")]


def test_a_workbook_with_date_cells_and_columns_in_another_order() -> None:
    content = _xlsx([["节日", "安排", "日期"], ["元旦", "放假", date(Y, 1, 1)], [], ["", "上班", "1月2日"]])
    read = read_days("放假.xlsx", content, Y)
    assert read.problems == []
    assert read.days == [(date(Y, 1, 1), False, "元旦"), (date(Y, 1, 2), True, "")]


def test_numbers_for_dates_and_a_text_in_gb18030() -> None:
    assert read_days("a.xlsx", _xlsx([[20270101, "放假", "元旦"]]), Y).days == [(date(Y, 1, 1), False, "元旦")]
    text = "日期\t安排\t说明\n2027-01-01\t放假\t元旦\n".encode("gb18030")
    assert read_days("a.txt", text, Y).days == [(date(Y, 1, 1), False, "元旦")]


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("明年,放假,", "第2行：日期“明年”读不懂"),
        ("2027-02-30,放假,", "第2行：日期“2027-02-30”读不懂"),
        ("2027-10-01,开会,", "第2行：安排是“开会”"),
        ("2027-10-01,,", "第2行：安排是空的"),
        ("2026-12-31,放假,元旦", "第2行：2026-12-31 不在2027年"),
        ("2027-10-08至10-01,放假,", "读不懂"),
        ("1月1日至12月31日,放假,", "读不懂"),
    ],
)
def test_each_mistake_is_told_with_its_row(line: str, sentence: str) -> None:
    problems = read_days("a.csv", _csv("日期,安排,说明", line), Y).problems
    assert len(problems) == 1
    assert sentence in problems[0]


def test_a_day_twice_is_told_with_both_rows() -> None:
    problems = read_days("a.csv", _csv("日期,安排", "2027-01-01,放假", "1月1日,上班"), Y).problems
    assert problems == ["第3行：2027-01-01 和第2行重复。"]


@pytest.mark.parametrize("content", [b"", b"\n\n", b"\x00\x01\x02", b"PK\x03\x04broken", b"\xff\xfe\x00"])
def test_what_is_no_table_is_refused_with_a_word(content: bytes) -> None:
    read = read_days("a.xlsx", content, Y)
    assert read.days == []
    assert read.problems


def test_a_file_too_large_is_not_read() -> None:
    assert "太大" in read_days("a.csv", b"x" * (LIMIT + 1), Y).problems[0]


def test_many_mistakes_are_cut_off() -> None:
    problems = read_days("a.csv", _csv(*(f"第{n}天,放假," for n in range(100))), Y).problems
    assert len(problems) == 31


@given(st.binary(max_size=200))
def test_no_bytes_break_it(content: bytes) -> None:
    read = read_days("x", content, Y)
    assert read.days or read.problems


@given(st.lists(st.text(max_size=12), min_size=3, max_size=3))
def test_no_words_break_it(cells: list[str]) -> None:
    read_days("a.csv", ",".join(cells).encode("utf-8", "replace"), Y)
