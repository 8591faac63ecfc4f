"""What a workspace knows of what was delivered: sealed originals, and with which columns a snapshot was written."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Collection, Iterator
from pathlib import Path

import pytest

from mingcha import api
from mingcha.datasets import columns_digest, load_catalogue
from mingcha.intake.containers import Limits, reading
from mingcha.intake.containers.pool import Pool, Task
from mingcha.intake.containers.walk import FoundFile
from mingcha.intake.folder import recall
from mingcha.intake.model import FileProblem
from mingcha.snapshots import Workspace

ROLL = (
    "特困人员名册\n序号,姓名,身份证号,供养方式,自理能力,乡镇,村,基本生活标准\n"
    "1,王长根,411426195001010016,分散供养,全自理,城关镇,东街村,756\n"
)


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    folder = tmp_path / "county"
    folder.mkdir()
    (folder / "特困人员名册.csv").write_text(ROLL, encoding="utf-8")
    (folder / "坏了.xlsx").write_bytes(b"PK\x03\x04 not a book")
    delivered = api.take_in(folder, tmp_path / "workspace")
    assert {file.file: bool(file.sheets) for file in delivered} == {"特困人员名册.csv": True, "坏了.xlsx": False}
    return tmp_path / "workspace"


def test_the_original_of_what_gave_a_sheet_is_kept_and_no_other(workspace: Path) -> None:
    with Workspace(workspace, is_reader=True) as space:
        readable, broken = (
            space.vault.original_path(hashlib.sha256(content).hexdigest())
            for content in (ROLL.encode(), b"PK\x03\x04 not a book")
        )
        assert b"".join(space.vault.open_file(readable)) == ROLL.encode()
        assert not broken.exists()
        assert [path for path in readable.parent.rglob("*") if path.is_file()] == [readable]


def test_a_snapshot_is_known_by_the_columns_it_was_written_with(workspace: Path) -> None:
    with Workspace(workspace, is_reader=True) as space:
        (ref,) = recall(space, space.deliveries).snapshots
    assert ref.columns == columns_digest(load_catalogue().datasets[ref.dataset])


def test_a_snapshot_of_an_earlier_version_is_looked_into(workspace: Path) -> None:
    manifest = workspace / "manifest.json"
    told = json.loads(manifest.read_text(encoding="utf-8"))
    for record in told["deliveries"].values():
        record.pop("columns", None)
    manifest.write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
    with Workspace(workspace, is_reader=True) as space:
        (ref,) = recall(space, space.deliveries).snapshots
    assert ref.columns == ""


def test_an_older_delivery_of_a_file_of_the_same_name_is_told_apart(workspace: Path) -> None:
    folder = workspace.parent / "county"
    (folder / "特困人员名册.csv").write_text(ROLL.replace("756", "757"), encoding="utf-8")
    api.take_in(folder, workspace)
    manifest = workspace / "manifest.json"
    told = json.loads(manifest.read_text(encoding="utf-8"))
    older = next(iter(told["deliveries"].values()))
    older.pop("columns")
    manifest.write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
    with Workspace(workspace, is_reader=True) as space:
        refs = recall(space, space.deliveries).snapshots
    assert [bool(ref.columns) for ref in refs] == [False, True]


def test_digests_differ_from_dataset_to_dataset() -> None:
    datasets = load_catalogue().datasets.values()
    assert len({columns_digest(dataset) for dataset in datasets}) == len(datasets)


@pytest.mark.parametrize("is_known", [False, True])
def test_who_stops_before_the_first_file_is_looked_at_waits_for_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_known: bool
) -> None:
    """The readers are closed while the thread beside has yet to hand them its first file."""
    file = tmp_path / "county" / "特困人员名册.csv"
    file.parent.mkdir()
    file.write_text(ROLL, encoding="utf-8")
    if is_known:
        api.take_in(file.parent, tmp_path / "workspace")
    closed = threading.Event()
    walk, close = reading.walk, Pool.close

    def walk_late(folder: Path, exclude: Collection[Path]) -> Iterator[FoundFile | FileProblem]:
        closed.wait(60)
        return walk(folder, exclude)

    def close_and_tell(pool: Pool) -> None:
        close(pool)
        closed.set()

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(reading, "walk", walk_late)
    monkeypatch.setattr(Pool, "close", close_and_tell)
    monkeypatch.setattr("mingcha.intake.folder.build_context", stop)
    with pytest.raises(KeyboardInterrupt):
        api.take_in(file.parent, tmp_path / "workspace")
    monkeypatch.undo()
    assert [bool(each.sheets) for each in api.take_in(file.parent, tmp_path / "workspace")] == [True]


def test_a_closed_pool_takes_no_task(tmp_path: Path) -> None:
    pool = Pool(Limits())
    pool.close()
    assert pool.submit(Task(tmp_path / "a.csv", 1, tmp_path, "t")).cancelled()
