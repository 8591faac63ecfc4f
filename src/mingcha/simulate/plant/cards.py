"""Cards in other hands (R36–R39)."""

from __future__ import annotations

from mingcha.simulate.model.days import later
from mingcha.simulate.model.ground import Ground
from mingcha.simulate.model.people import Person
from mingcha.simulate.model.records import Dibao, Officer


def _cadre(ground: Ground, near: Person) -> Officer:
    """A new cadre of the person's village, of no kin to anybody in aid."""
    house = ground.house(("户主", True, ground.aged(50)), village=near.village)
    while house.head.name in ground.officer_names:
        house = ground.house(("户主", True, ground.aged(50)), village=near.village)
    return ground.officer(house.head, post="村会计")


def _visited(ground: Ground, record: Dibao, holder: str) -> None:
    visit = ground.visit(record.head, program="低保", holder=holder)
    visit.insured = len(record.insured)


def r36(ground: Ground) -> None:
    """代持卡折未登记."""
    for place in range(ground.setting.size.cases):
        record = ground.lone(61)
        name = _cadre(ground, record.head).person.name
        _visited(ground, record, f"村会计{name}" if place % 2 == 0 else name)
        ground.hit("R36", record.head)
    record = ground.lone(64)
    cadre = _cadre(ground, record.head)
    _visited(ground, record, f"村会计{cadre.person.name}")
    ground.keep_card(record.head, cadre.person, post="村干部", relation="村干部")
    ground.miss("R36", record.head, "已登记代管")
    ground.miss("R37", record.head, "有协议、已备案、在有效期内")
    ground.miss("R38", record.head, "本人同意")
    _cadre_of_another_village(ground)


def _cadre_of_another_village(ground: Ground) -> None:
    if len(ground.villages) < 2:
        return
    record = ground.lone(60)
    for officer in ground.records.officers:
        elsewhere = officer.village is not None and officer.village is not record.village
        here = [o for o in ground.records.officers if o.person.name == officer.person.name and o is not officer]
        if elsewhere and officer.township == ground.township.name and not here:
            _visited(ground, record, officer.person.name)
            ground.miss("R36", record.head, "与外村干部同名")
            return


def r37(ground: Ground) -> None:
    """代管无协议或过期."""
    ground.some(
        [
            lambda: _held(ground, agreement="否"),
            lambda: _held(ground, days=(-400, -1)),
            lambda: _held(ground, filed=False),
            lambda: _held(ground, days=(1, 366), filed_on_day=True),
        ]
    )
    last_day = ground.lone(66).head
    ground.keep_card(last_day, _cadre(ground, last_day).person, post="村干部", relation="村干部", days=(-364, 0))
    ground.miss("R37", last_day, "协议最后一天为比对日")
    returned = ground.lone(62).head
    row = ground.keep_card(returned, _cadre(ground, returned).person, post="村干部", relation="村干部", agreement="否")
    row.returned_on = later(ground.as_of, -20)
    ground.miss("R37", returned, "卡折已归还")
    son_house = ground.house(("户主", True, ground.aged(76)), ("长子", True, ground.aged(48)))
    father = ground.dibao(son_house, members=[(son_house.head, "户主")]).head
    ground.keep_card(father, son_house.members[1], post="近亲属", relation="父子", agreement="否", filed=False)
    ground.miss("R37", father, "由子女代管")


def _held(
    ground: Ground,
    *,
    agreement: str = "是",
    days: tuple[int, int] = (-200, 165),
    filed: bool = True,
    filed_on_day: bool = False,
) -> None:
    person = ground.lone(67).head
    cadre = _cadre(ground, person).person
    row = ground.keep_card(person, cadre, post="村干部", relation="村干部", agreement=agreement, days=days, filed=filed)
    if filed_on_day:
        row.filed_on = later(ground.as_of, -3)
    ground.hit("R37", person)


def r38(ground: Ground) -> None:
    """违愿代持."""
    ground.some(
        [lambda: _against(ground, "不同意"), lambda: _against(ground, "未知"), lambda: _son_against_will(ground)]
    )
    house = ground.house(("户主", False, ground.aged(77)), ("长子", True, ground.aged(49)))
    mother = ground.dibao(house, members=[(house.head, "户主")]).head
    ground.keep_card(mother, house.members[1], post="近亲属", relation="母子", will="未知")
    ground.miss("R38", mother, "由子女代管，意愿未写明")


def _against(ground: Ground, will: str) -> None:
    person = ground.lone(68).head
    ground.keep_card(person, _cadre(ground, person).person, post="村干部", relation="村干部", will=will)
    ground.hit("R38", person)


def _son_against_will(ground: Ground) -> None:
    house = ground.house(("户主", False, ground.aged(79)), ("长子", True, ground.aged(51)))
    mother = ground.dibao(house, members=[(house.head, "户主")]).head
    ground.keep_card(mother, house.members[1], post="近亲属", relation="母子", will="不同意")
    ground.hit("R38", mother)


def r39(ground: Ground) -> None:
    """一人持多卡: the subject is the holder."""
    for _ in range(1 if ground.setting.scale == "village" else ground.setting.size.cases - 1):
        holder = _many(ground, 5, returned=0)
        ground.hit("R39", holder)
    ground.miss("R39", _many(ground, 5, returned=1), "其中一张已归还")
    for years in range(71, 77):
        resident = ground.tekun(ground.house(("户主", True, ground.aged(years))).head, central=True)
        ground.keep_card(resident.person, resident.institution, post="供养机构", relation="供养机构", program="特困")
        ground.miss("R39", resident.person, "供养机构代管本院人员卡折")


def _many(ground: Ground, count: int, *, returned: int) -> Person:
    people = [ground.lone(63).head for _ in range(count)]
    holder = _cadre(ground, people[0]).person
    for place, person in enumerate(people):
        row = ground.keep_card(person, holder, post="村干部", relation="村干部")
        if place < returned:
            row.returned_on = later(ground.as_of, -30)
    return holder


PLANTS = {"R36": r36, "R37": r37, "R38": r38, "R39": r39}
