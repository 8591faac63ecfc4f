"""Officers, their filed relatives, cards in other hands, visits."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from mingcha.simulate.model.days import later, month_of
from mingcha.simulate.model.records import Visit
from mingcha.simulate.offices.desk import COUNTY, Desk, columns, numbered
from mingcha.simulate.write.books import Book
from mingcha.simulate.write.table import NumberCell, Table, Value

Row = list[Value | NumberCell]


def officers(desk: Desk) -> Iterator[Book]:
    """Village cadres and handlers, villages merged."""
    word = desk.words("officers")
    cols = columns(
        ("序号", "int"),
        (word("township"), "text"),
        (word("village"), "village"),
        ("姓名", "name"),
        ("性别", "text"),
        (word("id"), "id"),
        ("人员类别", "text"),
        ("单位", "text"),
        ("职务", "text"),
        ("任职时间", "date"),
        ("离任时间", "date"),
        ("联系电话", "text"),
        ("工资卡号", "account"),
    )
    records = sorted(desk.records.officers, key=lambda o: (o.township, o.village.code if o.village else ""))
    rows = numbered(
        [
            o.township,
            o.village,
            o.person.name,
            o.person.sex,
            o.person.number,
            o.kind,
            o.unit,
            o.post,
            o.since,
            o.until,
            o.person.phone or None,
            o.account or None,
        ]
        for o in records
    )
    table = Table("干部花名册", f"{COUNTY}村（居）干部和低保经办人员花名册", cols, rows, desk.filled_in())
    style = "plain" if desk.setting.clean else "merge"
    yield desk.book(
        "民政局/备案/村居干部和经办人员花名册.xlsx",
        [table],
        village_style=style,
        subtotals=False,
        repeat_header=0,
        total="none",
    )


def filings(desk: Desk) -> Iterator[Book]:
    """Filed relatives under a two-level header."""
    one, two = ("干部信息", "近亲属信息")
    cols = columns(
        ("序号", "int"),
        ("乡镇", "text"),
        ((one, "姓名"), "name"),
        ((one, "身份证号"), "id"),
        ((one, "工作单位及职务"), "text"),
        ((two, "姓名"), "name"),
        ((two, "身份证号"), "id"),
        ("与干部关系", "text"),
        ("享受救助类别", "text"),
        ("是否符合条件", "text"),
        ("备案时间", "date"),
        ("核查时间", "date"),
    )
    rows = numbered(
        [
            f.officer.township,
            f.officer.person.name,
            f.officer.person.number,
            f"{f.officer.unit}{f.officer.post}",
            f.relative.name,
            f.relative.number,
            f.relation,
            f.program,
            f.eligible,
            f.filed_on,
            min(f.checked_on, desk.as_of) if f.checked_on else None,
        ]
        for f in desk.records.filings
    )
    table = Table("备案表", f"{COUNTY}低保经办人员和村（居）干部近亲属享受低保备案表", cols, rows, desk.filled_in())
    yield desk.book("民政局/备案/近亲属享受低保备案表.xlsx", [table], number_row=False, total="none", trailing=0)


def cards(desk: Desk) -> Iterator[Book]:
    """The register of cards kept by others."""
    word = desk.words("cards")
    cols = columns(
        (word("seq"), "int"),
        (word("township"), "text"),
        (word("village"), "village"),
        ("姓名", "name"),
        (word("id"), "id"),
        ("救助类别", "text"),
        ("卡折类型", "text"),
        ("代管人姓名", "name"),
        ("代管人身份证号", "id"),
        ("代管人身份", "text"),
        ("与救助对象关系", "text"),
        ("代管原因", "text"),
        ("本人意愿", "text"),
        ("是否签订委托书", "text"),
        ("委托开始时间", "date"),
        ("委托截止时间", "date"),
        ("备案时间", "date"),
        ("归还时间", "date"),
    )
    records = sorted(desk.records.custody, key=lambda c: c.person.village.code)
    rows = numbered(
        [
            c.person.village.township,
            c.person.village,
            c.person.name,
            c.person.number,
            c.program,
            c.medium,
            c.holder_name,
            c.holder_number or None,
            c.holder_post,
            c.relation,
            c.reason,
            c.will or None,
            c.agreement,
            c.agreed_from,
            c.agreed_to,
            c.filed_on,
            c.returned_on,
        ]
        for c in records
    )
    table = Table("卡折代管", f"{COUNTY}社会救助对象卡折代管登记表", cols, rows, desk.filled_in())
    yield desk.book("民政局/卡折/卡折代管登记表.xlsx", [table], subtotals=False, total="none")


def visits(desk: Desk) -> Iterator[Book]:
    """Visits to households in aid and to people outside it, a book each; and what the assessors found."""
    yield _visit_book(
        desk, [v for v in desk.records.visits if v.program], "社会救助对象入户核查表", "入户核查汇总表.xlsx"
    )
    outside = [v for v in desk.records.visits if not v.program]
    yield _visit_book(desk, outside, "未纳入低保特困人员入户走访核查表", "未保对象入户走访表.xlsx")
    yield _third_party(desk)


def _visit_book(desk: Desk, records: list[Visit], title: str, file: str) -> Book:
    word = desk.words(file)
    cols = columns(
        (word("seq"), "int"),
        (word("township"), "text"),
        (word("village"), "village"),
        ("户主姓名", "name"),
        ("户主身份证号", "id"),
        ("姓名", "name"),
        ("身份证号", "id"),
        ("救助类别", "text"),
        ("入户事由", "text"),
        ("核查层级", "text"),
        ("家庭人口", "int"),
        ("保障人口", "int"),
        ("住房情况", "text"),
        ("卡折持有人", "text"),
        ("资金是否足额领取", "text"),
        ("与系统信息是否一致", "text"),
        ("是否干部亲属", "text"),
        ("是否符合条件", "text"),
        ("存在问题", "text"),
        ("入户人员签字", "text"),
        ("入户日期", "date"),
    )
    rows = numbered(_visit_row(visit) for visit in sorted(records, key=lambda v: v.village.code))
    table = Table("入户核查", f"{COUNTY}{title}", cols, rows, desk.filled_in())
    return desk.book(f"民政局/入户/{file}", [table], subtotals=False, total="none")


def _visit_row(visit: Visit) -> Row:
    person = visit.person or visit.head
    in_aid = bool(visit.program)
    return [
        visit.village.township,
        visit.village,
        visit.head.name,
        visit.head.number,
        person.name,
        person.number,
        visit.program or None,
        visit.purpose or ("定期复核" if in_aid else "疑点核实"),
        visit.level,
        visit.size,
        visit.insured,
        "砖混平房",
        visit.holder,
        visit.money_ok if in_aid else None,
        visit.consistent if in_aid else None,
        visit.cadre_kin,
        visit.eligible,
        visit.problem or None,
        visit.by,
        visit.on,
    ]


def _third_party(desk: Desk) -> Book:
    rng = desk.rng("third party")
    cols = columns(
        ("样本编号", "text"),
        ("乡镇", "text"),
        ("村", "village"),
        ("评估对象", "name"),
        ("身份证号", "id"),
        ("评估类别", "text"),
        ("评估日期", "date"),
        ("访谈员", "name"),
        ("评估结论", "text"),
        ("得分", "money"),
        ("满意度", "text"),
    )
    chosen = [v for v in desk.records.visits if v.program == "低保" and v.person is None][::4]
    rows: list[Row] = []
    for place, visit in enumerate(chosen, start=1):
        rows.append(
            [
                f"DS{place:04d}",
                visit.village.township,
                visit.village,
                visit.head.name,
                visit.head.number,
                "低保",
                later(visit.on, 1) if later(visit.on, 1) <= desk.as_of else visit.on,
                rng.choice(("林可", "何静", "高远")),
                "符合",
                Decimal(80 + int(rng.random() * 20)),
                rng.choice(("满意", "基本满意")),
            ]
        )
    title = f"{COUNTY}{month_of(desk.as_of)[:4]}年社会救助第三方评估结果表"
    table = Table("评估结果", title, cols, rows)
    return desk.book("民政局/入户/第三方评估结果表.xlsx", [table], total="none", subtotals=False)
