"""report.html: complete, self-contained, safe."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from tests.engine.outputs.sample import finding, findings_table, outcome, parameter, result, sheet, township_scale

from mingcha.findings.result import ComparisonResult
from mingcha.intake.model import FileProblem, IntakeReport
from mingcha.outputs.digest import Digest
from mingcha.outputs.report import write_report


def page(compared: ComparisonResult, tmp_path: Path) -> str:
    path = tmp_path / "report.html"
    write_report(Digest(compared), path)
    return path.read_text(encoding="utf-8")


class Reader(HTMLParser):
    """Words, ids, links, and whether every tag is closed."""

    VOID = frozenset({"meta", "br", "img", "link", "rect", "input", "hr"})

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.tags: set[str] = set()
        self.words: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.ids += [value or "" for name, value in attrs if name == "id"]
        self.links += [value or "" for name, value in attrs if name in {"href", "src"}]
        assert not [name for name, _ in attrs if name.startswith("on")]
        if tag not in self.VOID or tag == "rect":
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in self.VOID or tag == "rect":
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.words.append(data)

    @property
    def text(self) -> str:
        return re.sub(r"\s+", " ", " ".join(self.words))


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> str:
    return page(township_scale(), tmp_path_factory.mktemp("report"))


def test_well_formed_and_every_inner_link_arrives(full: str) -> None:
    reader = Reader(full)
    assert not reader.open
    assert len(reader.ids) == len(set(reader.ids))
    assert {link.removeprefix("#") for link in reader.links} <= set(reader.ids)


def test_asks_nothing_of_network_or_script(full: str) -> None:
    assert not re.search(r"https?:|//[a-z]|@import|url\(|javascript:", full)
    assert not Reader(full).tags & {"script", "link", "img", "iframe", "object", "form"}


def test_names_every_rule_run_or_not(full: str) -> None:
    text = Reader(full).text
    for rule in township_scale().rules:
        assert f"{rule.id} {rule.title}" in text
        if rule.state == "skipped":
            assert rule.reason in text
        if rule.findings:
            assert f'id="{rule.id}"' in full
            assert f'href="#{rule.id}"' in full


def test_totals_first_and_the_help_list_counted_apart(full: str) -> None:
    compared = township_scale()
    severities = compared.findings["severity"].to_pylist()
    blue = severities.count("blue")
    text = Reader(full).text
    assert f"需要核实的疑点 {len(severities) - blue} 条" in text
    assert f"应保未保线索 {blue} 条" in text
    assert text.index("总体情况") < text.index("需要核实的疑点") < text.index("疑点明细 R")
    assert "4,213 人" in text
    assert "不是结论" in text
    assert "虚构" in text


def test_rows_beyond_the_first_fifty_are_counted(tmp_path: Path) -> None:
    rows = [finding(finding_id=f"R01-{number}", name=f"某{number}号") for number in range(53)]
    text = Reader(page(result(findings=findings_table(rows)), tmp_path)).text
    assert "某49号" in text
    assert "某50号" not in text
    assert "另有 3 条" in text


def test_words_from_files_are_never_markup(tmp_path: Path) -> None:
    bad = "<img src=x onerror=alert(1)>\"'&"
    compared = result(
        county=bad,
        folder=bad,
        findings=findings_table(
            [
                finding(
                    name=bad,
                    township=bad,
                    village=bad,
                    summary=bad,
                    evidence='[{"dataset": "d", "file": "<img src=x>", "sheet": "<b>", "row": 1}]',
                )
            ]
        ),
        intake=IntakeReport(
            (sheet(reasons={bad: 1}), sheet(dataset=None, file=bad, sheet=bad, unfit=(bad,))),
            (FileProblem(bad, "failed", "x", bad),),
        ),
        rules=(outcome("R01", title=bad, finds=bad), outcome("R02", state="skipped", reason=bad)),
        parameters=(parameter(source=bad, status=bad),),
        covered={bad: 3},
    )
    html = page(compared, tmp_path)
    reader = Reader(html)
    assert "img" not in reader.tags
    assert "<b>" not in html.replace("<b>&lt;", "").replace("<b>1</b>", "").replace("<b>0</b>", "")
    assert reader.text.count(bad) >= 10


def test_each_finding_shows_where_its_evidence_is(tmp_path: Path) -> None:
    evidence = (
        '[{"dataset": "payment", "file": "发放.xlsx", "sheet": "一", "row": 4, "month": "2023-03"},'
        ' {"dataset": "payment", "file": "发放.xlsx", "sheet": "一", "row": 9, "month": "2023-04"},'
        ' {"dataset": "funeral", "file": "火化.csv", "sheet": "", "row": 2}]'
    )
    text = Reader(page(result(findings=findings_table([finding(evidence=evidence)])), tmp_path)).text
    assert "《发放.xlsx》一 第4行（2023年3月）、第9行（2023年4月）" in text
    assert "《火化.csv》第2行" in text


def test_files_sheets_and_parameters_are_accounted_for(full: str) -> None:
    text = Reader(full).text
    assert "《杂/台账.xlsx》Sheet3" in text
    assert "低保对象名册（家庭）（41%）" in text
    assert "编号、甲、乙方签字、备注二" in text
    assert "文件有密码。请去掉密码后重新放入。" in text
    assert "读取失败" in text
    assert "死亡人员退出期限 PL-01 3个月 2023-06-21起 县 夏民办〔2023〕14号 四(三) 已核对原文 R01" in text
    unset = text[text.index("参数未设置") :]
    assert "KZ-07 · 影响 R39" in unset
    assert "金额读不懂 12；姓名缺失 8" in text


@pytest.mark.parametrize("changes", [{"revealed": True}, {"is_fictitious": True}])
def test_what_must_be_warned_of_is_said(tmp_path: Path, changes: dict[str, Any]) -> None:
    warnings = {"revealed": "不得公开", "is_fictitious": "均为虚构"}
    text = Reader(page(result(**changes), tmp_path)).text
    assert [word for word in warnings.values() if word in text] == [warnings[name] for name in changes]


def test_an_empty_comparison_still_makes_a_page(tmp_path: Path) -> None:
    compared = result(findings=findings_table([]), rules=(), parameters=(), covered={}, intake=IntakeReport((), ()))
    reader = Reader(page(compared, tmp_path))
    assert not reader.open
    assert "没有查出疑点" in reader.text


def test_a_file_name_that_is_no_valid_text_does_not_stop_the_report(tmp_path: Path) -> None:
    intake = IntakeReport((), (FileProblem("\udcb5\udccd.xls", "failed", "x", "读不出来。"),))
    assert "读不出来" in page(result(intake=intake), tmp_path)


def test_the_same_result_gives_the_same_bytes(tmp_path: Path) -> None:
    assert page(result(), tmp_path) == page(result(), tmp_path)
