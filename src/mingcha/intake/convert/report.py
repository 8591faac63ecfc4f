"""What leaves conversion: the snapshot file, refused and doubtful rows, counts, clear values for the vault."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from mingcha.datasets import columns_of
from mingcha.intake.convert.fields import differs
from mingcha.intake.convert.reasons import SCIENTIFIC, in_short, missing, sentences
from mingcha.intake.convert.sheet import CHUNK_ROWS, Sheet, standing, whole
from mingcha.intake.convert.typed import Layout, Rows

REJECTS = pa.schema(
    [
        ("outcome", pa.string()),
        ("file", pa.string()),
        ("sheet", pa.string()),
        ("row", pa.int32()),
        ("column", pa.string()),
        ("field", pa.string()),
        ("value", pa.string()),
        ("reason", pa.string()),
    ]
)
_REJECTED, _DOUBTFUL = "rejected", "doubtful"
#: Needs are told after all fields.
_NEEDS_FROM = 1000


#: The lake's types in Arrow.
_ARROW: Mapping[str, pa.DataType] = {
    "BIGINT": pa.int64(),
    "INTEGER": pa.int32(),
    "BOOLEAN": pa.bool_(),
    "VARCHAR": pa.string(),
    "DATE": pa.date32(),
    "TIMESTAMP": pa.timestamp("us"),
    "DECIMAL(14,2)": pa.decimal128(14, 2),
    "DECIMAL(18,4)": pa.decimal128(18, 4),
    "VARCHAR[]": pa.list_(pa.string()),
    "BIGINT[]": pa.list_(pa.int64()),
}


_CODED = pa.dictionary(pa.int32(), pa.string())


class SnapshotWriter:
    """Writes accepted and doubtful rows as Parquet, in the columns of the dataset."""

    def __init__(self, sheet: Sheet, sheet_id: int, out: Path) -> None:
        self._sheet = sheet
        self._sheet_id = sheet_id
        columns = columns_of(sheet.dataset)
        schema = pa.schema([(column.name, _ARROW[column.type]) for column in columns])
        own = {column.name for column in columns if column.field and differs(sheet.dataset.fields[column.field])}
        # of text the least and greatest are told of months alone: nothing is looked up by another
        months = {"roll_month", *(field.id for field in sheet.dataset.fields.values() if field.type == "month")}
        told = [field.name for field in schema if field.type != pa.string() or field.name in months]
        stepped = {column.name: "DELTA_BINARY_PACKED" for column in schema if _is_stepped(column)}
        # what differs from row to row gets no dictionary: it would be built for nothing
        worded = [
            column.name
            for column in schema
            if not (pa.types.is_integer(column.type) or column.name in own or column.name in stepped)
        ]
        # other text comes as dictionaries and is written as such; who reads the file finds plain text
        coded = {column.name for column in schema if column.type == pa.string()} - own
        self._schema = pa.schema([field.with_type(_CODED) if field.name in coded else field for field in schema])
        self._file = pq.ParquetWriter(
            out,
            self._schema,
            compression={column.name: "lz4" if column.name in own or _is_key(column) else "zstd" for column in schema},
            store_decimal_as_integer=True,
            use_dictionary=worded,
            column_encoding=stepped,
            write_statistics=told,
            store_schema=False,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def write(self, kept: pa.Table) -> None:
        """Adds what ``kept_of`` gave."""
        if kept.num_rows:
            self._file.write_table(kept, row_group_size=CHUNK_ROWS)

    def kept_of(self, rows: Rows) -> pa.Table:
        """What is kept of some rows, in the columns of the snapshot; several threads may ask at once."""
        given = {**self._system(rows), **rows.columns}
        kept = pc.invert(rows.is_rejected) if pc.any(rows.is_rejected).as_py() else None
        count = rows.base.num_rows if kept is None else pc.sum(kept).as_py() or 0
        # a name as written mostly is the name as read: the very same array, made ready once
        fitted: dict[tuple[int, pa.DataType], pa.Array] = {}
        arrays = []
        for name, type_ in zip(self._schema.names, self._schema.types, strict=True):
            key = (id(given.get(name)), type_)
            if key not in fitted:
                fitted[key] = _fitted(given[name], type_, kept) if name in given else pa.nulls(count, type_)
            arrays.append(fitted[key])
        return pa.table(arrays, schema=self._schema)

    def _system(self, rows: Rows) -> dict[str, pa.Array]:
        count, plan = rows.base.num_rows, self._sheet.plan
        row = rows.base["row"].cast(pa.int64())
        number = pc.bit_wise_or(pc.shift_left(row, 6), rows.base["part"].cast(pa.int64()))
        county = rows.county
        if plan.county_name:
            county = pc.fill_null(county, plan.county_name)
        return {
            "row_id": pc.bit_wise_or(number, self._sheet_id << 38),
            "row_no": row,
            "is_doubtful": rows.has_problem,
            "doubts": rows.doubts,
            "roll_month": pa.repeat(pa.scalar(plan.roll_month or None, pa.string()), count),
            "county_name": county,
        }


def _is_key(column: pa.Field) -> bool:
    """Whether the column holds pseudonyms: bytes in no order, which no compression makes much of."""
    return bool(column.type == pa.int64()) and column.name.endswith("_key")


def _is_stepped(column: pa.Field) -> bool:
    """Whether a value mostly lies near that of the row above, which is what is written then: a tenth of the bytes."""
    return pa.types.is_date(column.type) or column.name in {"row_id", "row_no"}


def _fitted(array: pa.Array | pa.ChunkedArray, type_: pa.DataType, kept: pa.Array | None) -> pa.Array:
    """A column in its type, of the rows that are kept; of the others no word stays behind."""
    array = whole(array)
    if type_ == _CODED and not pa.types.is_dictionary(array.type):
        array = array.cast(pa.string()).dictionary_encode()
    if type_ != _CODED:
        array = array.cast(type_)
    if kept is not None:
        array = array.filter(kept)
    return _with_its_words(array) if type_ == _CODED else array


def _with_its_words(array: pa.DictionaryArray) -> pa.DictionaryArray:
    """The same texts, in a dictionary of no others."""
    words = array.dictionary
    if len(words) <= 2 and pc.min_max(array.indices).as_py() == {"min": 0, "max": len(words) - 1}:
        return array  # most columns of codes
    is_used = standing(array.indices, len(words))
    if pc.all(is_used).as_py():
        return array
    places = pc.subtract(pc.cumulative_sum(is_used.cast(pa.int32())), pa.scalar(1, pa.int32()))
    return pa.DictionaryArray.from_arrays(places.take(array.indices), words.filter(is_used))


@dataclass(frozen=True)
class _Problem:
    """One thing wrong with a row. rank: its place among the row's problems, after those that refuse the row."""

    rank: int
    column: str
    field: str
    value: str | None
    reason: str
    short: str
    is_refusing: bool


class Problems:
    """Collects what is wrong with rows, for the file of rejects and the counts of the report."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        self._sheet = layout.sheet
        self._lines: list[tuple[str | int | None, ...]] = []
        self._counted: dict[str, Counter[str]] = {_REJECTED: Counter(), _DOUBTFUL: Counter()}
        self.read = self.accepted = self.doubtful = self.rejected = 0

    def add(self, rows: Rows) -> None:
        """Counts some rows and tells what is wrong with them."""
        count = rows.base.num_rows
        rejected = pc.sum(rows.is_rejected).as_py() or 0
        doubtful = pc.sum(pc.and_not(rows.has_problem, rows.is_rejected)).as_py() or 0
        self.read += count
        self.rejected += rejected
        self.doubtful += doubtful
        self.accepted += count - rejected - doubtful
        if not rejected and not doubtful:
            return
        wrong = pc.indices_nonzero(pc.or_(rows.is_rejected, rows.has_problem))
        self._tell(_Wrong(rows, wrong))

    def _tell(self, wrong: _Wrong) -> None:
        found: defaultdict[int, list[_Problem]] = defaultdict(list)
        for place, problem in self._problems(wrong):
            found[place].append(problem)
        for place in sorted(found):
            problems = sorted(found[place], key=lambda problem: (not problem.is_refusing, problem.rank))
            outcome = _REJECTED if wrong.is_rejected[place] else _DOUBTFUL
            values = [problem.value for problem in problems if problem.value is not None]
            self._lines.append(
                (
                    *(outcome, wrong.row[place], "、".join(problem.column for problem in problems)),
                    ",".join(problem.field for problem in problems),
                    "、".join(values) if values else None,
                    "；".join(problem.reason for problem in problems),
                )
            )
            told = {problem.short for problem in problems if outcome == _DOUBTFUL or problem.is_refusing}
            self._counted[outcome].update(told)

    def _problems(self, wrong: _Wrong) -> Iterator[tuple[int, _Problem]]:
        for rank, field in enumerate(self._layout.fields):
            if field.id in wrong.codes:
                yield from self._of_field(wrong, rank, field.id)
        for number in range(len(self._layout.needs)):
            yield from self._of_need(wrong, number)

    def _of_field(self, wrong: _Wrong, rank: int, name: str) -> Iterator[tuple[int, _Problem]]:
        """Problems of one field. Where it is required and nothing of it is left, this is why the row is refused."""
        label = self._sheet.header_of(name)
        texts = sentences(self._sheet.dataset.fields[name].type, label)
        other = f"{label}读不出来，请核对"
        own = [number for number, need in enumerate(self._layout.needs) if name in need.required.fields]
        for place, (code, value) in enumerate(zip(wrong.codes[name], wrong.shown[name], strict=True)):
            if code is None:
                continue
            if code == "tail_lost" and value is not None and "E" in value:
                reason = short = SCIENTIFIC
            else:
                long = texts.get(code)
                reason = (long or other).replace("{value}", value or "")
                short = other if long is None else in_short(long)
            refusing = any(wrong.lacking[number][place] for number in own)
            yield place, _Problem(rank, label, name, value, reason, short, refusing)

    def _of_need(self, wrong: _Wrong, number: int) -> Iterator[tuple[int, _Problem]]:
        """Rows that lack a required value, where no problem of the cell itself tells why."""
        need = self._layout.needs[number]
        told = [wrong.codes[name] for name in need.required.fields if name in wrong.codes]
        sentence = missing(need.required.label, has_source=need.has_source)
        field = need.required.fields[0]
        problem = _Problem(
            _NEEDS_FROM + number, self._sheet.header_of(field), field, None, sentence, sentence, is_refusing=True
        )
        for place, lacks in enumerate(wrong.lacking[number]):
            if lacks and all(codes[place] is None for codes in told):
                yield place, problem

    def rejects(self) -> pa.Table:
        """One row a refused or doubtful row, in sheet order."""
        outcome, row, column, field, value, reason = zip(*self._lines, strict=True) if self._lines else ((),) * 6
        raw = self._sheet.raw
        count = len(outcome)
        return pa.table(
            [outcome, [raw.file] * count, [raw.sheet] * count, row, column, field, value, reason], schema=REJECTS
        )

    def counted(self, outcome: str) -> dict[str, int]:
        """Sentence → rows, the commonest first."""
        found = self._counted[outcome].items()
        return dict(sorted(found, key=lambda item: (-item[1], item[0])))

    @property
    def reasons(self) -> Mapping[str, int]:
        """Why rows were refused."""
        return self.counted(_REJECTED)

    @property
    def doubts(self) -> Mapping[str, int]:
        """What is doubtful about rows that were kept."""
        return self.counted(_DOUBTFUL)


class _Wrong:
    """The rows with anything wrong, as Python lists, one entry a row."""

    def __init__(self, rows: Rows, at: pa.Array) -> None:
        self._rows = rows
        self._at = at
        self.row = self._list(rows.base["row"])
        self.is_rejected = self._list(rows.is_rejected)
        self.lacking = [self._list(lacking) for lacking in rows.lacking]

    def _list(self, array: pa.Array | pa.ChunkedArray) -> list[Any]:
        values: list[Any] = array.take(self._at).to_pylist()
        return values

    @cached_property
    def codes(self) -> Mapping[str, Sequence[str | None]]:
        """Field → problem codes."""
        return {name: self._list(codes) for name, codes in self._rows.problems.items()}

    @cached_property
    def shown(self) -> Mapping[str, Sequence[str | None]]:
        """Field → cells as they may be shown."""
        return {name: self._list(shown) for name, shown in self._rows.shown.items()}
