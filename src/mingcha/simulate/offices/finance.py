"""The finance office and the banks: payment lists, return files, the ledger of funds, public pay."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from mingcha.simulate.model.days import day_in, later, month_word
from mingcha.simulate.model.records import Pay
from mingcha.simulate.offices.desk import COUNTY, Desk, columns, numbered
from mingcha.simulate.offices.payrun import CARE, LIVING, PROJECTS, RURAL, TEKUN, URBAN, pay_rows, spent
from mingcha.simulate.offices.untidy import spoil
from mingcha.simulate.write.books import Book
from mingcha.simulate.write.table import NumberCell, Table, Value

Row = list[Value | NumberCell]
#: the last two months paid, the earlier first; what lies before them the banks have handed back as files
_BACK = (2, 1)
_WIDE = (RURAL, TEKUN, LIVING, CARE)
#: the county's part of what is spent, percent
_COUNTY_SHARE = 20


def payments(desk: Desk) -> Iterator[Book]:
    """A list per programme and month; one township writes its last month as a wide sheet instead."""
    wide = desk.townships[-1] if len(desk.townships) > 1 else ""
    for back in _BACK:
        for project in PROJECTS:
            apart = wide if back == 1 and project in _WIDE else ""
            rows = [pay for pay in pay_rows(desk, desk.month(back), project) if pay.village.township != apart]
            if rows:
                yield _list(desk, project, back, rows)
    if wide:
        yield _wide_sheet(desk, wide)
    for back in range(desk.setting.size.months, max(_BACK), -1):
        yield _bank_file(desk, back)


def _bank_file(desk: Desk, back: int) -> Book:
    """All programmes of a month as the bank hands them back: one plain file."""
    cols = columns(
        ("乡镇", "text"),
        ("村", "village"),
        ("姓名", "name"),
        ("身份证号", "id"),
        ("享受人数", "int"),
        ("户名", "name"),
        ("账号", "account"),
        ("开户银行", "text"),
        ("发放金额", "money"),
        ("发放月份", "month"),
        ("发放日期", "date"),
        ("发放状态", "text"),
        ("失败原因", "text"),
        ("备注", "text"),
        ("补贴项目", "text"),
    )
    month = desk.month(back)
    rows: list[Row] = [
        [*_pay_row(pay, heads=False)[:4], pay.persons, *_pay_row(pay, heads=False)[4:], project]
        for project in PROJECTS
        for pay in pay_rows(desk, month, project)
    ]
    return desk.book(
        f"财政局/银行回盘/一卡通发放回盘_{month}.csv",
        [Table("回盘", "", cols, rows)],
        container="csv",
        total="none",
        footer=False,
        number_row=False,
        trailing=0,
        helper=False,
        repeat_header=0,
        pad_names=False,
        pad_headers=False,
        subtotals=False,
        village_style="plain",
    )


def _list(desk: Desk, project: str, back: int, rows: list[Pay]) -> Book:
    word = desk.words(f"pay {project}")
    heads = project in {RURAL, URBAN}
    cols = columns(
        (word("seq"), "int"),
        (word("township"), "text"),
        (word("village"), "village"),
        ("户主姓名" if heads else "姓名", "name"),
        ("户主身份证号" if heads else word("id"), "id"),
        *([("享受人数", "int", True)] if heads else []),
        (word("account_name"), "name"),
        (word("account"), "account"),
        ("开户银行", "text"),
        ("发放金额（元）", "money", True),
        ("发放月份", "month"),
        ("发放日期", "date"),
        ("发放状态", "text"),
        ("失败原因", "text"),
        ("备注", "text"),
    )
    data = numbered(_pay_row(pay, heads=heads) for pay in rows)
    stamp = desk.stamp(back)
    title = f"{COUNTY}{stamp}{project}资金社会化发放明细表"
    table = Table("发放明细", title, cols, data, f"填报单位：{COUNTY}财政局", "单位：元")
    container = "csv" if project == LIVING else "xlsx"
    suffix = "csv" if container == "csv" else "xlsx"
    return desk.book(
        f"财政局/发放/{stamp}{project}发放明细.{suffix}",
        [table],
        container=container,
        subtotals=False,
        village_style="plain",
    )


def _pay_row(pay: Pay, *, heads: bool) -> Row:
    person = pay.payee
    return [
        person.village.township,
        pay.village,
        person.name,
        person.number,
        *([pay.persons] if heads else []),
        pay.account_name or None,
        pay.account,
        f"{COUNTY}农商银行",
        pay.amount,
        pay.month,
        pay.on,
        pay.status,
        pay.fail_reason or None,
        pay.remark or None,
    ]


def _wide_sheet(desk: Desk, township: str) -> Book:
    """A column a subsidy; several rows of one kind and payee would not fit and stay in a list of their own."""
    month = desk.month(1)
    by_payee: dict[tuple[str, str, str], dict[str, Pay]] = {}
    apart: list[Pay] = []
    for project in _WIDE:
        for pay in pay_rows(desk, month, project):
            if pay.village.township != township:
                continue
            found = by_payee.setdefault((pay.village.code, pay.payee.number, pay.account), {})
            odd = pay.status != "发放成功" or pay.remark or pay.on > day_in(month, 9) or project in found
            alone = bool(odd) or any(other.account_name != pay.account_name for other in found.values())
            if alone:
                apart.append(pay)
            else:
                found[project] = pay
    cols = columns(
        ("序号", "int"),
        ("村", "village"),
        ("姓名", "name"),
        ("身份证号", "id"),
        ("户名", "name"),
        ("账号", "account"),
        *((project, "money", True) for project in _WIDE),
        ("合计", "money", True),
    )
    rows: list[Row] = []
    for key in sorted(by_payee):
        found = by_payee[key]
        if found:
            first = next(iter(found.values()))
            amounts: list[Decimal | None] = [found[project].amount if project in found else None for project in _WIDE]
            total = sum((amount for amount in amounts if amount is not None), Decimal(0))
            person = first.payee
            rows.append(
                [first.village, person.name, person.number, first.account_name or None, first.account, *amounts, total]
            )
    stamp = month_word(month)
    title = f"{COUNTY}{township}{stamp}惠农补贴“一卡通”发放花名册"
    tables = [
        Table("一卡通", title, cols, numbered(rows), f"填报单位：{township}财政所　　发放日期：{stamp}8日", "单位：元")
    ]
    tables += [_apart(desk, township, project, [p for p in apart if p.project == project]) for project in _WIDE]
    tables = [table for table in tables if table.rows]
    return desk.book(
        f"财政局/发放/{township}{stamp}一卡通发放表.xlsx", tables, subtotals=False, village_style="plain", meta=True
    )


def _apart(desk: Desk, township: str, project: str, rows: list[Pay]) -> Table:
    cols = columns(
        ("序号", "int"),
        ("村", "village"),
        ("姓名", "name"),
        ("身份证号", "id"),
        ("户名", "name"),
        ("账号", "account"),
        ("发放金额（元）", "money", True),
        ("发放日期", "date"),
        ("发放状态", "text"),
        ("失败原因", "text"),
        ("备注", "text"),
    )
    data: list[Row] = [
        [
            pay.village,
            pay.payee.name,
            pay.payee.number,
            pay.account_name or None,
            pay.account,
            pay.amount,
            pay.on,
            pay.status,
            pay.fail_reason or None,
            pay.remark or None,
        ]
        for pay in rows
    ]
    title = f"{COUNTY}{township}{desk.stamp(1)}{project}单独发放明细表"
    return Table(f"{project}单列", title, cols, numbered(data))


def bank_returns(desk: Desk) -> Iterator[Book]:
    """Bank files without numbers: old-age allowance as delimited text (`strays` has the same as dBASE)."""
    rows: list[Row] = []
    elders = [person for person in desk.records.bystanders if person.age(desk.as_of) >= 80]
    for person in elders:
        person.account = person.account or f"9901{int(person.number[6:17]) * 7 % 10**15:015d}"
        rows.append([person.name, person.account, Decimal("50.00"), "交易成功", "高龄津贴", desk.month(1)])
    cols = columns(
        ("户名", "name"),
        ("账号", "account"),
        ("金额", "money"),
        ("交易状态", "text"),
        ("项目名称", "text"),
        ("所属月份", "month"),
    )
    table = Table("回盘", "", cols, list(rows))
    yield desk.book(
        f"财政局/银行回盘/高龄津贴回盘_{desk.month(1)}.txt",
        [table],
        container="tab",
        total="none",
        footer=False,
        number_row=False,
        trailing=0,
        helper=False,
        repeat_header=0,
        pad_names=False,
        pad_headers=False,
    )


def fund_ledger(desk: Desk) -> Iterator[Book]:
    """Movements of money: the province's part in yuan, the county's in ten thousands; what was spent is their sum."""
    yuan = columns(
        ("序号", "int"),
        ("资金项目", "text"),
        ("指标文号", "text"),
        ("资金来源", "text"),
        ("所属月份", "month"),
        ("到位金额（元）", "money", True),
        ("支出金额（元）", "money", True),
        ("户数", "int"),
        ("人数", "int"),
        ("到账日期", "date"),
        ("拨付日期", "date"),
    )
    tens = columns(
        ("序号", "int"),
        ("资金项目", "text"),
        ("资金来源", "text"),
        ("所属月份", "month"),
        ("下达金额（万元）", "tens", True),
        ("实发资金合计（万元）", "tens", True),
        ("到账日期", "date"),
        ("拨付日期", "date"),
    )
    rows: list[Row] = []
    small: list[Row] = []
    for back in _BACK:
        month = desk.month(back)
        for place, project in enumerate((RURAL, URBAN, TEKUN)):
            total, households, persons = spent(desk, month, project)
            county = total * _COUNTY_SHARE // 10000 * 100
            day = day_in(month, 2)
            doc = f"商财预〔{month[:4]}〕{20 + place}号"
            paid = total - county
            rows.append([project, doc, "省级", month, paid + 5000, paid, households, persons, day, later(day, 3)])
            tens_paid = (county / 10000).quantize(Decimal("0.01"))
            small.append([project, "县级", month, tens_paid + 1, tens_paid, day, later(day, 3)])
    tables = [
        Table("省级", f"{COUNTY}困难群众救助补助资金拨付台账", yuan, numbered(rows), desk.filled_in(), "单位：元"),
        Table(
            "县级", f"{COUNTY}困难群众救助资金县级配套支出台账", tens, numbered(small), desk.filled_in(), "单位：万元"
        ),
    ]
    if desk.records.funds:
        tables.append(_own_funds(desk))
    yield desk.book("财政局/救助资金拨付台账.xlsx", tables)


def _own_funds(desk: Desk) -> Table:
    """What townships keep of their own."""
    cols = columns(
        ("序号", "int"),
        ("乡镇", "text"),
        ("资金项目", "text"),
        ("资金来源", "text"),
        ("所属月份", "month"),
        ("到位金额（元）", "money", True),
        ("支出金额（元）", "money", True),
        ("结余（元）", "money", True),
    )
    rows = numbered(
        [each.township, TEKUN, "县级", each.month, each.arrived, each.paid, each.balance] for each in desk.records.funds
    )
    return Table("乡镇", f"{COUNTY}各乡镇特困供养资金拨付台账", cols, rows, desk.filled_in(), "单位：元")


def fiscal_staff(desk: Desk) -> Iterator[Book]:
    """People on public pay."""
    word = desk.words("fiscal")
    cols = columns(
        ("序号", "int"),
        ("姓名", "name"),
        (word("id"), "id"),
        ("性别", "text"),
        ("单位名称", "text"),
        ("人员身份", "text"),
        ("职务", "text"),
        ("在职状态", "text"),
        ("应发工资（元）", "money", True),
    )
    listed: list[Row] = [
        [w.person.name, w.person.number, w.person.sex, w.unit, w.identity, w.post, w.state, w.salary]
        for w in desk.records.workers
    ]
    rows = numbered(spoil(desk, "fiscal", listed, 1, 0))
    title = f"{COUNTY}{desk.stamp()}财政供养人员名册"
    table = Table("财政供养", title, cols, rows, f"填报单位：{COUNTY}财政局", "单位：元")
    yield desk.book("财政局/财政供养人员名册.xlsx", [table])
