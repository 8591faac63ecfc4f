"""The same person twice: in another county (R06), in two households (R07), in two programmes (R08–R10)."""

from __future__ import annotations

from decimal import Decimal

from mingcha.simulate.model.days import day_in, day_shift, later
from mingcha.simulate.model.ground import Ground
from mingcha.simulate.model.people import Person
from mingcha.simulate.model.records import Abroad, Dibao, Pay

#: the neighbour whose roll says which rows have ended
WITH_STATES = "永城市"
COUNTIES = (("永城市", "411481"), ("虞城县", "411425"))
_PLACES = {
    "永城市": (("演集镇", "时庄村"), ("高庄镇", "车集村")),
    "虞城县": (("城关镇", "胡楼村"), ("营廓镇", "李庄村")),
}


def abroad(ground: Ground, person: Person, *, program: str = "低保", name: str = "", county: str = "") -> Abroad:
    """Puts a person on another county's roll."""
    county = county or COUNTIES[len(ground.records.abroad) % len(COUNTIES)][0]
    township, village = ground.rng.choice(_PLACES[county])
    shown = name or person.name
    row = Abroad(
        shown,
        person.number,
        person.sex,
        "本人",
        shown,
        person.number,
        township,
        village,
        Decimal("330.00"),
        county,
        "农村",
        program,
    )
    ground.records.abroad.append(row)
    return row


def neighbours(ground: Ground, count: int) -> None:
    """People of the neighbouring counties on their own rolls."""
    for county, area in COUNTIES:
        for _ in range(count):
            township, village = ground.rng.choice(_PLACES[county])
            male = ground.rng.random() < 0.58
            birth = ground.aged(30 + int(ground.rng.random() * 55))
            name = ground.maker.namer.surname(ground.rng) + ground.maker.namer.given(ground.rng, male, birth.year)
            number = ground.maker.numbers.give(area, birth, male)
            amount = Decimal(180 + int(ground.rng.random() * 30) * 10)
            program = "特困" if ground.rng.random() < 0.12 else "低保"
            row = Abroad(
                name,
                number,
                "男" if male else "女",
                "本人",
                name,
                number,
                township,
                village,
                amount,
                county,
                "农村",
                program,
            )
            ground.records.abroad.append(row)


def r06(ground: Ground) -> None:
    """异地重复."""
    for _ in range(ground.setting.size.cases):
        person = ground.lone(47).head
        abroad(ground, person)
        ground.hit("R06", person, ground.month())
    ended = ground.lone(49).head
    row = abroad(ground, ended, county=WITH_STATES)
    row.status, row.ended_on = "停保", later(ground.as_of, -70)
    ground.miss("R06", ended, "外县已停保")
    wife = ground.couple(45, insured=[0]).members[1].person
    abroad(ground, wife)
    ground.miss("R06", wife, "本县户内未保障")
    other = ground.lone(51).head
    abroad(ground, other, name=other.name[0] + "长泰")
    ground.miss("R06", other, "号码相同、姓名不同")
    tekun = ground.lone(63).head
    abroad(ground, tekun, program="特困")
    ground.miss("R06", tekun, "外县享受的不是低保")


def r07(ground: Ground) -> None:
    """一人多户."""
    for _ in range(ground.setting.size.cases):
        girl = _in_two_households(ground, insured=True)
        ground.hit("R07", girl)
    girl = _in_two_households(ground, insured=False)
    ground.miss("R07", girl, "其中一户未列为保障对象")
    twice = ground.couple(57)
    twice.listed_twice_in = ground.month()
    ground.miss("R07", twice.members[1].person, "同一户在名册上列了两次")


def _in_two_households(ground: Ground, *, insured: bool) -> Person:
    house = ground.house(("户主", True, ground.aged(41)), ("长女", False, ground.aged(11)))
    girl = house.members[1]
    ground.dibao(house)
    elder = ground.house(("户主", False, ground.aged(66)), village=house.village)
    ground.dibao(elder, members=[(elder.head, "户主"), (girl, "孙女")], insured=None if insured else [0], area="农村")
    return girl


def r08(ground: Ground) -> None:
    """低保特困重复."""
    for _ in range(ground.setting.size.cases):
        person = ground.lone(67).head
        ground.tekun(person, approved=later(ground.as_of, -190))
        ground.hit("R08", person)
    moved = ground.lone(70)
    _ended(ground, moved)
    ground.tekun(moved.head, approved=day_in(ground.month(1), 1))
    ground.miss("R08", moved.head, "特困自低保停保以后开始")


def _ended(ground: Ground, record: Dibao) -> None:
    """Ended with the month before last; later rolls still carry the row, marked so."""
    record.ended_on = day_in(ground.month(2), 31)


def r09(ground: Ground) -> None:
    """特困与儿童保障并存."""
    for _ in range(ground.setting.size.cases):
        house = ground.house(("户主", False, ground.aged(64)), ("孙子", True, ground.aged(12)))
        child = house.members[1]
        ground.tekun(child, care="全自理", approved=later(ground.as_of, -500))
        ground.child(child, "事实无人抚养儿童", house.head)
        ground.hit("R09", child)


def r10(ground: Ground) -> None:
    """特困领两补."""
    ground.some([lambda: _on_both_rolls(ground), lambda: _paid_beside(ground)])
    person = ground.house(("户主", True, ground.aged(66))).head
    ground.certify(person, 4, 2)
    subsidy = ground.subsidy(person, care=True)
    subsidy.status, subsidy.last_paid = "停发", ground.month(2)
    ground.tekun(person, approved=day_in(ground.month(1), 1))
    ground.miss("R10", person, "两补在纳入特困前已停发")


def _on_both_rolls(ground: Ground) -> None:
    person = ground.house(("户主", True, ground.aged(69))).head
    ground.certify(person, 4, 2)
    subsidy = ground.subsidy(person, care=True)
    tekun = ground.tekun(person, approved=day_shift(ground.as_of, -8))
    ground.hit("R10", person, ground.setting.first_paid(tekun.first_month, subsidy.first_month))


def _paid_beside(ground: Ground) -> None:
    person = ground.house(("户主", False, ground.aged(72))).head
    ground.certify(person, 1, 1)
    ground.tekun(person, approved=day_shift(ground.as_of, -9))
    month = ground.month(1)
    account = ground.account_of(person)
    ground.records.loose_pay.append(
        Pay(
            "重度残疾人护理补贴",
            month,
            person,
            person.village,
            Decimal("75.00"),
            day_in(month, 9),
            account,
            person.name,
        )
    )
    ground.hit("R10", person, month)


PLANTS = {"R06": r06, "R07": r07, "R08": r08, "R09": r09, "R10": r10}
