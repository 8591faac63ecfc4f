"""The figures of the start pages: each is one statement that counts in the database, whatever the rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Sum
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from mingcha_web.access.models import LoginFailures, User
from mingcha_web.access.policy import Action
from mingcha_web.audit.selectors import Wanted, entry_list_for
from mingcha_web.cases.models import OPEN_STATES, Case, ReferralState, State, Supervision
from mingcha_web.cases.selectors import AGES, case_list_for, due_q, opened_since, referral_list_for
from mingcha_web.findings.models import SEVERITY_ORDER, Finding
from mingcha_web.findings.selectors import Filters, finding_filter, finding_list_for
from mingcha_web.home.memory import remembered
from mingcha_web.runs.models import ParameterProposal, ProposalState, Run
from mingcha_web.runs.selectors import titles_of
from mingcha_web.uploads.models import BatchState, Delivery

#: Where an open case stands against its deadline.
DUES = ("late", "soon", "later", "none")
#: What province and city report is shown like rules.
WARNINGS = {"W-省": "省级预警", "W-市": "市级预警"}
_NOTHING = Decimal(0)
_WEEK = 7


@dataclass(frozen=True)
class OpenLine:
    """Open cases of one state, kind and place. dues and ages: code → how many."""

    state: str
    is_help: bool
    place: str
    count: int
    amount: Decimal
    dues: dict[str, int]
    ages: dict[str, int]


@dataclass(frozen=True)
class ClosedLine:
    """Closed cases of one kind, outcome and place; amounts in yuan. confirmed: by a later comparison (回头看)."""

    is_help: bool
    outcome: str
    place: str
    count: int
    found: Decimal
    recovered: Decimal
    confirmed: int


@dataclass(frozen=True)
class RuleLine:
    """Findings of one rule that the last comparison reported and nobody cleared."""

    rule_id: str
    title: str
    severity: str
    count: int


@remembered
def open_lines(user: User, *, place: str = "township") -> list[OpenLine]:
    """Open cases in scope. place: township or village."""
    day = timezone.localdate()
    since = {age: Count("pk", filter=opened_since(most, day=day)) for age, (_, _, most) in AGES.items() if most}
    rows = (
        case_list_for(user)
        .filter(state__in=OPEN_STATES)
        .order_by()
        .values("state", place, "is_help")  # in the order of the index that holds all of it
        .annotate(
            n=Count("*"),
            total=Sum("amount"),
            dated=Count("due_on"),
            late=Count("pk", filter=due_q("late", day=day)),
            near=Count("pk", filter=due_q("near", day=day)),
            **since,
        )
    )
    return [_open_line(row, row[place]) for row in rows]


def _open_line(row: dict[str, Any], place: str) -> OpenLine:
    """Each bound was counted once, up to it: what lies between two bounds is their difference."""
    ages, before = {}, 0
    for age, (_, _, most) in AGES.items():
        upto = row[age] if most else row["n"]
        ages[age], before = upto - before, upto
    dues = {
        "late": row["late"],
        "soon": row["near"] - row["late"],
        "later": row["dated"] - row["near"],
        "none": row["n"] - row["dated"],
    }
    return OpenLine(row["state"], row["is_help"], place, row["n"], row["total"] or _NOTHING, dues, ages)


@remembered
def closed_lines(user: User, *, place: str = "township") -> list[ClosedLine]:
    """Closed cases in scope. place: township or village."""
    rows = (
        case_list_for(user)
        .filter(state=State.CLOSED)
        .order_by()
        .values(place, "is_help", "outcome")
        .annotate(
            n=Count("pk"),
            found=Sum("amount_found"),
            recovered=Sum("amount_recovered"),
            confirmed=Count("pk", filter=Q(is_confirmed=True)),
        )
    )
    return [
        ClosedLine(
            is_help=row["is_help"],
            outcome=row["outcome"],
            place=row[place],
            count=row["n"],
            found=row["found"] or _NOTHING,
            recovered=row["recovered"] or _NOTHING,
            confirmed=row["confirmed"],
        )
        for row in rows
    ]


def _current(user: User) -> QuerySet[Finding]:
    return finding_filter(finding_list_for(user), Filters(state="current"))


@remembered
def rule_lines(user: User, *, rules: Sequence[str] = (), new_in: int | None = None) -> list[RuleLine]:
    """Current findings in scope by rule, most first. rules: these alone; new_in: the comparison that saw them first."""
    rows = _current(user) if new_in is None else finding_list_for(user).filter(first_run_id=new_in)
    if rules:
        rows = rows.filter(rule_id__in=rules)
    counted = list(rows.order_by().values_list("rank", "rule_id").annotate(n=Count("pk")))
    titles = {**WARNINGS, **titles_of({rule_id for _, rule_id, _ in counted} - set(WARNINGS))}
    lines = [RuleLine(rule_id, titles.get(rule_id, ""), (*SEVERITY_ORDER, "")[rank], n) for rank, rule_id, n in counted]
    return sorted(lines, key=lambda line: (-line.count, line.rule_id))


def recent_runs(most: int = 8) -> list[Run]:
    """The last comparisons that ended well or are under way, newest first: totals, no rows about people."""
    states = [BatchState.DONE, BatchState.QUEUED, BatchState.RUNNING]
    return list(Run.objects.filter(state__in=states).order_by("-id").select_related("before")[:most])


def has_deliveries() -> bool:
    """Whether anything was ever uploaded."""
    return Delivery.objects.exists()


def proposals_waiting(user: User) -> tuple[int, int]:
    """Proposed changes of parameters: (all, those this person made and therefore cannot decide)."""
    if not user.can(Action.PARAMETER_READ):
        return 0, 0
    counted = ParameterProposal.objects.filter(state=ProposalState.PROPOSED).aggregate(
        every=Count("pk"), own=Count("pk", filter=Q(proposed_by=user))
    )
    return counted["every"], counted["own"]


def unanswered_supervisions(user: User, most: int = 8) -> list[Supervision]:
    """Supervision notes on cases in scope that nobody answered yet, the oldest first."""
    in_scope = Exists(case_list_for(user).filter(pk=OuterRef("case_id")).exclude(state=State.CLOSED))
    rows = Supervision.objects.filter(in_scope, reply="")
    return list(rows.select_related("case", "by").order_by("pk")[:most])


def urgent_cases(user: User, states: Iterable[str], most: int) -> list[Case]:
    """Open cases in scope in these states, the most urgent first, each with its findings."""
    rows = case_list_for(user).filter(state__in=list(states))
    order = rows.order_by(F("due_on").asc(nulls_last=True), "pk")
    return list(order.prefetch_related("items__finding")[:most])


def open_referrals(user: User) -> list[Any]:
    """Clues that wait for the discipline office, those due first: without their contents."""
    rows = referral_list_for(user).exclude(state=ReferralState.DECIDED)
    return list(rows.order_by(F("due_on").asc(nulls_last=True), "pk")[:50])


def week_start(day: date | None = None) -> date:
    """The first of the last seven days."""
    return (day or timezone.localdate()) - timedelta(days=_WEEK - 1)


def log_counts(user: User) -> dict[str, int]:
    """What the audit log noted in the last seven days: action → how many; '' = all, personal = of personal data."""
    rows = entry_list_for(user, Wanted(since=week_start())).order_by()
    counted = rows.values_list("action", "is_personal").annotate(n=Count("pk"))
    found: dict[str, int] = {}
    for action, is_personal, n in counted:
        for name in (action, "", *(("personal",) if is_personal else ())):
            found[name] = found.get(name, 0) + n
    return found


def account_counts() -> dict[str, dict[str, int]]:
    """Role → active, disabled, temporary (password not yet changed), unused (never logged in)."""
    rows = (
        User.objects.order_by()
        .values("role")
        .annotate(
            active=Count("pk", filter=Q(is_active=True)),
            disabled=Count("pk", filter=Q(is_active=False)),
            temporary=Count("pk", filter=Q(is_active=True, is_temporary=True)),
            unused=Count("pk", filter=Q(is_active=True, last_login=None)),
        )
    )
    return {row["role"]: {name: row[name] for name in ("active", "disabled", "temporary", "unused")} for row in rows}


def paused_logins() -> int:
    """Account names that have to wait after too many failures."""
    return LoginFailures.objects.filter(waits_until__gt=timezone.now()).count()


def waiting_tasks(minutes: int = 2) -> int:
    """Background tasks that nobody took up for so long: the worker seems not to run."""
    since = timezone.now() - timedelta(minutes=minutes)
    return int(DBTaskResult.objects.ready().filter(enqueued_at__lt=since).count())
