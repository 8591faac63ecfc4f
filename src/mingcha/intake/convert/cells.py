"""Odd cells: read once a distinct cell, in tables that the typed query joins. Plain cells never come here."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass

from mingcha.intake.convert.fields import Recipe
from mingcha.intake.convert.sheet import Sheet
from mingcha.values.sql.base import Cell, ident, layered

_CELL = Cell("cell", "text", "kind")
_DISTINCT = "mingcha_odd"


@dataclass(frozen=True)
class OddCells:
    """The table of a group's odd cells; None where the sheet has none.

    Columns: text, kind, the results by name, problem, is_blank, shown.
    """

    table: str | None
    results: tuple[str, ...]


def read_odd_cells(sheet: Sheet, recipes: Mapping[str, Recipe]) -> dict[str, OddCells]:
    """Field → the table of its odd cells. The tables are the caller's to drop."""
    groups: dict[Hashable, list[str]] = {}
    for name, recipe in recipes.items():
        groups.setdefault(recipe.group, []).append(name)
    found: dict[str, OddCells] = {}
    for number, names in enumerate(groups.values()):
        made = _read_group(sheet, recipes, names, f"mingcha_cells_{number}")
        found |= dict.fromkeys(names, made)
    return found


def drop_odd_cells(sheet: Sheet, cells: Mapping[str, OddCells]) -> None:
    """Takes the tables away."""
    for table in {odd.table for odd in cells.values() if odd.table}:
        sheet.con.execute(f"DROP TABLE IF EXISTS {table}")


def _read_group(sheet: Sheet, recipes: Mapping[str, Recipe], names: list[str], table: str) -> OddCells:
    recipe = recipes[names[0]]
    reading = recipe.read(_CELL)
    queries = []
    for name in names:
        text, kind = ident(f"t_{name}"), ident(f"k_{name}")
        easy = recipe.quick(Cell(name, text, kind)).easy if recipe.quick else "FALSE"
        queries.append(
            f"SELECT {text} AS text, {kind} AS kind FROM ({sheet.base()}) WHERE {text} IS NOT NULL AND NOT ({easy})"
        )
    sheet.con.execute(
        f"CREATE OR REPLACE TEMP TABLE {_DISTINCT} AS SELECT DISTINCT * FROM ({' UNION ALL '.join(queries)})"
    )
    try:
        some = sheet.first(f"SELECT 1 FROM {_DISTINCT} LIMIT 1")
        if some is None:
            return OddCells(None, tuple(reading.columns))
        columns = ", ".join(f"{expr} AS {ident(column)}" for column, expr in reading.columns.items())
        sheet.con.execute(f"""
            CREATE OR REPLACE TEMP TABLE {table} AS
            SELECT text, kind, {columns}, CAST({reading.problem} AS VARCHAR) AS problem,
                {reading.blank} AS is_blank, CAST({reading.shown} AS VARCHAR) AS shown
            FROM ({layered(f"SELECT * FROM {_DISTINCT}", reading)})
        """)
    finally:
        sheet.con.execute(f"DROP TABLE IF EXISTS {_DISTINCT}")
    return OddCells(table, tuple(reading.columns))
