"""A township while it is being made: its days, its free households, its truth. `Ground` adds the programmes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from random import Random

from mingcha.simulate.model.days import day_shift, later, years_before
from mingcha.simulate.model.families import Member, build
from mingcha.simulate.model.maker import Maker
from mingcha.simulate.model.people import Cert, Death, House, Person
from mingcha.simulate.model.places import Township, Village
from mingcha.simulate.model.records import Records
from mingcha.simulate.model.setting import QUIET_DAYS, Setting


@dataclass
class Site:
    """A township under construction."""

    setting: Setting
    maker: Maker
    township: Township
    villages: list[Village]
    rng: Random
    records: Records
    order: int = 0
    houses: list[House] = field(default_factory=list)
    pools: dict[str, list[House]] = field(default_factory=dict)
    officer_names: set[str] = field(default_factory=set)
    left_out: set[tuple[str, str]] = field(default_factory=set)
    handler_names: list[str] = field(default_factory=list)
    last_touches: list[Callable[[], None]] = field(default_factory=list)

    # -- time ---------------------------------------------------------------------------------------------------------

    @property
    def as_of(self) -> date:
        """The comparison day."""
        return self.setting.as_of

    def month(self, back: int = 0) -> str:
        """The month of the day, or so many back."""
        return self.setting.month(back)

    def aged(self, years: int, *, days: int | None = None) -> date:
        """Birth date of somebody who turned `years` so many days ago (default: some weeks to months ago)."""
        back = days if days is not None else 40 + int(self.rng.random() * 280)
        return later(years_before(self.as_of, years), -back)

    def settled(self, day: date) -> date:
        """A day of confirmation, moved out of the weeks before the ledgers begin (see `LEDGER_DAYS`)."""
        start = self.setting.ledger_from
        return later(day, -QUIET_DAYS) if later(start, -QUIET_DAYS) <= day < start else day

    # -- ledgers ------------------------------------------------------------------------------------------------------

    def leave_out(self, what: str, who: Person) -> None:
        """Keeps the base from making this for somebody: application, notice or review (see `basis`)."""
        self.left_out.add((what, who.number))

    def at_last(self, change: Callable[[], None]) -> None:
        """Does this once the base has made its applications, notices, reviews and public lists of the township."""
        self.last_touches.append(change)

    # -- truth --------------------------------------------------------------------------------------------------------

    def hit(self, rule: str, who: Person | str, period: str = "") -> None:
        """Writes a planted case down."""
        self.records.truth.hits.append((rule, who if isinstance(who, str) else who.number, period))

    def miss(self, rule: str, who: Person | str, why: str) -> None:
        """Writes a near miss down."""
        self.records.truth.misses.append((rule, who if isinstance(who, str) else who.number, why))

    def some(self, cases: Sequence[Callable[[], None]]) -> None:
        """Plants as many of the cases as the scale asks, other ones in each township."""
        count = self.setting.size.cases
        for place in range(min(count, len(cases))):
            cases[(self.order * count + place) % len(cases)]()

    # -- people -------------------------------------------------------------------------------------------------------

    def a_village(self) -> Village:
        """Some village of the township, rural where there is one."""
        rural = [village for village in self.villages if not village.is_urban] or self.villages
        return self.rng.choice(rural)

    def house(self, *members: Member, village: Village | None = None, kind: str = "made") -> House:
        """A household made to measure, added to the register."""
        house = build(self.maker, village or self.a_village(), kind, members, self.rng)
        self.houses.append(house)
        return house

    def has_namesake(self, person: Person) -> bool:
        """Whether anybody else of the village bears the name: what is said of one of them may count for the other."""
        here = (house for house in self.houses if house.village is person.village)
        return any(each.name == person.name and each is not person for house in here for each in house.members)

    def take(self, kind: str) -> House | None:
        """A free household of a common shape; None when all are used up."""
        pool = self.pools.get(kind)
        return pool.pop() if pool else None

    def account_of(self, person: Person) -> str:
        """The person's own account, opened when first needed."""
        if not person.account:
            person.account = self.maker.account()
        return person.account

    def phone_of(self, person: Person) -> str:
        """The person's phone."""
        if not person.phone:
            person.phone = self.maker.phone()
        return person.phone

    def certify(
        self,
        person: Person,
        kind: int,
        level: int,
        *,
        expires: date | None = None,
        status: str = "有效",
        on_roll: bool = True,
    ) -> Cert:
        """Gives a person a disability certificate."""
        issued = day_shift(expires, -120) if expires else later(self.as_of, -200 - int(self.rng.random() * 2600))
        ends = expires or day_shift(issued, 120)
        person.cert = Cert(kind, level, issued, ends, status, on_roll)
        self.records.certified.append(person)
        return person.cert

    def die(self, person: Person, on: date, *, funeral: bool = True, police: bool = True) -> Death:
        """Records a death. The register drops the person; rolls do not by themselves."""
        cremated = later(on, 2) if later(on, 2) <= self.as_of else self.as_of
        cancelled = min(later(on, 5 + int(self.rng.random() * 25)), self.as_of)
        person.death = Death(on, funeral, police, on, cancelled, max(on, cremated))
        self.records.dead.append(person)
        return person.death
