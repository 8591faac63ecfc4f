"""A table as an office thinks of it, and the habits of the hand that types it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from random import Random

from mingcha.simulate.model.places import Village

#: what a table holds before it is typed
Value = str | int | Decimal | date | Village | None


@dataclass(frozen=True, slots=True)
class Formula:
    """A cell that is reckoned. value: what the program stored with it, None if it never did."""

    text: str
    value: int | Decimal | None = None


#: what stands in a cell
Cell = str | int | float | Decimal | date | Formula | None


@dataclass(frozen=True, slots=True)
class Column:
    """A column. header: one word or one per level; kind decides how values are typed.

    kind    text, name, id, account, int, money, tens (万元), date, month, village
    total   whether totals sum it (money and int)
    """

    header: str | tuple[str, ...]
    kind: str = "text"
    total: bool = False


@dataclass(frozen=True, slots=True)
class NumberCell:
    """An identity number typed into a number cell: places after the fifteenth are lost."""

    number: str


@dataclass
class Table:
    """A sheet to be. rows hold one value per column."""

    name: str
    title: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Value | NumberCell | Formula]]
    meta: str = ""
    unit: str = ""
    footer: str = ""
    above: str = ""

    def village_place(self) -> int | None:
        """Which column holds the village."""
        return next((place for place, column in enumerate(self.columns) if column.kind == "village"), None)


@dataclass(frozen=True)
class Habit:
    """How one clerk types. The defaults are the tidy ones."""

    dates: str = "iso"
    months: str = "dash"
    money: str = "number"
    village_word: str = "full"
    village_style: str = "plain"
    total: str = "none"
    subtotals: bool = False
    number_row: bool = False
    unit_row: bool = False
    repeat_header: int = 0
    footer: bool = False
    trailing: int = 0
    helper: bool = False
    pad_names: bool = False
    pad_headers: bool = False
    lower_x: bool = False
    slips: float = 0.0
    title: bool = True
    meta: bool = False
    blank_zero: bool = False
    formulas: bool = False

    def but(self, **changes: object) -> Habit:
        """The same habit with some things done otherwise."""
        return replace(self, **changes)  # type: ignore[arg-type]


TIDY = Habit()


def a_habit(rng: Random, *, clean: bool) -> Habit:
    """Some clerk's habit, moderate in each respect."""
    if clean:
        return TIDY
    return Habit(
        dates=rng.choice(("iso", "cell", "cell", "dot", "slash", "compact", "chinese", "serial")),
        months=rng.choice(("dash", "compact", "dot", "chinese")),
        money=rng.choice(("number", "number", "number", "text", "comma", "yuan")),
        village_word=rng.choice(("full", "full", "village", "short", "joined")),
        village_style=rng.choice(("plain", "plain", "plain", "blank", "merge")),
        total=rng.choice(("none", "bottom", "bottom", "top")),
        subtotals=rng.random() < 0.15,
        number_row=rng.random() < 0.15,
        repeat_header=rng.choice((0, 0, 0, 45)),
        footer=rng.random() < 0.5,
        trailing=rng.choice((0, 0, 0, 2)),
        helper=rng.random() < 0.08,
        pad_names=rng.random() < 0.3,
        pad_headers=rng.random() < 0.25,
        lower_x=rng.random() < 0.12,
        slips=0.004,
        meta=rng.random() < 0.6,
        formulas=rng.random() < 0.4,
    )


@dataclass
class Grid:
    """Cells with the ranges that are merged: (first row, first column, last row, last column), counted from 0."""

    name: str
    rows: list[list[Cell]] = field(default_factory=list)
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
