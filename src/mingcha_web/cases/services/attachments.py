"""Photos and documents of a case: told by their content, sealed on disk, opened for who may see the case."""

from __future__ import annotations

import hashlib
import os
import secrets
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from mingcha_web.access.errors import WorkbenchError, WrongState
from mingcha_web.access.guard import require
from mingcha_web.access.models import User
from mingcha_web.access.policy import Action
from mingcha_web.cases.models import Attachment, Case, State, Step
from mingcha_web.cases.services.core import case_for, log

_NONCE_BYTES = 12
_KEY_BITS = 256
_MIB = 1024 * 1024
_HEAD_BYTES = 32
_NAME_LENGTH = 200
#: (where, first bytes, type); what is none of these and no office document is not taken.
_SIGNS: tuple[tuple[int, bytes, str], ...] = (
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (8, b"WEBP", "image/webp"),
    (4, b"ftyphei", "image/heic"),
    (4, b"ftyphev", "image/heic"),
    (4, b"ftypmif1", "image/heic"),
    (0, b"%PDF-", "application/pdf"),
)
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_WORD, _EXCEL = "application/msword", "application/vnd.ms-excel"
_OFFICE = "application/vnd.openxmlformats-officedocument"
#: Part of an office document → its type.
_PARTS = {
    "word/document.xml": f"{_OFFICE}.wordprocessingml.document",
    "xl/workbook.xml": f"{_OFFICE}.spreadsheetml.sheet",
}
#: Type → endings of names it goes by, the usual one first.
_ENDINGS: Mapping[str, tuple[str, ...]] = {
    "image/jpeg": (".jpg", ".jpeg"),
    "image/png": (".png",),
    "image/webp": (".webp",),
    "image/heic": (".heic", ".heif"),
    "application/pdf": (".pdf",),
    _WORD: (".doc", ".wps"),
    _EXCEL: (".xls", ".et"),
    _PARTS["word/document.xml"]: (".docx",),
    _PARTS["xl/workbook.xml"]: (".xlsx",),
}
#: Types every browser shows by itself; the others are saved.
SHOWN = frozenset({"image/jpeg", "image/png", "image/webp"})
_WHO = (Action.CASE_VERIFY, Action.CASE_RECTIFY, Action.CASE_REVIEW)


def may_attach(user: User) -> bool:
    """Whether a person works on cases, and not only reads them."""
    return any(user.can(action) for action in _WHO)


@transaction.atomic
def attachments_add(
    *, case_id: int, files: Sequence[UploadedFile[Any]], by: User, step: Step | None = None
) -> list[Attachment]:
    """Takes files in, all or none; the same file twice is one attachment.

    Raises NotAllowed, WorkbenchError for what is not taken.
    """
    if not may_attach(by):
        require(by, Action.CASE_VERIFY)
    types = [attachment_type(file) for file in files]
    case = case_for(case_id, by=by, action=Action.CASE_READ, version=None)
    if case.state == State.CLOSED and files:
        raise WrongState("已办结的办件不能再加附件，需要时请先重新打开。")
    return [_add(case, file, kind, by, step) for file, kind in zip(files, types, strict=True)]


def attachment_add(*, case_id: int, file: UploadedFile[Any], by: User, step: Step | None = None) -> Attachment:
    """Takes one file in."""
    return attachments_add(case_id=case_id, files=[file], by=by, step=step)[0]


def _add(case: Case, file: UploadedFile[Any], content_type: str, by: User, step: Step | None) -> Attachment:
    data = file.read()
    digest = hashlib.sha256(data).hexdigest()
    known = Attachment.objects.filter(case=case, sha256=digest).first()
    if known:
        return known
    stored = secrets.token_hex(16)
    _seal(_place(stored), data, stored)
    made = Attachment.objects.create(
        case=case,
        step=step,
        name=_name(str(file.name), content_type),
        content_type=content_type,
        size=len(data),
        sha256=digest,
        stored=stored,
        by=by,
        at=timezone.now(),
    )
    log("attachment_add", made, by=by, detail={"type": content_type, "size": len(data)})
    return made


def attachment_type(file: UploadedFile[Any]) -> str:
    """The type of a file by its content; its name only tells the old office formats apart.

    Raises WorkbenchError for what is empty, too large or of no type we take, before it is read whole.
    """
    limit = settings.ATTACHMENT_LIMIT
    if file.size is None or file.size > limit:
        raise WorkbenchError(f"《{file.name}》超过{limit // _MIB}兆，没有上传。请压缩后再传。")
    if not file.size:
        raise WorkbenchError(f"《{file.name}》是空的，没有上传。")
    file.seek(0)
    head = file.read(_HEAD_BYTES)
    kind = next((kind for at, sign, kind in _SIGNS if head[at : at + len(sign)] == sign), "")
    if head.startswith(_ZIP):
        kind = _office_type(file)
    if head.startswith(_OLE):
        suffix = Path(str(file.name)).suffix.lower()
        kind = next((each for each in (_WORD, _EXCEL) if suffix in _ENDINGS[each]), "")
    file.seek(0)
    if not kind:
        raise WorkbenchError(f"《{file.name}》不是照片（jpg、png、heic、webp）、PDF、Word 或 Excel 文件，没有上传。")
    return kind


def _office_type(file: UploadedFile[Any]) -> str:
    try:
        with zipfile.ZipFile(file) as parts:
            names = set(parts.namelist())
    except (zipfile.BadZipFile, OSError, ValueError):
        return ""
    return next((kind for part, kind in _PARTS.items() if part in names), "")


def _name(given: str, content_type: str) -> str:
    """The file's own name, with an ending that fits what it is."""
    path = Path(given.replace("\\", "/"))
    endings = _ENDINGS[content_type]
    ending = path.suffix if path.suffix.lower() in endings else endings[0]
    stem = "".join(sign for sign in path.stem if sign.isprintable()) or "附件"
    return f"{stem[: _NAME_LENGTH - len(ending)]}{ending}"


def attachment_bytes(attachment: Attachment) -> bytes:
    """What was uploaded. Raises WorkbenchError where the sealed file is gone or was changed."""
    try:
        sealed = _place(attachment.stored).read_bytes()
        return AESGCM(_key()).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], attachment.stored.encode())
    except (OSError, InvalidTag) as error:
        raise WorkbenchError("这个附件的文件打不开，请联系系统管理员从备份恢复。") from error


def _place(stored: str) -> Path:
    return Path(settings.ATTACHMENTS) / stored[:2] / stored


def _seal(path: Path, data: bytes, name: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    nonce = os.urandom(_NONCE_BYTES)
    draft = path.with_suffix(".part")
    draft.write_bytes(nonce + AESGCM(_key()).encrypt(nonce, data, name.encode()))
    draft.replace(path)


def _key() -> bytes:
    """The key of the attachments, made once beside the database."""
    path = Path(settings.DATA) / "attachments.key"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_suffix(f".{secrets.token_hex(4)}")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
            out.write(AESGCM.generate_key(_KEY_BITS))
        try:
            # a whole key or none, and the first one counts where two are made at the same moment
            os.link(draft, path)
        except FileExistsError:
            pass
        except OSError:  # a file system without links
            draft.replace(path)
        finally:
            draft.unlink(missing_ok=True)
    return path.read_bytes()
