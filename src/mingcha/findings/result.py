"""What a comparison gives: the object that outputs, command line and workbench read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

import pyarrow as pa

from mingcha.intake.model import IntakeReport

#: Columns of findings.csv, in the order promised by the contract.
FINDING_COLUMNS = (
    "finding_id",
    "rule_id",
    "severity",
    "subject_kind",
    "id_number",
    "name",
    "household_id",
    "township",
    "village",
    "period",
    "amount",
    "confidence",
    "summary",
    "evidence",
)

#: The table of findings; where something is not known the cell is null.
FINDING_SCHEMA = pa.schema(
    [
        (name, {"amount": pa.decimal128(14, 2), "confidence": pa.float64()}.get(name, pa.string()))
        for name in FINDING_COLUMNS
    ]
)

#: What ties findings of several runs together. person_key: the pseudonym of the person spoken of; person_id: its code,
#: equal in every run; facts: a digest of what was found, equal while nothing about it changed.
LINK_SCHEMA = pa.schema(
    [("finding_id", pa.string()), ("person_key", pa.int64()), ("person_id", pa.string()), ("facts", pa.string())]
)

#: Columns of the table of refused and doubtful rows, as written in rejected.csv.
REJECTED_COLUMNS = ("outcome", "file", "sheet", "row", "column", "value", "reason")

#: Severity (级别) as written in findings.csv, most urgent first.
SEVERITIES = ("red", "orange", "yellow", "blue")


@dataclass(frozen=True)
class ParameterInForce:
    """One policy parameter on the comparison date. value None = 参数未设置."""

    key: str
    value: Any
    unit: str
    effective_from: date | None
    effective_to: date | None
    region: str
    source: str
    status: str
    rules: tuple[str, ...]


@dataclass(frozen=True)
class RuleOutcome:
    """What one rule did in this run.

    state    ran, cached, skipped
    reason   Chinese sentence: why it was skipped (数据未提供 …, 参数未设置 …), or what part of it did not run
    """

    id: str
    title: str
    severity: str
    clauses: tuple[str, ...]
    finds: str
    law: tuple[str, ...]
    verify: tuple[str, ...]
    false_hits: tuple[str, ...]
    state: str
    reason: str
    findings: int
    amount: Decimal | None
    seconds: float


@dataclass(frozen=True)
class ComparisonResult:
    """A finished comparison.

    findings   Arrow table with FINDING_COLUMNS; amount DECIMAL(14,2), confidence DOUBLE, all others text; evidence is
               the JSON text of the contract; sorted by severity, rule, township, village, name, finding_id
    links      Arrow table with LINK_SCHEMA: one row a finding
    rejected   Arrow table: outcome, file, sheet, row, column, value (masked where personal), reason
    covered    programme label → persons on the roll on as_of (for the report's totals)
    view_seconds  shared view → seconds it took to work out; those an earlier run left are not among them
    """

    as_of: date
    county: str
    folder: str
    is_fictitious: bool
    findings: pa.Table
    links: pa.Table
    rejected: pa.Table
    intake: IntakeReport
    rules: tuple[RuleOutcome, ...]
    parameters: tuple[ParameterInForce, ...]
    covered: dict[str, int]
    revealed: bool
    seconds: float
    view_seconds: Mapping[str, float] = field(default_factory=dict)
