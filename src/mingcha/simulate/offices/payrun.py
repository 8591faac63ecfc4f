"""Payment rows from schedules: what the finance office paid for a month, by programme."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from mingcha.simulate.model.days import day_in
from mingcha.simulate.model.people import Person
from mingcha.simulate.model.records import Pay, PayLine, Schedule
from mingcha.simulate.offices.desk import Desk

LIVING, CARE = "困难残疾人生活补贴", "重度残疾人护理补贴"
RURAL, URBAN, TEKUN, ORPHAN = "农村低保", "城市低保", "特困供养金", "孤儿和事实无人抚养儿童基本生活费"
#: paid by itself where the roll of tekun persons does not state it
NURSING = "特困人员照料护理费"
PROJECTS = (RURAL, URBAN, TEKUN, NURSING, LIVING, CARE, ORPHAN)
_USUAL_DAYS = {RURAL: 8, URBAN: 8, TEKUN: 7, NURSING: 7, LIVING: 9, CARE: 9, ORPHAN: 9}


def pay_rows(desk: Desk, month: str, project: str) -> list[Pay]:
    """All rows of a programme and month, ordered by village."""
    rows = list(_made(desk, month, project))
    rows += [pay for pay in desk.records.loose_pay if pay.month == month and pay.project == project]
    rows.sort(key=lambda pay: pay.village.code)
    return rows


def _made(desk: Desk, month: str, project: str) -> Iterator[Pay]:
    for schedule, payee, amount, persons in _owed(desk, month, project):
        yield from _lines(schedule, month, project, payee, amount, persons)


def _owed(desk: Desk, month: str, project: str) -> Iterator[tuple[Schedule, Person, Decimal, int]]:
    """Who is paid for a month: schedule, payee, amount approved, persons."""
    if project in {RURAL, URBAN}:
        for dibao in desk.records.dibao:
            mine = (dibao.area == "城市") == (project == URBAN)
            # somebody who left last month may still have rows written down for this one
            if mine and not dibao.is_over(month) and (dibao.is_on(month) or month in dibao.pay.by_month):
                yield dibao.pay, dibao.head, dibao.total_of(month), len(dibao.insured)
    elif project in {TEKUN, NURSING}:
        yield from _owed_tekun(desk, month, is_apart=project == NURSING)
    elif project == ORPHAN:
        for child in desk.records.children:
            if child.first_month <= month:
                yield child.pay, child.person, child.amount, 1
    else:
        for subsidy in desk.records.subsidies:
            amount = subsidy.living if project == LIVING else subsidy.care
            over = subsidy.last_paid is not None and month > subsidy.last_paid
            if amount is not None and subsidy.first_month <= month and not over:
                yield subsidy.pay, subsidy.person, amount, 1


def _owed_tekun(desk: Desk, month: str, *, is_apart: bool) -> Iterator[tuple[Schedule, Person, Decimal, int]]:
    """What the roll adds up for each, or the nursing money that is paid beside it."""
    for tekun in desk.records.tekun:
        if not tekun.is_on(month) or tekun.is_over(month):
            continue
        if not is_apart:
            yield tekun.pay, tekun.person, tekun.total, 1
        elif tekun.is_apart:
            # the lines of single months are of the living money
            yield Schedule(tekun.pay.account, tekun.pay.account_name), tekun.person, tekun.nursing, 1


def spent(desk: Desk, month: str, project: str) -> tuple[Decimal, int, int]:
    """What was handed to the banks for a month: yuan, payees, persons.

    Money that came back or went astray was spent all the same, and what the roll says was there to be spent: of what
    was approved and what was paid, the larger.
    """
    approved: dict[str, Decimal] = {}
    for schedule, payee, amount, _ in _owed(desk, month, project):
        approved[f"{payee.number} {schedule.account}"] = amount
    paid: dict[str, Decimal] = {}
    persons: dict[str, int] = {}
    for pay in pay_rows(desk, month, project):
        key = f"{pay.payee.number} {pay.account}"
        paid[key] = paid.get(key, Decimal(0)) + pay.amount
        persons[key] = pay.persons
    keys = approved.keys() | paid.keys()
    total = sum((max(approved.get(key, Decimal(0)), paid.get(key, Decimal(0))) for key in keys), Decimal(0))
    return total, len(paid), sum(persons.values())


def _lines(schedule: Schedule, month: str, project: str, payee: Person, amount: Decimal, persons: int) -> Iterator[Pay]:
    usual = PayLine(day=_USUAL_DAYS[project])
    for line in schedule.by_month.get(month, [usual]):
        yield Pay(
            project,
            month,
            payee,
            payee.village,
            line.amount if line.amount is not None else amount,
            day_in(month, line.day),
            schedule.account,
            line.account_name if line.account_name is not None else schedule.account_name,
            line.status,
            line.fail_reason,
            line.remark,
            persons,
        )
