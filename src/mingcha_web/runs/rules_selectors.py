"""What rules did in the last comparison, and how often visits confirmed them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import Count, QuerySet

from mingcha_web.access.models import User
from mingcha_web.access.policy import Action, Reach
from mingcha_web.cases.models import Cause, Item, Verdict
from mingcha_web.findings.models import Sighting
from mingcha_web.runs.models import RuleResult, Run
from mingcha_web.runs.rules_words import RuleCard, rule_cards
from mingcha_web.uploads.models import BatchState

_RUNS_SHOWN = 12


@dataclass
class Field:
    """What visits said of a rule's findings so far. verdicts: verdict → count; causes: (verdict, cause) → count."""

    verdicts: dict[str, int] = field(default_factory=dict)
    causes: dict[tuple[str, str], int] = field(default_factory=dict)

    @property
    def true(self) -> int:
        """属实."""
        return self.verdicts.get(Verdict.TRUE, 0)

    @property
    def partly(self) -> int:
        """部分属实."""
        return self.verdicts.get(Verdict.PARTLY, 0)

    @property
    def untrue(self) -> int:
        """不属实."""
        return self.verdicts.get(Verdict.UNTRUE, 0)

    @property
    def unknown(self) -> int:
        """无法核实."""
        return self.verdicts.get(Verdict.UNKNOWN, 0)

    @property
    def told(self) -> int:
        """Findings a visit gave a verdict on, 无法核实 included."""
        return self.true + self.partly + self.untrue + self.unknown

    @property
    def precision(self) -> int | None:
        """Percent of the findings that could be verified that were true, wholly or partly; None without any."""
        verified = self.true + self.partly + self.untrue
        return round((self.true + self.partly) * 100 / verified) if verified else None

    @property
    def refuted(self) -> list[tuple[str, int]]:
        """Causes for which findings were not true, with counts, most frequent first."""
        return next(causes for label, _, causes in self.table if label == Verdict.UNTRUE.label)

    @property
    def table(self) -> list[tuple[str, int, list[tuple[str, int]]]]:
        """Verdict, count, and its causes with counts, most frequent first."""
        return [
            (
                verdict.label,
                self.verdicts.get(verdict.value, 0),
                sorted(
                    (
                        (Cause(cause).label, n)
                        for (of, cause), n in self.causes.items()
                        if of == verdict.value and cause
                    ),
                    key=lambda pair: -pair[1],
                ),
            )
            for verdict in Verdict
        ]


@dataclass(frozen=True)
class RuleRow:
    """A rule in the list. hits: of the last run; None where it did not run or the person is shown no numbers."""

    card: RuleCard
    state: str
    reason: str
    hits: int | None
    amount: Decimal | None
    field: Field


@dataclass(frozen=True)
class PastRun:
    """What a rule did in one of the last runs."""

    run: Run
    state: str
    reason: str
    hits: int


def last_run() -> Run | None:
    """The latest comparison that ended well."""
    return Run.objects.filter(state=BatchState.DONE).order_by("-as_of", "-id").first()


def rule_list_for(user: User, run: Run | None, *, severity: str = "", state: str = "", text: str = "") -> list[RuleRow]:
    """All rules with what they did in a run and in the field.

    A township's people are shown their township's numbers, assistants those of their own tasks; whoever sees no persons
    is shown the county's totals, which name nobody.
    state   ran or skipped
    """
    if not user.can(Action.RULE_READ):
        return []
    results = {each.rule_id: each for each in run.results.all()} if run else {}
    hits = _hits_for(user, run, results)
    fields = _fields_for(user)
    rows = [_row(card, results.get(card.id), hits, fields) for card in rule_cards().values()]
    word = text.casefold()
    return [
        row
        for row in rows
        if (not severity or row.card.severity == severity)
        and (not state or row.state == state)
        and (not word or any(word in part.casefold() for part in (row.card.id, row.card.title, row.card.finds)))
    ]


def rule_field_for(user: User, rule_id: str) -> Field:
    """What visits said of one rule's findings, as far as this person sees."""
    return _fields_for(user, rule_id).get(rule_id, Field())


def rule_runs_for(user: User, rule_id: str) -> list[PastRun]:
    """What a rule did in the last runs, newest first; only for who sees the county's numbers."""
    if user.reach not in {Reach.COUNTY, Reach.NONE} or not user.can(Action.RULE_READ):
        return []
    found = (
        RuleResult.objects.filter(rule_id=rule_id, run__state=BatchState.DONE)
        .select_related("run")
        .order_by("-run__as_of", "-run_id")[:_RUNS_SHOWN]
    )
    return [PastRun(each.run, _state(each), each.reason, each.findings) for each in found]


def rule_hits_for(user: User, run: Run | None, rule_id: str) -> int | None:
    """Findings of a rule in a run, as far as this person sees."""
    results = {each.rule_id: each for each in run.results.filter(rule_id=rule_id)} if run else {}
    return _hits_for(user, run, results).get(rule_id)


def _row(card: RuleCard, result: RuleResult | None, hits: Mapping[str, int], fields: Mapping[str, Field]) -> RuleRow:
    return RuleRow(
        card=card,
        state=_state(result) if result else "",
        reason=result.reason if result else "",
        hits=hits.get(card.id),
        amount=result.amount if result else None,
        field=fields.get(card.id, Field()),
    )


def _state(result: RuleResult) -> str:
    """A result taken from the cache counts as run."""
    return "skipped" if result.state == "skipped" else "ran"


def _hits_for(user: User, run: Run | None, results: Mapping[str, RuleResult]) -> dict[str, int]:
    ran = {rule_id: each.findings for rule_id, each in results.items() if _state(each) == "ran"}
    if run is None or user.reach == Reach.OWN:
        return {}
    if user.reach != Reach.TOWNSHIP:
        return ran
    own = (
        Sighting.objects.filter(run=run, finding__township=user.township, finding__rule_id__in=list(ran))
        .values_list("finding__rule_id")
        .annotate(n=Count("id"))
        .order_by()
    )
    return {**dict.fromkeys(ran, 0), **dict(own)}


def _items_for(user: User) -> QuerySet[Item]:
    rows = Item.objects.exclude(verdict="")
    if user.reach == Reach.TOWNSHIP:
        return rows.filter(case__township=user.township)
    return rows.filter(case__assignee=user) if user.reach == Reach.OWN else rows


def _fields_for(user: User, rule_id: str = "") -> dict[str, Field]:
    rows = _items_for(user)
    if rule_id:
        rows = rows.filter(rule_id=rule_id)
    found: dict[str, Field] = {}
    counted = rows.values_list("rule_id", "verdict", "cause").annotate(n=Count("id")).order_by()
    for rule, verdict, cause, n in counted:
        each = found.setdefault(rule, Field())
        each.verdicts[verdict] = each.verdicts.get(verdict, 0) + n
        each.causes[verdict, cause] = each.causes.get((verdict, cause), 0) + n
    return found
