"""After a run: findings become cases, and closed cases are looked back at. Set by set, not row by row."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from mingcha_web.audit.services import record
from mingcha_web.cases.models import Case, Item, Outcome, State, Step
from mingcha_web.cases.services.core import move
from mingcha_web.cases.services.steps import reopened
from mingcha_web.deadlines.services import due_for
from mingcha_web.deadlines.workdays import Due
from mingcha_web.findings.models import Finding, FindingState, Sighting
from mingcha_web.runs.models import Run
from mingcha_web.uploads.models import DeliveredSheet, DeliveryState

_BATCH = 1000
_SEVERITIES = ("red", "orange", "yellow", "blue")
_DIGITS = 5


@dataclass
class _Group:
    """Findings of one household and kind that have no case yet."""

    subject: str
    is_help: bool
    findings: list[Finding] = field(default_factory=list)

    @property
    def severity(self) -> str:
        """The gravest."""
        return min((finding.severity for finding in self.findings), key=_rank)

    @property
    def amount(self) -> Decimal | None:
        """The sum; None where no finding names one."""
        amounts = [finding.amount for finding in self.findings if finding.amount is not None]
        return sum(amounts, Decimal(0)) if amounts else None


def _rank(severity: str) -> int:
    return _SEVERITIES.index(severity) if severity in _SEVERITIES else len(_SEVERITIES)


@transaction.atomic
def cases_form(*, run: Run) -> int:
    """Puts findings without a case into cases, one a household and kind (C46); returns how many cases are new.

    An open case of the household takes further findings in, with a step that says so.
    """
    groups = _groups(Finding.objects.filter(state=FindingState.OPEN, is_current=True).order_by("pk"))
    known = _open_cases(groups)
    fresh = [group for key, group in groups.items() if key not in known]
    made = _make_cases(fresh, run)
    _put_in([(case, group) for case, group in zip(made, fresh, strict=True)])
    _form_steps(made)
    joined = [(known[key], group) for key, group in groups.items() if key in known]
    _put_in(joined)
    for case, group in joined:
        _join(case, group)
    if groups:
        record("cases_form", kind="run", object_id=run.pk, detail={"new": len(made), "joined": len(joined)})
    return len(made)


def _groups(findings: Iterable[Finding]) -> dict[tuple[str, bool], _Group]:
    groups: dict[tuple[str, bool], _Group] = {}
    for finding in findings:
        subject = finding.household_id or finding.person_id or f"f:{finding.finding_id}"
        key = (subject, finding.is_help)
        groups.setdefault(key, _Group(*key)).findings.append(finding)
    return groups


def _open_cases(groups: dict[tuple[str, bool], _Group]) -> dict[tuple[str, bool], Case]:
    subjects = sorted({subject for subject, _ in groups})
    found: dict[tuple[str, bool], Case] = {}
    for start in range(0, len(subjects), _BATCH):
        part = subjects[start : start + _BATCH]
        for case in Case.objects.filter(subject__in=part).exclude(state=State.CLOSED):
            found[case.subject, case.is_help] = case
    return found


def _make_cases(groups: Sequence[_Group], run: Run) -> list[Case]:
    now, day = timezone.now(), timezone.localdate()
    prefix = f"{run.as_of:%Y%m}-"
    last = Case.objects.filter(number__startswith=prefix).aggregate(last=Max("number"))["last"]
    number = int(last[len(prefix) :]) if last else 0
    dues: dict[tuple[str, str], Due | None] = {}
    cases = []
    for at, group in enumerate(groups, start=number + 1):
        first = group.findings[0]
        due = _due(dues, first.township, group.severity, day)
        cases.append(
            Case(
                number=f"{prefix}{at:0{_DIGITS}d}",
                state=State.PENDING,
                is_help=group.is_help,
                severity=group.severity,
                name=first.name,
                household_id=first.household_id,
                subject=group.subject,
                township=first.township,
                village=first.village,
                amount=group.amount,
                state_since=now,
                due_on=due.day if due else None,
                is_due_certain=due.is_certain if due else True,
                opened_at=now,
            )
        )
    return Case.objects.bulk_create(cases, batch_size=_BATCH)


def _due(known: dict[tuple[str, str], Due | None], township: str, severity: str, day: date) -> Due | None:
    key = (township, severity)
    if key not in known:
        known[key] = due_for(State.PENDING, township=township, severity=severity, start=day)
    return known[key]


def _form_steps(cases: Iterable[Case]) -> None:
    now = timezone.now()
    steps = [Step(case=case, version=1, at=now, action="form", to_state=State.PENDING) for case in cases]
    Step.objects.bulk_create(steps, batch_size=_BATCH)


def _put_in(pairs: Sequence[tuple[Case, _Group]]) -> None:
    items = [Item(case=case, finding=finding) for case, group in pairs for finding in group.findings]
    Item.objects.bulk_create(items, batch_size=_BATCH, ignore_conflicts=True)
    keys = [item.finding_id for item in items]
    for start in range(0, len(keys), _BATCH):
        Finding.objects.filter(pk__in=keys[start : start + _BATCH]).update(state=FindingState.CASED)


def _join(case: Case, group: _Group) -> None:
    """Further findings in an open case. An item that was there before (a fact that changed) is asked about again."""
    keys = [finding.pk for finding in group.findings]
    case.items.filter(finding__in=keys).update(verdict="", cause="", note="")
    case.severity = min(case.severity, group.severity, key=_rank)
    if group.amount is not None:
        case.amount = (case.amount or Decimal(0)) + group.amount
    titles = "、".join(dict.fromkeys(finding.rule_title for finding in group.findings))
    move(case, "join", by=None, note=f"本次比对又发现：{titles}")


@transaction.atomic
def cases_look_back(*, run: Run) -> tuple[int, int]:
    """回头看: what a later comparison says of closed cases; (confirmed, re-opened).

    A case is confirmed when none of its settled findings is reported any more, and re-opened when one still is in data
    delivered after it was closed. Until such data come, nothing is said. A run of chosen rules speaks of those alone.
    """
    rules = set(run.results.exclude(state="skipped").values_list("rule_id", flat=True))
    closed = Case.objects.filter(state=State.CLOSED, is_confirmed=None).exclude(
        outcome__in=[Outcome.NO_PROBLEM, Outcome.NOT_COVERED]
    )
    cases = {case.pk: case for case in closed.filter(closed_at__lt=run.created_at)}
    watched = _watched(cases, rules)
    seen = _seen(run, watched)
    delivered = _delivered_after(min((case.closed_at for case in cases.values() if case.closed_at), default=None))
    confirmed: list[Case] = []
    again = 0
    for pk, findings in watched.items():
        case = cases[pk]
        if not any(finding.pk in seen for finding in findings):
            confirmed.append(case)
        elif any(finding.pk in seen and _is_told_anew(finding, case, delivered) for finding in findings):
            _open_again(case, run, [finding for finding in findings if finding.pk in seen])
            again += 1
    _confirm(confirmed, run)
    record("cases_look_back", kind="run", object_id=run.pk, detail={"confirmed": len(confirmed), "reopened": again})
    return len(confirmed), again


def _watched(cases: dict[int, Case], rules: set[str]) -> dict[int, list[Finding]]:
    """Case → its settled findings, where the run asked all their rules."""
    found: dict[int, list[Finding]] = {}
    keys = list(cases)
    for start in range(0, len(keys), _BATCH):
        items = Item.objects.filter(case__in=keys[start : start + _BATCH], finding__state=FindingState.SETTLED)
        for item in items.select_related("finding"):
            found.setdefault(item.case_id, []).append(item.finding)
    return {pk: findings for pk, findings in found.items() if all(each.rule_id in rules for each in findings)}


def _seen(run: Run, watched: dict[int, list[Finding]]) -> set[int]:
    keys = [finding.pk for findings in watched.values() for finding in findings]
    found: set[int] = set()
    for start in range(0, len(keys), _BATCH):
        part = keys[start : start + _BATCH]
        found |= set(Sighting.objects.filter(run=run, finding__in=part).values_list("finding_id", flat=True))
    return found


def _delivered_after(since: object) -> list[tuple[str, object]]:
    """(dataset, when) of sheets that came in since a moment and count."""
    if since is None:
        return []
    sheets = DeliveredSheet.objects.filter(delivery__state=DeliveryState.ACTIVE, delivery__created_at__gt=since)
    return list(sheets.values_list("dataset", "delivery__created_at"))


def _is_told_anew(finding: Finding, case: Case, delivered: Sequence[tuple[str, object]]) -> bool:
    """Whether data of a kind the finding rests on came in after the case was closed."""
    datasets = {str(entry.get("dataset")) for entry in finding.evidence}
    return any(dataset in datasets and when > case.closed_at for dataset, when in delivered)  # type: ignore[operator]


def _open_again(case: Case, run: Run, findings: Sequence[Finding]) -> None:
    reopened(case)
    titles = "、".join(dict.fromkeys(finding.rule_title for finding in findings))
    case.looked_back_run = run
    move(case, "look_back_reopen", by=None, to=State.DISPATCHED, note=f"{run.as_of}比对仍发现：{titles}")


def _confirm(cases: Sequence[Case], run: Run) -> None:
    now = timezone.now()
    for case in cases:
        case.is_confirmed, case.looked_back_run = True, run
        case.version += 1
    Case.objects.bulk_update(cases, ["is_confirmed", "looked_back_run", "version"], batch_size=_BATCH)
    steps = [
        Step(
            case=case,
            version=case.version,
            at=now,
            action="look_back_confirm",
            from_state=State.CLOSED,
            to_state=State.CLOSED,
            note=f"{run.as_of}比对未再出现",
        )
        for case in cases
    ]
    Step.objects.bulk_create(steps, batch_size=_BATCH)
