"""Numbers gone wrong on rolls (R05)."""

from __future__ import annotations

from mingcha.simulate.model.days import later
from mingcha.simulate.model.ground import Ground
from mingcha.simulate.model.idnumbers import impossible_date, wrong_check
from mingcha.simulate.model.records import DibaoMember


def r05(ground: Ground) -> None:
    """证件号异常. What is written down is the number as the roll shows it."""
    ground.some(
        [
            lambda: _wrong_check(ground),
            lambda: _tail_lost(ground),
            lambda: _two_names(ground),
            lambda: _birth_differs(ground),
            lambda: _impossible_date(ground),
            lambda: _sex_differs(ground),
        ]
    )
    ground.miss("R05", ground.lone(58).head, "412326 等历史区划码正常")


def _wife(ground: Ground, area: str | None = None) -> DibaoMember:
    """A second member, so that the household's own key is not touched. Her number ends in a figure."""
    while True:
        house = ground.house(("户主", True, ground.aged(55)), ("妻", False, ground.aged(53)))
        if not house.members[1].number.endswith("X"):
            return ground.dibao(house, area=area).members[1]


def _wrong_check(ground: Ground) -> None:
    member = _wife(ground)
    member.shown_number = wrong_check(member.person.number)
    ground.hit("R05", member.shown_number)


def _impossible_date(ground: Ground) -> None:
    member = _wife(ground)
    member.shown_number = impossible_date(member.person.number)
    ground.hit("R05", member.shown_number)


def _tail_lost(ground: Ground) -> None:
    """Typed into a number cell: the last three places are gone.

    On a rural list: those of towns come as a web page, which shows such a number as 4.12326E+17, and whom it means
    nobody can tell.
    """
    member = _wife(ground, area="农村")
    member.number_cell = True
    ground.hit("R05", member.person.number[:15] + "000")


def _birth_differs(ground: Ground) -> None:
    member = _wife(ground)
    member.shown_birth = later(member.person.birth, 400)
    ground.hit("R05", member.person)


def _sex_differs(ground: Ground) -> None:
    member = _wife(ground)
    member.shown_sex = "男"
    ground.hit("R05", member.person)


def _two_names(ground: Ground) -> None:
    """One number beside two names on the near-poor roll."""
    first = ground.near_poor(ground.house(("户主", True, ground.aged(48)), ("妻", False, ground.aged(47))))
    second = ground.near_poor(ground.house(("户主", True, ground.aged(51)), ("妻", False, ground.aged(50))))
    owner, other = first.members[1][0], second.members[1][0]
    if owner.name == other.name:
        other.name = other.name[0] + "瑞芝"
    second.shown_numbers[other.number] = owner.number
    ground.hit("R05", owner)


PLANTS = {"R05": r05}
