"""The inbox: where uploaded files wait to be read. They hold clear identity numbers and go as soon as possible."""

from __future__ import annotations

import hashlib
import re
import secrets
import shutil
import time
from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile, StopFutureHandlers
from django.http import HttpRequest

#: Most files of one batch, and the most bytes of all of them together.
MAX_FILES = 100
MAX_TOTAL = 2 * 1024**3
_OFFICE_LONGEST = 60
#: Longest file name in bytes that every system takes.
_NAME_BYTES = 200
#: An upload that takes longer than this many seconds is not one any more.
_HOUR = 3600
_TABLES = frozenset(
    (
        *(".xlsx", ".xlsm", ".xltx", ".xlsb", ".xls", ".xlt", ".et", ".ett", ".ods"),
        *(".csv", ".tsv", ".tab", ".txt", ".dbf", ".htm", ".html", ".xml"),
    )
)
_ARCHIVES = frozenset((".zip", ".rar", ".7z", ".gz", ".tar"))
_BAD_SIGNS = re.compile(r'[\\/:*?"<>|\x00-\x1f\x7f]')

ACCEPT = ",".join(sorted(_TABLES))


def refusal(name: str) -> str:
    """Why a file of that name is not taken, '' if it is.

    >>> refusal("6月低保.xlsx"), refusal("~$6月低保.xlsx") != "", refusal("通知.docx") != ""
    ('', True, True)
    """
    suffix = Path(name).suffix.lower()
    if name.startswith("~$"):
        return "这是表格打开时的临时文件，请先关闭表格，再选原来的文件。"
    if name.startswith("."):
        return "这是系统的隐藏文件，不用上传。"
    if suffix in _ARCHIVES:
        return "这是压缩包，请先解压，再选里面的表格。"
    if suffix not in _TABLES:
        return "这不是表格文件。可以上传 xlsx、xls、et、ods、csv、txt、dbf 等表格。"
    return ""


def megabytes(size: int) -> str:
    """A size in words."""
    return f"{size / 1024**2:.0f} MB"


@dataclass
class Inbox:
    """A folder of files that were just uploaded.

    taken     names of the files in it, relative, with '/'
    refused   file name → why it was not taken
    """

    name: str
    taken: list[str] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)

    @property
    def path(self) -> Path:
        """Where it lies."""
        return inbox_path(self.name)

    def remove(self) -> None:
        """Takes the folder away with all that is in it."""
        shutil.rmtree(self.path, ignore_errors=True)

    def into(self, office: str) -> None:
        """Moves the files into a folder named for the office: one office's file is then told from another's."""
        place = self.path / office_folder(office)
        for name in self.taken:
            target = place / name
            target.parent.mkdir(parents=True, exist_ok=True)
            (self.path / name).rename(target)
        self.taken = [f"{place.name}/{name}" for name in self.taken]


def inbox_path(name: str) -> Path:
    """The folder of that name in the inbox."""
    return Path(settings.INBOX) / name


def inbox_new() -> Inbox:
    """A fresh folder that only we may open."""
    inbox = Inbox(secrets.token_hex(12))
    Path(settings.INBOX).mkdir(parents=True, exist_ok=True, mode=0o700)
    inbox.path.mkdir(mode=0o700)
    return inbox


def inbox_sweep(keep: Collection[str], *, gone: str | None = None) -> None:
    """Removes a folder that is done with, and what is older than an hour and belongs to no waiting batch.

    keep   folders of batches that wait or are being read
    """
    place = Path(settings.INBOX)
    for folder in place.iterdir() if place.is_dir() else ():
        if folder.name == gone or (folder.name not in keep and time.time() - folder.stat().st_mtime > _HOUR):
            shutil.rmtree(folder, ignore_errors=True)


def digests(folder: Path) -> dict[str, str]:
    """File, relative with '/', → SHA-256 of its content."""
    found = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            with path.open("rb") as content:
                found[path.relative_to(folder).as_posix()] = hashlib.file_digest(content, "sha256").hexdigest()
    return found


def office_folder(office: str) -> str:
    """An office's name as a folder every system can hold.

    >>> office_folder(" 民政局/低保中心 "), office_folder("..")
    ('民政局_低保中心', '未注明单位')
    """
    name = _BAD_SIGNS.sub("_", office.strip()).strip(". ")[:_OFFICE_LONGEST]
    return name or "未注明单位"


def _file_name(name: str, taken: list[str]) -> str:
    """The name under which a file is kept: short enough for every system, and its own."""
    path = Path(_BAD_SIGNS.sub("_", name))
    stem = path.stem.encode()[:_NAME_BYTES].decode(errors="ignore").rstrip(". ") or "表格"
    made, number = f"{stem}{path.suffix}", 1
    while made in taken:
        number += 1
        made = f"{stem}（{number}）{path.suffix}"
    return made


class InboxHandler(FileUploadHandler):
    """Writes uploaded files straight into a folder of the inbox; what is not wanted is passed over unread."""

    def __init__(self, request: HttpRequest | None = None) -> None:
        super().__init__(request)
        self.inbox: Inbox | None = None
        self.is_kept = False
        self._out: BinaryIO | None = None
        self._name = ""
        self._size = 0

    def new_file(self, field_name: str, file_name: str, *args: Any, **named: Any) -> None:
        """A file begins: refused by its name before a byte of it is looked at."""
        super().new_file(field_name, file_name, *args, **named)
        self.inbox = self.inbox or inbox_new()
        reason = refusal(file_name)
        if not reason and len(self.inbox.taken) >= MAX_FILES:
            reason = f"一次最多上传 {MAX_FILES} 个文件，请分批上传。"
        if reason:
            self.inbox.refused[file_name] = reason
            raise SkipFile
        self._name, self._size = _file_name(file_name, self.inbox.taken), 0
        self._out = (self.inbox.path / self._name).open("wb")
        raise StopFutureHandlers

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        """Some bytes of it."""
        if self._out is None or self.inbox is None:
            return raw_data
        self._size += len(raw_data)
        if self._size > settings.UPLOAD_LIMIT:
            self._drop(f"文件超过 {megabytes(settings.UPLOAD_LIMIT)} 的上限，请按乡镇或月份拆成几个文件。")
            raise SkipFile
        self._out.write(raw_data)
        return None

    def file_complete(self, file_size: int) -> UploadedFile[bytes] | None:
        """Its end."""
        if self._out is None or self.inbox is None:
            return None
        if not self._size:
            self._drop("文件是空的（0 字节），可能没有拷贝完整。")
            return None
        self._out.close()
        kept, self._out = self._out, None
        self.inbox.taken.append(self._name)
        return UploadedFile(kept, name=self._name, size=self._size)

    def discard(self) -> None:
        """Removes what came unless a batch holds it now: the view calls it, however the request ended."""
        if self._out is not None:
            self._out.close()
            self._out = None
        if self.inbox is not None and not self.is_kept:
            self.inbox.remove()

    def _drop(self, reason: str) -> None:
        if self._out is not None and self.inbox is not None:
            self._out.close()
            self._out = None
            (self.inbox.path / self._name).unlink(missing_ok=True)
            self.inbox.refused[self._name] = reason
