"""What the machine lacks is said before a run starts."""

from __future__ import annotations

import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest

from mingcha import api, machine
from mingcha.errors import MingchaError

MIB = 1 << 20


def test_memory_grows_with_the_snapshots_and_stays_within_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "installed_memory", lambda: 16_384 * MIB)
    assert machine.memory_for(0) < machine.memory_for(100 * MIB) < machine.memory_for(8000 * MIB)
    assert machine.memory_for(10**15) < 16_384 * MIB
    monkeypatch.setattr(machine, "installed_memory", lambda: 100 * MIB)
    assert machine.memory_for(0) == machine.memory_for_intake() == machine.LEAST_MEMORY


def test_this_machine_tells_what_it_has() -> None:
    installed, free = machine.installed_memory(), machine.free_memory()
    assert installed is None or free is None or 0 < free <= installed * 2


@pytest.mark.parametrize(("free", "wanted", "refused"), [(200, None, True), (300, None, False), (300, 400, True)])
def test_want_of_memory_is_said(monkeypatch: pytest.MonkeyPatch, free: int, wanted: int | None, refused: bool) -> None:
    monkeypatch.setattr(machine, "free_memory", lambda: free * MIB)
    asked = None if wanted is None else wanted * MIB
    if not refused:
        machine.check_memory(asked)
        return
    with pytest.raises(MingchaError, match="可用内存只有"):
        machine.check_memory(asked)


def test_a_full_disk_stops_a_comparison_before_it_starts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder, workspace = tmp_path / "in", tmp_path / "workspace"
    folder.mkdir()
    (folder / "a.csv").write_text("姓名,身份证号\n", encoding="utf-8")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=1 * MIB))
    with pytest.raises(MingchaError, match="磁盘剩余1MB"):
        api.compare(folder, workspace=workspace, out=tmp_path / "out")
    assert not (tmp_path / "out").exists()
    assert not list((workspace / "staging").glob("*"))
