"""What start pages are made of: numbers, charts, tables, lists; each tells its template."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from typing import ClassVar
from urllib.parse import urlencode

from django.urls import reverse

_TEN_THOUSAND = 10_000
_LARGE = 10 * _TEN_THOUSAND


@lru_cache(maxsize=8192)
def link(url_name: str, *args: object, **params: object) -> str:
    """An address with its query; empty values are left out."""
    query = urlencode({name: value for name, value in params.items() if value not in {"", None}})
    path = reverse(url_name, args=args)
    return f"{path}?{query}" if query else path


def money(amount: Decimal) -> str:
    """Yuan in words short enough for a tile.

    >>> money(Decimal("1234.5")), money(Decimal("2345678"))
    ('1,234.50 元', '234.57 万元')
    """
    if amount < _LARGE:
        return f"{amount:,.2f} 元"
    return f"{amount / _TEN_THOUSAND:,.2f} 万元"


def money_figure(label: str, amount: Decimal, link: str, note: str = "") -> Figure:
    """A figure of yuan."""
    value, unit = money(amount).split(" ")
    return Figure(label, value if amount else 0, link, note=note, unit=unit if amount else "")


@dataclass(frozen=True)
class Figure:
    """One number that leads to what it counts. tone: late, soon, good or nothing; note: a word below it."""

    label: str
    value: int | str
    link: str = ""
    tone: str = ""
    note: str = ""
    unit: str = ""

    @property
    def words(self) -> str:
        """The number as shown."""
        return f"{self.value:,}" if isinstance(self.value, int) else self.value

    @property
    def shown_tone(self) -> str:
        """Nothing to do is no alarm."""
        return self.tone if self.value else ""


@dataclass(frozen=True)
class Numbers:
    """A row of figures."""

    template: ClassVar[str] = "home/_numbers.html"
    title: str
    figures: Sequence[Figure]
    is_main: bool = False


@dataclass(frozen=True)
class Chart:
    """A chart for a wide and a narrow screen. more: (words, link) below it; empty: what stands where it is empty."""

    template: ClassVar[str] = "home/_chart.html"
    title: str
    wide: str
    narrow: str
    legend: str = ""
    note: str = ""
    more: tuple[str, str] | None = None
    empty: str = "没有要显示的。"


@dataclass(frozen=True)
class Cell:
    """One cell of a table. A number stands right."""

    text: str | int
    link: str = ""
    tone: str = ""

    @property
    def words(self) -> str:
        """As shown."""
        return f"{self.text:,}" if isinstance(self.text, int) else self.text

    @property
    def is_number(self) -> bool:
        """Whether it stands right."""
        return isinstance(self.text, int) or self.text.endswith(("元", "%", "—"))

    @property
    def shown_tone(self) -> str:
        """Nothing to do is no alarm."""
        return self.tone if self.text else ""


@dataclass(frozen=True)
class Table:
    """Places or rules compared. heads: one a column."""

    template: ClassVar[str] = "home/_table.html"
    title: str
    heads: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    note: str = ""
    empty: str = "还没有。"
    more: tuple[str, str] | None = None

    @property
    def lines(self) -> list[list[tuple[str, Cell]]]:
        """Rows with each cell's head."""
        return [list(zip(self.heads, row, strict=True)) for row in self.rows]


@dataclass(frozen=True)
class Entry:
    """One line of a list. tag: a short word beside it, tone: its colour."""

    words: str
    link: str = ""
    note: str = ""
    tag: str = ""
    tone: str = ""


@dataclass(frozen=True)
class Entries:
    """A short list."""

    template: ClassVar[str] = "home/_entries.html"
    title: str
    entries: Sequence[Entry]
    empty: str = "没有。"
    more: tuple[str, str] | None = None
    note: str = ""
    figures: Sequence[Figure] = ()


@dataclass(frozen=True)
class Task:
    """A visit to make."""

    link: str
    name: str
    number: str
    place: str
    severity: str
    is_help: bool
    rules: Sequence[str]
    due: str
    tone: str
    state: str
    action: str


@dataclass(frozen=True)
class Tasks:
    """Visits, the most urgent first."""

    template: ClassVar[str] = "home/_tasks.html"
    title: str
    tasks: Sequence[Task]
    empty_title: str
    empty_hint: str
    more: tuple[str, str] | None = None


@dataclass(frozen=True)
class Step:
    """One of the first steps in a new workbench."""

    words: str
    note: str
    link: str = ""
    is_done: bool = False
    is_next: bool = False


@dataclass(frozen=True)
class Beginning:
    """What to do first where there is nothing yet."""

    template: ClassVar[str] = "home/_beginning.html"
    title: str
    steps: Sequence[Step] = ()
    note: str = ""


Block = Numbers | Chart | Table | Entries | Tasks | Beginning


@dataclass
class Page:
    """A start page: blocks over the whole width, then two columns. notices: (words, link, words of the link)."""

    lead: str = ""
    notices: list[tuple[str, str, str]] = field(default_factory=list)
    top: list[Block] = field(default_factory=list)
    main: list[Block] = field(default_factory=list)
    side: list[Block] = field(default_factory=list)
    #: counts of what was shown about persons, for the audit log; None where nobody is named
    personal: Mapping[str, int] | None = None
