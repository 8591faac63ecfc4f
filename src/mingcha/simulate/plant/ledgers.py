"""Public lists (R54–R56), returns and funds (R35, R49, R80), comparisons, complaints, problems and leads (R74–R79)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal

from mingcha.simulate.model.days import day_shift, later
from mingcha.simulate.model.ground import Ground
from mingcha.simulate.model.ledgers import Fund, Listed, Listing, MatchRun, Petition, Problem
from mingcha.simulate.model.people import Person
from mingcha.simulate.model.places import Village

#: of the townships, every third is in the wrong where a rule asks about whole townships
_EVERY = 3
_KIN = "近亲属备案"
_SUMMARY = "综合治理报告"
#: warnings and comparisons that nobody else than the county bureau answers for
_BUREAU = "县民政局"
_SHOWN_KINDS = {"初审公示": "初审公示", "确认公布": "确认公布", "长期公示": "长期公示", "终止公示": "终止公示"}
_SHOWN_PROGRAMS = {"低保": "低保", "特困": "特困", "临时救助": "临时救助", "孤儿": "儿童保障"}


def _shown(village: Village) -> str:
    """The village as findings name it: 王楼村, 滨湖路居委会; in the local unit 农贸市场."""
    if village.code.startswith("LOCAL"):
        return village.short
    if village.is_urban:
        return village.name
    return village.short if village.short.endswith("村") else f"{village.short}村"


def _item(listing: Listing) -> str:
    """A public list as findings name it."""
    village = listing.village
    what = f"{_SHOWN_PROGRAMS[listing.program]}{_SHOWN_KINDS[listing.kind]}"
    return f"{village.township}{_shown(village)}{what}（{listing.channel}）"


def _grown(ground: Ground, years: int = 50, *, village: Village | None = None) -> Person:
    return ground.house(("户主", True, ground.aged(years)), village=village).head


# -- public lists -----------------------------------------------------------------------------------------------------


def r54(ground: Ground) -> None:
    """公示敏感字段."""
    ground.some(
        [
            lambda: _showing(ground, "低保", "初审公示", "线下", {"身份证号": _grown(ground).number}),
            lambda: _showing(ground, "低保", "确认公布", "线下", {"家庭住址": "本村3组12号"}),
            lambda: _showing(ground, "特困", "初审公示", "线下", {"残疾类别": "肢体", "残疾等级": "二级"}),
            lambda: _showing(ground, "特困", "确认公布", "线下", {"病种": "尿毒症"}),
        ]
    )
    hidden = _showing(ground, "临时救助", "确认公布", "线下", {"身份证号": "4114**********2522"}, is_hit=False)
    ground.miss("R54", _item(hidden), "身份证号已遮盖")
    remark = {"备注": "监督电话0370-0001234"}
    told = _showing(ground, "临时救助", "初审公示", "线下", remark, is_hit=False)
    ground.miss("R54", _item(told), "公开的是监督电话")
    plain = _showing(ground, "低保", "终止公示", "线下", {}, is_hit=False)
    ground.miss("R54", _item(plain), "同一张表上有号码栏，本名单没有填")


def _showing(
    ground: Ground, program: str, kind: str, channel: str, more: dict[str, str | date], *, is_hit: bool = True
) -> Listing:
    person = _grown(ground)
    listing = ground.listing(person.village, program, channel, kind=kind, since=later(ground.as_of, -25))
    listing.rows.append(Listed(person.name, 1, 1, Decimal(300), more))
    if is_hit:
        ground.hit("R54", _item(listing))
    return listing


def r55(ground: Ground) -> None:
    """公示未成年人."""
    ground.some(
        [
            lambda: _children_listed(ground),
            lambda: _minor_named(ground, "低保", "确认公布"),
            lambda: _minor_by_age(ground),
        ]
    )
    child, listing = _minor_listed(ground, "特困", "确认公布")
    # a grown-up of the same name on a roll of the village: the name alone says nothing
    other = ground.lone(55)
    other.head.name = child.name
    other.roll_account_name = other.pay.account_name = child.name
    listing.village = other.village
    ground.miss("R55", _item(listing), "同村在册的成年人与未成年人同名")
    grown = ground.listing(ground.a_village(), "特困", "线上", kind="初审公示", since=later(ground.as_of, -25))
    grown.rows.append(Listed(_grown(ground).name, 1, 1, Decimal(300), {"年龄": "18"}))
    ground.miss("R55", _item(grown), "已满十八周岁")


def _children_listed(ground: Ground) -> None:
    listing = ground.listing(ground.a_village(), "孤儿", "线上", kind="确认公布", since=later(ground.as_of, -25))
    listing.rows.append(Listed(_grown(ground).name, 1, 1, Decimal(1100)))
    ground.hit("R55", _item(listing))


def _minor_listed(ground: Ground, program: str, kind: str) -> tuple[Person, Listing]:
    house = ground.house(("户主", True, ground.aged(47)), ("子", True, ground.aged(11)))
    ground.dibao(house)
    child = house.members[1]
    listing = ground.listing(house.village, program, "线上", kind=kind, since=later(ground.as_of, -25))
    listing.rows.append(Listed(child.name, 1, 1, Decimal(300)))
    return child, listing


def _minor_named(ground: Ground, program: str, kind: str) -> None:
    _, listing = _minor_listed(ground, program, kind)
    ground.hit("R55", _item(listing))


def _minor_by_age(ground: Ground) -> None:
    listing = ground.listing(ground.a_village(), "低保", "线上", kind="初审公示", since=later(ground.as_of, -25))
    listing.rows.append(Listed(_grown(ground).name, 1, 1, Decimal(300), {"年龄": "17"}))
    ground.hit("R55", _item(listing))
