"""What is done in whole columns says the same as what is done cell by cell."""

from __future__ import annotations

import re
from datetime import date

import duckdb
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mingcha.intake.convert import cells, facts, noise, sheet
from mingcha.intake.convert.carry import may_have_blanks
from mingcha.intake.convert.cells import Cells
from mingcha.intake.convert.sheet import standing
from mingcha.intake.convert.typed import Column
from mingcha.values.sql.base import is_mark

PLACES = st.lists(st.none() | st.integers(0, 3), max_size=8)
VALUES = [
    pa.array([1, 2, 3, 4], pa.int64()),
    pa.array([1, None, 3, None], pa.int64()),
    pa.nulls(4, pa.date32()),
    pa.array([date(2000, 1, day) for day in range(1, 5)], pa.date32()),
    pa.array([True, False, True, False]),
    pa.array(["甲", "乙", "甲", "丙"]),
    pa.array(["甲", None, "甲", None]),
    pa.array([["甲"], [], None, ["乙", "丙"]], pa.list_(pa.string())),
    pa.array([["甲"], [], ["丁"], ["乙", "丙"]], pa.list_(pa.string())),
]


@pytest.mark.parametrize("values", VALUES, ids=str)
@settings(deadline=None)
@given(places=PLACES)
def test_values_are_handed_out_as_arrow_takes_them(values: pa.Array, places: list[int | None]) -> None:
    at = pa.array(places, pa.int32())
    blank = pa.nulls(4, pa.string())
    column = Column(Cells({"value": values}, blank, blank.is_null(), blank), at)
    assert column.handed_out(values).equals(values.take(at))
    for differs in (True, False):
        assert column.take("value", differs=differs).cast(values.type).equals(values.take(at))


@settings(deadline=None)
@given(places=PLACES)
def test_what_stands_in_no_row_is_told(places: list[int | None]) -> None:
    assert standing(pa.array(places, pa.int32()), 4).to_pylist() == [number in places for number in range(4)]
    assert len(standing(pa.nulls(len(places), pa.int32()), 0)) == 0


@pytest.mark.parametrize("most", [2**62, 1], ids=["one number", "used texts alone"])
@settings(deadline=None)
@given(places=st.lists(st.tuples(st.none() | st.integers(0, 2), st.none() | st.integers(0, 1)), min_size=1))
def test_rows_of_places_are_told_apart(most: int, places: list[tuple[int | None, int | None]]) -> None:
    texts = (pa.array(["城关镇", None, "会亭镇"]), pa.array(["孟庄", "李楼"]))
    columns = [
        (words, pa.array(column, pa.int32())) for words, column in zip(texts, zip(*places, strict=True), strict=True)
    ]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(facts, "_MOST_ROWS", most)
        at, rows = facts._distinct_rows(columns)
    expected = [
        tuple(None if place is None else words[place].as_py() for words, place in zip(texts, row, strict=True))
        for row in places
    ]
    assert [rows[place] for place in at.to_pylist()] == expected


@settings(deadline=None)
@given(st.lists(st.none() | st.text(alphabet="0123456789Xx*E+ 号一", max_size=22), max_size=20))
def test_a_long_number_is_seen_as_the_pattern_sees_it(texts: list[str | None]) -> None:
    found = noise._has_long_number(pa.array(texts, pa.string())).to_pylist()
    assert found == [text is not None and bool(re.search(noise._LONG_NUMBER, text)) for text in texts]


@settings(deadline=None)
@given(st.lists(st.tuples(st.none() | st.just("甲"), st.integers(0, 3)), max_size=8))
def test_kinds_of_filled_cells_are_found(pairs: list[tuple[str | None, int]]) -> None:
    texts = pa.array([text for text, _ in pairs], pa.string())
    kinds = pa.array([kind for _, kind in pairs], pa.int8())
    if texts.null_count < len(texts):
        assert set(cells._kinds_there(texts, kinds)) == {kind for text, kind in pairs if text is not None}


@pytest.mark.parametrize(
    "text", [None, "", "—", " - ", "//", "   ", "\u3000", "会亭", "会亭镇孟庄村", "           -", "*_"]
)
def test_a_mark_for_blank_is_never_missed(text: str | None) -> None:
    with duckdb.connect() as con:
        found = con.execute(f"SELECT {is_mark('x')} FROM (SELECT CAST($1 AS VARCHAR) AS x)", [text]).fetchall()
    assert may_have_blanks(pa.chunked_array([["会亭镇"], pa.array([text], pa.string())])) == found[0][0]


@pytest.mark.parametrize("rows", [0, 1, 10, 11, 20, 21, 49, 50, 51, 59, 60, 61, 1000, 1003])
def test_stretches_are_the_whole_in_order(rows: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheet, "CHUNK_ROWS", 10)
    table = pa.table({"row": pa.array(range(rows), pa.int32())})
    parts = [table.slice(start, size) for start, size in sheet._stretches(rows)]
    assert [row for part in parts for row in part["row"].to_pylist()] == list(range(rows))
    assert all(0 < part.num_rows <= 10 for part in parts)
