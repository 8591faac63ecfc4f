"""Builds the table of findings from what the rules gave."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from functools import cache, partial
from typing import Any, Protocol

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from mingcha.errors import MingchaError
from mingcha.findings.ids import finding_id_2026, household_code_2026
from mingcha.findings.masking import mask_number
from mingcha.findings.merge import Named, is_list, merged, person_columns
from mingcha.findings.result import FINDING_SCHEMA, LINK_SCHEMA, SEVERITIES
from mingcha.findings.sentences import (
    Worded,
    column_words,
    list_words,
    param_words,
    scalar_words,
    sentences,
)

#: What a sentence says where nobody's name is known.
_NAMELESS = {"household": "该户", "account": "该账户", "township": "该乡镇", "unit": "该单位", "item": "该事项"}
_NAMELESS_PERSON = "（姓名不详）"

#: Clear numbers of person keys, as far as they are known: ``Vault.reveal`` of kind person over the run's segments.
Reveal = Callable[[Sequence[int]], Mapping[int, str]]

#: Key of a household or person → its code (户编号).
_Codes = Callable[[int], str]


@dataclass(frozen=True)
class Built:
    """findings: the table of findings; links: LINK_SCHEMA, one row a finding, for whoever keeps findings over runs."""

    findings: pa.Table
    links: pa.Table


class RuleHeader(Worded, Protocol):
    """What of a rule its findings need."""

    @property
    def id(self) -> str:
        """R01."""

    @property
    def severity(self) -> str:
        """red, orange, yellow or blue."""

    @property
    def subject(self) -> str:
        """Kind of its subject."""


class RuleRows(Protocol):
    """What one rule gave: ``mingcha.engines.RuleRun`` is one."""

    @property
    def rule(self) -> RuleHeader:
        """The rule."""

    @property
    def table(self) -> pa.Table | None:
        """Its rows; None where it was skipped."""

    @property
    def values(self) -> Mapping[str, Any]:
        """Parameters by local name."""


def build_findings(
    runs: Iterable[RuleRows],
    *,
    con: duckdb.DuckDBPyConnection,
    named: Callable[[], Named],
    sheets: pa.Table,
    key: bytes,
    reveal: Reveal,
    as_of: date,
    revealed: bool = False,
) -> Built:
    """The findings of a run: one a rule and subject, sorted, columns FINDING_COLUMNS (see ``result.FINDING_SCHEMA``).

    con       a connection to work on
    named     gives names and places of the persons the rows speak of (``persons_named``), months of the rows they
              rest on (``rows_named``); asked once
    sheets    one row a snapshot: sheet_id, dataset, file, sheet, roll_month
    key       the installation's key for finding ids, 32 bytes
    reveal    gives clear numbers for person keys; those it does not know stay empty
    revealed  show identity numbers in full
    Raises MingchaError should two findings get one id.
    """
    found = [run for run in runs if run.table is not None and len(run.table)]
    rows = [(run.rule.subject, run.table) for run in found if run.table is not None]
    persons = sorted(persons_named(found))
    with ThreadPoolExecutor(max_workers=1) as pool:
        # pages are opened while the rows are merged
        revealed_numbers = pool.submit(reveal, persons) if persons else None
        parts = list(zip(found, merged(con, rows, sheets, named), strict=True))
        numbers = revealed_numbers.result() if revealed_numbers else {}
    shown = numbers if revealed else {person: mask_number(number) for person, number in numbers.items()}
    ids = [_ids_of(run, part, key) for run, part in parts]
    # a person stands in findings of several rules, most often as a head of a household too
    code_of = cache(partial(household_code_2026, key))
    tables = [
        _findings_of(run, part, of_part, code_of, shown, as_of) for (run, part), of_part in zip(parts, ids, strict=True)
    ]
    table = pa.concat_tables(tables) if tables else FINDING_SCHEMA.empty_table()
    _check_ids(table)
    links = [_links_of(part, of_part, code_of) for (_, part), of_part in zip(parts, ids, strict=True)]
    return Built(_sorted(table), pa.concat_tables(links) if links else LINK_SCHEMA.empty_table())


def persons_named(runs: Iterable[RuleRows]) -> set[int]:
    """Keys of the persons who stand for the subjects of the runs' rows."""
    found: set[int] = set()
    for run in runs:
        if run.table is not None:
            for column in person_columns(run.rule.subject, run.table.column_names):
                found.update(key for key in pc.unique(run.table[column]).to_pylist() if key is not None)
    return found


def rows_named(runs: Iterable[RuleRows]) -> set[int]:
    """Ids of the source rows that the runs' rows rest on."""
    found: set[int] = set()
    for run in runs:
        for field in run.table.schema if run.table is not None else ():
            if field.name.startswith("ev_") and run.table is not None:
                column = run.table[field.name]
                values = pc.list_flatten(column) if is_list(field.type) else column
                found.update(row_id for row_id in pc.unique(values).to_pylist() if row_id is not None)
    return found


def _ids_of(run: RuleRows, part: pa.Table, key: bytes) -> list[str]:
    rule = run.rule
    return [finding_id_2026(key, rule.id, rule.subject, subject) for subject in part["subject"].to_pylist()]


def _links_of(part: pa.Table, ids: list[str], code_of: _Codes) -> pa.Table:
    persons = part["person_key"].to_pylist()
    columns = {
        "finding_id": ids,
        "person_key": persons,
        "person_id": [None if each is None else code_of(each) for each in persons],
        "facts": _digests(part),
    }
    return pa.table([pa.array(columns[each.name], each.type) for each in LINK_SCHEMA], schema=LINK_SCHEMA)


def _digests(part: pa.Table) -> list[str]:
    """A digest of what was found about each subject, equal as long as it is.

    Lists and counts are left out: they grow with every month in which nothing else has changed.
    """
    kept = [field.name for field in part.schema if field.name.startswith("fact_") and _is_lasting(field.type)]
    columns = [part[name].to_pylist() for name in sorted(kept)]
    rows = zip(*columns, strict=True) if columns else (() for _ in range(part.num_rows))
    return [hashlib.sha256(repr([str(value) for value in row]).encode()).hexdigest()[:32] for row in rows]


def _is_lasting(kind: pa.DataType) -> bool:
    return bool(
        pa.types.is_string(kind)
        or pa.types.is_large_string(kind)
        or pa.types.is_date(kind)
        or pa.types.is_boolean(kind)
    )


def _findings_of(
    run: RuleRows, part: pa.Table, ids: list[str], code_of: _Codes, numbers: Mapping[int, str], as_of: date
) -> pa.Table:
    rule, rows = run.rule, part.num_rows
    confidence = pc.fill_null(part["confidence"], 1.0)
    columns: dict[str, Any] = {
        "finding_id": ids,
        "rule_id": pa.array([rule.id] * rows),
        "severity": _severities(rule.severity, confidence),
        "subject_kind": pa.array([rule.subject] * rows),
        "id_number": [numbers.get(person) for person in part["person_key"].to_pylist()],
        "name": part["name"],
        "household_id": _households(part["household_key"], code_of),
        "township": part["township"],
        "village": part["village"],
        "period": part["period"],
        "amount": part["amount"],
        "confidence": confidence,
        "summary": _summaries(run, part, as_of),
        "evidence": part["evidence"],
    }
    arrays = []
    for field in FINDING_SCHEMA:
        column = columns[field.name]
        arrays.append(pa.array(column, field.type) if isinstance(column, list) else column.cast(field.type))
    return pa.table(arrays, schema=FINDING_SCHEMA)


def _severities(severity: str, confidence: pa.ChunkedArray) -> pa.ChunkedArray:
    # a probable match is never red: nobody is called first on a guess
    if severity != SEVERITIES[0]:
        return pc.if_else(pc.is_valid(confidence), severity, severity)
    return pc.if_else(pc.less(confidence, 1.0), SEVERITIES[1], severity)


def _households(keys: pa.ChunkedArray, code_of: _Codes) -> list[str | None]:
    return [None if each is None else code_of(each) for each in keys.to_pylist()]


def _summaries(run: RuleRows, part: pa.Table, as_of: date) -> list[str]:
    rule, rows = run.rule, part.num_rows

    def words_of(name: str) -> Callable[[str], Iterable[str]]:
        fact = f"fact_{name}"
        if fact in part.column_names:
            return lambda following: column_words(part[fact], following)
        if name == "amount":
            return lambda following: column_words(part["amount"], following)
        if name == "period":
            return lambda _: [list_words(months, scalar_words) for months in part["months"].to_pylist()]
        if name == "name":
            return lambda _: _names(rule.subject, part)
        if name in {"township", "village"}:
            return lambda _: [place or "" for place in part[name].to_pylist()]
        words = scalar_words(as_of) if name == "as_of" else param_words(rule, run.values, name)
        return lambda _: [words] * rows

    return sentences(rule.summary, _Lazy(words_of), rows)


class _Lazy(dict[str, Callable[[str], Iterable[str]]]):
    """Words of a column, made when the sentence first names it."""

    def __init__(self, make: Callable[[str], Callable[[str], Iterable[str]]]) -> None:
        super().__init__()
        self._make = make

    def __missing__(self, name: str) -> Callable[[str], Iterable[str]]:
        self[name] = self._make(name)
        return self[name]


def _names(subject: str, part: pa.Table) -> list[str]:
    if subject == "township":
        return [township or _NAMELESS[subject] for township in part["township"].to_pylist()]
    nameless = _NAMELESS.get(subject, _NAMELESS_PERSON)
    return [name or nameless for name in part["name"].to_pylist()]


def _check_ids(table: pa.Table) -> None:
    if pc.count_distinct(table["finding_id"]).as_py() != table.num_rows:
        raise MingchaError("两条疑点得到了同一个编号。", remedy="请把运行日志交给维护人员。", code="finding.id")


def _sorted(table: pa.Table) -> pa.Table:
    """By severity, rule, township, village, name, finding_id; what is not known comes last."""
    ranks = {
        "_severity": pa.array(SEVERITIES),
        "_rule": pa.array(sorted(pc.unique(table["rule_id"]).to_pylist(), key=_rule_order), pa.string()),
    }
    ranked = table.append_column("_severity", pc.index_in(table["severity"], value_set=ranks["_severity"]))
    ranked = ranked.append_column("_rule", pc.index_in(table["rule_id"], value_set=ranks["_rule"]))
    names = ("_severity", "_rule", "township", "village", "name", "finding_id")
    indices = pc.sort_indices(ranked, sort_keys=[(name, "ascending", "at_end") for name in names])
    return table.take(indices).combine_chunks()


def _rule_order(rule_id: str) -> tuple[str, int, str]:
    """R02 before R10 before R100.

    >>> sorted(["R100", "R16A", "R16", "R02"], key=_rule_order)
    ['R02', 'R16', 'R16A', 'R100']
    """
    found = re.fullmatch(r"(\D*)(\d*)(.*)", rule_id, re.DOTALL)
    return (rule_id, 0, "") if found is None else (found[1], int(found[2] or 0), found[3])


__all__ = ["Built", "Named", "Reveal", "RuleHeader", "RuleRows", "build_findings", "persons_named", "rows_named"]
