"""What people own and earn, and who could support them (R11 R18 R21–R24 R27)."""

from __future__ import annotations

from decimal import Decimal

from mingcha.simulate.model.days import later
from mingcha.simulate.model.ground import Ground
from mingcha.simulate.model.people import Person
from mingcha.simulate.model.records import Dibao, Injured


def _old(ground: Ground, years: int = 72) -> Person:
    """An old man of no family on the tekun roll."""
    person = ground.house(("户主", True, ground.aged(years))).head
    ground.tekun(person)
    return person


def r11(ground: Ground) -> None:
    """工伤护理领两补."""
    ground.some([lambda: _injured_with_care(ground), lambda: _injured_with_living(ground)])
    insured = _subsidised(ground)
    ground.records.injured.append(Injured(insured, None, "正常参保", "在职职工"))
    ground.miss("R11", insured, "只是参加工伤保险，没有领取待遇")
    pensioned = _subsidised(ground)
    ground.records.injured.append(Injured(pensioned, Decimal("2100.00"), kind="一至四级伤残津贴"))
    ground.miss("R11", pensioned, "领取的是伤残津贴，不是生活护理费")
    ended = _subsidised(ground)
    ground.records.injured.append(Injured(ended, Decimal("1380.00"), "终止参保"))
    ground.miss("R11", ended, "工伤待遇已终止")


def _subsidised(ground: Ground) -> Person:
    """Severely disabled, outside dibao, with the care subsidy."""
    person = ground.house(("户主", True, ground.aged(54))).head
    ground.certify(person, 4, 1)
    ground.subsidy(person, care=True)
    ground.visit(person, eligible="不符合")
    return person


def _injured_with_care(ground: Ground) -> None:
    person = _subsidised(ground)
    ground.records.injured.append(Injured(person, Decimal("1420.00")))
    ground.hit("R11", person)


def _injured_with_living(ground: Ground) -> None:
    person = ground.lone(47, tier="B").head
    ground.certify(person, 4, 3)
    ground.subsidy(person, living=True)
    ground.records.injured.append(Injured(person, Decimal("1360.00")))
    ground.hit("R11", person)


def r18(ground: Ground) -> None:
    """服刑强戒仍在保."""
    ground.some(
        [
            lambda: _inside(ground, ground.lone(44).head, "服刑人员"),
            lambda: _inside(ground, ground.lone(41).head, "强制隔离戒毒人员"),
            lambda: _inside(ground, _old(ground, 63), "监狱服刑"),
        ]
    )
    for person, kind, why in (
        (ground.lone(43).head, "社区矫正对象", "社区矫正，不在监所"),
        (ground.lone(45).head, "刑满释放人员", "已刑满释放"),
        (_old(ground, 64), "强制隔离戒毒人员", "特困人员强制隔离戒毒不在此列"),
    ):
        _told(ground, person, kind)
        ground.miss("R18", person, why)
    cleared = ground.lone(46).head
    _told(ground, cleared, "服刑人员", is_key="否")
    ground.miss("R18", cleared, "核对结果写明不是重点人员")


def _told(ground: Ground, person: Person, kind: str, *, is_key: str = "是") -> None:
    check = ground.check(person)
    check.is_key, check.key_kind = is_key, kind


def _inside(ground: Ground, person: Person, kind: str) -> None:
    _told(ground, person, kind)
    ground.hit("R18", person)


def r21(ground: Ground) -> None:
    """特困收入超标."""
    ground.some([lambda: _pensioned(ground), lambda: _still_paid(ground)])
    base = _old(ground, 75)
    ground.pension(base, "900.00", base="780.00", kind="城乡居民基本养老保险")
    ground.miss("R21", base, "扣除基础养老金后低于低保标准")
    whole = _old(ground, 76)
    ground.pension(whole, "860.00", kind="城乡居民基本养老保险")
    ground.miss("R21", whole, "居民养老没有分列基础养老金，不能推断")
    small = _old(ground, 71)
    ground.pension(small, "210.00")
    ground.miss("R21", small, "养老待遇低于低保标准")


def _pensioned(ground: Ground) -> None:
    person = _old(ground, 70)
    ground.pension(person, "1650.00")
    ground.hit("R21", person)


def _still_paid(ground: Ground) -> None:
    person = _old(ground, 62)
    ground.wage(person, "1900.00")
    ground.hit("R21", person)


def r22(ground: Ground) -> None:
    """特困义务人有能力."""
    ground.some(
        [
            lambda: _son_able(ground, "pay"),
            lambda: _son_able(ground, "job"),
            lambda: _son_able(ground, "firm"),
            lambda: _son_able(ground, "wage"),
        ]
    )
    father = _old(ground, 74)
    ground.son_of(father, 48)
    ground.miss("R22", father, "子女没有收入或经营的凭据")
    father = _old(ground, 95)
    ground.job(ground.son_of(father, 71))
    ground.miss("R22", father, "子女已满七十周岁")
    father = _old(ground, 88)
    son = ground.son_of(father, 63)
    ground.dibao(son.house)
    ground.job(son)
    ground.miss("R22", father, "子女是满六十周岁的低保对象")
    father = _old(ground, 77)
    son = ground.son_of(father, 50)
    ground.certify(son, 4, 1)
    ground.visit(son, eligible="不符合")
    ground.job(son)
    ground.miss("R22", father, "子女重度残疾")
    father = _old(ground, 73)
    son = ground.son_of(father, 46)
    ground.job(son)
    _told(ground, son, "服刑人员")
    ground.miss("R22", father, "子女正在服刑")


def _son_able(ground: Ground, way: str) -> None:
    father = _old(ground, 76)
    son = ground.son_of(father, 47)
    if way == "pay":
        ground.pay(son)
    elif way == "job":
        ground.job(son)
    elif way == "firm":
        ground.firm(son)
    else:
        ground.wage(son, "3300.00")
    ground.hit("R22", father)


def r23(ground: Ground) -> None:
    """特困财产超标."""
    ground.some(
        [lambda: _tekun_owns(ground, "car"), lambda: _tekun_owns(ground, "firm"), lambda: _tekun_owns(ground, "homes")]
    )
    rider = _old(ground, 66)
    _moto(ground, rider)
    ground.miss("R23", rider, "摩托车不计入")
    gone = _old(ground, 67)
    ground.car(gone).state = "注销"
    ground.miss("R23", gone, "车辆已注销")
    closed = _old(ground, 68)
    ground.firm(closed).state = "注销"
    ground.miss("R23", closed, "市场主体已注销")
    two = _old(ground, 69)
    ground.homes(2, two)
    ground.miss("R23", two, "房屋套数等于标准")


def _moto(ground: Ground, person: Person) -> None:
    car = ground.car(person)
    car.plate_kind, car.kind = "普通摩托车", "普通二轮摩托车"


def _tekun_owns(ground: Ground, what: str) -> None:
    person = _old(ground, 65)
    if what == "car":
        ground.car(person)
    elif what == "firm":
        ground.firm(person)
    else:
        ground.homes(3, person)
    ground.hit("R23", person)


def r24(ground: Ground) -> None:
    """低保收入超标."""
    ground.some([lambda: _couple_earns(ground), lambda: _pensioner_in_dibao(ground)])
    tapered = ground.couple(48)
    ground.wage(tapered.members[1].person, "2900.00")
    ground.notify(
        tapered.head,
        "低保",
        "渐退",
        later(ground.as_of, -40),
        reason="家庭成员就业，收入超过低保标准，实行渐退",
        reason_kind="就业",
    )
    ground.miss("R24", tapered.head, "已办理渐退")
    poor = ground.couple(49)
    ground.wage(poor.members[1].person, "700.00")
    ground.miss("R24", poor.head, "按人口平均低于低保标准")
    old = ground.couple(66)
    ground.pension(old.head, "980.00", base="980.00", kind="城乡居民基本养老保险")
    ground.miss("R24", old.head, "基础养老金不计入")
    son = ground.lone(70, is_male=True)
    ground.wage(ground.son_of(son.head, 44), "3800.00")
    ground.miss("R24", son.head, "有收入的儿子不是家庭成员")


def _couple_earns(ground: Ground) -> None:
    record = ground.couple(47)
    ground.wage(record.members[1].person, "2900.00")
    ground.hit("R24", record.head)


def _pensioner_in_dibao(ground: Ground) -> None:
    record = ground.lone(64)
    ground.pension(record.head, "2400.00")
    ground.hit("R24", record.head)


def r27(ground: Ground) -> None:
    """低保财产超标."""
    ground.some(
        [
            lambda: _family_owns(ground, "car"),
            lambda: _family_owns(ground, "firm"),
            lambda: _family_owns(ground, "homes"),
            lambda: _family_owns(ground, "deposit"),
            lambda: _family_owns(ground, "stocks"),
        ]
    )
    shared = ground.couple(50)
    ground.homes(2, *_both(shared))
    ground.miss("R27", shared.head, "夫妻共有两套，等于标准")
    rider = ground.lone(45).head
    _moto(ground, rider)
    ground.miss("R27", rider, "摩托车不计入")
    special = ground.lone(46).head
    ground.car(special).use = "残疾人专用"
    ground.miss("R27", special, "残疾人专用车")
    saver = ground.couple(51)
    ground.check(saver.head).stocks = Decimal("40000.00")
    ground.miss("R27", saver.head, "人均金融资产等于标准")
    fine = ground.lone(47).head
    ground.check(fine).over = "否"
    ground.miss("R27", fine, "存款没有超限")
    neighbour = ground.lone(71, is_male=True)
    ground.car(ground.son_of(neighbour.head, 43))
    ground.miss("R27", neighbour.head, "车主不是家庭成员")


def _both(record: Dibao) -> tuple[Person, Person]:
    return record.members[0].person, record.members[1].person


def _family_owns(ground: Ground, what: str) -> None:
    record = ground.couple(49)
    if what == "car":
        ground.car(record.members[1].person)
    elif what == "firm":
        ground.firm(record.members[1].person, is_owner=True)
    elif what == "homes":
        ground.homes(2, *_both(record))
        ground.homes(1, record.head)
    elif what == "deposit":
        ground.check(record.head).over = "是"
    else:
        ground.check(record.head).stocks = Decimal("40000.01")
    ground.hit("R27", record.head)


PLANTS = {"R11": r11, "R18": r18, "R21": r21, "R22": r22, "R23": r23, "R24": r24, "R27": r27}
