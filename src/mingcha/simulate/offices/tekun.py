"""Tekun: persons, households, care agreements, institutions."""

from __future__ import annotations

from collections.abc import Iterator

from mingcha.simulate.model.days import later
from mingcha.simulate.model.records import Tekun
from mingcha.simulate.offices.desk import COUNTY, KINDS, LEVELS, Desk, columns, numbered
from mingcha.simulate.offices.untidy import Cells, unfinished
from mingcha.simulate.write.books import Book
from mingcha.simulate.write.table import NumberCell, Table, Value

_CARE = {
    "全自理": ("全自理", "具备生活自理能力", "自理"),
    "半自理": ("半自理", "部分丧失生活自理能力", "半失能"),
    "不能自理": ("不能自理", "完全丧失生活自理能力", "全失能"),
}
_TIER = {"全自理": "三档", "半自理": "二档", "不能自理": "一档"}


def tekun_rolls(desk: Desk) -> Iterator[Book]:
    """Persons of this and the last month with a sheet a township, the sum by household, and what belongs to them."""
    for back in (1, 0):
        month = desk.month(back)
        tables: list[Table] = []
        for style, township in enumerate(desk.townships):
            records = [r for r in _sorted(desk, township) if r.is_on(month)]
            if records:
                tables.append(_person_table(desk, township, records, back, style))
        kind = "xls" if back else "xlsx"
        path = f"民政局/特困/{desk.stamp(back)}特困人员名册.{kind}"
        yield desk.book(path, tables, container=kind, label="tekun", subtotals=False)
    yield _households(desk)
    yield _agreements(desk)
    yield _institutions(desk)


def _sorted(desk: Desk, township: str) -> list[Tekun]:
    mine = [record for record in desk.records.tekun if record.person.village.township == township]
    return sorted(mine, key=lambda record: record.person.village.code)


def _person_table(desk: Desk, township: str, records: list[Tekun], back: int, style: int) -> Table:
    word = desk.words(f"tekun {township}")
    deep = style % 3 == 1 and not desk.setting.clean

    def over(*words: str) -> str | tuple[str, ...]:
        """Under two further levels in some townships."""
        return ("救助供养金", *words) if deep else words[-1]

    cols = columns(
        (word("seq"), "int"),
        (word("township"), "text"),
        (word("village"), "village"),
        (word("name"), "name"),
        (word("id"), "id"),
        ("性别", "text"),
        (word("birth"), "date"),
        (("供养方式", "供养形式", "供养类别")[style % 3], "text"),
        (("供养机构", "供养机构名称", "入住机构")[style % 3], "text"),
        (("生活自理能力", "自理能力", "自理情况")[style % 3], "text"),
        ("不能完成指标项数", "int"),
        ("评估时间", "date"),
        ("护理等级", "text"),
        (word("dis_type"), "text"),
        (word("dis_level"), "text"),
        (over("其中", ("基本生活标准（元）", "基本生活费（元）", "供养金（元）")[style % 3]), "money", True),
        (over("其中", ("照料护理费用（元）", "护理费（元）", "照料护理费（元）")[style % 3]), "money", True),
        (over(word("total")), "money", True),
        (word("first_month"), "month"),
        (("照料人姓名", "护理人员", "委托照料人")[style % 3], "name"),
        (("照料人身份证号", "护理人身份证号", "委托照料人身份证号")[style % 3], "id"),
        ("是否签订照料协议", "text"),
        ("协议起始日期", "date"),
        ("协议终止日期", "date"),
        ("是否有集中供养意愿", "text"),
        ("最近复核时间", "date"),
        (word("account_name"), "name"),
        (word("account"), "account"),
        (word("tekun_status"), "text"),
        ("停发时间", "date"),
        ("终止原因", "text"),
    )
    month = desk.month(back)
    made: list[Cells] = [_person_row(record, style, month) for record in records]
    last = records[-1].person.village
    made += unfinished(desk, f"tekun {township} {back}", len(made[0]), {0: township, 1: last, 2: "陈老三"})
    rows = numbered(made)
    title = f"{COUNTY}{township}{desk.stamp(back)}特困人员救助供养名册"
    return Table(township, title, cols, rows, desk.filled_in(back), "单位：元")


def _person_row(record: Tekun, style: int, month: str) -> list[Value | NumberCell]:
    person, cert, over = record.person, record.person.cert, record.is_over(month)
    shown = cert if record.cert_on_roll else None
    here = record.agreement if record.agreement_on_roll else None
    return [
        person.village.township,
        person.village,
        person.name,
        record.shown_number or person.number,
        record.shown_sex or person.sex,
        record.shown_birth or person.birth,
        record.mode if style % 2 == 0 else record.mode[:2],
        record.institution or None,
        _CARE[record.care][style % 3],
        record.failed,
        record.assessed_on,
        _TIER[record.care],
        KINDS[shown.kind] if shown else None,
        LEVELS[shown.level] if shown else None,
        record.living,
        None if record.is_apart else record.nursing,
        record.total,
        record.first_month,
        record.carer.name if record.carer else None,
        record.carer.number if record.carer else None,
        "是" if here else None,
        here[0] if here else None,
        here[1] if here else None,
        None if record.institution else record.wants_central,
        record.last_review,
        record.pay.account_name,
        record.roll_account,
        "停发" if over else record.status,
        record.ended_on if over else None,
        (record.end_reason or None) if over else None,
    ]


def _households(desk: Desk) -> Book:
    word = desk.words("tekun house")
    cols = columns(
        (word("seq"), "int"),
        ("所属街道", "text"),
        ("所属社区", "village"),
        ("户主姓名", "name"),
        ("户主身份证号", "id"),
        ("家庭人口", "int", True),
        ("特困人员", "int", True),
        ("供养方式", "text"),
        ("基本生活总费用（元）", "money", True),
        ("照料护理总费用（元）", "money", True),
        ("合计（元）", "money", True),
    )
    rows = numbered(
        [
            record.person.village.township,
            record.person.village,
            record.person.name,
            record.person.number,
            1,
            1,
            record.mode,
            record.living,
            record.nursing,
            record.total,
        ]
        for township in desk.townships
        for record in _sorted(desk, township)
        if record.is_on(desk.month()) and not record.is_over(desk.month())
    )
    table = Table("特困人员家庭查询", f"{COUNTY}特困人员家庭查询（{desk.stamp()}）", cols, rows)
    return desk.book(
        f"民政局/特困/特困人员家庭查询_{desk.month()}.xls",
        [table],
        container="xml",
        village_style="plain",
        subtotals=False,
    )


def _agreements(desk: Desk) -> Book:
    word = desk.words("agreements")
    cols = columns(
        (word("seq"), "int"),
        (word("township"), "text"),
        (word("village"), "village"),
        ("特困人员姓名", "name"),
        ("特困人员身份证号", "id"),
        ("照料人姓名", "name"),
        ("照料人身份证号", "id"),
        ("照料人与特困人员关系", "text"),
        ("照料人联系电话", "text"),
        ("协议各方", "text"),
        ("签订日期", "date"),
        ("协议起始日期", "date"),
        ("协议终止日期", "date"),
    )
    rows: list[list[Value | NumberCell]] = []
    for township in desk.townships:
        for record in _sorted(desk, township):
            if record.agreement is None or record.agreement_on_roll or record.carer is None:
                continue
            start, end = record.agreement
            signed = min(later(start, -2), later(desk.as_of, -2))
            rows.append(
                [
                    township,
                    record.person.village,
                    record.person.name,
                    record.person.number,
                    record.carer.name,
                    record.carer.number,
                    "邻居",
                    record.carer.phone,
                    "村委会、照料人、特困人员",
                    signed,
                    start,
                    end,
                ]
            )
    table = Table("协议台账", f"{COUNTY}特困人员照料服务协议台账", cols, numbered(rows), desk.filled_in())
    return desk.book("民政局/特困/特困人员照料服务协议台账.xlsx", [table], subtotals=False)


def _institutions(desk: Desk) -> Book:
    cols = columns(
        ("序号", "int"),
        ("乡镇", "text"),
        ("机构名称", "text"),
        ("机构性质", "text"),
        ("负责人", "name"),
        ("床位数", "text"),
        ("护理型床位数", "text"),
        ("入住人数", "int"),
        ("入住特困人数", "int"),
        ("工作人员数", "int"),
    )
    rng = desk.rng("institutions")
    rows: list[list[Value | NumberCell]] = []
    for township in desk.townships:
        inside = sum(1 for record in _sorted(desk, township) if record.institution)
        rows.append(
            [
                township,
                f"{township}敬老院",
                "公办",
                rng.choice(("陈建业", "刘广田", "周新民")),
                f"{inside + 20}张",
                f"{inside // 2 + 5}张",
                inside + 3,
                inside,
                inside // 6 + 2,
            ]
        )
    table = Table("供养机构", f"{COUNTY}特困人员供养服务机构台账", cols, numbered(rows), desk.filled_in())
    return desk.book("民政局/特困/供养服务机构台账.xlsx", [table], total="none")
