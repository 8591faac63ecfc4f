"""Deaths: not exited (R01), paid afterwards (R02), sources that differ (R04)."""

from __future__ import annotations

from datetime import date

from mingcha.simulate.model.days import day_in, day_shift, later, month_of
from mingcha.simulate.model.ground import Ground
from mingcha.simulate.model.people import Death, Person
from mingcha.simulate.model.records import PayLine

#: months a dead person may stay on the roll
_LIMIT = 3


def _last_day_in_time(ground: Ground) -> date:
    """The earliest death date whose limit has not passed."""
    day = later(ground.as_of, -100)
    while day_shift(day, _LIMIT) < ground.as_of:
        day = later(day, 1)
    return day


def _paid_after(ground: Ground, person: Person, death: date) -> None:
    """Person payments of the months delivered that lie after the month of death."""
    months = [month for month in ground.setting.paid_months() if month > month_of(death)]
    if months:
        ground.hit("R02", person, months[0])


def r01(ground: Ground) -> None:
    """死亡未退出, with the payments that go with it."""
    ground.some(
        [
            lambda: _lone_dead(ground),
            lambda: _tekun_dead(ground),
            lambda: _wife_dead(ground, later(_last_day_in_time(ground), -1)),
            lambda: _subsidised_dead(ground),
            lambda: _wife_dead(ground, later(ground.as_of, -131)),
        ]
    )
    in_time = ground.couple(63)
    wife = in_time.members[1].person
    ground.die(wife, _last_day_in_time(ground))
    ground.miss("R01", wife, "期限届满日当天")
    _other_name(ground)
    _left_in_time(ground)


def _lone_dead(ground: Ground) -> None:
    person = ground.lone(71).head
    day = later(ground.as_of, -152)
    ground.die(person, day)
    ground.hit("R01", person)
    _paid_after(ground, person, day)


def _tekun_dead(ground: Ground) -> None:
    house = ground.house(("户主", True, ground.aged(78)))
    ground.tekun(house.head)
    day = later(ground.as_of, -204)
    ground.die(house.head, day, police=False)
    ground.hit("R01", house.head)
    _paid_after(ground, house.head, day)


def _wife_dead(ground: Ground, day: date) -> None:
    wife = ground.couple(66).members[1].person
    ground.die(wife, day, funeral=False)
    ground.hit("R01", wife)
    ground.miss("R02", wife, "低保按户发到户主账户，户内还有其他保障对象")


def _subsidised_dead(ground: Ground) -> None:
    person = ground.house(("户主", True, ground.aged(64))).head
    ground.certify(person, 4, 1)
    ground.subsidy(person, care=True)
    day = later(ground.as_of, -163)
    ground.die(person, day)
    ground.hit("R01", person)
    _paid_after(ground, person, day)


def _other_name(ground: Ground) -> None:
    """The funeral home wrote a living recipient's number beside another name."""
    living = ground.lone(68).head
    ghost_house = ground.maker.house(living.village, "dead")
    ghost = ground.maker.person(ghost_house, "户主", living.is_male, living.birth, ground.rng)
    ghost.number = living.number
    if ghost.name == living.name:
        ghost.name = living.name[0] + "来顺"
    day = later(ground.as_of, -180)
    ghost.death = Death(day, in_funeral=True, in_police=False, cremated_on=later(day, 2))
    ground.records.dead.append(ghost)
    ground.miss("R01", living, "死亡名单上号码相同、姓名不同")
    ground.miss("R02", living, "死亡名单上号码相同、姓名不同")


def _left_in_time(ground: Ground) -> None:
    """Died before last and left the roll; the payment that still went out came back."""
    record = ground.lone(74)
    day = day_in(ground.month(2), 16)
    ground.die(record.head, day)
    record.last_month = ground.month(2)
    record.pay.by_month[ground.month(1)] = [PayLine(status="退汇", fail_reason="账户销户")]
    ground.miss("R01", record.head, "比对日前已退出名册")
    ground.miss("R02", record.head, "退汇的不算发放")


def r02(ground: Ground) -> None:
    """死后发放 inside the limit for leaving the roll."""
    ground.some([lambda: _inside_limit(ground), lambda: _tekun_inside_limit(ground)])
    record = ground.lone(69)
    ground.die(record.head, day_in(ground.month(1), 12))
    ground.miss("R02", record.head, "死亡当月的发放不算")


def _inside_limit(ground: Ground) -> None:
    record = ground.lone(73)
    day = day_in(ground.month(2), 17)
    ground.die(record.head, day)
    ground.hit("R02", record.head, ground.month(1))
    ground.miss("R01", record.head, "死亡未满期限")


def _tekun_inside_limit(ground: Ground) -> None:
    house = ground.house(("户主", True, ground.aged(81)))
    ground.tekun(house.head)
    ground.die(house.head, day_in(ground.month(2), 20))
    ground.hit("R02", house.head, ground.month(1))
    ground.miss("R01", house.head, "死亡未满期限")


def r04(ground: Ground) -> None:
    """死亡信息矛盾."""
    ground.some([lambda: _dates_apart(ground, 12), lambda: _met_afterwards(ground)])
    near = ground.couple(64).members[1].person
    death = ground.die(near, later(ground.as_of, -55))
    death.police_on = later(death.on, 7)
    death.cancelled_on = later(death.on, 20)
    ground.miss("R04", near, "两处死亡日期相差不超过允许天数")
    single = ground.couple(67).members[1].person
    ground.die(single, later(ground.as_of, -45), police=False)
    ground.miss("R04", single, "只有一个来源")


def _dates_apart(ground: Ground, days: int) -> None:
    wife = ground.couple(65).members[1].person
    death = ground.die(wife, later(ground.as_of, -60))
    death.police_on = later(death.on, days)
    death.cancelled_on = later(death.on, days + 15)
    ground.hit("R04", wife)


def _met_afterwards(ground: Ground) -> None:
    record = ground.couple(62)
    wife = record.members[1].person
    ground.die(wife, later(ground.as_of, -50))
    ground.visit(record.head, wife, on=later(ground.as_of, -15), program="低保").problem = "入户时本人在家"
    ground.hit("R04", wife)


PLANTS = {"R01": r01, "R02": r02, "R04": r04}
