"""Reads a folder: walks it, tells known and equal files apart by content, and hands the rest to child processes."""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from mingcha.errors import MingchaError, UsageError
from mingcha.intake.containers.limits import AHEAD, MAX_FILE_BYTES, MIB, Limits
from mingcha.intake.containers.pool import Outcome, Pool, Task, remove_unfinished
from mingcha.intake.containers.problems import problem, size_words
from mingcha.intake.containers.sink import TABLE_SUFFIXES, Event
from mingcha.intake.containers.walk import FoundFile, walk
from mingcha.intake.model import FileProblem, RawSheet
from mingcha.progress import Progress, Silent

_STAGE = "读取文件"
_HASHED_AT_ONCE = 8 * MIB


@dataclass(frozen=True)
class KnownFile:
    """A file whose content the caller already has: it was not opened."""

    file: str
    sha256: str


Item = RawSheet | FileProblem | KnownFile


def nothing_known(sha256: str, file: str) -> bool:
    """The usual answer of a caller that keeps nothing."""
    return False


def _told_nobody(file: str, sha256: str) -> None:
    """The usual answer of a caller that has nothing to do beside the reading."""


def start_readers(limits: Limits | None = None) -> Pool:
    """Child processes that read files, the first of them starting up while the caller prepares. Close them."""
    pool = Pool(limits or Limits())
    pool.prepare()
    return pool


def read_folder(
    folder: Path,
    staging: Path,
    *,
    exclude: Collection[Path] = (),
    progress: Progress | None = None,
    known: Callable[[str, str], bool] = nothing_known,
    limits: Limits | None = None,
    readers: Pool | None = None,
    begun: Callable[[str, str], None] = _told_nobody,
) -> Iterator[Item]:
    """Yields every sheet of every file below the folder, in the order of file names, and what could not be read.

    staging    the sheets' Arrow files go here; made if missing. Whoever takes a sheet may delete its file
    exclude    files and folders left out, with all below them: the output folder
    known      (sha256, file as shown) → the caller has this content: a KnownFile is yielded, the file is not opened
    readers    started before; closed when all is read. None: they start with the first file
    begun      told (file as shown, sha256) of each file that is being opened
    Some files are read ahead in child processes; closing the generator ends them.
    Raises UsageError where the folder cannot be listed, MingchaError (disk.full) where staging has no room.
    """
    run = _Run(staging, known, begun, readers or Pool(limits or Limits()))
    return run.items(folder, exclude, progress or Silent())


class _Run:
    """One pass over a folder."""

    def __init__(
        self, staging: Path, known: Callable[[str, str], bool], begun: Callable[[str, str], None], pool: Pool
    ) -> None:
        self._staging = staging
        self._known = known
        self._begun = begun
        self._pool = pool
        self._first: dict[str, str] = {}
        self._count = 0

    def items(self, folder: Path, exclude: Collection[Path], progress: Progress) -> Iterator[Item]:
        try:
            found = list(walk(folder, [*exclude, self._staging]))
        except OSError as error:
            raise UsageError(
                f"文件夹“{folder.name}”打不开或不存在。", remedy="请检查路径是否写对、是否有读取权限。"
            ) from error
        self._make_staging()
        waiting: deque[tuple[str, str, Future[Outcome] | Item]] = deque()
        done = 0
        try:
            for entry in [*found, None]:
                if entry is not None:
                    waiting.append(self._begin(entry))
                while waiting and (entry is None or len(waiting) > AHEAD):
                    file, sha256, result = waiting.popleft()
                    yield from self._finish(file, sha256, result)
                    done += 1
                    progress.step(_STAGE, done, len(found), file)
        finally:
            self._pool.close()
            self._tidy_up(waiting)

    def _tidy_up(self, waiting: Iterable[tuple[str, str, Future[Outcome] | Item]]) -> None:
        """After an early end nothing stays of files that were read ahead."""
        remove_unfinished(self._staging)
        for _, _, result in waiting:
            if isinstance(result, Future) and result.done() and not result.cancelled() and result.exception() is None:
                for event in result.result().events:
                    if event["event"] == "sheet":
                        (self._staging / event["data"]).unlink(missing_ok=True)

    def _make_staging(self) -> None:
        try:
            self._staging.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise MingchaError("不能建立暂存文件夹。", remedy="请检查磁盘空间和权限。", code="staging") from error

    def _begin(self, entry: FoundFile | FileProblem) -> tuple[str, str, Future[Outcome] | Item]:
        """Decides what becomes of a file; reading starts in the background."""
        if isinstance(entry, FileProblem):
            return entry.file, "", entry
        try:
            sha256, early = self._look_at(entry)
        except FileNotFoundError:
            sha256, early = "", problem("file.vanished", entry.file)
        except PermissionError:
            sha256, early = "", problem("file.permission", entry.file)
        except OSError:
            sha256, early = "", problem("file.disk", entry.file)
        if early is not None:
            return entry.file, sha256, early
        self._count += 1
        task = Task(entry.path, entry.size, self._staging, f"{self._count:05d}")
        outcome = self._pool.submit(task)
        self._begun(entry.file, sha256)
        return entry.file, sha256, outcome

    def _look_at(self, entry: FoundFile) -> tuple[str, Item | None]:
        """The content's hash, and what is to be said of the file without opening it."""
        if entry.size == 0:
            is_table = entry.path.suffix.lower() in TABLE_SUFFIXES
            return "", problem("file.empty" if is_table else "file.nothing", entry.file)
        if entry.size > MAX_FILE_BYTES:
            facts = {"size": size_words(entry.size), "limit": size_words(MAX_FILE_BYTES)}
            return "", problem("file.too_large", entry.file, **facts)
        with entry.path.open("rb") as file:
            sha256 = _hash_of(file, entry.size)
        first = self._first.setdefault(sha256, entry.file)
        if first != entry.file:
            return sha256, problem("file.duplicate", entry.file, first=first)
        if self._known(sha256, entry.file):
            return sha256, KnownFile(entry.file, sha256)
        return sha256, None

    def _finish(self, file: str, sha256: str, result: Future[Outcome] | Item) -> Iterator[Item]:
        if not isinstance(result, Future):
            yield result
            return
        outcome = result.result()
        if outcome.disk_full:
            raise MingchaError("磁盘空间不足，读取没有完成。", remedy="请清理磁盘后再运行一次。", code="disk.full")
        for event in outcome.events:
            yield self._item(file, sha256, event)

    def _item(self, file: str, sha256: str, event: Event) -> Item:
        if event["event"] == "problem":
            return problem(event["code"], file, sheet=event["sheet"], **event["facts"])
        return RawSheet(
            file=file,
            sheet=event["sheet"],
            sha256=sha256,
            container=event["container"],
            data=self._staging / event["data"],
            n_rows=event["n_rows"],
            n_cols=event["n_cols"],
            merged=tuple((top, left, bottom, right) for top, left, bottom, right in event["merged"]),
            hidden=event["hidden"],
            notes=tuple(event["notes"]),
            date_1904=event["date_1904"],
        )


def _hash_of(file: IO[bytes], size: int) -> str:
    """The content's hash. In large pieces: after each, Python's lock is waited for while others prepare."""
    found = hashlib.sha256()
    with memoryview(bytearray(min(size, _HASHED_AT_ONCE))) as room:
        while count := file.readinto(room):  # type: ignore[attr-defined]  # of a file opened for bytes
            found.update(room[:count])
    return found.hexdigest()
