"""After a run: findings become cases, and closed cases are looked back at. Set by set, not row by row."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import TypeVar

from django.db import transaction
from django.db.models import QuerySet, Sum
from django.db.models.functions import Length
from django.utils import timezone

from mingcha_web.audit.services import record
from mingcha_web.cases.models import Case, Item, Outcome, State, Step
from mingcha_web.cases.services.steps import reopened
from mingcha_web.deadlines.services import due_for
from mingcha_web.deadlines.workdays import Due
from mingcha_web.findings.models import Finding, FindingState, Sighting
from mingcha_web.runs.models import Run
from mingcha_web.uploads.models import DeliveredSheet, DeliveryState

_T = TypeVar("_T")
_BATCH = 1000
#: What of a finding a case is made of.
_NEEDED = (
    *("finding_id", "rule_title", "rule_id", "severity", "household_id", "person_id", "is_help", "name", "township"),
    *("village", "amount"),
)
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
    # numbers are given to one at a time
    Run.objects.select_for_update().order_by("pk").first()
    groups = _groups(Finding.objects.filter(state=FindingState.OPEN, is_current=True).order_by("pk").only(*_NEEDED))
    known = _open_cases(groups)
    fresh = [group for key, group in groups.items() if key not in known]
    made = _make_cases(fresh, run)
    _form_steps(made)
    joined = [(known[key], group) for key, group in groups.items() if key in known]
    _ask_again(joined)
    _put_in([*zip(made, fresh, strict=True), *joined])
    _join(joined)
    if groups:
        record("cases_form", kind="run", object_id=run.pk, detail={"new": len(made), "joined": len(joined)})
    return len(made)


def _groups(findings: QuerySet[Finding]) -> dict[tuple[str, bool], _Group]:
    groups: dict[tuple[str, bool], _Group] = {}
    for finding in findings.iterator(chunk_size=_BATCH):
        subject = finding.household_id or finding.person_id or f"f:{finding.finding_id}"
        key = (subject, finding.is_help)
        groups.setdefault(key, _Group(*key)).findings.append(finding)
    return groups


def _open_cases(groups: Iterable[tuple[str, bool]]) -> dict[tuple[str, bool], Case]:
    subjects = sorted({subject for subject, _ in groups})
    found: dict[tuple[str, bool], Case] = {}
    for part in _parts(subjects):
        rows = Case.objects.select_for_update().filter(subject__in=part).exclude(state=State.CLOSED)
        found |= {(case.subject, case.is_help): case for case in rows.order_by("pk")}
    return found


def _parts(values: Sequence[_T]) -> Iterator[Sequence[_T]]:
    """What one statement may ask for at a time."""
    for start in range(0, len(values), _BATCH):
        yield values[start : start + _BATCH]


def _make_cases(groups: Sequence[_Group], run: Run) -> list[Case]:
    now, day = timezone.now(), timezone.localdate()
    prefix = f"{run.as_of:%Y%m}-"
    numbers = Case.objects.filter(number__startswith=prefix)
    # 100000 comes after 99999, though not by its letters
    last = numbers.order_by(Length("number").desc(), "-number").values_list("number", flat=True).first()
    start = int(last[len(prefix) :]) + 1 if last else 1
    due_of = _Dues()
    cases = []
    for at, group in enumerate(groups, start=start):
        first = group.findings[0]
        due = due_of(State.PENDING, first.township, group.severity, day)
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


class _Dues:
    """Due days, each reckoned once."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str, str, date], Due | None] = {}

    def __call__(self, state: str, township: str, severity: str, start: date) -> Due | None:
        """As ``due_for``."""
        key = (state, township, severity, start)
        if key not in self._known:
            self._known[key] = due_for(state, township=township, severity=severity, start=start)
        return self._known[key]


def _form_steps(cases: Iterable[Case]) -> None:
    now = timezone.now()
    steps = [Step(case=case, version=1, at=now, action="form", to_state=State.PENDING) for case in cases]
    Step.objects.bulk_create(steps, batch_size=_BATCH)


def _put_in(pairs: Sequence[tuple[Case, _Group]]) -> None:
    items = [
        Item(case=case, finding=finding, rule_id=finding.rule_id) for case, group in pairs for finding in group.findings
    ]
    Item.objects.bulk_create(items, batch_size=_BATCH, ignore_conflicts=True)
    for part in _parts([item.finding_id for item in items]):
        Finding.objects.filter(pk__in=part).update(state=FindingState.CASED)


def _ask_again(joined: Sequence[tuple[Case, _Group]]) -> None:
    """A finding whose facts changed may lie in the open case already: its conclusion is asked for anew."""
    for part in _parts([finding.pk for _, group in joined for finding in group.findings]):
        known = Item.objects.filter(finding__in=part).exclude(case__state=State.CLOSED).exclude(verdict="")
        known.update(verdict="", cause="", note="")


def _join(joined: Sequence[tuple[Case, _Group]]) -> None:
    """What further findings mean for their cases: severity, amount, deadline, version, a step that says so."""
    now, due_of = timezone.now(), _Dues()
    amounts = _amounts([case.pk for case, _ in joined])
    steps = []
    for case, group in joined:
        case.amount = amounts.get(case.pk)
        gravest = min(case.severity, group.severity, key=_rank)
        if gravest != case.severity:
            case.severity = gravest
            _hasten(case, due_of)
        case.version += 1
        steps.append(_step(case, "join", now, _join_words(case, group)))
    Case.objects.bulk_update(
        [case for case, _ in joined], ["amount", "severity", "due_on", "is_due_certain", "version"], batch_size=_BATCH
    )
    Step.objects.bulk_create(steps, batch_size=_BATCH)


def _hasten(case: Case, due_of: _Dues) -> None:
    """A graver case may be due earlier, never later."""
    due = due_of(case.state, case.township, case.severity, timezone.localdate(case.state_since))
    if due is not None and (case.due_on is None or due.day < case.due_on):
        case.due_on, case.is_due_certain = due.day, due.is_certain


def _join_words(case: Case, group: _Group) -> str:
    titles = "、".join(dict.fromkeys(finding.rule_title for finding in group.findings))
    is_told = case.state in {State.REPORTED, State.RECTIFYING, State.REVIEWING}
    return f"又发现：{titles}" + ("。原来的已经反馈，新并入的还要核查。" if is_told else "")


def _amounts(keys: Sequence[int]) -> dict[int, Decimal | None]:
    """Case → what its findings amount to together."""
    found: dict[int, Decimal | None] = {}
    for part in _parts(keys):
        summed = Item.objects.filter(case__in=part).values_list("case").annotate(total=Sum("finding__amount"))
        found |= dict(summed.order_by())
    return found


def _step(case: Case, action: str, at: datetime, note: str, *, from_state: str | None = None) -> Step:
    """A step the system took; from_state: where the case was before, if not where it is."""
    return Step(
        case=case,
        version=case.version,
        at=at,
        action=action,
        from_state=case.state if from_state is None else from_state,
        to_state=case.state,
        note=note,
    )


@transaction.atomic
def cases_look_back(*, run: Run) -> tuple[int, int]:
    """回头看: what a later comparison says of closed cases; (confirmed, re-opened).

    A case is confirmed when none of its settled findings is reported any more, and re-opened when one still is in data
    delivered after it was closed. Until such data come, nothing is said. A run of chosen rules speaks of those alone.
    """
    rules = set(run.results.exclude(state="skipped").values_list("rule_id", flat=True))
    closed = Case.objects.select_for_update().filter(state=State.CLOSED, is_confirmed=None)
    closed = closed.exclude(outcome__in=[Outcome.NO_PROBLEM, Outcome.NOT_COVERED])
    cases = {case.pk: case for case in closed.filter(closed_at__lt=run.created_at).order_by("pk")}
    watched = _watched(cases, rules)
    seen = _seen(run, watched)
    delivered = _delivered_after(min((case.closed_at for case in cases.values() if case.closed_at), default=None))
    confirmed: list[Case] = []
    again: list[tuple[Case, list[Finding]]] = []
    for pk, findings in watched.items():
        still = [finding for finding in findings if finding.pk in seen]
        if not still:
            confirmed.append(cases[pk])
        elif any(_is_told_anew(finding, cases[pk], delivered) for finding in still):
            again.append((cases[pk], still))
    _open_again(again, run)
    _confirm(confirmed, run)
    detail = {"confirmed": len(confirmed), "reopened": [case.number for case, _ in again]}
    record("cases_look_back", kind="run", object_id=run.pk, detail=detail)
    return len(confirmed), len(again)


def _watched(cases: dict[int, Case], rules: set[str]) -> dict[int, list[Finding]]:
    """Case → its settled findings, where the run asked all their rules."""
    found: dict[int, list[Finding]] = {}
    for part in _parts(list(cases)):
        items = Item.objects.filter(case__in=part, finding__state=FindingState.SETTLED).select_related("finding")
        for item in items.defer("finding__summary"):
            found.setdefault(item.case_id, []).append(item.finding)
    return {pk: findings for pk, findings in found.items() if all(each.rule_id in rules for each in findings)}


def _seen(run: Run, watched: dict[int, list[Finding]]) -> set[int]:
    keys = [finding.pk for findings in watched.values() for finding in findings]
    found: set[int] = set()
    for part in _parts(keys):
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


def _open_again(again: Sequence[tuple[Case, list[Finding]]], run: Run) -> None:
    """Cases whose findings are still there go back to be verified; what was cleared in them stays cleared."""
    now, due_of, steps = timezone.now(), _Dues(), []
    for case, findings in again:
        reopened(case)
        case.looked_back_run = run
        case.state, case.state_since = State.DISPATCHED, now
        due = due_of(case.state, case.township, case.severity, timezone.localdate(now))
        case.due_on, case.is_due_certain = (due.day, due.is_certain) if due else (None, True)
        case.version += 1
        titles = "、".join(dict.fromkeys(finding.rule_title for finding in findings))
        words = f"{run.as_of}比对仍发现：{titles}"
        steps.append(_step(case, "look_back_reopen", now, words, from_state=State.CLOSED))
    fields = ["closed_at", "closed_by", "outcome", "is_confirmed", "reopened", "looked_back_run", "version"]
    fields += ["state", "state_since", "due_on", "is_due_certain"]
    Case.objects.bulk_update([case for case, _ in again], fields, batch_size=_BATCH)
    Step.objects.bulk_create(steps, batch_size=_BATCH)
    for part in _parts([finding.pk for _, findings in again for finding in findings]):
        Finding.objects.filter(pk__in=part).update(state=FindingState.CASED)


def _confirm(cases: Sequence[Case], run: Run) -> None:
    now = timezone.now()
    for case in cases:
        case.is_confirmed, case.looked_back_run = True, run
        case.version += 1
    Case.objects.bulk_update(cases, ["is_confirmed", "looked_back_run", "version"], batch_size=_BATCH)
    steps = [_step(case, "look_back_confirm", now, f"{run.as_of}比对未再出现") for case in cases]
    Step.objects.bulk_create(steps, batch_size=_BATCH)
