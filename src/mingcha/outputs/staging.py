"""Puts the files of one comparison in place all at once, or not at all."""

from __future__ import annotations

import errno
import os
import secrets
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from xlsxwriter.exceptions import FileCreateError

from mingcha.errors import MingchaError

_DRAFT = ".mingcha-draft-"
_DAY_SECONDS = 86_400
_FULL = {errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC), errno.EFBIG}
#: what Windows says of a full disk
_FULL_ON_WINDOWS = {39, 112}


@contextmanager
def drafts(out: Path) -> Iterator[tuple[Path, Callable[[], None]]]:
    """A folder to write drafts into, and a function that moves all of them into ``out``.

    The drafts lie inside ``out``: on the same disk, so that moving cannot fail halfway through a copy, and where a
    later comparison of the surrounding folder does not look. Left without the call, all in ``out`` is as it was.
    Raises MingchaError with a Chinese sentence where the disk is full or a file is held by another program.
    """
    is_new = not out.exists()
    draft = out / f"{_DRAFT}{secrets.token_hex(4)}"
    published = False

    def publish() -> None:
        nonlocal published
        with told(out):
            _publish(draft, out)
        published = True

    with told(out):
        draft.mkdir(parents=True)
        _sweep(out, draft)
    try:
        yield draft, publish
    finally:
        shutil.rmtree(draft, ignore_errors=True)
        if is_new and not published:
            with suppress(OSError):  # somebody else put something there meanwhile
                out.rmdir()


def _sweep(out: Path, draft: Path) -> None:
    """Removes drafts a killed run left more than a day ago."""
    for old in out.glob(f"{_DRAFT}*"):
        if old != draft and time.time() - old.stat().st_mtime > _DAY_SECONDS:
            shutil.rmtree(old, ignore_errors=True)


def _publish(draft: Path, out: Path) -> None:
    names = sorted(path.name for path in draft.iterdir() if path.is_file())
    kept = draft / "kept"
    kept.mkdir()
    for name in names:
        if (out / name).is_file():
            _keep(out / name, kept / name)
    done: list[str] = []
    try:
        for name in names:
            os.replace(draft / name, out / name)
            done.append(name)
    except BaseException:
        for name in done:
            if (kept / name).exists():
                os.replace(kept / name, out / name)
            else:
                (out / name).unlink(missing_ok=True)
        raise


def _keep(path: Path, copy: Path) -> None:
    """A second name for an earlier output until all new ones are in place; a copy where the disk has no such names."""
    try:
        os.link(path, copy)
    except OSError:
        shutil.copyfile(path, copy)


@contextmanager
def told(out: Path) -> Iterator[None]:
    """Errors of the disk in the words of the office."""
    try:
        yield
    except FileCreateError as error:
        cause = error.args[0] if error.args else None
        raise _told_error(cause if isinstance(cause, OSError) else OSError(str(error)), out) from error
    except OSError as error:
        raise _told_error(error, out) from error


def _told_error(error: OSError, out: Path) -> MingchaError:
    if error.errno in _FULL or getattr(error, "winerror", None) in _FULL_ON_WINDOWS:
        return MingchaError(
            "磁盘空间不足，结果没有写出，原有的结果未动。",
            remedy="请清理磁盘或用 --out 换一个位置后重试。",
            code="disk.full",
        )
    if isinstance(error, PermissionError):
        return MingchaError(
            f"写不进结果文件夹“{out.name}”，原有的结果未动。",
            remedy="请关闭正打开着的结果文件（Excel、浏览器），或检查文件夹的写入权限后重试。",
            code="output.denied",
        )
    return MingchaError(
        f"结果文件夹“{out.name}”写入失败，原有的结果未动。",
        remedy="请检查磁盘，或用 --out 换一个位置后重试。",
        code="output.failed",
    )
