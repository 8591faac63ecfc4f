"""What leaves conversion: the snapshot file, refused and doubtful rows, counts, clear values for the vault."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa

from mingcha.datasets import columns_of
from mingcha.intake.convert.reasons import SCIENTIFIC, in_short, missing, sentences
from mingcha.intake.convert.sheet import TYPED, Sheet
from mingcha.intake.convert.typed import MEMBERS, Typed
from mingcha.values.sql.base import ident, lit

_PROBLEMS = "mingcha_problems"
#: Up to here the snapshot is sorted; larger sheets keep the order in which DuckDB streams them.
_SORTED_ROWS = 300_000
_ROW_GROUP = 122_880

REJECTS = pa.schema(
    [
        ("outcome", pa.string()),
        ("file", pa.string()),
        ("sheet", pa.string()),
        ("row", pa.int32()),
        ("column", pa.string()),
        ("field", pa.string()),
        ("value", pa.string()),
        ("reason", pa.string()),
    ]
)
SECRETS = pa.schema([("kind", pa.string()), ("key", pa.int64()), ("value", pa.string())])


def counts(sheet: Sheet) -> tuple[int, int, int, int]:
    """(read, accepted, doubtful, rejected)."""
    found = sheet.first(f"""
        SELECT count(*),
            count(*) FILTER (WHERE NOT is_rejected AND NOT has_problem),
            count(*) FILTER (WHERE NOT is_rejected AND has_problem),
            count(*) FILTER (WHERE is_rejected)
        FROM {TYPED}
    """)
    if found is None:
        raise AssertionError("an aggregate always gives a row")
    return int(found[0]), int(found[1]), int(found[2]), int(found[3])


def write_snapshot(sheet: Sheet, typed: Typed, sheet_id: int, kept: int, out: Path) -> None:
    """Accepted and doubtful rows as Parquet, in the columns of the dataset."""
    month = lit(sheet.plan.roll_month) if sheet.plan.roll_month else "NULL"
    county = lit(sheet.plan.county_name) if sheet.plan.county_name else "NULL"
    system = {
        "row_id": f"(CAST({sheet_id} AS BIGINT) << 38) | (CAST(row AS BIGINT) << 6) | part",
        "row_no": "row",
        "is_doubtful": "has_problem",
        "doubts": "doubts",
        "roll_month": month,
        "county_name": f"coalesce(p_county, {county})",
    }
    selected = []
    for column in columns_of(sheet.dataset):
        expr = system.get(column.name) if column.field is None else None
        if expr is None:
            expr = ident(f"c_{column.name}") if column.name in typed.columns else "NULL"
        selected.append(f"CAST({expr} AS {column.type}) AS {ident(column.name)}")
    order = "ORDER BY row, part" if kept <= _SORTED_ROWS else ""
    sheet.con.execute(f"""
        COPY (SELECT {", ".join(selected)} FROM {TYPED} WHERE NOT is_rejected {order})
        TO {lit(str(out))} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {_ROW_GROUP})
    """)


def find_problems(sheet: Sheet, typed: Typed) -> tuple[pa.Table, dict[str, int], dict[str, int]]:
    """(rejects, reasons, doubts): one row a refused or doubtful row, in sheet order; counts by short sentence."""
    fields, needs = _with_problems(sheet, typed)
    queries = [_of_field(sheet, typed, number, typed.fields[number]) for number in fields]
    queries += [_of_need(sheet, typed, number) for number in needs]
    if not queries:
        return REJECTS.empty_table(), {}, {}
    sheet.con.execute(f"CREATE OR REPLACE TEMP TABLE {_PROBLEMS} AS {' UNION ALL '.join(queries)}")
    try:
        rejects = sheet.con.sql(f"""
            SELECT any_value(outcome) AS outcome, {lit(sheet.raw.file)} AS file, {lit(sheet.raw.sheet)} AS sheet,
                CAST(row AS INTEGER) AS row, {_joined('"column"', "、")} AS "column", {_joined("field", ",")} AS field,
                {_joined("value", "、")} AS value, {_joined("reason", "；")} AS reason
            FROM {_PROBLEMS} GROUP BY row, part ORDER BY row, part
        """).to_arrow_table()
        counted = sheet.con.execute(f"""
            SELECT outcome, short, count(DISTINCT (row, part)) AS n FROM {_PROBLEMS}
            WHERE outcome = 'doubtful' OR is_refusing GROUP BY outcome, short ORDER BY n DESC, short
        """).fetchall()
    finally:
        sheet.con.execute(f"DROP TABLE IF EXISTS {_PROBLEMS}")
    reasons = {short: int(n) for outcome, short, n in counted if outcome == "rejected"}
    doubts = {short: int(n) for outcome, short, n in counted if outcome == "doubtful"}
    return rejects.cast(REJECTS), reasons, doubts


def _with_problems(sheet: Sheet, typed: Typed) -> tuple[list[int], list[int]]:
    """Numbers of the fields and of the needs that have any problem: few have."""
    problems = [f"{ident('x_' + name)} IS NOT NULL" for name in typed.fields] + [need.column for need in typed.needs]
    if not problems:
        return [], []
    asked = ", ".join(f"coalesce(bool_or({problem}), FALSE)" for problem in problems)
    found = [number for number, some in enumerate(sheet.first(f"SELECT {asked} FROM {TYPED}") or ()) if some]
    count = len(typed.fields)
    return [number for number in found if number < count], [number - count for number in found if number >= count]


def _joined(column: str, by: str) -> str:
    """All problems of a row in one cell, what refuses it first."""
    return f"string_agg({column}, {lit(by)} ORDER BY is_refusing DESC, rank)"


_OUTCOME = "CASE WHEN is_rejected THEN 'rejected' ELSE 'doubtful' END AS outcome"


def _of_field(sheet: Sheet, typed: Typed, rank: int, name: str) -> str:
    """Problems of one field. Where the field is required and nothing of it is left, this is why the row is refused."""
    problem, value = ident(f"x_{name}"), ident(f"s_{name}")
    label = sheet.header_of(name)
    texts = sentences(sheet.dataset.fields[name].type, label)
    long = " ".join(f"WHEN {lit(code)} THEN {lit(text)}" for code, text in texts.items())
    short = " ".join(f"WHEN {lit(code)} THEN {lit(in_short(text))}" for code, text in texts.items())
    other = lit(f"{label}读不出来，请核对")
    lost = f"{problem} = 'tail_lost' AND regexp_matches({value}, 'E')"
    own = [need for need in typed.needs if name in need.required.fields]
    refusing = " OR ".join(need.column for need in own) or "FALSE"
    by_code, by_short = (f"CASE {problem} {branches} ELSE {other} END" for branches in (long, short))
    science = lit(SCIENTIFIC)
    return f"""
        SELECT row, part, {rank} AS rank, {_OUTCOME}, {lit(label)} AS "column", {lit(name)} AS field, {value} AS value,
            CASE WHEN {lost} THEN {science} ELSE replace({by_code}, '{{value}}', coalesce({value}, '')) END AS reason,
            CASE WHEN {lost} THEN {science} ELSE {by_short} END AS short,
            ({refusing}) AS is_refusing
        FROM {TYPED} WHERE {problem} IS NOT NULL
    """


def _of_need(sheet: Sheet, typed: Typed, number: int) -> str:
    """Rows that lack a required value, where no problem of the cell itself tells why."""
    need = typed.needs[number]
    told = [ident(f"x_{name}") for name in need.required.fields if name in typed.fields]
    untold = f" AND coalesce({', '.join(told)}) IS NULL" if told else ""
    label = need.required.label
    sentence = lit(missing(label, has_source=need.has_source))
    field = need.required.fields[0]
    column = sheet.header_of(field)
    return f"""
        SELECT row, part, {1000 + number} AS rank, 'rejected' AS outcome, {lit(column)} AS "column",
            {lit(field)} AS field, CAST(NULL AS VARCHAR) AS value, {sentence} AS reason, {sentence} AS short,
            TRUE AS is_refusing
        FROM {TYPED} WHERE {need.column}{untold}
    """


def find_secrets(sheet: Sheet, typed: Typed) -> pa.Table:
    """Clear values of all pseudonyms in the snapshot: kind, key, value; each once."""
    queries = [
        f"SELECT '{kind}' AS kind, {ident(key)} AS key, {value} AS value FROM {TYPED} "
        f"WHERE NOT is_rejected AND {ident(key)} IS NOT NULL"
        for kind, key, value in typed.secrets
    ]
    if typed.has_members:
        queries.append(f"SELECT 'person' AS kind, key, value FROM {MEMBERS} WHERE key IS NOT NULL")
    if not queries:
        return SECRETS.empty_table()
    sql = f"SELECT DISTINCT kind, key, value FROM ({' UNION ALL '.join(queries)})"
    return sheet.con.sql(sql).to_arrow_table().cast(SECRETS)
