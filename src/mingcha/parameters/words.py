"""Parameter values as an office reads them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from mingcha.datasets import load_catalogue
from mingcha.parameters.facts import Fact


def value_words(fact: Fact | None, value: Any, *, unit: bool = True) -> str:
    """A value in Chinese: 3个月, 是, 2023年12月5日, 智力残疾三级、…; '' for None.

    >>> from mingcha.parameters.facts import find_fact
    >>> value_words(find_fact("PL-01"), 3)
    '3个月'
    >>> value_words(find_fact("CJ-02"), ["*-1", "5-3"])
    '一级、智力残疾三级'
    >>> value_words(find_fact("PL-08"), date(2023, 12, 5))
    '2023年12月5日'
    """
    if value is None or fact is None:
        return "" if value is None else str(value)
    if fact.kind == "workdays" and isinstance(value, Mapping):
        return "，".join(_year_words(year, days) for year, days in sorted(value.items()))
    if fact.kind == "structure" and isinstance(value, Mapping):
        parts = {name: value_words(fact.fields[name], each) for name, each in value.items() if name in fact.fields}
        return "，".join(f"{fact.fields[name].title} {words}" for name, words in parts.items() if words)
    if isinstance(value, list):
        return "、".join(_word(fact, str(each)) for each in value)
    return _scalar(value, fact.unit if unit and fact.kind in {"number", "integer"} else "")


def _year_words(year: int, days: Mapping[date, bool]) -> str:
    on = sum(days.values())
    return f"{year}年放假{len(days) - on}天、调休上班{on}天"


def _scalar(value: Any, unit: str) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, Decimal | int | float):
        return _number(value) + unit
    if isinstance(value, date):
        return f"{value.year}年{value.month}月{value.day}日"
    return str(value)


def _number(value: Decimal | int | float) -> str:
    text = f"{value:f}" if isinstance(value, Decimal) else str(value)
    return text.rstrip("0").rstrip(".") if "." in text else text


def _word(fact: Fact, code: str) -> str:
    codes = load_catalogue().codes
    if fact.kind == "grades":
        kind, _, level = code.partition("-")
        kinds = {each.code: each.label for each in codes["disability_type"].values}
        levels = {each.code: each.label for each in codes["disability_level"].values}
        return kinds.get(kind, "") + levels.get(level, level)
    if fact.codes:
        return {each.code: each.label for each in codes[fact.codes].values}.get(code, code)
    return code
