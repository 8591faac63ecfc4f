"""Ways into the ledger of notices."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from mingcha.simulate.model.days import later, month_of, month_shift
from mingcha.simulate.model.ledgers import Notice
from mingcha.simulate.model.people import Person
from mingcha.simulate.model.ways import Ways


class ChangesWays(Ways):
    """Notices."""

    def notify(
        self,
        person: Person,
        program: str,
        kind: str,
        decided: date,
        *,
        reason: str = "",
        reason_kind: str = "",
        effective: str | None = None,
        amounts: tuple[Decimal | None, Decimal | None] = (None, None),
    ) -> Notice:
        """Writes a notice down: issued the next day, delivered a day later, with reason and remedies.

        kind  停止, 减发, 增发, 不予确认, 渐退 or 补正材料; effective  default the month after the decision;
        amounts  before and after, yuan a month
        """
        record = Notice(
            f"GZ{decided.year}{len(self.records.notices) + 1:06d}",
            person,
            person.village,
            program,
            kind,
            reason,
            reason_kind,
            decided,
            effective if effective is not None else month_shift(month_of(decided), 1),
            min(later(decided, 1), self.as_of),
            min(later(decided, 2), self.as_of),
            amount_before=amounts[0],
            amount_after=amounts[1],
        )
        self.records.notices.append(record)
        return record
