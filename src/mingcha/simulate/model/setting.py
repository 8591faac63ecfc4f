"""The frame of one simulation: day, months, size, and the fictitious county's own amounts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from mingcha.simulate.model.days import later, month_of, month_shift

#: fictitious amounts, yuan a month; `mingcha-params.yaml` carries the same
CHILD_HOME = Decimal("1100.00")
CHILD_INSTITUTION = Decimal("1500.00")
TEKUN_LIVING = Decimal("620.00")
TEKUN_LIVING_LOW = Decimal("560.00")
SUBSIDY = Decimal("75.00")
NURSING = {"全自理": Decimal("60.00"), "半自理": Decimal("300.00"), "不能自理": Decimal("600.00")}
STANDARD = {"城市": Decimal("650.00"), "农村": Decimal("460.00")}
SUPPLEMENT = {"城市": Decimal("340.00"), "农村": Decimal("240.00")}
#: supplement a person by tier, normal and in the township that pays too little
TIERS = {
    "城市": {"A": Decimal("520.00"), "B": Decimal("420.00"), "C": Decimal("330.00")},
    "农村": {"A": Decimal("380.00"), "B": Decimal("285.00"), "C": Decimal("200.00")},
}
TIERS_LOW = {
    "城市": {"A": Decimal("350.00"), "B": Decimal("290.00"), "C": Decimal("240.00")},
    "农村": {"A": Decimal("250.00"), "B": Decimal("200.00"), "C": Decimal("150.00")},
}
EXTRA = Decimal("50.00")
MEDICAL = Decimal("20000.00")
CARDS = 5
#: how far back the ledgers of procedure reach, days; and how long before it nobody was taken in, so that an
#: application of the ledger's first days was not made before somebody else was confirmed without being in it
LEDGER_DAYS = 365
QUIET_DAYS = 40


@dataclass(frozen=True)
class Scale:
    """How large a county is made.

    townships  names, or None for all; villages  per township, None for all
    residents  registered people per village; cases  planted cases per rule and township
    months  of payments, up to the last that is over
    """

    townships: tuple[str, ...] | None
    villages: int | None
    residents: int
    cases: int
    months: int = 2


SCALES = {
    "village": Scale(("会亭镇",), 1, 1500, 1),
    "township": Scale(("会亭镇", "桑堌乡", "城关镇"), None, 1480, 2),
    "county": Scale(None, None, 1745, 2, months=12),
}


@dataclass(frozen=True)
class Setting:
    """What every part of the generator needs to know.

    low   townships that pay under the standards (R46, R47); mixed  those whose tiers are upside down (R48)
    """

    seed: int
    as_of: date
    scale: str
    clean: bool
    low: frozenset[str]
    mixed: frozenset[str]

    @property
    def size(self) -> Scale:
        """The scale's figures."""
        return SCALES[self.scale]

    def month(self, back: int = 0) -> str:
        """The month of the day, or one so many months back."""
        return month_shift(month_of(self.as_of), -back)

    def paid_months(self) -> list[str]:
        """The months that were paid, the earliest first."""
        return [self.month(back) for back in range(self.size.months, 0, -1)]

    @property
    def ledger_from(self) -> date:
        """The first day of decisions in the ledgers of applications and notices: a year before the day."""
        return later(self.as_of, -LEDGER_DAYS)

    def first_paid(self, *months: str) -> str:
        """The first month paid that is none before these."""
        return max(self.paid_months()[0], *months)

    def tiers(self, township: str, area: str) -> dict[str, Decimal]:
        """Supplements a person by tier."""
        return (TIERS_LOW if township in self.low else TIERS)[area]
