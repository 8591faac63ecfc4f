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


def line_in(error: SqlglotError) -> int | None:
    """The line an error of the parser speaks of."""
    found = re.search(r"[Ll]ine:? (\d+)", said_by(error))
    return int(found[1]) if found else None


@cache
def parse_select(path: Path, sql: str, first_line: int = 1) -> exp.Query:
    """The one SELECT (CTEs and set operations allowed) of a file; shared, so not to be changed.

    first_line   on which line of the file the SQL begins: errors then name the file's lines
    Raises RuleError.
    """
    try:
        statements = [each for each in sqlglot.parse("\n" * (first_line - 1) + sql, read="duckdb") if each is not None]
    except SqlglotError as error:
        raise RuleError(
            f"SQL 解析不了：{said_by(error)}。",
            remedy="请检查这一行附近的逗号、括号和关键字。",
            place=Place(path.name, row=line_in(error)),
        ) from error
    except RecursionError as error:
        raise RuleError(
            "SQL 嵌套太深，解析不了。", remedy="请拆成几个 WITH 子查询。", place=Place(path.name)
        ) from error
    if len(statements) != 1 or not isinstance(statements[0], exp.Select | exp.SetOperation):
        raise RuleError(
            "须有且只有一条 SELECT。",
            remedy="规则只能查数据，不能改、不能写、不能读别的文件；请只留一条 SELECT。",
            place=Place(path.name, row=first_line),
        )
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
    """Names of the tables a query reads that are not its own CTEs, with what stands before the dot."""
    return {_full_name(table) for table in query.find_all(exp.Table) if not _is_own(table)}


def _full_name(table: exp.Table) -> str:
    return ".".join(part for part in (table.catalog, table.db, table.name) if part)


def _is_own(table: exp.Table) -> bool:
    """Whether a name means a CTE that is in sight where it stands: one around it, and before it."""
    if table.db or table.catalog:
        return False
    inner: exp.Expr = table
    while (outer := inner.parent) is not None:
        if isinstance(outer, exp.With):
            before = outer.expressions[: _place_of(inner, outer.expressions)]
            if any(cte.alias == table.name for cte in before):
                return True
            # the WITH is no child of what it stands before: its names are met once, here
            outer = outer.parent or outer
        elif any(cte.alias == table.name for cte in _ctes(outer)):
            return True
        inner = outer
    return False


def _place_of(node: exp.Expr, nodes: list[exp.CTE]) -> int:
    return next((place for place, each in enumerate(nodes) if each is node), len(nodes))


def _ctes(node: exp.Expr) -> list[exp.CTE]:
    within = node.args.get("with_")
    return within.expressions if isinstance(within, exp.With) else []


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
