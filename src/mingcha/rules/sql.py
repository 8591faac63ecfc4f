"""Parses the SQL of rules and views."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from mingcha.errors import Place, RuleError
from mingcha.rules.model import View


def said_by(error: SqlglotError) -> str:
    """The parser's words on one line, without its colours."""
    return re.sub(r"\s+", " ", re.sub(r"\x1b\[\d+m", "", str(error))).strip()


@cache
def parse_select(path: Path, sql: str) -> exp.Query:
    """The one SELECT (CTEs and set operations allowed) of a file; shared, so not to be changed. Raises RuleError."""
    try:
        statements = [statement for statement in sqlglot.parse(sql, read="duckdb") if statement is not None]
    except SqlglotError as error:
        raise RuleError(f"SQL 解析不了：{said_by(error)}。", place=Place(path.name)) from error
    if len(statements) != 1 or not isinstance(statements[0], exp.Select | exp.SetOperation):
        raise RuleError("须有且只有一条 SELECT。", place=Place(path.name))
    return statements[0]


def output_columns(path: Path, query: exp.Query) -> tuple[str, ...]:
    """Names of the columns a SELECT gives, in order; each must be named, once. Raises RuleError."""
    names = tuple(query.named_selects)
    if not all(names) or "*" in names or len(set(names)) != len(names):
        raise RuleError("SELECT 的每一列都须有名字，且不得重名、不得用 *。", place=Place(path.name))
    return names


def placeholders(query: exp.Query) -> set[str]:
    """Names of the ``$parameters`` a query uses."""
    found = query.find_all(exp.Placeholder, exp.Parameter)
    return {node.name for node in found}


def tables(query: exp.Query) -> set[str]:
    """Names of the tables a query reads that are not its own CTEs."""
    own = {cte.alias_or_name for cte in query.find_all(exp.CTE)}
    return {table.name for table in query.find_all(exp.Table) if table.name not in own}


#: Comments, texts and quoted names first, so that a ``$name`` within them is none.
_NAMED = re.compile(r"""--[^\n]*|/\*.*?\*/|'(?:[^']|'')*'|"(?:[^"]|"")*"|\$(?P<name>[^\W\d]\w*)""", re.DOTALL)


def with_literals(item: View, values: Mapping[str, Any], literal: Callable[[Any], str]) -> str:
    """The SQL with every ``$parameter`` written out: what is stored as a view takes no parameters.

    literal   how the engine writes a value
    """

    def written(found: re.Match[str]) -> str:
        name = found["name"]
        return found[0] if name is None else literal(values[name])

    return _NAMED.sub(written, item.sql)


def placeholders_of(item: View) -> frozenset[str]:
    """Names of the ``$parameters`` the SQL of a rule or view uses."""
    return frozenset(found["name"] for found in _NAMED.finditer(item.sql) if found["name"])
