"""From a rule's rows to one row a subject, with evidence resolved to file, sheet and row. All of it SQL on DuckDB.

Engines give rows, and lists inside rows, in any order: everything here is put in an order that depends on what the
offices delivered alone, so that two runs on the same files write the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import duckdb
import pyarrow as pa

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
_PERSON_COLUMNS = ("name", "township", "village", "household_key")


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
        with _registered(con, "_fd_given", rows.select(list(types))):
            con.execute(f"INSERT INTO {name} BY NAME SELECT * FROM _fd_given")


@contextmanager
def prepared(con: duckdb.DuckDBPyConnection, sheets: pa.Table, named: Named) -> Iterator[None]:
    """Lays out what every rule's merge reads, and clears it away at the end.

    sheets  columns sheet_id, dataset, file, sheet, roll_month
    """
    _laid_out(con, "_fd_known", _PERSON_TYPES, named.persons)
    _laid_out(con, "_fd_month", _MONTH_TYPES, named.months)
    casts = ", ".join(f"CAST({name} AS {kind}) AS {name}" for name, kind in SHEET_COLUMNS.items())
    with _registered(con, "_fd_given", sheets):
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
        for table in ("_fd_known", "_fd_month", "_fd_sheet", "_fd_row", "_fd_evidence", "_fd_person"):
            con.execute(f"DROP TABLE IF EXISTS {table}")


@contextmanager
def _registered(con: duckdb.DuckDBPyConnection, name: str, table: pa.Table) -> Iterator[None]:
    con.register(name, table)
    try:
        yield
    finally:
        con.unregister(name)


def merged(con: duckdb.DuckDBPyConnection, subject: str, rows: pa.Table) -> pa.Table:
    """One row a subject.

    subject  kind of the rule's subject
    rows     the rule's rows, columns as its SELECT gives them
    Returns columns subject (its key as text), person_key (who stands for it), name, township, village, household_key,
    period (the earliest), months (all of them), amount (their sum), confidence (the least), evidence (JSON) and the
    rule's facts: those of the first row by period, lists joined over all rows. Call inside ``prepared``.
    """
    shape = Shape.of(subject, rows.schema)
    with _registered(con, "_fd_rows", rows):
        con.execute(_number_rows(shape))
    con.execute(_resolve_evidence(shape))
    con.execute(_find_persons())
    return con.sql(_one_a_subject(shape)).to_arrow_table()


def _number_rows(shape: Shape) -> str:
    """Rows as columns of known types, each with a number n."""
    key = SUBJECT_KEYS[shape.subject][0]
    optional = [f"{shape.optional(name)} AS {name}" for name in _OPTIONAL]
    columns = [
        "row_number() OVER () AS n",
        f"CAST({key} AS VARCHAR) AS key_text",
        f"CAST({_PERSON_OF.get(shape.subject, 'NULL')} AS BIGINT) AS person_key",
        *optional,
        *shape.evidence,
        *shape.facts,
    ]
    return f"CREATE OR REPLACE TEMP TABLE _fd_row AS SELECT {', '.join(columns)} FROM _fd_rows"


def _resolve_evidence(shape: Shape) -> str:
    """Evidence one row an entry: n, part (which ev_ column), place (an order), dataset, file, sheet, row, month."""
    parts = [
        f"SELECT n, {part} AS part, UNNEST({_as_list(column, shape)}) AS row_id FROM _fd_row WHERE {column} IS NOT NULL"
        for part, column in enumerate(shape.evidence)
    ]
    named = " UNION ALL ".join(parts) or "SELECT 0 AS n, 0 AS part, 0::BIGINT AS row_id WHERE FALSE"
    source = "SELECT row_id, min(month) AS month FROM _fd_month SEMI JOIN named USING (row_id) GROUP BY row_id"
    return f"""
        CREATE OR REPLACE TEMP TABLE _fd_evidence AS
        WITH named AS ({named}), dated AS ({source})
        SELECT
            named.n,
            named.part,
            (sheet.rank << {SHEET_SHIFT}) | (named.row_id & {_PLACE_MASK}) AS place,
            sheet.dataset,
            sheet.file,
            sheet.sheet,
            (named.row_id >> {ROW_SHIFT}) & {_ROW_MASK} AS row,
            COALESCE(dated.month, sheet.roll_month) AS month
        FROM named
        INNER JOIN _fd_sheet AS sheet ON named.row_id >> {SHEET_SHIFT} = sheet.sheet_id
        LEFT JOIN dated ON named.row_id = dated.row_id
    """


def _as_list(column: str, shape: Shape) -> str:
    return f"CAST({column} AS BIGINT[])" if column in shape.lists else f"[CAST({column} AS BIGINT)]"


def _find_persons() -> str:
    """Names and places of the persons spoken of, one row each."""
    columns = ", ".join(("person_key", *_PERSON_COLUMNS))
    return f"""
        CREATE OR REPLACE TEMP TABLE _fd_person AS
        SELECT {columns} FROM (
            SELECT
                {columns},
                row_number() OVER (PARTITION BY person_key ORDER BY source_rank, name, township, village) AS choice
            FROM _fd_known SEMI JOIN _fd_row USING (person_key)
        ) WHERE choice = 1
    """


def _one_a_subject(shape: Shape) -> str:
    facts = [
        f"list_distinct(flatten(list({fact} ORDER BY turn))) AS {fact}"
        if fact in shape.lists
        else f"min(CASE WHEN turn = 1 THEN {fact} END) AS {fact}"
        for fact in shape.facts
    ]
    own_name = "subject.subject" if shape.subject in {"unit", "item"} else "NULL"
    return f"""
        WITH placed AS (
            SELECT row.*, seen.place, seen.where_text
            FROM _fd_row AS row
            LEFT JOIN (
                SELECT
                    n,
                    min(place) AS place,
                    arg_min(concat_ws('|', dataset, file, sheet, row), place) AS where_text
                FROM _fd_evidence GROUP BY n
            ) AS seen ON row.n = seen.n
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
                    PARTITION BY subject ORDER BY period NULLS LAST, place NULLS LAST, {_tie_break(shape)}
                ) AS turn
            FROM named
        ),
        subject AS (
            SELECT
                subject,
                arg_min(person_key, turn) AS person_key,
                arg_min(name, turn) AS name,
                arg_min(township, turn) AS township,
                arg_min(village, turn) AS village,
                arg_min(household_key, turn) AS household_key,
                min(period) AS period,
                list(DISTINCT period) FILTER (WHERE period IS NOT NULL) AS months,
                TRY_CAST(sum(amount) AS DECIMAL(14, 2)) AS amount,
                min(confidence) AS confidence
                {"".join(f", {fact}" for fact in facts)}
            FROM ordered GROUP BY subject
        ),
        entry AS (
            SELECT
                named.subject, dataset, file, sheet, row, month,
                min(part) AS part, min(evidence.place) AS place
            FROM _fd_evidence AS evidence INNER JOIN named ON evidence.n = named.n
            GROUP BY ALL
        ),
        evidence AS (
            SELECT
                subject,
                '[' || string_agg(
                    '{{"dataset": ' || to_json(dataset) || ', "file": ' || to_json(file)
                    || ', "sheet": ' || to_json(COALESCE(sheet, '')) || ', "row": ' || row
                    || CASE WHEN month IS NULL THEN '' ELSE ', "month": ' || to_json(month) END || '}}',
                    ', ' ORDER BY part, month NULLS FIRST, place
                ) || ']' AS evidence
            FROM entry GROUP BY subject
        )
        SELECT
            subject.* REPLACE (
                COALESCE(subject.name, person.name, {own_name}) AS name,
                COALESCE(subject.township, person.township) AS township,
                COALESCE(subject.village, person.village) AS village,
                COALESCE(subject.household_key, person.household_key) AS household_key
            ),
            COALESCE(evidence.evidence, '[]') AS evidence
        FROM subject
        LEFT JOIN evidence USING (subject)
        LEFT JOIN _fd_person AS person ON subject.person_key = person.person_key
        ORDER BY subject.subject
    """


def _tie_break(shape: Shape) -> str:
    """What decides between two rows of the same month and place: their own words."""
    own: Sequence[str] = [*shape.facts, "amount", "name"]
    return ", ".join(f"CAST({column} AS VARCHAR) NULLS LAST" for column in own)
