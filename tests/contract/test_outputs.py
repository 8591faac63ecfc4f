"""The promises about the output files, kept on a result made by hand."""

from __future__ import annotations

import csv
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingcha.findings.result import ComparisonResult
from mingcha.intake.model import FileProblem, IntakeReport
from mingcha.outputs import write_outputs
from mingcha.outputs.csv_files import write_findings_csv, write_rejected_csv
from mingcha.outputs.intake_json import write_intake_json
from mingcha.outputs.safe import formula_safe
from tests.engine.outputs.sample import finding, findings_table, rejected_table, result, sheet

FINDINGS_HEADER = (
    "finding_id,rule_id,severity,subject_kind,id_number,name,household_id,township,village,period,amount,confidence,"
    "summary,evidence"
)
REJECTED_HEADER = "outcome,file,sheet,row,column,value,reason"
TRIGGERS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def document(compared: ComparisonResult, tmp_path: Path) -> Any:
    write_intake_json(compared, tmp_path / "intake.json")
    return json.loads((tmp_path / "intake.json").read_text(encoding="utf-8"))


def test_csv_files_begin_with_a_bom_have_the_promised_columns_and_crlf(tmp_path: Path) -> None:
    write_outputs(result(), tmp_path)
    for name, header in (("findings.csv", FINDINGS_HEADER), ("rejected.csv", REJECTED_HEADER)):
        data = (tmp_path / name).read_bytes()
        assert data.startswith(b"\xef\xbb\xbf")
        lines = data.decode("utf-8-sig").split("\r\n")
        assert lines[0] == header
        assert lines[-1] == ""
        assert not any("\n" in line for line in lines)


def test_a_finding_row_reads_as_promised(tmp_path: Path) -> None:
    table = findings_table(
        [finding(), finding(finding_id="R01-B", amount=None, period=None, confidence=0.85, id_number=None)]
    )
    write_findings_csv(table, tmp_path / "f.csv")
    first, second = rows_of(tmp_path / "f.csv")
    assert (first["amount"], first["confidence"], first["id_number"]) == ("1260.50", "1", "411426********0017")
    assert [second[name] for name in ("amount", "confidence", "id_number", "period")] == ["", "0.85", "", ""]
    assert json.loads(first["evidence"]) == [{"dataset": "funeral", "file": "火化名单.csv", "sheet": "", "row": 2}]


def test_amounts_below_zero_stay_numbers(tmp_path: Path) -> None:
    write_findings_csv(findings_table([finding(amount=Decimal("-3.00"))]), tmp_path / "f.csv")
    assert rows_of(tmp_path / "f.csv")[0]["amount"] == "-3.00"


@pytest.mark.parametrize("sign", TRIGGERS)
def test_text_that_would_be_a_formula_gets_an_apostrophe(tmp_path: Path, sign: str) -> None:
    text = f"{sign}cmd|' /C calc'!A0"
    write_findings_csv(findings_table([finding(name=text, village="平安村")]), tmp_path / "f.csv")
    row = rows_of(tmp_path / "f.csv")[0]
    assert (row["name"], row["village"]) == ("'" + text, "平安村")
    write_rejected_csv(rejected_table([("doubtful", text, text, 3, text, text, text)]), tmp_path / "r.csv")
    row = rows_of(tmp_path / "r.csv")[0]
    assert (row["outcome"], row["row"], row["file"], row["value"]) == ("doubtful", "3", "'" + text, "'" + text)


@given(st.lists(st.text(st.characters(codec="utf-8")), min_size=3, max_size=3))
def test_any_text_comes_back_from_the_csv(tmp_path_factory: pytest.TempPathFactory, texts: list[str]) -> None:
    path = tmp_path_factory.getbasetemp() / "round.csv"
    name, village, summary = texts
    write_findings_csv(findings_table([finding(name=name, village=village, summary=summary), finding()]), path)
    first, second = rows_of(path)
    assert [first[key] for key in ("name", "village", "summary")] == [formula_safe(text) for text in texts]
    assert second["name"] == "王小明"
    assert not any(first[key].startswith(TRIGGERS) for key in ("name", "village", "summary"))


def test_intake_tells_of_every_sheet_and_file(tmp_path: Path) -> None:
    told = document(result(), tmp_path)
    assert told["sheets"] == [
        {
            "file": "民政/低保人员2023年6月.xlsx",
            "sheet": "低保",
            "dataset": "dibao_member",
            "dataset_title": "低保对象名册（成员）",
            "header_row": 3,
            "header_rows": [2, 3],
            "columns": {"name": "姓名", "id_no": "身份证号"},
            "read": 10,
            "accepted": 7,
            "doubtful": 1,
            "rejected": 2,
            "skipped": {"合计": 1},
            "reasons": {"身份证号缺失": 2},
            "doubts": {"身份证号校验位不对": 1},
            "month": "2023-06",
            "confidence": 0.97,
            "nearest": [
                {"dataset": "dibao_member", "dataset_title": "低保对象名册（成员）", "score": 0.97},
                {"dataset": "low_income_member", "dataset_title": "低收入人口（成员）", "score": 0.6},
            ],
            "unfit": ["备用"],
            "fingerprint": "f1",
            "notes": ["工作表是隐藏的，已照常读取。"],
        }
    ]
    assert told["files"] == [
        {"file": "通知.docx", "outcome": "ignored", "code": "file.other", "message": "不是表格文件。"}
    ]
    assert told["as_of"] == "2023-06-30"


def test_totals_add_up_over_sheets(tmp_path: Path) -> None:
    problems = tuple(
        FileProblem(f"{n}.x", outcome, "c", "m")
        for n, outcome in enumerate(("ignored", "duplicate", "failed", "failed"))
    )
    other = sheet(file="二.xlsx", dataset=None, header_rows=(), read=5, accepted=0, doubtful=0, rejected=5)
    told = document(result(intake=IntakeReport((sheet(), sheet(sheet="乙"), other), problems)), tmp_path)
    assert told["totals"] == {
        "files": 2, "sheets": 3, "recognised": 2, "unrecognised": 1, "read": 25, "accepted": 14, "doubtful": 2,
        "rejected": 9, "skipped": 3, "ignored": 1, "duplicate": 1, "failed": 2,
    }  # fmt: skip
    assert (told["sheets"][2]["dataset"], told["sheets"][2]["dataset_title"], told["sheets"][2]["header_row"]) == (
        None,
        None,
        None,
    )


def test_a_file_name_that_is_no_valid_text_spoils_no_file(tmp_path: Path) -> None:
    odd = "\udcb5\udccd.xls"
    told = document(result(intake=IntakeReport((sheet(file=odd),), ())), tmp_path)
    assert told["sheets"][0]["file"] == odd


def test_the_same_result_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a", "b"):
        write_outputs(result(), tmp_path / name)
    for path in (tmp_path / "a").iterdir():
        assert path.read_bytes() == (tmp_path / "b" / path.name).read_bytes(), path.name
