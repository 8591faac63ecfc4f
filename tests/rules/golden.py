"""Golden cases: a rule or view, the rows it is given, the rows it must find.

``<rule>.cases.yaml`` beside the rule: ``given`` (as_of, params, and for each dataset or view it reads a list of rows)
and ``cases``, each with a ``change`` laid over ``given``: a mapping changes the one row a table has, a list replaces
its rows, null removes them. ``through`` names kept views that are worked out from the rows given of others.

A word in a number column (``row_id: a1``) stands for a number of its own, the same within a case.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

import duckdb
import pyarrow as pa

from mingcha.datasets import columns_of, load_catalogue
from mingcha.engines.base import Engine
from mingcha.engines.duckdb import DuckDBEngine
from mingcha.parameters import load_parameters
from mingcha.rules import ASKED_TABLES, Rule, View, packaged_folder, read_rule, read_view
from mingcha.values.yamls import load_yaml

_SPECIAL = {"as_of", "params"}
_FIRST_LABEL = 1_000_000_000
#: A view is made under this name when only its types are asked: other cases define it under its own.
_PROBE = "probe_of_types"


@dataclass(frozen=True)
class Case:
    """One case of a rule or view."""

    item: View
    name: str
    given: Mapping[str, Any]
    finds: tuple[Mapping[str, Any], ...]

    def __str__(self) -> str:
        return f"{self.item.id}-{self.name}"


def items() -> list[View]:
    """Every rule and view of the packaged rulebook."""
    paths = sorted(packaged_folder().rglob("*.sql"))
    return [_read(path) for path in paths]


@cache
def _read(path: Path) -> View:
    return read_view(path) if path.parent.name == "views" else read_rule(path)


def cases_path(item: View) -> Path:
    return item.path.with_name(f"{item.path.stem}.cases.yaml")


def cases_of(item: View) -> list[Case]:
    """The cases beside a rule or view; [] where it has no file."""
    path = cases_path(item)
    if not path.exists():
        return []
    raw = _raw(path)
    return [
        Case(item, str(case["name"]), merged(item, raw["given"], case.get("change") or {}), tuple(case["finds"]))
        for case in raw["cases"]
    ]


@cache
def woven(item: View) -> tuple[View, ...]:
    """Views worked out from a case's rows, each after those it reads itself."""
    return tuple(_woven(item, _through(item)))


def _woven(item: View, through: Collection[str]) -> list[View]:
    found: list[View] = []
    for name in item.reads:
        path = packaged_folder() / "views" / f"{name}.sql"
        if name in through:
            view = _read(path)
            found += [each for each in (*_woven(view, through), view) if each not in found]
    return found


@cache
def _raw(path: Path) -> dict[str, Any]:
    raw: dict[str, Any] = load_yaml(path.read_text(encoding="utf-8"))
    return raw


def _through(item: View) -> frozenset[str]:
    path = cases_path(item)
    return frozenset(_raw(path).get("through") or ()) if path.exists() else frozenset()


@cache
def tables_of(item: View) -> frozenset[str]:
    """What a case gives rows for: what the item reads, and what the views woven into it read."""
    within = woven(item)
    names = {name for each in (item, *within) for name in each.reads}
    return frozenset(names - {view.id for view in within})


def merged(item: View, given: Mapping[str, Any], change: Mapping[str, Any]) -> dict[str, Any]:
    """``given`` with a case's change laid over it."""
    result = dict(given)
    strange = (set(given) | set(change)) - tables_of(item) - _SPECIAL
    assert not strange, f"{item.id} 不读这些表：{strange}"
    for table, value in change.items():
        if table == "params":
            result[table] = {**(given.get(table) or {}), **value}
        elif isinstance(value, Mapping):
            rows = given.get(table) or []
            assert len(rows) == 1, f"{item.id}：{table} 不是恰好一行，change 请给出整张表"
            result[table] = [{**rows[0], **value}]
        else:
            result[table] = value
    return result


def view_types(name: str) -> dict[str, str]:
    """Types of a view's columns, as the view itself makes them from empty datasets."""
    path = packaged_folder() / "views" / f"{name}.sql"
    if not path.exists():
        return promised_types(name)
    view = _read(path)
    types = {other: types_of(other) for other in sorted(tables_of(view))}
    engine = _asked_for_types()
    for other, columns in types.items():
        engine.add_rows(other, columns, pa.table({}))
    _weave(view, engine, {"as_of": date(2023, 6, 22), "as_of_month": "2023-06"})
    engine.materialise(replace(view, id=_PROBE), _unset(view) | {"as_of": date(2023, 6, 22), "as_of_month": "2023-06"})
    return engine.column_types(_PROBE)


@cache
def _asked_for_types() -> DuckDBEngine:
    """An engine beside those under test: what it is asked leaves their tables alone."""
    return DuckDBEngine(duckdb.connect(config={"threads": 1}))


def _unset(view: View) -> dict[str, Any]:
    return dict.fromkeys(view.params)


def _weave(item: View, engine: Engine, values: Mapping[str, Any]) -> None:
    """Defines the views woven into an item; parameters the case does not name are those of the packs."""
    for view, own in woven_values(item, values):
        _HELD.get(engine, {}).pop(view.id, None)
        make = engine.materialise if view.kept else engine.define
        make(view, own)


def woven_values(item: View, values: Mapping[str, Any]) -> list[tuple[View, dict[str, Any]]]:
    """The views woven into an item, each with its parameters."""
    params = load_parameters(values["as_of"], [])
    built_in = {"as_of": values["as_of"], "as_of_month": values["as_of_month"]}
    return [
        (view, {use.local: values.get(use.local, params.get(use.key)) for use in view.params.values()} | built_in)
        for view in woven(item)
    ]


def promised_types(name: str) -> dict[str, str]:
    """Types of a view not written yet, from the column names docs/architecture.md promises."""
    text = (Path(__file__).parents[2] / "docs" / "architecture.md").read_text(encoding="utf-8")
    row = next((line for line in text.splitlines() if line.startswith(f"| `{name}` |")), None)
    assert row is not None, f"没有视图 {name}"
    listed = row.split("|")[3]
    if "the columns of `roll`" in listed:
        return promised_types("roll") | {"is_active": "BOOLEAN"}
    names = re.findall(r"\b[a-z]+(?:_[a-z]+)*\b", re.sub(r"\([^)]*\)", "", listed).partition(": ")[0])
    return {column: _promised_type(column) for column in names}


def _promised_type(column: str) -> str:
    for pattern, kind in (
        (r".*_ids", "BIGINT[]"),
        (r"row_id|.*_row_id|.*_key", "BIGINT"),
        (r"(is|has)_.*|.*_is_valid|eligible|id_is_valid", "BOOLEAN"),
        (r".*_date|.*_on|since|until", "DATE"),
        (r".*amount", "DECIMAL(14,2)"),
        (r".*_count|.*_size|months|source_rank", "BIGINT"),
    ):
        if re.fullmatch(pattern, column):
            return kind
    return "VARCHAR"


@cache
def types_of(name: str) -> dict[str, str]:
    """Column → type of a dataset or view."""
    dataset = load_catalogue().datasets.get(name)
    if dataset is not None:
        return {column.name: column.type for column in columns_of(dataset)}
    return dict(ASKED_TABLES[name]) if name in ASKED_TABLES else view_types(name)


class Labels:
    """Words that stand for numbers."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    def number(self, word: str) -> int:
        return self._numbers.setdefault(word, _FIRST_LABEL + len(self._numbers))

    def cell(self, value: Any, kind: str) -> Any:
        """A YAML value as the column's type."""
        if kind.endswith("[]") and value is not None:
            return [self.cell(each, kind.removesuffix("[]")) for each in value]
        if isinstance(value, str) and kind == "BIGINT":
            return self.number(value)
        if isinstance(value, str) and kind in {"DATE", "TIMESTAMP"}:
            return (date if kind == "DATE" else datetime).fromisoformat(value)
        if kind == "VARCHAR" and value is not None:
            assert not isinstance(value, bool), f"文字列的值 {value} 须加引号"
            return str(value)
        if kind.startswith("DECIMAL") and value is not None:
            return Decimal(str(value))
        return value

    def comparable(self, value: Any) -> Any:
        """A found or expected value in a form in which the two compare."""
        if isinstance(value, list | tuple):
            # engines differ in what a list of nothing is
            return sorted((self.comparable(each) for each in value if each is not None), key=repr) or None
        if isinstance(value, bool) or value is None:
            return value
        if isinstance(value, int | float | Decimal):
            return Decimal(str(value)).normalize()
        if isinstance(value, datetime):
            return value.date() if value.time() == datetime.min.time() else value
        if isinstance(value, str) and value in self._numbers:
            return Decimal(self._numbers[value]).normalize()
        return value


#: Engine → table → the cells it was given. Cases of a rule differ in a table or two: the others stand as they are.
_HELD: WeakKeyDictionary[Engine, dict[str, dict[str, list[Any]]]] = WeakKeyDictionary()


def _fill(engine: Engine, name: str, rows: list[Mapping[str, Any]], labels: Labels) -> None:
    types = types_of(name)
    strange = {column for row in rows for column in row} - set(types)
    assert not strange, f"{name} 没有这些列：{strange}"
    columns = {column: [labels.cell(row.get(column), types[column]) for row in rows] for column in types}
    if "row_id" in types:
        given = columns["row_id"]
        columns["row_id"] = [
            labels.number(f"{name}#{i}") if row_id is None else row_id for i, row_id in enumerate(given)
        ]
    held = _HELD.setdefault(engine, {})
    if held.get(name) == columns:
        return
    filled = {column: values for column, values in columns.items() if any(value is not None for value in values)}
    engine.add_rows(name, types, pa.table(filled) if rows else pa.table({}))
    held[name] = columns


def run_case(case: Case, engine: Engine) -> list[dict[str, Any]]:
    """What the rule finds in a case's rows. Also compares it with what the case expects."""
    values, labels = lay_out(case, engine)
    found: list[dict[str, Any]] = engine.run(case.item, values).to_pylist()
    check(case, found, labels)
    return found


def lay_out(case: Case, engine: Engine) -> tuple[dict[str, Any], Labels]:
    """Gives an engine a case's rows; returns the parameters and what the case's words stand for."""
    labels = Labels()
    for name in sorted(tables_of(case.item)):
        _fill(engine, name, case.given.get(name) or [], labels)
    params = case.given.get("params") or {}
    strange = set(params) - set(case.item.params)
    assert not strange, f"{case.item.id} 没有这些参数：{strange}"
    unset = {use.local for use in case.item.params.values() if not use.optional} - set(params)
    assert not unset, f"{case} 未给出必需的参数：{unset}"
    as_of = case.given["as_of"]
    values = dict.fromkeys(case.item.params) | {
        local: Decimal(str(value)) if isinstance(value, float) else value for local, value in params.items()
    }
    values |= {"as_of": as_of, "as_of_month": f"{as_of:%Y-%m}"}
    _weave(case.item, engine, values)
    return values, labels


def check(case: Case, found: list[dict[str, Any]], labels: Labels) -> None:
    """Compares found rows with what a case expects."""
    actual = [{column: labels.comparable(value) for column, value in row.items()} for row in found]
    rest = list(actual)
    for expected in case.finds:
        assert set(expected) <= set(case.item.columns), f"{case}: 没有这些列 {set(expected) - set(case.item.columns)}"
        wanted = {column: labels.comparable(value) for column, value in expected.items()}
        match = next((row for row in rest if all(row[column] == value for column, value in wanted.items())), None)
        assert match is not None, f"{case}: 缺少 {wanted}\n得到 {actual}"
        rest.remove(match)
    assert not rest, f"{case}: 多出 {rest}"


def hits_and_misses(item: View) -> tuple[int, int]:
    """How many cases find something, and how many nothing."""
    cases = cases_of(item)
    return sum(bool(case.finds) for case in cases), sum(not case.finds for case in cases)


def params_named(item: View) -> set[str]:
    """Parameters that some case names."""
    path = cases_path(item)
    if not path.exists():
        return set()
    raw = _raw(path)
    named = set(raw["given"].get("params") or {})
    for case in raw["cases"]:
        named |= set((case.get("change") or {}).get("params") or {})
    return named


def is_rule(item: View) -> bool:
    return isinstance(item, Rule)
