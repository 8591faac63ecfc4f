"""Cells are read once a distinct text and kind, then handed out to the rows.

Fields that are read alike form a group and share their cells. Most cells are plain and are read in Arrow
(``values.quick``); the others go the full way in DuckDB, and are remembered for the sheets that follow: a statement
costs more to prepare than a few cells cost to read.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from mingcha.intake.convert.sheet import whole
from mingcha.values.quick import Quick, QuickRead
from mingcha.values.sql.base import Cell, Reading, ident, layered
from mingcha.values.usual import Usual

_CELL = Cell("cell", "text", "kind")
_ODD = "mingcha_odd_cells"
#: So many odd cells are remembered in a run, and of one sheet and group at most so many: what differs from row to row
#: (certificate numbers) is met once.
_REMEMBERED = 200_000
_REMEMBERED_AT_ONCE = 2_000

Texts = tuple[pa.Array, pa.Array]


@dataclass(frozen=True)
class Recipe:
    """How the cells of a field are read.

    group    fields of the same group are read alike
    read     the full reader
    quick    the way of plain cells; usual: that of the usual odd ones. None where there is none
    types    result → DuckDB type it is kept in, where that is not the reader's own
    """

    group: Hashable
    read: Callable[[Cell], Reading]
    quick: Quick | None = None
    usual: Usual | None = None
    types: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Cells:
    """Distinct cells and what they say: every array has one entry a cell. is_blank has no NULL."""

    results: Mapping[str, pa.Array]
    problem: pa.Array
    is_blank: pa.Array
    shown: pa.Array
    _texts: dict[str, pa.Array] = field(default_factory=dict, init=False, repr=False, compare=False)
    _words: dict[int, pa.DictionaryArray] = field(default_factory=dict, init=False, repr=False, compare=False)

    def texts(self, part: str) -> pa.Array:
        """A result that is text: several columns may hold it. Equal results give the very same one."""
        if part not in self._texts:
            values = self.results[part]
            same = (texts for texts in self._texts.values() if texts.equals(values))
            self._texts[part] = next(same, values)
        return self._texts[part]

    def words(self, part: str) -> pa.DictionaryArray:
        """As ``texts``, as a dictionary."""
        texts = self.texts(part)
        if id(texts) not in self._words:
            self._words[id(texts)] = texts.dictionary_encode()
        return self._words[id(texts)]

    @cached_property
    def has_problem(self) -> bool:
        """Whether any cell has a problem."""
        return bool(self.problem.null_count < len(self.problem))


class Memory:
    """Odd cells that were read in this run: (group, text, kind) → results; and the types of each group's results."""

    def __init__(self) -> None:
        self.cells: dict[tuple[Hashable, str, int], tuple[Any, ...]] = {}
        self.types: dict[Hashable, pa.Schema] = {}

    def keep(self, group: Hashable, keys: Sequence[tuple[str, int]], table: pa.Table) -> None:
        """Remembers what was read, unless it is too much."""
        self.types[group] = table.schema
        if len(keys) > _REMEMBERED_AT_ONCE or len(self.cells) > _REMEMBERED:
            return
        rows = zip(*(column.to_pylist() for column in table.columns), strict=True)
        self.cells.update({(group, *key): row for key, row in zip(keys, rows, strict=True)})


# ---- distinct cells of a group


@dataclass(frozen=True)
class Group:
    """The distinct cells of some columns. at: for each column, its rows' places among the cells, NULL where blank."""

    texts: pa.Array
    kinds: pa.Array
    at: tuple[pa.Array, ...]


def distinct(columns: Sequence[Texts]) -> Group:
    """The distinct cells of columns (text, kind)."""
    by_kind: dict[int, list[tuple[int, pa.Array]]] = {}
    for number, (texts, kinds) in enumerate(columns):
        if texts.null_count == len(texts):
            continue
        there = _kinds_there(texts, kinds)
        for kind in there:
            own = texts if len(there) == 1 else pc.if_else(pc.equal(kinds, kind), texts, pa.scalar(None, pa.string()))
            by_kind.setdefault(kind, []).append((number, own))
    at: list[pa.Array | None] = [None] * len(columns)
    texts_found, kinds_found, offset = [], [], 0
    for kind, parts in sorted(by_kind.items()):
        words, places = _united([texts for _, texts in parts])
        for (number, _), place in zip(parts, places, strict=True):
            moved = pc.add(place, pa.scalar(offset, pa.int32())) if offset else place
            before = at[number]
            at[number] = moved if before is None else pc.coalesce(before, moved)
        texts_found.append(words)
        kinds_found.append(pa.repeat(pa.scalar(kind, pa.int8()), len(words)))
        offset += len(words)
    nothing = (pa.nulls(len(texts), pa.int32()) for texts, _ in columns)
    return Group(
        pa.concat_arrays(texts_found) if texts_found else pa.array([], pa.string()),
        pa.concat_arrays(kinds_found) if kinds_found else pa.array([], pa.int8()),
        tuple(blank if found is None else found for found, blank in zip(at, nothing, strict=True)),
    )


def _kinds_there(texts: pa.Array, kinds: pa.Array) -> list[int]:
    """The kinds of a column's cells, mostly one."""
    greatest = pc.max(kinds)
    is_other = pc.not_equal(kinds, greatest)
    if texts.null_count:
        is_other = pc.and_(is_other, texts.is_valid())
    if not pc.any(is_other).as_py():
        return [greatest.as_py()]
    there: list[int] = pc.unique(kinds.filter(texts.is_valid())).to_pylist()
    return there


def _united(parts: Sequence[pa.Array]) -> tuple[pa.Array, list[pa.Array]]:
    """The distinct texts of all parts, and each part's places among them."""
    together = (pa.concat_arrays(parts) if len(parts) > 1 else parts[0]).dictionary_encode()
    places, start = [], 0
    for part in parts:
        places.append(together.indices.slice(start, len(part)))
        start += len(part)
    return together.dictionary, places


# ---- reading them


def read_cells(
    con: duckdb.DuckDBPyConnection, recipe: Recipe, group: Group, memory: Memory
) -> tuple[Cells, tuple[pa.Array, ...]]:
    """What the cells of a group say, and where each column's rows find them: plain cells stand first."""
    if recipe.quick is None:
        cells = _read_odd(con, recipe, memory.types.get(recipe.group), (group.texts, group.kinds), memory)
        return _cells(cells), group.at
    quick = recipe.quick(group.texts, group.kinds)
    read = _quickly_read(quick)
    is_odd = pc.invert(quick.easy)
    if not pc.any(is_odd).as_py():
        return _cells(read), group.at
    odd = _read_odd(con, recipe, read.schema, (group.texts.filter(is_odd), group.kinds.filter(is_odd)), memory)
    place = _places(quick.easy)
    return _cells(pa.concat_tables([read, odd])), tuple(place.take(at) for at in group.at)


def _quickly_read(quick: QuickRead) -> pa.Table:
    count = pc.sum(quick.easy).as_py() or 0
    none = pa.nulls(count, pa.string())
    never = pa.repeat(pa.scalar(False), count)
    more = {
        "problem": none if quick.problem is None else quick.problem,
        "is_blank": never if quick.is_blank is None else quick.is_blank,
        "shown": none if quick.shown is None else quick.shown,
    }
    return pa.table({**quick.columns, **more})


def _places(is_first: pa.Array) -> pa.Array:
    """Where each cell comes to stand when those that are to be first are, in their order, put before the others."""
    number = pc.cumulative_sum(is_first.cast(pa.int32()))
    rank = pc.cumulative_sum(pc.invert(is_first).cast(pa.int32()))
    behind = pc.add(rank, number[-1]) if len(number) else rank
    return pc.subtract(pc.if_else(is_first, number, behind), pa.scalar(1, pa.int32()))


def _cells(table: pa.Table) -> Cells:
    columns = {name: whole(table[name]) for name in table.column_names}
    problem, is_blank, shown = (columns.pop(name) for name in ("problem", "is_blank", "shown"))
    return Cells(columns, problem, is_blank, shown)


def _read_odd(
    con: duckdb.DuckDBPyConnection, recipe: Recipe, schema: pa.Schema | None, cells: Texts, memory: Memory
) -> pa.Table:
    """Cells that are not plain: in the usual ways, from memory, or the full way. schema: of the result, if known."""
    texts, kinds = cells
    if schema is None:
        table = _read_fully(con, recipe, texts, kinds)
        memory.keep(recipe.group, _keys(texts, kinds), table)
        return table
    found = [_recalled(recipe, schema, key, memory) for key in _keys(texts, kinds)]
    is_new = pa.array([row is None for row in found], pa.bool_())
    known = [row for row in found if row is not None]
    if len(known) == len(found):
        return _table(schema, known)
    texts, kinds = texts.filter(is_new), kinds.filter(is_new)
    table = _read_fully(con, recipe, texts, kinds).select(schema.names).cast(schema)
    memory.keep(recipe.group, _keys(texts, kinds), table)
    if not known:
        return table
    return pa.concat_tables([_table(schema, known), table]).combine_chunks().take(_places(pc.invert(is_new)))


def _keys(texts: pa.Array, kinds: pa.Array) -> list[tuple[str, int]]:
    return list(zip(texts.to_pylist(), kinds.to_pylist(), strict=True))


def _recalled(recipe: Recipe, schema: pa.Schema, key: tuple[str, int], memory: Memory) -> tuple[Any, ...] | None:
    usual = recipe.usual(*key) if recipe.usual else None
    if usual is not None:
        return tuple(usual[name] for name in schema.names)
    return memory.cells.get((recipe.group, *key))


def _table(schema: pa.Schema, rows: Sequence[tuple[Any, ...]]) -> pa.Table:
    columns = list(zip(*rows, strict=True)) or [() for _ in schema]
    return pa.table([pa.array(column, field.type) for column, field in zip(columns, schema, strict=True)], schema)


def _read_fully(con: duckdb.DuckDBPyConnection, recipe: Recipe, texts: pa.Array, kinds: pa.Array) -> pa.Table:
    reading = recipe.read(_CELL)
    columns = [
        f"{f'CAST({expr} AS {recipe.types[name]})' if name in recipe.types else expr} AS {ident(name)}"
        for name, expr in reading.columns.items()
    ]
    con.register(_ODD, pa.table({"n": pa.array(range(len(texts)), pa.int32()), "text": texts, "kind": kinds}))
    try:
        table: pa.Table = con.execute(f"""
            SELECT {", ".join(columns)}, CAST({reading.problem} AS VARCHAR) AS problem,
                coalesce({reading.blank}, TRUE) AS is_blank, CAST({reading.shown} AS VARCHAR) AS shown
            FROM ({layered(f"SELECT * FROM {_ODD}", reading)}) ORDER BY n
        """).to_arrow_table()
    finally:
        con.unregister(_ODD)
    return table.combine_chunks()
