"""The workspace (工作区): snapshots, vault, manifest and cached results between runs.

Layout::

    manifest.json              which snapshots there are; the one file that makes them real
    lake/<dataset>/<id>.parquet
    rejects/<id>.parquet       refused and doubtful rows of that table, personal values masked
    vault/                     root key, sealed numbers, sealed originals
    cache/                     rule results by the hash of all they depend on
    staging/<run>/             a run's work until it is whole

A run writes below ``staging`` alone. Its commit moves the finished files to new names and then replaces the manifest in
one step, so a run that is killed at any moment leaves the workspace as it was: what the manifest does not name is swept
away when the workspace is next opened.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from mingcha.errors import WorkspaceError
from mingcha.snapshots.lock import FolderLock
from mingcha.vault import KeyRing, Vault, open_key_ring, turn_persons_alike

FORMAT = 1
_MARK = "mingcha-workspace"


@dataclass(frozen=True)
class SnapshotRef:
    """One snapshot: its dataset and where its Parquet file lies (in the lake, or still in a run's staging).

    columns   digest of the columns it was written with (see ``datasets.columns_digest``); '' = not known
    """

    id: str
    dataset: str
    path: Path
    columns: str = ""


#: Sheet numbers have 25 bits in a row's number. The upper half is told by the sheets, the lower is counted up.
_TOLD_SHEETS = 1 << 24


def _empty_manifest() -> dict[str, Any]:
    return {"kind": _MARK, "format": FORMAT, "next_sheet_id": 1, "deliveries": {}, "mappings": {}}


class Workspace:
    """An opened workspace; a context manager that holds its lock.

    keep_originals  the delivered files are sealed into the vault
    is_reader       opened beside a run to look something up: without the lock, nothing can be changed. What the
                    manifest names is whole at any moment and never rewritten
    Raises WorkspaceError if the folder is something else, is in use, or was written by a newer version.
    """

    def __init__(self, folder: Path, *, keep_originals: bool = True, is_reader: bool = False) -> None:
        self.folder = folder
        self.keep_originals = keep_originals
        _check_place(folder)
        folder.mkdir(parents=True, exist_ok=True)
        self._lock = None if is_reader else FolderLock(folder / "lock")
        try:
            self._manifest = self._read_manifest()
            self.keys: KeyRing = open_key_ring(folder / "vault")
            self.vault = Vault(folder / "vault", self.keys.sealing)
            if not is_reader:
                self._sweep()
        except BaseException:
            self._release()
            raise

    def turn_persons_in_sql(self) -> None:
        """Makes a workspace without deliveries one whose person keys SQL alone can make."""
        if self.deliveries:
            raise AssertionError("what was delivered has its keys already")
        self.keys = turn_persons_alike(self.folder / "vault")

    def _release(self) -> None:
        if self._lock is not None:
            self._lock.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._release()

    @property
    def mappings(self) -> Mapping[str, Any]:
        """Remembered column mappings by header fingerprint."""
        return dict(self._manifest["mappings"])

    @property
    def deliveries(self) -> tuple[str, ...]:
        """Keys of everything taken in."""
        return tuple(self._manifest["deliveries"])

    def delivery(self, key: str) -> Mapping[str, Any] | None:
        """What an earlier run made of a file of that delivery key, None if none has."""
        found: Mapping[str, Any] | None = self._manifest["deliveries"].get(key)
        return found

    def content_known(self) -> set[str]:
        """SHA-256 of every file content the workspace has taken in."""
        return {delivery["sha256"] for delivery in self._manifest["deliveries"].values()}

    def snapshot(self, dataset: str, snapshot_id: str, columns: str = "") -> SnapshotRef:
        """A snapshot of the lake. columns: as its delivery's record tells them."""
        return SnapshotRef(snapshot_id, dataset, self.folder / "lake" / dataset / f"{snapshot_id}.parquet", columns)

    def segments(self) -> list[str]:
        """Names of all vault segments, the newest first."""
        names = {
            sheet["snapshot"]
            for delivery in self._manifest["deliveries"].values()
            for sheet in delivery["sheets"]
            if sheet["snapshot"] is not None
        }
        return sorted(names, reverse=True)

    def rejects_path(self, snapshot_id: str) -> Path:
        """The refused and doubtful rows of a table."""
        return self.folder / "rejects" / f"{snapshot_id}.parquet"

    @property
    def cache(self) -> Path:
        """Folder of kept rule results."""
        return self.folder / "cache"

    def begin(self) -> Change:
        """Starts a change: a run's work, unseen by others until its commit."""
        if self._lock is None:
            raise AssertionError("a reader changes nothing")
        return Change(self)

    def _read_manifest(self) -> dict[str, Any]:
        path = self.folder / "manifest.json"
        if not path.exists():
            return _empty_manifest()
        try:
            manifest: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise WorkspaceError(
                "工作区的清单 manifest.json 读不出来。", remedy="请从备份恢复，或换一个新的工作区。"
            ) from error
        if manifest.get("format", 0) > FORMAT:
            raise WorkspaceError("这个工作区由更新的版本写成。", remedy="请先升级明察再使用。")
        return manifest

    def _named_files(self) -> set[Path]:
        named: set[Path] = set()
        for delivery in self._manifest["deliveries"].values():
            named.add(self.vault.original_path(delivery["sha256"]))
            for sheet in delivery["sheets"]:
                if sheet["snapshot"] is None:
                    continue
                named.add(self.snapshot(sheet["dataset"], sheet["snapshot"]).path)
                named.add(self.rejects_path(sheet["snapshot"]))
                named.add(self.vault.segment_path(sheet["snapshot"]))
        return named

    def _sweep(self) -> None:
        """Removes what a killed run left: its staging, and moved files whose manifest never came."""
        shutil.rmtree(self.folder / "staging", ignore_errors=True)
        named = self._named_files()
        for place in ("lake", "rejects", "vault/segments", "vault/originals"):
            for path in (self.folder / place).rglob("*.*"):
                if path.is_file() and path not in named:
                    path.unlink(missing_ok=True)


class Change:
    """A run's work in a workspace; nothing of it is seen before ``commit``. Left without commit it is undone."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._manifest = json.loads(json.dumps(workspace._manifest))
        self.staging = workspace.folder / "staging" / secrets.token_hex(6)
        self.staging.mkdir(parents=True)
        self._moves: dict[Path, Path] = {}  # target → where it lies until the commit
        self._sheet_ids: set[int | None] | None = None
        self._numbers = count()  # threads stage side by side

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        shutil.rmtree(self.staging, ignore_errors=True)

    def next_sheet_id(self) -> int:
        """A sheet number nothing else in the workspace has, of those that are counted up: sheets that were made."""
        number: int = self._manifest["next_sheet_id"]
        self._manifest["next_sheet_id"] = number + 1
        return number

    def sheet_id_of(self, token: str) -> int:
        """A sheet number nothing else in the workspace has, told by what the sheet is: sheets that were delivered.

        The same sheet has the same number in any workspace, whenever it came. Where rules must choose between rows
        that are equal in all that matters, they then choose alike in a run after a change and in one from scratch.
        Of two sheets whose numbers are the same, one pair in sixteen million, the later takes the next that is free.
        """
        if self._sheet_ids is None:
            sheets = (sheet for record in self._manifest["deliveries"].values() for sheet in record["sheets"])
            self._sheet_ids = {sheet["sheet_id"] for sheet in sheets}
        told = int.from_bytes(hashlib.sha256(token.encode()).digest()[:8], "big")
        for step in range(_TOLD_SHEETS):
            number = _TOLD_SHEETS + (told + step) % _TOLD_SHEETS
            if number not in self._sheet_ids:
                self._sheet_ids.add(number)
                return number
        raise AssertionError("millions of sheets in one workspace")

    def stage(self, target: Path) -> Path:
        """A staging path for a file that the commit will move to target (a path inside the workspace)."""
        path = self.staging / "out" / f"{next(self._numbers):06d}{target.suffix}"
        path.parent.mkdir(exist_ok=True)
        self._moves[target] = path
        return path

    def staged(self, target: Path) -> Path:
        """Where the file for target can be read now: staged if this change makes it, else in place."""
        return self._moves.get(target, target)

    def add_delivery(self, key: str, record: Mapping[str, Any]) -> None:
        """Records what one file became: ``sha256`` and ``sheets`` (JSON-able, each with dataset and snapshot).

        ``columns``, where it is there: dataset → digest of the columns its snapshots were written with.
        """
        self._manifest["deliveries"][key] = record

    def remember_mapping(self, fingerprint: str, mapping: Mapping[str, Any]) -> None:
        """Remembers a mapping somebody wrote for a header."""
        self._manifest["mappings"][fingerprint] = mapping

    def commit(self) -> None:
        """Makes the change real, all or nothing."""
        for target, path in self._moves.items():
            if path.exists():
                target.parent.mkdir(parents=True, exist_ok=True)
                os.replace(path, target)
        draft = self.staging / "manifest.json"
        with draft.open("w", encoding="utf-8") as out:
            json.dump(self._manifest, out, ensure_ascii=False)
            out.flush()
            os.fsync(out.fileno())
        os.replace(draft, self._workspace.folder / "manifest.json")
        self._workspace._manifest = self._manifest


def _check_place(folder: Path) -> None:
    if not folder.exists():
        return
    if not folder.is_dir():
        raise WorkspaceError(f"工作区“{folder.name}”不是文件夹。", remedy="请换一个位置。")
    if (folder / "manifest.json").exists() or (folder / "lock").exists():
        return
    if any(folder.iterdir()):
        # never settle in a folder of somebody's own files: sweeping would not touch them, but they would lie mixed
        raise WorkspaceError(f"文件夹“{folder.name}”里有别的文件，不能用作工作区。", remedy="请指定一个空文件夹。")


def is_workspace(folder: Path) -> bool:
    """Whether a folder is a workspace: its manifest says so."""
    try:
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(manifest, dict) and manifest.get("kind") == _MARK


@contextmanager
def temporary_workspace() -> Iterator[Workspace]:
    """A private workspace that is removed at the end, whatever happens."""
    with (
        tempfile.TemporaryDirectory(prefix="mingcha-", ignore_cleanup_errors=True) as folder,
        Workspace(Path(folder) / "workspace", keep_originals=False) as workspace,
    ):
        yield workspace
