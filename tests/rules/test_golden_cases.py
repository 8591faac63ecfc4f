"""Every rule and shared view gives what its golden cases say, on every engine."""

from __future__ import annotations

from collections.abc import Callable

import duckdb
import pytest
from tests.rules.golden import Case, cases_of, cases_path, hits_and_misses, is_rule, items, params_named, run_case

from mingcha.engines.base import Engine
from mingcha.engines.duckdb import DuckDBEngine
from mingcha.rules import View

#: Name → how to make the engine; a further engine joins here.
ENGINES: dict[str, Callable[[], Engine]] = {"duckdb": lambda: DuckDBEngine(duckdb.connect(config={"threads": 1}))}

ITEMS = items()
CASES = [case for item in ITEMS for case in cases_of(item)]


@pytest.fixture(scope="module", params=ENGINES)
def engine(request: pytest.FixtureRequest) -> Engine:
    return ENGINES[request.param]()


@pytest.mark.parametrize("case", CASES, ids=str)
def test_case_finds_what_it_should(case: Case, engine: Engine) -> None:
    run_case(case, engine)


@pytest.mark.parametrize("item", ITEMS, ids=lambda item: item.id)
def test_every_rule_and_view_has_hits_and_misses(item: View) -> None:
    assert cases_path(item).exists(), f"缺少 {cases_path(item).name}"
    hits, misses = hits_and_misses(item)
    assert hits, f"{item.id} 没有命中的示例"
    assert misses or not is_rule(item), f"{item.id} 没有不命中的示例"
    names = [case.name for case in cases_of(item)]
    assert len(set(names)) == len(names), f"{item.id} 的示例重名"


@pytest.mark.parametrize("item", [item for item in ITEMS if item.params], ids=lambda item: item.id)
def test_every_parameter_is_named_in_some_case(item: View) -> None:
    assert set(item.params) <= params_named(item), f"{item.id} 的示例没有用到 {set(item.params) - params_named(item)}"
