"""People and the households of the register they live in."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from mingcha.simulate.model.days import age_on
from mingcha.simulate.model.places import Village

MALE, FEMALE = True, False


@dataclass(slots=True, eq=False)
class Cert:
    """A disability certificate. kind: 1 视力 … 7 多重; level 1–4."""

    kind: int
    level: int
    issued: date
    expires: date
    status: str = "有效"
    on_roll: bool = True
    roll_name: str = ""


@dataclass(slots=True, eq=False)
class Death:
    """A death as two offices know it; None where an office does not.

    in_funeral, in_police  whether the office has the person on its list
    police_on              date the police list gives; None: only the cancellation is given
    """

    on: date
    in_funeral: bool = True
    in_police: bool = True
    police_on: date | None = None
    cancelled_on: date | None = None
    cremated_on: date | None = None
    funeral_name: str = ""


@dataclass(slots=True, eq=False)
class Person:
    """A fictitious person. relation: to the head of the household, as the register writes it."""

    name: str
    is_male: bool
    birth: date
    number: str
    village: Village
    house: House
    relation: str
    father: Person | None = None
    mother: Person | None = None
    spouse: Person | None = None
    cert: Cert | None = None
    death: Death | None = None
    phone: str = ""
    account: str = ""

    def age(self, day: date) -> int:
        """Full years on a day."""
        return age_on(self.birth, day)

    @property
    def sex(self) -> str:
        """男 or 女."""
        return "男" if self.is_male else "女"


@dataclass(slots=True, eq=False)
class House:
    """A household of the police register; members[0] is its head. door: house number, of the few that have one."""

    number: str
    village: Village
    kind: str
    members: list[Person] = field(default_factory=list)
    door: str = ""

    @property
    def head(self) -> Person:
        """The head of the household."""
        return self.members[0]
