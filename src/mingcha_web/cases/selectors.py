"""Reads: the only doors to cases. Scope sits here, once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Count, Q, QuerySet
from django.http import Http404
from django.utils import timezone

from mingcha_web.access.models import User
from mingcha_web.access.policy import Action, Reach
from mingcha_web.cases.models import Attachment, Case, Item, Referral, State
from mingcha_web.ui.distinct import met_once

#: A case is due soon when so many calendar days are left.
SOON_DAYS = 5
#: How long ago a case was opened: code → its word, from so many days on, up to so many.
AGES: dict[str, tuple[str, int, int | None]] = {
    "week": ("7天以内", 0, 7),
    "month": ("8—30天", 8, 30),
    "quarter": ("31—90天", 31, 90),
    "older": ("90天以上", 91, None),
}
#: Where money moved: code → its word.
MONEY = {"found": "有核定金额", "recovered": "有追回金额"}


def case_scope(user: User) -> Q:
    """The condition under which a case is this person's to see."""
    if not user.can(Action.CASE_READ) and not user.can(Action.CASE_VERIFY):
        return Q(pk__in=[])
    if user.reach == Reach.COUNTY:
        return Q()
    if user.reach == Reach.TOWNSHIP:
        return Q(township=user.township)
    if user.reach == Reach.OWN:
        return Q(assignee=user)
    return Q(pk__in=[])


def case_list_for(user: User) -> QuerySet[Case]:
    """All cases in scope, without order."""
    return Case.objects.filter(case_scope(user))


def case_get_for(user: User, case_id: int, *, lock: bool = False) -> Case:
    """One case in scope. Raises Http404."""
    rows = case_list_for(user)
    rows = rows.select_for_update(of=("self",)) if lock else rows.select_related("assignee", "verified_by", "closed_by")
    case = rows.filter(pk=case_id).first()
    if case is None:
        raise Http404("case")
    return case


@dataclass(frozen=True)
class Filters:
    """What a list of cases is narrowed to; '' = all."""

    state: str = ""
    township: str = ""
    severity: str = ""
    rule: str = ""
    kind: str = ""
    due: str = ""
    assignee: str = ""
    text: str = ""
    age: str = ""
    outcome: str = ""
    money: str = ""
    village: str = ""


def case_filter(rows: QuerySet[Case], filters: Filters, *, day: date | None = None) -> QuerySet[Case]:
    """Narrows a list."""
    if filters.state == "open":
        # said this way, the list is read in the order of its index
        rows = rows.exclude(state=State.CLOSED)
    elif filters.state:
        rows = rows.filter(state=filters.state)
    equal = {
        "township": filters.township,
        "severity": filters.severity,
        "outcome": filters.outcome,
        "village": filters.village,
    }
    rows = rows.filter(**{name: value for name, value in equal.items() if value})
    if filters.kind:
        rows = rows.filter(is_help=filters.kind == "help")
    if filters.rule:
        rows = rows.filter(pk__in=Item.objects.filter(rule_id=filters.rule).values("case"))
    if filters.assignee:
        rows = (
            rows.filter(assignee_id=int(filters.assignee)) if filters.assignee.isdigit() else rows.filter(assignee=None)
        )
    if filters.due:
        rows = due_filter(rows, filters.due, day=day)
    if filters.age in AGES:
        rows = rows.filter(age_q(filters.age, day=day))
    if filters.money in MONEY:
        rows = rows.filter(**{f"amount_{filters.money}__gt": 0})
    if filters.text:
        words = Q(name__contains=filters.text) | Q(village__contains=filters.text) | Q(number__contains=filters.text)
        rows = rows.filter(pk__in=met_once(Case.objects.filter(words)))
    return rows


def due_filter(rows: QuerySet[Case], due: str, *, day: date | None = None) -> QuerySet[Case]:
    """late: overdue; soon: due within SOON_DAYS; later: after that; today: late or due today; none: no limit set."""
    return rows.filter(due_q(due, day=day)).exclude(state=State.CLOSED)


def due_q(due: str, *, day: date | None = None) -> Q:
    """The condition behind ``due_filter``; open cases alone have a due day."""
    now = day or timezone.localdate()
    soon = now + timedelta(days=SOON_DAYS)
    conditions = {
        "late": Q(due_on__lt=now),
        "soon": Q(due_on__range=(now, soon)),
        "later": Q(due_on__gt=soon),
        "near": Q(due_on__lte=soon),
        "today": Q(due_on__lte=now),
        "none": Q(due_on=None),
    }
    return conditions.get(due, Q())


def age_q(age: str, *, day: date | None = None) -> Q:
    """Opened so many days ago, by AGES."""
    _, least, most = AGES[age]
    later = opened_since(least - 1, day=day)
    return ~later if most is None else ~later & opened_since(most, day=day)


def opened_since(days: int, *, day: date | None = None) -> Q:
    """Opened so many days ago or later; -1 = from tomorrow on."""
    return Q(opened_at__gte=_midnight((day or timezone.localdate()) - timedelta(days=days)))


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def state_counts(rows: QuerySet[Case]) -> dict[str, int]:
    """State → how many."""
    counted = dict(rows.order_by().values_list("state").annotate(n=Count("id")))
    return {state.value: counted.get(state.value, 0) for state in State}


def attachment_get_for(user: User, attachment_id: int) -> Attachment:
    """One attachment of a case in scope. Raises Http404."""
    found = (
        Attachment.objects.select_related("case")
        .filter(pk=attachment_id, case__in=case_list_for(user).values("pk"))
        .first()
    )
    if found is None:
        raise Http404("attachment")
    return found


def referral_list_for(user: User) -> QuerySet[Referral]:
    """Clues, for the discipline office alone."""
    if not user.can(Action.REFERRAL_READ):
        return Referral.objects.none()
    return Referral.objects.select_related("case", "raised_by", "received_by")


def referral_get_for(user: User, referral_id: int, *, lock: bool = False) -> Referral:
    """One clue. Raises Http404."""
    rows = referral_list_for(user)
    if lock:
        rows = Referral.objects.select_for_update() if user.can(Action.REFERRAL_READ) else Referral.objects.none()
    found = rows.filter(pk=referral_id).first()
    if found is None:
        raise Http404("referral")
    return found


def assistants_of(townships: Iterable[str]) -> QuerySet[User]:
    """Whom a visit in these townships can be given to."""
    return User.objects.filter(
        role__in=["village_assistant", "township_officer"], township__in=list(townships), is_active=True
    ).order_by("role", "village", "name")
