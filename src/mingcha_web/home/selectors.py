"""The figures of the start pages: each is one statement that counts in the database, whatever the rows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Sum
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from mingcha_web.access.models import LoginFailures, User
from mingcha_web.access.policy import Action
from mingcha_web.audit.selectors import Wanted, entry_list_for
from mingcha_web.cases.models import OPEN_STATES, Case, ReferralState, State, Supervision
from mingcha_web.cases.selectors import AGES, age_q, case_list_for, due_q, referral_list_for
from mingcha_web.findings.models import Finding
from mingcha_web.findings.selectors import Filters, finding_filter, finding_list_for
from mingcha_web.runs.models import ParameterProposal, ProposalState, Run
from mingcha_web.uploads.models import BatchState, Delivery

#: Where an open case stands against its deadline.
DUES = ("late", "soon", "later", "none")
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


def open_lines(user: User, *, place: str = "township") -> list[OpenLine]:
    """Open cases in scope. place: township or village."""
    day = timezone.localdate()
    counts: dict[str, Any] = {f"due_{code}": Count("pk", filter=due_q(code, day=day)) for code in DUES}
    counts |= {f"age_{code}": Count("pk", filter=age_q(code, day=day)) for code in AGES}
    rows = (
        case_list_for(user)
        .filter(state__in=OPEN_STATES)
        .order_by()
        .values("state", "is_help", place)
        .annotate(n=Count("pk"), total=Sum("amount"), **counts)
    )
    return [
        OpenLine(
            state=row["state"],
            is_help=row["is_help"],
            place=row[place],
            count=row["n"],
            amount=row["total"] or _NOTHING,
            dues={code: row[f"due_{code}"] for code in DUES},
            ages={code: row[f"age_{code}"] for code in AGES},
        )
        for row in rows
    ]


def closed_lines(user: User, *, place: str = "township") -> list[ClosedLine]:
    """Closed cases in scope. place: township or village."""
    rows = (
        case_list_for(user)
        .filter(state=State.CLOSED)
        .order_by()
        .values("is_help", "outcome", place)
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


def rule_lines(user: User, *, rules: Iterable[str] = (), new_in: Run | None = None) -> list[RuleLine]:
    """Current findings in scope by rule, most first. rules: these alone; new_in: first seen in that comparison."""
    rows = _current(user) if new_in is None else finding_list_for(user).filter(first_run=new_in)
    wanted = list(rules)
    if wanted:
        rows = rows.filter(rule_id__in=wanted)
    counted = rows.order_by().values("rule_id", "rule_title", "severity").annotate(n=Count("pk"))
    lines = [RuleLine(row["rule_id"], row["rule_title"], row["severity"], row["n"]) for row in counted]
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
    rows = Supervision.objects.filter(reply="", case__in=case_list_for(user).exclude(state=State.CLOSED).values("pk"))
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
    return {row.pop("role"): row for row in rows}


def paused_logins() -> int:
    """Account names that have to wait after too many failures."""
    return LoginFailures.objects.filter(waits_until__gt=timezone.now()).count()


def waiting_tasks(minutes: int = 2) -> int:
    """Background tasks that nobody took up for so long: the worker seems not to run."""
    since = timezone.now() - timedelta(minutes=minutes)
    return int(DBTaskResult.objects.ready().filter(enqueued_at__lt=since).count())
