"""Mapping files: obeyed over recognition, checked, remembered by header fingerprint."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.engine.recognise.conftest import fields_of
from tests.engine.recognise.sheets import Cell, sheet, table

from mingcha.errors import UsageError
from mingcha.intake.model import SheetPlan
from mingcha.intake.recognise import build_context, fingerprint, plan_sheet

ROWS: list[list[Cell]] = table("甲栏|乙栏|丙栏|状况", "{name}|{id}|#420|在享")
MAPPING = """
- file: "奇怪*.xlsx"
  dataset: payment
  columns: {甲栏: name, 乙　栏: id_no, 丙栏（元）: amount, 状况: status}
  constants: {project: 低保金}
  codes: {status: {在享: ok}}
"""


def _write(folder: Path, text: str) -> None:
    (folder / "mingcha-mapping.yaml").write_text(text, encoding="utf-8")


def _plan(folder: Path, rows: list[list[Cell]], file: str, remembered: dict[str, object] | None = None) -> SheetPlan:
    context = build_context(folder, remembered or {})
    (plan,) = plan_sheet(sheet(folder, rows, file=file), context)
    return plan


def test_a_mapping_is_obeyed(tmp_path: Path) -> None:
    assert _plan(tmp_path, ROWS, "奇怪.xlsx").dataset is None
    _write(tmp_path, MAPPING)
    plan = _plan(tmp_path, ROWS, "6月/奇怪的表.xlsx")
    assert plan.dataset == "payment"
    assert fields_of(plan) == {0: "name", 1: "id_no", 2: "amount", 3: "status"}
    assert {column.how for column in plan.columns} == {"mapping"}
    assert plan.constants["project"] == "低保金"
    assert plan.code_words == {"status": {"在享": "ok"}}
    assert plan.unfit == ()
    assert _plan(tmp_path, ROWS, "别的.xlsx").dataset is None


def test_it_comes_before_what_recognition_would_say(tmp_path: Path) -> None:
    rows = table("姓名|身份证号|账号|金额|备注", "{name}|{id}|{acct}|#420|")
    _write(tmp_path, '- {file: a.xlsx, dataset: temp_assistance, columns: {备注: reason, 账号: "-"}}')
    plan = _plan(tmp_path, [["2023年6月低保金发放表"], *rows], "a.xlsx")
    assert plan.dataset == "temp_assistance"
    found = fields_of(plan)
    assert (found[0], found[1], found[3], found[4]) == ("name", "id_no", "amount", "reason")
    assert 2 not in found
    assert "账号" not in plan.unfit


def test_header_row_and_sheet_are_obeyed(tmp_path: Path) -> None:
    _write(tmp_path, "- {file: '*.xlsx', sheet: '城*', dataset: payment, header_row: [2, 3], columns: {甲栏: name}}")
    rows: list[list[Cell]] = [
        ["说明"],
        ["甲栏", "钱", None],
        [None, "实发", "账号"],
        ["张三", 420, "6228480012345678901"],
    ]
    context = build_context(tmp_path, {})
    (plan,) = plan_sheet(sheet(tmp_path, rows, file="x.xlsx", name="城关镇"), context)
    assert (plan.dataset, plan.header_rows, plan.first_row) == ("payment", (2, 3), 4)
    (other,) = plan_sheet(sheet(tmp_path, rows, file="x.xlsx", name="会亭"), context)
    assert other.dataset is None


def test_the_deeper_file_comes_first(tmp_path: Path) -> None:
    (tmp_path / "6月").mkdir()
    _write(tmp_path, "- {file: '*.xlsx', dataset: officer, columns: {甲栏: name}}")
    _write(tmp_path / "6月", "- {file: '*.xlsx', dataset: payment, columns: {甲栏: name}}")
    assert _plan(tmp_path, ROWS, "6月/a.xlsx").dataset == "payment"
    assert _plan(tmp_path, ROWS, "7月/a.xlsx").dataset == "officer"


def test_a_mapping_is_remembered_by_its_header(tmp_path: Path) -> None:
    _write(tmp_path, MAPPING)
    context = build_context(tmp_path, {})
    assert context.to_remember() == {}
    plan_sheet(sheet(tmp_path, ROWS, file="奇怪.xlsx"), context)
    kept = json.loads(json.dumps(context.to_remember(), ensure_ascii=False))
    assert set(kept) == {fingerprint(["甲栏", "乙栏", "丙栏", "状况"])}
    elsewhere = tmp_path / "later"
    elsewhere.mkdir()
    shuffled = [[row[i] for i in (3, 1, 0, 2)] for row in ROWS]
    plan = _plan(elsewhere, [["七月"], *shuffled], "新名字.xls", kept)
    assert plan.dataset == "payment"
    assert fields_of(plan) == {0: "status", 1: "id_no", 2: "name", 3: "amount"}
    assert {column.how for column in plan.columns} == {"remembered"}
    assert plan.code_words == {"status": {"在享": "ok"}}


def test_state_does_not_change_when_a_mapping_moves_into_memory(tmp_path: Path) -> None:
    plain = build_context(tmp_path, {}).state()
    _write(tmp_path, MAPPING)
    context = build_context(tmp_path, {})
    assert context.state() != plain
    plan_sheet(sheet(tmp_path, ROWS, file="奇怪.xlsx"), context)
    assert build_context(tmp_path, context.to_remember()).state() == context.state()


def test_memory_of_a_dataset_that_is_gone_is_left_out(tmp_path: Path) -> None:
    assert build_context(tmp_path, {"abc": {"file": "*", "dataset": "nothing", "columns": {}}}).remembered == {}


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("- file: a.xlsx\n  dataset: [", ["第", "行", "格式有误"]),
        ("file: a.xlsx", ["应为一个列表"]),
        ("- 3", ["第1项"]),
        ("- {dataset: payment}", ["第1项", "没有写 file"]),
        ("- {file: a, dataset: paymemt}", ["第1项", "paymemt", "payment（资金发放"]),
        ("- {file: a, dataset: payment, colums: {}}", ["colums"]),
        ("- {file: a, dataset: payment, columns: {甲: nmae}}", ["甲", "nmae", "name（姓名）"]),
        ("- {file: a, dataset: payment, columns: {甲: name, 乙: name}}", ["name", "两次"]),
        ("- {file: a, dataset: payment, header_row: 三}", ["header_row"]),
        ("- {file: a, dataset: payment}\n- {file: b, dataset: payment, constants: {x: 1}}", ["第2项", "constants"]),
        ("- {file: a, dataset: payment, codes: {name: {}}}", ["codes", "name"]),
        ("- {file: a, dataset: payment, codes: {status: {在享: good}}}", ["在享", "good", "ok（成功）"]),
    ],
)
def test_mistakes_are_told_with_file_and_entry(text: str, parts: list[str], tmp_path: Path) -> None:
    _write(tmp_path, text)
    with pytest.raises(UsageError) as caught:
        build_context(tmp_path, {})
    message = str(caught.value)
    assert "《mingcha-mapping.yaml》" in message
    for part in parts:
        assert part in message


def test_a_mapping_file_in_another_encoding_is_told(tmp_path: Path) -> None:
    (tmp_path / "mingcha-mapping.yaml").write_bytes("- {file: 表}".encode("gb18030"))
    with pytest.raises(UsageError, match="UTF-8"):
        build_context(tmp_path, {})
