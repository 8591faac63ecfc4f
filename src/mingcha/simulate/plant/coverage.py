"""Care agreements (R64) and people the programmes may have missed (R67, R68)."""

from __future__ import annotations

from decimal import Decimal

from mingcha.simulate.model import setting as amounts
from mingcha.simulate.model.days import day_in, later
from mingcha.simulate.model.ground import Ground
from mingcha.simulate.model.people import Person


def _elder(ground: Ground, years: int = 76) -> Person:
    return ground.house(("户主", True, ground.aged(years))).head


def r64(ground: Ground) -> None:
    """分散供养无协议."""
    ground.some(
        [
            lambda: _agreed(ground, None),
            lambda: _agreed(ground, (-400, -1)),
            lambda: _agreed(ground, (1, 365)),
        ]
    )
    _agreed(ground, (-364, 0), why="协议最后一天为比对日")
    _agreed(ground, (0, 364), why="协议自比对日当天起")
    central = ground.tekun(_elder(ground), central=True)
    ground.miss("R64", central.person, "集中供养")


def _agreed(ground: Ground, days: tuple[int, int] | None, *, why: str = "") -> None:
    record = ground.tekun(_elder(ground))
    record.agreement = (later(ground.as_of, days[0]), later(ground.as_of, days[1])) if days else None
    if why:
        ground.miss("R64", record.person, why)
    else:
        ground.hit("R64", record.person)


def r67(ground: Ground) -> None:
    """监测对象未摸排."""
    ground.some([lambda: _watched_alone(ground), lambda: _visited_too_early(ground)])
    removed = ground.house(("户主", True, ground.aged(46)))
    ground.monitored(removed, removed=True)
    ground.miss("R67", removed.head, "风险已消除")
    met = ground.house(("户主", True, ground.aged(47)), ("妻", False, ground.aged(46)))
    ground.monitored(met)
    ground.visit(met.head, eligible="不符合")
    ground.miss("R67", met.members[1], "已走访户主")
    edge = ground.house(("户主", True, ground.aged(44)), ("妻", False, ground.aged(43)))
    ground.near_poor(edge)
    ground.monitored(edge)
    ground.miss("R67", edge.head, "已认定低保边缘")


def _watched_alone(ground: Ground) -> None:
    house = ground.house(("户主", True, ground.aged(45)), ("妻", False, ground.aged(44)))
    ground.monitored(house)
    for person in house.members:
        ground.hit("R67", person)


def _visited_too_early(ground: Ground) -> None:
    house = ground.house(("户主", False, ground.aged(52)))
    # not in need through illness or misfortune: whether anybody helped is not at issue here
    ground.monitored(house, identified=ground.month(4)).risk = "缺劳动力"
    ground.visit(house.head, on=day_in(ground.month(5), 3), eligible="不符合")
    ground.hit("R67", house.head)


def r68(ground: Ground) -> None:
    """重病重残未保."""
    ground.some(
        [
            lambda: _severe(ground, 4, 1),
            lambda: _dear(ground, Decimal("20000.01")),
            lambda: _severe(ground, 6, 3),
            lambda: _dear_in_two_stays(ground),
        ]
    )
    exact = _elder(ground, 58)
    ground.stay(exact, amounts.MEDICAL, total=Decimal("58000.00"))
    ground.miss("R68", exact, "自付费用正好等于限额")
    old = _elder(ground, 57)
    ground.stay(old, Decimal("12000.00"))
    ground.stay(old, Decimal("15000.00"), on=later(ground.as_of, -420))
    ground.miss("R68", old, "十二个月内未超限额")
    met = ground.house(("户主", True, ground.aged(55)), ("妻", False, ground.aged(54)))
    ground.certify(met.members[1], 1, 1)
    ground.visit(met.head, eligible="不符合")
    ground.miss("R68", met.members[1], "已走访户主")
    edge = ground.house(("户主", True, ground.aged(53)))
    ground.certify(edge.head, 5, 2)
    ground.near_poor(edge, rigid=True)
    ground.miss("R68", edge.head, "已认定刚性支出困难")
    for status, ends, why in (("注销", None, "残疾证已注销"), ("有效", later(ground.as_of, -9), "残疾证已过期")):
        person = _elder(ground, 56)
        ground.certify(person, 4, 2, status=status, expires=ends)
        ground.miss("R68", person, why)
    orphan = ground.house(("户主", False, ground.aged(66)), ("孙女", False, ground.aged(9)))
    ground.certify(orphan.members[1], 6, 2)
    ground.child(orphan.members[1], "社会散居孤儿", orphan.head)
    ground.miss("R68", orphan.members[1], "已在儿童名册")
    gone = _elder(ground, 70)
    ground.certify(gone, 4, 1)
    ground.die(gone, later(ground.as_of, -80))
    ground.miss("R68", gone, "已死亡")


def _severe(ground: Ground, kind: int, level: int) -> None:
    person = _elder(ground, 42)
    ground.certify(person, kind, level)
    ground.hit("R68", person)


def _dear(ground: Ground, own: Decimal) -> None:
    person = _elder(ground, 61)
    ground.stay(person, own)
    ground.hit("R68", person)


def _dear_in_two_stays(ground: Ground) -> None:
    person = _elder(ground, 59)
    ground.stay(person, Decimal("11500.00"))
    ground.stay(person, Decimal("9800.00"))
    ground.hit("R68", person)


PLANTS = {"R64": r64, "R67": r67, "R68": r68}
