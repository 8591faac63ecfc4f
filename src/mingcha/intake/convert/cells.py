"""Odd cells: read once a distinct cell, in tables that the typed query joins. Plain cells never come here."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass

from mingcha.intake.convert.fields import Recipe
from mingcha.intake.convert.sheet import Sheet
from mingcha.values.sql.base import Cell, ident, layered

_CELL = Cell("cell", "text", "kind")


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
    some = _have_odd_cells(sheet, recipes, list(groups.values()))
    for number, names in enumerate(groups.values()):
        if some[number]:
            made = _read_group(sheet, recipes, names, f"mingcha_cells_{number}")
        else:
            made = OddCells(None, tuple(recipes[names[0]].read(_CELL).columns))
        found |= dict.fromkeys(names, made)
    return found


def _odd(recipes: Mapping[str, Recipe], name: str) -> str:
    """Whether a base row's cell has to be read the long way."""
    text, quick = ident(f"t_{name}"), recipes[name].quick
    easy = quick(Cell(name, text, ident(f"k_{name}"))).easy if quick else "FALSE"
    return f"{text} IS NOT NULL AND NOT ({easy})"


def _have_odd_cells(sheet: Sheet, recipes: Mapping[str, Recipe], groups: list[list[str]]) -> tuple[bool, ...]:
    """For each group, whether it has any odd cell: asked in one statement, as most groups have none."""
    if not groups:
        return ()
    asked = ", ".join(f"bool_or({' OR '.join(f'({_odd(recipes, name)})' for name in names)})" for names in groups)
    return tuple(bool(some) for some in sheet.first(f"SELECT {asked} FROM ({sheet.base()})") or ())


def drop_odd_cells(sheet: Sheet, cells: Mapping[str, OddCells]) -> None:
    """Takes the tables away."""
    for table in {odd.table for odd in cells.values() if odd.table}:
        sheet.con.execute(f"DROP TABLE IF EXISTS {table}")


def _read_group(sheet: Sheet, recipes: Mapping[str, Recipe], names: list[str], table: str) -> OddCells:
    recipe = recipes[names[0]]
    reading = recipe.read(_CELL)
    queries = [
        f"SELECT {ident('t_' + name)} AS text, {ident('k_' + name)} AS kind "
        f"FROM ({sheet.base()}) WHERE {_odd(recipes, name)}"
        for name in names
    ]
    distinct = f"SELECT DISTINCT * FROM ({' UNION ALL '.join(queries)})"
    columns = ", ".join(f"{expr} AS {ident(column)}" for column, expr in reading.columns.items())
    sheet.con.execute(f"""
        CREATE OR REPLACE TEMP TABLE {table} AS
        WITH odd_cells AS MATERIALIZED ({distinct})
        SELECT text, kind, {columns}, CAST({reading.problem} AS VARCHAR) AS problem,
            {reading.blank} AS is_blank, CAST({reading.shown} AS VARCHAR) AS shown
        FROM ({layered("SELECT * FROM odd_cells", reading)})
    """)
    return OddCells(table, tuple(reading.columns))
