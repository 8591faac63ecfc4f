"""How often recognition is right, measured; the floors may rise, never fall."""

from __future__ import annotations

import random
import time
from pathlib import Path

import pytest
from tests.engine.recognise.conftest import fields_of
from tests.engine.recognise.held_out import CASES, Case
from tests.engine.recognise.sheets import Cell, sheet, table
from tests.engine.recognise.variants import compose

from mingcha.datasets import load_catalogue
from mingcha.intake.recognise import Context, plan_sheet

CATALOGUE = load_catalogue()
#: Pairs that only a title can tell apart: without one, asking is right.
TWINS = {
    "low_income_member",
    "dibao_member",
    "disclosure",
    "dibao_household",
    "temp_assistance",
    "low_income_household",
}


def _rows(case: Case) -> list[list[Cell]]:
    return [[title] for title in case.titles] + table(case.header, case.row)


def test_every_dataset_has_held_out_header_rows() -> None:
    assert {case.dataset for case in CASES} == set(CATALOGUE.datasets)
    assert len(CASES) >= 60


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.dataset}-{case.file}")
def test_office_header_row_is_recognised(case: Case, tmp_path: Path, context: Context) -> None:
    (plan,) = plan_sheet(sheet(tmp_path, _rows(case), file=case.file, name=case.sheet), context)
    assert plan.dataset == case.dataset, plan.nearest
    expected = {index: field for index, field in enumerate(case.fields) if field != "-"}
    assert fields_of(plan) == expected


@pytest.mark.parametrize("titled", [True, False], ids=["with title", "without title"])
def test_shuffled_and_padded_names_of_the_catalogue(titled: bool, tmp_path: Path, context: Context) -> None:
    rng = random.Random(20230622)
    asked, wrong, columns, right = [], [], 0, 0
    for dataset in CATALOGUE.datasets.values():
        for _ in range(3):
            variant = compose(dataset, CATALOGUE, rng)
            rows = ([[f"2023年6月{dataset.title_words[0]}"]] if titled else []) + variant.rows
            (plan,) = plan_sheet(sheet(tmp_path, rows), context)
            if plan.dataset is None:
                asked.append(dataset.id)
            elif plan.dataset != dataset.id:
                wrong.append((dataset.id, plan.dataset))
            else:
                found = fields_of(plan)
                columns += sum(bool(field) for field in variant.fields)
                right += sum(bool(field) and found.get(i) == field for i, field in enumerate(variant.fields))
    assert wrong == []
    assert set(asked) <= (set() if titled else TWINS)
    assert right >= 0.995 * columns


def test_a_sheet_takes_few_milliseconds(tmp_path: Path, context: Context) -> None:
    raws = [sheet(tmp_path, _rows(case), file=case.file, name=case.sheet) for case in CASES[:30]]
    for raw in raws:
        plan_sheet(raw, context)
    start = time.perf_counter()
    for raw in raws:
        plan_sheet(raw, context)
    # a tenth of a second a sheet would still be noise beside reading it; the bound is wide for slow machines
    assert (time.perf_counter() - start) / len(raws) < 0.1
