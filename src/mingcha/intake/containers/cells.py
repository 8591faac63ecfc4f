"""Cells as readers give them → the text and kind that a raw sheet keeps.

Columnar: one call handles one column of a batch; Python objects are touched only where a column mixes types.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Iterable, Sequence

import pyarrow as pa
import pyarrow.compute as pc

from mingcha.intake.model import CellKind

_EXACT = 10**15  # a double keeps 15 decimal places; beyond it the digits are not what was typed


class NumberText(str):
    """Digits of a number cell, as the file writes them."""

    __slots__ = ()


class DateText(str):
    """An ISO date, or date and time, of a date cell."""

    __slots__ = ()


class ErrorText(str):
    """#N/A and its like."""

    __slots__ = ()


class FormulaText(str):
    """A formula that has no stored value."""

    __slots__ = ()


def number_text(value: float) -> str:
    """A number cell's text: whole numbers without a point, others as Python's shortest form.

    Beyond 15 places the digits of a double are noise; they are written as Excel shows them, zeros after the
    fifteenth, where that is the same double.

    >>> number_text(3.0), number_text(0.1), number_text(4.11426195001011e+17), number_text(411426195001011264.0)
    ('3', '0.1', '411426195001011000', '411426195001011264')
    """
    if not math.isfinite(value):
        return "#NUM!"
    whole = int(value)
    if whole != value:
        return repr(value)
    if abs(whole) < _EXACT:
        return str(whole)
    short = f"{value:.14e}"  # 15 places
    if float(short) != value:
        return str(whole)
    digits, _, exponent = short.partition("e")
    return digits.replace(".", "") + "0" * (int(exponent) - 14)


def _time_text(value: dt.time) -> str:
    return value.strftime("%H:%M:%S")


def _moment_text(value: dt.datetime) -> str:
    return value.replace(microsecond=0, tzinfo=None).isoformat(" ")


def _span_text(value: dt.timedelta) -> str:
    minutes, seconds = divmod(round(value.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{seconds:02d}"


def _same(value: str) -> str:
    return str(value)


# type → (kind, its text). A time of day alone is no date: it stays text.
_FORMS: dict[type, tuple[CellKind, Callable[..., str | None]]] = {
    str: (CellKind.TEXT, _same),
    type(None): (CellKind.EMPTY, lambda _: None),
    float: (CellKind.NUMBER, number_text),
    int: (CellKind.NUMBER, str),
    bool: (CellKind.BOOL, lambda value: "TRUE" if value else "FALSE"),
    dt.date: (CellKind.DATE, dt.date.isoformat),
    dt.datetime: (CellKind.DATE, _moment_text),
    dt.time: (CellKind.TEXT, _time_text),
    dt.timedelta: (CellKind.TEXT, _span_text),
    NumberText: (CellKind.NUMBER, _same),
    DateText: (CellKind.DATE, _same),
    ErrorText: (CellKind.ERROR, _same),
    FormulaText: (CellKind.FORMULA, _same),
}
_KIND_OF = {kind_of: int(form[0]) for kind_of, form in _FORMS.items()}
_TEXT_OF = {kind_of: form[1] for kind_of, form in _FORMS.items()}
_TEXT_TYPES = {str, type(None)}
_NUMBER_TYPES = {float, int}


def column_arrays(values: Sequence[object]) -> tuple[pa.Array, pa.Array]:
    """One column of a batch as (text VARCHAR, kind TINYINT); blank cells are NULL and EMPTY.

    values   str, None, float, int, bool, date, datetime, time, timedelta or one of the marked texts above
    """
    types = set(map(type, values))
    if types <= _TEXT_TYPES:
        return _text_arrays(_strings(values), None)
    if types <= _NUMBER_TYPES:
        return _number_arrays(values)
    texts = [_TEXT_OF[type(value)](value) for value in values]
    kinds = pa.array(map(_KIND_OF.__getitem__, map(type, values)), pa.int8(), size=len(values))
    return _text_arrays(_strings(texts), kinds)


def text_column_arrays(texts: pa.Array) -> tuple[pa.Array, pa.Array]:
    """As column_arrays, for a column that is an Arrow array of strings already."""
    return _text_arrays(texts, None)


def _strings(values: Iterable[object]) -> pa.Array:
    try:
        return pa.array(values, pa.string())
    except UnicodeEncodeError:  # half a surrogate pair in a damaged file
        clean = [value and str(value).encode("utf-8", "replace").decode() for value in values]
        return pa.array(clean, pa.string())


def _number_arrays(values: Sequence[object]) -> tuple[pa.Array, pa.Array]:
    kinds = pa.repeat(pa.scalar(int(CellKind.NUMBER), pa.int8()), len(values))
    try:
        whole = pa.array(values, pa.float64()).cast(pa.int64())  # refuses fractions, NaN and what does not fit
        if pc.max(pc.abs_checked(whole)).as_py() < _EXACT:
            return whole.cast(pa.string()), kinds
    except (pa.ArrowInvalid, OverflowError):
        pass
    return pa.array([_TEXT_OF[type(value)](value) for value in values], pa.string()), kinds


def _text_arrays(texts: pa.Array, kinds: pa.Array | None) -> tuple[pa.Array, pa.Array]:
    """Blanks out white space; finds formulas written as text; takes ="0012" for the text it stands for."""
    if not _has_odd_start(texts):
        return _plain_arrays(texts, kinds)
    trimmed = pc.utf8_trim_whitespace(texts)
    blank = pc.fill_null(pc.equal(trimmed, ""), True)
    if kinds is None:
        kinds = pc.if_else(blank, pa.scalar(int(CellKind.EMPTY), pa.int8()), pa.scalar(int(CellKind.TEXT), pa.int8()))
    else:
        kinds = pc.if_else(blank, pa.scalar(int(CellKind.EMPTY), pa.int8()), kinds)
    texts = pc.if_else(blank, pa.scalar(None, pa.string()), texts)
    equals = pc.fill_null(pc.starts_with(trimmed, "="), False)
    if pc.any(equals).as_py():
        return _formulas(texts, trimmed, kinds)
    return texts, kinds


#: First bytes of texts that may be white space, or a formula: all signs of Unicode for a space begin with one of them.
_ODD_STARTS = pa.array([bytes([byte]) for byte in (*range(0x21), ord("="), 0xC2, 0xE1, 0xE2, 0xE3)], pa.binary())
#: Texts all of whose first bytes lie in one of these ranges begin with none of them: figures, Latin letters, Chinese.
_PLAIN_RANGES = ((b"\x21", b"="), (b">", b"\xc2"), (b"\xe4", b"\xff"))


def _has_odd_start(texts: pa.Array) -> bool:
    """Whether any text begins with such a byte. The least and the greatest of a column mostly tell."""
    raw = texts.cast(pa.binary())
    least, greatest = pc.min_max(raw).values()
    if not least.is_valid or any(low <= least.as_py() and greatest.as_py() < high for low, high in _PLAIN_RANGES):
        return False
    return bool(pc.any(pc.is_in(pc.binary_slice(raw, 0, 1), value_set=_ODD_STARTS)).as_py())


def _plain_arrays(texts: pa.Array, kinds: pa.Array | None) -> tuple[pa.Array, pa.Array]:
    """As _text_arrays, where no text begins with a space or an equals sign: then only the empty ones are blank."""
    blank = pc.fill_null(pc.equal(pc.binary_length(texts), 0), True)
    filled = pa.scalar(int(CellKind.TEXT), pa.int8()) if kinds is None else kinds
    kinds = pc.if_else(blank, pa.scalar(int(CellKind.EMPTY), pa.int8()), filled)
    return (pc.if_else(blank, pa.scalar(None, pa.string()), texts) if pc.any(blank).as_py() else texts), kinds


def _formulas(texts: pa.Array, trimmed: pa.Array, kinds: pa.Array) -> tuple[pa.Array, pa.Array]:
    is_text = pc.equal(kinds, int(CellKind.TEXT))
    forced = pc.and_(is_text, pc.fill_null(pc.match_substring_regex(trimmed, r'^="[^"]*"$'), False))
    formula = pc.and_(is_text, pc.fill_null(pc.match_substring_regex(trimmed, r"^=\s*[^=\s]"), False))
    inner = pc.replace_substring_regex(trimmed, r'^="([^"]*)"$', r"\1")
    kinds = pc.if_else(pc.and_not(formula, forced), pa.scalar(int(CellKind.FORMULA), pa.int8()), kinds)
    if not pc.any(forced).as_py():
        return texts, kinds
    return _text_arrays(pc.if_else(forced, inner, texts), pc.if_else(forced, pa.scalar(1, pa.int8()), kinds))
