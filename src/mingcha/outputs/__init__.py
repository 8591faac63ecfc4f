"""The files of a comparison: findings.csv, findings.xlsx, report.html, intake.json, rejected.csv."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from mingcha.findings.result import ComparisonResult
from mingcha.outputs.csv_files import write_findings_csv, write_rejected_csv
from mingcha.outputs.digest import Digest
from mingcha.outputs.intake_json import write_intake_json
from mingcha.outputs.report import write_report
from mingcha.outputs.staging import drafts, told
from mingcha.outputs.workbook import write_workbook

__all__ = ["OUTPUT_FILES", "staged_outputs", "write_outputs"]

#: Names of the files, as promised.
OUTPUT_FILES = ("findings.csv", "findings.xlsx", "report.html", "intake.json", "rejected.csv")


def write_outputs(result: ComparisonResult, out: Path) -> None:
    """Writes all output files into ``out`` (made if need be); earlier ones are replaced together or not at all.

    Raises MingchaError where the disk is full or a file is held by another program; then all is as it was.
    """
    with staged_outputs(result, out) as publish:
        publish()


@contextmanager
def staged_outputs(result: ComparisonResult, out: Path) -> Iterator[Callable[[], None]]:
    """As ``write_outputs`` in two steps: all files are written when the block begins; the call puts them in place.

    Something that may fail can stand between the two: left without the call, earlier outputs are as they were.
    """
    with drafts(out) as (draft, publish):
        with told(out):
            _write_all(Digest(result), draft)
        yield publish


def _write_all(digest: Digest, folder: Path) -> None:
    result = digest.result
    write_findings_csv(result.findings, folder / "findings.csv")
    write_rejected_csv(result.rejected, folder / "rejected.csv")
    write_intake_json(result, folder / "intake.json")
    write_workbook(digest, folder / "findings.xlsx")
    write_report(digest, folder / "report.html")
