"""A sheet as recognition looks at it: its head, a sample of its middle, its foot, never the whole table.

Tables of up to SMALL rows are read whole, since check reports stack many little tables in one sheet.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property, reduce

import pyarrow as pa
import pyarrow.compute as pc

from mingcha.intake.cores import on_all_cores
from mingcha.intake.model import RawSheet

#: Up to here a sheet is looked at whole.
SMALL = 400
HEAD = 60
MIDDLE = 20
FOOT = 10
#: A row with so many known header names may be a header; used to find further tables far below.
HEADER_HITS = 3
#: So many such rows are looked at, each with so many rows above it for a caption.
MOST_HITS = 200
CAPTION = 3


@dataclass(frozen=True)
class Row:
    """One row: its spreadsheet number, its cells' text (None = blank) and kinds."""

    number: int
    cells: tuple[str | None, ...]
    kinds: tuple[int, ...]

    @cached_property
    def filled(self) -> tuple[int, ...]:
        """Indexes of the cells that hold something."""
        return tuple(index for index, cell in enumerate(self.cells) if cell is not None and cell.strip())


@dataclass(frozen=True)
class Grid:
    """What recognition sees of a sheet.

    head    the first rows; sample: rows after them (middle and foot), all with their numbers
    last    number of the last row
    whole   the head holds the whole sheet
    """

    n_cols: int
    head: tuple[Row, ...]
    sample: tuple[Row, ...]
    last: int
    whole: bool
    merged: tuple[tuple[int, int, int, int], ...] = field(default=())

    @cached_property
    def rows(self) -> tuple[Row, ...]:
        """Head and sample."""
        return self.head + self.sample


def read_table(raw: RawSheet) -> pa.Table:
    """The sheet's Arrow file, mapped; nothing is copied until it is touched."""
    with pa.memory_map(str(raw.data)) as source:
        return pa.ipc.open_file(source).read_all()


def rows_of(table: pa.Table, n_cols: int) -> list[Row]:
    """Rows of a (small) slice of the table."""
    numbers = table.column("row").to_pylist()
    texts = [table.column(f"c{index}").to_pylist() for index in range(n_cols)]
    kinds = [table.column(f"k{index}").to_pylist() for index in range(n_cols)]
    count = len(numbers)
    by_row = zip(*texts, strict=True) if texts else iter([()] * count)
    kinds_by_row = zip(*kinds, strict=True) if kinds else iter([()] * count)
    return [
        Row(number, tuple(cells), tuple(kind or 0 for kind in row_kinds))
        for number, cells, row_kinds in zip(numbers, by_row, kinds_by_row, strict=True)
    ]


def read_grid(raw: RawSheet, table: pa.Table | None = None) -> Grid:
    """The grid of a sheet."""
    data = read_table(raw) if table is None else table
    total = data.num_rows
    if total == 0:
        return Grid(raw.n_cols, (), (), 0, True, raw.merged)
    last = int(data.column("row")[total - 1].as_py())
    if total <= SMALL:
        return Grid(raw.n_cols, tuple(rows_of(data, raw.n_cols)), (), last, True, raw.merged)
    head = rows_of(data.slice(0, HEAD), raw.n_cols)
    middle = rows_of(data.slice(max(HEAD, total // 2), MIDDLE), raw.n_cols)
    foot = rows_of(data.slice(total - FOOT, FOOT), raw.n_cols)
    return Grid(raw.n_cols, tuple(head), tuple(middle + foot), last, False, raw.merged)


@dataclass(frozen=True)
class Below:
    """A row far down that may be the header of a further table; the rows before it, and some after it."""

    header: Row
    before: tuple[Row, ...]
    after: tuple[Row, ...]


def header_rows_below(table: pa.Table, names: Sequence[str], n_cols: int) -> list[Below]:
    """Rows beyond the head with HEADER_HITS or more cells that are header names: repeats or further tables.

    Set-based: the whole table is compared column by column in Arrow; only hits are touched in Python.
    """
    if table.num_rows <= SMALL or n_cols == 0:
        return []
    below = table.slice(HEAD)
    wanted = _Wanted(names)

    def is_header(batch: pa.RecordBatch) -> pa.Array:
        return wanted.often_in([batch.column(f"c{index}") for index in range(n_cols)])

    found = pa.chunked_array(on_all_cores(is_header, below.to_batches()), pa.bool_())
    places = pc.indices_nonzero(found).slice(0, MOST_HITS).to_pylist()
    return [_below(below, place, n_cols) for place in places]


class _Wanted:
    """Looks for rows with HEADER_HITS or more header names."""

    def __init__(self, names: Sequence[str]) -> None:
        self._set = pa.array(names, pa.string())
        self._least = min((max(name.encode()) for name in names if name), default=0)

    def often_in(self, columns: Sequence[pa.Array]) -> pa.Array:
        """Whether each row of some columns holds so many.

        A row that does has one of them in all columns but two: only rows with one there are looked at in these two.
        """
        count = len(columns[0])
        columns = [column for column in columns if self._may_stand_in(column)]
        if len(columns) < HEADER_HITS:
            return pa.repeat(pa.scalar(False), count)
        # words such as 配偶 are names of columns too: where they stand is looked at later
        often = [pc.sum(hits).as_py() for hits in self._are_names([column.slice(0, HEAD) for column in columns])]
        columns = [columns[at] for at in sorted(range(len(columns)), key=lambda at: -often[at])]
        later, now = columns[: HEADER_HITS - 1], columns[HEADER_HITS - 1 :]
        hits = self._hits(now)
        nowhere = pa.repeat(pa.scalar(False), count)
        rows = pc.indices_nonzero(hits)
        if not len(rows):
            return nowhere
        total = pc.add(hits.take(rows), self._hits([column.take(rows) for column in later]))
        found = rows.filter(pc.greater_equal(total, HEADER_HITS))
        if not len(found):
            return nowhere
        return pc.is_in(pa.arange(0, count, 1), value_set=found.cast(pa.int64()))

    def _hits(self, columns: Sequence[pa.Array]) -> pa.Array:
        return reduce(pc.add, [found.cast(pa.int16()) for found in self._are_names(columns)])

    def _are_names(self, columns: Sequence[pa.Array]) -> list[pa.Array]:
        """Whether each cell of columns of one length is a name. Asked at once: Arrow takes in all names each time."""
        found = pc.is_in(pa.concat_arrays(columns), value_set=self._set)
        count = len(columns[0])
        return [found.slice(start, count) for start in range(0, len(columns) * count, count)]

    def _may_stand_in(self, column: pa.Array) -> bool:
        """False where no text has a byte as great as every name has one: numbers, which are half of the columns."""
        _, ends, held = column.buffers()
        if held is None or not len(column):
            return False
        ends = pa.Array.from_buffers(pa.int32(), len(column) + 1, [None, ends], offset=column.offset)
        first, behind = ends[0].as_py(), ends[-1].as_py()
        greatest = pc.max(pa.Array.from_buffers(pa.uint8(), behind - first, [None, held], offset=first)).as_py()
        return greatest is not None and greatest >= self._least


def _below(table: pa.Table, place: int, n_cols: int) -> Below:
    first = max(0, place - CAPTION)
    rows = rows_of(table.slice(first, place - first + 1 + MIDDLE), n_cols)
    at = place - first
    return Below(rows[at], tuple(rows[:at]), tuple(rows[at + 1 :]))
