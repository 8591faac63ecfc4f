"""intake.json: what became of every file and sheet."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from mingcha.findings.result import ComparisonResult
from mingcha.intake.model import FileProblem, IntakeReport, SheetReport
from mingcha.outputs.words import dataset_title


def write_intake_json(result: ComparisonResult, path: Path) -> None:
    """Per sheet what was recognised, read, accepted, doubtful and rejected; files that were not read; totals."""
    document = {
        "as_of": result.as_of.isoformat(),
        "county": result.county,
        "sheets": [sheet_entry(sheet) for sheet in result.intake.sheets],
        "files": [_problem(problem) for problem in result.intake.problems],
        "totals": intake_totals(result.intake),
    }
    # a file name that is no valid text becomes a JSON escape
    with path.open("w", encoding="utf-8", errors="backslashreplace", newline="\n") as out:
        json.dump(document, out, ensure_ascii=False, indent=1)
        out.write("\n")


def sheet_entry(sheet: SheetReport) -> dict[str, Any]:
    """One sheet's report as JSON has it."""
    return {
        "file": sheet.file,
        "sheet": sheet.sheet,
        "dataset": sheet.dataset,
        "dataset_title": dataset_title(sheet.dataset) if sheet.dataset else None,
        "header_row": sheet.header_rows[-1] if sheet.header_rows else None,
        "header_rows": list(sheet.header_rows),
        "columns": dict(sheet.columns),
        "read": sheet.read,
        "accepted": sheet.accepted,
        "doubtful": sheet.doubtful,
        "rejected": sheet.rejected,
        "skipped": dict(sheet.skipped),
        "reasons": _by_count(sheet.reasons.items()),
        "doubts": _by_count(sheet.doubts.items()),
        "month": sheet.roll_month,
        "confidence": round(sheet.confidence, 4),
        "nearest": [
            {"dataset": name, "dataset_title": dataset_title(name), "score": round(score, 4)}
            for name, score in sheet.nearest
        ],
        "unfit": list(sheet.unfit),
        "fingerprint": sheet.fingerprint,
        "notes": list(sheet.notes),
    }


def _by_count(reasons: Iterable[tuple[str, int]]) -> dict[str, int]:
    return dict(sorted(reasons, key=lambda pair: (-pair[1], pair[0])))


def _problem(problem: FileProblem) -> dict[str, str]:
    return {
        "file": problem.file,
        "outcome": problem.outcome,
        "code": problem.code,
        "message": problem.message,
    }


def intake_totals(intake: IntakeReport) -> dict[str, int]:
    """Counts over all: files and sheets, sheets recognised or not, rows by outcome, files left aside by outcome."""
    outcomes = Counter(problem.outcome for problem in intake.problems)
    return {
        "files": len({sheet.file for sheet in intake.sheets}),
        "sheets": len(intake.sheets),
        "recognised": sum(1 for sheet in intake.sheets if sheet.dataset),
        "unrecognised": sum(1 for sheet in intake.sheets if not sheet.dataset),
        "read": sum(sheet.read for sheet in intake.sheets),
        "accepted": sum(sheet.accepted for sheet in intake.sheets),
        "doubtful": sum(sheet.doubtful for sheet in intake.sheets),
        "rejected": sum(sheet.rejected for sheet in intake.sheets),
        "skipped": sum(sum(sheet.skipped.values()) for sheet in intake.sheets),
        "ignored": outcomes["ignored"],
        "duplicate": outcomes["duplicate"],
        "failed": outcomes["failed"],
    }
