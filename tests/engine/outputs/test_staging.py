"""All files or none: whatever fails, earlier outputs are whole."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import Any

import pytest
from tests.engine.outputs.sample import finding, findings_table, result

from mingcha import outputs
from mingcha.errors import MingchaError
from mingcha.outputs import OUTPUT_FILES, staged_outputs, write_outputs

OLD = {name: f"old {name}".encode() for name in OUTPUT_FILES}


@pytest.fixture
def out(tmp_path: Path) -> Path:
    folder = tmp_path / "out"
    folder.mkdir()
    for name, data in OLD.items():
        (folder / name).write_bytes(data)
    (folder / "我的笔记.txt").write_text("留着", encoding="utf-8")
    return folder


def held(out: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in out.iterdir() if path.is_file() and path.name in OUTPUT_FILES}


def left_over(out: Path) -> set[str]:
    return {path.name for path in out.iterdir()} - set(OUTPUT_FILES) - {"我的笔记.txt"}


def disk_full(*_: Any, **__: Any) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


def test_all_files_are_written_and_nothing_else(tmp_path: Path) -> None:
    out = tmp_path / "a" / "b"
    write_outputs(result(), out)
    assert {path.name for path in out.iterdir()} == set(OUTPUT_FILES)


def test_earlier_outputs_are_replaced_and_other_files_left_alone(out: Path) -> None:
    write_outputs(result(), out)
    assert held(out).keys() == OLD.keys()
    assert not any(data == OLD[name] for name, data in held(out).items())
    assert (out / "我的笔记.txt").read_text(encoding="utf-8") == "留着"
    assert not left_over(out)


def test_without_publishing_nothing_changes(out: Path, tmp_path: Path) -> None:
    with staged_outputs(result(), out):
        pass
    with staged_outputs(result(), tmp_path / "new"):
        pass
    assert held(out) == OLD
    assert not left_over(out)
    assert not (tmp_path / "new").exists()


def test_an_error_between_writing_and_publishing_passes_through_untouched(out: Path) -> None:
    with pytest.raises(OSError, match="mine"), staged_outputs(result(), out):
        raise OSError("mine")
    assert held(out) == OLD
    assert not left_over(out)


@pytest.mark.parametrize(
    "writer", ["write_findings_csv", "write_rejected_csv", "write_intake_json", "write_workbook", "write_report"]
)
def test_a_full_disk_while_writing_leaves_earlier_outputs_whole(
    out: Path, monkeypatch: pytest.MonkeyPatch, writer: str
) -> None:
    monkeypatch.setattr(outputs, writer, disk_full)
    with pytest.raises(MingchaError, match="磁盘空间不足") as caught:
        write_outputs(result(), out)
    assert caught.value.code == "disk.full"
    assert held(out) == OLD
    assert not left_over(out)


@pytest.mark.parametrize("fails_at", range(5))
def test_a_file_held_open_elsewhere_rolls_all_back(out: Path, monkeypatch: pytest.MonkeyPatch, fails_at: int) -> None:
    (out / "report.html").unlink()
    replace, calls = os.replace, 0

    def stubborn(source: Any, target: Any) -> None:
        nonlocal calls
        calls += 1
        if calls == fails_at + 1:
            raise PermissionError(errno.EACCES, "in use")
        replace(source, target)

    monkeypatch.setattr(os, "replace", stubborn)
    with pytest.raises(MingchaError, match="请关闭正打开着的结果文件"):
        write_outputs(result(), out)
    assert held(out) == {name: data for name, data in OLD.items() if name != "report.html"}
    assert not left_over(out)


def test_an_interrupt_while_publishing_rolls_all_back(out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    replace, calls = os.replace, 0

    def interrupted(source: Any, target: Any) -> None:
        nonlocal calls
        calls += 1
        if calls == 3:
            raise KeyboardInterrupt
        replace(source, target)

    monkeypatch.setattr(os, "replace", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write_outputs(result(), out)
    assert held(out) == OLD


def test_where_the_folder_cannot_be_made_it_says_so(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("a file, no folder")
    with pytest.raises(MingchaError, match="out"):
        write_outputs(result(), tmp_path / "out")
    assert (tmp_path / "out").read_text() == "a file, no folder"


def test_drafts_of_a_killed_run_are_swept_away_a_day_later(out: Path) -> None:
    old, fresh = out / ".mingcha-draft-old", out / ".mingcha-draft-fresh"
    for folder in (old, fresh):
        folder.mkdir()
    os.utime(old, (0, 0))
    write_outputs(result(findings=findings_table([finding()])), out)
    assert left_over(out) == {fresh.name}
