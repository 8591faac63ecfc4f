"""A small rule of its own folder, to be written well or badly."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

HEADER = {
    "id": "X01",
    "title": "试验规则",
    "version": "1",
    "status": "active",
    "severity": "orange",
    "clauses": "[C38]",
    "law": "[某文件第一条]",
    "subject": "person",
    "identity": "exact",
    "needs": "[tekun_person]",
    "reads": "[tekun_person]",
    "params": "{months: PL-01}",
    "finds": "满{months}个月的人员。",
    "summary": '"{name}评估于{day}，至{as_of}已满{months}个月。"',
    "false_hits": "[评估日期录错]",
    "verify": "[查评估表]",
}
SQL = """SELECT
    roll.person_key,
    roll.row_id AS ev_roll,
    roll.assess_date AS fact_day
FROM tekun_person AS roll
WHERE $as_of > ADD_MONTHS(roll.assess_date, $months)
"""

RuleWriter = Callable[..., Path]


@pytest.fixture
def write_rule(tmp_path: Path) -> RuleWriter:
    """Writes a rule; keyword arguments change header fields (None leaves one out), sql replaces the SELECT."""

    def write(sql: str = SQL, file: str = "X01_trial.sql", folder: str = "trial", **changes: str | None) -> Path:
        header = {name: value for name, value in (HEADER | changes).items() if value is not None}
        path = tmp_path / "county" / folder / file
        path.parent.mkdir(parents=True, exist_ok=True)
        lines = "\n".join(f"{name}: {value}" for name, value in header.items())
        path.write_text(f"/* ---\n{lines}\n--- */\n{sql}", encoding="utf-8")
        return path

    return write
