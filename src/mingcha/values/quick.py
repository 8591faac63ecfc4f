"""Plain cells, read many at a time in Arrow: what most cells are, without the long patterns of ``values.sql``.

A quick reader looks at distinct cells (text, CellKind) and says which of them it is sure of; for those its results are
the full reader's. All others go the full way. Patterns run on RE2 here as there.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import product

import pyarrow as pa
import pyarrow.compute as pc

from mingcha.values.ids import CHECKS, EARLIEST_BIRTH, PROVINCES, WEIGHTS
from mingcha.values.names import traditional
from mingcha.values.sql.base import FEW_DIGITS, MARK_BYTES, NUMBER_KIND, TEXT_KIND
from mingcha.values.text import EMPTY_MARKS, EMPTY_WORDS, NUMBERS_AMONG_CODES

_DATE_KIND = 3
_NO_TEXT = pa.scalar(None, pa.string())
#: Figures of so few places that no limit of an amount or a count can be reached, even in a column of 万元.
_SMALL = "-?[0-9]{1,6}(?:\\.[0-9]{1,6})?"
#: Days whose reading hangs on nothing else: four places of the year, then month and day.
_PLAIN_DAY = re.compile(
    "((?:19|20)[0-9]{2})(?:[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?|([0-9]{2})([0-9]{2}))"
)  # fmt: skip
_BARE_DAY, _PARTED_DAY = "(?:19|20)[0-9]{6}", "(?:19|20)[0-9]{2}[-/.][0-9]{2}[-/.][0-9]{2}"
_PLAIN_MONTH = re.compile("((?:19|20)[0-9]{2})(?:[-/.](0[1-9]|1[0-2])|(0[1-9]|1[0-2])|年(0?[1-9]|1[0-2])月)")


@dataclass(frozen=True)
class QuickRead:
    """What a quick reader is sure of.

    easy      BOOLEAN, one a cell: read here; the arrays below hold these cells alone, in order
    columns   result → values
    problem, is_blank, shown   as of the full reader; None: no problem, not blank
    """

    easy: pa.Array
    columns: Mapping[str, pa.Array]
    problem: pa.Array | None = None
    is_blank: pa.Array | None = None
    shown: pa.Array | None = None


Quick = Callable[[pa.Array, pa.Array], QuickRead]


def _full(texts: pa.Array, pattern: str) -> pa.Array:
    return pc.match_substring_regex(texts, f"\\A(?:{pattern})\\z")


def _of_kinds(kinds: pa.Array, *wanted: int) -> pa.Array:
    return pc.is_in(kinds, value_set=pa.array(wanted, kinds.type))


def quick_id(today: date) -> Quick:
    """Text of 18 places without anything about it: the date and the check digit remain to be looked at."""

    def read(texts: pa.Array, kinds: pa.Array) -> QuickRead:
        easy = pc.and_(_of_kinds(kinds, TEXT_KIND), _is_whole(texts))
        numbers = texts.filter(easy)
        parts = _parts_of(_part(numbers, 0, 17).cast(pa.int64()))
        born = _days(_birth_digits(parts))
        odd = pc.bit_wise_and(parts[3], 1)
        flag = _faults(numbers, parts, born, today)
        if flag.null_count == len(flag):
            # mostly nothing is wrong with any of them
            sex = _SEXES.take(odd)
            found = {"number": numbers, "written": numbers, "is_valid": pc.is_null(flag), "flag": flag}
            return QuickRead(easy, {**found, "birth_date": born, "sex": sex}, problem=flag)
        is_valid = pc.is_null(flag)
        has_sex = pc.or_(is_valid, pc.fill_null(pc.equal(flag, "checksum"), False))
        hidden = pc.fill_null(pc.is_in(flag, value_set=pa.array(["date", "region"])), False)
        return QuickRead(
            easy,
            {
                "number": pc.if_else(is_valid, numbers, _NO_TEXT),
                "written": numbers,
                "is_valid": is_valid,
                "flag": flag,
                "birth_date": pc.if_else(hidden, pa.scalar(None, pa.date32()), born),
                "sex": _SEXES.take(pc.if_else(has_sex, odd, pa.scalar(None, pa.int64()))),
            },
            problem=flag,
            shown=_masked(numbers, pc.invert(is_valid)),
        )

    return read


def _is_whole(texts: pa.Array) -> pa.Array:
    """Whether a text is [1-9][0-9]{16}[0-9X]. In whole columns: a pattern takes three times as long."""
    whole = pc.equal(pc.binary_length(texts), 18)
    body = pc.ascii_is_decimal(_part(texts, 0, 17))
    begins = pc.not_equal(_part(texts, 0, 1), "0")
    last = _part(texts, 17, 18)
    ends = pc.or_(pc.ascii_is_decimal(last), pc.equal(last, "X"))
    return pc.and_(pc.and_(whole, body), pc.and_(begins, ends))


_SEXES = pa.array(["2", "1"])


def _part(texts: pa.Array, start: int, stop: int) -> pa.Array:
    """Some places of texts in which each sign is one byte."""
    return pc.binary_slice(texts.view(pa.binary()), start, stop).view(pa.string())


def _masked(numbers: pa.Array, where: pa.Array) -> pa.Array:
    """Numbers as they may be shown, where they are to be; NULL elsewhere."""
    few = numbers.filter(where)
    shown = pc.binary_join_element_wise(_part(few, 0, 6), "********", _part(few, 14, 18), "")
    return pc.replace_with_mask(pa.nulls(len(numbers), pa.string()), where, shown)


#: Dates are looked up, with 31 days for every month, from this year on and for so many years.
_FIRST_YEAR, _YEARS = 1800, 300
_NO_DAY = -(2**31)
_EPOCH = date(1970, 1, 1).toordinal()


def _days(number: pa.Array) -> pa.Array:
    """YYYYMMDD as a number → dates; NULL where the calendar has no such day, or outside these years.

    Dates are most of what there is to read in a register.
    """
    days, within_year = _calendar()
    year = pc.divide(number, 10_000)
    place = within_year.take(pc.subtract(number, pc.multiply(year, 10_000)))
    place = pc.add(pc.multiply(pc.subtract(year, _FIRST_YEAR), 372), place)
    there = pc.and_(pc.greater_equal(place, 0), pc.less(place, len(days)))
    found = days.take(pc.if_else(there, place, 0))
    there = pc.and_(there, pc.not_equal(found, _NO_DAY))
    return pc.if_else(there, found, pa.scalar(None, pa.int32())).cast(pa.date32())


@cache
def _calendar() -> tuple[pa.Array, pa.Array]:
    """Days since 1970 by year, month and day; by MMDD the place within a year, far below zero where there is none."""
    days: list[int] = []
    for year, month in product(range(_FIRST_YEAR, _FIRST_YEAR + _YEARS), range(1, 13)):
        first, length = date(year, month, 1).toordinal() - _EPOCH, monthrange(year, month)[1]
        days += [*range(first, first + length), *[_NO_DAY] * (31 - length)]
    places = [-(10**9)] * 10_000
    for month in range(1, 13):
        places[month * 100 + 1 : month * 100 + 32] = range((month - 1) * 31, month * 31)
    return pa.array(days, pa.int32()), pa.array(places, pa.int32())


def _parts_of(body: pa.Array) -> tuple[pa.Array, pa.Array, pa.Array, pa.Array]:
    """The first 17 places in groups of 5, 4, 4 and 4."""
    groups, rest = [], body
    for size in (10**12, 10**8, 10**4):
        groups.append(pc.divide(rest, size))
        rest = pc.subtract(rest, pc.multiply(groups[-1], size))
    first, second, third = groups
    return first, second, third, rest


def _birth_digits(parts: Sequence[pa.Array]) -> pa.Array:
    """Places 7 to 14 as a number: the last three of the second group, all of the third, the first of the last."""
    second, third, last = parts[1:]
    year = pc.subtract(second, pc.multiply(pc.divide(second, 1000), 1000))
    number = pc.add(pc.multiply(year, 100_000), pc.add(pc.multiply(third, 10), pc.divide(last, 1000)))
    return number.cast(pa.int32())


def _faults(numbers: pa.Array, parts: Sequence[pa.Array], born: pa.Array, today: date) -> pa.Array:
    """date, region, checksum, or NULL."""
    in_time = pc.and_(pc.greater_equal(born, pa.scalar(EARLIEST_BIRTH)), pc.less_equal(born, pa.scalar(today)))
    known = _IS_PROVINCE.take(pc.divide(parts[0], 1000))
    is_right = pc.equal(_checks(parts), _part(numbers, 17, 18))
    in_time = pc.fill_null(in_time, False)
    if pc.all(pc.and_(pc.and_(in_time, known), is_right)).as_py():
        return pa.nulls(len(numbers), pa.string())
    fault = pc.if_else(is_right, pa.scalar(None, pa.string()), "checksum")
    fault = pc.if_else(known, fault, "region")
    return pc.if_else(in_time, fault, "date")


#: By the first two places of a number.
_IS_PROVINCE = pa.array([f"{number:02d}" in PROVINCES for number in range(100)])


def _checks(parts: Sequence[pa.Array]) -> pa.Array:
    """The check characters of GB 11643. What a group of places adds to the sum is looked up, not worked out."""
    added = [table.take(part) for table, part in zip(_sums(), parts, strict=True)]
    return _CHECKS.take(pc.add(pc.add(added[0], added[1]), pc.add(added[2], added[3])))


#: By sums of four remainders.
_CHECKS = pa.array([CHECKS[total % 11] for total in range(41)])


@cache
def _sums() -> tuple[pa.Array, ...]:
    """For each group of places, by its value: its weighted sum, modulo 11."""
    return tuple(_group_sums(weights) for weights in (WEIGHTS[:5], WEIGHTS[5:9], WEIGHTS[9:13], WEIGHTS[13:]))


def _group_sums(weights: Sequence[int]) -> pa.Array:
    sums = [0]
    for weight in weights:
        sums = [(total + digit * weight) % 11 for total in sums for digit in range(10)]
    return pa.array(sums, pa.int8())


def quick_account(texts: pa.Array, kinds: pa.Array) -> QuickRead:
    """Text of digits alone."""
    easy = pc.and_(_of_kinds(kinds, TEXT_KIND), _full(texts, "[1-9][0-9]{5,31}"))
    return QuickRead(easy, {"number": texts.filter(easy)})


def quick_phone(texts: pa.Array, kinds: pa.Array) -> QuickRead:
    """A mobile number alone; a number cell holds it whole."""
    easy = pc.and_(_of_kinds(kinds, TEXT_KIND, NUMBER_KIND), _full(texts, "1[3-9][0-9]{9}"))
    return QuickRead(easy, {"number": texts.filter(easy)})


#: What TRIM of the full readers takes away: the spaces of Unicode, not tabs and line ends.
_SPACES = " \u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"


def quick_text(*, among_codes: bool = False) -> Quick:
    """Text in which no number stands that might have to be hidden, and marks that stand for blank."""
    pattern = NUMBERS_AMONG_CODES if among_codes else FEW_DIGITS

    def read(texts: pa.Array, kinds: pa.Array) -> QuickRead:
        easy = pc.and_(_of_kinds(kinds, TEXT_KIND, NUMBER_KIND, _DATE_KIND), pc.invert(pc.starts_with(texts, "#")))
        length = pc.binary_length(texts)
        is_short = pc.less_equal(length, MARK_BYTES)
        long = pc.invert(pc.match_substring_regex(texts, pattern))
        if among_codes:
            # the full-width digits of a code column go the long way
            long = pc.and_(long, pc.equal(length, pc.utf8_length(texts)))
        easy = pc.and_(easy, pc.or_(is_short, long))
        kept = pc.utf8_trim(texts.filter(easy), _SPACES)
        is_mark = pc.and_(is_short.filter(easy), pc.is_in(kept, value_set=pa.array(EMPTY_MARKS)))
        return QuickRead(
            easy, {"value": pc.if_else(is_mark, pa.scalar(None, pa.string()), kept)}, is_blank=is_mark
        )  # fmt: skip

    return read


def quick_place(texts: pa.Array, kinds: pa.Array) -> QuickRead:
    """A place as written, without a number that might have to be hidden."""
    easy = pc.and_(_of_kinds(kinds, TEXT_KIND, NUMBER_KIND, _DATE_KIND), pc.invert(pc.starts_with(texts, "#")))
    easy = pc.and_(easy, pc.invert(pc.match_substring_regex(texts, FEW_DIGITS)))
    return QuickRead(easy, {"value": pc.utf8_trim(texts.filter(easy), _SPACES)})


def _all_but(chars: str) -> str:
    """A character class: the common Chinese characters without these."""
    ranges, start = [], 0x4E00
    for code in [*sorted(map(ord, chars)), 0x9FA6]:
        if start < code:
            ranges.append(f"{chr(start)}-{chr(code - 1)}")
        start = code + 1
    return f"[{''.join(ranges)}]"


_FIRST = _all_but("".join({word[0] for word in EMPTY_WORDS if "一" <= word[:1] <= "龥"}))
#: A title, which has two characters, is told from a name only where two more are left.
_LAST = _all_but("代亡故世")


def quick_name(texts: pa.Array, kinds: pa.Array) -> QuickRead:
    """Two or three characters of the new script that end in no mark and are no word for "none"."""
    easy = pc.and_(_of_kinds(kinds, TEXT_KIND), _full(texts, f"{_FIRST}[一-龥]?{_LAST}"))
    names = texts.filter(easy)
    # all names in one go: mostly no character of the old script is in the column
    old = _old_characters()
    joined = pc.binary_join(pa.ListArray.from_arrays([0, len(names)], names), "")
    if pc.match_substring_regex(joined, old.pattern)[0].as_py():
        is_new = pa.array([old.search(text) is None for text in names.to_pylist()], pa.bool_())
        easy = pc.replace_with_mask(easy, easy, is_new)
        names = texts.filter(easy)
    return QuickRead(easy, {"value": names, "written": names})


@cache
def _old_characters() -> re.Pattern[str]:
    return re.compile(f"[{traditional()[0]}]")


def quick_money(texts: pa.Array, kinds: pa.Array) -> QuickRead:
    """A plain figure."""
    easy = pc.and_(_of_kinds(kinds, TEXT_KIND, NUMBER_KIND), _full(texts, _SMALL))
    value = texts.filter(easy).cast(pa.decimal128(24, 8))
    return QuickRead(easy, {"value": value, "has_unit": pa.repeat(pa.scalar(False), len(value))})


def quick_int(texts: pa.Array, kinds: pa.Array) -> QuickRead:
    """Digits alone."""
    easy = pc.and_(_of_kinds(kinds, TEXT_KIND, NUMBER_KIND), _full(texts, "[0-9]{1,9}"))
    return QuickRead(easy, {"value": texts.filter(easy).cast(pa.int64())})


def quick_date(texts: pa.Array, kinds: pa.Array) -> QuickRead:
    """A day with its year in four places, as it exists in the calendar."""
    is_plain = _of_kinds(kinds, TEXT_KIND, NUMBER_KIND, _DATE_KIND)
    bare = _full(texts, _BARE_DAY)
    digits, read = texts, bare
    if not pc.all(bare).as_py():
        parted = _full(texts, _PARTED_DAY)
        # cut in bytes: of texts that are not parted nothing is kept
        parts = (pc.binary_slice(texts.view(pa.binary()), start, stop) for start, stop in ((0, 4), (5, 7), (8, 10)))
        joined = pc.binary_join_element_wise(*parts, b"")
        raw = pc.if_else(bare, texts.view(pa.binary()), pc.if_else(parted, joined, pa.scalar(None, pa.binary())))
        digits, read = raw.view(pa.string()), pc.or_(bare, parted)
    value = _days(digits.cast(pa.int32()))
    others = pc.and_not(is_plain, read)
    if pc.any(others).as_py():
        days = [_written_day(text) for text in texts.filter(others).to_pylist()]
        value = pc.replace_with_mask(value, others, pa.array(days, pa.date32()))
    easy = pc.and_(is_plain, value.is_valid())
    value = value.filter(easy)
    return QuickRead(easy, {"value": value, "precision": pa.repeat(pa.scalar("day"), len(value))})


def _written_day(text: str) -> date | None:
    found = _PLAIN_DAY.fullmatch(text)
    if found is None:
        return None
    year, *rest = found.groups()
    month, day = (rest[0], rest[1]) if rest[0] else (rest[2], rest[3])
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def quick_month(texts: pa.Array, kinds: pa.Array) -> QuickRead:
    """A month with its year in four places. Of number cells only 202306: 2023.1 may be October."""
    months = [_written_month(text, kind) for text, kind in zip(texts.to_pylist(), kinds.to_pylist(), strict=True)]
    value = pa.array(months, pa.string())
    easy = value.is_valid()
    value = value.drop_null()
    return QuickRead(easy, {"value": value, "months": pa.repeat(pa.scalar(1, pa.int32()), len(value))})


def _written_month(text: str, kind: int) -> str | None:
    is_sure = kind in (TEXT_KIND, _DATE_KIND) or (kind == NUMBER_KIND and len(text.encode()) == 6)
    found = _PLAIN_MONTH.fullmatch(text) if is_sure else None
    if found is None:
        return None
    return f"{found[1]}-{int(found[2] or found[3] or found[4]):02d}"
