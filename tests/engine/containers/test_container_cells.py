"""Cells: text and kind of every type a reader gives."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingcha.intake.containers.cells import ErrorText, FormulaText, NumberText, column_arrays, number_text
from mingcha.intake.model import CellKind


@pytest.mark.parametrize(
    ("value", "text", "kind"),
    [
        ("张三", "张三", CellKind.TEXT),
        ("", None, CellKind.EMPTY),
        (None, None, CellKind.EMPTY),
        (" \u3000\n", None, CellKind.EMPTY),
        (" 张 ", " 张 ", CellKind.TEXT),
        (3.0, "3", CellKind.NUMBER),
        (0.0, "0", CellKind.NUMBER),
        (-0.5, "-0.5", CellKind.NUMBER),
        (1234.5, "1234.5", CellKind.NUMBER),
        (7, "7", CellKind.NUMBER),
        (4.11426195001011e17, "411426195001011000", CellKind.NUMBER),
        (411426195001011234.0, "411426195001011264", CellKind.NUMBER),
        (6.2284e18, "6228400000000000000", CellKind.NUMBER),
        (1.38e10, "13800000000", CellKind.NUMBER),
        (1e300, "1" + "0" * 300, CellKind.NUMBER),
        (True, "TRUE", CellKind.BOOL),
        (False, "FALSE", CellKind.BOOL),
        (dt.date(2023, 1, 5), "2023-01-05", CellKind.DATE),
        (dt.datetime(2023, 1, 5, 8, 30), "2023-01-05 08:30:00", CellKind.DATE),
        (dt.time(8, 30), "08:30:00", CellKind.TEXT),
        (dt.timedelta(hours=30), "30:00:00", CellKind.TEXT),
        (NumberText("411426195001011234"), "411426195001011234", CellKind.NUMBER),
        (ErrorText("#N/A"), "#N/A", CellKind.ERROR),
        (FormulaText("="), "=", CellKind.FORMULA),
        ("=VLOOKUP(A2,B:C,2,0)", "=VLOOKUP(A2,B:C,2,0)", CellKind.FORMULA),
        ("=B2+C2", "=B2+C2", CellKind.FORMULA),
        ("=低保表!A1", "=低保表!A1", CellKind.FORMULA),
        ('="411426195001011234"', "411426195001011234", CellKind.TEXT),
        ('=""', None, CellKind.EMPTY),
        ("=", "=", CellKind.TEXT),
        ("====", "====", CellKind.TEXT),
        ("-", "-", CellKind.TEXT),
    ],
)
@pytest.mark.parametrize("beside", [[], ["文字"], [1.0], [None], [True, ErrorText("#REF!")]])
def test_text_and_kind_of_a_cell_do_not_depend_on_its_column(
    value: object, text: str | None, kind: CellKind, beside: list[object]
) -> None:
    found_text, found_kind = column_arrays([value, *beside])
    assert (found_text[0].as_py(), found_kind[0].as_py()) == (text, kind)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_number_text_reads_back_as_the_same_number(value: float) -> None:
    assert float(number_text(value)) == value


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False, width=32) | st.integers(-(2**60), 2**60), min_size=1))
def test_fast_columns_equal_cell_by_cell(values: list[float | int]) -> None:
    found, _ = column_arrays(values)
    assert found.to_pylist() == [str(v) if isinstance(v, int) else number_text(v) for v in values]


def test_half_a_surrogate_pair_is_survived() -> None:
    text, kind = column_arrays(["a\ud800b", "好"])
    assert text.to_pylist() == ["a?b", "好"]
    assert kind.to_pylist() == [1, 1]
