# ruff: noqa: E501 - one sheet a line
"""Recognition: what must hold for any sheet."""

from __future__ import annotations

import random
import tempfile
from itertools import pairwise
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.engine.recognise.held_out import CASES, Case
from tests.engine.recognise.sheets import Cell, sheet, table

from mingcha.datasets import load_catalogue
from mingcha.intake.model import SheetPlan
from mingcha.intake.recognise import build_context, fingerprint, plan_sheet, unfold_forms
from mingcha.intake.recognise.assign import assign
from mingcha.intake.recognise.headers import normal_header
from mingcha.intake.recognise.titles import Source, month_of
from mingcha.values.divisions import load_divisions

FOLDER = Path(tempfile.mkdtemp(prefix="mingcha-recognise-"))
CONTEXT = build_context(FOLDER, {})
CATALOGUE = load_catalogue()
WORDS = sorted(
    {word for dataset in CATALOGUE.datasets.values() for field in dataset.fields.values() for word in (field.header, *field.aliases)}
)  # fmt: skip
FEW = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])

cells = st.one_of(
    st.none(),
    st.sampled_from(WORDS),
    st.text(alphabet="张王李一二0123456789X.-/年月日 元□☑√：（）", max_size=20),
    st.integers(-(10**18), 10**18),
    st.floats(allow_nan=False, allow_infinity=False, width=32),
    st.dates(),
)
grids = st.lists(st.lists(cells, max_size=9), max_size=14)


def _plans(rows: list[list[Cell]], **kwargs: str) -> list[SheetPlan]:
    raw = sheet(FOLDER, rows, **kwargs)
    try:
        return plan_sheet(unfold_forms(raw, CONTEXT), CONTEXT)
    finally:
        raw.data.unlink()


def _without_twins(header: str) -> bool:
    """Whether no header stands twice: only then the order of columns cannot matter."""
    texts = [normal_header(text).text for text in header.split("|")]
    return len(texts) == len(set(texts))


UNIQUE = [case for case in CASES if _without_twins(case.header)]


@FEW
@given(grids, st.text(max_size=12), st.text(alphabet="低保发放6月2023年镇县/.xls", min_size=1, max_size=12))
def test_any_grid_gives_sound_plans(rows: list[list[Cell]], name: str, file: str) -> None:
    plans = _plans(rows, name=name, file=file)
    assert plans
    for plan in plans:
        fields = [column.field for column in plan.columns]
        indexes = [column.index for column in plan.columns] + [column.index for column in plan.unpivot]
        assert len(fields) == len(set(fields))
        assert len(indexes) == len(set(indexes))
        assert 0 <= plan.confidence <= 1
        if plan.dataset is None:
            assert not plan.columns
            assert plan.notes
        else:
            known = CATALOGUE.datasets[plan.dataset].fields
            assert set(fields) | set(plan.constants) <= set(known)
    spans = [(plan.first_row, plan.last_row) for plan in plans if plan.first_row <= plan.last_row]
    assert all(one[1] < other[0] for one, other in pairwise(spans))


@FEW
@given(st.sampled_from(UNIQUE), st.randoms(use_true_random=False))
def test_order_of_columns_does_not_matter(case: Case, rng: random.Random) -> None:
    rows = table(case.header, case.row)
    order = list(range(len(rows[0])))
    rng.shuffle(order)
    titles: list[list[Cell]] = [[title] for title in case.titles]
    (plan,) = _plans(titles + rows, file=case.file, name=case.sheet)
    (other,) = _plans(titles + [[row[i] for i in order] for row in rows], file=case.file, name=case.sheet)
    assert other.dataset == plan.dataset
    assert {column.header: column.field for column in other.columns} == {c.header: c.field for c in plan.columns}
    assert other.fingerprint == plan.fingerprint


@FEW
@given(st.sampled_from(CASES), st.randoms(use_true_random=False))
def test_padding_does_not_matter(case: Case, rng: random.Random) -> None:
    rows = table(case.header, case.row)
    padded = [_pad(str(text), rng) if text else text for text in rows[0]]
    titles: list[list[Cell]] = [[title] for title in case.titles]
    (plan,) = _plans(titles + rows, file=case.file, name=case.sheet)
    (other,) = _plans([*titles, padded, *rows[1:]], file=case.file, name=case.sheet)
    assert other.dataset == plan.dataset
    assert [(c.index, c.field) for c in other.columns] == [(c.index, c.field) for c in plan.columns]
    assert other.fingerprint == plan.fingerprint


def _pad(text: str, rng: random.Random) -> str:
    where = rng.randrange(len(text) + 1)
    blank = rng.choice(("　", " ", "\n", "  "))
    return rng.choice(("", "*", " ")) + text[:where] + blank + text[where:] + rng.choice(("", "：", "　"))


@given(st.text(max_size=40))
def test_normalising_twice_is_normalising_once(text: str) -> None:
    once = normal_header(text).text
    assert normal_header(once).text in {once, normal_header(normal_header(once).text).text}
    assert not any(char.isspace() for char in once)


@given(st.lists(st.text(max_size=8), max_size=6), st.randoms(use_true_random=False))
def test_fingerprint_knows_no_order(headers: list[str], rng: random.Random) -> None:
    shuffled = headers[:]
    rng.shuffle(shuffled)
    assert fingerprint(shuffled) == fingerprint(headers)


@given(
    st.integers(2000, 2039),
    st.integers(1, 12),
    st.sampled_from(["{}年{}月名册", "{}.{:02d}", "{}-{:02d}", "名册{}{:02d}", "{} 年 {} 月份"]),
)
def test_month_of_a_title(year: int, month: int, form: str) -> None:
    source = Source("title", form.format(year, month).replace(" ", ""), 1.0)
    assert month_of([source])[0] == f"{year}-{month:02d}"


@given(st.dictionaries(st.tuples(st.integers(0, 4), st.sampled_from("abcd")), st.floats(0.1, 1.0), max_size=14))
def test_assignment_is_the_best_there_is(scores: dict[tuple[int, str], float]) -> None:
    chosen = assign(scores)
    assert len(set(chosen.values())) == len(chosen)
    total = sum(scores[edge] for edge in chosen.items())
    assert abs(total - _best(scores, sorted({column for column, _ in scores}), frozenset())) < 1e-6


def _best(scores: dict[tuple[int, str], float], columns: list[int], used: frozenset[str]) -> float:
    if not columns:
        return 0.0
    column, *rest = columns
    options = [
        score + _best(scores, rest, used | {field})
        for (owner, field), score in scores.items()
        if owner == column and field not in used
    ]
    return max([_best(scores, rest, used), *options])


@given(st.text(max_size=20))
def test_places_never_raise_and_stay_what_they_are(text: str) -> None:
    divisions = load_divisions()
    town = divisions.find_township(text)
    assert town is None or town in divisions.townships
    village = divisions.find_village(text, town)
    assert village is None or village in divisions.villages
    county = divisions.find_county(text)
    assert county is None or county
    divisions.county_in(text)
