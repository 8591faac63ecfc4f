"""Made-up comparison results, and the fixtures of uploads."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import pyarrow as pa
from tests.web.uploads.conftest import county, deaths, deliver, place

from mingcha import api
from mingcha.findings.result import FINDING_SCHEMA, LINK_SCHEMA, RuleOutcome
from mingcha.intake.model import IntakeReport

__all__ = ["a_finding", "a_result", "county", "deaths", "deliver", "place"]


def a_finding(finding_id: str, **changes: Any) -> dict[str, Any]:
    """A row as the engine gives it, with its link."""
    plain = {
        "finding_id": finding_id,
        "rule_id": finding_id.split("-", maxsplit=1)[0],
        "severity": "red",
        "subject_kind": "person",
        "id_number": "411426********123X",
        "name": "张三",
        "household_id": f"h-{finding_id}",
        "township": "城关镇",
        "village": "东关村",
        "period": None,
        "amount": None,
        "confidence": 1.0,
        "summary": "请核实。",
        "evidence": json.dumps([{"dataset": "payment", "file": "a"}, {"dataset": "dibao_member", "file": "b"}]),
        "person_key": 7,
        "person_id": f"p-{finding_id}",
        "facts": "f1",
    }
    return {**plain, **changes}


def a_rule(rule_id: str, state: str = "ran", findings: int = 0) -> RuleOutcome:
    """What a rule did."""
    reason = "数据未提供：车辆登记。" if state == "skipped" else ""
    return RuleOutcome(
        rule_id, f"规则{rule_id}", "red", (), "", (), (), (), state, reason, findings, Decimal("1.00"), 0.1
    )


def a_result(
    *rows: dict[str, Any], rules: tuple[str, ...] = ("R01", "R02"), skipped: tuple[str, ...] = ()
) -> api.ComparisonResult:
    """A finished comparison with those findings."""
    outcomes = [a_rule(rule, findings=sum(row["rule_id"] == rule for row in rows)) for rule in rules]
    outcomes += [a_rule(rule, "skipped") for rule in skipped]
    return api.ComparisonResult(
        as_of=date(2023, 6, 30),
        county="夏邑县",
        folder="x",
        is_fictitious=False,
        findings=pa.Table.from_pylist(
            [{name: row[name] for name in FINDING_SCHEMA.names} for row in rows], FINDING_SCHEMA
        ),
        links=pa.Table.from_pylist([{name: row[name] for name in LINK_SCHEMA.names} for row in rows], LINK_SCHEMA),
        rejected=pa.table({}),
        intake=IntakeReport((), ()),
        rules=tuple(outcomes),
        parameters=(),
        covered={"低保": 120},
        revealed=False,
        seconds=1.5,
    )


def _table(rows: Sequence[dict[str, Any]], schema: pa.Schema) -> pa.Table:
    return pa.Table.from_pylist([{name: row[name] for name in schema.names} for row in rows], schema)
