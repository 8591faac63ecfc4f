"""Puts the book together: summary, one sheet a rule, rules that did not run, data quality."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import xlsxwriter

from mingcha.findings.result import SEVERITIES, ComparisonResult, RuleOutcome
from mingcha.outputs.digest import Digest, Tally
from mingcha.outputs.intake_json import intake_totals
from mingcha.outputs.words import (
    FICTITIOUS,
    LEADS_NOT_VERDICTS,
    SEVERITY_MEANINGS,
    SEVERITY_NAMES,
    dataset_title,
    evidence_words,
    month_words,
    top_reasons,
)
from mingcha.outputs.workbook.formats import Column, Formats, Page, display_width
from mingcha.outputs.workbook.names import SheetNames

SUMMARY, SKIPPED, QUALITY = "汇总", "未运行规则", "数据质量"
#: A sheet has 1,048,576 rows; what is more goes to a second one.
ROWS_A_SHEET = 1_000_000
EVIDENCE_PLACES = 30
BATCH_ROWS = 20_000
_A4_PAPER = 9

FINDING_SHEET = (
    Column("乡镇", width=11),
    Column("村（居）", width=13),
    Column("姓名", width=10),
    Column("身份证号", width=21),
    Column("级别", width=7),
    Column("月份", width=11),
    Column("涉及金额（元）", "money", 14),
    Column("疑点说明", "wrap", 58),
    Column("证据（文件、表、行）", "wrap", 52),
    Column("可信度", "number", 8),
    Column("户编号", width=14),
    Column("疑点编号", width=19),
)
_TALLY = (
    *(Column(SEVERITY_NAMES[severity], "count", 9) for severity in SEVERITIES),
    Column("合计", "count", 9),
    Column("涉及金额（元）", "money", 16),
)


def write_workbook(digest: Digest, path: Path) -> None:
    """Writes the book, sheet by sheet, in constant memory. Texts are written as texts: none becomes a formula."""
    options = {
        "constant_memory": True,
        "tmpdir": str(path.parent),
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(str(path), options) as book:
        # a fixed time: the same findings, the same bytes
        made = datetime.combine(digest.result.as_of, datetime.min.time(), UTC).replace(tzinfo=None)
        book.set_properties({"title": f"{digest.result.county}社会救助比对疑点", "created": made})
        _Book(book, digest).write()


class _Book:
    """The book while it is written."""

    def __init__(self, book: xlsxwriter.Workbook, digest: Digest) -> None:
        self._book = book
        self._digest = digest
        self._result: ComparisonResult = digest.result
        self._formats = Formats(book)
        names = SheetNames()
        self._summary, self._skipped, self._quality = (names.name(name) for name in (SUMMARY, SKIPPED, QUALITY))
        self._parts: dict[str, list[tuple[str, pa.Table]]] = {}
        for rule in self._result.rules:
            table = digest.of_rule(rule.id)
            starts = range(0, table.num_rows, ROWS_A_SHEET)
            self._parts[rule.id] = [
                (names.name(f"{rule.id} {rule.title}"), table.slice(start, ROWS_A_SHEET)) for start in starts
            ]

    def write(self) -> None:
        self._write_summary(self._page(self._summary))
        for rule in self._result.rules:
            for name, table in self._parts[rule.id]:
                self._write_rule(self._page(name), rule, table)
        self._write_skipped(self._page(self._skipped))
        self._write_quality(self._page(self._quality))

    def _page(self, name: str) -> Page:
        sheet = self._book.add_worksheet(name)
        sheet.set_landscape()
        sheet.set_paper(_A4_PAPER)
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.6)
        sheet.set_footer("&C&9第&P页 共&N页")
        return Page(sheet, self._formats)

    def _write_summary(self, page: Page) -> None:
        result, whole = self._result, self._digest.whole
        page.line(f"{result.county}社会救助比对疑点汇总", self._formats.title, 28)
        if result.is_fictitious:
            page.line(FICTITIOUS, self._formats.warning)
        page.line(f"比对日：{result.as_of.year}年{result.as_of.month}月{result.as_of.day}日", self._formats.note)
        page.line(LEADS_NOT_VERDICTS, self._formats.note)
        if result.revealed:
            page.line("本表显示完整身份证号，请按个人信息保护要求保管。", self._formats.warning)
        page.line("")
        page.line("总体情况", self._formats.heading, 20)
        totals = intake_totals(result.intake)
        for label, number in (
            *((f"在册：{programme}（人）", count) for programme, count in result.covered.items()),
            *(
                (f"疑点：{SEVERITY_NAMES[each]}（{SEVERITY_MEANINGS[each]}）", whole.counts[each])
                for each in SEVERITIES
            ),
            ("读入行数", totals["read"]),
            ("其中接受", totals["accepted"]),
            ("其中存疑", totals["doubtful"]),
            ("其中退回", totals["rejected"]),
        ):
            page.cells((Column("", "text"), Column("", "count")), (label, number))
        page.cells(
            (Column("", "text"), Column("", "money")), ("疑点涉及金额（元，各规则相加，可能重复）", whole.amount)
        )
        self._write_by_rule(page)
        self._write_by_township(page)
        page.sheet.set_column(0, 0, 34)
        page.sheet.set_column(1, 1, 24)
        page.sheet.set_column(2, 7, 13)

    def _write_by_rule(self, page: Page) -> None:
        page.line("")
        page.line("按规则（点规则名称看明细）", self._formats.heading, 20)
        columns = (Column("规则"), Column("状态", "wrap"), *_TALLY)
        page.header(columns, widths=False)
        for rule in self._result.rules:
            tally = self._digest.rules[rule.id]
            parts = self._parts[rule.id]
            values = [f"{rule.id} {rule.title}", _state(rule), *_numbers(tally)]
            page.cells(columns, values, link=parts[0][0] if parts else None)

    def _write_by_township(self, page: Page) -> None:
        page.line("")
        page.line("按乡镇", self._formats.heading, 20)
        columns = (Column("乡镇"), Column(""), *_TALLY)
        page.header(columns, widths=False)
        for township, tally in self._digest.townships.items():
            page.cells(columns, [township, "", *_numbers(tally)])

    def _write_rule(self, page: Page, rule: RuleOutcome, table: pa.Table) -> None:
        formats = self._formats
        page.link(len(FINDING_SHEET) - 1, self._summary, "返回汇总")
        page.line(f"{rule.id} {rule.title}", formats.title, 26)
        page.line(f"查什么：{rule.finds}", formats.note)
        page.line(f"依据：{'；'.join(rule.law)}", formats.note)
        page.line(f"怎样核实：{'；'.join(rule.verify)}", formats.note)
        page.line(f"已知误报：{'；'.join(rule.false_hits)}", formats.note)
        first = page.row
        page.header(FINDING_SHEET)
        widths = [column.width for column in FINDING_SHEET]
        for values in _finding_rows(table):
            look = formats.severities.get(values[4])
            values[4] = SEVERITY_NAMES.get(values[4], values[4])
            page.cells(FINDING_SHEET, values, [None] * 4 + [look])
            if page.row < first + 200:  # the first rows tell how wide a column wants to be
                for index in (0, 1, 2):
                    widths[index] = min(26.0, max(widths[index], display_width(values[index] or "") + 2))
        for index in (0, 1, 2):
            page.sheet.set_column(index, index, widths[index])
        page.sheet.autofilter(first, 0, max(first, page.row - 1), len(FINDING_SHEET) - 1)
        page.sheet.freeze_panes(first + 1, 3)
        page.sheet.repeat_rows(first)

    def _write_skipped(self, page: Page) -> None:
        page.line(SKIPPED, self._formats.title, 26)
        page.line("数据未提供或参数未设置的规则不运行，不作猜测；下面也列出只运行了一部分的规则。", self._formats.note)
        columns = (Column("规则", width=26), Column("状态", width=10), Column("原因", "wrap", 90))
        page.header(columns)
        for rule in self._result.rules:
            if rule.state == "skipped" or rule.reason:
                state = "未运行" if rule.state == "skipped" else "部分运行"
                page.cells(columns, (f"{rule.id} {rule.title}", state, rule.reason))
        page.sheet.freeze_panes(3, 0)

    def _write_quality(self, page: Page) -> None:
        page.line(QUALITY, self._formats.title, 26)
        page.line("读入 = 接受 + 存疑 + 退回；逐行明细见 rejected.csv。", self._formats.note)
        columns = (
            Column("文件", "wrap", 40),
            Column("工作表", width=16),
            Column("数据项", "wrap", 26),
            Column("月份", width=11),
            Column("读入", "count", 9),
            Column("接受", "count", 9),
            Column("存疑", "count", 9),
            Column("退回", "count", 9),
            Column("退回原因", "wrap", 36),
            Column("存疑原因", "wrap", 36),
            Column("说明", "wrap", 50),
        )
        page.header(columns)
        for sheet in self._result.intake.sheets:
            notes = list(sheet.notes)
            if sheet.dataset is None:
                near = "、".join(dataset_title(name) for name, _ in sheet.nearest[:2])
                notes.insert(0, f"没有认出是哪种表；最接近：{near or '无'}")
                if sheet.unfit:
                    notes.append(f"对不上的表头：{'、'.join(sheet.unfit[:10])}")
            page.cells(
                columns,
                (
                    sheet.file, sheet.sheet, dataset_title(sheet.dataset), month_words(sheet.roll_month),
                    sheet.read, sheet.accepted, sheet.doubtful, sheet.rejected,
                    top_reasons(list(sheet.reasons.items())), top_reasons(list(sheet.doubts.items())), "；".join(notes),
                ),
            )  # fmt: skip
        for problem in self._result.intake.problems:
            page.cells(columns, (problem.file, *[None] * 9, problem.message))
        page.sheet.autofilter(2, 0, max(2, page.row - 1), len(columns) - 1)
        page.sheet.freeze_panes(3, 1)
        page.sheet.repeat_rows(2)


def _state(rule: RuleOutcome) -> str:
    return f"未运行：{rule.reason}" if rule.state == "skipped" else ("部分运行" if rule.reason else "已运行")


def _numbers(tally: Tally) -> list[Any]:
    return [*(tally.counts[severity] for severity in SEVERITIES), tally.total, tally.amount]


def _finding_rows(table: pa.Table) -> Iterator[list[Any]]:
    names = (
        "township", "village", "name", "id_number", "severity", "period", "amount", "summary", "evidence", "confidence",
        "household_id", "finding_id",
    )  # fmt: skip
    for batch in table.select(list(names)).to_batches(max_chunksize=BATCH_ROWS):
        for row in zip(*(batch.column(index).to_pylist() for index in range(len(names))), strict=True):
            values = list(row)
            values[5] = month_words(values[5])
            values[8] = "\n".join(evidence_words(values[8], EVIDENCE_PLACES))
            yield values
