"""After a file changed, what is read back and what is run again find what a run from scratch finds, to the byte."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from mingcha import api

AS_OF = date(2023, 6, 30)


def compared(folder: Path, workspace: Path, out: Path) -> tuple[bytes, set[str]]:
    result = api.compare(folder, as_of=AS_OF, workspace=workspace, out=out)
    return (out / "findings.csv").read_bytes(), {rule.id for rule in result.rules if rule.state == "cached"}


def halved(path: Path) -> None:
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[: len(lines) // 2]))


def test_what_is_read_back_gives_the_same_bytes_as_a_run_from_scratch(tmp_path: Path) -> None:
    folder = tmp_path / "county"
    api.simulate(folder, scale="village", seed=1, as_of=AS_OF)
    before, cached = compared(folder, tmp_path / "kept", tmp_path / "first")
    assert cached == set()
    halved(next(path for path in sorted(folder.rglob("*.csv")) if "死亡" in path.name))
    after, cached = compared(folder, tmp_path / "kept", tmp_path / "second")
    scratch, _ = compared(folder, tmp_path / "new", tmp_path / "third")
    assert after == scratch != before
    assert {"R12", "R39"} <= cached, "rules that ask nothing of deaths are not run again"
    assert "R01" not in cached


def test_files_that_come_in_another_order_give_the_same_bytes(tmp_path: Path) -> None:
    """Rows are numbered by what they are: where a rule chooses between equal rows, it is not by who came first."""
    folder, late = tmp_path / "county", tmp_path / "late"
    api.simulate(folder, scale="village", seed=1, as_of=AS_OF)
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
    scratch, _ = compared(folder, tmp_path / "new", tmp_path / "third")
    assert after == scratch
    kept, new = ({path.name for path in (tmp_path / name / "lake").rglob("*.parquet")} for name in ("kept", "new"))
    assert set() != new <= kept, "each sheet has the same number, and with it each row"
