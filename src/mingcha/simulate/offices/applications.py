"""The ledger of applications (社会救助申请办理台账)."""

from __future__ import annotations

from collections.abc import Iterator

from mingcha.simulate.model.ledgers import Application
from mingcha.simulate.offices.desk import COUNTY, Desk, columns, numbered
from mingcha.simulate.write.books import Book
from mingcha.simulate.write.table import NumberCell, Table, Value

Row = list[Value | NumberCell]


def applications(desk: Desk) -> Iterator[Book]:
    """Every application with its steps, in the order of acceptance."""
    if not desk.records.applications:
        return
    word = desk.words("applications")
    cols = columns(
        (word("seq"), "int"),
        (word("township"), "text"),
        (word("village"), "village"),
        ("受理编号", "text"),
        ("申请人姓名", "name"),
        ("申请人身份证号", "id"),
        ("申请救助类别", "text"),
        ("救助类型", "text"),
        ("是否本地户籍", "text"),
        ("急难发生地", "text"),
        ("申请日期", "date"),
        ("受理日期", "date"),
        ("补正次数", "int"),
        ("二次补正日期", "date"),
        ("家庭调查日期", "date"),
        ("提请核对日期", "date"),
        ("启动核对日期", "date"),
        ("核对反馈日期", "date"),
        ("核对结果", "text"),
        ("复核日期", "date"),
        ("复核结果", "text"),
        ("乡镇审核日期", "date"),
        ("公示开始日期", "date"),
        ("公示结束日期", "date"),
        ("是否有异议", "text"),
        ("县级收件日期", "date"),
        ("县级入户日期", "date"),
        ("是否县级抽查", "text"),
        ("确认日期", "date"),
        ("办理结果", "text"),
        ("不予确认原因", "text"),
        ("是否延期", "text"),
        ("是否委托乡镇确认", "text"),
        ("经办人", "name"),
        ("经办人身份证号", "id"),
        ("调查人", "text"),
        ("审批人", "name"),
    )
    records = sorted(desk.records.applications, key=lambda a: (a.village.code, a.accepted_on or desk.as_of, a.case_no))
    table = Table("受理台账", f"{COUNTY}社会救助申请办理台账", cols, numbered(map(_row, records)), desk.filled_in())
    yield desk.book("民政局/办理/社会救助申请办理台账.xlsx", [table], subtotals=False, total="none")


def _row(record: Application) -> Row:
    return [
        record.village.township,
        record.village,
        record.case_no,
        record.person.name,
        record.person.number,
        record.program,
        record.aid_type or None,
        record.is_local,
        record.event_place or None,
        record.apply_on,
        record.accepted_on,
        record.supplement_rounds,
        record.second_supplement_on,
        record.survey_on,
        record.check_asked_on,
        record.check_started_on,
        record.check_back_on,
        record.check_result or None,
        record.recheck_on,
        record.recheck_result or None,
        record.township_opinion_on,
        record.publish_from,
        record.publish_to,
        record.objection or None,
        record.county_received_on,
        record.county_visit_on,
        record.sampled,
        record.decided_on,
        record.decision or None,
        record.refuse_reason or None,
        record.extended,
        record.delegated,
        record.handler or None,
        record.handler_id or None,
        record.investigators or None,
        record.approver or None,
    ]
