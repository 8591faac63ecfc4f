"""One context for all tests of recognition: the lexicon is built once a process anyway."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from tests.engine.recognise.sheets import Cell, sheet

from mingcha.intake.model import SheetPlan
from mingcha.intake.recognise import Context, build_context, plan_sheet

Plans = Callable[..., list[SheetPlan]]


@pytest.fixture
def context(tmp_path: Path) -> Context:
    return build_context(tmp_path, {})


@pytest.fixture
def plans(tmp_path: Path, context: Context) -> Plans:
    """plans(rows, file=…, name=…, merged=…) → the plans of such a sheet."""

    def make(rows: Sequence[Sequence[Cell]], **kwargs: object) -> list[SheetPlan]:
        return plan_sheet(sheet(tmp_path, rows, **kwargs), context)  # type: ignore[arg-type]

    return make


def fields_of(plan: SheetPlan) -> dict[int, str]:
    """column index → field."""
    return {column.index: column.field for column in plan.columns}
