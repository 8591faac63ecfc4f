"""The ledger of notices and their delivery (救助告知书送达台账)."""

from __future__ import annotations

from collections.abc import Iterator

from mingcha.simulate.offices.desk import COUNTY, Desk, columns, numbered
from mingcha.simulate.write.books import Book
from mingcha.simulate.write.table import Table


def notices(desk: Desk) -> Iterator[Book]:
    """Every notice, in the order of the decisions."""
    if not desk.records.notices:
        return
    word = desk.words("notices")
    cols = columns(
        (word("seq"), "int"),
        (word("township"), "text"),
        (word("village"), "village"),
        ("姓名", "name"),
        (word("id"), "id"),
        ("救助类别", "text"),
        ("告知类型", "text"),
        ("文书编号", "text"),
        ("告知理由", "text"),
        ("原因类别", "text"),
        ("决定日期", "date"),
        ("执行月份", "month"),
        ("告知日期", "date"),
        ("送达日期", "date"),
        ("是否签收", "text"),
        ("是否告知救济途径", "text"),
        ("调整前金额", "money"),
        ("调整后金额", "money"),
    )
    rows = numbered(
        [
            record.village.township,
            record.village,
            record.person.name,
            record.person.number,
            record.program,
            record.kind,
            record.doc_no,
            record.reason or None,
            record.reason_kind or None,
            record.decided_on,
            record.effective or None,
            record.issued_on,
            record.delivered_on,
            record.receipt or None,
            record.remedy_told or None,
            record.amount_before,
            record.amount_after,
        ]
        for record in sorted(desk.records.notices, key=lambda n: (n.village.code, n.doc_no))
    )
    table = Table("告知书", f"{COUNTY}社会救助告知书送达台账", cols, rows, desk.filled_in())
    yield desk.book("民政局/办理/救助告知书送达台账.xlsx", [table], subtotals=False, total="none")
