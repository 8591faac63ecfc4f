"""Builds a township: its registered households, then the programmes as they stand when nothing is wrong.

Shares follow the calibration notes: rural dibao some 3 % of the registered, tekun 0.5 %, deaths about 8 ‰ a year.
The base is free of hits on purpose: whatever the rules should find is planted by `plant`.
"""

from __future__ import annotations

from random import Random

from mingcha.simulate.model.days import later
from mingcha.simulate.model.families import KINDS, born, build, people_of
from mingcha.simulate.model.ground import Ground
from mingcha.simulate.model.maker import Maker
from mingcha.simulate.model.places import Township, Village
from mingcha.simulate.model.programmes import settle
from mingcha.simulate.model.records import Records
from mingcha.simulate.model.setting import Setting
from mingcha.simulate.model.streams import stream

_YEARLY_DEATHS = 0.0078
_YEARS_OF_DEATHS = 1.4


def build_township(setting: Setting, maker: Maker, township: Township, records: Records, order: int = 0) -> Ground:
    """A township with its people and its programmes, nothing planted yet."""
    rng = stream(setting.seed, "township", township.code)
    villages = township.villages[: setting.size.villages] if setting.size.villages else township.villages
    ground = Ground(setting, maker, township, villages, rng, records, order)
    for village in villages:
        _populate(ground, village, setting.size.residents, rng)
    _fill_pools(ground)
    _bury(ground)
    settle(ground)
    return ground


def _populate(ground: Ground, village: Village, wanted: int, rng: Random) -> None:
    count = 0
    wanted = int(wanted * (0.75 + 0.5 * rng.random()))
    while count < wanted:
        kind = KINDS.draw(rng)
        house = build(ground.maker, village, kind, people_of(kind, ground.as_of, rng), rng)
        ground.houses.append(house)
        count += len(house.members)


def _fill_pools(ground: Ground) -> None:
    for house in ground.houses:
        ground.pools.setdefault(house.kind, []).append(house)
    for pool in ground.pools.values():
        ground.rng.shuffle(pool)


def _bury(ground: Ground) -> None:
    """The dead of the last months: known to the offices, no longer in the register, never on a roll."""
    residents = sum(len(house.members) for house in ground.houses)
    rng = ground.rng
    for _ in range(int(residents * _YEARLY_DEATHS * _YEARS_OF_DEATHS)):
        village = rng.choice(ground.villages)
        birth = born(ground.as_of, 40, 60, rng) if rng.random() < 0.12 else born(ground.as_of, 63, 96, rng)
        house = ground.maker.house(village, "dead")
        person = ground.maker.person(house, "户主", rng.random() < 0.52, birth, rng)
        back = 1 + int(rng.random() * 365 * _YEARS_OF_DEATHS)
        draw = rng.random()
        death = ground.die(person, later(ground.as_of, -back), funeral=draw < 0.85, police=draw > 0.15)
        if not death.in_funeral and rng.random() < 0.3:
            death.police_on = None
