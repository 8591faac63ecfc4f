"""Readers of values: the quick way and the full way agree, pseudonyms agree with Python's, nothing personal shows."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import duckdb
import pyarrow as pa
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from mingcha.values import quick
from mingcha.values.ids import CHECKS, WEIGHTS
from mingcha.values.quick import (
    Quick,
    quick_account,
    quick_date,
    quick_id,
    quick_int,
    quick_money,
    quick_month,
    quick_name,
    quick_phone,
    quick_place,
    quick_text,
)
from mingcha.values.sql.accounts import read_account, read_phone, read_place, read_text
from mingcha.values.sql.base import Cell, Reading, layered, redacted
from mingcha.values.sql.dates import DateFacts, read_date, read_month
from mingcha.values.sql.ids import read_id
from mingcha.values.sql.names import read_name
from mingcha.values.sql.numbers import read_int, read_money
from mingcha.values.usual import Usual, usual_date, usual_id, usual_money, usual_name
from mingcha.vault.pseudonyms import Pseudonymiser

TODAY = date(2023, 6, 30)
CELL = Cell("c", "text", "kind")
FACTS = DateFacts(four_digit_years=True, zero_months=True, year=2023, this_year=2023)
READERS: dict[str, tuple[Callable[[Cell], Reading], Quick]] = {
    "id": (lambda cell: read_id(cell, TODAY), quick_id(TODAY)),
    "account": (read_account, quick_account),
    "phone": (read_phone, quick_phone),
    "name": (read_name, quick_name),
    "text": (read_text, quick_text()),
    "code": (lambda cell: read_text(cell, among_codes=True), quick_text(among_codes=True)),
    "place": (read_place, quick_place),
    "money": (read_money, quick_money),
    "int": (read_int, quick_int),
    "date": (lambda cell: read_date(cell, FACTS), quick_date),
    "deadline": (lambda cell: read_date(cell, FACTS, deadline=True), quick_date),
    "month": (lambda cell: read_month(cell, FACTS), quick_month),
}


@st.composite
def valid_number(draw: st.DrawFn) -> str:
    born = draw(st.dates(date(1930, 1, 1), date(2023, 6, 1)))
    body = (
        f"{draw(st.sampled_from(['412326', '411426', '110101', '340122']))}{born:%Y%m%d}{draw(st.integers(0, 999)):03d}"
    )
    return body + CHECKS[sum(int(digit) * weight for digit, weight in zip(body, WEIGHTS, strict=True)) % 11]


DIGITS = st.text("0123456789", min_size=1, max_size=22)
DATES = st.one_of(
    st.dates(date(1850, 1, 1), date(2150, 12, 31)).map(str),
    st.builds(
        "{}{}{}{}{}{}".format,
        st.integers(1840, 2160),
        st.sampled_from(["-", "/", ".", "年", ""]),
        st.integers(0, 14).map(lambda n: f"{n:02d}") | st.integers(0, 14),
        st.sampled_from(["-", "/", ".", "月", ""]),
        st.integers(0, 32).map(lambda n: f"{n:02d}") | st.integers(0, 32) | st.just(""),
        st.sampled_from(["", "日", "."]),
    ),
)
CELLS = st.one_of(
    DATES,
    valid_number(),
    valid_number().map(lambda number: number[:17] + "0"),
    valid_number().map(str.lower),
    DIGITS,
    DIGITS.map(lambda text: f"{text}.00"),
    st.sampled_from(
        [
            "王秀英",
            "王建国主任",
            "張三",
            "李四（已故）",
            "无",
            "-",
            "#N/A",
            "420元",
            "1,260.50",
            "13812345678",
            "０４２０",
        ]
    ),
    st.text(min_size=1, max_size=20).filter(lambda text: "\0" not in text),
)
KINDS = st.sampled_from([1, 2, 3])


def table_of(cells: list[tuple[str, int]]) -> pa.Table:
    return pa.table(
        {"text": pa.array([text for text, _ in cells]), "kind": pa.array([kind for _, kind in cells], pa.int8())}
    )


def results(con: duckdb.DuckDBPyConnection, sql: str, reading: Reading) -> list[dict[str, Any]]:
    """What the full way says, with the cell as it is shown where there is a problem."""
    shown = f"CASE WHEN {reading.problem} IS NOT NULL THEN {reading.shown} END"
    columns = {**reading.columns, "problem": reading.problem, "is_blank": reading.blank, "shown": shown}
    listed = ", ".join(f'{expr} AS "{name}"' for name, expr in columns.items())
    rows: list[dict[str, Any]] = con.sql(f"SELECT {listed} FROM ({layered(sql, reading)})").to_arrow_table().to_pylist()
    return rows


@pytest.mark.parametrize("name", READERS)
@settings(max_examples=40, deadline=None)
@given(cells=st.lists(st.tuples(CELLS, KINDS), min_size=1, max_size=40))
@example(cells=[("\xa0", 1), (" \u3000东街村\xa0", 1), ("\t东街村 ", 1), ("-\u3000", 1)])
def test_the_quick_way_reads_as_the_full_way(name: str, cells: list[tuple[str, int]]) -> None:
    full, quick = READERS[name]
    table = table_of(cells).combine_chunks()
    read = quick(*(pa.concat_arrays(table[column].chunks) for column in ("text", "kind")))
    count = len(table.filter(read.easy))
    none, never = pa.nulls(count, pa.string()), pa.repeat(pa.scalar(False), count)
    problem = none if read.problem is None else read.problem
    here = pa.table(
        {
            **read.columns,
            "problem": problem,
            "is_blank": never if read.is_blank is None else read.is_blank,
            "shown": none if read.shown is None else read.shown,
        }
    )
    with duckdb.connect() as con:
        con.register("cells", table.filter(read.easy))
        there = results(con, "SELECT * FROM cells", full(CELL))
    assert here.to_pylist() == there


USUAL: dict[str, tuple[Callable[[Cell], Reading], Usual]] = {
    "id": (lambda cell: read_id(cell, TODAY), usual_id(TODAY)),
    "name": (read_name, usual_name),
    "money": (lambda cell: read_money(cell, factor=10_000), usual_money),
    "date": (lambda cell: read_date(cell, FACTS), usual_date(base_1904=False)),
    "date 1904": (
        lambda cell: read_date(cell, replace(FACTS, base_1904=True)),
        usual_date(base_1904=True),
    ),
    "deadline": (lambda cell: read_date(cell, FACTS, deadline=True), usual_date(base_1904=False)),
}
#: What the usual readers are for, beside whatever else.
ODD_CELLS = st.one_of(
    CELLS,
    valid_number().map(lambda number: f"'{number}"),
    valid_number().map(lambda number: f" {number[:6]} {number[6:14]} {number[14:].lower()}"),
    valid_number().map(lambda number: number[:6] + number[8:17]),
    DIGITS.map(lambda text: text.translate({ord(digit): chr(ord(digit) + 0xFEE0) for digit in "0123456789"})),
    st.text("王主任欧阳建国代囗張生 世书记", min_size=1, max_size=5),
    st.integers(-1, 99_999_999).map(lambda number: f"{number:,}.50"),
    st.integers(-1, 9_999_999).map(lambda number: f"{number}元"),
    st.integers(0, 99_999).map(str),
)


@pytest.mark.parametrize("name", USUAL)
@settings(max_examples=60, deadline=None)
@given(cells=st.lists(st.tuples(ODD_CELLS, KINDS), min_size=1, max_size=40))
def test_the_usual_ways_read_as_the_full_way(name: str, cells: list[tuple[str, int]]) -> None:
    full, usual = USUAL[name]
    read = [(cell, found) for cell in cells if (found := usual(*cell)) is not None]
    here = [{**found, "shown": found["shown"] if found["problem"] else None} for _, found in read]
    with duckdb.connect() as con:
        con.register("cells", table_of([cell for cell, _ in read]))
        there = results(con, "SELECT * FROM cells", full(CELL)) if read else []
    assert here == there


@settings(max_examples=30, deadline=None)
@given(number=valid_number(), key=st.binary(min_size=1, max_size=80), name=st.sampled_from(["王秀英", ""]))
def test_pseudonyms_in_sql_are_those_of_python(number: str, key: bytes, name: str) -> None:
    keys = Pseudonymiser(key)
    made = (keys.person("n"), keys.damaged("n", "m"), keys.account("n"), keys.phone("n"), keys.certificate("n"))
    sql = f"SELECT {', '.join(made)}"
    with duckdb.connect() as con:
        found = con.execute(f"{sql} FROM (SELECT '{number}' AS n, '{name}' AS m)", keys.parameters()).fetchall()[0]
    assert found == (
        keys.person_of(number),
        keys.damaged_of(number, name),
        keys.account_of(number),
        keys.phone_of(number),
        keys.certificate_of(number),
    )
    assert len(set(found)) == 5
    assert all(0 < each < 2**60 for each in found)


@settings(max_examples=50, deadline=None)
@given(
    numbers=st.lists(valid_number(), max_size=20), key=st.binary(min_size=32, max_size=32), skipped=st.integers(0, 3)
)
def test_a_column_of_persons_turns_as_each_of_them(numbers: list[str], key: bytes, skipped: int) -> None:
    keys = Pseudonymiser(b"k" * 32, key)
    found = keys.persons(pa.array(numbers, pa.string()).slice(skipped)).to_pylist()
    assert found == [keys.person_of(number) for number in numbers[skipped:]]
    assert len(set(found)) == len(set(numbers[skipped:]))
    assert all(0 <= each < 2**60 for each in found)


AROUND = st.text(st.sampled_from("，。号身份证电话王：; (abX"), max_size=6)


@settings(max_examples=60, deadline=None)
@given(
    before=AROUND,
    after=AROUND,
    number=st.one_of(valid_number(), st.just("13812345678"), st.just("6228412345678901234")),
)
def test_redaction_leaves_no_personal_number(before: str, after: str, number: str) -> None:
    with duckdb.connect() as con:
        shown = con.execute(
            f"SELECT {redacted('t')} FROM (SELECT $t AS t)", {"t": f"{before}{number}{after}"}
        ).fetchall()[0][0]
    assert number not in shown
    assert not re.search(r"\d{11,}", shown)


@settings(max_examples=40, deadline=None)
@given(
    amount=st.decimals(min_value=0, max_value=999999, places=2),
    form=st.sampled_from(["{}", "{}元", "￥{}", " {} ", "{}元整"]),
)
def test_money_reads_back_in_every_form(amount: Any, form: str) -> None:
    written = form.format(f"{amount:,.2f}" if form == "{}" else amount)
    with duckdb.connect() as con:
        con.register("cells", table_of([(written, 1)]))
        (row,) = results(con, "SELECT * FROM cells", read_money(CELL))
    assert row["value"] == amount
    assert row["problem"] is None


@settings(max_examples=60, deadline=None)
@given(number=valid_number(), at=st.integers(0, 16), digit=st.sampled_from("0123456789"))
def test_one_changed_digit_is_always_noticed(number: str, at: int, digit: str) -> None:
    changed = number[:at] + digit + number[at + 1 :]
    with duckdb.connect() as con:
        con.register("cells", table_of([(changed, 1)]))
        (row,) = results(con, "SELECT * FROM cells", read_id(CELL, TODAY))
    assert row["is_valid"] is (changed == number)


@given(
    st.lists(st.text(alphabet="0123456789Xx一 .-", max_size=20) | st.from_regex(r"\A[0-9]{17}[0-9X]\Z"), max_size=20)
)
def test_a_whole_number_is_seen_as_its_pattern_says(texts: list[str]) -> None:
    found = quick._is_whole(pa.array(texts, pa.string())).to_pylist()
    assert found == [re.fullmatch("[1-9][0-9]{16}[0-9X]", text) is not None for text in texts]


@settings(deadline=None)
@given(st.lists(st.none() | st.integers(0, 99_999_999) | st.integers(1700, 2200).map(lambda year: year * 10_000 + 229)))
def test_days_are_those_of_the_calendar(numbers: list[int | None]) -> None:
    def day(number: int | None) -> date | None:
        try:
            found = date(number // 10_000, number // 100 % 100, number % 100) if number else None
        except ValueError:
            return None
        return found if found and 1800 <= found.year < 2100 else None

    assert quick._days(pa.array(numbers, pa.int32())).to_pylist() == [day(number) for number in numbers]
