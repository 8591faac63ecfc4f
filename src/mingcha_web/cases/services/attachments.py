"""Photos and documents of a case: told by their content, sealed on disk, opened for who may see the case."""

from __future__ import annotations

import hashlib
import os
import secrets
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from mingcha_web.access.errors import WorkbenchError
from mingcha_web.access.models import User
from mingcha_web.access.policy import Action
from mingcha_web.cases.models import Attachment, State, Step
from mingcha_web.cases.services.core import case_for, log

_NONCE_BYTES = 12
_KEY_BITS = 256
_MIB = 1024 * 1024
#: First bytes → type; what is none of these is not taken.
_SIGNS: tuple[tuple[int, bytes, str, str], ...] = (
    (0, b"\xff\xd8\xff", "image/jpeg", "jpg"),
    (0, b"\x89PNG\r\n\x1a\n", "image/png", "png"),
    (8, b"WEBP", "image/webp", "webp"),
    (4, b"ftyphei", "image/heic", "heic"),
    (4, b"ftypmif1", "image/heic", "heic"),
    (0, b"%PDF-", "application/pdf", "pdf"),
    (0, b"PK\x03\x04", "application/zip", ""),
    (0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/msword", ""),
)
_OFFICE = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "doc": "application/msword",
    "xls": "application/vnd.ms-excel",
}


@transaction.atomic
def attachment_add(*, case_id: int, file: UploadedFile, by: User, step: Step | None = None) -> Attachment:
    """Takes a file in; the same file twice is one attachment. Raises WorkbenchError for what is not taken."""
    limit = settings.ATTACHMENT_LIMIT
    if file.size is None or file.size > limit:
        raise WorkbenchError(f"《{file.name}》超过{limit // _MIB}兆，没有上传。请压缩后再传。")
    case = case_for(case_id, by=by, action=Action.CASE_READ, version=None)
    if case.state == State.CLOSED:
        raise WorkbenchError("已办结的办件不能再加附件，需要时请先重新打开。")
    data = file.read()
    content_type = kind_of(data, str(file.name))
    digest = hashlib.sha256(data).hexdigest()
    known = Attachment.objects.filter(case=case, sha256=digest).first()
    if known:
        return known
    stored = secrets.token_hex(16)
    _seal(_place(stored), data, stored)
    made = Attachment.objects.create(
        case=case,
        step=step,
        name=Path(str(file.name)).name[-200:],
        content_type=content_type,
        size=len(data),
        sha256=digest,
        stored=stored,
        by=by,
        at=timezone.now(),
    )
    log("attachment_add", made, by=by, detail={"type": content_type, "size": len(data)})
    return made


def kind_of(data: bytes, name: str) -> str:
    """The type of a file by its first bytes. Raises WorkbenchError for what is not taken."""
    suffix = Path(name).suffix.lower().lstrip(".")
    for offset, sign, content_type, _ in _SIGNS:
        if data[offset : offset + len(sign)] != sign:
            continue
        if sign.startswith(b"PK"):
            if suffix in {"docx", "xlsx"} and (b"word/" in data or b"xl/" in data):
                return _OFFICE[suffix]
            continue
        return _OFFICE.get(suffix, content_type) if content_type == "application/msword" else content_type
    raise WorkbenchError(f"《{name}》不是照片（jpg、png、heic、webp）、PDF、Word 或 Excel 文件，没有上传。")


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
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as out:
            out.write(AESGCM.generate_key(_KEY_BITS))
    return path.read_bytes()
