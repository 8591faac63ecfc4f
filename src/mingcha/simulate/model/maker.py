"""Makes people: names, numbers, phones, accounts. One maker serves a whole county, so that nothing is given twice."""

from __future__ import annotations

from datetime import date
from random import Random

from mingcha.simulate.model.idnumbers import Numbers
from mingcha.simulate.model.names import Namer
from mingcha.simulate.model.people import House, Person
from mingcha.simulate.model.places import Village
from mingcha.simulate.model.streams import Weighted

#: what of a household's members counts as married in: their numbers come from a neighbouring county now and then
_INCOMERS = frozenset({"妻", "儿媳", "母亲"})
_MARRIED_FROM_ELSEWHERE = 0.15
_LATE_REGISTERED = 0.003


class Maker:
    """Hands out what must be unique in the county."""

    def __init__(self) -> None:
        self.numbers = Numbers()
        self.namer = Namer()
        self._accounts = 0
        self._phones = 0
        self._houses = 0
        self._clans: dict[str, Weighted[str]] = {}

    def account(self) -> str:
        """A fictitious account number: no bank in China numbers cards from 99."""
        self._accounts += 1
        return f"9900{self._accounts * 618033988749891 % 10**15:015d}"

    def phone(self) -> str:
        """A fictitious mobile number: eleven places from 100, a range that is not given out."""
        self._phones += 1
        return f"100{self._phones * 61803399 % 10**8:08d}"

    def house(self, village: Village, kind: str) -> House:
        """An empty household of the register."""
        self._houses += 1
        return House(f"4114{self._houses * 7368787 % 10**9:09d}", village, kind)

    def clans(self, village: Village, rng: Random) -> Weighted[str]:
        """The surnames of a village."""
        found = self._clans.get(village.code)
        if found is None:
            found = self._clans[village.code] = self.namer.clans(rng)
        return found

    def person(
        self, house: House, relation: str, is_male: bool, birth: date, rng: Random, surname: str | None = None
    ) -> Person:
        """A new member of a household, appended to it. surname None: drawn as it befits the relation."""
        incomer = relation in _INCOMERS
        if surname is None:
            surname = self.namer.surname(rng) if incomer else self.clans(house.village, rng).draw(rng)
        area = self._area(birth, incomer, rng)
        name = surname + self.namer.given(rng, is_male, birth.year)
        number = self.numbers.give(area, birth, is_male)
        person = Person(name, is_male, birth, number, house.village, house, relation)
        house.members.append(person)
        return person

    def _area(self, birth: date, incomer: bool, rng: Random) -> str:
        if incomer and rng.random() < _MARRIED_FROM_ELSEWHERE:
            areas = Numbers.neighbour_areas(birth)
            return areas[int(rng.random() * len(areas))]
        if rng.random() < _LATE_REGISTERED:
            return "411426"
        return Numbers.home_area(birth)
