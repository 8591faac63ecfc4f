"""Writes one sheet as an Arrow file, batch by batch, without knowing beforehand how wide it will be."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from itertools import zip_longest
from pathlib import Path
from types import TracebackType

import pyarrow as pa
import pyarrow.compute as pc

from mingcha.intake.containers.cells import column_arrays, text_column_arrays
from mingcha.intake.containers.limits import BATCH_CELLS, BATCH_ROWS, MAX_COLUMNS

Row = Sequence[object]


def sheet_schema(n_cols: int) -> pa.Schema:
    """The columns of a raw sheet's file: row, then text and kind of each column."""
    fields = [pa.field("row", pa.int32(), nullable=False)]
    for index in range(n_cols):
        fields += [pa.field(f"c{index}", pa.string()), pa.field(f"k{index}", pa.int8(), nullable=False)]
    return pa.schema(fields)


def rows_per_batch(width: int) -> int:
    """How many rows of this width one batch holds."""
    return max(64, min(BATCH_ROWS, BATCH_CELLS // max(width, 1)))


class SheetWriter:
    """Collects rows of one sheet into an Arrow IPC file.

    A batch that is wider than those before opens a further part; close() joins the parts. Wholly blank rows are
    left out, blank columns at the right end too. Use as a context manager: what is not closed well is removed.

    n_rows, n_cols   what is in the file after close()
    cut_columns      cells beyond MAX_COLUMNS were left out
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.n_rows = 0
        self.n_cols = 0
        self.cut_columns = False
        self._parts: list[tuple[Path, int]] = []
        self._sink: pa.NativeFile | None = None
        self._file: pa.RecordBatchWriter | None = None
        self._pending: list[Row] = []
        self._pending_rows: list[int] = []
        self._pending_width = 0

    def __enter__(self) -> SheetWriter:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        if kind is not None:
            self.discard()

    def add_row(self, row_number: int, row: Row) -> None:
        """One row, for readers that meet rows singly; row_number counts from 1."""
        self._pending.append(row)
        self._pending_rows.append(row_number)
        self._pending_width = max(self._pending_width, min(len(row), MAX_COLUMNS))
        if len(self._pending) >= rows_per_batch(self._pending_width):
            self.flush()

    def flush(self) -> None:
        """Writes the rows that wait."""
        if self._pending:
            self.add_rows(self._pending_rows, self._pending)
            self._pending, self._pending_rows, self._pending_width = [], [], 0

    def add_rows(self, row_numbers: Sequence[int], rows: Sequence[Row], first_column: int = 0) -> None:
        """A batch of rows, which may differ in length.

        first_column   how many blank columns stand before each row's first cell
        """
        self.add_columns(row_numbers, list(zip_longest(*rows)), first_column)

    def add_columns(self, row_numbers: Sequence[int], columns: Sequence[Sequence[object]], first_column: int) -> None:
        """A batch by columns, all of the length of row_numbers."""
        room = max(MAX_COLUMNS - first_column, 0)
        if len(columns) > room:
            self.cut_columns = self.cut_columns or any(any(map(_filled, column)) for column in columns[room:])
            columns = columns[:room]
        empty = _empty_column(len(row_numbers))
        arrays = [empty] * first_column + [column_arrays(column) for column in columns]
        self.add_arrays(pa.array(row_numbers, pa.int32()), arrays)

    def add_text_batch(self, row_numbers: Sequence[int], batch: pa.RecordBatch) -> None:
        """A batch whose columns are strings, at most MAX_COLUMNS of them."""
        arrays = [text_column_arrays(column) for column in batch.columns]
        self.add_arrays(pa.array(row_numbers, pa.int32()), arrays)

    def add_arrays(self, row_numbers: pa.Array, arrays: list[tuple[pa.Array, pa.Array]]) -> None:
        """A batch by columns, at most MAX_COLUMNS, each as column_arrays gives it; row_numbers are int32."""
        while arrays and arrays[-1][0].null_count == len(row_numbers):
            arrays.pop()
        if arrays:
            self._write(row_numbers, arrays)

    def _write(self, row_numbers: pa.Array, arrays: list[tuple[pa.Array, pa.Array]]) -> None:
        width = self._open(len(arrays))
        arrays += [_empty_column(len(row_numbers))] * (width - len(arrays))
        flat = [array for pair in arrays for array in pair]
        batch = pa.RecordBatch.from_arrays([row_numbers, *flat], schema=sheet_schema(width))
        if all(text.null_count for text, _ in arrays):
            filled = functools.reduce(pc.or_, (pc.is_valid(text) for text, _ in arrays))
            batch = batch.filter(filled)
        self.n_rows += batch.num_rows
        if self._file is None:
            raise AssertionError("_open was called above")
        self._file.write_batch(batch)

    def _open(self, width: int) -> int:
        """Makes sure that a part of at least this width is open; the width of the open part."""
        if self._parts and self._parts[-1][1] >= width:
            return self._parts[-1][1]
        self._end_part()
        path = self.path.with_name(f"{self.path.name}.part{len(self._parts)}")
        self._parts.append((path, width))
        self._sink = pa.OSFile(str(path), "wb")
        self._file = pa.ipc.new_file(self._sink, sheet_schema(width))
        return width

    def _end_part(self) -> None:
        file, sink, self._file, self._sink = self._file, self._sink, None, None
        if file is not None and sink is not None:
            try:
                file.close()
            finally:
                sink.close()

    def close(self) -> None:
        """Ends the file; a second call does nothing. A sheet without a filled cell leaves no file, n_rows is 0."""
        self.flush()
        self._end_part()
        if not self._parts:
            return
        self.n_cols = self._parts[-1][1]
        if len(self._parts) == 1:
            self._parts[0][0].replace(self.path)
        else:
            self._join()
            for path, _ in self._parts:
                path.unlink(missing_ok=True)
        self._parts = []

    def _join(self) -> None:
        schema = sheet_schema(self.n_cols)
        with pa.OSFile(str(self.path), "wb") as sink, pa.ipc.new_file(sink, schema) as file:
            for path, width in self._parts:
                with pa.OSFile(str(path)) as source:  # a mapped file could not be removed on Windows
                    part = pa.ipc.open_file(source)
                    for index in range(part.num_record_batches):
                        file.write_batch(_widened(part.get_batch(index), width, schema))

    def discard(self) -> None:
        """Removes whatever was written."""
        file, sink, self._file, self._sink = self._file, self._sink, None, None
        for open_thing in (file, sink):
            if open_thing is not None:
                try:
                    open_thing.close()
                except OSError:  # a full disk refuses the footer too; the file goes anyway
                    continue
        for path in (self.path, *(path for path, _ in self._parts)):
            path.unlink(missing_ok=True)


def _filled(cell: object) -> bool:
    return cell is not None and cell != ""


def _empty_column(count: int) -> tuple[pa.Array, pa.Array]:
    return pa.nulls(count, pa.string()), pa.repeat(pa.scalar(0, pa.int8()), count)


def _widened(batch: pa.RecordBatch, width: int, schema: pa.Schema) -> pa.RecordBatch:
    arrays = list(batch.columns)
    for _ in range((len(schema) - 1) // 2 - width):
        arrays += _empty_column(batch.num_rows)
    return pa.RecordBatch.from_arrays(arrays, schema=schema)
