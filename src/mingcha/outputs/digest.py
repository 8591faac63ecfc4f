"""What the findings come to: totals by severity, township and rule."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property

import pyarrow as pa
import pyarrow.compute as pc

from mingcha.findings.result import SEVERITIES, ComparisonResult, RuleOutcome
from mingcha.outputs.words import NO_TOWNSHIP

#: The severity that asks for help, not for correction; it is counted apart.
HELP = "blue"


@dataclass
class Tally:
    """Findings by severity and the yuan all but the help list speak of (None where none does)."""

    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(SEVERITIES, 0))
    amount: Decimal | None = None

    @property
    def total(self) -> int:
        """All findings."""
        return sum(self.counts.values())

    @property
    def issues(self) -> int:
        """Findings but for the help list."""
        return self.total - self.counts[HELP]

    def add(self, severity: str, count: int, amount: Decimal | None) -> None:
        """Counts findings of one severity."""
        self.counts[severity] += count
        if amount is not None and severity != HELP:
            self.amount = (self.amount or Decimal(0)) + amount


@dataclass(frozen=True)
class Digest:
    """Totals of one comparison."""

    result: ComparisonResult

    @cached_property
    def _groups(self) -> list[tuple[str, str, str, int, Decimal | None]]:
        """Rule, township, severity, findings, amount."""
        columns = ["rule_id", "township", "severity"]
        grouped = self.result.findings.group_by(columns).aggregate([([], "count_all"), ("amount", "sum")])
        rows = grouped.to_pylist()
        return sorted(
            (row["rule_id"], row["township"] or NO_TOWNSHIP, row["severity"], row["count_all"], row["amount_sum"])
            for row in rows
        )

    @cached_property
    def whole(self) -> Tally:
        """All findings."""
        tally = Tally()
        for _, _, severity, count, amount in self._groups:
            tally.add(severity, count, amount)
        return tally

    @cached_property
    def townships(self) -> Mapping[str, Tally]:
        """Township → its findings; most urgent first, those without a township last."""
        found: dict[str, Tally] = defaultdict(Tally)
        for _, township, severity, count, amount in self._groups:
            found[township].add(severity, count, amount)

        def order(entry: tuple[str, Tally]) -> tuple[bool, list[int], str]:
            return entry[0] == NO_TOWNSHIP, [-entry[1].counts[severity] for severity in SEVERITIES], entry[0]

        return dict(sorted(found.items(), key=order))

    @cached_property
    def rules(self) -> Mapping[str, Tally]:
        """Rule id → its findings; rules without any are there too."""
        found: dict[str, Tally] = {rule.id: Tally() for rule in self.result.rules}
        for rule_id, _, severity, count, amount in self._groups:
            found.setdefault(rule_id, Tally()).add(severity, count, amount)
        return found

    @cached_property
    def subjects(self) -> int:
        """How many different persons, households or others the findings but for the help list speak of.

        The same person is told by masked number, name and place: near enough for a headline.
        """
        columns = ["id_number", "name", "township", "village"]
        issues = self.result.findings.filter(pc.not_equal(self.result.findings["severity"], HELP))
        return int(issues.group_by(columns).aggregate([]).num_rows)

    def of_rule(self, rule_id: str) -> pa.Table:
        """A rule's findings, in order."""
        return self.result.findings.filter(pc.equal(self.result.findings["rule_id"], rule_id))

    @property
    def ran(self) -> list[RuleOutcome]:
        """Rules that were carried out."""
        return [rule for rule in self.result.rules if rule.state != "skipped"]

    @property
    def skipped(self) -> list[RuleOutcome]:
        """Rules that were not."""
        return [rule for rule in self.result.rules if rule.state == "skipped"]
