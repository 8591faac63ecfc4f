"""A workspace is as it was until a change is whole: killed at any moment, undone, or committed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from mingcha.errors import WorkspaceError
from mingcha.snapshots import Workspace, temporary_workspace

SCRIPT = """
import os, signal, sys
import pyarrow as pa, pyarrow.parquet as pq
from pathlib import Path
from mingcha.snapshots import Workspace
kill_at, calls = int(sys.argv[2]), 0
real = os.replace
def replace(a, b):
    global calls
    calls += 1
    if calls == kill_at:
        os.kill(os.getpid(), signal.SIGKILL)
    real(a, b)
os.replace = replace
with Workspace(Path(sys.argv[1])) as ws, ws.begin() as change:
    for n in range(3):
        snapshot = f"new{n}"
        pq.write_table(pa.table({"a": [n]}), change.stage(ws.snapshot("hukou", snapshot).path))
    sheets = [{"dataset": "hukou", "snapshot": f"new{n}"} for n in range(3)]
    change.add_delivery("new", {"sha256": "f", "sheets": sheets})
    change.commit()
"""


def commit_one(folder: Path, name: str = "s1") -> Path:
    with Workspace(folder) as workspace, workspace.begin() as change:
        target = workspace.snapshot("hukou", name).path
        pq.write_table(pa.table({"a": [1]}), change.stage(target))
        change.add_delivery(name, {"sha256": name, "sheets": [{"dataset": "hukou", "snapshot": name}]})
        change.commit()
    return target


def files_of(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


@pytest.mark.skipif(os.name == "nt", reason="SIGKILL is POSIX's")
@pytest.mark.parametrize("kill_at", [1, 2, 3, 4])
def test_killed_in_the_middle_the_workspace_is_as_it_was(tmp_path: Path, kill_at: int) -> None:
    commit_one(tmp_path)
    before = files_of(tmp_path)
    done = subprocess.run([sys.executable, "-c", SCRIPT, str(tmp_path), str(kill_at)], check=False)
    assert done.returncode == -signal.SIGKILL
    with Workspace(tmp_path) as workspace:
        assert workspace.delivery("new") is None
        assert workspace.delivery("s1") is not None
    assert files_of(tmp_path) == before


def test_not_killed_the_change_is_whole(tmp_path: Path) -> None:
    commit_one(tmp_path)
    subprocess.run([sys.executable, "-c", SCRIPT, str(tmp_path), "99"], check=True)
    with Workspace(tmp_path) as workspace:
        assert workspace.delivery("new") is not None
        assert all(workspace.snapshot("hukou", f"new{n}").path.exists() for n in range(3))


def test_a_change_left_by_an_error_is_undone(tmp_path: Path) -> None:
    kept = commit_one(tmp_path)
    before = files_of(tmp_path)
    with Workspace(tmp_path) as workspace:
        with pytest.raises(KeyboardInterrupt), workspace.begin() as change:
            change.stage(workspace.snapshot("hukou", "s2").path).write_bytes(b"half")
            raise KeyboardInterrupt
        assert kept.exists()
    assert files_of(tmp_path) == before


def test_two_runs_do_not_meet(tmp_path: Path) -> None:
    with Workspace(tmp_path), pytest.raises(WorkspaceError, match="正在被另一次比对使用"):
        Workspace(tmp_path)
    with Workspace(tmp_path):
        pass


def test_a_folder_of_other_files_is_refused(tmp_path: Path) -> None:
    (tmp_path / "工作报告.docx").write_bytes(b"mine")
    with pytest.raises(WorkspaceError, match="别的文件"):
        Workspace(tmp_path)
    assert [p.name for p in tmp_path.iterdir()] == ["工作报告.docx"]


def test_a_damaged_manifest_is_said_not_overwritten(tmp_path: Path) -> None:
    commit_one(tmp_path)
    (tmp_path / "manifest.json").write_text("{", encoding="utf-8")
    with pytest.raises(WorkspaceError, match="manifest"):
        Workspace(tmp_path)
    assert (tmp_path / "manifest.json").read_text(encoding="utf-8") == "{"


def test_sheet_numbers_are_never_given_twice(tmp_path: Path) -> None:
    numbers = []
    for _ in range(2):
        with Workspace(tmp_path) as workspace, workspace.begin() as change:
            numbers += [change.next_sheet_id(), change.next_sheet_id()]
            change.commit()
    assert numbers == sorted(set(numbers))


def test_a_sheet_has_the_same_number_in_any_workspace(tmp_path: Path) -> None:
    told = []
    for name, order in (("one", ["a", "b", "c"]), ("other", ["c", "a", "b"])):
        with Workspace(tmp_path / name) as workspace, workspace.begin() as change:
            told.append({token: change.sheet_id_of(token) for token in order})
            assert change.next_sheet_id() not in told[-1].values()
    assert told[0] == told[1]
    assert len(set(told[0].values())) == 3
    assert all(0 < number << 38 < 1 << 63 for number in told[0].values()), "a row's number has 63 bits"


def test_a_sheet_whose_number_is_taken_has_the_next(tmp_path: Path) -> None:
    with Workspace(tmp_path) as workspace:
        with workspace.begin() as change:
            number = change.sheet_id_of("a")
            record = {"file": "a", "sha256": "a", "problems": [], "sheets": [{"sheet_id": number, "snapshot": None}]}
            change.add_delivery("key", record)
            change.commit()
        with workspace.begin() as change:
            assert change.sheet_id_of("a") == number + 1


def test_a_temporary_workspace_leaves_nothing() -> None:
    with temporary_workspace() as workspace:
        folder = workspace.folder
        assert folder.exists()
    assert not folder.exists()
