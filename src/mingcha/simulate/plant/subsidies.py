"""Disability subsidies, children, tekun: who may draw what (R12–R20)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from mingcha.simulate.model import setting as amounts
from mingcha.simulate.model.days import day_shift, later, years_before
from mingcha.simulate.model.ground import Ground
from mingcha.simulate.model.people import House, Person
from mingcha.simulate.model.records import Child, Injured


def _with_grandmother(ground: Ground, age: int, *, grandmother: int = 62) -> House:
    return ground.house(("户主", False, ground.aged(grandmother)), ("孙子", True, ground.aged(age)))


def r12(ground: Ground) -> None:
    """孤儿领生活补贴."""
    for _ in range(ground.setting.size.cases):
        house = _with_grandmother(ground, 11)
        ground.certify(house.members[1], 4, 3)
        ground.child(house.members[1], "社会散居孤儿", house.head)
        ground.subsidy(house.members[1], living=True)
        ground.hit("R12", house.members[1])
    house = _with_grandmother(ground, 9)
    ground.certify(house.members[1], 5, 1)
    ground.child(house.members[1], "社会散居孤儿", house.head)
    ground.subsidy(house.members[1], care=True)
    ground.miss("R12", house.members[1], "只享受护理补贴")


def r13(ground: Ground) -> None:
    """全额儿童领生活补贴."""
    for _ in range(ground.setting.size.cases):
        house = _with_grandmother(ground, 13)
        ground.certify(house.members[1], 2, 3)
        ground.child(house.members[1], "事实无人抚养儿童", house.head)
        ground.subsidy(house.members[1], living=True)
        ground.hit("R13", house.members[1])
    topped = _topped_up(ground, Decimal(0))
    ground.certify(topped, 4, 4)
    ground.subsidy(topped, living=True)
    ground.miss("R13", topped, "补差发放的儿童")
    ground.miss("R14", topped, "补差后合计不超过养育标准")
    house = _with_grandmother(ground, 8)
    ground.certify(house.members[1], 6, 2)
    ground.child(house.members[1], "事实无人抚养儿童", house.head)
    ground.subsidy(house.members[1], care=True)
    ground.miss("R13", house.members[1], "只享受护理补贴")


def _topped_up(ground: Ground, over: Decimal) -> Person:
    """A child of a dibao household of two, topped up to the child rate (and so much over it)."""
    house = _with_grandmother(ground, 10, grandmother=58)
    record = ground.dibao(house, area="农村")
    share = record.total / len(record.insured)
    child = house.members[1]
    ground.child(child, "事实无人抚养儿童", house.head, amount=amounts.CHILD_HOME - share + over, top_up=True)
    return child


def r14(ground: Ground) -> None:
    """儿童未补差."""
    ground.some([lambda: _full_beside_dibao(ground), lambda: ground.hit("R14", _topped_up(ground, Decimal("0.50")))])
    ground.miss("R14", _topped_up(ground, Decimal(0)), "合计正好等于养育标准")


def _full_beside_dibao(ground: Ground) -> None:
    house = _with_grandmother(ground, 7, grandmother=57)
    ground.dibao(house, area="农村")
    ground.child(house.members[1], "事实无人抚养儿童", house.head)
    ground.hit("R14", house.members[1])


def r15(ground: Ground) -> None:
    """生活补贴资格失联."""
    ground.some([lambda: _living_alone(ground), lambda: _living_near_poor(ground), lambda: _living_after_dibao(ground)])
    record = ground.couple(54, insured=[0])
    wife = record.members[1].person
    ground.certify(wife, 4, 4)
    ground.subsidy(wife, living=True)
    ground.miss("R15", wife, "低保家庭的成员，本人未列为保障对象")


def _living_alone(ground: Ground) -> None:
    person = ground.house(("户主", True, ground.aged(52))).head
    ground.certify(person, 4, 4)
    ground.subsidy(person, living=True)
    ground.hit("R15", person)


def _living_near_poor(ground: Ground) -> None:
    house = ground.house(("户主", True, ground.aged(50)), ("妻", False, ground.aged(49)))
    ground.near_poor(house)
    ground.certify(house.head, 2, 4)
    ground.subsidy(house.head, living=True)
    ground.hit("R15", house.head)


def _living_after_dibao(ground: Ground) -> None:
    record = ground.lone(53)
    record.last_month = ground.month(2)
    ground.certify(record.head, 4, 3)
    ground.subsidy(record.head, living=True)
    ground.hit("R15", record.head)


def r16(ground: Ground) -> None:
    """护理补贴等级不符."""
    ground.some(
        [
            lambda: _care(ground, 4, 3),
            lambda: _care(ground, 4, 2, status="注销"),
            lambda: _care(ground, 4, 1, expired=True),
            lambda: _care(ground, 1, 2, on_roll=False),
            lambda: _care(ground, 6, 3),
        ]
    )
    person = ground.house(("户主", True, ground.aged(56))).head
    ground.certify(person, 4, 2, expires=ground.as_of)
    ground.subsidy(person, care=True)
    ground.visit(person, eligible="不符合")
    ground.miss("R16", person, "残疾证有效期至比对日当天")


def _care(
    ground: Ground, kind: int, level: int, *, status: str = "有效", expired: bool = False, on_roll: bool = True
) -> None:
    person = ground.house(("户主", True, ground.aged(57))).head
    ends = later(ground.as_of, -1 - int(ground.rng.random() * 200)) if expired else None
    ground.certify(person, kind, level, status=status, expires=ends, on_roll=on_roll)
    ground.subsidy(person, care=True)
    ground.visit(person, eligible="不符合")
    ground.hit("R16", person)


def r17(ground: Ground) -> None:
    """应享两补未享."""
    ground.some([lambda: _without_any(ground), lambda: _care_alone(ground)])
    expired = ground.lone(50, tier="B").head
    ground.certify(expired, 4, 3, expires=later(ground.as_of, -40))
    ground.miss("R17", expired, "残疾证已过期")
    injured = ground.lone(48, tier="B").head
    ground.certify(injured, 4, 3)
    ground.records.injured.append(Injured(injured, Decimal("1380.00")))
    ground.miss("R17", injured, "享受工伤生活护理费")


def _without_any(ground: Ground) -> None:
    person = ground.lone(49, tier="B").head
    ground.certify(person, 4, 3)
    ground.hit("R17", person)


def _care_alone(ground: Ground) -> None:
    person = ground.lone(45, tier="A").head
    ground.certify(person, 4, 1)
    ground.subsidy(person, care=True)
    ground.hit("R17", person)


def r19(ground: Ground) -> None:
    """特困劳动能力不符."""
    ground.some(
        [
            lambda: _tekun_able(ground, None),
            lambda: _tekun_able(ground, (4, 3)),
            lambda: _tekun_almost_sixty(ground),
        ]
    )
    sixty = ground.house(("户主", True, years_before(ground.as_of, 60))).head
    ground.tekun(sixty, care="全自理")
    ground.miss("R19", sixty, "比对日当天满六十周岁")
    mental = ground.house(("户主", True, ground.aged(44))).head
    ground.certify(mental, 6, 3)
    ground.tekun(mental, care="半自理")
    ground.miss("R19", mental, "精神残疾三级属规定情形")
    minor = _with_grandmother(ground, 17, grandmother=70).members[1]
    ground.tekun(minor, care="全自理", approved=day_shift(ground.as_of, -30))
    ground.miss("R19", minor, "未满十八周岁")


def _tekun_able(ground: Ground, grade: tuple[int, int] | None) -> None:
    person = ground.house(("户主", True, ground.aged(47))).head
    if grade is not None:
        ground.certify(person, *grade)
    ground.tekun(person, care="全自理")
    ground.hit("R19", person)


def _tekun_almost_sixty(ground: Ground) -> None:
    """Turns sixty the day after the comparison."""
    birth = years_before(later(ground.as_of, 1), 60)
    person = ground.house(("户主", True, birth)).head
    ground.tekun(person, care="全自理")
    ground.hit("R19", person)


def r20(ground: Ground) -> None:
    """未成年超龄."""
    ground.some(
        [
            lambda: _grown(ground, None),
            lambda: _grown_tekun(ground),
            lambda: _grown(ground, 0),
        ]
    )
    pupil = _child_of(ground, ground.aged(18))
    pupil.school, pupil.school_state = "夏邑县职业技术学校", "在校（中职）"
    ground.miss("R20", pupil.person, "中等职业学校在读")
    young = _child_of(ground, years_before(later(ground.as_of, 1), 18))
    young.school, young.school_state = "", "毕业"
    ground.miss("R20", young.person, "次日才满十八周岁")


def _child_of(ground: Ground, birth: date) -> Child:
    house = ground.house(("户主", False, ground.aged(67)), ("孙女", False, birth))
    return ground.child(house.members[1], "事实无人抚养儿童", house.head)


def _grown(ground: Ground, days: int | None) -> None:
    """Eighteen and out of school; days=0: eighteen on the very day."""
    child = _child_of(ground, ground.aged(18, days=days) if days is not None else ground.aged(18))
    child.school, child.school_state = "", "毕业"
    ground.hit("R20", child.person)


def _grown_tekun(ground: Ground) -> None:
    """Admitted at fifteen, nineteen now, no school on record."""
    house = _with_grandmother(ground, 19, grandmother=74)
    ground.tekun(house.members[1], care="全自理", approved=day_shift(ground.as_of, -52))
    ground.hit("R20", house.members[1])
    ground.miss("R19", house.members[1], "未成年时纳入的由超龄规则判断")


PLANTS = {"R12": r12, "R13": r13, "R14": r14, "R15": r15, "R16": r16, "R17": r17, "R19": r19, "R20": r20}
