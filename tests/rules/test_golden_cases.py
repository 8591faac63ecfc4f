"""Every rule and shared view gives what its golden cases say, on every engine.

On DuckDB each case is a test. On Spark the cases of a rule are asked together, since each query costs it dear
(``together.py``); a case that then fails is asked once more by itself.
"""

from __future__ import annotations

import duckdb
import pyarrow as pa
import pytest
from tests.rules.golden import GOLDEN, Case, cases_path, check, hits_and_misses, is_rule, items
from tests.rules.together import Together, on_duckdb
from tests.spark_session import needs_spark, on_spark, session

from mingcha.engines.base import Engine
from mingcha.engines.duckdb import DuckDBEngine
from mingcha.engines.golden import CaseError
from mingcha.engines.spark import SparkEngine
from mingcha.rules import View

ITEMS = items()
CASES = [case for item in ITEMS for case in GOLDEN.cases_of(item)]
WITH_CASES = [item for item in ITEMS if cases_path(item).exists()]


@pytest.fixture(scope="module")
def engine() -> Engine:
    return DuckDBEngine(duckdb.connect(config={"threads": 1}))


@pytest.mark.parametrize("case", CASES, ids=str)
def test_case_finds_what_it_should(case: Case, engine: Engine) -> None:
    GOLDEN.run(case, engine)


@needs_spark
@pytest.mark.parametrize("item", WITH_CASES, ids=lambda item: item.id)
def test_cases_find_what_they_should_on_spark(item: View, tmp_path_factory: pytest.TempPathFactory) -> None:
    cases = Together(GOLDEN.cases_of(item))
    failed = _failed(cases, on_spark(cases))
    if failed:
        assert _failed(cases, on_duckdb(cases)) == [], "together, cases are no longer kept apart"
        alone = SparkEngine(session().newSession(), tmp_path_factory.mktemp("spark"))
        for case in failed:
            GOLDEN.run(case, alone)
        pytest.fail(f"只在一起运行时不对：{'、'.join(str(case) for case in failed)}")


def _failed(cases: Together, rows: pa.Table) -> list[Case]:
    failed = []
    for case, found, labels in zip(cases.cases, cases.found(rows), cases.labels, strict=True):
        try:
            check(case, found, labels)
        except CaseError:
            failed.append(case)
    return failed


@pytest.mark.parametrize("item", ITEMS, ids=lambda item: item.id)
def test_every_rule_and_view_has_hits_and_misses(item: View) -> None:
    assert cases_path(item).exists(), f"缺少 {cases_path(item).name}"
    hits, misses = hits_and_misses(item)
    assert hits, f"{item.id} 没有命中的示例"
    assert misses or not is_rule(item), f"{item.id} 没有不命中的示例"
    names = [case.name for case in GOLDEN.cases_of(item)]
    assert len(set(names)) == len(names), f"{item.id} 的示例重名"


@pytest.mark.parametrize("item", [item for item in ITEMS if item.params], ids=lambda item: item.id)
def test_every_parameter_is_named_in_some_case(item: View) -> None:
    assert set(item.params) <= GOLDEN.params_named(item), (
        f"{item.id} 的示例没有用到 {set(item.params) - GOLDEN.params_named(item)}"
    )
