"""One table under conversion: where each field's text comes from, and the names its SQL uses."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.ipc

from mingcha.datasets import Catalogue, Dataset, Field, load_catalogue
from mingcha.intake.cores import on_all_cores
from mingcha.intake.model import RawSheet, SheetPlan, Unpivot
from mingcha.values.sql.base import MARK_BYTES, ident, is_mark, lit
from mingcha.values.text import EMPTY_MARKS
from mingcha.vault.pseudonyms import Pseudonymiser

# con.sql looks over a statement twice before it runs, which costs more than the rows of most sheets cost to be copied
warnings.filterwarnings("ignore", message="Arrow output on a DB-API result", category=UserWarning)

RAW = "mingcha_raw"
NOISE = "mingcha_noise"
FILL = "mingcha_fill"
BASE = "mingcha_base"
#: Up to here the base rows are laid out once instead of being worked out again by each statement.
_LAID_OUT_ROWS = 500_000
#: At most so many rows are typed at a time, and make a row group of the snapshot.
CHUNK_ROWS = 61_440
#: Parts of a wide row fit six bits of row_id.
MAX_PARTS = 63


@dataclass(frozen=True)
class Source:
    """Where a field's text comes from: a column of the sheet, a constant for blanks, or both.

    index    0-based column, None where the sheet has none
    constant raw text used where the cell is blank
    """

    field: Field
    index: int | None
    header: str
    factor: int = 1
    constant: str | None = None


@dataclass(frozen=True)
class Part:
    """One payment column of a wide sheet; number counts from 1."""

    number: int
    column: Unpivot


@dataclass
class Sheet:
    """A raw sheet with its plan, opened for SQL.

    sources  field id → source, in the dataset's order, without the wide payment columns
    cells    the raw sheet's table, mapped
    rows     the base rows, once they are laid out, unless there are very many
    places   places as written → what they are, of the stretches typed so far
    filled   fields that a fill table completes (see ``carry``)
    """

    con: duckdb.DuckDBPyConnection
    raw: RawSheet
    plan: SheetPlan
    catalogue: Catalogue
    dataset: Dataset
    sources: dict[str, Source]
    parts: tuple[Part, ...]
    keys: Pseudonymiser
    cells: pa.Table
    filled: set[str] = field(default_factory=set)
    has_noise: bool = False
    is_laid_out: bool = False
    rows: pa.Table | None = None
    places: dict[tuple[str | None, ...], tuple[str | None, ...]] = field(default_factory=dict)
    _words: dict[str, list[str]] = field(default_factory=dict, init=False, repr=False)

    def lay_out(self) -> None:
        """Keeps the base rows as a table, once noise and fills are known. Very large sheets are left on disk."""
        if self.raw.n_rows * max(1, len(self.parts)) <= _LAID_OUT_ROWS:
            self.rows = self._plain_rows(self.cells, self._noise_rows()) if self._is_plain else self.table(self.base())
            self.con.register(BASE, self.rows)
        elif self._is_plain:
            return
        else:
            self.con.execute(f"CREATE OR REPLACE TEMP TABLE {BASE} AS {self.base()}")
        self.is_laid_out = True

    def take_up(self) -> None:
        """Drops what ``lay_out`` kept."""
        if self.rows is not None:
            self.con.unregister(BASE)
            self.rows = None
        elif self.is_laid_out:
            self.con.execute(f"DROP TABLE IF EXISTS {BASE}")
        self.is_laid_out = False

    def chunks(self) -> Iterator[pa.Table]:
        """The base rows, some at a time, in the order of the sheet, with the columns of ``base``."""
        if self.rows is not None:
            whole = self.rows if self._is_plain else self.rows.sort_by([("row", "ascending"), ("part", "ascending")])
            for start, size in _stretches(whole.num_rows):
                yield whole.slice(start, size)
        elif self._is_plain:
            noise = self._noise_rows()
            for start, size in _stretches(self.cells.num_rows):
                yield self._plain_rows(self.cells.slice(start, size), noise)
        else:
            count = self.first(f"SELECT count(*) FROM {BASE}") or (0,)
            for start in range(0, count[0], CHUNK_ROWS):
                yield self.table(f"SELECT * FROM {BASE} WHERE rowid BETWEEN {start} AND {start + CHUNK_ROWS - 1}")

    @property
    def is_long(self) -> bool:
        """Whether the rows are typed in several stretches."""
        return self.raw.n_rows > CHUNK_ROWS

    def words(self, name: str) -> list[str]:
        """The distinct texts of a field."""
        if name not in self._words:
            self._words[name] = self._distinct_texts(name)
        return self._words[name]

    def has_text(self, name: str, is_it: Callable[[str], bool]) -> bool:
        """Whether any text of a field is such a one. Of a long sheet the first part mostly tells."""
        if not (self.is_long and self._is_plain) or name in self._words:
            return any(map(is_it, self.words(name)))
        texts = self._plain_texts(name) if self.rows is None else self.rows[f"t_{name}"]
        parts = texts.chunks if isinstance(texts, pa.ChunkedArray) else [texts]
        return any(is_it(word) for part in parts for word in pc.unique(part).to_pylist() if word is not None)

    def may_have(self, name: str, kind: int) -> bool:
        """False where no cell of a field is of that kind."""
        source = self.sources.get(name)
        if not self._is_plain or source is None or source.index is None:
            return True
        return bool(pc.any(pc.equal(self.cells[f"k{source.index}"], pa.scalar(kind, pa.int8()))).as_py())

    def look_through(self, names: Sequence[str]) -> None:
        """Finds the distinct texts of several fields at once, where that needs no SQL."""
        if self.is_long and self._is_plain:
            on_all_cores(self.words, names)

    def _distinct_texts(self, name: str) -> list[str]:
        text = f"t_{name}"
        if self.rows is not None or self._is_plain:
            texts = self._plain_texts(name) if self.rows is None else self.rows[text]
            return sorted(word for word in pc.unique(texts).to_pylist() if word is not None)
        found = self.table(
            f"SELECT DISTINCT {ident(text)} AS word FROM ({self.base()}) WHERE {ident(text)} IS NOT NULL"
        )
        return sorted(found["word"].to_pylist())

    def first_rows(self, count: int, *names: str) -> list[pa.Array]:
        """Columns of the first base rows."""
        if self.rows is not None:
            table = self.rows.select(names).slice(0, count)
        elif self._is_plain:
            noise = self._noise_rows()
            cells = rows_within(self.cells, self.plan).slice(0, count + (0 if noise is None else len(noise)))
            table = self._plain_rows(cells, noise).select(names).slice(0, count)
        else:
            table = self.table(f"SELECT {', '.join(map(ident, names))} FROM ({self.base()}) LIMIT {count}")
        return [whole(table[name]) for name in names]

    @property
    def _is_plain(self) -> bool:
        """Whether a base row is a row of the sheet with at most constants added: no SQL is needed to lay it out."""
        return not self.parts and not self.filled

    def _noise_rows(self) -> pa.Array | None:
        if not self.has_noise:
            return None
        return self.table(f"SELECT CAST(row AS INTEGER) AS row FROM {NOISE}")["row"].combine_chunks()

    def _plain_texts(self, name: str) -> pa.ChunkedArray | pa.Array:
        """The texts of a field in all base rows, of a sheet that needs no SQL."""
        source = self.sources[name]
        columns = ["row"] if source.index is None else ["row", f"c{source.index}", f"k{source.index}"]
        return _plain_cells(source, self._told_rows(self.cells.select(columns), self._noise_rows()))[0]

    def _told_rows(self, cells: pa.Table, noise: pa.Array | None) -> pa.Table:
        """Those of some raw rows that are data."""
        cells = rows_within(cells, self.plan)
        if noise is not None:
            is_noise = pc.is_in(cells["row"], value_set=noise)
            if pc.any(is_noise).as_py():
                cells = cells.filter(pc.invert(is_noise))
        return cells

    def _plain_rows(self, cells: pa.Table, noise: pa.Array | None) -> pa.Table:
        """As ``base``, of a part of a sheet that needs no SQL."""
        cells = self._told_rows(cells, noise)
        count = cells.num_rows
        columns = {
            "row": cells["row"],
            "part": pa.repeat(pa.scalar(0, pa.int32()), count),
            "part_factor": pa.repeat(pa.scalar(1, pa.int32()), count),
        }
        for source in self.sources.values():
            name = source.field.id
            columns[f"t_{name}"], columns[f"k_{name}"] = _plain_cells(source, cells)
        return pa.table(columns)

    def run(self, sql: str, **values: Any) -> duckdb.DuckDBPyConnection:
        """Executes a statement; the pseudonym key is bound where the SQL names it."""
        if "$ip" in sql:
            values = {**values, **self.keys.parameters()}
        return self.con.execute(sql, values) if values else self.con.execute(sql)

    def first(self, sql: str) -> tuple[Any, ...] | None:
        """The first row of a query, read to its end: a result left half read blocks the connection."""
        rows = self.con.execute(sql).fetchall()
        return rows[0] if rows else None

    def table(self, sql: str) -> pa.Table:
        """The result of a query as Arrow."""
        if self.is_long:
            values = self.keys.parameters() if "$ip" in sql else None
            return self.con.sql(sql, params=values).to_arrow_table()
        return self.run(sql).to_arrow_table()

    def by_type(self, *types: str) -> list[Source]:
        """Sources with a column of their own whose field has one of these types."""
        return [source for source in self.sources.values() if source.index is not None and source.field.type in types]

    @property
    def within(self) -> str:
        """Condition: the row lies where the plan looks for data."""
        return f"r.row BETWEEN {self.plan.first_row} AND {self.plan.last_row}"

    def base(self) -> str:
        """SELECT of all data rows: row, part, and t_<field> text, k_<field> kind of each field."""
        if self.is_laid_out:
            return f"SELECT * FROM {BASE}"
        if not self.parts:
            return self._rows(None)
        return " UNION ALL ".join(self._rows(part) for part in self.parts)

    def _rows(self, part: Part | None) -> str:
        number, factor = (part.number, part.column.factor) if part else (0, 1)
        columns = [f"r.row AS row, {number} AS part, {factor} AS part_factor"]
        for source in self._sources_of(part):
            text, kind = self._cell(source)
            columns.append(f"{text} AS {ident('t_' + source.field.id)}, {kind} AS {ident('k_' + source.field.id)}")
        tables = f"{RAW} AS r"
        if self.has_noise:
            tables += f" ANTI JOIN {NOISE} AS z ON r.row = z.row"
        if self.filled:
            tables += f" LEFT JOIN {FILL} AS f ON r.row = f.row"
        where = self.within
        if part is not None:
            cell = f"r.c{part.column.index}"
            # 0 in a wide sheet stands for "not paid", as a blank does
            where += f" AND NOT coalesce(regexp_full_match(trim({cell}), '[-—–/\\\\]*|0+(?:[.]0+)?'), TRUE)"
        return f"SELECT {', '.join(columns)} FROM {tables} WHERE {where}"

    def _sources_of(self, part: Part | None) -> list[Source]:
        if part is None:
            return list(self.sources.values())
        column = part.column
        sources = dict(self.sources)
        fields = self.dataset.fields
        sources[column.field] = Source(fields[column.field], column.index, column.header, column.factor)
        for name, text in column.constants.items():
            own = sources.get(name)
            if name == "project" or own is None or own.index is None:
                sources[name] = Source(fields[name], None, column.header, 1, text)
            else:
                sources[name] = Source(fields[name], own.index, own.header, own.factor, text)
        return [sources[name] for name in fields if name in self.part_fields]

    @property
    def part_fields(self) -> set[str]:
        """Fields that the sources or any wide column give."""
        named = {name for part in self.parts for name in (part.column.field, *part.column.constants)}
        return set(self.sources) | named

    def _cell(self, source: Source) -> tuple[str, str]:
        name = source.field.id
        other = []
        if name in self.filled:
            other.append(f"f.{ident('t_' + name)}")
        if source.constant is not None:
            other.append(lit(source.constant))
        if source.index is None:
            text = f"coalesce({', '.join(other)})" if other else "CAST(NULL AS VARCHAR)"
            kind = f"coalesce(f.{ident('k_' + name)}, 1)" if name in self.filled else "1"
            return text, f"CAST({kind} AS TINYINT)"
        cell, kind = f"r.c{source.index}", f"r.k{source.index}"
        if not other:
            return cell, kind
        empty = is_mark(cell)
        below = f"f.{ident('k_' + name)}" if name in self.filled else "NULL"
        text = f"CASE WHEN {empty} THEN coalesce({', '.join(other)}) ELSE {cell} END"
        return text, f"CAST(CASE WHEN {empty} THEN coalesce({below}, 1) ELSE {kind} END AS TINYINT)"

    def header_of(self, name: str) -> str:
        """The header of a field as written, else its usual name."""
        source = self.sources.get(name)
        if source is not None and source.header:
            return source.header
        return self.dataset.fields[name].header


def _stretch(rows: int) -> int:
    """How many rows are typed at a time: an even number of stretches, of much the same length, for two at once."""
    if rows <= CHUNK_ROWS:
        return CHUNK_ROWS
    pairs = math.ceil(rows / (2 * CHUNK_ROWS))
    return math.ceil(rows / (2 * pairs))


def _stretches(rows: int) -> Iterator[tuple[int, int]]:
    """Where stretches begin, and their length. Of many the last two are halved: they are written down while no other
    is typed any more."""
    size = _stretch(rows)
    starts = range(0, rows, size)
    for start in starts:
        half = math.ceil(size / 2)
        if len(starts) >= _MANY and start in starts[-2:] and start + half < rows:
            yield start, half
            yield start + half, size - half
        else:
            yield start, size


#: So many stretches are many: what another two cost is little beside them.
_MANY = 6


def open_sheet(
    raw: RawSheet, plan: SheetPlan, keys: Pseudonymiser, con: duckdb.DuckDBPyConnection
) -> tuple[Sheet, pa.MemoryMappedFile]:
    """Registers the sheet's Arrow file with DuckDB (mapped, not loaded); close the map when done."""
    catalogue = load_catalogue()
    if plan.dataset is None:
        raise AssertionError("a sheet that was not recognised is not converted")
    dataset = catalogue.datasets[plan.dataset]
    mapped = pa.memory_map(str(raw.data))
    cells = pa.ipc.open_file(mapped).read_all()
    con.register(RAW, cells)
    sheet = Sheet(con, raw, plan, catalogue, dataset, _sources(dataset, plan), _parts(plan), keys, cells)
    return sheet, mapped


def whole(column: pa.ChunkedArray | pa.Array) -> pa.Array:
    """A column as one array."""
    if not isinstance(column, pa.ChunkedArray):
        return column
    return column.chunk(0) if column.num_chunks == 1 else pa.concat_arrays(column.chunks or [pa.array([], column.type)])


def standing(places: pa.Array, count: int) -> pa.Array:
    """Which of so many things stand in some row. places: of the thing in each row, NULL where there is none."""
    if not count:
        return pa.array([], pa.bool_())
    return pc.inverse_permutation(places, max_index=count - 1).is_valid()


def rows_within(cells: pa.Table, plan: SheetPlan) -> pa.Table:
    """The rows of a raw sheet where the plan looks for data. They mostly lie together and need not be copied."""
    within = pc.and_(pc.greater_equal(cells["row"], plan.first_row), pc.less_equal(cells["row"], plan.last_row))
    count = pc.sum(within).as_py() or 0
    if count == cells.num_rows:
        return cells
    start = max(pc.index(within, True).as_py(), 0)
    if pc.all(within.slice(start, count)).as_py():
        return cells.slice(start, count)
    return cells.filter(within)


def coded(words: pa.Array, at: pa.Array) -> pa.DictionaryArray:
    """Text of many rows as a dictionary: at tells which of the words stands in each row; words may repeat."""
    said = words.dictionary_encode()
    return pa.DictionaryArray.from_arrays(said.indices.take(at), said.dictionary)


def _plain_cells(source: Source, cells: pa.Table) -> tuple[pa.Array | pa.ChunkedArray, pa.Array | pa.ChunkedArray]:
    """Text and kind of a field, as ``Sheet._cell`` says them in SQL."""
    text_kind = pa.scalar(1, pa.int8())
    if source.index is None:
        return (
            pa.repeat(pa.scalar(source.constant, pa.string()), cells.num_rows),
            pa.repeat(text_kind, cells.num_rows),
        )
    texts, kinds = cells[f"c{source.index}"], cells[f"k{source.index}"]
    if source.constant is None:
        return texts, kinds
    short = pc.less_equal(pc.binary_length(texts), MARK_BYTES)
    is_mark = pc.and_(short, pc.is_in(pc.utf8_trim(texts, " "), value_set=pa.array(EMPTY_MARKS)))
    is_empty = pc.fill_null(is_mark, True)
    return pc.if_else(is_empty, pa.scalar(source.constant, pa.string()), texts), pc.if_else(is_empty, text_kind, kinds)


def _sources(dataset: Dataset, plan: SheetPlan) -> dict[str, Source]:
    columns = {column.field: column for column in plan.columns if column.field in dataset.fields}
    constants: Mapping[str, str] = plan.constants
    found: dict[str, Source] = {}
    for name, field_ in dataset.fields.items():
        column = columns.get(name)
        constant = constants.get(name)
        if name == "township" and constant is None:
            constant = plan.township_hint
        if column is not None:
            found[name] = Source(field_, column.index, column.header, column.factor, constant)
        elif constant is not None:
            found[name] = Source(field_, None, field_.header, 1, constant)
    return found


def _parts(plan: SheetPlan) -> tuple[Part, ...]:
    return tuple(Part(number, column) for number, column in enumerate(plan.unpivot[:MAX_PARTS], 1))
