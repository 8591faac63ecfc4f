"""The registered population: households of a few common shapes, with kin linked to each other."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from random import Random

from mingcha.simulate.model.maker import Maker
from mingcha.simulate.model.people import FEMALE, MALE, House, Person
from mingcha.simulate.model.places import Village
from mingcha.simulate.model.streams import Weighted

#: one member to be: relation to the head, sex, birth date
Member = tuple[str, bool, date]

# shares give 2.8 persons a household (夏邑 2020: 2.76 registered)
KINDS = Weighted(
    [
        ("elder", 13.0),
        ("elders", 16.0),
        ("elder_kids", 5.0),
        ("family", 31.0),
        ("three", 13.0),
        ("couple", 10.0),
        ("single", 12.0),
    ]
)
_SONS = ("长子", "次子", "三子")
_DAUGHTERS = ("长女", "次女", "三女")
_CHILDREN = frozenset({*_SONS, *_DAUGHTERS, "儿子", "女儿"})
_PARENTS = {"父亲": MALE, "母亲": FEMALE}


def people_of(kind: str, as_of: date, rng: Random) -> list[Member]:
    """The members of one household of a kind, the head first."""
    return _SHAPES[kind](as_of, rng)


def born(as_of: date, low: float, high: float, rng: Random) -> date:
    """A birth date of somebody aged between two ages (years, evenly)."""
    return date.fromordinal(as_of.toordinal() - int((low + (high - low) * rng.random()) * 365.2425) - 1)


def build(maker: Maker, village: Village, kind: str, members: Sequence[Member], rng: Random) -> House:
    """A household with its people, kin linked, surnames as customary."""
    house = maker.house(village, kind)
    surname: str | None = None
    for relation, is_male, birth in members:
        own = relation not in {"妻", "儿媳", "母亲", "夫", "女婿"}
        person = maker.person(house, relation, is_male, birth, rng, surname if own else None)
        if surname is None:
            surname = person.name[:2] if person.name[:2] in _DOUBLE else person.name[0]
    link(house)
    return house


_DOUBLE = frozenset({"欧阳", "司马", "上官", "诸葛", "皇甫"})


def link(house: House) -> None:
    """Sets father, mother and spouse within a household from the relations to its head."""
    head = house.members[0]
    by_relation = {person.relation: person for person in house.members}
    mate = by_relation.get("妻") or by_relation.get("夫")
    if mate is not None:
        _marry(head, mate)
    father, mother = (head, mate) if head.is_male else (mate, head)
    son = next((person for person in house.members if person.relation in _CHILDREN and person.is_male), None)
    son_wife = by_relation.get("儿媳")
    if son is not None and son_wife is not None:
        _marry(son, son_wife)
    for person in house.members[1:]:
        if person.relation in _CHILDREN:
            person.father, person.mother = father, mother
        elif _PARENTS.get(person.relation):
            head.father = person
        elif person.relation in _PARENTS:
            head.mother = person
        elif person.relation in {"孙子", "孙女"} and son_wife is not None:
            person.father, person.mother = son, son_wife
    if "父亲" in by_relation and "母亲" in by_relation:
        _marry(by_relation["父亲"], by_relation["母亲"])


def _marry(one: Person, other: Person) -> None:
    one.spouse, other.spouse = other, one


def _elder(as_of: date, rng: Random) -> list[Member]:
    return [("户主", rng.random() < 0.48, born(as_of, 61, 91, rng))]


def _elders(as_of: date, rng: Random) -> list[Member]:
    man = born(as_of, 60, 86, rng)
    return [("户主", MALE, man), ("妻", FEMALE, _near(man, rng))]


def _elder_kids(as_of: date, rng: Random) -> list[Member]:
    members: list[Member] = [("户主", rng.random() < 0.55, born(as_of, 56, 75, rng))]
    for _ in range(1 if rng.random() < 0.6 else 2):
        boy = rng.random() < 0.53
        members.append(("孙子" if boy else "孙女", boy, born(as_of, 2, 17, rng)))
    return members


def _family(as_of: date, rng: Random) -> list[Member]:
    man = born(as_of, 27, 55, rng)
    members: list[Member] = [("户主", MALE, man), ("妻", FEMALE, _near(man, rng))]
    age = (as_of - man).days / 365.2425
    return members + _children(as_of, max(0.1, age - 30), min(22.0, age - 21), Weighted_children.draw(rng), rng)


Weighted_children = Weighted([(1, 34.0), (2, 48.0), (3, 18.0)])


def _children(as_of: date, low: float, high: float, count: int, rng: Random) -> list[Member]:
    boys = girls = 0
    births = sorted(born(as_of, low, max(low + 0.5, high), rng) for _ in range(count))
    found: list[Member] = []
    for birth in births:
        if rng.random() < 0.53:
            found.append((_SONS[boys], MALE, birth))
            boys += 1
        else:
            found.append((_DAUGHTERS[girls], FEMALE, birth))
            girls += 1
    return found


def _three(as_of: date, rng: Random) -> list[Member]:
    old = born(as_of, 55, 78, rng)
    members: list[Member] = [("户主", MALE, old)]
    if rng.random() < 0.7:
        members.append(("妻", FEMALE, _near(old, rng)))
    age = (as_of - old).days / 365.2425
    son = born(as_of, max(24.0, age - 32), max(25.0, age - 22), rng)
    members += [("长子", MALE, son), ("儿媳", FEMALE, _near(son, rng))]
    young = (as_of - son).days / 365.2425
    for _ in range(1 + (rng.random() < 0.55)):
        boy = rng.random() < 0.53
        members.append(("孙子" if boy else "孙女", boy, born(as_of, 0.1, max(1.0, young - 21), rng)))
    return members


def _couple(as_of: date, rng: Random) -> list[Member]:
    man = born(as_of, 23, 59, rng)
    return [("户主", MALE, man), ("妻", FEMALE, _near(man, rng))]


def _single(as_of: date, rng: Random) -> list[Member]:
    return [("户主", rng.random() < 0.6, born(as_of, 22, 59.5, rng))]


def _near(birth: date, rng: Random) -> date:
    return date.fromordinal(birth.toordinal() + int((rng.random() * 6 - 2) * 365))


_SHAPES = {
    "elder": _elder,
    "elders": _elders,
    "elder_kids": _elder_kids,
    "family": _family,
    "three": _three,
    "couple": _couple,
    "single": _single,
}
