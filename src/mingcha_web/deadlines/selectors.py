"""Reading limits and what is known of the years' days off."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from mingcha_web.cases.models import OPEN_STATES, State
from mingcha_web.deadlines.models import Day, ImportedYear, Limit
from mingcha_web.deadlines.workdays import is_known, packaged_days
from mingcha_web.ui.templatetags.ui import SEVERITIES


@dataclass(frozen=True)
class Cell:
    """A limit in the table. working_days: as set here; inherited: what counts where nothing is set here."""

    state: str
    township: str
    severity: str
    working_days: int | None
    inherited: int | None


@dataclass(frozen=True)
class Row:
    """A state with its limits: for all severities first, then each."""

    state: str
    label: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Year:
    """What is known of a year. kind: packaged (国务院安排，随软件), imported (本县导入), unknown."""

    year: int
    kind: str
    days: tuple[tuple[date, bool, str], ...]


def limit_table(township: str = "") -> list[Row]:
    """Limits of every open state by severity, for a township or ('') the county."""
    limits = {(each.state, each.township, each.severity): each.working_days for each in Limit.objects.all()}
    return [
        Row(state.value, state.label, tuple(_cell(limits, state, township, code) for code in ("", *SEVERITIES)))
        for state in OPEN_STATES
    ]


def limit_cell(state: str, township: str, severity: str) -> Cell:
    """One limit as the table shows it."""
    limits = {
        (each.state, each.township, each.severity): each.working_days for each in Limit.objects.filter(state=state)
    }
    return _cell(limits, State(state), township, severity)


def _cell(limits: dict[tuple[str, str, str], int], state: State, township: str, severity: str) -> Cell:
    nearest = [(township, ""), ("", severity), ("", "")] if township else [("", "")]
    inherited = next(
        (
            limits[(state.value, *place)]
            for place in nearest
            if (state.value, *place) in limits and place != (township, severity)
        ),
        None,
    )
    return Cell(state.value, township, severity, limits.get((state.value, township, severity)), inherited)


def limit_townships() -> list[str]:
    """Townships that have limits of their own."""
    return list(Limit.objects.exclude(township="").order_by("township").values_list("township", flat=True).distinct())


def year_list(today: date | None = None) -> list[Year]:
    """This year, the one before and the two after, and every imported one."""
    now = (today or timezone.localdate()).year
    imported = set(ImportedYear.objects.values_list("year", flat=True))
    days: dict[int, list[tuple[date, bool, str]]] = {}
    for each in Day.objects.all():
        days.setdefault(each.day.year, []).append((each.day, each.is_working, each.name))
    years = sorted({now - 1, now, now + 1, now + 2} | imported)
    return [_year(year, year in imported, tuple(days.get(year, ()))) for year in years]


def _year(year: int, is_imported: bool, days: tuple[tuple[date, bool, str], ...]) -> Year:
    if is_imported:
        return Year(year, "imported", days)
    return Year(year, "packaged", tuple(packaged_days(year))) if is_known(year) else Year(year, "unknown", ())


def unknown_years(days: Iterable[date | None]) -> list[int]:
    """Of the years in which these days lie, those whose days off are not known."""
    return sorted(year for year in {day.year for day in days if day} if not is_known(year))
