"""Typed rows: what cells say, handed out to rows; each row's problems and its verdict."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, localcontext
from functools import cached_property, reduce

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from mingcha.datasets import Field, key_column
from mingcha.intake.convert.cells import Cells, Group, Memory, Recipe, distinct, read_cells
from mingcha.intake.convert.facts import Facts, Places, Told, places_of
from mingcha.intake.convert.fields import Required, differs, factor_of, name_beside, recipe_of, required_of
from mingcha.intake.convert.keys import Clear, Known, Secrets
from mingcha.intake.convert.members import read_members
from mingcha.intake.convert.sheet import Sheet, whole
from mingcha.values.sql.base import ERROR_KIND, FORMULA_KIND
from mingcha.values.text import ERROR_WORDS

#: Problems that leave nothing of a cell: they refuse a row where the value is required.
_UNREADABLE = ("error", "formula", "unreadable", "impossible")
#: A running number that cannot be read tells nothing about the row.
_NEVER_DOUBTED = frozenset({"seq"})
_CENT = Decimal("0.01")
_SHOWN = 60

#: Columns of a field, by what follows its name, and the results they hold.
_PLAIN = {"": "value"}
_PARTS = {
    "bool": {"": "is_yes"},
    "coded": {"": "value", "_text": "written"},
    "name": {"": "value", "_written": "written"},
    "date": {"": "value", "_precision": "precision"},
    "month": {"": "value", "_months": "months"},
}

NONE = pa.scalar(None, pa.string())


@dataclass(frozen=True)
class Need:
    """A required value. fields: those of it that the sheet can give."""

    required: Required
    fields: tuple[str, ...]

    @property
    def has_source(self) -> bool:
        """Whether any column or constant of the sheet could give it."""
        return bool(self.fields)


@dataclass(frozen=True)
class Layout:
    """What all rows of a sheet have in common. known: pseudonyms made for its stretches so far."""

    sheet: Sheet
    facts: Facts
    today: date
    memory: Memory
    fields: tuple[Field, ...]
    recipes: Mapping[str, Recipe]
    needs: tuple[Need, ...]
    known: Known = field(default_factory=Known)

    def on(self, con: duckdb.DuckDBPyConnection) -> Layout:
        """The same for rows that are typed on another connection."""
        return replace(self, sheet=replace(self.sheet, con=con))


def layout_of(sheet: Sheet, facts: Facts, today: date, memory: Memory) -> Layout:
    """The layout of a sheet whose facts are known."""
    fields = tuple(
        field for name, field in sheet.dataset.fields.items() if name in sheet.part_fields and name not in facts.dropped
    )
    names = {field.id for field in fields}
    recipes = {field.id: recipe for field in fields if (recipe := recipe_of(sheet, facts, field, today)) is not None}
    needs = tuple(
        Need(required, tuple(name for name in required.fields if name in names)) for required in required_of(sheet)
    )
    return Layout(sheet, facts, today, memory, fields, recipes, needs)


@dataclass(frozen=True)
class Column:
    """A field's cells and which of them stands in each row (NULL: blank)."""

    cells: Cells
    at: pa.Array
    _handed: dict[int, pa.Array] = field(default_factory=dict, init=False, repr=False, compare=False)

    def take(self, part: str, *, differs: bool = False) -> pa.Array:
        """A result, one entry a row; text as the snapshot keeps it: as a dictionary, unless most rows differ."""
        values = self.cells.results[part]
        if not pa.types.is_string(values.type):
            return self.handed_out(values)
        words = self.cells.texts(part) if differs else self.cells.words(part)
        if id(words) not in self._handed:
            self._handed[id(words)] = self._texts(words)
        return self._handed[id(words)]

    def _texts(self, words: pa.Array) -> pa.Array:
        if not pa.types.is_dictionary(words.type):
            return self.handed_out(words)
        return pa.DictionaryArray.from_arrays(self.handed_out(words.indices), words.dictionary)

    def handed_out(self, values: pa.Array) -> pa.Array:
        """Values of the cells, one entry a row.

        Arrow takes five times as long where places or values may be NULL: then blank rows take any value, and lose it.
        """
        if values.null_count == len(values):
            return pa.nulls(len(self.at), values.type)
        if values.null_count or not self.at.null_count or pa.types.is_nested(values.type):
            return pc.take(values, self.at, boundscheck=False)
        places, is_filled = self._places
        return pc.if_else(is_filled, pc.take(values, places, boundscheck=False), pa.scalar(None, values.type))

    @cached_property
    def _places(self) -> tuple[pa.Array, pa.Array]:
        """The cells' places with no NULL among them, and which of them are the rows' own."""
        return pc.fill_null(self.at, 0), self.at.is_valid()

    @cached_property
    def problem(self) -> pa.Array | None:
        """Problem codes by row, None where no row has any."""
        if not self.cells.has_problem:
            return None
        found = self.handed_out(self.cells.problem)
        return found if found.null_count < len(found) else None

    @property
    def shown(self) -> pa.Array:
        """The cells as they may be shown."""
        return self.handed_out(self.cells.shown)

    @cached_property
    def is_absent(self) -> pa.Array:
        """Whether nothing of the cell can be used, by row."""
        lost = pc.is_in(self.cells.problem, value_set=pa.array(_UNREADABLE))
        return pc.fill_null(self.handed_out(pc.or_(self.cells.is_blank, lost)), True)


@dataclass
class Rows:
    """Some typed rows.

    columns   columns of the lake that come from fields
    problems  field → problem codes by row, for fields with any; shown: their cells
    lacking   for each need, whether the row lacks it
    doubts    reason codes with their fields, joined
    """

    base: pa.Table
    county: pa.Array
    columns: dict[str, pa.Array] = field(default_factory=dict)
    problems: dict[str, pa.Array] = field(default_factory=dict)
    shown: dict[str, pa.Array] = field(default_factory=dict)
    lacking: list[pa.Array] = field(default_factory=list)
    secrets: list[Clear] = field(default_factory=list)

    @cached_property
    def is_rejected(self) -> pa.Array:
        """Whether the row lacks anything required."""
        return self._any(self.lacking)

    @cached_property
    def has_problem(self) -> pa.Array:
        """Whether any cell of the row has a problem."""
        return self._any([codes.is_valid() for codes in self.problems.values()])

    @cached_property
    def doubts(self) -> pa.Array:
        """The row's problems: field.code, joined by ';'."""
        if not self.problems:
            return pa.nulls(self.base.num_rows, pa.string())
        # few rows have any
        codes = [
            pc.fill_null(pc.binary_join_element_wise(f";{name}.", found.filter(self.has_problem), ""), "")
            for name, found in self.problems.items()
        ]
        joined = pc.utf8_slice_codeunits(pc.binary_join_element_wise(*codes, ""), 1)
        return pc.replace_with_mask(pa.nulls(self.base.num_rows, pa.string()), self.has_problem, joined)

    def _any(self, conditions: Sequence[pa.Array]) -> pa.Array:
        if not conditions:
            return pa.repeat(pa.scalar(False), self.base.num_rows)
        return reduce(pc.or_, conditions)


def read_rows(layout: Layout, base: pa.Table) -> Rows:
    """Types some base rows."""
    return _Reader(layout, base).read()


class _Reader:
    """Reads one stretch of base rows."""

    def __init__(self, layout: Layout, base: pa.Table) -> None:
        self._layout = layout
        self._sheet = layout.sheet
        self._base = base.combine_chunks()
        self._columns: dict[str, Column] = {}
        told = self._read_groups()
        self._places = places_of(layout.sheet, self._base, told)
        self._rows = Rows(self._base, self._places.county)
        self._secrets = Secrets()
        self._keys: dict[tuple[int, str], pa.Array] = {}

    def read(self) -> Rows:
        """All fields, then the verdicts."""
        for each in self._layout.fields:
            if each.id not in self._layout.recipes:
                self._columns[each.id] = self._read_alone(each)
        rows = self._rows
        for each in self._layout.fields:
            column = self._columns[each.id]
            if column.problem is not None and each.id not in _NEVER_DOUBTED:
                rows.problems[each.id], rows.shown[each.id] = column.problem, column.shown
        for need in self._layout.needs:
            absent = [self._is_absent(name) for name in need.fields]
            everywhere = pa.repeat(pa.scalar(True), self._base.num_rows)
            rows.lacking.append(reduce(pc.and_, absent) if absent else everywhere)
        self._secrets.kept = pc.invert(rows.is_rejected)
        for each in self._layout.fields:
            rows.columns |= self._finish(each)
        rows.secrets = self._secrets.clear()
        return rows

    def _cells_of(self, name: str) -> tuple[pa.Array, pa.Array]:
        return whole(self._base[f"t_{name}"]), whole(self._base[f"k_{name}"])

    def _read_groups(self) -> dict[str, Told]:
        """Reads what several fields may share; the distinct texts of each field."""
        told: dict[str, Told] = {}
        groups: dict[Hashable, list[str]] = {}
        for name, recipe in self._layout.recipes.items():
            groups.setdefault(recipe.group, []).append(name)
        for names in groups.values():
            group = distinct([self._cells_of(name) for name in names])
            cells, places = read_cells(self._sheet.con, self._layout.recipes[names[0]], group, self._layout.memory)
            for name, at, place in zip(names, group.at, places, strict=True):
                told[name] = group.texts, at
                self._columns[name] = Column(cells, place)
        return told

    def _read_alone(self, each: Field) -> Column:
        group = distinct([self._cells_of(each.id)])
        if each.id == "member_ids":
            cells, secrets = read_members(self._sheet, group, self._layout.today)
            # of refused rows too: other rows of the household may name them
            self._secrets.add_all("person", whole(secrets["key"]), whole(secrets["value"]))
        else:
            cells = _read_words(group, self._layout.facts.words[each.id])
        return Column(cells, group.at[0])

    def _place(self, name: str) -> pa.Array | None:
        places: Places = self._places
        return {"county": places.county, "township": places.township, "village": places.village}.get(name)

    def _is_absent(self, name: str) -> pa.Array:
        column = self._columns[name]
        place = self._place(name) if self._sheet.dataset.fields[name].type == "division" else None
        if place is None:
            return column.is_absent
        if column.problem is None:
            return pc.is_null(place)
        lost = pc.fill_null(pc.is_in(column.problem, value_set=pa.array(_UNREADABLE)), False)
        return pc.or_(lost, pc.and_(pc.is_null(place), pc.is_null(column.problem)))

    # ---- results to columns

    def _finish(self, each: Field) -> dict[str, pa.Array]:
        name, column = each.id, self._columns[each.id]
        if each.type == "id18":
            return self._finish_id(each, column)
        if each.type == "cert":
            return self._finish_cert(name, column)
        if each.type in {"account", "phone"}:
            return {key_column(each): self._key(each.type, each.type, column, "number")}
        if each.type == "money":
            return {name: self._amounts(name, column)}
        place = self._place(name) if each.type == "division" else None
        if place is not None:
            return {name: place}
        parts = _PARTS.get("coded" if each.type == "enum" and each.codes else each.type, _PLAIN)
        stem = "member_keys" if name == "member_ids" else name
        return {f"{stem}{suffix}": column.take(part, differs=differs(each)) for suffix, part in parts.items()}

    def _key(self, kind: str, domain: str, column: Column, part: str) -> pa.Array:
        """Pseudonyms by row; the clear values go to the vault. A group's cells are turned once."""
        made = (id(column.cells), f"{domain}.{part}")
        if made not in self._keys:
            self._keys[made] = self._layout.known.pseudonyms(self._sheet, domain, column.cells.results[part])
        keys = self._keys[made]
        self._secrets.add(kind, column.at, keys, column.cells.results[part])
        return column.handed_out(keys)

    def _finish_cert(self, name: str, column: Column) -> dict[str, pa.Array]:
        return {
            f"{name}_key": self._key("cert", "certificate", column, "written"),
            f"{name}_person_key": self._key("person", "person", column, "number"),
            f"{name}_type": column.take("type"),
            f"{name}_level": column.take("level"),
        }

    def _finish_id(self, each: Field, column: Column) -> dict[str, pa.Array]:
        name = each.id
        stem = "id" if name == "id_no" else name.removesuffix("_id")
        key = self._damaged(name, column, self._key("person", "person", column, "number"))
        columns = {key_column(each): key, f"{stem}_is_valid": pc.fill_null(column.take("is_valid"), False)}
        return columns | {f"{stem}_{part}": column.take(part) for part in ("flag", "birth_date", "sex")}

    def _damaged(self, name: str, column: Column, keys: pa.Array) -> pa.Array:
        """The pseudonyms, with those of damaged numbers put in: they hang on the name in the row as well."""
        results = column.cells.results
        is_damaged = pc.and_(results["number"].is_null(), results["written"].is_valid())
        if not pc.any(is_damaged).as_py():
            return keys
        here = pc.fill_null(column.handed_out(is_damaged), False)
        rows = pc.indices_nonzero(here)
        if not len(rows):
            return keys
        written = results["written"].take(column.at.take(rows)).to_pylist()
        names = self._names_beside(name, rows)
        make = self._sheet.keys.damaged_of
        found = pa.array([make(text, known) for text, known in zip(written, names, strict=True)], pa.int64())
        self._secrets.add_rows("person", rows, found, pa.array(written, pa.string()))
        return pc.replace_with_mask(keys, here, found)

    def _names_beside(self, name: str, rows: pa.Array) -> list[str | None]:
        beside = name_beside(self._sheet, name)
        if beside is not None and beside in self._columns:
            column = self._columns[beside]
            names: list[str | None] = column.cells.results["value"].take(column.at.take(rows)).to_pylist()
            return names
        if name == "head_id" and self._layout.facts.heads:
            numbers = whole(self._base["t_head_id"]).take(rows).to_pylist()
            return [self._layout.facts.heads.get(number) for number in numbers]
        return [None] * len(rows)

    def _amounts(self, name: str, column: Column) -> pa.Array:
        factor = factor_of(self._sheet, name)
        if factor is not None:
            return column.handed_out(_scaled(column.cells, factor))
        factors = whole(self._base["part_factor"])
        amounts = pa.nulls(len(factors), pa.decimal128(14, 2))
        for each in pc.unique(factors).to_pylist():
            own = column.handed_out(_scaled(column.cells, each))
            amounts = pc.if_else(pc.equal(factors, each), own, amounts)
        return amounts


def _scaled(cells: Cells, factor: int) -> pa.Array:
    """Amounts in yuan and 分; what the cell itself gives a unit for is not multiplied."""
    pairs = zip(cells.results["value"].to_pylist(), cells.results["has_unit"].to_pylist(), strict=True)
    with localcontext(prec=60):
        amounts = [
            None if value is None else (value if has_unit else value * factor).quantize(_CENT, ROUND_HALF_UP)
            for value, has_unit in pairs
        ]
    return pa.array([None if a is None or abs(a) >= 10**12 else a for a in amounts], pa.decimal128(14, 2))


def _read_words(group: Group, words: pa.Table) -> Cells:
    """Code words: value, written, is_yes."""
    place = pc.index_in(group.texts, value_set=whole(words["word"]))
    code, is_blank, written = (whole(words[name]).take(place) for name in ("code", "is_blank", "shown"))
    fault = pa.array(
        [_fault(text, kind) for text, kind in zip(group.texts.to_pylist(), group.kinds.to_pylist(), strict=True)],
        pa.string(),
    )
    is_said = pc.invert(pc.fill_null(is_blank, True))
    is_unknown = pc.and_(pc.and_(fault.is_null(), is_said), code.is_null())
    problem = pc.if_else(is_unknown, "unknown", fault)
    is_yes = pc.if_else(pc.equal(code, "1"), True, pc.if_else(pc.equal(code, "0"), False, pa.scalar(None, pa.bool_())))
    return Cells(
        {"value": code, "written": written, "is_yes": is_yes},
        problem,
        pc.and_(code.is_null(), problem.is_null()),
        pc.utf8_slice_codeunits(written, 0, _SHOWN),
    )


def _fault(text: str, kind: int) -> str | None:
    """As ``cell_fault``, of one cell."""
    if kind == FORMULA_KIND:
        return "formula"
    return "error" if kind == ERROR_KIND or text in ERROR_WORDS else None
