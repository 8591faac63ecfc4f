"""Columns are read once a distinct cell: every row must get what reading its own cell the full way gives."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import duckdb
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mingcha.intake.convert.cells import Memory, Recipe, distinct, read_cells
from mingcha.values import quick, usual
from mingcha.values.sql.accounts import read_text
from mingcha.values.sql.base import Cell, layered
from mingcha.values.sql.dates import DateFacts, read_date
from mingcha.values.sql.ids import read_id
from mingcha.values.sql.names import read_name
from mingcha.values.sql.numbers import read_decimal, read_money

TODAY = date(2023, 6, 30)
FACTS = DateFacts(year=2023)
RECIPES = {
    "id": Recipe("id", lambda cell: read_id(cell, TODAY), quick.quick_id(TODAY), usual.usual_id(TODAY)),
    "name": Recipe("name", read_name, quick.quick_name, usual.usual_name),
    "text": Recipe("text", read_text, quick.quick_text()),
    "money": Recipe("money", read_money, quick.quick_money, usual.usual_money),
    "date": Recipe("date", lambda cell: read_date(cell, FACTS), quick.quick_date, usual.usual_date(base_1904=False)),
    "decimal": Recipe("decimal", read_decimal, types={"value": "DECIMAL(18,4)"}),
}
WORDS = (
    *(
        "411426196302151238",
        "'411426196302151238",
        "412326810115123",
        "41142619630215123x",
        "411426196302151230",
        "4.12326E+17",
    ),
    *(
        "王秀英",
        "欧阳建国",
        "王会计主任",
        "王春生",
        "李长",
        "王书记",
        "張三",
        "2023-06-05",
        "45000",
        "2023年6月",
        "120.50",
        "1,140.00",
        "200元",
    ),
    *("-", "无", "#N/A", "城关镇王楼村", "13812345678", "85.5㎡"),
)
CELL = st.one_of(st.none(), st.tuples(st.sampled_from(WORDS), st.sampled_from([1, 2, 3, 5])))
Cells = Sequence[tuple[str, int] | None]


def arrays(cells: Cells) -> tuple[pa.Array, pa.Array]:
    texts = pa.array([cell[0] if cell else None for cell in cells], pa.string())
    return texts, pa.array([cell[1] if cell else 0 for cell in cells], pa.int8())


def fully(con: duckdb.DuckDBPyConnection, recipe: Recipe, cells: Cells) -> list[dict[str, Any] | None]:
    """Each row's own cell read in SQL; None where it is blank."""
    texts, kinds = arrays(cells)
    con.register("rows", pa.table({"n": range(len(cells)), "text": texts, "kind": kinds}))
    reading = recipe.read(Cell("cell", "text", "kind"))
    columns = {
        **reading.columns,
        "problem": reading.problem,
        "is_blank": f"coalesce({reading.blank}, TRUE)",
        "shown": f"CASE WHEN {reading.problem} IS NOT NULL THEN {reading.shown} END",
    }
    listed = ", ".join(f'{expr} AS "{name}"' for name, expr in columns.items())
    sql = layered("SELECT * FROM rows WHERE text IS NOT NULL", reading)
    rows = con.sql(f"SELECT n, {listed} FROM ({sql})").to_arrow_table().to_pylist()
    found = {row.pop("n"): row for row in rows}
    return [found.get(number) for number in range(len(cells))]


@pytest.mark.parametrize("name", RECIPES)
@settings(max_examples=12, deadline=None)
@given(columns=st.lists(st.lists(CELL, min_size=1, max_size=30), min_size=1, max_size=3))
def test_every_row_gets_what_its_own_cell_says(name: str, columns: list[Cells]) -> None:
    recipe, memory = RECIPES[name], Memory()
    with duckdb.connect() as con:
        for _ in range(2):  # the second time from memory
            group = distinct([arrays(cells) for cells in columns])
            read, places = read_cells(con, recipe, group, memory)
            parts = {**read.results, "problem": read.problem, "is_blank": read.is_blank, "shown": read.shown}
            for cells, at in zip(columns, places, strict=True):
                taken = pa.table({part: values.take(at) for part, values in parts.items()}).to_pylist()
                here = [None if cell is None else row for cell, row in zip(cells, taken, strict=True)]
                for row in here:
                    if row is not None and row["problem"] is None:
                        row["shown"] = None
                assert here == fully(con, recipe, cells)


def test_a_blank_column_has_no_cells() -> None:
    texts, kinds = pa.nulls(3, pa.string()), pa.array([0, 0, 0], pa.int8())
    group = distinct([(texts, kinds)])
    assert len(group.texts) == 0
    assert group.at[0].null_count == 3
