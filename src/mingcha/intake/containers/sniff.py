"""Which container a file is, told by its content; the name is used only to word a problem."""

from __future__ import annotations

import re
import zipfile
from enum import Enum

from mingcha.intake.containers import ole
from mingcha.intake.containers.limits import (
    GIB,
    MAX_RATIO,
    MAX_UNPACKED_BYTES,
    RATIO_COUNTS_FROM,
)
from mingcha.intake.containers.problems import Unreadable, size_words
from mingcha.intake.containers.sink import Source
from mingcha.intake.containers.text import decode_head

_HEAD = 1 << 16


class Container(Enum):
    """What we read; the value is RawSheet.container."""

    XLSX = "xlsx"
    XLSB = "xlsb"
    ODS = "ods"
    XLS = "xls"
    BIFF = "biff"
    HTML = "html"
    SPREADSHEETML = "spreadsheetml"
    DBF = "dbf"
    TEXT = "text"


# first bytes → what it is; checked in order
_MAGIC: tuple[tuple[bytes, str, str], ...] = (
    (b"%PDF", "file.kind", "PDF 文档"),
    (b"\x89PNG", "file.kind", "图片"),
    (b"\xff\xd8\xff", "file.kind", "图片"),
    (b"GIF8", "file.kind", "图片"),
    (b"BM", "file.kind", "图片"),
    (b"II*\0", "file.kind", "图片"),
    (b"MM\0*", "file.kind", "图片"),
    (b"RIFF", "file.kind", "图片、录音或录像"),
    (b"{\\rtf", "file.kind", "RTF 文档"),
    (b"Rar!", "file.archive", "rar"),
    (b"7z\xbc\xaf\x27\x1c", "file.archive", "7z"),
    (b"\x1f\x8b", "file.archive", "gz"),
    (b"MZ", "file.kind", "程序文件"),
    (b"\x7fELF", "file.kind", "程序文件"),
    (b"SQLite format 3", "file.kind", "数据库文件"),
    (b"\0\x01\0\0Standard", "file.kind", "Access 数据库"),
    (b"ID;P", "file.old_excel", "SYLK"),
)
_BIFF_STARTS = (b"\x09\x00\x04\x00", b"\x09\x00\x06\x00", b"\x09\x02\x06\x00", b"\x09\x04\x06\x00", b"\x09\x08")
_OTHER_ZIPS = (("word/", "Word 文档"), ("ppt/", "演示文稿"), ("visio/", "Visio 图"), ("ofd.xml", "OFD 文档"))
_HTML = re.compile(r"<\s*(html|table|!doctype\s+html|head|body|meta|style)\b", re.IGNORECASE)
_SPREADSHEETML = re.compile(r"<(\w+:)?Workbook\b[^>]*urn:schemas-microsoft-com:office:spreadsheet", re.DOTALL)
_MHTML = re.compile(r"^(MIME-Version:|From:\s*[<\"]?(已|Saved|由))", re.IGNORECASE | re.MULTILINE)


def sniff(source: Source) -> Container:
    """The container. Raises Unreadable where it is none of ours, is encrypted or unsafe; OSError."""
    with source.path.open("rb") as file:
        head = file.read(_HEAD)
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _zip_kind(source)
    if head.startswith(ole.SIGNATURE):
        return _ole_kind(source)
    if _is_dbf(head, source.size):
        return Container.DBF
    if head.startswith(_BIFF_STARTS):
        return Container.BIFF
    for magic, code, kind in _MAGIC:
        if head.startswith(magic) and not _reads_as_text(magic, head):
            raise _not_ours(source, code, kind)
    return _text_kind(source, head)


def _reads_as_text(magic: bytes, head: bytes) -> bool:
    """Whether a magic of plain letters (BM, MZ) merely begins a text, such as pinyin headers BM,XM."""
    return magic.isalpha() and _looks_like_text(head)


def _not_ours(source: Source, code: str, kind: str) -> Unreadable:
    if source.is_named_as_table and code == "file.kind":
        return Unreadable("file.not_spreadsheet", kind=kind)
    return Unreadable(code, kind=kind)


def _zip_kind(source: Source) -> Container:
    try:
        with zipfile.ZipFile(source.path) as archive:
            parts = archive.infolist()
            _refuse_bomb(parts, source.size)
            names = [part.filename.replace("\\", "/").lower() for part in parts]
            container = _zip_container(archive, names)
            if any(part.flag_bits & 1 for part in parts):
                raise Unreadable("file.password")
    except (zipfile.BadZipFile, NotImplementedError, ValueError, EOFError) as error:
        raise Unreadable("file.corrupt" if source.is_named_as_table else "file.unknown") from error
    if container is not None:
        return container
    for start, kind in _OTHER_ZIPS:
        if any(name.startswith(start) for name in names):
            raise _not_ours(source, "file.kind", kind)
    raise Unreadable("file.wrong_content") if source.is_named_as_table else Unreadable("file.archive", kind="zip")


def _zip_container(archive: zipfile.ZipFile, names: list[str]) -> Container | None:
    if "xl/workbook.bin" in names:
        return Container.XLSB
    if any(name.startswith("xl/") and name.endswith(".xml") for name in names):
        return Container.XLSX
    if "content.xml" not in names:
        return None
    mimetype = archive.read("mimetype")[:200] if "mimetype" in names else b""
    if mimetype and b"spreadsheet" not in mimetype:
        return None
    if "meta-inf/manifest.xml" in names:
        manifest = next(part for part in archive.infolist() if part.filename.lower() == "meta-inf/manifest.xml")
        with archive.open(manifest) as file:
            if b"encryption-data" in file.read(1 << 20):
                raise Unreadable("file.password")
    return Container.ODS


def _refuse_bomb(parts: list[zipfile.ZipInfo], packed: int) -> None:
    unpacked = sum(part.file_size for part in parts)
    worst = max((part.file_size / max(part.compress_size, 1) for part in parts if part.file_size > RATIO_COUNTS_FROM),
                default=0.0)  # fmt: skip
    overlapping = sum(part.compress_size for part in parts) > packed + GIB // 1024
    if unpacked > MAX_UNPACKED_BYTES or worst > MAX_RATIO or overlapping:
        raise Unreadable("file.bomb", size=size_words(unpacked))


def _ole_kind(source: Source) -> Container:
    try:
        names = ole.OleFile(source.path).names
    except ole.Damaged as error:
        if source.is_named_as_table:
            return Container.XLS  # the reader library may be more patient; it has limits
        raise Unreadable("file.unknown") from error
    if "encryptedpackage" in names:
        raise Unreadable("file.password")
    if names & {"workbook", "book"}:
        return Container.XLS
    if "worddocument" in names:
        raise _not_ours(source, "file.kind", "Word 或 WPS 文字文档")
    if "powerpoint document" in names:
        raise _not_ours(source, "file.kind", "演示文稿")
    raise Unreadable("file.wrong_content" if source.is_named_as_table else "file.unknown")


def _is_dbf(head: bytes, size: int) -> bool:
    """dBASE: known version byte, a plausible date, a header that ends where it says with 0x0D, records that fit."""
    if len(head) < 65 or head[0] not in _DBF_VERSIONS:
        return False
    records, header, record = int.from_bytes(head[4:8], "little"), *_two_shorts(head)
    if not (65 <= header <= _HEAD and record > 1 and header <= size and head[2] <= 12 and head[3] <= 31):
        return False
    fields = (header - 33) // 32
    return fields > 0 and all(
        head[32 + 32 * n + 11 : 32 + 32 * n + 12] in _DBF_TYPES or head[32 + 32 * n : 33 + 32 * n] in b"\x0d\0"
        for n in range(min(fields, 255))
    ) and head[32 + 11 : 32 + 12] in _DBF_TYPES and records < (1 << 31)  # fmt: skip


_DBF_VERSIONS = frozenset(b"\x02\x03\x04\x05\x30\x31\x32\x43\x63\x83\x8b\xcb\xf5\xfb")
_DBF_TYPES = tuple(bytes([kind]) for kind in b"CDFLMNBGIOPQTVWY@+0")


def _two_shorts(head: bytes) -> tuple[int, int]:
    return int.from_bytes(head[8:10], "little"), int.from_bytes(head[10:12], "little")


def _looks_like_text(head: bytes) -> bool:
    """No control characters to speak of, once decoded."""
    text = decode_head(head)
    strange = sum(1 for sign in text if (sign < " " and sign not in "\t\r\n\f\x1a\0") or sign == "�")
    return strange * 50 <= len(text)


def _text_kind(source: Source, head: bytes) -> Container:
    if not _looks_like_text(head):
        raise Unreadable("file.wrong_content" if source.is_named_as_table else "file.unknown")
    text = decode_head(head)
    start = text.lstrip("\ufeff\0 \t\r\n")[:4096]
    if _SPREADSHEETML.search(text):
        return Container.SPREADSHEETML
    if _MHTML.search(start[:600]) and re.search("multipart/|text/html|quoted-printable", text, re.IGNORECASE):
        raise Unreadable("file.mhtml")
    if start.startswith("<") or _HTML.search(start[:2048]):
        if _HTML.search(text):
            return Container.HTML
        raise _xml_problem(source)
    if start[:1] in ("{", "[") and not source.is_named_as_table:
        raise Unreadable("file.kind", kind="JSON 或程序配置")
    return Container.TEXT


def _xml_problem(source: Source) -> Unreadable:
    if source.is_named_as_table:
        return Unreadable("file.wrong_content")
    return Unreadable("file.kind", kind="XML 文件")
