"""Headers far below the first rows are found wherever their names stand."""

from __future__ import annotations

from itertools import combinations

import pyarrow as pa
import pytest

from mingcha.intake.recognise import grid

NAMES = ("姓名", "性别", "身份证号", "金额")
WIDTH = 6


def table_of(rows: list[list[str | None]]) -> pa.Table:
    columns = {"row": pa.array(range(1, len(rows) + 1), pa.int32())}
    for index, cells in enumerate(zip(*rows, strict=True)):
        columns[f"c{index}"] = pa.array(cells, pa.string())
        columns[f"k{index}"] = pa.array([0 if cell is None else 1 for cell in cells], pa.int8())
    return pa.table(columns)


def found_in(row: list[str | None], at: int = 450) -> list[int]:
    rows: list[list[str | None]] = [
        [f"4114{number:014d}", "王秀英", None, f"{number}", "2023", "会亭镇"] for number in range(500)
    ]
    rows[at] = row
    return [below.header.number for below in grid.header_rows_below(table_of(rows), sorted(NAMES), WIDTH)]


@pytest.mark.parametrize("places", list(combinations(range(WIDTH), grid.HEADER_HITS)))
def test_three_names_anywhere_are_a_header(places: tuple[int, ...]) -> None:
    row: list[str | None] = ["1"] * WIDTH
    for name, place in zip(NAMES, places, strict=False):
        row[place] = name
    assert found_in(row) == [451]
    row[places[-1]] = "另一个"
    assert found_in(row) == []


def test_a_sheet_of_numbers_has_no_header_below() -> None:
    rows: list[list[str | None]] = [[f"{number}"] * WIDTH for number in range(500)]
    assert grid.header_rows_below(table_of(rows), sorted(NAMES), WIDTH) == []
