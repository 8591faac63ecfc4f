"""From a rule's rows to one row a subject, with evidence resolved to file, sheet and row. All of it SQL on DuckDB.

Engines give rows, and lists inside rows, in any order: everything here is put in an order that depends on what the
offices delivered alone, so that two runs on the same files write the same bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from mingcha.rules.model import SUBJECT_KEYS

# row_id = sheet_id << 38 | row_no << 6 | part
SHEET_SHIFT = 38
ROW_SHIFT = 6
_ROW_MASK = (1 << (SHEET_SHIFT - ROW_SHIFT)) - 1
_PLACE_MASK = (1 << SHEET_SHIFT) - 1

#: Columns of the table of sheets and what they are read as.
SHEET_COLUMNS = {
    "sheet_id": "BIGINT",
    "dataset": "VARCHAR",
    "file": "VARCHAR",
    "sheet": "VARCHAR",
    "roll_month": "VARCHAR",
}
#: Subject → SQL of the person who stands for it: whose number, name and place are shown.
_PERSON_OF = {
    "person": "person_key",
    "household": "household_key",
    "account": "person_key",
    "officer": "person_key",
}
_OPTIONAL = {
    "name": "VARCHAR",
    "township": "VARCHAR",
    "village": "VARCHAR",
    "household_key": "BIGINT",
    "period": "VARCHAR",
    "amount": "DECIMAL(38,2)",
    "confidence": "DOUBLE",
}
#: The types rules' columns are read as, in Arrow.
_ARROW = {
    "VARCHAR": pa.string(),
    "BIGINT": pa.int64(),
    "DOUBLE": pa.float64(),
    "DECIMAL(38,2)": pa.decimal128(38, 2),
}
_NO_EVIDENCE = pa.table(
    {
        "rule": pa.array([], pa.int32()),
        "n": pa.array([], pa.int64()),
        "part": pa.array([], pa.int32()),
        "row_id": pa.array([], pa.int64()),
    }
)
_PERSON_COLUMNS = ("name", "township", "village", "household_key")
#: Subjects whose key is their name.
_NAMED_BY_KEY = frozenset({"unit", "item"})


@dataclass(frozen=True)
class Shape:
    """What a rule's table holds. lists: those of its facts that are lists."""

    subject: str
    columns: tuple[str, ...]
    evidence: tuple[str, ...]
    facts: tuple[str, ...]
    lists: frozenset[str]

    @classmethod
    def of(cls, subject: str, schema: pa.Schema) -> Shape:
        """The shape of a rule's table."""
        names = tuple(schema.names)
        return cls(
            subject,
            names,
            tuple(name for name in names if name.startswith("ev_")),
            tuple(name for name in names if name.startswith("fact_")),
            frozenset(name for name in names if is_list(schema.field(name).type)),
        )

    def optional(self, name: str) -> str:
        """SQL of a column the rule may have left out."""
        value = name if name in self.columns else "NULL"
        return f"TRY_CAST({value} AS {_OPTIONAL[name]})"


def is_list(kind: pa.DataType) -> bool:
    """Whether an Arrow type is a list of any make."""
    return bool(pa.types.is_list(kind) or pa.types.is_large_list(kind) or pa.types.is_fixed_size_list(kind))


@dataclass(frozen=True)
class Named:
    """What is known of whom and what the rules' rows speak of.

    persons  rows of the view ``person``: person_key, name, township, village, household_key, source_rank
    months   rows of the view ``payment_month``: row_id, month; rows that speak of a month of their own
    None = nothing is known
    """

    persons: pa.Table | None = None
    months: pa.Table | None = None


_PERSON_TYPES = {
    "person_key": "BIGINT",
    "name": "VARCHAR",
    "township": "VARCHAR",
    "village": "VARCHAR",
    "household_key": "BIGINT",
    "source_rank": "INTEGER",
}
_MONTH_TYPES = {"row_id": "BIGINT", "month": "VARCHAR"}


def person_columns(subject: str, columns: Sequence[str]) -> list[str]:
    """The columns of a rule's table that name who stands for its subject and the household's head."""
    wanted = [_PERSON_OF[subject]] if subject in _PERSON_OF else []
    return [name for name in dict.fromkeys(wanted) if name in columns]


def _laid_out(con: duckdb.DuckDBPyConnection, name: str, types: Mapping[str, str], rows: pa.Table | None) -> None:
    """A table of given rows, empty where there are none."""
    columns = ", ".join(f"{column} {kind}" for column, kind in types.items())
    con.execute(f"CREATE OR REPLACE TEMP TABLE {name} ({columns})")
    if rows is not None:
        with _registered(con, {"_fd_given": rows.select(list(types))}):
            con.execute(f"INSERT INTO {name} BY NAME SELECT * FROM _fd_given")


@contextmanager
def _prepared(con: duckdb.DuckDBPyConnection, sheets: pa.Table) -> Iterator[None]:
    """Lays out the sheets, and clears everything of the merge away at the end."""
    casts = ", ".join(f"CAST({name} AS {kind}) AS {name}" for name, kind in SHEET_COLUMNS.items())
    with _registered(con, {"_fd_given": sheets}):
        # the rank, unlike the sheet's number, is the same in every workspace
        con.execute(
            f"""
            CREATE OR REPLACE TEMP TABLE _fd_sheet AS
            SELECT *, row_number() OVER (ORDER BY dataset, file, sheet, sheet_id) AS rank
            FROM (SELECT {casts} FROM _fd_given)
            """
        )
    try:
        yield
    finally:
        for table in ("_fd_known", "_fd_month", "_fd_sheet", "_fd_row", "_fd_listed", "_fd_words", "_fd_evidence"):
            con.execute(f"DROP TABLE IF EXISTS {table}")


@contextmanager
def _registered(con: duckdb.DuckDBPyConnection, tables: Mapping[str, pa.Table]) -> Iterator[None]:
    for name, table in tables.items():
        con.register(name, table)
    try:
        yield
    finally:
        for name in tables:
            con.unregister(name)


def merged(
    con: duckdb.DuckDBPyConnection,
    rules: Sequence[tuple[str, pa.Table]],
    sheets: pa.Table,
    named: Callable[[], Named],
) -> list[pa.Table]:
    """Each rule's rows as one row a subject, in the order given.

    rules    kind of the rule's subject, and the rule's rows, columns as its SELECT gives them
    sheets   columns sheet_id, dataset, file, sheet, roll_month
    named    asked once the rules' rows are laid out; somebody may be looking for the names meanwhile
    Returns a table a rule with columns subject (its key as text), person_key (who stands for it), name, township,
    village, household_key, period (the earliest), months (all of them), amount (their sum), confidence (the least),
    evidence (JSON) and the rule's facts: those of the first row by period, lists joined over all rows.
    """
    if not rules:
        return []
    # All rules at once: planning a statement takes longer than running it on what most rules find. What differs from
    # rule to rule, its facts, stays where it is and is taken by row number.
    shapes = [Shape.of(subject, rows.schema) for subject, rows in rules]
    numbered = [rows.append_column("_fd_n", pa.array(range(rows.num_rows), pa.int64())) for _, rows in rules]
    with _prepared(con, sheets):
        _lay_out(con, shapes, numbered)
        known = named()
        _laid_out(con, "_fd_known", _PERSON_TYPES, known.persons)
        _laid_out(con, "_fd_month", _MONTH_TYPES, known.months)
        con.execute(_resolve_evidence())
        found = con.sql(_one_a_subject()).to_arrow_table()
    counts = {each["values"]: each["counts"] for each in pc.value_counts(found["rule"]).to_pylist()}
    tables, start = [], 0
    for place, shape in enumerate(shapes):
        rows = counts.get(place, 0)
        tables.append(_with_facts(found.slice(start, rows), shape, rules[place][1]))
        start += rows
    return tables


def _lay_out(con: duckdb.DuckDBPyConnection, shapes: Sequence[Shape], rules: Sequence[pa.Table]) -> None:
    """The rules' rows in the columns all share, the evidence they name, and what decides between rows alike."""
    rows = [
        _as_laid_out(con, shape, place, table) for place, (shape, table) in enumerate(zip(shapes, rules, strict=True))
    ]
    evidence = [
        _evidence_of(shape, place, table) for place, (shape, table) in enumerate(zip(shapes, rules, strict=True))
    ]
    with _registered(con, {"_fd_given": pa.concat_tables(rows), "_fd_named": pa.concat_tables(evidence)}):
        con.execute("CREATE OR REPLACE TEMP TABLE _fd_row AS SELECT * FROM _fd_given")
        con.execute("CREATE OR REPLACE TEMP TABLE _fd_listed AS SELECT * FROM _fd_named WHERE row_id IS NOT NULL")
    repeated = {f"_fd_rows_{place}": table for place, table in enumerate(rules) if _has_repeated(table, shapes[place])}
    with _registered(con, repeated):
        parts = [
            f"SELECT {place} AS rule, _fd_n AS n, {_tie_break(shape)} AS words FROM _fd_rows_{place}"
            for place, shape in enumerate(shapes)
            if f"_fd_rows_{place}" in repeated
        ]
        given = " UNION ALL ".join(parts) or "SELECT NULL, NULL, NULL WHERE FALSE"
        con.execute("CREATE OR REPLACE TEMP TABLE _fd_words (rule INTEGER, n BIGINT, words VARCHAR[])")
        con.execute(f"INSERT INTO _fd_words {given}")


def _as_laid_out(con: duckdb.DuckDBPyConnection, shape: Shape, place: int, rows: pa.Table) -> pa.Table:
    """A rule's rows in the columns all rules share."""
    key = SUBJECT_KEYS[shape.subject][0]
    columns = {
        "rule": pa.array([place], pa.int32()).take(pa.array([0] * rows.num_rows, pa.int32())),
        "n": rows["_fd_n"],
        "key_text": _read_as(con, rows[key], "VARCHAR"),
        "is_named_by_key": pa.array([shape.subject in _NAMED_BY_KEY] * rows.num_rows),
        "person_key": _column(con, rows, _PERSON_OF.get(shape.subject, ""), "BIGINT"),
        **{name: _column(con, rows, name, kind) for name, kind in _OPTIONAL.items()},
    }
    return pa.table(columns)


def _column(con: duckdb.DuckDBPyConnection, rows: pa.Table, name: str, kind: str) -> pa.ChunkedArray | pa.Array:
    """A column the rule may have left out."""
    return _read_as(con, rows[name], kind) if name in rows.column_names else pa.nulls(rows.num_rows, _ARROW[kind])


def _read_as(con: duckdb.DuckDBPyConnection, column: pa.ChunkedArray, kind: str) -> pa.ChunkedArray:
    """A column as another type; what cannot be read so is NULL, as TRY_CAST has it."""
    try:
        return column.cast(_ARROW[kind])
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        with _registered(con, {"_fd_column": pa.table({"value": column})}):
            read = con.sql(f"SELECT TRY_CAST(value AS {kind}) AS value FROM _fd_column").to_arrow_table()
        return read["value"].cast(_ARROW[kind])


def _evidence_of(shape: Shape, place: int, rows: pa.Table) -> pa.Table:
    """The source rows a rule's rows rest on: rule, n, part (which ev_ column), row_id."""
    parts = []
    for part, name in enumerate(shape.evidence, start=1):
        column, n = rows[name].combine_chunks(), rows["_fd_n"].combine_chunks()
        if name in shape.lists:
            n = n.take(pc.list_parent_indices(column))
            column = pc.list_flatten(column)
        ids = column.cast(pa.int64())
        rule, of_part = (
            pa.array([each], pa.int32()).take(pa.array([0] * len(ids), pa.int32())) for each in (place, part)
        )
        parts.append(pa.table({"rule": rule, "n": n, "part": of_part, "row_id": ids}))
    return pa.concat_tables(parts) if parts else _NO_EVIDENCE


def _has_repeated(rows: pa.Table, shape: Shape) -> bool:
    """Whether a subject may have several rows; only then words decide which is first."""
    keys = rows[SUBJECT_KEYS[shape.subject][0]]
    return bool(keys.null_count) or pc.count_distinct(keys).as_py() < rows.num_rows


def _tie_break(shape: Shape) -> str:
    """What decides between two rows of the same month and place: their own words. In a list, NULL comes last."""
    own = [*shape.facts, shape.optional("amount"), shape.optional("name")]
    return f"[{', '.join(f'CAST({column} AS VARCHAR)' for column in own)}]"


def _resolve_evidence() -> str:
    """Evidence one row an entry: rule, n, part (which ev_ column), place (an order), the sheet, row and month."""
    return f"""
        CREATE OR REPLACE TEMP TABLE _fd_evidence AS
        WITH dated AS (SELECT row_id, min(month) AS month FROM _fd_month GROUP BY row_id)
        SELECT
            named.rule,
            named.n,
            named.part,
            (sheet.rank << {SHEET_SHIFT}) | (named.row_id & {_PLACE_MASK}) AS place,
            sheet.dataset,
            sheet.file,
            sheet.sheet,
            (named.row_id >> {ROW_SHIFT}) & {_ROW_MASK} AS row,
            COALESCE(dated.month, sheet.roll_month) AS month
        FROM _fd_listed AS named
        INNER JOIN _fd_sheet AS sheet ON named.row_id >> {SHEET_SHIFT} = sheet.sheet_id
        LEFT JOIN dated ON named.row_id = dated.row_id
    """


def _one_a_subject() -> str:
    """Rows in the order of rule and subject; first and rows are the numbers of the rule's rows, in their turn."""
    columns = ", ".join(("person_key", *_PERSON_COLUMNS))
    return f"""
        WITH placed AS (
            SELECT row.*, said.words, seen.place, seen.where_text
            FROM _fd_row AS row
            LEFT JOIN _fd_words AS said ON row.rule = said.rule AND row.n = said.n
            LEFT JOIN (
                SELECT
                    rule,
                    n,
                    min(place) AS place,
                    arg_min(concat_ws('|', dataset, file, sheet, row), place) AS where_text
                FROM _fd_evidence GROUP BY rule, n
            ) AS seen ON row.rule = seen.rule AND row.n = seen.n
        ),
        named AS (
            -- a subject without a key (a card holder known by name) is told by name and place, else by where it stands
            SELECT
                placed.* EXCLUDE (key_text),
                COALESCE(
                    key_text,
                    'n:' || name || '|' || COALESCE(township, '') || '|' || COALESCE(village, ''),
                    'w:' || COALESCE(where_text, '')
                ) AS subject
            FROM placed
        ),
        ordered AS (
            SELECT
                *,
                row_number() OVER (
                    PARTITION BY rule, subject ORDER BY period NULLS LAST, place NULLS LAST, words
                ) AS turn
            FROM named
        ),
        subject AS (
            SELECT
                rule,
                subject,
                arg_min(person_key, turn) AS person_key,
                arg_min(name, turn) AS name,
                arg_min(township, turn) AS township,
                arg_min(village, turn) AS village,
                arg_min(household_key, turn) AS household_key,
                min(period) AS period,
                list(DISTINCT period) FILTER (WHERE period IS NOT NULL) AS months,
                TRY_CAST(sum(amount) AS DECIMAL(14, 2)) AS amount,
                min(confidence) AS confidence,
                bool_and(is_named_by_key) AS is_named_by_key,
                arg_min(n, turn) AS first,
                list(n ORDER BY turn) AS rows
            FROM ordered GROUP BY rule, subject
        ),
        entry AS (
            SELECT
                named.rule, named.subject, dataset, file, sheet, row, month,
                min(part) AS part, min(evidence.place) AS place
            FROM _fd_evidence AS evidence
            INNER JOIN named ON evidence.rule = named.rule AND evidence.n = named.n
            GROUP BY ALL
        ),
        evidence AS (
            SELECT
                rule,
                subject,
                '[' || string_agg(
                    '{{"dataset": ' || to_json(dataset) || ', "file": ' || to_json(file)
                    || ', "sheet": ' || to_json(COALESCE(sheet, '')) || ', "row": ' || row
                    || CASE WHEN month IS NULL THEN '' ELSE ', "month": ' || to_json(month) END || '}}',
                    ', ' ORDER BY part, month NULLS FIRST, place
                ) || ']' AS evidence
            FROM entry GROUP BY rule, subject
        ),
        person AS (
            SELECT {columns} FROM (
                SELECT
                    {columns},
                    row_number() OVER (PARTITION BY person_key ORDER BY source_rank, name, township, village) AS choice
                FROM _fd_known
            ) WHERE choice = 1
        )
        SELECT
            subject.* EXCLUDE (is_named_by_key) REPLACE (
                COALESCE(subject.name, person.name, CASE WHEN is_named_by_key THEN subject.subject END) AS name,
                COALESCE(subject.township, person.township) AS township,
                COALESCE(subject.village, person.village) AS village,
                COALESCE(subject.household_key, person.household_key) AS household_key
            ),
            COALESCE(evidence.evidence, '[]') AS evidence
        FROM subject
        LEFT JOIN evidence ON subject.rule = evidence.rule AND subject.subject = evidence.subject
        LEFT JOIN person ON subject.person_key = person.person_key
        ORDER BY subject.rule, subject.subject
    """


def _with_facts(found: pa.Table, shape: Shape, rows: pa.Table) -> pa.Table:
    """The subjects of a rule with its facts, taken from its rows."""
    first, turns = found["first"], found["rows"].combine_chunks()
    table = found.drop_columns(["rule", "first", "rows"])
    for fact in shape.facts:
        column = rows[fact]
        table = table.append_column(fact, _joined(column, turns) if fact in shape.lists else column.take(first))
    return table


def _joined(column: pa.ChunkedArray, turns: pa.ListArray) -> pa.Array:
    """The lists of each subject's rows, one after the other. turns: numbers of each subject's rows."""
    lists = column.take(turns.flatten()).combine_chunks()
    ends = _ends(pc.list_value_length(lists))
    return pa.LargeListArray.from_arrays(ends.take(_ends(turns.value_lengths())), lists.flatten())


def _ends(lengths: pa.Array) -> pa.Array:
    """0, then where each of several stretches laid one after the other ends. lengths: NULL = 0."""
    return pa.concat_arrays([pa.array([0], pa.int64()), pc.cumulative_sum(pc.fill_null(lengths.cast(pa.int64()), 0))])
