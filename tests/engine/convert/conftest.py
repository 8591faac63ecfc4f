"""Rows in, what the lake keeps out: sheets go through recognition, as every sheet does."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.engine.recognise.sheets import Cell, sheet

from mingcha.intake.convert import Converted, convert
from mingcha.intake.recognise import build_context, plan_sheet, unfold_forms
from mingcha.vault.pseudonyms import Pseudonymiser

KEYS = Pseudonymiser(b"k" * 32, b"p" * 32)


class Sealed:
    """Takes clear values in the vault's place: kind, key, value."""

    def __init__(self) -> None:
        self.rows: list[tuple[str, int, str]] = []

    def __call__(self, kind: str, keys: pa.Array, values: pa.Array) -> None:
        self.rows += zip([kind] * len(keys), keys.to_pylist(), values.to_pylist(), strict=True)


@dataclass(frozen=True)
class Taken:
    """What became of one table: kept rows of the lake, lines of rejected.csv, the counts, clear values to be sealed."""

    dataset: str | None
    rows: list[dict[str, Any]]
    lines: list[dict[str, Any]]
    done: Converted
    secrets: list[tuple[str, int, str]]

    @property
    def row(self) -> dict[str, Any]:
        assert len(self.rows) == 1, self.rows
        return self.rows[0]

    @property
    def counts(self) -> tuple[int, int, int, int]:
        return (self.done.read, self.done.accepted, self.done.doubtful, self.done.rejected)


Take = Callable[..., Taken]


@pytest.fixture
def take(tmp_path: Path) -> Take:
    """take(rows, file=…, name=…, merged=…) → what became of the sheet's first table."""
    context = build_context(tmp_path, {})

    def made(rows: Sequence[Sequence[Cell]], **more: Any) -> Taken:
        raw = unfold_forms(sheet(tmp_path, rows, **more), context)
        plan = plan_sheet(raw, context)[0]
        assert plan.dataset is not None, (plan.nearest, plan.unfit, plan.notes)
        out = tmp_path / "out.parquet"
        with duckdb.connect() as con:
            sealed = Sealed()
            done = convert(raw, plan, sheet_id=7, keys=KEYS, con=con, out=out, seal=sealed)
        assert done.read == done.accepted + done.doubtful + done.rejected
        kept = pq.read_table(out).to_pylist()
        assert len(kept) == done.accepted + done.doubtful
        lines = done.rejects.to_pylist()
        assert sum(line["outcome"] == "rejected" for line in lines) == done.rejected
        assert sum(line["outcome"] == "doubtful" for line in lines) == done.doubtful
        return Taken(plan.dataset, kept, lines, done, sealed.rows)

    return made
