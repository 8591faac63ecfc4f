"""The disabled persons' federation: certificates and the two subsidies."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from mingcha.simulate.model.people import Cert, Person
from mingcha.simulate.model.records import Subsidy
from mingcha.simulate.offices.desk import COUNTY, KINDS, LEVELS, Desk, cert_number, columns, numbered
from mingcha.simulate.offices.untidy import spoil
from mingcha.simulate.write.books import Book
from mingcha.simulate.write.table import NumberCell, Table, Value

Row = list[Value | NumberCell]
_LEVEL_WORDS = (("一级", "二级", "三级", "四级"), ("1级", "2级", "3级", "4级"), ("壹级", "贰级", "叁级", "肆级"))
_KIND_WORDS = ({key: f"{word}残疾" for key, word in KINDS.items()}, KINDS)


def certificates(desk: Desk) -> Iterator[Book]:
    """The certificate roll, one sheet for the county."""
    word = desk.words("certificates")
    cols = columns(
        ("序号", "int"),
        (word("township"), "text"),
        (word("village"), "village"),
        ("姓名", "name"),
        ("性别", "text"),
        (word("id"), "id"),
        (word("cert"), "id"),
        (word("dis_type"), "text"),
        (word("dis_level"), "text"),
        ("发证日期", "date"),
        ("有效期至", "date"),
        ("证件状态", "text"),
        ("监护人", "name"),
        ("联系电话", "text"),
    )
    holders = [(p, p.cert) for p in desk.records.certified if p.cert is not None and p.cert.on_roll]
    holders.sort(key=lambda pair: pair[0].village.code)
    made = [_certificate_row(person, cert, place) for place, (person, cert) in enumerate(holders)]
    rows = numbered(spoil(desk, "certificates", made, 4, 2))
    table = Table("持证残疾人", f"{COUNTY}持证残疾人花名册", cols, rows, f"填报单位：{COUNTY}残疾人联合会")
    yield desk.book("残联/持证残疾人花名册.xlsx", [table], subtotals=False)


def _certificate_row(person: Person, cert: Cert, place: int) -> Row:
    return [
        person.village.township,
        person.village,
        person.name,
        person.sex,
        person.number,
        cert_number(person),
        _KIND_WORDS[place % 2][cert.kind],
        LEVELS[cert.level],
        cert.issued,
        cert.expires,
        cert.status,
        None,
        person.phone or None,
    ]


def subsidies(desk: Desk) -> Iterator[Book]:
    """The subsidy roll: a township with two amount columns, the next with a row a subsidy, and so on."""
    tables: list[Table] = []
    for style, township in enumerate(desk.townships):
        mine = [record for record in desk.records.subsidies if record.person.village.township == township]
        mine.sort(key=lambda record: record.person.village.code)
        if mine:
            tables.append(_by_type(desk, township, mine) if style % 2 else _two_amounts(desk, township, mine))
    yield desk.book(f"残联/{desk.stamp()}残疾人两项补贴发放对象名册.xlsx", tables, subtotals=False)


def _head(desk: Desk, township: str) -> list[tuple[str, str]]:
    word = desk.words(f"subsidies {township}")
    return [
        (word("seq"), "int"),
        (word("township"), "text"),
        (word("village"), "village"),
        ("姓名", "name"),
        (word("id"), "id"),
        (word("cert"), "id"),
        (word("dis_type"), "text"),
        (word("dis_level"), "text"),
    ]


def _start(record: Subsidy, style: int) -> Row:
    person = record.person
    return [
        person.village.township,
        person.village,
        record.shown_name or person.name,
        record.shown_number or person.number,
        f"{person.number}{record.kind}{record.level}",
        _KIND_WORDS[style % 2][record.kind],
        _LEVEL_WORDS[style % 3][record.level - 1],
    ]


def _two_amounts(desk: Desk, township: str, records: list[Subsidy]) -> Table:
    word = desk.words(f"subsidies {township}")
    cols = columns(
        *_head(desk, township),
        ("困难残疾人生活补贴（元）", "money", True),
        ("重度残疾人护理补贴（元）", "money", True),
        ("享受补贴起始月份", "month"),
        (word("account_name"), "name"),
        (word("account"), "account"),
        (word("subsidy_status"), "text"),
        ("是否死亡", "text"),
    )
    rows = numbered(
        [
            *_start(record, 0),
            record.living,
            record.care,
            record.first_month,
            record.pay.account_name,
            record.pay.account,
            record.status,
            None,
        ]
        for record in records
    )
    return Table(township, f"{COUNTY}{township}{desk.stamp()}残疾人两项补贴名册", cols, rows, "", "单位：元")


def _by_type(desk: Desk, township: str, records: list[Subsidy]) -> Table:
    word = desk.words(f"subsidies {township}")
    cols = columns(
        *_head(desk, township),
        ("补贴类型", "text"),
        ("补贴金额（元）", "money", True),
        ("起始月份", "month"),
        (word("account_name"), "name"),
        (word("account"), "account"),
        (word("subsidy_status"), "text"),
    )
    rows: list[Row] = []
    for record in records:
        for kind, amount in (("困难残疾人生活补贴", record.living), ("重度残疾人护理补贴", record.care)):
            if amount is not None:
                row: Row = [
                    *_start(record, 1),
                    kind,
                    Decimal(amount),
                    record.first_month,
                    record.pay.account_name,
                    record.pay.account,
                    record.status,
                ]
                rows.append(row)
    return Table(township, f"{COUNTY}{township}{desk.stamp()}残疾人两项补贴名册", cols, numbered(rows), "", "单位：元")
