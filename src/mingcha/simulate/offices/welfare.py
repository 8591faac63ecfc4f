"""Children, near-poor households, temporary assistance."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from random import Random

from mingcha.simulate.model.days import later, month_of
from mingcha.simulate.model.ledgers import Temp
from mingcha.simulate.model.records import Child, NearPoor
from mingcha.simulate.offices.desk import COUNTY, Desk, columns, numbered
from mingcha.simulate.offices.untidy import Cells, spoil, unfinished
from mingcha.simulate.write.books import Book
from mingcha.simulate.write.table import Formula, NumberCell, Table, Value

Row = list[Value | NumberCell]


def children(desk: Desk) -> Iterator[Book]:
    """The roll of orphans and de-facto unattended children."""
    word = desk.words("children")
    cols = columns(
        ("序号", "int"),
        (word("township"), "text"),
        (word("village"), "village"),
        ("姓名", "name"),
        (word("id"), "id"),
        ("性别", "text"),
        (word("birth"), "date"),
        ("儿童类别", "text"),
        ("父亲情况", "text"),
        ("母亲情况", "text"),
        ("监护人姓名", "name"),
        ("监护人身份证号", "id"),
        ("与监护人关系", "text"),
        ("监护人联系方式", "text"),
        ("养育方式", "text"),
        ("就读学校", "text"),
        ("就学状况", "text"),
        ("基本生活费（元）", "money", True),
        ("是否补差", "text"),
        (word("first_month"), "month"),
        (word("account_name"), "name"),
        (word("account"), "account"),
    )
    records = sorted(desk.records.children, key=lambda record: record.person.village.code)
    title = f"{COUNTY}{desk.stamp()}孤儿和事实无人抚养儿童基本生活保障名册"
    table = Table(
        "儿童名册", title, cols, numbered(_child_row(record) for record in records), desk.filled_in(), "单位：元"
    )
    yield desk.book(f"民政局/儿童/{desk.stamp()}孤儿和事实无人抚养儿童名册.xlsx", [table], subtotals=False)


def _child_row(record: Child) -> Row:
    person, guardian = record.person, record.guardian
    return [
        person.village.township,
        person.village,
        person.name,
        person.number,
        person.sex,
        person.birth,
        record.category,
        record.father_state,
        record.mother_state,
        guardian.name if guardian else None,
        guardian.number if guardian else None,
        record.guardian_relation,
        guardian.phone if guardian else None,
        "机构养育" if record.institution else "亲属抚养",
        record.school or None,
        record.school_state or None,
        record.amount,
        "是" if record.top_up else "否",
        record.first_month,
        record.pay.account_name,
        record.pay.account,
    ]


def near_poor(desk: Desk) -> Iterator[Book]:
    """Near-poor and rigid-spending households with their members, a sheet each."""
    word = desk.words("near poor")
    records = sorted(desk.records.near_poor, key=lambda record: record.village.code)
    stamp = desk.stamp()
    houses = columns(
        (word("seq"), "int"),
        (word("township"), "text"),
        (word("village"), "village"),
        (word("head_name"), "name"),
        (word("head_id"), "id"),
        ("低收入类别", "text"),
        ("家庭人口", "int", True),
        ("保障人口", "int", True),
        ("家庭人均收入", "money"),
        ("刚性支出金额", "money"),
        ("致困原因", "text"),
        ("认定时间", "date"),
        ("有效期至", "date"),
        ("纳入月份", "month"),
        ("录入平台时间", "date"),
        ("备注", "text"),
    )
    people = columns(
        (word("seq"), "int"),
        (word("township"), "text"),
        (word("village"), "village"),
        (word("head_id"), "id"),
        ("姓名", "name"),
        (word("id"), "id"),
        (word("relation"), "text"),
        ("性别", "text"),
        ("低收入类别", "text"),
        ("月收入", "money"),
        ("是否属脱贫享受政策人口", "text"),
        ("纳入月份", "month"),
    )
    rows: list[Cells] = [row for record in records if record.lists_members for row in _near_poor_members(record)]
    rows += unfinished(desk, "near poor", 11, {0: desk.townships[0], 3: "李建设", 5: "本人"})
    yield desk.book(
        f"民政局/低收入/{stamp}低保边缘和刚性支出困难家庭名册.xlsx",
        [
            Table(
                "家庭",
                f"{COUNTY}{stamp}低保边缘家庭、刚性支出困难家庭名册（家庭）",
                houses,
                numbered(_near_poor_house(record) for record in records),
                desk.filled_in(),
            ),
            Table("人员", f"{COUNTY}{stamp}低收入人口名册（成员）", people, numbered(rows), desk.filled_in()),
        ],
        subtotals=False,
    )


def _near_poor_house(record: NearPoor) -> Row:
    head = record.members[0][0]
    return [
        record.village.township,
        record.village,
        head.name,
        head.number,
        record.kind,
        len(record.members),
        len(record.members),
        record.income,
        record.spent or None,
        "因病" if record.spent else "缺乏劳动力",
        record.recognised_on,
        record.valid_to,
        month_of(record.recognised_on),
        later(record.recognised_on, 6) if record.is_on_platform else None,
        None,
    ]


def _near_poor_members(record: NearPoor) -> list[Row]:
    head = record.members[0][0]
    return [
        [
            record.village.township,
            record.village,
            head.number,
            person.name,
            record.shown_numbers.get(person.number, person.number),
            relation,
            person.sex,
            record.kind,
            record.income,
            "否",
            month_of(record.recognised_on),
        ]
        for person, relation in record.members
    ]


def _sum_given(desk: Desk, rng: Random, case: Temp) -> Decimal | Formula:
    """The sum given; now and then a formula, and of these some that no program ever reckoned."""
    amount, whole = case.amount, int(case.amount)
    if desk.setting.clean or amount % 100 or rng.random() > 0.03:
        return amount
    is_reckoned = rng.random() < 0.6 or case.person.number in desk.protected
    return Formula(f"{whole // 100}*100", whole if is_reckoned else None)


def temporary(desk: Desk) -> Iterator[Book]:
    """Temporary assistance: who was helped in what need, by whom, and when it went into the platform."""
    rng = desk.rng("temporary")
    cols = columns(
        ("序号", "int"),
        ("所属街道", "text"),
        ("所属社区", "village"),
        ("申请人姓名", "name"),
        ("申请人身份证号", "id"),
        ("家庭人口", "int"),
        ("享受人数", "int"),
        ("救助类型", "text"),
        ("救助原因", "text"),
        ("人员类别", "text"),
        ("申请时间", "date"),
        ("审批时间", "date"),
        ("审批层级", "text"),
        ("是否先行救助", "text"),
        ("急难缓解日期", "date"),
        ("补办手续时间", "date"),
        ("救助方式", "text"),
        ("救助金额（元）", "money", True),
        ("发放时间", "date"),
        ("录入平台时间", "date"),
    )
    rows: list[Cells] = [_relief(case, _sum_given(desk, rng, case)) for case in desk.records.temps]
    title = f"{COUNTY}{desk.as_of.year}年临时救助台账"
    table = Table(
        "临时救助", title, cols, numbered(spoil(desk, "temporary", rows, 3, 2, day=10)), desk.filled_in(), "单位：元"
    )
    yield desk.book("民政局/临时救助/临时救助台账.xlsx", [table], subtotals=False)


def _relief(case: Temp, given: Decimal | Formula) -> list[Value | NumberCell | Formula]:
    return [
        case.person.village.township,
        case.village,
        case.person.name,
        case.person.number,
        len(case.person.house.members),
        case.enjoy_size,
        case.aid_type,
        case.reason,
        case.person_class,
        case.apply_on,
        case.approve_on,
        case.level,
        case.first_then,
        case.event_end_on,
        case.paper_done_on,
        "现金",
        given,
        case.pay_on,
        case.platform_on,
    ]
