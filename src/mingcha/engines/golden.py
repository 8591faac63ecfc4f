"""Golden cases (示例) are run: a rule or view, the rows it is given, the rows it must find.

``<rule>.cases.yaml`` beside the rule: ``given`` (as_of, params, and for each dataset or view it reads a list of rows)
and ``cases``, each with a ``change`` laid over ``given``: a mapping changes the one row a table has, a list replaces
its rows, null removes them. ``through`` names kept views that are worked out from the rows given of others.

A word in a number column (``row_id: a1``) stands for a number of its own, the same within a case.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

import duckdb
import pyarrow as pa
import yaml

from mingcha.datasets import columns_of, load_catalogue
from mingcha.engines.base import Bounds, Engine
from mingcha.engines.duckdb import DuckDBEngine
from mingcha.errors import MingchaError, Place, RuleError
from mingcha.parameters import load_parameters
from mingcha.rules import ASKED_TABLES, Rule, Rulebook, View
from mingcha.rules.cases import CASES_ENDING, cases_path
from mingcha.values.yamls import load_with_lines, load_yaml

_SPECIAL = {"as_of", "params"}
_FIRST_LABEL = 1_000_000_000
#: A view is made under this name when only its types are asked: other cases define it under its own.
_PROBE = "probe_of_types"
_ANY_DAY = date(2023, 6, 22)
#: What the cases of a county's own rules may take: they are a few rows.
_OWN_BOUNDS = Bounds(memory=512 << 20, seconds=10.0)
#: So many rows are told where a case finds others than it should.
_TOLD = 5


class CaseError(RuleError):
    """A golden case cannot be read, or finds something else than it says."""

    code = "rule.case"


@dataclass(frozen=True)
class Case:
    """One case of a rule or view.

    number  its place in the file, from 0
    given   table → rows; ``as_of`` and ``params`` beside them
    finds   the columns named of each row that must be found, no other row may be
    """

    item: View
    number: int
    name: str
    given: Mapping[str, Any]
    finds: tuple[Mapping[str, Any], ...]

    def __str__(self) -> str:
        return f"{self.item.id}-{self.name}"

    def fault(self, cause: str, remedy: str = "") -> CaseError:
        """An error about this case, with the line on which it begins."""
        return _fault(self.item, f"示例“{self.name}”{cause}", remedy, ("cases", self.number))


class Labels:
    """Words that stand for numbers."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    def number(self, word: str) -> int:
        """The number of a word."""
        return self._numbers.setdefault(word, _FIRST_LABEL + len(self._numbers))

    def cell(self, value: Any, kind: str) -> Any:
        """A YAML value as the column's type. Raises ValueError where it cannot be one."""
        if kind.endswith("[]") and value is not None:
            return [self.cell(each, kind.removesuffix("[]")) for each in value]
        if isinstance(value, str) and kind == "BIGINT":
            return self.number(value)
        if isinstance(value, str) and kind in {"DATE", "TIMESTAMP"}:
            return (date if kind == "DATE" else datetime).fromisoformat(value)
        if kind == "VARCHAR" and value is not None:
            if isinstance(value, bool):
                raise ValueError(value)
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

    def shown(self, row: Mapping[str, Any]) -> str:
        """A row's columns that hold something, as its author would write them."""
        return "{" + ", ".join(f"{name}: {self._word(each)}" for name, each in row.items() if each is not None) + "}"

    def _word(self, value: Any) -> str:
        if isinstance(value, list):
            return "[" + ", ".join(map(self._word, value)) + "]"
        if isinstance(value, Decimal):
            words = (word for word, number in self._numbers.items() if number == value)
            return next(words, f"{value:f}")
        return str(value)


class GoldenCases:
    """Reads and runs golden cases.

    views   by id: those that a case's rows are given for, or that ``through`` works out from the rows of others
    """

    def __init__(self, views: Mapping[str, View]) -> None:
        self._views = views
        self._raw: dict[Path, dict[str, Any]] = {}
        self._woven: dict[View, tuple[View, ...]] = {}
        self._types: dict[str, dict[str, str]] = {}
        self._probe = DuckDBEngine(duckdb.connect(config={"threads": 1}))
        # engine → table → its cells. Cases of a rule differ in a table or two: the others stand as they are
        self._held: WeakKeyDictionary[Engine, dict[str, dict[str, list[Any]]]] = WeakKeyDictionary()

    def cases_of(self, item: View) -> list[Case]:
        """The cases beside a rule or view; [] where it has no file. Raises CaseError."""
        if not cases_path(item).exists():
            return []
        raw = self._read(item)
        return [self._case(item, number, raw["given"], each) for number, each in enumerate(raw["cases"])]

    def params_named(self, item: View) -> set[str]:
        """Parameters that some case names."""
        if not cases_path(item).exists():
            return set()
        raw = self._read(item)
        changes = [raw["given"], *(case.get("change") or {} for case in raw["cases"])]
        return {name for change in changes for name in change.get("params") or {}}

    def woven(self, item: View) -> tuple[View, ...]:
        """Views worked out from a case's rows, each after those it reads itself."""
        if item not in self._woven:
            through = frozenset(self._read(item).get("through") or ()) if cases_path(item).exists() else frozenset()
            self._woven[item] = tuple(self._weave_of(item, through))
        return self._woven[item]

    def _weave_of(self, item: View, through: Collection[str]) -> list[View]:
        found: list[View] = []
        for name in item.reads:
            if name in through and name in self._views:
                view = self._views[name]
                found += [each for each in (*self._weave_of(view, through), view) if each not in found]
        return found

    def tables_of(self, item: View) -> frozenset[str]:
        """What a case gives rows for: what the item reads, and what the views woven into it read."""
        within = self.woven(item)
        names = {name for each in (item, *within) for name in each.reads}
        return frozenset(names - {view.id for view in within})

    def types_of(self, name: str) -> dict[str, str]:
        """Column → DuckDB type of a dataset or view."""
        if name not in self._types:
            dataset = load_catalogue().datasets.get(name)
            if dataset is not None:
                types = {column.name: column.type for column in columns_of(dataset)}
            else:
                types = dict(ASKED_TABLES[name]) if name in ASKED_TABLES else self._types_of_view(self._views[name])
            self._types[name] = types
        return self._types[name]

    def _types_of_view(self, view: View) -> dict[str, str]:
        """As the view itself makes them from empty datasets."""
        types = {other: self.types_of(other) for other in sorted(self.tables_of(view))}
        for other, columns in types.items():
            self._probe.add_rows(other, columns, pa.table({}))
        day = {"as_of": _ANY_DAY, "as_of_month": f"{_ANY_DAY:%Y-%m}"}
        self._weave(view, self._probe, day)
        self._probe.materialise(replace(view, id=_PROBE), dict.fromkeys(view.params) | day)
        return self._probe.column_types(_PROBE)

    def woven_values(self, item: View, values: Mapping[str, Any]) -> list[tuple[View, dict[str, Any]]]:
        """The views woven into an item, each with its parameters: those the case does not name are the packs'."""
        params = load_parameters(values["as_of"], [])
        built_in = {"as_of": values["as_of"], "as_of_month": values["as_of_month"]}
        return [
            (view, {use.local: values.get(use.local, params.get(use.key)) for use in view.params.values()} | built_in)
            for view in self.woven(item)
        ]

    def _weave(self, item: View, engine: Engine, values: Mapping[str, Any]) -> None:
        for view, own in self.woven_values(item, values):
            self._held.get(engine, {}).pop(view.id, None)
            make = engine.materialise if view.kept else engine.define
            make(view, own)

    def lay_out(self, case: Case, engine: Engine) -> tuple[dict[str, Any], Labels]:
        """Gives an engine a case's rows; returns the parameters and what the case's words stand for."""
        labels = Labels()
        for name in sorted(self.tables_of(case.item)):
            self._fill(case, engine, name, labels)
        values = _values(case)
        self._weave(case.item, engine, values)
        return values, labels

    def run(self, case: Case, engine: Engine) -> list[dict[str, Any]]:
        """What a rule or view finds in a case's rows. Raises CaseError where the case says otherwise."""
        values, labels = self.lay_out(case, engine)
        found: list[dict[str, Any]] = engine.run(case.item, values).to_pylist()
        check(case, found, labels)
        return found

    def _read(self, item: View) -> dict[str, Any]:
        path = cases_path(item)
        if path not in self._raw:
            self._raw[path] = _readable(item)
        return self._raw[path]

    def _case(self, item: View, number: int, given: Mapping[str, Any], raw: Any) -> Case:
        if not isinstance(raw, Mapping) or "name" not in raw or not isinstance(raw.get("finds"), list):
            cause = f"第{number + 1}个示例没有写全。"
            raise _fault(
                item, cause, "请写 name（说什么情形）和 finds（应查出的行，不应查出写 []）。", ("cases", number)
            )
        case = Case(item, number, str(raw["name"]), {}, tuple(raw["finds"]))
        change = raw.get("change") or {}
        if not (isinstance(change, Mapping) and _are_rows(raw["finds"])):
            raise case.fault("写法不对。", "change 写表名和要改的列，finds 写一行一行的列。")
        merged = self._merged(case, given, change)
        for table, rows in merged.items():
            if table not in _SPECIAL and rows is not None and not _are_rows(rows):
                raise case.fault(f"：{table} 不是一行一行的列。", "请写成 [{列: 值}, {列: 值}]。")
        return replace(case, given=merged)

    def _merged(self, case: Case, given: Mapping[str, Any], change: Mapping[str, Any]) -> dict[str, Any]:
        """``given`` with a case's change laid over it."""
        tables = self.tables_of(case.item)
        if strange := (set(given) | set(change)) - tables - _SPECIAL:
            cause = f"给了 {case.item.id} 不读的表：{'、'.join(sorted(map(str, strange)))}。"
            raise case.fault(cause, f"它读 {'、'.join(sorted(tables))}。")
        result = dict(given)
        for table, value in change.items():
            if isinstance(value, Mapping) and table == "params":
                result[table] = {**(given.get(table) or {}), **value}
            elif isinstance(value, Mapping):
                rows = given.get(table) or []
                if not _are_rows(rows) or len(rows) != 1:
                    raise case.fault(f"要改 {table} 的一行，而 given 里不是恰好一行。", "请在 change 里给出整张表。")
                result[table] = [{**rows[0], **value}]
            else:
                result[table] = value
        return result

    def _fill(self, case: Case, engine: Engine, name: str, labels: Labels) -> None:
        types, rows = self.types_of(name), case.given.get(name) or []
        if strange := {column for row in rows for column in row} - set(types):
            raise case.fault(f"：{name} 没有这些列：{'、'.join(sorted(map(str, strange)))}。")
        columns = {name: _cells(case, labels, rows, name, kind) for name, kind in types.items()}
        if "row_id" in types:
            columns["row_id"] = [
                labels.number(f"{name}#{i}") if row_id is None else row_id for i, row_id in enumerate(columns["row_id"])
            ]
        held = self._held.setdefault(engine, {})
        if held.get(name) == columns:
            return
        filled = {column: values for column, values in columns.items() if any(value is not None for value in values)}
        try:
            engine.add_rows(name, types, pa.table(filled) if rows else pa.table({}))
        except (pa.ArrowException, duckdb.Error) as error:
            raise case.fault(
                f"：给 {name} 的行与它的列类型不符。", "号码、金额写数字，日期写成 2023-06-30。"
            ) from error
        held[name] = columns

    def close(self) -> None:
        """Gives back the engine that tells types."""
        self._probe.close()


def _are_rows(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(row, Mapping) for row in value)


def _cells(case: Case, labels: Labels, rows: Sequence[Mapping[str, Any]], column: str, kind: str) -> list[Any]:
    try:
        return [labels.cell(row.get(column), kind) for row in rows]
    except (ValueError, TypeError, InvalidOperation) as error:
        raise case.fault(f"：{column} 的值不是 {kind}。", "文字列的值请加引号，日期写成 2023-06-30。") from error


def _values(case: Case) -> dict[str, Any]:
    """The parameters of a case; one that it leaves out is not set."""
    params, declared = case.given.get("params") or {}, case.item.params
    if not isinstance(params, Mapping):
        raise case.fault("的 params 写法不对。", "请写成 {参数: 值}。")
    if strange := set(params) - set(declared):
        raise case.fault(f"：{case.item.id} 没有这些参数：{'、'.join(sorted(strange))}。")
    if unset := {use.local for use in declared.values() if not use.optional} - set(params):
        raise case.fault(f"没有给出必需的参数：{'、'.join(sorted(unset))}。", "请写在 given 的 params 里。")
    as_of = case.given.get("as_of")
    if not isinstance(as_of, date):
        raise case.fault("没有写比对日。", "请在 given 里写 as_of: 2023-06-30。")
    values = dict.fromkeys(declared) | {
        local: Decimal(str(value)) if isinstance(value, float) else value for local, value in params.items()
    }
    return values | {"as_of": as_of, "as_of_month": f"{as_of:%Y-%m}"}


def check(case: Case, found: Sequence[Mapping[str, Any]], labels: Labels) -> None:
    """Compares found rows with what a case expects. Raises CaseError."""
    actual = [{column: labels.comparable(value) for column, value in row.items()} for row in found]
    rest = list(actual)
    for expected in case.finds:
        if strange := set(expected) - set(case.item.columns):
            raise case.fault(f"：{case.item.id} 没有这些列：{'、'.join(sorted(map(str, strange)))}。")
        wanted = {column: labels.comparable(value) for column, value in expected.items()}
        match = next((row for row in rest if all(row[column] == value for column, value in wanted.items())), None)
        if match is None:
            nulls = "".join(f"，{name} 为空" for name, value in wanted.items() if value is None)
            raise case.fault(f"应查出的没有查出：{labels.shown(wanted)}{nulls}。实际查出{_told(actual, labels)}")
        rest.remove(match)
    if rest:
        raise case.fault(f"不应查出的查出了{_told(rest, labels)}")


def _told(rows: Sequence[Mapping[str, Any]], labels: Labels) -> str:
    shown = "；".join(labels.shown(row) for row in rows[:_TOLD])
    return f" {len(rows)} 条{'：' if rows else ''}{shown}{'……' if len(rows) > _TOLD else '。'}"


def _readable(item: View) -> dict[str, Any]:
    """What a file of cases says, its frame checked."""
    path = cases_path(item)
    try:
        raw = load_yaml(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError) as error:
        raise CaseError("示例文件读不出来，须为 UTF-8 文本。", place=Place(path.name)) from error
    except (yaml.YAMLError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        place = Place(path.name, row=mark.line + 1 if mark else None)
        raise CaseError("示例文件不是正确的 YAML。", remedy="请检查缩进、冒号和引号。", place=place) from error
    good = isinstance(raw, dict) and isinstance(raw.get("given"), dict) and isinstance(raw.get("cases"), list)
    if not good:
        remedy = "请写 given（给出的行）和 cases（各个示例）两部分。"
        raise CaseError("示例文件没有写全。", remedy=remedy, place=Place(path.name))
    whole: dict[str, Any] = raw
    return whole


def _fault(item: View, cause: str, remedy: str, steps: tuple[object, ...]) -> CaseError:
    path = cases_path(item)
    try:
        line = load_with_lines(path.read_text(encoding="utf-8-sig"))[1].of(steps)
    except (OSError, UnicodeDecodeError, yaml.YAMLError):
        line = None
    return CaseError(cause, remedy=remedy, place=Place(path.name, row=line))


@dataclass(frozen=True)
class Rehearsed:
    """What running the golden cases of a county's own rules gave.

    cases   how many were run
    errors  of those that failed or could not be read, with file and line
    """

    cases: int
    errors: tuple[MingchaError, ...]


def rehearse(rulebook: Rulebook) -> Rehearsed:
    """Runs the golden cases that lie beside a county's own rules and views, on an engine that reaches no file."""
    own = [item for item in (*rulebook.views.values(), *rulebook.rules.values()) if item.own]
    errors: list[MingchaError] = []
    count = 0
    with duckdb.connect(config={"threads": 1}) as con:
        engine = DuckDBEngine(con, _OWN_BOUNDS)
        engine.confine([], has_own=True)
        with closing(GoldenCases(rulebook.views)) as golden, closing(engine):
            for item in own:
                try:
                    cases = golden.cases_of(item)
                except CaseError as error:
                    errors.append(error)
                    continue
                count += len(cases)
                errors += _failed(golden, cases, engine)
    return Rehearsed(count, (*errors, *_strays(own)))


def _failed(golden: GoldenCases, cases: Iterable[Case], engine: Engine) -> list[MingchaError]:
    """What went wrong with the cases of one rule; a rule that fails by itself is named once."""
    errors: list[MingchaError] = []
    for case in cases:
        try:
            golden.run(case, engine)
        except CaseError as error:
            errors.append(error)
        except MingchaError as error:
            return [*errors, case.fault(f"运行不了：{error.cause}", error.remedy)]
    return errors


def _strays(own: Sequence[View]) -> list[CaseError]:
    """Files of cases beside which no rule has their name: nobody would ever run them."""
    known = {cases_path(item).resolve() for item in own}
    folders = {item.path.parent for item in own if isinstance(item, Rule) or item.path.parent.name == "views"}
    return [
        CaseError(
            "旁边没有同名的规则。", remedy="示例文件与规则同名，只是结尾换成 .cases.yaml。", place=Place(path.name)
        )
        for path in sorted(path for folder in folders for path in folder.glob(f"*{CASES_ENDING}"))
        if path.resolve() not in known
    ]
