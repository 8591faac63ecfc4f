"""The SQL of rules and views as Spark runs it: what sqlglot turns over, with what it cannot know put right.

Where the two engines mean different things by the same words, Spark is made to say what DuckDB means.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, Final

from sqlglot import exp, parse_one
from sqlglot.optimizer.annotate_types import annotate_types
from sqlglot.optimizer.qualify import qualify

from mingcha.rules import View
from mingcha.rules.sql import parse_select
from mingcha.values.workdays import WorkCalendar

#: DuckDB's type names → Spark's. What is not listed is called the same.
_TYPES: Final = {"VARCHAR": "STRING", "HUGEINT": "DECIMAL(38, 0)", "TIMESTAMP": "TIMESTAMP_NTZ", "INTEGER": "INT"}

#: Mondays to Fridays up to and with a day; a day's place in the calendar's signs; the signs after one up to another.
_WEEKDAYS: Final = (
    "(DATEDIFF(CAST({day} AS DATE), DATE '0001-01-01') DIV 7 * 5"
    " + LEAST(DATEDIFF(CAST({day} AS DATE), DATE '0001-01-01') % 7 + 1, 5))"
)
_PLACE: Final = "GREATEST(DATEDIFF(CAST({day} AS DATE), calendar_before), 0)"
_FIRST, _LAST = _PLACE.format(day="earlier"), _PLACE.format(day="later")
_SIGNS: Final = f"SUBSTR(calendar_signs, {_FIRST} + 1, {_LAST} - {_FIRST})"

#: Macros of the rulebook (``macros.sql``) in Spark's words: names of the parameters, expression.
_MACROS: Final[dict[str, tuple[tuple[str, ...], str]]] = {
    "AGE_ON": (
        ("birth", "day"),
        "CAST(YEAR(day) - YEAR(birth)"
        " - CASE WHEN MONTH(day) * 100 + DAY(day) < MONTH(birth) * 100 + DAY(birth) THEN 1 ELSE 0 END AS INT)",
    ),
    "MONTHS_OF_AGE": (
        ("birth", "day"),
        "CAST((YEAR(day) - YEAR(birth)) * 12 + MONTH(day) - MONTH(birth)"
        " - CASE WHEN DAY(day) < DAY(birth) THEN 1 ELSE 0 END AS INT)",
    ),
    "NAMES_AGREE": (("one", "other"), "(one IS NULL OR other IS NULL OR one = other)"),
    "MONTH_OF": (("day",), "LEFT(CAST(CAST(day AS DATE) AS STRING), 7)"),
    "MONTH_END": (("month",), "LAST_DAY(CAST(month || '-01' AS DATE))"),
    "ADD_TO_MONTH": (
        ("month", "months"),
        "LEFT(CAST(ADD_MONTHS(CAST(month || '-01' AS DATE), CAST(months AS INT)) AS STRING), 7)",
    ),
    "DAYS_BETWEEN": (
        ("earlier", "later"),
        "CAST(DATEDIFF(CAST(later AS DATE), CAST(earlier AS DATE)) AS BIGINT)",
    ),
    "WORKDAYS_BETWEEN": (
        ("earlier", "later"),
        "CAST(CASE WHEN CAST(later AS DATE) <= CAST(earlier AS DATE) THEN 0"
        f" ELSE {_WEEKDAYS.format(day='later')} - {_WEEKDAYS.format(day='earlier')}"
        f" + LENGTH(REPLACE({_SIGNS}, '-', '')) - LENGTH(REPLACE({_SIGNS}, '+', '')) END AS INT)",
    ),
}

#: Where a parameter's value goes in the text; brackets no rule writes.
_MARK = re.compile(r"⟦(?P<is_list>\*?)(?P<name>\w+)⟧")
#: Where a table's name goes.
_TABLE = re.compile(r"⟨(?P<name>\w+)⟩")
#: ``$`` in a pattern, but for one that is escaped or stands in a class.
_END = re.compile(r"(?P<kept>\\.|\[(?:\\.|[^\]])*\])|\$")
_OF_DOUBLES = "of doubles"

#: What is read: table → column → DuckDB type, in a form that can be a key.
_Shape = tuple[tuple[str, tuple[tuple[str, str], ...]], ...]


def spark_type(kind: str) -> str:
    """A DuckDB type name as Spark writes it.

    >>> spark_type("VARCHAR[]")
    'ARRAY<STRING>'
    """
    if kind.endswith("[]"):
        return f"ARRAY<{spark_type(kind.removesuffix('[]'))}>"
    return _TYPES.get(kind, kind)


@dataclass(frozen=True)
class Step:
    """One question to Spark. A rule is asked in several where it names a part of itself more than once.

    Spark would work such a part out anew each time it is named, and parts of parts with it, which grows beyond bounds.

    name    of the part, '' for the whole
    text    with the names of tables and parameters marked
    """

    name: str
    text: str

    def sql(self, values: Mapping[str, Any], names: Mapping[str, str] | None = None) -> str:
        """As Spark is asked it. values: parameters by local name; names: table or part → its name, where another."""
        text = _TABLE.sub(lambda found: (names or {}).get(found["name"], found["name"]), self.text)
        return _MARK.sub(lambda found: spark_literal(values[found["name"]], is_list=bool(found["is_list"])), text)


def spark_steps(item: View, tables: Mapping[str, Mapping[str, str]]) -> tuple[Step, ...]:
    """A rule or view as Spark is asked it, its parts first. tables: what it reads → column → DuckDB type."""
    return _steps(item.path, item.sql, tuple((name, tuple(tables[name].items())) for name in item.reads))


@cache
def _steps(path: Path, sql: str, shape: _Shape) -> tuple[Step, ...]:
    """Kept: turning a query over takes longer than planning it."""
    return turned(parse_select(path, sql), dict(shape))


def with_types(text: str, columns: Mapping[str, str]) -> str:
    """A query whose columns are cast to their DuckDB types."""
    casts = ", ".join(f"CAST(`{name}` AS {spark_type(kind)}) AS `{name}`" for name, kind in columns.items())
    return f"SELECT {casts} FROM (\n{text}\n)"


def turned(query: exp.Query, tables: Mapping[str, Collection[tuple[str, str]]]) -> tuple[Step, ...]:
    """A query in Spark's words. tables: what it reads → names and DuckDB types of the columns."""
    own = {cte.alias_or_name for cte in query.find_all(exp.CTE)}
    query = _typed(query, tables) if query.find(exp.Div) and query.find(exp.Round, exp.Avg, exp.Sum) else query.copy()
    apart = _named_often(query)
    for table in list(query.find_all(exp.Table)):
        if table.name not in own or table.name in apart:
            table.replace(exp.to_table(f"⟨{table.name}⟩").as_(table.alias_or_name, table=True))
    # from the leaves up, so that what takes a part of itself along takes it turned
    for node in reversed(list(query.find_all(*_TURNS, bfs=False))):
        turn = _TURNS.get(type(node))
        other = turn(node) if turn else node
        if other is not node:
            node.replace(other)
    return _apart(query, apart)


def _named_often(query: exp.Query) -> list[str]:
    """Parts that are worked out once, apart: named more than once, and more than a choice of rows and columns."""
    parts = {cte.alias_or_name: cte.this for cte in _parts(query)}
    mentions = Counter(table.name for table in query.find_all(exp.Table) if table.name in parts)
    apart: list[str] = []
    heavy: set[str] = set()
    for name, body in parts.items():
        within = {table.name for table in body.find_all(exp.Table)}
        if body.find(exp.Join, exp.Group, exp.Distinct, exp.SetOperation, exp.Window) or within & heavy:
            heavy.add(name)
        if name in heavy and mentions[name] > 1:
            apart.append(name)
            heavy.discard(name)
    return apart


def _parts(query: exp.Query) -> list[exp.CTE]:
    first = query.args.get("with_")
    return list(first.expressions) if first else []


def _apart(query: exp.Query, apart: Sequence[str]) -> tuple[Step, ...]:
    """The query in steps, each with those parts before it that are its own."""
    parts = {cte.alias_or_name: cte for cte in _parts(query)}
    query.set("with_", None)
    steps = [(name, parts[name].this) for name in apart] + [("", query)]
    kept = {name: cte for name, cte in parts.items() if name not in apart}
    return tuple(Step(name, _with_own(body, kept)) for name, body in steps)


def _with_own(body: exp.Expression, parts: Mapping[str, exp.CTE]) -> str:
    wanted: set[str] = set()
    waiting = [body]
    while waiting:
        found = {table.name for table in waiting.pop().find_all(exp.Table)} & set(parts) - wanted
        wanted |= found
        waiting += [parts[name].this for name in found]
    before = ",\n".join(_text(cte) for name, cte in parts.items() if name in wanted)
    return f"WITH {before}\n{_text(body)}" if before else _text(body)


def _text(node: exp.Expression) -> str:
    return node.sql(dialect="spark", identify=True, comments=False)


def _typed(query: exp.Query, tables: Mapping[str, Collection[tuple[str, str]]]) -> exp.Query:
    """A copy in which roundings, sums and means know whether they are of DOUBLEs."""
    schema: dict[str, object] = {name: dict(columns) for name, columns in tables.items()}
    typed = query.copy()
    for quotient in reversed(list(typed.find_all(exp.Div))):
        quotient.replace(exp.cast(quotient.copy(), "DOUBLE"))
    typed = qualify(typed, schema=schema, dialect="duckdb", identify=False)
    annotate_types(typed, schema=schema, dialect="duckdb")
    for node in typed.find_all(exp.Round, exp.Sum, exp.Avg):
        node.meta[_OF_DOUBLES] = node.this.is_type(exp.DType.DOUBLE, exp.DType.FLOAT)
    return typed


def _sql(text: str, **parts: exp.Expression) -> exp.Expression:
    """A Spark expression with the named columns replaced. Parts stand in brackets where they might be torn apart."""

    def put(node: exp.Expression) -> exp.Expression:
        if isinstance(node, exp.Column) and not node.table and node.name in parts:
            part = parts[node.name].copy()
            return exp.paren(part, copy=False) if isinstance(part, exp.Binary | exp.Unary) else part
        return node

    return parse_one(text, read="spark").transform(put, copy=False)


def _parameter(node: exp.Expression) -> exp.Expression:
    is_list = isinstance(node.parent, exp.ArrayContains) and node.arg_key == "this"
    return exp.Var(this=f"⟦{'*' if is_list else ''}{node.name}⟧")


def _macro(node: exp.Expression) -> exp.Expression:
    if node.name.upper() not in _MACROS:
        return node
    names, text = _MACROS[node.name.upper()]
    return _sql(text, **_calendar(), **dict(zip(names, node.expressions, strict=True)))


def _calendar() -> Mapping[str, exp.Expression]:
    """What macros may name beside their parameters: a run's calendar, which stands where a parameter's value would."""
    return {name: exp.Var(this=f"⟦{name}⟧") for name in ("calendar_before", "calendar_signs")}


def calendar_values(calendar: WorkCalendar) -> dict[str, Any]:
    """A calendar of working days as the values of parameters."""
    return {"calendar_before": calendar.before, "calendar_signs": calendar.signs}


def _add_months(node: exp.Expression) -> exp.Expression:
    months = node.expression
    if not isinstance(months, exp.Literal):
        node.set("expression", exp.cast(months.copy(), "INT"))
    return node


def _array_agg(node: exp.Expression) -> exp.Expression:
    """NULLs stay in the list, and a list of nothing is NULL."""
    if isinstance(node.parent, exp.Filter):
        return node
    return _listed(node.this, None)


def _filtered(node: exp.Expression) -> exp.Expression:
    inner, where = node.this, node.expression
    if isinstance(inner, exp.ArrayAgg):
        return _listed(inner.this, where.this)
    if isinstance(inner, exp.ArgMin | exp.ArgMax):
        both = exp.and_(where.this.copy(), _is_not_null(inner.this))
        return exp.Filter(this=inner.copy(), expression=exp.Where(this=both))
    return node


def _listed(value: exp.Expression, where: exp.Expression | None) -> exp.Expression:
    is_set = isinstance(value, exp.Distinct)
    item = value.expressions[0] if is_set else value
    if isinstance(item, exp.Order):
        raise ValueError("ARRAY_AGG with ORDER BY has no like on Spark")
    collect: exp.Expression = exp.Anonymous(this="COLLECT_SET" if is_set else "COLLECT_LIST", expressions=[item.copy()])
    count: exp.Expression = exp.Count(this=exp.Star())
    if where is not None:
        collect = exp.Filter(this=collect, expression=exp.Where(this=where.copy()))
        count = exp.Filter(this=count, expression=exp.Where(this=where.copy()))
    if where is None or where != _is_not_null(item):
        collect = exp.RespectNulls(this=collect)
    return exp.Case().when(exp.GT(this=count, expression=exp.Literal.number(0)), collect)


def _is_not_null(value: exp.Expression) -> exp.Expression:
    return exp.Not(this=exp.Is(this=value.copy(), expression=exp.Null()))


def _extreme(node: exp.Expression) -> exp.Expression:
    """MIN_BY and MAX_BY pass over rows whose value is NULL."""
    if isinstance(node.parent, exp.Filter):
        return node
    return exp.Filter(this=node.copy(), expression=exp.Where(this=_is_not_null(node.this)))


def _concat(node: exp.Expression) -> exp.Expression:
    """CONCAT passes over NULL."""
    return exp.Anonymous(this="CONCAT_WS", expressions=[exp.Literal.string(""), *node.expressions])


def _divided(node: exp.Expression) -> exp.Expression:
    """Division is of DOUBLEs, and by zero gives infinity."""
    above, below = (_as_double(part) for part in (node.this, node.expression))
    quotient = exp.Div(this=above, expression=below, typed=False, safe=False)
    divisor = node.expression.unnest()
    if isinstance(divisor, exp.Literal | exp.Nullif):
        return exp.paren(quotient, copy=False)
    infinite = exp.Mul(this=above.copy(), expression=exp.cast(exp.Literal.string("Infinity"), "DOUBLE"))
    is_zero = exp.EQ(this=exp.paren(node.expression.copy()), expression=exp.Literal.number(0))
    return exp.Case().when(is_zero, infinite).else_(quotient)


def _as_double(node: exp.Expression) -> exp.Expression:
    return exp.cast(exp.paren(node.copy()) if isinstance(node, exp.Binary) else node.copy(), "DOUBLE")


def _summed(node: exp.Expression) -> exp.Expression:
    """Sums of DOUBLEs are made of decimals: on Spark rows come in any order, and each gives another last place."""
    if isinstance(node.this, exp.Distinct) or not (node.meta.get(_OF_DOUBLES) or isinstance(node, exp.Avg)):
        return node
    exact = exp.cast(node.this.copy(), "DECIMAL(38, 18)")
    return exp.cast(type(node)(this=exact), "DOUBLE")


def _rounded(node: exp.Expression) -> exp.Expression:
    """A DOUBLE is rounded as DuckDB does it: made larger, rounded, made smaller."""
    places = node.args.get("decimals")
    if not node.meta.get(_OF_DOUBLES) or places is None:
        return node
    factor = exp.cast(exp.Literal.string(f"1e{places.name}"), "DOUBLE")
    larger = exp.Mul(this=exp.paren(node.this.copy()), expression=factor)
    whole = exp.Round(this=larger, decimals=exp.Literal.number(0))
    return exp.paren(exp.Div(this=whole, expression=factor.copy(), typed=False, safe=False), copy=False)


def _cast(node: exp.Expression) -> exp.Expression:
    """A number is rounded to a whole one, not cut off."""
    kind, value = node.args["to"], node.this.unnest()
    whole = exp.DataType.INTEGER_TYPES
    if kind.this not in whole or isinstance(value, exp.Floor | exp.Ceil | exp.Null | exp.Literal | exp.Count):
        return node
    return exp.cast(exp.Round(this=node.this.copy()), kind)


def _contains(node: exp.Expression) -> exp.Expression:
    """FALSE, not unknown, where a list with a NULL in it does not hold the value."""
    items = node.this
    if isinstance(items, exp.Var):
        return node  # a parameter: no NULL in it
    parts = {"found": node.copy(), "items": items, "sought": node.expression}
    return _sql("COALESCE(found, CASE WHEN items IS NOT NULL AND sought IS NOT NULL THEN FALSE END)", **parts)


def _matched(node: exp.Expression) -> exp.Expression:
    """``$`` is the end of the text alone, not the place before a last line break."""
    pattern = node.expression
    if isinstance(pattern, exp.Literal) and "$" in pattern.name:
        node.set("expression", exp.Literal.string(_END.sub(lambda found: found["kept"] or r"\z", pattern.name)))
    return node


def _like(node: exp.Expression) -> exp.Expression:
    """A backslash is a backslash."""
    pattern = node.expression
    if isinstance(pattern, exp.Literal) and "\\" in pattern.name:
        node.set("expression", exp.Literal.string(pattern.name.replace("\\", "\\\\")))
    return node


_TURNS: Final[dict[type[exp.Expression], Callable[[exp.Expression], exp.Expression]]] = {
    exp.Placeholder: _parameter,
    exp.Parameter: _parameter,
    exp.Anonymous: _macro,
    exp.AddMonths: _add_months,
    exp.ArrayAgg: _array_agg,
    exp.Filter: _filtered,
    exp.ArgMin: _extreme,
    exp.ArgMax: _extreme,
    exp.Concat: _concat,
    exp.Div: _divided,
    exp.Sum: _summed,
    exp.Avg: _summed,
    exp.Round: _rounded,
    exp.Cast: _cast,
    exp.ArrayContains: _contains,
    exp.RegexpLike: _matched,
    exp.Like: _like,
}


def spark_literal(value: Any, *, is_list: bool = False) -> str:
    """A parameter's value as Spark reads it. is_list: what a NULL stands for.

    >>> spark_literal(date(2023, 6, 30)), spark_literal("a'b"), spark_literal([1, None]), spark_literal(Decimal("0.01"))
    ("DATE '2023-06-30'", "'a\\'b'", 'ARRAY(1, NULL)', "CAST('0.01' AS DECIMAL(2, 2))")
    """
    if value is None:
        return "CAST(NULL AS ARRAY<STRING>)" if is_list else "NULL"
    for kind, written in _LITERALS:
        if isinstance(value, kind):
            return written(value)
    return exp.Literal.string(str(value)).sql(dialect="spark")


def _list_literal(value: Collection[Any]) -> str:
    items = ", ".join(spark_literal(each) for each in value)
    return f"ARRAY({items})" if items else "CAST(ARRAY() AS ARRAY<STRING>)"


def _decimal_literal(value: Decimal) -> str:
    """As DuckDB takes it: just as many places as are written."""
    _, digits, exponent = value.as_tuple()
    if not isinstance(exponent, int):
        return "NULL"
    scale = max(-exponent, 0)
    precision = max(len(digits) + max(exponent, 0), scale, 1)
    return f"CAST('{value:f}' AS DECIMAL({precision}, {scale}))"


#: Type → how a value of it is written; a type stands before those it is a kind of.
_LITERALS: Final[tuple[tuple[type | tuple[type, ...], Callable[[Any], str]], ...]] = (
    (bool, lambda value: "TRUE" if value else "FALSE"),
    ((list, tuple, set, frozenset), _list_literal),
    (datetime, lambda value: f"CAST('{value.isoformat(sep=' ')}' AS TIMESTAMP_NTZ)"),
    (date, lambda value: f"DATE '{value.isoformat()}'"),
    (Decimal, _decimal_literal),
    (int, lambda value: f"({value})" if value < 0 else str(value)),
    (float, lambda value: f"CAST('{value!r}' AS DOUBLE)"),
)
