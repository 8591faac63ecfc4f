"""The lines of plain_lines.py → one batch of a raw sheet, cell by cell the same as the patient way gives.

Cells are grouped by what stands behind their place (style, type): all of a group are read alike. What a group of
shared strings, texts or plain numbers cannot be sure of is asked of the library, once for each distinct cell.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from mingcha.intake.containers.limits import MAX_COLUMNS
from mingcha.intake.containers.readers import plain_lines
from mingcha.intake.containers.readers.plain_ask import Library, NotPlain
from mingcha.intake.containers.readers.plain_strings import Strings, answered, as_texts, odd_texts
from mingcha.intake.model import CellKind

Columns = list[tuple[pa.Array, pa.Array]]

_DIGITS = "0123456789"
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_MAX_ROW = 1_048_576
_SHIFT = (MAX_COLUMNS - 1).bit_length()  # a slot is a line's number and, in its last bits, the column
_MAX_PLACES = 8_000_000  # rows × columns of one batch, filled or not
_ROW_REST = re.compile(
    rb"(?: (?:spans|s|customFormat|ht|customHeight|hidden|outlineLevel|collapsed|thickTop|thickBot|ph|x14ac:dyDescent)"
    rb'="[^"<>&]*")*(/?)'
)
_HIDDEN = re.compile(rb' hidden="(?:1|true)"')
_BEHIND = re.compile(rb'"(?: s="(\d{1,6})")?(?: t="(\w+)")?(?: s="(\d{1,6})")?([IPFGN/]?)')
_WHOLE_OR_DECIMAL = r"^(?:0|-?[1-9][0-9]{0,14}|-?(?:0|[1-9][0-9]*)\.[0-9]*[1-9])$"
_TINY = r"^-?0\.0000"  # written with an exponent
_MAX_DECIMAL = 16  # a point and 15 digits: so many a double keeps as they are
_ERRORS = pa.array(["#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!"])


def _column_names() -> pa.Array:
    names = list(_LETTERS)
    for first in ["", *_LETTERS]:
        names += [first + second + third for second in _LETTERS for third in _LETTERS]
        if len(names) >= MAX_COLUMNS:
            break
    return pa.array(names[:MAX_COLUMNS])


_COLUMN_NAMES = _column_names()


@dataclass(frozen=True)
class Book:
    """What all sheets of a book share.

    plain_styles   whether a number of this style is surely no date
    """

    strings: Strings
    library: Library
    plain_styles: list[bool]


@dataclass
class Extent:
    """What is told of the whole sheet, as xlsx_parts.SheetScan has it.

    last_number   of the last row so far, filled or not
    """

    last_number: int = 0
    last_row: int = 0
    last_col: int = 25
    hidden_rows: int = 0


@dataclass(frozen=True)
class _Group:
    """Cells that are alike behind their place."""

    behind: bytes
    places: pa.Array
    values: pa.Array
    lines: pa.Array


@dataclass(frozen=True)
class _Filled:
    """Cells with a value: its text and kind are those at ``index`` of ``texts`` and ``kinds``."""

    slots: pa.Array
    index: pa.Array | None
    texts: pa.Array
    kinds: pa.Array


def read_batch(places: pa.Array, values: pa.Array, book: Book, extent: Extent) -> tuple[pa.Array, Columns]:
    """The lines of whole rows, as plain_lines.Lines gives them, in the form that SheetWriter.add_arrays takes.

    Raises NotPlain.
    """
    places = places.view(pa.string())
    is_row = pc.equal(pc.binary_length(places), 0)
    numbers = _row_numbers(values.filter(is_row), extent)
    lines = pc.subtract(pc.cumulative_sum(is_row.cast(pa.int32())), 1)
    is_cell = pc.invert(is_row)
    groups = _groups(places.filter(is_cell), values.filter(is_cell), lines.filter(is_cell))
    filled = list(_filled(groups, numbers, book, extent))
    return numbers, _columns(filled, len(numbers))


def _row_numbers(heads: pa.Array, extent: Extent) -> pa.Array:
    parts = pc.split_pattern(heads, '"', max_splits=1)
    for rest, count in _counts(pc.list_element(parts, 1)).items():
        match = _ROW_REST.fullmatch(rest)
        if match is None:
            raise NotPlain
        if not match.group(1) and _HIDDEN.search(rest):
            extent.hidden_rows += count
    numbers = _whole(pc.list_element(parts, 0).view(pa.string()))
    if not _ascends(numbers) or numbers[0].as_py() <= extent.last_number or numbers[-1].as_py() > _MAX_ROW:
        raise NotPlain
    extent.last_number = numbers[-1].as_py()
    return numbers


def _counts(values: pa.Array) -> dict[Any, int]:
    counts = values.value_counts()
    return dict(zip(counts.field("values").to_pylist(), counts.field("counts").to_pylist(), strict=True))


def _whole(texts: pa.Array) -> pa.Array:
    try:
        return texts.cast(pa.int32())
    except pa.ArrowInvalid as error:
        raise NotPlain from error


def _ascends(numbers: pa.Array) -> bool:
    return len(numbers) < 2 or bool(pc.all(pc.greater(numbers[1:], numbers[:-1])).as_py())


def _groups(places: pa.Array, values: pa.Array, lines: pa.Array) -> list[_Group]:
    if len(places) == 0:
        return []
    behind = pc.ascii_ltrim(places, characters=_LETTERS + _DIGITS).view(pa.binary()).dictionary_encode()
    kinds = behind.dictionary.to_pylist()
    if len(kinds) > 1:
        order = pc.sort_indices(behind.indices)
        places, values, lines = places.take(order), values.take(order), lines.take(order)
    counts = _counts(behind.indices)
    groups = []
    start = 0
    for code, kind in enumerate(kinds):
        part = slice(start, start + counts[code])
        refs = pc.binary_slice(places[part].view(pa.binary()), 0, -len(kind)).view(pa.string())
        groups.append(_Group(kind, refs, values[part], lines[part]))
        start += counts[code]
    return groups


def _filled(groups: list[_Group], numbers: pa.Array, book: Book, extent: Extent) -> Iterator[_Filled]:
    slots = []
    for group in groups:
        columns = pc.index_in(pc.ascii_rtrim(group.places, characters=_DIGITS), value_set=_COLUMN_NAMES)
        rows = _whole(pc.ascii_ltrim(group.places, characters=_LETTERS))
        if columns.null_count or not rows.equals(numbers.take(group.lines)):
            raise NotPlain
        if not group.behind.endswith(plain_lines.BLANK):
            extent.last_row = max(extent.last_row, pc.max(rows).as_py())
            extent.last_col = max(extent.last_col, pc.max(columns).as_py())
        slots.append(pc.add(pc.shift_left(group.lines, _SHIFT), columns))
    for group, slot in zip(groups, slots, strict=True):
        yield from _of_group(group, slot, book)


def _of_group(group: _Group, slots: pa.Array, book: Book) -> Iterator[_Filled]:
    match = _BEHIND.fullmatch(group.behind)
    if match is None or (match.group(1) and match.group(3)):
        raise NotPlain
    style, kind, form = int(match.group(1) or match.group(3) or 0), match.group(2) or b"n", match.group(4)
    if form in (plain_lines.INLINE, plain_lines.INLINE_KEPT):
        if kind != b"inlineStr":
            raise NotPlain
        space = b' xml:space="preserve"' if form == plain_lines.INLINE_KEPT else b""
        yield _of_texts(group, slots, book, b'" t="inlineStr"><is><t' + space + b">", b"</t></is></c>")
    elif form in (plain_lines.BLANK, plain_lines.EMPTY):
        if kind == b"e":
            raise NotPlain
    elif form == plain_lines.FORMULA_BARE:
        if kind == b"e":
            raise NotPlain
        yield _all(slots, "=", CellKind.FORMULA)
    elif kind == b"s":
        yield _Filled(slots, _whole(group.values.view(pa.string())), book.strings.texts, book.strings.kinds)
    elif kind == b"str":
        yield _of_texts(group, slots, book, b'" t="str"><v>', b"</v></c>")
    elif kind == b"e":
        yield _of_errors(group, slots)
    elif kind in (b"n", b"b", b"d"):
        yield from _of_values(group, slots, book, style if kind == b"n" else None, is_formula=form != b"")
    else:
        raise NotPlain


def _all(slots: pa.Array, text: str, kind: CellKind) -> _Filled:
    return _Filled(slots, None, pa.repeat(text, len(slots)), pa.repeat(pa.scalar(int(kind), pa.int8()), len(slots)))


def _of_errors(group: _Group, slots: pa.Array) -> _Filled:
    texts = as_texts(group.values)
    if not pc.all(pc.is_in(texts, value_set=_ERRORS)).as_py():
        raise NotPlain
    return _Filled(slots, None, texts, pa.repeat(pa.scalar(int(CellKind.ERROR), pa.int8()), len(texts)))


def _of_texts(group: _Group, slots: pa.Array, book: Book, start: bytes, end: bytes) -> _Filled:
    """Texts that stand between ``start`` and ``end`` in their cell; only <t> without xml:space is trimmed."""
    texts = as_texts(group.values)

    def cells(mask: pa.Array) -> list[bytes]:
        return [start + plain_lines.shown(value) + end for value in group.values.filter(mask).to_pylist()]

    odd = odd_texts(texts, pa.scalar(start.endswith(b"<t>")))
    return _Filled(slots, None, *answered(texts, odd, cells, book.library))


def _of_values(group: _Group, slots: pa.Array, book: Book, style: int | None, *, is_formula: bool) -> Iterator[_Filled]:
    """Numbers, dates, truth values.

    style   None where the type is told by more than the style
    """
    texts = as_texts(group.values)
    blank = pc.equal(pc.binary_length(texts), 0)
    if style is None and pc.any(blank).as_py():
        raise NotPlain
    is_plain = style is not None and _is_plain(book, style)
    sure = _sure_numbers(texts) if is_plain else pa.repeat(False, len(texts))
    if pc.any(sure).as_py():
        plain = texts.filter(sure)
        yield _Filled(
            slots.filter(sure), None, plain, pa.repeat(pa.scalar(int(CellKind.NUMBER), pa.int8()), len(plain))
        )
    if is_formula and pc.any(blank).as_py():
        yield _all(slots.filter(blank), "=", CellKind.FORMULA)
    rest = pc.invert(pc.or_(sure, blank))
    if pc.any(rest).as_py():
        yield _asked(group.behind, group.values.filter(rest), slots.filter(rest), book.library)


def _is_plain(book: Book, style: int) -> bool:
    return book.plain_styles[style] if style < len(book.plain_styles) else not book.plain_styles


def _sure_numbers(texts: pa.Array) -> pa.Array:
    """Numbers whose text is cells.number_text of themselves, as it stands."""
    usual = pc.match_substring_regex(texts, _WHOLE_OR_DECIMAL)
    short = pc.or_(pc.less_equal(pc.binary_length(texts), _MAX_DECIMAL), pc.invert(pc.match_substring(texts, ".")))
    return pc.and_not(pc.and_(usual, short), pc.match_substring_regex(texts, _TINY))


def _asked(behind: bytes, values: pa.Array, slots: pa.Array, library: Library) -> _Filled:
    distinct = values.dictionary_encode()
    start = behind.removesuffix(plain_lines.FORMULA) + b"><v>"
    cells = [start + plain_lines.shown(value) + b"</v></c>" for value in distinct.dictionary.to_pylist()]
    return _Filled(slots, distinct.indices, *library.arrays(cells))


def _columns(filled: list[_Filled], n_rows: int) -> Columns:
    """Each cell into its place of as many columns as it takes; texts and kinds of each."""
    if not filled:
        return []
    slots = pa.concat_arrays([part.slots for part in filled])
    columns = pc.bit_wise_and(slots, (1 << _SHIFT) - 1)
    width = pc.max(columns).as_py() + 1
    if width * n_rows > _MAX_PLACES:
        raise NotPlain
    places = pc.add(pc.multiply(columns, n_rows), pc.shift_right(slots, _SHIFT))
    order = pc.inverse_permutation(places, max_index=width * n_rows - 1)
    if len(order) - order.null_count != len(places):  # a cell that is written twice
        raise NotPlain
    index, texts, kinds = _pooled(filled)
    texts, kinds = _taken(order if index is None else index.take(order), texts, kinds)
    parts = [slice(column * n_rows, (column + 1) * n_rows) for column in range(width)]
    return [(texts[part], kinds[part]) for part in parts]


def _pooled(filled: list[_Filled]) -> tuple[pa.Array | None, pa.Array, pa.Array]:
    if len(filled) == 1:
        only = filled[0]
        return only.index, only.texts, only.kinds
    pools = [
        (part.texts, part.kinds) if part.index is None else _taken(part.index, part.texts, part.kinds)
        for part in filled
    ]
    return None, pa.concat_arrays([texts for texts, _ in pools]), pa.concat_arrays([kinds for _, kinds in pools])


def _taken(index: pa.Array, texts: pa.Array, kinds: pa.Array) -> tuple[pa.Array, pa.Array]:
    try:
        return texts.take(index), pc.fill_null(kinds.take(index), int(CellKind.EMPTY))
    except pa.ArrowIndexError as error:  # no such shared string
        raise NotPlain from error
