"""All golden cases of a rule or view as one query, for an engine to which each query costs dear.

Every table gets a column that says which case a row belongs to, and the query is made to keep cases apart: joins,
groups and windows are within a case, and parameters are columns of a table with one row a case.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
from sqlglot import exp
from tests.rules.golden import GOLDEN, Case, Labels

from mingcha.datasets import Dataset
from mingcha.engines.duckdb import DuckDBEngine
from mingcha.rules import View
from mingcha.rules.sql import parse_select

CASE = "golden_case"
PARAMS = "case_params"
_OWN = "this_case"
_TYPED = "typed_rows"


class Recorder:
    """Takes a case's rows as an engine does and keeps them; an empty DuckDB beside it tells their types."""

    name = "recorder"

    def __init__(self) -> None:
        self._con = duckdb.connect(config={"threads": 1})
        self._shapes = DuckDBEngine(self._con)
        self.rows: dict[str, pa.Table] = {}
        self._made: set[str] = set()

    def add_dataset(self, dataset: Dataset, snapshots: Sequence[Any]) -> None:
        raise NotImplementedError

    def add_rows(self, name: str, columns: Mapping[str, str], rows: pa.Table) -> None:
        if name not in self.rows:
            self._shapes.add_rows(name, columns, pa.table({}))
        self.rows[name] = rows

    def define(self, view: View, values: Mapping[str, Any]) -> None:
        self.materialise(view, values)

    def materialise(self, view: View, values: Mapping[str, Any], place: Path | None = None) -> None:
        # for its types alone, which are the same in every case
        if view.id not in self._made:
            self._shapes.materialise(view, values)
            self._made.add(view.id)

    def recall(self, view: View, place: Path) -> None:
        raise NotImplementedError

    def close(self) -> None:
        self._con.close()

    def column_types(self, name: str) -> dict[str, str]:
        return self._shapes.column_types(name)

    def is_empty(self, name: str) -> bool:
        return not len(self.rows[name])

    def run(self, item: View, values: Mapping[str, Any]) -> pa.Table:
        return self._shapes.run(item, values)

    def typed(self, types: Mapping[str, str], rows: pa.Table) -> pa.Table:
        """Rows as DuckDB takes them into a table of these types."""
        self._shapes.add_rows(_TYPED, types, rows)
        return self._con.execute(f"SELECT * FROM {_TYPED}").to_arrow_table()

    def type_of(self, value: Any) -> str:
        """What DuckDB takes a parameter for; numbers of all cases need room."""
        kind: str = self._con.execute("SELECT typeof($x)", {"x": value}).fetchall()[0][0]
        return "BIGINT" if kind == "INTEGER" else kind

    def types(self, item: View, values: Mapping[str, Any]) -> dict[str, str]:
        relation = self._shapes.relation(item, values)
        return {name: str(kind) for name, kind in zip(relation.columns, relation.types, strict=True)}


@dataclass(frozen=True)
class Lifted:
    """A rule or view that answers for every case at once: its query, its columns (the case's number first)."""

    name: str
    query: exp.Query
    columns: Mapping[str, str]


class Together:
    """The cases of one rule or view.

    tables   name → types and rows
    views    the views woven into it, each after those it reads
    asked    the rule or view itself
    """

    def __init__(self, cases: Sequence[Case]) -> None:
        self.cases = cases
        self.item = cases[0].item
        self.labels: list[Labels] = []
        recorder = Recorder()
        given: list[dict[str, Any]] = []
        rows: dict[str, list[pa.Table]] = {name: [] for name in sorted(GOLDEN.tables_of(self.item))}
        for number, case in enumerate(cases):
            values, labels = GOLDEN.lay_out(case, recorder)
            self.labels.append(labels)
            given.append(values)
            for name, parts in rows.items():
                part = recorder.rows[name]
                if len(part):
                    parts.append(part.add_column(0, CASE, pa.array([number] * len(part), pa.int64())))
        self.schema = pa.schema([(CASE, pa.int64()), *recorder.run(self.item, given[0]).schema])
        self.tables: dict[str, tuple[dict[str, str], pa.Table]] = {}
        for name, parts in rows.items():
            types = {CASE: "BIGINT"} | recorder.column_types(name)
            whole = pa.concat_tables(parts, promote_options="permissive") if parts else pa.table({})
            self.tables[name] = types, recorder.typed(types, whole)
        within = [GOLDEN.woven_values(self.item, values) for values in given]
        self.views = [
            self._lifted(view, [own[place][1] for own in within], recorder) for place, (view, _) in enumerate(within[0])
        ]
        self.asked = self._lifted(self.item, given, recorder)

    def _lifted(self, item: View, given: Sequence[Mapping[str, Any]], recorder: Recorder) -> Lifted:
        types, params = _params(given, recorder)
        table = f"{PARAMS}_{item.id.lower()}"
        self.tables[table] = (types, params)
        query = lifted(parse_select(item.path, item.sql), table, set(types))
        return Lifted(item.id, query, {CASE: "BIGINT"} | recorder.types(item, given[0]))

    def types(self) -> dict[str, dict[str, str]]:
        """Everything a query may read → column → type."""
        made = {view.name: dict(view.columns) for view in self.views}
        return {name: types for name, (types, _) in self.tables.items()} | made

    def found(self, table: pa.Table) -> list[list[dict[str, Any]]]:
        """The rows of each case from the rows of the query."""
        found: list[list[dict[str, Any]]] = [[] for _ in self.cases]
        for row in table.to_pylist():
            found[row.pop(CASE)].append(row)
        return found


def _params(given: Sequence[Mapping[str, Any]], recorder: Recorder) -> tuple[dict[str, str], pa.Table]:
    """Parameters as a table; one that no case sets is left out."""
    types, columns = {CASE: "BIGINT"}, {CASE: list(range(len(given)))}
    for name in given[0]:
        values = [values[name] for values in given]
        set_values = [value for value in values if value is not None]
        if not set_values:
            continue
        if any(isinstance(value, Decimal) for value in set_values):
            values = [None if value is None else Decimal(value) for value in values]
            types[name] = "DECIMAL(18, 6)"
        else:
            types[name] = recorder.type_of(next((value for value in set_values if value != []), set_values[0]))
        columns[name] = values
    return types, recorder.typed(types, pa.table(columns))


def lifted(query: exp.Query, table: str, params: set[str]) -> exp.Query:
    """A query that keeps cases apart. table, params: of the parameters, its columns; other parameters are NULL."""
    query = query.copy()
    for node in list(query.find_all(exp.Placeholder, exp.Parameter)):
        if node.name not in params:
            node.replace(exp.Null())
    # the inner ones first: what is around them takes them along
    for select in reversed(list(query.find_all(exp.Select))):
        _lift(select, table)
    return query


def _case_of(alias: str) -> exp.Column:
    return exp.column(CASE, table=alias)


def _lift(select: exp.Select, table: str) -> None:
    used = {node.name for node in _own_nodes(select, exp.Placeholder, exp.Parameter)}
    for node in _own_nodes(select, exp.Placeholder, exp.Parameter):
        node.replace(exp.column(node.name, table=_OWN))
    source = select.args.get("from_")
    if used or source is None:
        _put_params_first(select, table)
    first = select.args["from_"].this.alias_or_name
    for join in select.args.get("joins") or []:
        _join_within(join, first)
    for window in _own_nodes(select, exp.Window):
        window.set("partition_by", [_case_of(first), *(window.args.get("partition_by") or [])])
    parent = select.parent
    if isinstance(parent, exp.Exists) or (isinstance(parent, exp.Subquery | exp.In) and not _is_source(select)):
        outer = parent.find_ancestor(exp.Select)
        assert outer is not None
        # the outer one is lifted later; its first source is known already unless it takes parameters
        select.where(exp.EQ(this=_case_of(first), expression=_case_of(_first_of(outer))), copy=False)
        return
    _group(select, first, used, table)


def _first_of(select: exp.Select) -> str:
    return str(select.args["from_"].this.alias_or_name)


def _is_source(select: exp.Select) -> bool:
    return isinstance(select.parent, exp.Subquery) and isinstance(select.parent.parent, exp.From | exp.Join)


def _own_nodes(select: exp.Select, *kinds: type[exp.Expression]) -> list[Any]:
    """Nodes of a SELECT that are not of a SELECT within it."""
    return [node for node in select.find_all(*kinds) if node.find_ancestor(exp.Select) is select]


def _put_params_first(select: exp.Select, table: str) -> None:
    params = exp.to_table(table).as_(_OWN, table=True)
    source = select.args.get("from_")
    select.set("from_", exp.From(this=params))
    if source is not None:
        first = exp.Join(this=source.this)
        select.set("joins", [first, *(select.args.get("joins") or [])])


def _join_within(join: exp.Join, first: str) -> None:
    assert not join.args.get("using")
    assert join.args.get("side") in (None, "", "LEFT"), join.sql()
    same = exp.EQ(this=_case_of(join.this.alias_or_name), expression=_case_of(first))
    condition = join.args.get("on")
    join.set("on", same if condition is None else exp.and_(exp.paren(condition), same))
    if join.args.get("kind") == "CROSS" or not join.args.get("side"):
        join.set("kind", "INNER")


def _group(select: exp.Select, first: str, used: set[str], table: str) -> None:
    """Gives the case's number as the first column; groups by it."""
    group = select.args.get("group")
    is_total = group is None and any(not node.find_ancestor(exp.Window) for node in _own_nodes(select, exp.AggFunc))
    if group is not None or is_total:
        keys = [_case_of(first), *(exp.column(name, table=_OWN) for name in sorted(used))]
        select.set("group", exp.Group(expressions=[*keys, *(group.expressions if group else [])]))
    outputs = list(select.expressions)
    select.set("expressions", [_case_of(first).as_(CASE), *outputs])
    if is_total:
        _also_of_nothing(select, outputs, table)


def _also_of_nothing(select: exp.Select, outputs: Sequence[exp.Expression], table: str) -> None:
    """A total gives a row where there is nothing to add up as well."""
    assert not select.args.get("having")
    columns: list[exp.Expression] = [_case_of("each").as_(CASE)]
    for output in outputs:
        name = output.alias_or_name
        value = output.unalias().copy()
        for part in reversed(list(value.find_all(exp.AggFunc, exp.Filter))):
            counts = isinstance(part.unnest(), exp.Count | exp.CountIf) or isinstance(
                part.this, exp.Count | exp.CountIf
            )
            nothing: exp.Expression = exp.Literal.number(0) if counts else exp.Null()
            if part is value:
                value = nothing
            elif part.parent is not None:
                part.replace(nothing)
        for column in value.find_all(exp.Column):
            column.set("table", exp.to_identifier("each"))
        is_there = exp.Is(this=_case_of("got"), expression=exp.Null())
        columns.append(exp.Case().when(is_there, value).else_(exp.column(name, table="got")).as_(name))
    inner = exp.Select(**{key: value for key, value in select.args.items() if key != "with_"})
    outer = exp.Select(
        expressions=columns,
        from_=exp.From(this=exp.to_table(table).as_("each", table=True)),
        joins=[
            exp.Join(
                this=exp.Subquery(this=inner, alias=exp.TableAlias(this=exp.to_identifier("got"))),
                side="LEFT",
                on=exp.EQ(this=_case_of("got"), expression=_case_of("each")),
            )
        ],
    )
    if select.args.get("with_"):
        outer.set("with_", select.args["with_"].copy())
    select.replace(outer)


def on_duckdb(together: Together) -> pa.Table:
    """The rows of all cases as DuckDB gives them: tells whether what went wrong on Spark is the lifting's fault."""
    con = duckdb.connect(config={"threads": 1})
    engine = DuckDBEngine(con)
    for name, (types, rows) in together.tables.items():
        engine.add_rows(name, types, rows)
    for view in together.views:
        con.execute(f"CREATE TEMP TABLE {view.name} AS {_duckdb_sql(view.query)}")
    return con.sql(_duckdb_sql(together.asked.query)).to_arrow_table()


def _duckdb_sql(query: exp.Query) -> str:
    query = query.copy()
    for node in list(query.find_all(exp.AddMonths)):
        node.replace(exp.Anonymous(this="ADD_MONTHS", expressions=[node.this.copy(), node.expression.copy()]))
    return query.sql(dialect="duckdb")
