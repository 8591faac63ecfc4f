"""One table under conversion: where each field's text comes from, and the names its SQL uses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.ipc

from mingcha.datasets import Catalogue, Dataset, Field, load_catalogue
from mingcha.intake.model import RawSheet, SheetPlan, Unpivot
from mingcha.values.sql.base import ident, is_mark, lit
from mingcha.vault.pseudonyms import Pseudonymiser

RAW = "mingcha_raw"
NOISE = "mingcha_noise"
FILL = "mingcha_fill"
TYPED = "mingcha_typed"
PLACES = "mingcha_places"
BASE = "mingcha_base"
#: Up to here the base rows are laid out once instead of being worked out again by each statement.
_LAID_OUT_ROWS = 500_000
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
    filled: set[str] = field(default_factory=set)
    has_noise: bool = False
    is_laid_out: bool = False

    def lay_out(self) -> None:
        """Keeps the base rows as a table, once noise and fills are known. Very large sheets are left as they are."""
        if self.raw.n_rows * max(1, len(self.parts)) <= _LAID_OUT_ROWS:
            self.con.execute(f"CREATE OR REPLACE TEMP TABLE {BASE} AS {self.base()}")
            self.is_laid_out = True

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
        values = self.keys.parameters() if "$ip" in sql else {}
        return (self.con.sql(sql, params=values) if values else self.con.sql(sql)).to_arrow_table()

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


def open_sheet(
    raw: RawSheet, plan: SheetPlan, keys: Pseudonymiser, con: duckdb.DuckDBPyConnection
) -> tuple[Sheet, pa.MemoryMappedFile]:
    """Registers the sheet's Arrow file with DuckDB (mapped, not loaded); close the map when done."""
    catalogue = load_catalogue()
    if plan.dataset is None:
        raise AssertionError("a sheet that was not recognised is not converted")
    dataset = catalogue.datasets[plan.dataset]
    mapped = pa.memory_map(str(raw.data))
    con.register(RAW, pa.ipc.open_file(mapped).read_all())
    sheet = Sheet(con, raw, plan, catalogue, dataset, _sources(dataset, plan), _parts(plan), keys)
    return sheet, mapped


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
