"""Which encoding a text file is in, and its lines in that encoding.

Offices send UTF-8 (with and without mark), GBK and GB18030, UTF-16 from Excel's "Unicode text", and files glued
together from several of them. A declared encoding is believed only if the bytes agree.
"""

from __future__ import annotations

import codecs
import io
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

_CHUNK = 1 << 20
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (b"\x84\x31\x95\x33", "gb18030"),
)
MIXED = "mixed"
_CHANCE = 6  # characters that GBK text may pass for UTF-8 by chance (联通 does, for two)


@dataclass(frozen=True)
class Encoding:
    """How to decode a file.

    codec     a Python codec, or MIXED: each line decides for itself between UTF-8 and GB18030
    has_nul   the bytes hold NULs that are no part of UTF-16: they are dropped
    has_quote there may be a quotation mark somewhere in the file
    """

    codec: str
    has_nul: bool = False
    has_quote: bool = True


def encoding_of_head(head: bytes) -> str | None:
    """The encoding that a byte order mark or the pattern of NULs tells, else None.

    >>> encoding_of_head("姓名,1\\r\\n".encode("utf-16-le"))
    'utf-16-le'
    """
    for mark, codec in _MARKS:
        if head.startswith(mark):
            return codec
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if odd > 4 * even and odd * 20 > len(head):
        return "utf-16-le"
    if even > 4 * odd and even * 20 > len(head):
        return "utf-16-be"
    return None


def likely_encoding(path: Path) -> Encoding | None:
    """What ``find_encoding`` will say if the file goes on as it begins, with neither quotation marks nor NULs.

    None where the beginning leaves doubts. Raises OSError.
    """
    with path.open("rb") as file:
        head = file.read(1 << 16)
    codec = encoding_of_head(head) or "utf-8"
    if not codec.startswith("utf-8") or b"\0" in head or b'"' in head:
        return None
    utf8, national = _Judge("utf-8"), _Judge("gb18030")
    utf8.look_at(head)
    national.look_at(head)
    if utf8.agrees:
        return Encoding(codec, has_quote=False)
    # the first misfit decides: whatever follows, UTF-8 is out
    is_national = codec == "utf-8" and national.agrees and utf8.characters <= _CHANCE
    return Encoding("gb18030", has_quote=False) if is_national else None


def find_encoding(path: Path) -> Encoding:
    """Reads the whole file once: an 8-bit encoding shows itself by what it refuses, and that may come late.

    Raises OSError.
    """
    with path.open("rb") as file:
        head = file.read(1 << 16)
        told = encoding_of_head(head)
        if told is not None:
            return Encoding(told)
        file.seek(0)
        utf8, national = _Judge("utf-8"), _Judge("gb18030")
        has_nul = has_quote = False
        while chunk := file.read(_CHUNK):
            has_nul = has_nul or b"\0" in chunk
            has_quote = has_quote or b'"' in chunk
            utf8.look_at(chunk)
            national.look_at(chunk)
            if not utf8.agrees and not national.agrees:
                break
    if utf8.agrees:
        return Encoding("utf-8", has_nul, has_quote)
    # GBK never passes for UTF-8 over several characters; the other way round it may
    is_mixed = utf8.characters > _CHANCE or not national.agrees
    return Encoding(MIXED if is_mixed else "gb18030", has_nul, has_quote or is_mixed)


class _Judge:
    """Whether all bytes so far fit a codec, and how many characters beyond ASCII did before the first misfit.

    A character cut off at the file's end is no objection.
    """

    def __init__(self, codec: str) -> None:
        self.agrees = True
        self.characters = 0
        self._decoder = codecs.getincrementaldecoder(codec)()

    def look_at(self, chunk: bytes) -> None:
        """Takes the next bytes into account."""
        if not self.agrees:
            return
        try:
            self._decoder.decode(chunk)
        except UnicodeDecodeError as error:
            self.agrees = False
            fitting = error.object[: error.start].decode(error.encoding, "ignore")
            self.characters += len(fitting) - len(fitting.encode("ascii", "ignore"))
        else:
            self.characters += 0 if chunk.isascii() else _CHANCE // 2


def text_lines(path: Path, encoding: Encoding) -> Iterator[str]:
    """The file's lines with their ends (\\n, \\r or \\r\\n); undecodable bytes become �.

    Raises OSError.
    """
    if encoding.codec == MIXED:
        yield from _mixed_lines(path, encoding)
        return
    with path.open("r", encoding=encoding.codec, errors="replace", newline="") as file:
        yield from (line.lstrip("\ufeff") for line in islice(file, 1))
        if encoding.has_nul:
            yield from (line.replace("\0", "") for line in file)
        else:
            yield from file


def text_chunks(path: Path, encoding: Encoding) -> Iterator[str]:
    """The file's text in large pieces, for parsers that find line ends themselves. Raises OSError."""
    if encoding.codec == MIXED:
        yield from _mixed_lines(path, encoding)
        return
    with path.open("r", encoding=encoding.codec, errors="replace", newline="") as file:
        while chunk := file.read(_CHUNK):
            yield chunk.lstrip("\ufeff").replace("\0", "") if encoding.has_nul else chunk.lstrip("\ufeff")


def _mixed_lines(path: Path, encoding: Encoding) -> Iterator[str]:
    with path.open("rb") as file:
        for raw in file:
            line = decode_line(raw)
            if encoding.has_nul:
                line = line.replace("\0", "")
            yield from io.StringIO(line, newline="")


def decode_line(raw: bytes) -> str:
    """A line in whichever of the two encodings fits; a line of UTF-8 with a damaged byte stays UTF-8."""
    text = raw.decode("utf-8", "replace")
    bad = text.count("�")
    good = len(text) - len(text.encode("ascii", "ignore")) - bad
    return text if good >= 2 * bad else raw.decode("gb18030", "replace")


def decode_head(head: bytes) -> str:
    """The beginning of a file as text good enough to recognise what it is; never raises."""
    told = encoding_of_head(head)
    if told is not None:
        return head.decode(told, "replace")
    try:
        return codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return "".join(map(decode_line, head.splitlines(keepends=True)))
