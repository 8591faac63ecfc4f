"""The shared strings of an .xlsx book as Arrow arrays: no Python object is made for a plain one."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import IO

import pyarrow as pa
import pyarrow.compute as pc

from mingcha.intake.containers.cells import text_column_arrays
from mingcha.intake.containers.limits import MIB
from mingcha.intake.containers.readers.plain_ask import Library, NotPlain, refuse_other_encodings
from mingcha.intake.containers.readers.plain_lines import HIDDEN_SIGNS

_PIECE = 2 * MIB
_MAX_ITEM = 16 * MIB
_MAX_TEXT = 1024 * MIB  # an Arrow array of strings holds 2 GiB
_HEAD = re.compile(rb"(?:<\?xml [^<>]*\?>\s*)?<sst(?: [^<>]*)?>\s*")
_NO_STRINGS = re.compile(rb"(?:<\?xml [^<>]*\?>\s*)?<sst(?: [^<>]*)?/>\s*")
_RAW, _KEPT, _END = b"<t>", b'<t xml:space="preserve">', b"</t></si>"
_CLOSE = b"</si>"
ODD_SIGNS = (b"&", b"_x", b"\r", *HIDDEN_SIGNS)


@dataclass(frozen=True)
class Strings:
    """Text and kind of each shared string, as a raw sheet keeps them."""

    texts: pa.Array
    kinds: pa.Array


def no_strings() -> Strings:
    """The strings of a book without any."""
    return Strings(*text_column_arrays(pa.array([], pa.string())))


def read_strings(file: IO[bytes], library: Library) -> Strings:
    """Reads the part. Raises NotPlain; zipfile.BadZipFile, zlib.error, OSError on damage."""
    texts: list[pa.Array] = []
    kinds: list[pa.Array] = []
    size = 0
    for items in _items(file):
        text, kind = _arrays(items, library)
        texts.append(text)
        kinds.append(kind)
        size += text.nbytes
        if size > _MAX_TEXT:
            raise NotPlain
    return Strings(pa.concat_arrays(texts), pa.concat_arrays(kinds)) if texts else no_strings()


def _items(file: IO[bytes]) -> Iterator[list[bytes]]:
    """What stands behind each <si>, </si> included."""
    data = file.read(_PIECE)
    head = _HEAD.match(data)
    if head is None:
        if _NO_STRINGS.fullmatch(data):
            return
        raise NotPlain
    refuse_other_encodings(data)
    if b"xml:space" in head.group():
        raise NotPlain
    data = data[head.end() :]
    while block := file.read(_PIECE):
        cut = data.rfind(b"<si>")
        if cut > 0:
            yield _split(data[:cut])
            data = data[cut:]
        elif len(data) > _MAX_ITEM:
            raise NotPlain
        data += block
    body, end, rest = data.partition(b"</sst>")
    if not end or rest.strip():
        raise NotPlain
    if body.strip():
        yield _split(body.rstrip())


def _split(data: bytes) -> list[bytes]:
    data = data.replace(b"<si/>", b"<si></si>")
    first, *items = data.split(b"<si>")
    if first or data.count(b"</si>") != len(items):
        raise NotPlain
    return items


def _arrays(items: list[bytes], library: Library) -> tuple[pa.Array, pa.Array]:
    raw = pa.array(items, pa.binary())
    if not pc.all(pc.ends_with(raw, _CLOSE)).as_py():
        raise NotPlain
    closes = pc.and_(pc.ends_with(raw, _END), pc.equal(pc.count_substring(raw, b"<"), 3))
    is_raw, is_kept = pc.and_(closes, pc.starts_with(raw, _RAW)), pc.and_(closes, pc.starts_with(raw, _KEPT))
    bare = pc.if_else(
        is_kept, pc.binary_slice(raw, len(_KEPT), -len(_END)), pc.binary_slice(raw, len(_RAW), -len(_END))
    )
    is_plain = pc.or_(is_raw, is_kept)
    texts = as_texts(pc.if_else(is_plain, bare, b""))
    odd = pc.or_(pc.invert(is_plain), odd_texts(texts, is_trimmed=is_raw))

    def cells(mask: pa.Array) -> list[bytes]:
        inner = pc.binary_slice(raw.filter(mask), 0, -len(_CLOSE)).to_pylist()
        if any(b"</is" in item for item in inner):  # it would end the cell we put it in
            raise NotPlain
        return [b'" t="inlineStr"><is>%s</is></c>' % item for item in inner]

    return answered(texts, odd, cells, library)


def as_texts(values: pa.Array) -> pa.Array:
    """Bytes as strings. Raises NotPlain where they are no UTF-8."""
    try:
        return values.cast(pa.string())
    except pa.ArrowInvalid as error:
        raise NotPlain from error


def odd_texts(texts: pa.Array, is_trimmed: pa.Array) -> pa.Array:
    """Which texts the library gives otherwise than the XML writes them: entities, _x000D_, line breaks of other
    systems, and white space at an end that nobody asked to keep."""
    odd = pc.and_(is_trimmed, pc.not_equal(pc.utf8_trim_whitespace(texts), texts))
    written = texts.buffers()[2]
    data = b"" if written is None else written.to_pybytes()
    for sign in ODD_SIGNS:
        if sign in data:
            odd = pc.or_(odd, pc.match_substring(texts, sign.decode()))
    return odd


def answered(
    texts: pa.Array, odd: pa.Array, cells: Callable[[pa.Array], list[bytes]], library: Library
) -> tuple[pa.Array, pa.Array]:
    """Texts and kinds; for the odd ones the library is asked.

    cells   gives the XML of the cells that a mask names, as Library.arrays takes it
    """
    arrays = text_column_arrays(texts)
    if not pc.any(odd).as_py():
        return arrays
    answers = library.arrays(cells(odd))
    return pc.replace_with_mask(arrays[0], odd, answers[0]), pc.replace_with_mask(arrays[1], odd, answers[1])
