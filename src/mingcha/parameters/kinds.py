"""Checks a written value against a fact's kind and gives the form rules receive."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Any

from mingcha.datasets import load_catalogue
from mingcha.errors import ParameterError
from mingcha.parameters.facts import Fact, part_name

_YES = {"是", "有", "true", "yes", "1", "已扩围", "扩围", "低保边缘家庭", "低保边缘", "边缘家庭"}
_NO = {"否", "无", "false", "no", "0", "未扩围", "不扩围"}
_NUMBER = re.compile(
    r"([+-]?[\d,]+(?:\.\d+)?)\s*(?:元(?:/月|/人|/人·月)?|个?月|个|天|日|周?岁|[张套辆项倍%年]|工作日)?"
)
_DAY = re.compile(r"(\d{4})\s*[-./年]\s*(\d{1,2})\s*[-./月]\s*(\d{1,2})\s*日?")


def normalise(fact: Fact, value: object) -> Any:
    """The value in the form rules receive; None stays None (参数未设置).

    integer → int, number → Decimal, flag → bool, text → str, day → date, codes and grades → list of codes, workdays →
    year → day → whether people work, structure → dict of its parts. Raises ParameterError naming the fact and what was
    expected; its path leads to the part.
    """
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    if fact.kind == "structure":
        return _structure(fact, value)
    checks = {
        "integer": _integer,
        "number": _number,
        "flag": _flag,
        "text": _text,
        "day": _day,
        "codes": _codes,
        "grades": _grades,
        "workdays": _workdays,
    }
    return checks[fact.kind](fact, value) if fact.kind in checks else _any(fact, value)


@contextmanager
def within(*path: object) -> Iterator[None]:
    """An error about what is done here lies at this path (keys and places in lists) of the whole."""
    try:
        yield
    except ParameterError as error:
        error.path = (*path, *error.path)
        raise


#: Kind → how to write it.
_REMEDIES = {
    "integer": "请写成不带小数的数字，如 3。",
    "number": "请写成数字，如 1.5。",
    "flag": "请写成“是”或“否”。",
    "text": "请写成文字；本身像数字的加引号。",
    "day": "请写成年月日，如 2023-12-05。",
    "codes": "几个词写成 [词, 词]，或用顿号隔开。",
    "grades": "请写成 [一级, 智力三级] 这样的一组。",
    "workdays": "请写成 2027: {off: [放假的日子], on: [调休上班的日子]}，日子如 2027-01-01。",
    "structure": "请逐项写成“分项: 值”。",
}


def _wrong(fact: Fact, expected: str) -> ParameterError:
    unit = f"（单位：{fact.unit}）" if fact.unit else ""
    cause = f"参数 {fact.key}（{fact.title}）的值应是{expected}{unit}。"
    return ParameterError(cause, remedy=_REMEDIES.get(fact.kind, ""), code="parameter.type")


def _number(fact: Fact, value: object) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal | str):
        raise _wrong(fact, "数字")
    found = _NUMBER.fullmatch(unicodedata.normalize("NFKC", str(value)).strip())
    try:
        number = Decimal(found.group(1).replace(",", "")) if found else Decimal(str(value))
    except InvalidOperation as error:
        raise _wrong(fact, "数字") from error
    if not number.is_finite() or number < 0:
        raise _wrong(fact, "不小于 0 的数字")
    return number


def _integer(fact: Fact, value: object) -> int:
    try:
        number = _number(fact, value)
    except ParameterError as error:
        raise _wrong(fact, "整数") from error
    if number != int(number):
        raise _wrong(fact, "整数")
    return int(number)


def _flag(fact: Fact, value: object) -> bool:
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    word = str(value).strip().lower()
    if word in _YES | _NO:
        return word in _YES
    raise _wrong(fact, "是或否")


def _text(fact: Fact, value: object) -> str:
    if not isinstance(value, str):
        raise _wrong(fact, "文字")
    return value.strip()


def _day(fact: Fact, value: object) -> date:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    found = _DAY.fullmatch(unicodedata.normalize("NFKC", value).strip()) if isinstance(value, str) else None
    if found is None:
        raise _wrong(fact, "日期")
    try:
        return date(*map(int, found.groups()))
    except ValueError as error:
        raise _wrong(fact, "日历上有的日期") from error


def _words(fact: Fact, value: object) -> list[str]:
    if isinstance(value, str):
        value = re.split(r"[、，,;；\s]+", value)
    if isinstance(value, int) and not isinstance(value, bool):
        value = [value]
    if not isinstance(value, list) or any(isinstance(each, bool) or not isinstance(each, str | int) for each in value):
        raise _wrong(fact, "一组词")
    return [unicodedata.normalize("NFKC", str(each)).strip() for each in value if str(each).strip()]


@cache
def _code_words(list_id: str) -> Mapping[str, str]:
    words: dict[str, str] = {}
    for code in load_catalogue().codes[list_id].values:
        for word in (code.code, code.label, *code.aliases):
            words.setdefault(unicodedata.normalize("NFKC", word), code.code)
    return words


def _codes(fact: Fact, value: object) -> list[str]:
    known = _code_words(fact.codes or "")
    words = _words(fact, value)
    unknown = [word for word in words if word not in known]
    if unknown:
        labels = "、".join(code.label for code in load_catalogue().codes[fact.codes or ""].values)
        raise _wrong(fact, f"下列词中的一组：{labels}；“{unknown[0]}”不在其中")
    return list(dict.fromkeys(known[word] for word in words))


_GRADE = re.compile(
    r"(?P<types>[^\d一二三四壹贰叁肆]*?)(?P<levels>[1-4一二三四壹贰叁肆](?:[-~至、/]?[1-4一二三四壹贰叁肆])*)级?"
)
_DIGITS = str.maketrans("一二三四壹贰叁肆", "12341234")


def _grades(fact: Fact, value: object) -> list[str]:
    """Kinds and levels of disability as ``type-level`` codes; a level without a kind is ``*-level``.

    智力3 → 5-3, 二级 → *-2, 智力/精神1-3 → 5-1 … 6-3
    """
    codes: list[str] = []
    for word in _words(fact, value):
        found = _GRADE.fullmatch(word)
        types = _types(found.group("types")) if found else None
        if found is None or not types:
            raise _wrong(fact, f"残疾类别和等级（如 一级、智力三级），“{word}”读不懂")
        codes += [f"{kind}-{level}" for kind in types for level in _levels(found.group("levels"))]
    return list(dict.fromkeys(codes))


def _types(text: str) -> list[str]:
    if not text:
        return ["*"]
    known = _code_words("disability_type")
    names = [part for part in re.split(r"[/、和及]", text) if part]
    found = [known.get(name) or known.get(f"{name}残疾") or known.get(name.removesuffix("残疾")) for name in names]
    return [code for code in found if code] if all(found) else []


def _levels(text: str) -> list[str]:
    digits = text.translate(_DIGITS)
    if re.search(r"[-~至]", digits):
        return [str(level) for level in range(int(digits[0]), int(digits[-1]) + 1)]
    return [digit for digit in digits if digit.isdigit()]


#: YAML takes the words off and on for no and yes.
_WORKING: Mapping[object, bool] = {"off": False, False: False, "on": True, True: True, "放假": False, "上班": True}


def _workdays(fact: Fact, value: object) -> dict[int, dict[date, bool]]:
    """Whole years with their days off and the days people work instead."""
    if not isinstance(value, Mapping):
        raise _wrong(fact, "一年一条的放假和上班日子")
    years: dict[int, dict[date, bool]] = {}
    for written, days in value.items():
        with within(written):
            year = _integer(fact, written)
            if not date.min.year < year < date.max.year or not isinstance(days, Mapping):
                raise _wrong(fact, "一年一条的放假和上班日子")
            years[year] = _days_of(fact, year, days)
    return years


def _days_of(fact: Fact, year: int, value: Mapping[Any, Any]) -> dict[date, bool]:
    days: dict[date, bool] = {}
    for word, listed in value.items():
        with within(word):
            if word not in _WORKING or not isinstance(listed, list):
                raise _wrong(fact, "off（放假）和 on（上班）两组日子")
            for place, each in enumerate(listed):
                with within(place):
                    day = _day(fact, each)
                    if day.year != year:
                        raise _wrong(fact, f"{year}年的日子，不能是{day}")
                    if days.setdefault(day, _WORKING[word]) != _WORKING[word]:
                        raise _wrong(fact, f"不重复的日子，{day}不能又放假又上班")
    return days


def _structure(fact: Fact, value: object) -> dict[str, Any]:
    if fact.spread and not isinstance(value, Mapping | list):
        return {name: normalise(part, value) for name, part in fact.fields.items()}
    if not isinstance(value, Mapping):
        parts = "、".join(part.title for part in fact.fields.values())
        raise _wrong(fact, f"一组分项（{parts}）")
    result: dict[str, Any] = {}
    for word, each in value.items():
        name = part_name(fact, str(word))
        if name is None:
            parts = "、".join(f"{key}（{part.title}）" for key, part in fact.fields.items())
            cause = f"参数 {fact.key}（{fact.title}）没有分项“{word}”。"
            raise ParameterError(cause, remedy=f"可用的分项：{parts}。", path=(word,))
        if name in result:
            cause = f"参数 {fact.key}（{fact.title}）的分项“{fact.fields[name].title}”写了两次。"
            raise ParameterError(cause, remedy="请只留一处。", code="parameter.overlap", path=(word,))
        with within(word):
            result[name] = normalise(fact.fields[name], each)
    return result


def _any(fact: Fact, value: object) -> Any:
    if isinstance(value, float):
        return Decimal(str(value))
    if isinstance(value, str | int | Decimal | date | list | Mapping):
        return value
    raise _wrong(fact, "数字、文字或列表")
