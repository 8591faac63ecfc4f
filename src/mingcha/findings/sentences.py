"""Fills a rule's sentences: facts and parameters in the words of the office."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from string import Formatter
from typing import Any, Protocol

import pyarrow as pa

from mingcha.parameters.facts import find_fact
from mingcha.parameters.words import value_words
from mingcha.rules import ParamUse

UNKNOWN = "不详"
UNSET = "未设置"
LONGEST_LIST = 6

_MONTH = re.compile(r"(\d{4})-(\d{2})")
_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_BLANKS = re.compile(r"\s+")
#: An amount followed by one of these has its unit, or is no amount.
_UNITS = "元万亿倍%％‰人户个岁周月天日次张平级档分笔条年"
_YUAN_SCALE = 2


class Worded(Protocol):
    """What of a rule's header its sentences need."""

    @property
    def summary(self) -> str:
        """The finding's sentence with names in braces."""

    @property
    def finds(self) -> str:
        """What the rule finds, with names of parameters in braces."""

    @property
    def params(self) -> Mapping[str, ParamUse]:
        """Parameters by local name."""


@dataclass(frozen=True)
class Blank:
    """One name in braces and the words around it. name None = plain words only."""

    words: str
    name: str | None
    following: str


def blanks_of(template: str) -> list[Blank]:
    """The template cut at its names: words before each name, and what follows it."""
    parts = [(words, name) for words, name, _, _ in Formatter().parse(template)]
    following = [words for words, _ in parts[1:]] + [""]
    return [Blank(words, name, after) for (words, name), after in zip(parts, following, strict=True)]


def finds_sentence(rule: Worded, values: Mapping[str, Any]) -> str:
    """What a rule finds, its parameters filled in; an unset one reads 未设置. values: by local name."""
    words = [
        blank.words + ("" if blank.name is None else param_words(rule, values, blank.name))
        for blank in blanks_of(rule.finds)
    ]
    return "".join(words)


def param_words(rule: Worded, values: Mapping[str, Any], local: str) -> str:
    """A parameter's value in Chinese, without its unit."""
    use = rule.params.get(local)
    value = values.get(local)
    if use is not None and value is not None:
        return value_words(find_fact(use.key), value, unit=False)
    return UNSET if value is None else scalar_words(value)


def column_words(column: pa.ChunkedArray, following: str) -> list[str]:
    """One fact of every row in words.

    following  what the sentence says right after it: an amount gets 元 unless a unit follows
    """
    kind = column.type
    is_list = pa.types.is_list(kind) or pa.types.is_large_list(kind)
    speak = _speaker(kind.value_type if is_list else kind, following)
    if not is_list:
        return [UNKNOWN if value is None else speak(value) for value in column.to_pylist()]
    return [list_words(value, speak) for value in column.to_pylist()]


def list_words(values: Sequence[Any] | None, speak: Callable[[Any], str]) -> str:
    """Values joined by 、, each once, in order (an engine gives them in any), at most six of them.

    >>> list_words(["2023-04", "2023-03", "2023-04", None], scalar_words)
    '2023年3月、2023年4月'
    >>> list_words(list("abcdefgh"), scalar_words)
    'a、b、c、d、e、f等8个'
    """
    known = sorted({value for value in values or () if value is not None})
    if not known:
        return UNKNOWN
    words = "、".join(speak(value) for value in known[:LONGEST_LIST])
    return words if len(known) <= LONGEST_LIST else f"{words}等{len(known)}个"


def scalar_words(value: Any) -> str:
    """One value in Chinese.

    >>> scalar_words(date(2023, 6, 1)), scalar_words("2023-06"), scalar_words(True), scalar_words(1.5)
    ('2023年6月1日', '2023年6月', '是', '1.5')
    """
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, date):
        return f"{value.year}年{value.month}月{value.day}日"
    if isinstance(value, Decimal | float):
        return _plain(f"{value:.2f}")
    if isinstance(value, str):
        return _text(value)
    return str(value)


def money_words(value: Decimal | float | int) -> str:
    """An amount in yuan without the unit.

    >>> money_words(Decimal("1234.5"))
    '1,234.50'
    """
    return f"{value:,.2f}"


def _plain(number: str) -> str:
    return number.rstrip("0").rstrip(".") if "." in number else number


def _text(text: str) -> str:
    day = _DAY.fullmatch(text)
    if day:
        return f"{day[1]}年{int(day[2])}月{int(day[3])}日"
    month = _MONTH.fullmatch(text)
    if month:
        return f"{month[1]}年{int(month[2])}月"
    return _BLANKS.sub(" ", text).strip()


def _speaker(kind: pa.DataType, following: str) -> Callable[[Any], str]:
    is_yuan = pa.types.is_decimal(kind) and kind.scale == _YUAN_SCALE
    if is_yuan and (not following or following[0] not in _UNITS):
        return lambda value: f"{money_words(value)}元"
    number = pa.types.is_decimal(kind) or pa.types.is_floating(kind)
    if number and following.startswith("元"):
        return money_words
    if pa.types.is_integer(kind) and following.startswith("元"):
        return lambda value: f"{value:,}"
    return scalar_words


def sentences(template: str, columns: Mapping[str, Callable[[str], Iterable[str]]], rows: int) -> list[str]:
    """The template filled for every row.

    columns  name → function of the following words giving the words of every row
    """
    pieces: list[Iterable[str]] = []
    for blank in blanks_of(template):
        pieces.append([blank.words] * rows)
        if blank.name is not None:
            pieces.append(columns[blank.name](blank.following))
    return ["".join(row) for row in zip(*pieces, strict=True)] if pieces else [""] * rows
