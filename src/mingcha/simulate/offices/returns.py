"""What townships hand in, comparisons held, leads handed on."""

from __future__ import annotations

from collections.abc import Iterator

from mingcha.simulate.offices.desk import COUNTY, Desk, columns, numbered
from mingcha.simulate.write.books import Book
from mingcha.simulate.write.table import Table


def returns(desk: Desk) -> Iterator[Book]:
    """The three ledgers of the county bureau's office, each where there is something in it."""
    if desk.records.submissions:
        yield _submissions(desk)
    if desk.records.match_runs:
        yield _matches(desk)
    if desk.records.referrals:
        yield _referrals(desk)


def _submissions(desk: Desk) -> Book:
    cols = columns(
        ("序号", "int"),
        ("乡镇", "text"),
        ("报送事项", "text"),
        ("所属期", "text"),
        ("应报日期", "date"),
        ("报送日期", "date"),
        ("接收日期", "date"),
        ("件数", "int"),
    )
    rows = numbered(
        [
            record.township,
            record.kind,
            record.period or None,
            record.due_on,
            record.submitted_on,
            record.accepted_on,
            record.count,
        ]
        for record in desk.records.submissions
    )
    table = Table("报送登记", f"{COUNTY}乡镇报送登记台账", cols, rows, desk.filled_in())
    return desk.book("民政局/报送/乡镇报送登记台账.xlsx", [table], total="none")


def _matches(desk: Desk) -> Book:
    cols = columns(
        ("序号", "int"),
        ("比对事项", "text"),
        ("比对部门", "text"),
        ("比对日期", "date"),
        ("比对人数", "int"),
        ("疑点数", "int"),
        ("已处置数", "int"),
    )
    rows = numbered(
        [run.kind, run.partner, run.run_on, run.compared, run.suspects, run.handled]
        for run in sorted(desk.records.match_runs, key=lambda run: run.run_on)
    )
    table = Table("比对台账", f"{COUNTY}社会救助信息比对开展台账", cols, rows, desk.filled_in())
    return desk.book("民政局/报送/信息比对开展台账.xlsx", [table], total="none")


def _referrals(desk: Desk) -> Book:
    cols = columns(
        ("序号", "int"),
        ("线索编号", "text"),
        ("乡镇", "text"),
        ("被反映人", "name"),
        ("被反映人身份证号", "id"),
        ("职务身份", "text"),
        ("是否民政干部职工", "text"),
        ("单位", "text"),
        ("线索内容", "text"),
        ("线索来源", "text"),
        ("发现日期", "date"),
        ("核实日期", "date"),
        ("核实结果", "text"),
        ("移送日期", "date"),
        ("移送单位", "text"),
        ("有无回执", "text"),
    )
    rows = numbered(
        [
            lead.lead_no,
            lead.township,
            lead.subject_name,
            lead.subject_id or None,
            lead.subject_post,
            lead.is_staff,
            lead.unit or None,
            lead.content,
            lead.source,
            lead.found_on,
            lead.verified_on,
            lead.verified,
            lead.transferred_on,
            lead.transferred_to or None,
            lead.receipt or None,
        ]
        for lead in desk.records.referrals
    )
    table = Table("线索移送", f"{COUNTY}问题线索移送台账", cols, rows, desk.filled_in())
    return desk.book("民政局/整改/问题线索移送台账.xlsx", [table], total="none")
