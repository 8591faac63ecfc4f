"""Limits of the steps of a case, and the import of days off."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db import transaction
from django.utils import timezone

from mingcha_web.access.guard import require
from mingcha_web.access.models import User
from mingcha_web.access.policy import Action
from mingcha_web.audit.services import record
from mingcha_web.cases.models import Case, State
from mingcha_web.deadlines.models import Day, ImportedYear, Limit
from mingcha_web.deadlines.workdays import Due, working_day_after


def due_for(state: str, *, township: str, severity: str, start: date) -> Due | None:
    """When a case that enters a state on a day has to leave it; None where no limit is set (未设期限)."""
    fits = Limit.objects.filter(state=state, township__in=["", township], severity__in=["", severity])
    best = max(fits, key=lambda limit: (bool(limit.township), bool(limit.severity)), default=None)
    return working_day_after(start, best.working_days) if best else None


@transaction.atomic
def year_import(*, year: int, days: Iterable[tuple[date, bool, str]], by: User) -> int:
    """Takes in the days off of a year, replacing what was imported for it; returns how many.

    days   (day, is it a working day, its name): those that differ from the week's course
    """
    require(by, Action.CALENDAR_EDIT)
    Day.objects.filter(day__year=year).delete()
    made = Day.objects.bulk_create(
        Day(day=day, is_working=is_working, name=name) for day, is_working, name in days if day.year == year
    )
    ImportedYear.objects.get_or_create(year=year)
    again = _due_again()
    record("calendar_import", by=by, kind="year", object_id=year, detail={"days": len(made), "cases": again})
    return len(made)


def _due_again() -> int:
    """Due days that had to leave out weekends alone, reckoned anew; returns how many moved."""
    moved = 0
    doubtful = Case.objects.filter(is_due_certain=False).exclude(state=State.CLOSED)
    for case in doubtful.select_for_update().iterator(chunk_size=500):
        start = timezone.localdate(case.state_since)
        due = due_for(case.state, township=case.township, severity=case.severity, start=start)
        if due is not None and (due.day, due.is_certain) != (case.due_on, case.is_due_certain):
            Case.objects.filter(pk=case.pk).update(due_on=due.day, is_due_certain=due.is_certain)
            moved += 1
    return moved


@transaction.atomic
def limit_set(*, state: str, township: str, severity: str, working_days: int | None, by: User) -> None:
    """Sets a limit; None takes it away."""
    require(by, Action.CALENDAR_EDIT)
    key = {"state": state, "township": township, "severity": severity}
    before = Limit.objects.filter(**key).values_list("working_days", flat=True).first()
    if working_days is None:
        Limit.objects.filter(**key).delete()
    else:
        Limit.objects.update_or_create(
            state=state, township=township, severity=severity, defaults={"working_days": working_days}
        )
    record("limit_set", by=by, kind="limit", object_id=state, detail={**key, "changed": [before, working_days]})
