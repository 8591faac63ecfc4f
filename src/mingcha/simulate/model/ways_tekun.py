"""Ways into assessments of self-care and into temporary assistance."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from mingcha.simulate.model.days import later
from mingcha.simulate.model.ledgers import Assessment, Temp
from mingcha.simulate.model.people import Person
from mingcha.simulate.model.records import Tekun
from mingcha.simulate.model.ways import Ways


class TekunWays(Ways):
    """Assessments, temporary assistance."""

    def assess(self, record: Tekun, on: date, *, kind: str = "定期", reported: date | None = None) -> Assessment:
        """Writes down an assessment that agrees with the roll, five days after it was asked for."""
        asked = reported or later(on, -5)
        made = Assessment(record.person, asked, on, kind, record.failed, record.care)
        self.records.assessments.append(made)
        return made

    def relieve(
        self,
        person: Person,
        amount: Decimal,
        *,
        reason: str = "因病",
        aid_type: str = "急难型",
        level: str = "乡镇",
        applied: date | None = None,
        first_then: bool = False,
    ) -> Temp:
        """Writes down a case of temporary assistance (临时救助); aid first, papers six days after (first_then)."""
        made = temp_case(person, amount, reason, aid_type, level, applied or later(self.as_of, -40), first=first_then)
        self.records.temps.append(made)
        return made


def temp_case(
    person: Person, amount: Decimal, reason: str, aid_type: str, level: str, applied: date, *, first: bool
) -> Temp:
    """A case in which every limit is kept: urgent ones are approved in two days, others in twelve."""
    approved = later(applied, 2 if aid_type == "急难型" else 12)
    made = Temp(
        person,
        person.village,
        aid_type,
        reason,
        applied,
        approved,
        level,
        amount,
        later(approved, 3),
        later(approved, 3),
    )
    if first:
        made.first_then, made.event_end_on, made.paper_done_on = "是", later(approved, 1), later(approved, 6)
    return made
