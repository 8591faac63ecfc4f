"""Which columns a rule reads, taken from its SQL."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache

from sqlglot import exp
from sqlglot.errors import SqlglotError
from sqlglot.optimizer.pushdown_projections import pushdown_projections
from sqlglot.optimizer.qualify import qualify
from sqlglot.optimizer.scope import Scope, traverse_scope

from mingcha.errors import Place, RuleError
from mingcha.rules.header import line_of
from mingcha.rules.model import View
from mingcha.rules.sql import line_in, parse_select, said_by


def qualified(item: View, schema: Mapping[str, Collection[str]]) -> exp.Query:
    """The query with every column tied to its table. Raises RuleError where a column is nowhere or in two places."""
    query = parse_select(item.path, item.sql, item.first_line).copy()
    typed: dict[str, object] = {table: dict.fromkeys(columns, "VARCHAR") for table, columns in schema.items()}
    try:
        return qualify(query, schema=typed, dialect="duckdb", identify=False)
    except SqlglotError as error:
        name = _named_in(said_by(error))
        raise RuleError(
            f"列名有误：{f'没有 {name} 这一列' if name else said_by(error)}。",
            remedy="可用的列见 mingcha rules --json 和 docs/architecture.md。",
            place=Place(item.path.name, row=line_of(item.text, name) or line_in(error)),
        ) from error


def _named_in(said: str) -> str:
    """The column an error of the optimizer speaks of; '' where it names none."""
    found = re.search(r"(?:Unknown column: |Column '?)\"?(?:\w+\"?\.\"?)?(\w+)", said)
    return found[1] if found else ""


def columns_read(
    item: View, schema: Mapping[str, Collection[str]], outputs: Collection[str] | None = None
) -> dict[str, tuple[str, ...]]:
    """Dataset or view → the columns of it the SQL needs, sorted.

    outputs   the columns of the item's own that somebody asks for; None = all. What feeds none of them, no condition
              and no join is left out
    """
    whole = _qualified(item, _frozen(item, schema))
    query: exp.Expr = whole
    if outputs is not None and set(outputs) != set(item.columns):
        asked = [exp.column(name, table=_ASKED) for name in sorted(outputs)]
        query = pushdown_projections(exp.select(*asked).from_(whole.subquery(_ASKED)))
    found: dict[str, set[str]] = {name: set() for name in item.reads}
    for scope in traverse_scope(query):
        for column in scope.columns:
            source = _source(scope, column.table)
            if isinstance(source, exp.Table) and source.name in found:
                found[source.name].add(column.name)
    return {name: tuple(sorted(columns)) for name, columns in found.items()}


@lru_cache(maxsize=64)
def _qualified(item: View, schema: tuple[tuple[str, tuple[str, ...]], ...]) -> exp.Query:
    """Kept, to be copied and not changed: a view is asked for other columns by every rule that rests on it."""
    return qualified(item, dict(schema))


#: Under this name a query stands whose outputs are asked for in part.
_ASKED = "asked_outputs"


def columns_through(
    item: View, views: Sequence[View], schema: Mapping[str, Collection[str]]
) -> dict[str, tuple[str, ...]]:
    """Dataset → the columns a rule or view needs, by itself or through views; sorted.

    views   those it rests on, each after those it reads itself
    """
    needed: dict[str, set[str]] = {}

    def note(found: Mapping[str, Collection[str]]) -> None:
        for name, columns in found.items():
            needed.setdefault(name, set()).update(columns)

    note(_needed_by(item, frozenset(item.columns), _frozen(item, schema)))
    for view in reversed(views):
        # a view of which rows alone are counted is still read: its first column stands for them
        note(_needed_by(view, frozenset(needed.get(view.id) or view.columns[:1]), _frozen(view, schema)))
    own = {view.id for view in views}
    return {name: tuple(sorted(columns)) for name, columns in sorted(needed.items()) if name not in own}


def _frozen(view: View, schema: Mapping[str, Collection[str]]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return tuple((name, tuple(schema[name])) for name in view.reads)


@lru_cache(maxsize=1024)
def _needed_by(
    view: View, outputs: frozenset[str], schema: tuple[tuple[str, tuple[str, ...]], ...]
) -> dict[str, tuple[str, ...]]:
    return columns_read(view, dict(schema), outputs)


def _source(scope: Scope | None, alias: str) -> object:
    while scope is not None:
        if alias in scope.sources:
            return scope.sources[alias]
        scope = scope.parent
    return None
