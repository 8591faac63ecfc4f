"""After a file changed, what is read back and what is run again find what a run from scratch finds, to the byte."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from mingcha import api

AS_OF = date(2023, 6, 30)


@dataclass(frozen=True)
class Scratch:
    """A village's folder, the workspace of a run from scratch on it, and what that run found."""

    folder: Path
    workspace: Path
    findings: bytes
    cached: set[str]


@pytest.fixture(scope="module")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Scratch:
    place = tmp_path_factory.mktemp("scratch")
    api.simulate(place / "county", scale="village", seed=1, as_of=AS_OF)
    findings, cached = compared(place / "county", place / "workspace", place / "out")
    return Scratch(place / "county", place / "workspace", findings, cached)


def compared(folder: Path, workspace: Path, out: Path) -> tuple[bytes, set[str]]:
    result = api.compare(folder, as_of=AS_OF, workspace=workspace, out=out)
    return (out / "findings.csv").read_bytes(), {rule.id for rule in result.rules if rule.state == "cached"}


def halved(path: Path) -> None:
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[: len(lines) // 2]))


def test_what_is_read_back_gives_the_same_bytes_as_a_run_from_scratch(scratch: Scratch, tmp_path: Path) -> None:
    folder = shutil.copytree(scratch.folder, tmp_path / "county")
    kept = shutil.copytree(scratch.workspace, tmp_path / "kept")
    assert scratch.cached == set()
    halved(next(path for path in sorted(folder.rglob("*.csv")) if "死亡" in path.name))
    after, cached = compared(folder, kept, tmp_path / "second")
    anew, _ = compared(folder, tmp_path / "new", tmp_path / "third")
    assert after == anew != scratch.findings
    assert {"R12", "R39"} <= cached, "rules that ask nothing of deaths are not run again"
    assert "R01" not in cached


def test_files_that_come_in_another_order_give_the_same_bytes(scratch: Scratch, tmp_path: Path) -> None:
    """Rows are numbered by what they are: where a rule chooses between equal rows, it is not by who came first."""
    folder, late = shutil.copytree(scratch.folder, tmp_path / "county"), tmp_path / "late"
    files = [path for path in sorted(folder.rglob("*")) if path.is_file() and path.parent != folder]
    waiting = files[: len(files) * 2 // 3]
    for path in waiting:
        target = late / path.relative_to(folder)
        target.parent.mkdir(parents=True, exist_ok=True)
        path.rename(target)
    compared(folder, tmp_path / "kept", tmp_path / "first")
    for path in waiting:
        (late / path.relative_to(folder)).rename(path)
    after, _ = compared(folder, tmp_path / "kept", tmp_path / "second")
    assert after == scratch.findings
    kept, new = (
        {path.name for path in (workspace / "lake").rglob("*.parquet")}
        for workspace in (tmp_path / "kept", scratch.workspace)
    )
    assert set() != new <= kept, "each sheet has the same number, and with it each row"
