"""The typed table: every row with its values, its problems and its verdict. One query, in layers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import zip_longest

from mingcha.datasets import Field
from mingcha.intake.convert.cells import OddCells, drop_odd_cells, read_odd_cells
from mingcha.intake.convert.facts import HEADS, PLACE_COLUMNS, Facts, place_columns
from mingcha.intake.convert.fields import Finished, Recipe, Required, finished, recipe_of, required_of, result
from mingcha.intake.convert.sheet import PLACES, TYPED, Sheet
from mingcha.values.sql.base import Cell, cell_fault, ident, layered, redacted, shown
from mingcha.values.sql.ids import read_id

MEMBERS = "mingcha_members"
#: Problems that leave nothing of a cell: they refuse a row where the value is required.
_UNREADABLE = ("error", "formula", "unreadable", "impossible")
#: A running number that cannot be read tells nothing about the row.
_NEVER_DOUBTED = frozenset({"seq"})
#: Results that are no text: without a single cell to read they would otherwise have no type.
_TYPES = {"is_valid": "BOOLEAN", "has_unit": "BOOLEAN", "birth_date": "DATE", "months": "INTEGER"}
_PLACE_OF = {"county": "p_county", "township": "p_township", "village": "p_village"}


@dataclass(frozen=True)
class Need:
    """A required value and the column of the typed table that says it is missing."""

    required: Required
    column: str
    has_source: bool


@dataclass(frozen=True)
class Typed:
    """The typed table's shape.

    fields   ids of the fields read; each has x_<field> and s_<field>
    columns  columns of the lake that were made, without their prefix c_
    secrets  kind, key column, value column
    """

    fields: tuple[str, ...]
    columns: frozenset[str]
    needs: tuple[Need, ...]
    secrets: tuple[tuple[str, str, str], ...]
    has_members: bool


def make_typed(sheet: Sheet, facts: Facts, today: date) -> Typed:
    """Creates the typed table: row, part, is_rejected, has_problem, doubts, and by prefix.

    c_<column>  values of the lake;  x_<field>  problem code;  s_<field>  the cell as shown, where there is a problem
    m_<n>       the n-th need is missing;  v_<n>  clear value of the n-th secret
    """
    fields = [
        field for name, field in sheet.dataset.fields.items() if name in sheet.part_fields and name not in facts.dropped
    ]
    has_members = any(field.id == "member_ids" for field in fields)
    if has_members:
        _make_members(sheet, today)
    recipes = {field.id: recipe for field in fields if (recipe := recipe_of(sheet, facts, field, today)) is not None}
    cells = read_odd_cells(sheet, recipes)
    try:
        sql = _joined(sheet, facts, cells, has_members)
        sql = _read(sql, recipes, cells)
        sql = _read_words(sql, facts, [field for field in fields if field.id not in recipes])
        return _write(sheet, facts, fields, sql, has_members)
    finally:
        drop_odd_cells(sheet, cells)


# ---- cells to results


def _joined(sheet: Sheet, facts: Facts, cells: Mapping[str, OddCells], has_members: bool) -> str:
    """The base rows with everything that was read once a distinct text."""
    columns, joins = ["b.*"], []
    for name, odd in cells.items():
        if odd.table is None:
            continue
        alias = ident(f"o_{name}")
        parts = (*odd.results, "problem", "is_blank", "shown")
        columns += [f"{alias}.{ident(part)} AS {_odd(name, part)}" for part in parts]
        text, kind = ident(f"t_{name}"), ident(f"k_{name}")
        joins.append(f"LEFT JOIN {odd.table} AS {alias} ON b.{text} = {alias}.text AND b.{kind} = {alias}.kind")
    for name, table in facts.words.items():
        alias = ident(f"w_{name}")
        columns += [f"{alias}.{part} AS {_odd(name, part)}" for part in ("code", "is_blank", "shown")]
        joins.append(f"LEFT JOIN {table} AS {alias} ON b.{ident('t_' + name)} = {alias}.word")
    if facts.has_places:
        texts = place_columns(sheet)
        same = " AND ".join(
            f"coalesce({texts[name]}, '') = coalesce(p.{name}, '')" for name in PLACE_COLUMNS if "t_" in texts[name]
        )
        columns += ["p.county_name AS p_county", "p.township_name AS p_township", "p.village_name AS p_village"]
        joins.append(f"LEFT JOIN {PLACES} AS p ON {same or 'TRUE'}")
    if facts.has_heads:
        columns.append("h.name AS head_named")
        joins.append(f"LEFT JOIN {HEADS} AS h ON b.{ident('t_head_id')} = h.number")
    if has_members:
        columns.append("g.member_keys")
        joins.append(
            f"LEFT JOIN (SELECT row, list(key ORDER BY n) AS member_keys FROM {MEMBERS} GROUP BY row) AS g "
            "ON b.row = g.row"
        )
    return f"SELECT {', '.join(columns)} FROM ({sheet.base()}) AS b {' '.join(joins)}"


def _odd(name: str, part: str) -> str:
    return ident(f"{name}!{part}")


def _cell(name: str) -> Cell:
    return Cell(name, ident(f"t_{name}"), ident(f"k_{name}"))


def _read(sql: str, recipes: Mapping[str, Recipe], cells: Mapping[str, OddCells]) -> str:
    """Adds every field's results: plain cells are read here, the others come from their tables."""
    quick = {name: recipe.quick(_cell(name)) for name, recipe in recipes.items() if recipe.quick is not None}
    easy = {_cell(name).at("easy"): f"coalesce({reading.easy}, FALSE)" for name, reading in quick.items()}
    results: dict[str, str] = {}
    for name in recipes:
        odd, plain = cells[name], quick.get(name)
        inside = _cell(name).at("easy") if plain else "FALSE"
        for part in (*odd.results, "problem", "shown"):
            there = {**plain.columns, "problem": plain.problem, "shown": plain.shown}[part] if plain else None
            elsewhere = _odd(name, part) if odd.table else f"CAST(NULL AS {_TYPES.get(part, 'VARCHAR')})"
            if part == "value" and odd.table is None:
                elsewhere = "NULL"
            both = f"CASE WHEN {inside} THEN {there} ELSE {elsewhere} END" if there else elsewhere
            results[result(name, part)] = both
        is_blank = f"coalesce({_odd(name, 'is_blank')}, TRUE)" if odd.table else "TRUE"
        results[result(name, "blank")] = f"NOT {inside} AND {is_blank}"
    return _layer(sql, easy, *_stages(reading.layers for reading in quick.values()), results)


def _layer(sql: str, *layers: Mapping[str, str]) -> str:
    for layer in layers:
        if layer:
            sql = f"SELECT *, {', '.join(f'{expr} AS {name}' for name, expr in layer.items())} FROM ({sql})"
    return sql


def _stages(readings: Iterable[tuple[Mapping[str, str], ...]]) -> list[dict[str, str]]:
    """All readings' layers side by side."""
    merged = zip_longest(*readings, fillvalue={})
    return [{name: expr for layer in layers for name, expr in layer.items()} for layers in merged]


def _read_words(sql: str, facts: Facts, fields: Iterable[Field]) -> str:
    """Results of code words, places and lists of members, which were joined as wholes: value, problem, blank, shown."""
    faults: dict[str, str] = {}
    problems: dict[str, str] = {}
    results: dict[str, str] = {}
    for field in fields:
        name, cell = field.id, _cell(field.id)
        fault, problem = cell.at("fault"), result(name, "problem")
        faults[fault] = cell_fault(cell)
        seen = shown(cell.text)
        if name == "member_ids":
            value = "member_keys"
            problems[problem] = (
                f"CASE WHEN list_bool_or(list_transform({value}, lambda x: x IS NULL)) THEN 'unreadable' END"
            )
        elif name in facts.words:
            value, said = _odd(name, "code"), f"NOT coalesce({_odd(name, 'is_blank')}, TRUE)"
            problems[problem] = (
                f"CASE WHEN {fault} IS NULL AND {said} AND {value} IS NULL THEN 'unknown' ELSE {fault} END"
            )
            seen = f"left({_odd(name, 'shown')}, 60)"
        else:
            there = _PLACE_OF.get(name) if facts.has_places else None
            value = there or f"CASE WHEN {fault} IS NULL THEN {redacted(f'trim({cell.text})')} END"
            problems[problem] = fault
        results[result(name, "value")] = value
        results[result(name, "blank")] = f"({value} IS NULL AND {problem} IS NULL)"
        results[result(name, "shown")] = seen
    return _layer(sql, faults, problems, results)


def _make_members(sheet: Sheet, today: date) -> None:
    """Numbers that stand together in one cell, one a row: row, n, key (NULL = unreadable), value."""
    text, kind = ident("t_member_ids"), ident("k_member_ids")
    items = f"regexp_split_to_array({text}, '[、,，;；/|\\s]+')"
    sql = f"""
        SELECT row, n, item, kind FROM (
            SELECT row, unnest({items}) AS item, generate_subscripts({items}, 1) AS n, {kind} AS kind
            FROM ({sheet.base()}) WHERE {text} IS NOT NULL
        ) WHERE item <> ''
    """
    reading = read_id(Cell("item", "item", "kind"), today)
    number = reading.columns["number"]
    sheet.run(f"""
        CREATE OR REPLACE TEMP TABLE {MEMBERS} AS
        SELECT row, n, {sheet.keys.person("number")} AS key, number AS value
        FROM (SELECT row, n, {number} AS number FROM ({layered(sql, reading)}))
    """)


# ---- results to columns


def _write(sheet: Sheet, facts: Facts, fields: list[Field], sql: str, has_members: bool) -> Typed:
    names = {field.id for field in fields}
    made = {field.id: _finish(sheet, facts, field) for field in fields}
    columns = {column: expr for done in made.values() for column, expr in done.columns.items()}
    needs = tuple(
        Need(required, f"m_{number}", any(name in names for name in required.fields))
        for number, required in enumerate(required_of(sheet))
    )
    secrets = [secret for done in made.values() for secret in done.secrets]
    sql = _layer(sql, {ident(f"c_{column}"): expr for column, expr in columns.items()})
    selected = ["row", "part", f"CAST({'p_county' if facts.has_places else 'NULL'} AS VARCHAR) AS p_county"]
    selected += [f"{_final(column, names)} AS {ident('c_' + column)}" for column in columns]
    for name in (field.id for field in fields):
        problem = "CAST(NULL AS VARCHAR)" if name in _NEVER_DOUBTED else result(name, "problem")
        selected.append(f"CAST({problem} AS VARCHAR) AS {ident('x_' + name)}")
        seen = f"CASE WHEN {problem} IS NOT NULL THEN {result(name, 'shown')} END"
        selected.append(f"CAST({seen} AS VARCHAR) AS {ident('s_' + name)}")
    for at, secret in enumerate(secrets):
        selected.append(f"CASE WHEN {_final(secret.key, names)} IS NOT NULL THEN {secret.value} END AS v_{at}")
    for need in needs:
        absent = [f"({_absent(name)})" for name in need.required.fields if name in names]
        selected.append(f"{' AND '.join(absent) or 'TRUE'} AS {need.column}")
    sql = _verdicts(f"SELECT {', '.join(selected)} FROM ({sql})", [field.id for field in fields], needs)
    sheet.run(f"CREATE OR REPLACE TEMP TABLE {TYPED} AS {sql}")
    kept = tuple((secret.kind, f"c_{secret.key}", f"v_{at}") for at, secret in enumerate(secrets))
    return Typed(tuple(field.id for field in fields), frozenset(columns), needs, kept, has_members)


def _finish(sheet: Sheet, facts: Facts, field: Field) -> Finished:
    name, value = field.id, result(field.id, "value")
    if name == "member_ids":
        return Finished({"member_keys": value})
    if field.type == "bool":
        return Finished({name: f"CASE {value} WHEN '1' THEN TRUE WHEN '0' THEN FALSE END"})
    if name in facts.words:
        return Finished({name: value, f"{name}_text": _odd(name, "shown")})
    if field.type == "division":
        return Finished({name: value})
    return finished(sheet, facts, field)


def _final(column: str, names: set[str]) -> str:
    """A column's last form: a head in the own row has the person's pseudonym (see ``fields``)."""
    made = ident(f"c_{column}")
    if column == "head_key" and {"head_id", "id_no"} <= names:
        same = f"{result('head_id', 'number')} = {result('id_no', 'number')}"
        return f"CASE WHEN {same} THEN {ident('c_person_key')} ELSE {made} END"
    return made


def _absent(name: str) -> str:
    codes = ", ".join(f"'{code}'" for code in _UNREADABLE)
    return f"{result(name, 'blank')} OR coalesce({result(name, 'problem')}, '') IN ({codes})"


def _verdicts(sql: str, names: list[str], needs: tuple[Need, ...]) -> str:
    rejected = " OR ".join(need.column for need in needs) or "FALSE"
    problems = [ident(f"x_{name}") for name in names]
    any_problem = f"coalesce({', '.join(problems)}) IS NOT NULL" if problems else "FALSE"
    codes = ", ".join(f"'{name}.' || {ident('x_' + name)}" for name in names)
    doubts = f"CASE WHEN {any_problem} THEN concat_ws(';', {codes}) END" if problems else "NULL"
    return (
        f"SELECT *, coalesce({rejected}, FALSE) AS is_rejected, "
        f"{any_problem} AS has_problem, CAST({doubts} AS VARCHAR) AS doubts FROM ({sql})"
    )
