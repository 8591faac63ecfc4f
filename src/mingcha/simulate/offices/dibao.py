"""The county's dibao rolls: households and members, rural and urban, month by month."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal

from mingcha.simulate.model.days import month_of
from mingcha.simulate.model.records import Dibao, DibaoMember
from mingcha.simulate.offices.desk import COUNTY, KINDS, LEVELS, Desk, columns, numbered, shown_name
from mingcha.simulate.offices.untidy import Cells, unfinished
from mingcha.simulate.write.books import Book
from mingcha.simulate.write.table import Habit, NumberCell, Table, Value

_MONTHS_BACK = (2, 1, 0)
_TIER_WORDS = {"A": ("A类", "一档", "A"), "B": ("B类", "二档", "B"), "C": ("C类", "三档", "C")}


def dibao_rolls(desk: Desk) -> Iterator[Book]:
    """Households and members of each month; rural in one book with a sheet a township, urban apart."""
    by_township: dict[str, list[Dibao]] = {name: [] for name in desk.townships}
    for record in desk.records.dibao:
        by_township[record.village.township].append(record)
    for records in by_township.values():
        records.sort(key=lambda record: record.village.code)
    for back in _MONTHS_BACK:
        yield from _rural(desk, by_township, back)
        yield from _urban(desk, by_township, back)


def _on_roll(records: Sequence[Dibao], area: str, month: str) -> list[Dibao]:
    found: list[Dibao] = []
    for record in records:
        if record.area == area and record.is_on(month):
            found.append(record)
            if record.listed_twice_in == month:
                found.append(record)
    return found


def _rural(desk: Desk, by_township: dict[str, list[Dibao]], back: int) -> Iterator[Book]:
    month, stamp = desk.month(back), desk.stamp(back)
    houses: list[Table] = []
    people: list[Table] = []
    for place, township in enumerate(desk.townships):
        records = _on_roll(by_township[township], "农村", month)
        name = township + (" " if place == 1 and not desk.setting.clean else "")
        if records:
            houses.append(_household_table(desk, name, township, records, back, place))
            people.append(_member_table(desk, name, township, records, back, place))
    # names of months stand in the title alone
    book = desk.book(
        f"民政局/低保/{stamp}农村低保家庭名册.xlsx", houses, label="rural", cover=f"{COUNTY}{stamp}农村低保家庭名册"
    )
    if not desk.setting.clean:
        book.habits = [_group_second(place, habit) for place, habit in enumerate(book.habits)]
    yield book
    yield desk.book(f"民政局/低保/{stamp}农村低保人员名册.xlsx", people, label="rural people", subtotals=False)


def _group_second(place: int, habit: Habit) -> Habit:
    """The second township writes a village's name on a line of its own."""
    return habit.but(village_style="group", subtotals=False) if place % 3 == 1 else habit


def _urban(desk: Desk, by_township: dict[str, list[Dibao]], back: int) -> Iterator[Book]:
    month = desk.month(back)
    records = [record for township in desk.townships for record in _on_roll(by_township[township], "城市", month)]
    if not records:
        return
    house = _household_table(desk, "Sheet1", "", records, back, 2)
    people = _member_table(desk, "Sheet1", "", records, back, 2)
    yield desk.book(
        f"民政局/低保/城市低保家庭查询_{month}.xls",
        [house],
        container="html",
        label="urban",
        village_style="plain",
        subtotals=False,
    )
    yield desk.book(
        f"民政局/低保/城市低保人员查询_{month}.xls",
        [people],
        container="html",
        label="urban people",
        village_style="plain",
        subtotals=False,
    )


def _household_table(desk: Desk, name: str, township: str, records: Sequence[Dibao], back: int, style: int) -> Table:
    """style: which of three layouts the township keeps; the third has no 合计 and shows one amount."""
    word = desk.words(f"dibao house {township}")
    month = desk.month(back)
    one_amount = style % 3 == 2
    tier_header = ("低保类别", "分档类型", "救助档次")[style % 3]
    title = f"{COUNTY}{township}{desk.stamp(back)}{'农村' if township else '城市'}低保家庭名册"
    grouped = style % 3 == 1 and not desk.setting.clean
    over = (lambda group, header: (group, header)) if grouped else (lambda _, header: header)
    amounts: list[tuple[str | tuple[str, ...], str, bool]] = [(over("保障金额", word("monthly")), "money", True)]
    if not one_amount:
        amounts += [
            (over("保障金额", "家庭分类施保总额（元）"), "money", True),
            (over("保障金额", word("total")), "money", True),
        ]
    head = [(word("seq"), "int")]
    if not township:
        head += [("所属区", "text"), ("所属街", "text")]
    elif style % 3 == 1:
        head += [(word("township"), "text")]
    cols = columns(
        *head,
        (word("village"), "village"),
        (word("head_name"), "name"),
        (word("head_id"), "id"),
        (word("family_size"), "int", True),
        (word("insured_size"), "int", True),
        (tier_header, "text"),
        *amounts,
        ("致贫原因", "text"),
        (word("first_month"), "month"),
        (word("approved"), "date"),
        (over("发放信息", word("account_name")), "name"),
        (over("发放信息", word("account")), "account"),
        (word("phone"), "text"),
        (word("address"), "text"),
        ("最近复核时间", "date"),
        ("渐退开始时间", "month"),
        ("渐退截止时间", "month"),
        (word("status"), "text"),
        (word("ended"), "date"),
        ("终止原因", "text"),
        (word("remark"), "text"),
    )
    place = ([COUNTY], []) if not township else ([], [township] if style % 3 == 1 else [])
    rows = numbered(
        [
            *place[0],
            *([record.village.township] if not township else place[1]),
            *_household_row(record, month, style % 3, one_amount=one_amount),
        ]
        for record in records
    )
    return Table(name, title, cols, rows, desk.filled_in(back), "单位：人、元")


def _household_row(record: Dibao, month: str, style: int, *, one_amount: bool) -> list[Value | NumberCell]:
    over = record.is_over(month)
    amounts: list[Value | NumberCell] = (
        [record.total_of(month)]
        if one_amount
        else [record.base_of(month), record.extra or None, record.total_of(month)]
    )
    return [
        record.village,
        record.head.name,
        record.members[0].shown_number or record.head.number,
        record.family_size,
        len(record.insured),
        _TIER_WORDS[record.tier][style],
        *amounts,
        record.reason,
        record.first_month,
        record.approved_on,
        record.roll_account_name,
        record.roll_account,
        record.head.phone,
        f"{record.village.township}{record.village.short}{record.head.house.door}",
        _reviewed_by(record.last_review, month),
        *_taper(record, month),
        "停保" if over else "在保",
        record.ended_on if over else None,
        (record.end_reason or None) if over else None,
        "",
    ]


def _reviewed_by(day: date | None, month: str) -> date | None:
    """The review as that month's roll knew of it."""
    return day if day is not None and month_of(day) <= month else None


def _taper(record: Dibao, month: str) -> tuple[str | None, str | None]:
    """Gradual exit as that month's roll knew of it."""
    begun = record.taper_start is None or record.taper_start <= month
    return (record.taper_start, record.taper_end) if begun else (None, None)


def _member_table(desk: Desk, name: str, township: str, records: Sequence[Dibao], back: int, style: int) -> Table:
    word = desk.words(f"dibao member {township}")
    title = f"{COUNTY}{township}{desk.stamp(back)}{'农村' if township else '城市'}低保人员名册"
    head = [(word("seq"), "int")]
    if not township:
        head += [("所属区", "text"), ("所属街", "text")]
    cols = columns(
        *head,
        (word("village"), "village"),
        (word("head_id"), "id"),
        (word("name"), "name"),
        (word("id"), "id"),
        (word("relation"), "text"),
        ("性别", "text"),
        (word("birth"), "date"),
        (word("insured"), "text"),
        ("是否残疾", "text"),
        (word("dis_type"), "text"),
        (word("dis_level"), "text"),
        ("患病病种", "text"),
        ("健康状况", "text"),
        ("劳动能力", "text"),
        (word("monthly"), "money"),
    )
    rows: list[Cells] = []
    month = desk.month(back)
    once = style % 3 == 0 and bool(township) and not desk.setting.clean
    for record in records:
        if record.is_over(month):
            continue
        before: list[Value | NumberCell] = [] if township else [COUNTY, record.village.township]
        head_number = record.members[0].shown_number or record.head.number
        for place, member in enumerate(record.members):
            # some write the household's number once and leave it blank below
            shown = None if once and place else head_number
            rows.append([*before, *_member_row(desk, record, member, shown, place, month)])
    if township and records:
        rows += unfinished(desk, f"members {title}", len(cols) - 1, {0: records[-1].village, 2: "王桂芝"})
    return Table(name, title, cols, numbered(rows), desk.filled_in(back))


def _member_row(
    desk: Desk, record: Dibao, member: DibaoMember, head_number: str | None, place: int, month: str
) -> list[Value | NumberCell]:
    person = member.person
    cert = person.cert
    newest = month == desk.month()
    number: str | NumberCell = person.number
    sex, birth = person.sex, person.birth
    if newest:
        number = NumberCell(person.number) if member.number_cell else member.shown_number or person.number
        sex, birth = member.shown_sex or sex, member.shown_birth or birth
    age = person.age(desk.as_of)
    idle = age < 16 or age >= 60
    amount: Decimal = record.base_of(month)
    return [
        record.village,
        head_number,
        member.shown_name or (shown_name(desk, person) if newest else person.name),
        number,
        "户主" if place == 0 else member.relation,
        sex,
        birth,
        "是" if member.insured else "否",
        "是" if cert else "否",
        KINDS[cert.kind] if cert else None,
        LEVELS[cert.level] if cert else None,
        member.disease or None,
        "有大病" if member.disease else "残疾" if cert else "健康或良好",
        "无" if idle else "完全丧失" if cert and cert.level <= 2 else "部分丧失" if cert or member.disease else "有",
        amount,
    ]
