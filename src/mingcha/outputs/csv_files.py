"""findings.csv and rejected.csv: UTF-8 with BOM and CRLF, as Excel opens them without asking."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa

from mingcha.findings.result import FINDING_COLUMNS, REJECTED_COLUMNS
from mingcha.outputs.safe import TRIGGERS, formula_safe

BATCH_ROWS = 50_000


def write_findings_csv(findings: pa.Table, path: Path) -> None:
    """One row a finding, columns as the contract orders them."""
    _write(findings, FINDING_COLUMNS, path)


def write_rejected_csv(rejected: pa.Table, path: Path) -> None:
    """One row a refused or doubtful row of a delivered sheet."""
    _write(rejected, REJECTED_COLUMNS, path)


def _write(table: pa.Table, columns: Sequence[str], path: Path) -> None:
    # a file name that is no valid text (rare, on Linux) is written with ? rather than not at all
    with path.open("w", encoding="utf-8-sig", errors="replace", newline="") as out:
        writer = csv.writer(out, lineterminator="\r\n")
        writer.writerow(columns)
        for batch in table.select(list(columns)).to_batches(max_chunksize=BATCH_ROWS):
            writer.writerows(_rows(batch))


def _rows(batch: pa.RecordBatch) -> Iterable[tuple[Any, ...]]:
    return zip(*(_cells(batch.column(index)) for index in range(batch.num_columns)), strict=True)


def _cells(column: pa.Array) -> list[str]:
    if _is_text(column.type):
        # most cells are text: they are written without a call of their own
        return [
            "" if text is None else formula_safe(text) if text[:1] in TRIGGERS else text for text in column.to_pylist()
        ]
    write = _cell_writer(column.type)
    return [write(value) for value in column.to_pylist()]


def _is_text(kind: pa.DataType) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))


def _cell_writer(kind: pa.DataType) -> Callable[[Any], str]:
    if pa.types.is_decimal(kind):
        return lambda value: "" if value is None else f"{value:.2f}"
    if pa.types.is_floating(kind):
        return lambda value: "" if value is None else _short(value)
    if pa.types.is_integer(kind):
        return lambda value: "" if value is None else str(value)
    return lambda value: "" if value is None else formula_safe(str(value))


def _short(number: float) -> str:
    """1, 0.85: no more decimals than there are."""
    return f"{Decimal(repr(number)).quantize(Decimal('0.0001')).normalize():f}"
