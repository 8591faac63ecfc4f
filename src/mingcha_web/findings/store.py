"""Stores what a comparison found: findings as they stand now, and that this run saw them.

Called inside the transaction that ends the run. Everything is read and written in bulk: the number of statements grows
with the number of chunks, never with single findings.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice
from typing import Any, TypeVar, cast

from django.db import connection
from django.db.models import Field

from mingcha import api
from mingcha_web.findings.models import Finding, FindingState, Sighting, Source
from mingcha_web.runs.models import Run

T = TypeVar("T")

#: Dataset a finding rests on → programme. The first that tells decides; a prefix ends in ``_``.
PROGRAMS = (
    ("dibao_", "低保"),
    ("tekun_", "特困"),
    ("child", "孤儿和事实无人抚养儿童"),
    ("disability_subsidy", "残疾人两项补贴"),
    ("low_income_", "低保边缘和刚性支出"),
)
_HELP = "blue"
_CHUNK = 5000
_KEPT = frozenset({FindingState.CASED, FindingState.SETTLED, FindingState.OPEN})
_MOST_ROWS = 500
#: Fields that are written, in their order.
COLUMNS = (
    *("finding_id", "rule_id", "rule_title", "severity", "subject_kind", "person_key", "id_masked", "name"),
    *("person_id", "household_id", "township", "village", "program", "period", "amount", "confidence", "summary"),
    *("evidence", "facts", "source", "state", "is_current", "is_help", "first_run", "last_run", "cleared_facts"),
    *("first_seen_on", "last_seen_on"),
)
#: Fields that keep their first value when the finding is reported again.
_FIRST = frozenset({"finding_id", "source", "first_run", "first_seen_on", "cleared_facts"})
_PREPARED = ("amount", "evidence", "first_seen_on")


@dataclass(frozen=True)
class Stored:
    """How many findings the run has, and against the run before: new, continuing, gone."""

    findings: int
    new: int
    continuing: int
    gone: int


@dataclass(frozen=True)
class _Known:
    """What the database knows of a finding."""

    state: str
    cleared_facts: str


def findings_store(*, run: Run, result: api.ComparisonResult) -> Stored:
    """Upserts the findings of a comparison and their sightings.

    A CLEARED finding stays silent while its facts are those it was cleared with, else it is OPEN again; a GONE one that
    is back is OPEN. An OPEN one that is no longer reported is GONE. Rules that were skipped say nothing: their findings
    stay as they are, and are not counted as gone.
    """
    known = _known()
    titles = {rule.id: rule.title for rule in result.rules}
    made = sum(_upsert(rows) for rows in _chunks(_rows(run, result, titles, known), _rows_a_statement()))
    _sight(run)
    judged = [rule.id for rule in result.rules if rule.state != "skipped"]
    _end_gone(run, judged)
    return _compared(run, made, judged)


def _known() -> dict[str, _Known]:
    rows = Finding.objects.select_for_update().filter(source=Source.COMPARISON).order_by()
    names = rows.values_list("finding_id", "state", "cleared_facts")
    return {finding_id: _Known(state, cleared) for finding_id, state, cleared in names.iterator(chunk_size=_CHUNK)}


def _rows(
    run: Run, result: api.ComparisonResult, titles: Mapping[str, str], known: Mapping[str, _Known]
) -> Iterator[list[Any]]:
    """The values of each finding, in the order of COLUMNS, as the database takes them."""
    links = {row["finding_id"]: row for batch in result.links.to_batches(_CHUNK) for row in batch.to_pylist()}
    prepared = {name: _field(name) for name in _PREPARED}
    as_of = prepared["first_seen_on"].get_db_prep_save(run.as_of, connection)
    for batch in result.findings.to_batches(_CHUNK):
        for row in batch.to_pylist():
            values = _values(row, links.get(row["finding_id"], {}), titles, known.get(row["finding_id"]))
            values |= {"first_run": run.pk, "last_run": run.pk, "first_seen_on": as_of, "last_seen_on": as_of}
            for name in ("amount", "evidence"):
                values[name] = prepared[name].get_db_prep_save(values[name], connection)
            yield [values[name] for name in COLUMNS]


def _field(name: str) -> Field[Any, Any]:
    """A column of the model, never a relation from elsewhere."""
    return cast("Field[Any, Any]", Finding._meta.get_field(name))


def _values(
    row: Mapping[str, Any], link: Mapping[str, Any], titles: Mapping[str, str], known: _Known | None
) -> dict[str, Any]:
    evidence = json.loads(row["evidence"] or "[]")
    facts = _text(link.get("facts"), 64)
    return {
        "finding_id": row["finding_id"],
        "rule_id": row["rule_id"],
        "rule_title": _text(titles.get(row["rule_id"]), 60),
        "severity": row["severity"],
        "subject_kind": _text(row["subject_kind"], 10),
        "person_key": link.get("person_key"),
        "id_masked": _text(row["id_number"], 20),
        "name": _text(row["name"], 80),
        "person_id": _text(link.get("person_id"), 20),
        "household_id": _text(row["household_id"], 20),
        "township": _text(row["township"], 60),
        "village": _text(row["village"], 80),
        "program": program_of(place.get("dataset", "") for place in evidence),
        "period": _text(row["period"], 7),
        "amount": row["amount"],
        "confidence": 1.0 if row["confidence"] is None else row["confidence"],
        "summary": _text(row["summary"], None),
        "evidence": evidence,
        "facts": facts,
        "source": str(Source.COMPARISON),
        "state": str(_state(known, facts)),
        "is_current": True,
        "is_help": row["severity"] == _HELP,
        "cleared_facts": "",
    }


def _upsert(rows: Sequence[Sequence[Any]]) -> int:
    """One statement for many rows: building a model object for each would take most of the time."""
    with connection.cursor() as cursor:
        cursor.execute(_upsert_sql(len(rows)), [value for row in rows for value in row])
    return len(rows)


@cache
def _upsert_sql(rows: int) -> str:
    def quoted(name: str) -> str:
        return connection.ops.quote_name(str(_field(name).column))

    holders = f"({', '.join(['%s'] * len(COLUMNS))})"
    updates = ", ".join(f"{quoted(name)} = excluded.{quoted(name)}" for name in COLUMNS if name not in _FIRST)
    return (
        f"INSERT INTO {connection.ops.quote_name(Finding._meta.db_table)} ({', '.join(map(quoted, COLUMNS))}) "
        f"VALUES {', '.join([holders] * rows)} ON CONFLICT ({quoted('finding_id')}) DO UPDATE SET {updates}"
    )


def _rows_a_statement() -> int:
    return min(_MOST_ROWS, (connection.features.max_query_params or _MOST_ROWS * len(COLUMNS)) // len(COLUMNS))


def _sight(run: Run) -> None:
    """That this run saw what it reported: the database copies from the rows just written."""
    name = connection.ops.quote_name
    finding, sighting = name(Finding._meta.db_table), name(Sighting._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {sighting} (run_id, finding_id, amount, facts) "
            f"SELECT last_run_id, id, amount, facts FROM {finding} WHERE last_run_id = %s",
            [run.pk],
        )


def _state(known: _Known | None, facts: str) -> str:
    if known is None:
        return FindingState.OPEN
    if known.state == FindingState.CLEARED:
        return FindingState.CLEARED if known.cleared_facts == facts else FindingState.OPEN
    return known.state if known.state in _KEPT else FindingState.OPEN


def program_of(datasets: Iterable[str]) -> str:
    """The programme that the datasets of the evidence speak of, '' if none does.

    >>> program_of(["payment", "tekun_person", "dibao_member"]), program_of(["payment"])
    ('特困', '')
    """
    for dataset in datasets:
        for sign, program in PROGRAMS:
            if dataset == sign or (sign.endswith("_") and dataset.startswith(sign)):
                return program
    return ""


def _end_gone(run: Run, judged: list[str]) -> None:
    """What the rules that ran no longer report."""
    missing = Finding.objects.filter(source=Source.COMPARISON, is_current=True, rule_id__in=judged).exclude(
        last_run=run
    )
    missing.filter(state=FindingState.OPEN).update(state=FindingState.GONE, is_current=False)
    missing.update(is_current=False)


def _compared(run: Run, made: int, judged: list[str]) -> Stored:
    if run.before_id is None:
        return Stored(made, made, 0, 0)
    before = Sighting.objects.filter(run_id=run.before_id)
    continuing = Sighting.objects.filter(run=run, finding__in=before.values("finding_id")).count()
    here = Sighting.objects.filter(run=run).values("finding_id")
    gone = before.filter(finding__rule_id__in=judged).exclude(finding__in=here).count()
    return Stored(made, made - continuing, continuing, gone)


def _text(value: Any, longest: int | None) -> str:
    return "" if value is None else str(value)[:longest]


def _chunks(rows: Iterable[T], size: int) -> Iterator[list[T]]:
    source = iter(rows)
    while chunk := list(islice(source, size)):
        yield chunk
