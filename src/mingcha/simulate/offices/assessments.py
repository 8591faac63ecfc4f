"""The ledger of assessments of self-care (特困人员生活自理能力评估台账)."""

from __future__ import annotations

from collections.abc import Iterator

from mingcha.simulate.model.ledgers import Assessment
from mingcha.simulate.offices.desk import COUNTY, Desk, columns, numbered
from mingcha.simulate.write.books import Book
from mingcha.simulate.write.table import Table

#: the six items, those first that are lost last
_ITEMS = ("吃饭", "穿衣", "上下床", "如厕", "室内行走", "洗澡")


def assessments(desk: Desk) -> Iterator[Book]:
    """Every assessment: what was reported when, each of the six items, and the result."""
    if not desk.records.assessments:
        return
    word = desk.words("assessments")
    cols = columns(
        (word("seq"), "int"),
        (word("township"), "text"),
        (word("village"), "village"),
        ("特困人员姓名", "name"),
        ("特困人员身份证号", "id"),
        ("评估类型", "text"),
        ("变化报告日期", "date"),
        ("评估日期", "date"),
        *((item, "text") for item in _ITEMS),
        ("不能完成指标项数", "int"),
        ("评估结果", "text"),
        ("评估人", "text"),
    )
    rows = numbered(
        [
            record.person.village.township,
            record.person.village,
            record.person.name,
            record.person.number,
            record.kind,
            record.reported_on,
            record.assessed_on,
            *_items(record),
            record.failed,
            record.self_care or None,
            record.assessors,
        ]
        for record in sorted(desk.records.assessments, key=lambda a: a.person.village.code)
    )
    table = Table("评估台账", f"{COUNTY}特困人员生活自理能力评估台账", cols, rows, desk.filled_in())
    yield desk.book("民政局/特困/生活自理能力评估台账.xlsx", [table], subtotals=False, total="none")


def _items(record: Assessment) -> list[str | None]:
    """是 for what he can do alone; the items are lost from the end of the list."""
    if record.failed is None:
        return [None] * len(_ITEMS)
    return ["是" if place < len(_ITEMS) - record.failed else "否" for place in range(len(_ITEMS))]
