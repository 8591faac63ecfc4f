"""findings.xlsx, read back with another library."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.engine.outputs.sample import finding, findings_table, outcome, result, sheet, township_scale

from mingcha.findings.result import ComparisonResult
from mingcha.intake.model import IntakeReport
from mingcha.outputs.digest import Digest
from mingcha.outputs.workbook import SheetNames, book, write_workbook

HEADERS = ["乡镇", "村（居）", "姓名", "身份证号", "级别", "月份", "涉及金额（元）", "疑点说明", "证据（文件、表、行）"]


def written(tmp_path: Path, **changes: Any) -> openpyxl.Workbook:
    return opened(result(**changes), tmp_path)


def opened(compared: ComparisonResult, tmp_path: Path) -> openpyxl.Workbook:
    path = tmp_path / "findings.xlsx"
    write_workbook(Digest(compared), path)
    return openpyxl.load_workbook(path)


def table_of(page: Any) -> list[list[Any]]:
    rows = [list(row) for row in page.iter_rows(values_only=True)]
    start = next(index for index, row in enumerate(rows) if row[: len(HEADERS)] == HEADERS)
    return rows[start:]


def test_summary_first_then_a_sheet_a_rule_then_what_did_not_run_and_quality(tmp_path: Path) -> None:
    compared = township_scale(per_rule=6)
    book = opened(compared, tmp_path)
    with_findings = [f"{rule.id} {rule.title}" for rule in compared.rules if rule.findings]
    assert book.sheetnames == ["汇总", *with_findings, "未运行规则", "数据质量"]


def test_a_rule_sheet_has_plain_words_filters_frozen_header_and_every_finding(tmp_path: Path) -> None:
    rows = [
        finding(),
        finding(finding_id="R01-B", name="李四", amount=None, period=None, confidence=0.8, severity="orange"),
    ]
    page = written(tmp_path, findings=findings_table(rows))["R01 死亡未退出"]
    assert page["A1"].value == "R01 死亡未退出"
    assert page["A2"].value == "查什么：死亡满3个月，次日起仍在救助名册上的人员。"
    table = table_of(page)
    assert table[1] == [
        "城关镇", "福利居委会", "王小明", "411426********0017", "红色", "2023年3月", 1260.5,
        "王小明于2023年1月5日死亡，应于2023年4月5日前退出，至2023年6月30日仍在册。", "《火化名单.csv》第2行", 1,
        "HAAAAAAAAAA", "R01-AAAAAAAAAAAA",
    ]  # fmt: skip
    assert table[2][4:7] == ["橙色", None, None]
    header = page.max_row - 2
    assert page.auto_filter.ref == f"A{header}:L{header + 2}"
    assert page.freeze_panes == f"D{header + 1}"
    assert page.column_dimensions["H"].width > 40
    assert page.cell(header + 1, 7).number_format == "#,##0.00"
    assert page.print_title_rows == f"${header}:${header}"


def test_the_summary_counts_and_leads_to_the_sheets(tmp_path: Path) -> None:
    rules = (outcome("R01", title="死亡/未'退出"), outcome("R06", state="skipped", reason="未提供数据：外县低保名册"))
    book = written(tmp_path, rules=rules, is_fictitious=True)
    page = book["汇总"]
    cells = {row[0].value: row for row in page.iter_rows()}
    assert any("虚构" in str(key) for key in cells)
    assert cells["在册：低保（人）"][1].value == 4200
    assert cells["疑点：红色（先处理）"][1].value == 1
    link = cells["R01 死亡/未'退出"][0].hyperlink
    assert link.location == "'R01 死亡·未''退出'!A1"
    assert cells["R01 死亡/未'退出"][2].value == 1
    assert cells["R01 死亡/未'退出"][7].value == 1260.5
    assert cells["R06 死亡未退出"][1].value == "未运行：未提供数据：外县低保名册"
    assert cells["城关镇"][6].value == 1
    skipped = [row[:3] for row in book["未运行规则"].iter_rows(values_only=True)]
    assert ("R06 死亡未退出", "未运行", "未提供数据：外县低保名册") in skipped


def test_quality_names_every_sheet_and_every_file_left_aside(tmp_path: Path) -> None:
    page = written(tmp_path)["数据质量"]
    rows = {row[0]: row for row in page.iter_rows(values_only=True)}
    assert rows["民政/低保人员2023年6月.xlsx"][1:9] == (
        "低保", "低保对象名册（成员）", "2023年6月", 10, 7, 1, 2, "身份证号缺失 2",
    )  # fmt: skip
    assert rows["通知.docx"][10] == "不是表格文件。"


@pytest.mark.parametrize(
    "text", ["=1+1", "+86", "-1", "@SUM(A1)", "\t=1", "http://a.example/?x=1", "{=1}", "1234567890123456789"]
)
def test_no_text_becomes_a_formula_a_link_or_a_number(tmp_path: Path, text: str) -> None:
    page = written(tmp_path, findings=findings_table([finding(name=text, summary=text, village=text)]))[
        "R01 死亡未退出"
    ]
    row = next(row for row in page.iter_rows() if row[11].value == "R01-AAAAAAAAAAAA")
    for cell in (row[1], row[2], row[7]):
        assert cell.data_type in {"s", "inlineStr"}
        assert cell.hyperlink is None
        assert str(cell.value).strip() == text.strip()


def test_long_tables_go_on_on_a_second_sheet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(book, "ROWS_A_SHEET", 2)
    rows = [finding(finding_id=f"R01-{number}") for number in range(5)]
    opened_book = written(tmp_path, findings=findings_table(rows))
    parts = [name for name in opened_book.sheetnames if name.startswith("R01")]
    assert parts == ["R01 死亡未退出", "R01 死亡未退出 2", "R01 死亡未退出 3"]
    assert [row[11] for name in parts for row in table_of(opened_book[name])[1:]] == [f"R01-{n}" for n in range(5)]


def test_more_evidence_than_a_cell_holds_is_cut_with_a_count(tmp_path: Path) -> None:
    entry = '{"dataset": "payment", "file": "' + "长" * 200 + '%d.xlsx", "sheet": "", "row": 2}'
    evidence = "[" + ", ".join(entry % number for number in range(500)) + "]"
    page = written(tmp_path, findings=findings_table([finding(evidence=evidence)]))["R01 死亡未退出"]
    text = table_of(page)[1][8]
    assert text.endswith("等共500处")
    assert len(text) < 32767


def test_the_same_result_gives_the_same_bytes(tmp_path: Path) -> None:
    first, second = tmp_path / "a.xlsx", tmp_path / "b.xlsx"
    for path in (first, second):
        write_workbook(Digest(result()), path)
    assert first.read_bytes() == second.read_bytes()
    assert openpyxl.load_workbook(first).properties.created == datetime(2023, 6, 30)


def test_no_findings_at_all(tmp_path: Path) -> None:
    book = written(tmp_path, findings=findings_table([]), rules=(), covered={})
    assert book.sheetnames == ["汇总", "未运行规则", "数据质量"]


@given(st.lists(st.text(max_size=45), min_size=1, max_size=12))
def test_sheet_names_are_always_legal_and_different(wished: list[str]) -> None:
    names = SheetNames()
    given_names = [names.name(each) for each in wished]
    assert len({name.casefold() for name in given_names}) == len(wished)
    for name in given_names:
        assert 1 <= len(name.encode("utf-16-le", "replace")) // 2 <= 31
        assert not set("[]:*?/\\") & set(name)
        assert name.strip("'") == name
        assert name.casefold() != "history"


ODD = [("\udcb5\udccd.xls", "??.xls"), ("a\x00b\x0bc", "abc"), ("a\ufffe\uffffb", "ab"), ("𠀀" * 40_000, "𠀀" * 16_383)]


@pytest.mark.parametrize(("odd", "shown"), ODD)
def test_odd_signs_and_endless_text_do_not_spoil_the_book(tmp_path: Path, odd: str, shown: str) -> None:
    page = written(tmp_path, intake=IntakeReport((sheet(file=odd),), ()))["数据质量"]
    assert page["A4"].value == shown


def test_amounts_are_numbers(tmp_path: Path) -> None:
    page = written(tmp_path, findings=findings_table([finding(amount=Decimal("-12.30"))]))["R01 死亡未退出"]
    assert table_of(page)[1][6] == -12.3
