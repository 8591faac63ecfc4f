"""The calendar of who owes what (报送日历): periods, due days, what came and what is late."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db import transaction
from django.utils import timezone

from mingcha_web.access.errors import WrongState
from mingcha_web.access.guard import require
from mingcha_web.access.models import User
from mingcha_web.access.policy import Action, Reach
from mingcha_web.audit.services import record
from mingcha_web.uploads.models import DeliveredSheet, DeliveryState, Obligation
from mingcha_web.uploads.selectors import dataset_titles

#: Months the calendar shows.
MONTHS = 6
_YEAR = 12
#: State of a cell → its word.
CELL_WORDS = {"done": "已交", "late": "迟交", "missing": "未交", "open": "未到期", "none": ""}


@dataclass(frozen=True)
class Cell:
    """One period of an obligation. state: done, late, missing, open, or none where no period ends in the month."""

    month: str
    state: str
    due: date | None = None
    delivered: date | None = None
    delivery_id: int | None = None
    rows: int = 0

    @property
    def word(self) -> str:
        """The state in Chinese."""
        return CELL_WORDS[self.state]


@dataclass(frozen=True)
class Row:
    """One obligation and its periods."""

    obligation: Obligation
    title: str
    cells: list[Cell]


@dataclass(frozen=True)
class Calendar:
    """Months, oldest first, and a row for each obligation."""

    months: list[str]
    rows: list[Row]
    missing: int = 0
    late: int = 0
    offices_behind: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class _Came:
    """A delivered sheet. month: the one it speaks of, or that before its delivery."""

    month: str
    on: date
    delivery_id: int
    rows: int


def calendar_for(user: User, *, today: date | None = None, months: int = MONTHS) -> Calendar:
    """The calendar of the last months, up to the present one."""
    day = today or timezone.localdate()
    shown = [_shift(_month(day), -back) for back in range(months - 1, -1, -1)]
    if user.reach != Reach.COUNTY:
        return Calendar(shown, [])
    came = _came(_shift(shown[0], 1 - _YEAR))
    titles = dataset_titles()
    rows = []
    for obligation in Obligation.objects.filter(is_active=True):
        given = came.get((obligation.office, obligation.dataset), [])
        cells = [_cell(obligation, month, given, day) for month in shown]
        rows.append(Row(obligation, titles.get(obligation.dataset, obligation.dataset), cells))
    states = [cell.state for row in rows for cell in row.cells]
    behind = sorted({row.obligation.office for row in rows if any(cell.state == "missing" for cell in row.cells)})
    return Calendar(shown, rows, states.count("missing"), states.count("late"), behind)


def _came(first: str) -> dict[tuple[str, str], list[_Came]]:
    """Office and dataset → what came, the earliest first; withdrawn deliveries do not count."""
    sheets = DeliveredSheet.objects.exclude(delivery__state=DeliveryState.WITHDRAWN).order_by("delivery_id")
    found: dict[tuple[str, str], list[_Came]] = {}
    names = ("delivery__batch__office", "dataset", "month", "delivery__created_at", "delivery_id", "rows")
    for office, dataset, said, at, delivery_id, rows in sheets.values_list(*names):
        on = timezone.localdate(at)
        month = said or _shift(_month(on), -1)
        if month >= first:
            found.setdefault((office, dataset), []).append(_Came(month, on, delivery_id, rows))
    return found


def _cell(obligation: Obligation, month: str, given: Sequence[_Came], today: date) -> Cell:
    every = obligation.every_months
    if int(month[5:]) % every or month < obligation.since:
        return Cell(month, "none")
    due = _due(month, obligation.due_day)
    inside = [came for came in given if _shift(month, 1 - every) <= came.month <= month]
    if not inside:
        return Cell(month, "missing" if today > due else "open", due)
    first, last = inside[0], inside[-1]
    rows = sum(came.rows for came in inside if came.delivery_id == last.delivery_id)
    return Cell(month, "late" if first.on > due else "done", due, first.on, last.delivery_id, rows)


def _month(day: date) -> str:
    return f"{day:%Y-%m}"


def _shift(month: str, by: int) -> str:
    """A month some months later.

    >>> _shift("2023-11", 3), _shift("2023-01", -1)
    ('2024-02', '2022-12')
    """
    number = int(month[:4]) * 12 + int(month[5:]) - 1 + by
    return f"{number // 12:04d}-{number % 12 + 1:02d}"


def _due(month: str, day: int) -> date:
    return date.fromisoformat(f"{_shift(month, 1)}-{day:02d}")


@transaction.atomic
def obligation_set(
    *,
    office: str,
    dataset: str,
    every_months: int,
    due_day: int,
    since: str = "",
    by: User,
    obligation_id: int | None = None,
) -> Obligation:
    """Writes down that an office owes a dataset; office and dataset given again change what is there.

    Raises NotAllowed, WrongState (another obligation of that office and dataset).
    """
    require(by, Action.UPLOAD_MAKE)
    same = Obligation.objects.filter(office=office, dataset=dataset)
    if obligation_id is not None and same.exclude(pk=obligation_id).exists():
        raise WrongState("这个单位已经有同一数据项的报送要求，请直接修改那一条。")
    given: dict[str, object] = {
        "office": office,
        "dataset": dataset,
        "every_months": every_months,
        "due_day": due_day,
        "since": since,
        "is_active": True,
    }
    if obligation_id is None:
        made, _ = Obligation.objects.update_or_create(office=office, dataset=dataset, defaults=given)
    else:
        made, _ = Obligation.objects.update_or_create(pk=obligation_id, defaults=given)
    record("obligation_set", by=by, kind="obligation", object_id=made.pk, detail=given)
    return made


@transaction.atomic
def obligation_end(*, obligation_id: int, by: User) -> None:
    """Takes an obligation off the calendar. Raises NotAllowed."""
    require(by, Action.UPLOAD_MAKE)
    if Obligation.objects.filter(pk=obligation_id, is_active=True).update(is_active=False):
        record("obligation_end", by=by, kind="obligation", object_id=obligation_id)


@transaction.atomic
def obligations_suggest(*, by: User) -> int:
    """Makes a monthly obligation of everything that was delivered and is not asked of anybody yet; returns how many."""
    require(by, Action.UPLOAD_MAKE)
    known = set(Obligation.objects.values_list("office", "dataset"))
    made = [
        Obligation(office=office, dataset=dataset, since=min(came.month for came in given))
        for (office, dataset), given in sorted(_came("").items())
        if (office, dataset) not in known
    ]
    Obligation.objects.bulk_create(made)
    if made:
        record("obligations_suggest", by=by, kind="obligation", detail={"made": len(made)})
    return len(made)
