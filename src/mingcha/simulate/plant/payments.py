"""Payments: to whom (R40, R41), when (R42), how much (R43), and whether the three sources agree (R44)."""

from __future__ import annotations

from decimal import Decimal

from mingcha.simulate.model.days import day_in
from mingcha.simulate.model.ground import Ground
from mingcha.simulate.model.people import Person
from mingcha.simulate.model.records import Dibao, PayLine


def _account_name(record: Dibao, name: str) -> None:
    """The same name with the bank and on the roll, so that only the name is at issue."""
    record.pay.account_name = name
    record.roll_account_name = name


def _stranger(ground: Ground, person: Person) -> str:
    while True:
        male = ground.rng.random() < 0.5
        name = ground.maker.namer.surname(ground.rng) + ground.maker.namer.given(ground.rng, male, 1975)
        if name not in ground.officer_names and name not in {each.name for each in person.house.members}:
            return name


def r40(ground: Ground) -> None:
    """账户户名不符."""
    for _ in range(ground.setting.size.cases):
        record = ground.lone(57)
        _account_name(record, _stranger(ground, record.head))
        ground.hit("R40", record.head)
    house = ground.house(("户主", True, ground.aged(59)), ("妻", False, ground.aged(58)))
    spouse = ground.dibao(house, members=[(house.head, "户主")])
    _account_name(spouse, house.members[1].name)
    ground.miss("R40", spouse.head, "户名为配偶")
    blank = ground.lone(60)
    _account_name(blank, "")
    ground.miss("R40", blank.head, "户名为空")
    carer = ground.tekun(ground.house(("户主", True, ground.aged(77))).head, care="不能自理")
    if carer.carer is not None:
        carer.pay.account_name = carer.carer.name
        ground.miss("R40", carer.person, "户名为委托照料人")
    grandmother = ground.house(("户主", False, ground.aged(65)), ("孙女", False, ground.aged(12)))
    ground.child(grandmother.members[1], "事实无人抚养儿童", grandmother.head)
    ground.miss("R40", grandmother.members[1], "户名为监护人")


def r41(ground: Ground) -> None:
    """多户同账户. The subject is the household whose applicant's number comes first."""
    for _ in range(1 if ground.setting.scale == "village" else ground.setting.size.cases - 1):
        first, second = ground.lone(55), ground.lone(53)
        _share(first, second)
        both = ground.setting.first_paid(first.first_month, second.first_month)
        ground.hit("R41", min(first.head.number, second.head.number), both)
    house = ground.house(("户主", True, ground.aged(63)), ("妻", False, ground.aged(62)))
    account = ground.account_of(house.head)
    for person in house.members:
        ground.certify(person, 4, 1)
        ground.subsidy(person, care=True).pay.account = account
        person.account = account
        ground.visit(house.head, person, eligible="不符合")
    ground.miss("R41", house.head, "夫妻共用一个账户")
    house = ground.house(("户主", False, ground.aged(70)), ("长子", True, ground.aged(45)))
    mother = ground.dibao(house, members=[(house.head, "户主")])
    son = house.members[1]
    ground.certify(son, 5, 2)
    ground.visit(house.head, son, eligible="不符合")
    subsidy = ground.subsidy(son, care=True)
    son.account = subsidy.pay.account = mother.pay.account
    subsidy.pay.account_name = mother.head.name
    ground.miss("R41", mother.head, "母子共用一个账户")
    _institution_account(ground)


def _institution_account(ground: Ground) -> None:
    """Two residents of one home, paid into its account."""
    account = ground.maker.account()
    for years in (77, 82):
        record = ground.tekun(ground.house(("户主", True, ground.aged(years))).head, central=True)
        record.pay.account = record.roll_account = account
        record.pay.account_name = record.institution
        ground.miss("R40", record.person, "集中供养，户名为供养机构")
        ground.miss("R41", record.person, "集中供养，机构账户")


def _share(first: Dibao, second: Dibao) -> None:
    """One account for two households that have nothing to do with each other; the name column is left blank."""
    second.pay.account = second.roll_account = first.pay.account
    for record in (first, second):
        _account_name(record, "")


def r42(ground: Ground) -> None:
    """迟发漏发."""
    month = ground.month(1)
    ground.some(
        [
            lambda: _paid_so(ground, ground.unpaid()),
            lambda: _paid_so(ground, [PayLine(day=15)]),
            lambda: _paid_so(ground, [PayLine(status="退汇", fail_reason="户名不符")]),
            lambda: _tekun_missed(ground),
        ]
    )
    on_day = ground.lone(52)
    on_day.pay.by_month[month] = [PayLine(day=10)]
    ground.miss("R42", on_day.head, "发放日当天到账")
    again = ground.lone(51)
    again.pay.by_month[month] = [PayLine(day=6, status="退汇", fail_reason="账号不存在"), PayLine(day=9)]
    ground.miss("R42", again.head, "退汇后在发放日前补发到账")
    ground.miss("R43", again.head, "退汇的一笔不计入")
    entrant = ground.lone(50)
    entrant.approved_on = day_in(month, 14)
    entrant.first_month = month
    entrant.pay.by_month[month] = ground.unpaid()
    ground.miss("R42", entrant.head, "确认当月新纳入，次月起发")


def _paid_so(ground: Ground, lines: list[PayLine]) -> None:
    record = ground.lone(54)
    record.pay.by_month[ground.month(1)] = lines
    ground.hit("R42", record.head, ground.month(1))


def _tekun_missed(ground: Ground) -> None:
    record = ground.tekun(ground.house(("户主", True, ground.aged(75))).head)
    record.pay.by_month[ground.month(1)] = ground.unpaid()
    ground.hit("R42", record.person, ground.month(1))


def r43(ground: Ground) -> None:
    """金额与核定不符."""
    month = ground.month(1)
    ground.some(
        [
            lambda: _paid_amount(ground, Decimal("50.00")),
            lambda: _paid_amount(ground, Decimal("-40.00")),
            lambda: _tekun_overpaid(ground),
        ]
    )
    backed = ground.lone(49)
    backed.pay.by_month[month] = [PayLine(), PayLine(amount=Decimal("120.00"), day=9, remark="补发上年度提标差额")]
    ground.miss("R43", backed.head, "另一笔注明补发")
    cent = ground.lone(48)
    cent.pay.by_month[month] = [PayLine(amount=cent.total + Decimal("0.01"))]
    ground.miss("R43", cent.head, "相差不超过一分")


def _paid_amount(ground: Ground, over: Decimal) -> None:
    record = ground.lone(53)
    record.pay.by_month[ground.month(1)] = [PayLine(amount=record.total + over)]
    ground.hit("R43", record.head, ground.month(1))


def _tekun_overpaid(ground: Ground) -> None:
    record = ground.tekun(ground.house(("户主", True, ground.aged(73))).head)
    record.pay.by_month[ground.month(1)] = [PayLine(amount=record.total + Decimal("100.00"))]
    ground.hit("R43", record.person, ground.month(1))


def r44(ground: Ground) -> None:
    """三者不符."""
    ground.some([lambda: _other_account(ground), lambda: _visit_differs(ground)])
    record = ground.lone(47)
    ground.visit(record.head, program="低保").insured = 1
    ground.miss("R44", record.head, "系统、财务、入户三者一致")


def _other_account(ground: Ground) -> None:
    record = ground.lone(46)
    record.roll_account = ground.maker.account()
    # the roll's account differs in every month delivered: the first month paid counts
    ground.hit("R44", record.head, ground.month(2))


def _visit_differs(ground: Ground) -> None:
    record = ground.lone(45)
    visit = ground.visit(record.head, program="低保")
    visit.insured, visit.consistent, visit.problem = 1, "否", "实际居住情况与系统登记不一致"
    ground.hit("R44", record.head)


PLANTS = {"R40": r40, "R41": r41, "R42": r42, "R43": r43, "R44": r44}
