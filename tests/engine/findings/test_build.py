"""From rows of rules to findings: one a subject, the same on every run, every row of evidence named."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from mingcha.findings import Named, build_findings, finding_id_2026
from mingcha.findings.result import FINDING_COLUMNS, FINDING_SCHEMA
from mingcha.rules import ParamUse

KEY = bytes(range(32))
AS_OF = date(2023, 6, 30)
ROLL, PAY, DEATH, PAY_AGAIN = 1, 2, 3, 4
SHEETS: list[dict[str, Any]] = [
    {"sheet_id": ROLL, "dataset": "dibao_member", "file": "低保.xlsx", "sheet": "城关", "roll_month": "2023-06"},
    {"sheet_id": PAY, "dataset": "payment", "file": "发放.csv", "sheet": "", "roll_month": None},
    {"sheet_id": DEATH, "dataset": "funeral", "file": '火"化.xls', "sheet": "一", "roll_month": None},
    {"sheet_id": PAY_AGAIN, "dataset": "payment", "file": "发放.csv", "sheet": "补发", "roll_month": None},
]
EV = pa.list_(pa.int64())
YUAN = pa.decimal128(14, 2)


def at(sheet: int, row: int, part: int = 0) -> int:
    return sheet << 38 | row << 6 | part


@dataclass
class ARule:
    id: str = "R01"
    severity: str = "red"
    subject: str = "person"
    summary: str = "{name}有疑点。"
    finds: str = ""
    params: Mapping[str, ParamUse] = field(default_factory=dict)


@dataclass
class ARun:
    rule: ARule
    table: pa.Table | None
    values: Mapping[str, Any] = field(default_factory=dict)


def run(rows: list[dict[str, Any]], types: Mapping[str, pa.DataType], **rule: Any) -> ARun:
    return ARun(ARule(**rule), pa.Table.from_pylist(rows, schema=pa.schema(list(types.items()))))


def person_run(rows: list[dict[str, Any]], **rule: Any) -> ARun:
    types = {"person_key": pa.int64(), "ev_roll": pa.int64(), "period": pa.string(), "amount": YUAN}
    return run(rows, types, **rule)


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as con:
        con.execute(
            "CREATE TEMP TABLE person AS SELECT * FROM (VALUES"
            " (11::BIGINT, '张三', '城关镇', '福利居委会', 10::BIGINT, 1), (11, '张叁', '会亭镇', 'x', 99, 2),"
            " (10, '张户主', '城关镇', '福利居委会', 10, 1), (12, '李四', '会亭镇', '会亭村', 12, 1)"
            ") AS t(person_key, name, township, village, household_key, source_rank)"
        )
        con.execute(
            "CREATE TEMP TABLE payment_row AS SELECT * FROM (VALUES"
            f" ({at(PAY, 2)}::BIGINT, '2023-03'), ({at(PAY, 3)}, '2023-04'), ({at(PAY, 3, 1)}, '2023-04'),"
            f" ({at(PAY, 9)}, NULL)) AS t(row_id, month)"
        )
        yield con


def clear(keys: Sequence[int]) -> dict[int, str]:
    return {key: f"4114261995010100{key:02d}" for key in keys if key < 90}


def known(con: duckdb.DuckDBPyConnection) -> Named:
    return Named(con.table("person").to_arrow_table(), con.table("payment_row").to_arrow_table())


def built(con: duckdb.DuckDBPyConnection, *runs: ARun, **more: Any) -> list[dict[str, Any]]:
    named = more.pop("named", None) or known(con)
    table = build_findings(
        runs,
        con=con,
        named=lambda: named,
        sheets=pa.Table.from_pylist(SHEETS),
        key=KEY,
        reveal=clear,
        as_of=AS_OF,
        **more,
    ).findings
    assert table.schema == FINDING_SCHEMA
    rows: list[dict[str, Any]] = table.to_pylist()
    return rows


def test_a_finding_has_every_promised_column_filled_from_rule_and_persons(con: duckdb.DuckDBPyConnection) -> None:
    row = {"person_key": 11, "ev_roll": at(ROLL, 5), "period": "2023-03", "amount": Decimal("1260.50")}
    (found,) = built(con, person_run([row], summary="{name}（{township}{village}）{period}多领{amount}，{as_of}。"))
    assert tuple(found) == FINDING_COLUMNS
    assert found | {"household_id": ""} == {
        "finding_id": finding_id_2026(KEY, "R01", "person", "11"),
        "rule_id": "R01",
        "severity": "red",
        "subject_kind": "person",
        "id_number": "411426********0011",
        "name": "张三",
        "household_id": "",
        "township": "城关镇",
        "village": "福利居委会",
        "period": "2023-03",
        "amount": Decimal("1260.50"),
        "confidence": 1.0,
        "summary": "张三（城关镇福利居委会）2023年3月多领1,260.50元，2023年6月30日。",
        "evidence": '[{"dataset": "dibao_member", "file": "低保.xlsx", "sheet": "城关", "row": 5, "month": "2023-06"}]',
    }


def test_numbers_show_in_full_only_when_asked_for(con: duckdb.DuckDBPyConnection) -> None:
    row = {"person_key": 11, "ev_roll": at(ROLL, 5)}
    assert built(con, person_run([row]))[0]["id_number"] == "411426********0011"
    assert built(con, person_run([row]), revealed=True)[0]["id_number"] == "411426199501010011"


def test_rows_of_one_subject_become_one_finding(con: duckdb.DuckDBPyConnection) -> None:
    types = {
        "person_key": pa.int64(), "ev_roll": EV, "ev_pay": EV, "fact_where": pa.string(),
        "fact_months": pa.list_(pa.string()), "period": pa.string(), "amount": YUAN,
    }  # fmt: skip
    rows = [
        {"person_key": 11, "ev_roll": [at(ROLL, 5)], "ev_pay": [at(PAY, 3), at(PAY, 3, 1)], "fact_where": "后",
         "fact_months": ["2023-04"], "period": "2023-04", "amount": Decimal("20.00")},
        {"person_key": 11, "ev_roll": [at(ROLL, 5)], "ev_pay": [at(PAY, 2)], "fact_where": "先",
         "fact_months": ["2023-03"], "period": "2023-03", "amount": Decimal("10.50")},
    ]  # fmt: skip
    (found,) = built(con, run(rows, types, summary="{where}：{months}，{period}共{amount}。"))
    assert (found["period"], found["amount"]) == ("2023-03", Decimal("30.50"))
    assert found["summary"] == "先：2023年3月、2023年4月，2023年3月、2023年4月共30.50元。"
    places = [(place["dataset"], place["row"], place.get("month")) for place in json.loads(found["evidence"])]
    assert places == [("dibao_member", 5, "2023-06"), ("payment", 2, "2023-03"), ("payment", 3, "2023-04")]


def test_evidence_says_a_month_only_where_the_row_speaks_of_one(con: duckdb.DuckDBPyConnection) -> None:
    types = {"person_key": pa.int64(), "ev_a": pa.int64(), "ev_b": EV, "ev_none": pa.int64()}
    row: dict[str, Any] = {
        "person_key": 12,
        "ev_a": at(DEATH, 2),
        "ev_b": [at(PAY, 9), at(PAY_AGAIN, 4), None],
        "ev_none": None,
    }
    (found,) = built(con, run([row], types))
    assert json.loads(found["evidence"]) == [
        {"dataset": "funeral", "file": '火"化.xls', "sheet": "一", "row": 2},
        {"dataset": "payment", "file": "发放.csv", "sheet": "", "row": 9},
        {"dataset": "payment", "file": "发放.csv", "sheet": "补发", "row": 4},
    ]


def test_what_the_rule_says_of_a_subject_wins_over_the_view(con: duckdb.DuckDBPyConnection) -> None:
    types = {
        "person_key": pa.int64(),
        "name": pa.string(),
        "township": pa.string(),
        "village": pa.string(),
        "ev_a": pa.int64(),
    }
    row = {"person_key": 11, "name": "张三丰", "township": None, "village": "刘楼村", "ev_a": at(ROLL, 1)}
    (found,) = built(con, run([row], types))
    assert (found["name"], found["township"], found["village"]) == ("张三丰", "城关镇", "刘楼村")
    assert found["summary"] == "张三丰有疑点。"


@pytest.mark.parametrize("missing", ["persons", "months"])
def test_what_is_not_known_is_not_missed(con: duckdb.DuckDBPyConnection, missing: str) -> None:
    named = replace(known(con), **{missing: None})
    (found,) = built(con, person_run([{"person_key": 12, "ev_roll": at(ROLL, 1)}]), named=named)
    assert found["summary"] == ("（姓名不详）有疑点。" if missing == "persons" else "李四有疑点。")


SUBJECTS = [
    ("household", {"household_key": 10}, "张户主", "城关镇", "411426********0010", "张户主有疑点。"),
    ("account", {"account_key": 77, "person_key": 12}, "李四", "会亭镇", "411426********0012", "李四有疑点。"),
    ("officer", {"person_key": 12}, "李四", "会亭镇", "411426********0012", "李四有疑点。"),
    ("township", {"township": "会亭镇"}, None, "会亭镇", None, "会亭镇有疑点。"),
    ("unit", {"unit": "县敬老院"}, "县敬老院", None, None, "县敬老院有疑点。"),
    ("item", {"item": "整改3号"}, "整改3号", None, None, "整改3号有疑点。"),
]


@pytest.mark.parametrize(("subject", "keys", "name", "township", "number", "summary"), SUBJECTS)
def test_every_kind_of_subject(
    con: duckdb.DuckDBPyConnection,
    subject: str,
    keys: dict[str, Any],
    name: str | None,
    township: str | None,
    number: str | None,
    summary: str,
) -> None:
    types = {key: pa.int64() if isinstance(value, int) else pa.string() for key, value in keys.items()}
    (found,) = built(con, run([{**keys, "ev_a": at(ROLL, 1)}], {**types, "ev_a": pa.int64()}, subject=subject))
    shown = (found["subject_kind"], found["name"], found["township"], found["id_number"], found["summary"])
    assert shown == (subject, name, township, number, summary)
    assert found["finding_id"] == finding_id_2026(KEY, "R01", subject, str(next(iter(keys.values()))))


def test_one_account_is_one_finding_whoever_is_paid_on_it(con: duckdb.DuckDBPyConnection) -> None:
    types = {"account_key": pa.int64(), "person_key": pa.int64(), "ev_a": pa.int64()}
    rows = [{"account_key": 7, "person_key": key, "ev_a": at(PAY, row)} for key, row in ((12, 3), (11, 2))]
    (found,) = built(con, run(rows, types, subject="account"))
    assert found["name"] == "张三", "the applicant whose row comes first in the files"


def test_a_subject_without_a_number_is_told_by_name_and_place(con: duckdb.DuckDBPyConnection) -> None:
    types = {"person_key": pa.int64(), "name": pa.string(), "village": pa.string(), "ev_a": pa.int64()}
    rows: list[dict[str, Any]] = [
        {"person_key": None, "name": "赵六", "village": "刘楼村", "ev_a": at(ROLL, 3)},
        {"person_key": None, "name": "赵六", "village": "会亭村", "ev_a": at(ROLL, 4)},
        {"person_key": None, "name": "赵六", "village": "刘楼村", "ev_a": at(ROLL, 5)},
        {"person_key": None, "name": None, "village": None, "ev_a": at(ROLL, 6)},
        {"person_key": None, "name": None, "village": None, "ev_a": at(ROLL, 7)},
    ]
    found = built(con, run(rows, types))
    assert sorted(len(json.loads(each["evidence"])) for each in found) == [1, 1, 1, 2]
    assert {each["id_number"] for each in found} == {None}


def test_a_household_keeps_one_code_in_every_finding(con: duckdb.DuckDBPyConnection) -> None:
    household = run(
        [{"household_key": 10, "ev_a": 1}],
        {"household_key": pa.int64(), "ev_a": pa.int64()},
        id="R48",
        subject="household",
    )
    member, other = ({"person_key": key, "ev_roll": at(ROLL, 1)} for key in (11, 12))
    codes = {
        (row["rule_id"], row["name"]): row["household_id"] for row in built(con, household, person_run([member, other]))
    }
    assert codes["R48", "张户主"] == codes["R01", "张三"] != codes["R01", "李四"]
    assert len(codes["R01", "张三"]) == 11
    assert codes["R01", "张三"][0] == "H"


@pytest.mark.parametrize(
    ("severity", "confidence", "shown"),
    [
        ("red", 0.9, "orange"),
        ("red", 1.0, "red"),
        ("red", None, "red"),
        ("yellow", 0.5, "yellow"),
        ("blue", 0.5, "blue"),
    ],
)
def test_a_probable_match_is_never_red(
    con: duckdb.DuckDBPyConnection, severity: str, confidence: float | None, shown: str
) -> None:
    types = {"person_key": pa.int64(), "ev_a": pa.int64(), "confidence": pa.float64()}
    rows: list[dict[str, Any]] = [
        {"person_key": 11, "ev_a": at(ROLL, 1), "confidence": confidence},
        {"person_key": 11, "ev_a": at(ROLL, 2), "confidence": 1.0},
    ]
    (found,) = built(con, run(rows, types, severity=severity))
    assert (found["severity"], found["confidence"]) == (shown, 1.0 if confidence is None else confidence)


def test_sorted_by_severity_rule_place_and_name(con: duckdb.DuckDBPyConnection) -> None:
    one = [{"person_key": key, "ev_roll": at(ROLL, key)} for key in (95, 12, 11)]
    found = built(
        con,
        person_run(one, id="R100"),
        person_run(one[:1], id="R67", severity="blue"),
        person_run(one[1:], id="R20", severity="orange"),
        person_run(one[1:], id="R02"),
    )
    assert [(row["rule_id"], row["name"]) for row in found] == [
        ("R02", "李四"), ("R02", "张三"), ("R100", "李四"), ("R100", "张三"), ("R100", None),
        ("R20", "李四"), ("R20", "张三"), ("R67", None),
    ]  # fmt: skip


def test_neither_the_order_of_rows_nor_the_number_of_a_sheet_changes_a_byte(con: duckdb.DuckDBPyConnection) -> None:
    draw = random.Random(1)
    types = {
        "person_key": pa.int64(), "ev_b": EV, "ev_a": pa.int64(), "fact_x": pa.string(),
        "fact_l": pa.list_(pa.string()), "period": pa.string(), "amount": YUAN,
    }  # fmt: skip
    rows: list[dict[str, Any]] = [
        {"person_key": draw.choice([11, 12, 95]),
         "ev_b": [at(draw.choice([PAY, PAY_AGAIN]), draw.randrange(1, 9)) for _ in range(3)],
         "ev_a": at(ROLL, draw.randrange(1, 4)), "fact_x": draw.choice("甲乙丙"), "fact_l": draw.sample("子丑寅卯", 2),
         "period": draw.choice(["2023-01", "2023-02", None]), "amount": Decimal(draw.randrange(999)) / 100}
        for _ in range(60)
    ]  # fmt: skip
    first = built(con, run(rows, types, summary="{x}{l}{period}{amount}"))
    for _ in range(3):
        draw.shuffle(rows)
        for row in rows:
            draw.shuffle(row["ev_b"])
            draw.shuffle(row["fact_l"])
        assert built(con, run(rows, types, summary="{x}{l}{period}{amount}")) == first
    renumbered = {ROLL: 44, PAY: 30, DEATH: 50, PAY_AGAIN: 20}

    def moved(row_id: int) -> int:
        return at(renumbered[row_id >> 38], (row_id & (1 << 38) - 1) >> 6)

    con.execute(f"UPDATE payment_row SET row_id = row_id + ({renumbered[PAY] - PAY}::BIGINT << 38)")
    others = [{**row, "ev_a": moved(row["ev_a"]), "ev_b": [moved(each) for each in row["ev_b"]]} for row in rows]
    sheets = pa.Table.from_pylist([{**sheet, "sheet_id": renumbered[sheet["sheet_id"]]} for sheet in SHEETS[::-1]])
    again = build_findings(
        [run(others, types, summary="{x}{l}{period}{amount}")],
        con=con, named=lambda: known(con), sheets=sheets, key=KEY, reveal=clear, as_of=AS_OF,
    )  # fmt: skip
    assert again.findings.to_pylist() == first


def test_ids_differ_by_rule_kind_subject_and_key() -> None:
    base = (KEY, "R01", "person", "11")
    others = [
        (bytes(32), *base[1:]),
        (KEY, "R02", "person", "11"),
        (KEY, "R01", "officer", "11"),
        (KEY, "R01", "person", "12"),
    ]
    ids = {finding_id_2026(*each) for each in (base, *others)}
    assert len(ids) == 5
    assert all(len(each) == len("R01-") + 12 for each in ids)


def test_skipped_and_empty_rules_give_nothing(con: duckdb.DuckDBPyConnection) -> None:
    assert built(con, ARun(ARule(), None), person_run([])) == []


def test_rules_keep_their_own_facts_though_they_share_names_and_subjects(con: duckdb.DuckDBPyConnection) -> None:
    keys = {"person_key": pa.int64(), "ev_a": pa.int64(), "period": pa.string()}
    days = run(
        [
            {"person_key": 11, "ev_a": at(ROLL, 2), "period": "2023-05", "fact_x": date(2023, 5, 2), "fact_all": None},
            {
                "person_key": 11,
                "ev_a": at(ROLL, 1),
                "period": "2023-04",
                "fact_x": date(2023, 4, 1),
                "fact_all": ["乙", None],
            },
            {"person_key": 12, "ev_a": at(ROLL, 3), "period": None, "fact_x": None, "fact_all": None},
            {"person_key": 11, "ev_a": at(ROLL, 3), "period": "2023-06", "fact_x": None, "fact_all": ["甲", "乙"]},
        ],
        keys | {"fact_x": pa.date32(), "fact_all": pa.list_(pa.string())},
        summary="{x}；{all}",
    )
    counts = run(
        [{"person_key": 12, "ev_a": at(PAY, 2), "period": "2023-03", "fact_x": 4}],
        keys | {"fact_x": pa.int64()},
        id="R02",
        summary="{x}次",
    )
    none = run([], keys, id="R03")
    found = {(row["rule_id"], row["name"]): row["summary"] for row in built(con, counts, none, days)}
    assert found == {
        ("R01", "张三"): "2023年4月1日；乙、甲",
        ("R01", "李四"): "不详；不详",
        ("R02", "李四"): "4次",
    }


def test_parameters_and_missing_facts_fill_the_sentence(con: duckdb.DuckDBPyConnection) -> None:
    types = {"person_key": pa.int64(), "ev_a": pa.int64(), "fact_until": pa.date32()}
    rule_run = run(
        [{"person_key": 11, "ev_a": at(ROLL, 1), "fact_until": None}],
        types,
        summary="{name}满{exit_months}个月，止于{until}；{rate}。",
        params={"exit_months": ParamUse("exit_months", "PL-01"), "rate": ParamUse("rate", "ET-07", True, "标准")},
    )
    rule_run.values = {"exit_months": 3, "rate": None}
    assert built(con, rule_run)[0]["summary"] == "张三满3个月，止于不详；未设置。"


def test_leaves_nothing_behind_on_the_connection(con: duckdb.DuckDBPyConnection) -> None:
    built(con, person_run([{"person_key": 11, "ev_roll": at(ROLL, 1)}]))
    tables = {
        row[0]
        for row in con.execute(
            "SELECT table_name FROM duckdb_tables() UNION SELECT view_name FROM duckdb_views() WHERE NOT internal"
        ).fetchall()
    }
    assert tables == {"person", "payment_row"}
