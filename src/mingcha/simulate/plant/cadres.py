"""Officers on rolls (R28) and their relatives who were not filed (R32)."""

from __future__ import annotations

from decimal import Decimal

from mingcha.simulate.model.days import day_shift, later
from mingcha.simulate.model.ground import Ground
from mingcha.simulate.model.people import House, Person
from mingcha.simulate.model.records import Schedule, Worker


def r28(ground: Ground) -> None:
    """财政供养/村干部本人在保."""
    ground.some([lambda: _cadre_on_roll(ground), lambda: _paid_by_state(ground), lambda: _last_day_in_post(ground)])
    former = ground.lone(58).head
    ground.officer(former, post="村委会委员", until=later(ground.as_of, -1))
    ground.miss("R28", former, "比对日前已离任")
    left = ground.lone(56).head
    ground.records.workers.append(_pay_row(ground, left, "离职"))
    ground.miss("R28", left, "财政供养名册已注明离职")


def _cadre_on_roll(ground: Ground) -> None:
    person = ground.lone(54).head
    ground.officer(person, post="村委会委员")
    ground.hit("R28", person)


def _last_day_in_post(ground: Ground) -> None:
    person = ground.lone(55).head
    ground.officer(person, post="村委会委员", until=ground.as_of)
    ground.hit("R28", person)


def _paid_by_state(ground: Ground) -> None:
    person = ground.lone(51).head
    ground.records.workers.append(_pay_row(ground, person, "在职"))
    ground.hit("R28", person)
    ground.hit("R24", person)


def _pay_row(ground: Ground, person: Person, state: str) -> Worker:
    unit = f"{ground.township.short}中心小学"
    return Worker(person, unit, "事业编制", "职员", state, Decimal("3680.00"))


def r32(ground: Ground) -> None:
    """近亲属应备未备."""
    ground.some(
        [
            lambda: _one_register_household(ground),
            lambda: _by_father_number(ground),
            lambda: _uninsured_son(ground),
            lambda: _filed_not_eligible(ground),
            lambda: _one_phone(ground),
            lambda: _one_account(ground),
            lambda: _one_door(ground),
        ]
    )
    _door_elsewhere(ground)
    house = _father_and_son(ground)
    officer = ground.officer(house.members[1], post="村委会委员")
    ground.dibao(house, members=[(house.head, "户主")])
    ground.file_kin(officer, house.head, "父子")
    ground.miss("R32", house.head, "已备案")
    house = _father_and_son(ground)
    record = ground.dibao(house, members=[(house.head, "户主")])
    gone = day_shift(record.approved_on, -14)
    ground.officer(house.members[1], post="村委会委员", since=day_shift(gone, -40), until=gone)
    ground.miss("R32", house.head, "纳入低保前干部已离任")
    handed = ground.officer(ground.lone_household(50), post="村会计")
    number = ground.home_line(handed.person)
    for years in (61, 62, 63, 64):
        person = ground.lone(years).head
        person.phone = number
        ground.miss("R32", person, "村里多户都留这个干部的电话")


def _father_and_son(ground: Ground) -> House:
    return ground.house(("户主", True, ground.aged(69)), ("长子", True, ground.aged(43)))


def _one_register_household(ground: Ground) -> None:
    house = _father_and_son(ground)
    ground.officer(house.members[1], post="村委会副主任")
    ground.dibao(house, members=[(house.head, "户主")])
    ground.hit("R32", house.head)


def _by_father_number(ground: Ground) -> None:
    """The son keeps his own household; the register gives his father's number."""
    record = ground.lone(72, is_male=True)
    home = ground.house(("户主", True, ground.aged(45)), village=record.village)
    home.head.father = record.head
    ground.officer(home.head, post="党支部副书记")
    ground.hit("R32", record.head)


def _uninsured_son(ground: Ground) -> None:
    """The officer stands on the household's own roll, not insured."""
    house = _father_and_son(ground)
    ground.officer(house.members[1], post="村委会委员")
    ground.dibao(house, insured=[0])
    ground.hit("R32", house.head)


def _filed_not_eligible(ground: Ground) -> None:
    """Filed, found not to meet the conditions, and still paid."""
    house = _father_and_son(ground)
    officer = ground.officer(house.members[1], post="村委会委员")
    ground.dibao(house, members=[(house.head, "户主")])
    ground.file_kin(officer, house.head, "父子").eligible = "否"
    ground.hit("R32", house.head)


def _one_phone(ground: Ground) -> None:
    """The register knows of no tie, but the household gives the officer's phone."""
    officer = ground.officer(ground.lone_household(46), post="村会计")
    person = ground.lone(73).head
    person.phone = ground.home_line(officer.person)
    ground.hit("R32", person)


def _one_account(ground: Ground) -> None:
    """Aid goes to the account on which the officer's pay arrives, in his name."""
    officer = ground.officer(ground.lone_household(47), post="村会计")
    record = ground.lone(74)
    officer.account = ground.account_of(officer.person)
    record.roll_account, record.roll_account_name = officer.account, officer.person.name
    record.pay = Schedule(officer.account, officer.person.name)
    ground.hit("R32", record.head)
    ground.hit("R40", record.head)


def _one_door(ground: Ground) -> None:
    """Two households of the register in one house, of which the roll and the register write the number."""
    record = ground.lone(75)
    home = ground.house(("户主", True, ground.aged(48)), village=record.village)
    home.door = record.head.house.door = _door(ground)
    ground.officer(home.head, post="村委会委员")
    ground.hit("R32", record.head)


def _door_elsewhere(ground: Ground) -> None:
    """One house number in two villages."""
    record = ground.lone(76)
    other = next((village for village in ground.villages if village is not record.village), None)
    if other is None:
        return
    home = ground.house(("户主", True, ground.aged(49)), village=other)
    home.door = record.head.house.door = _door(ground)
    ground.officer(home.head, post="村委会委员")
    ground.miss("R32", record.head, "外村干部的门牌号相同")


def _door(ground: Ground) -> str:
    return f"{len(ground.records.officers) + 1}号"


PLANTS = {"R28": r28, "R32": r32}
