"""Twelve months of payments, as the county has them, on a village that takes seconds."""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from mingcha import api
from mingcha.rules import load_rulebook
from mingcha.simulate import simulate
from mingcha.simulate.model import setting

AS_OF = date(2026, 11, 28)


def lines(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))


def subject(row: dict[str, Any], named: set[str]) -> str:
    """How the truth names the subject of a finding. named: rules about units and items."""
    return str(row["id_number"] or (row["name"] if row["rule_id"] in named else row["township"]))


def test_the_county_is_paid_for_twelve_months() -> None:
    assert {name: scale.months for name, scale in setting.SCALES.items()} == {"village": 2, "township": 2, "county": 12}


def test_planted_cases_hold_over_twelve_months(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(setting.SCALES, "village", replace(setting.SCALES["village"], months=12))
    simulate(tmp_path, scale="village", seed=3, as_of=AS_OF)
    files = sorted(path.name for path in (tmp_path / "财政局" / "银行回盘").glob("一卡通发放回盘_*.csv"))
    assert [files[0], files[-1], len(files)] == ["一卡通发放回盘_2025-11.csv", "一卡通发放回盘_2026-08.csv", 10]
    found = api.compare(tmp_path, as_of=AS_OF, reveal=True).findings.to_pylist()
    named = {rule.id for rule in load_rulebook().rules.values() if rule.subject in {"unit", "item"}}
    got = {(row["rule_id"], subject(row, named)): row["period"] or "" for row in found}
    truth = lines(tmp_path / "truth.csv")
    planted = {(line["rule_id"], line["id_number"]): line["period"] for line in truth}
    assert [key for key, period in planted.items() if key not in got or (period and got[key] != period)] == []
    assert [line for line in lines(tmp_path / "near-misses.csv") if (line["rule_id"], line["id_number"]) in got] == []
