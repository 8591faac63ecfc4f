"""Reading the audit log."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone

from mingcha_web.access.models import User
from mingcha_web.access.policy import Action
from mingcha_web.audit.models import Entry


@dataclass(frozen=True)
class Wanted:
    """Which entries somebody wants to see; empty = all. person, object_id: parts of the name or number."""

    person: str = ""
    action: str = ""
    kind: str = ""
    object_id: str = ""
    since: date | None = None
    until: date | None = None
    is_personal: bool = False


def entry_list_for(user: User, wanted: Wanted | None = None) -> QuerySet[Entry]:
    """Entries a person may read, newest first; none for those who may not read the log."""
    rows = Entry.objects.all() if user.can(Action.AUDIT_READ) else Entry.objects.none()
    wanted = wanted or Wanted()
    if wanted.person:
        rows = rows.filter(Q(actor_name__icontains=wanted.person) | Q(actor__username__iexact=wanted.person))
    if wanted.action:
        rows = rows.filter(action=wanted.action)
    if wanted.kind:
        rows = rows.filter(kind=wanted.kind)
    if wanted.object_id:
        rows = rows.filter(object_id=wanted.object_id)
    if wanted.since:
        rows = rows.filter(at__gte=_midnight(wanted.since))
    if wanted.until:
        rows = rows.filter(at__lt=_midnight(wanted.until + timedelta(days=1)))
    if wanted.is_personal:
        rows = rows.filter(is_personal=True)
    return rows


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
