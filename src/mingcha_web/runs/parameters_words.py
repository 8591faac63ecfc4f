"""Values of policy parameters in Chinese, and back from what people type."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from mingcha import api

REGIONS = {"00": "全国", "41": "河南省", "4114": "商丘市", "411426": "夏邑县"}
STATUSES = {"verified": "已核实", "recalled": "待查证", "local-variable": "由地方规定", "override": "本县审批"}
#: Units that are written behind a number; others describe a kind of value.
_COUNTED = re.compile(r"^(元|个月|月|天|日|工作日|周岁|岁|年|倍|张|%)")
_UNSET = {"", "无", "取消", "不设", "未设置", "null"}
_LINE = re.compile(r"^\s*(?P<part>[^:：=]{1,40})\s*[:：=]\s*(?P<value>.+?)\s*$")


def value_words(key: str, value: Any, unit: str = "") -> str:
    """A value in Chinese: 3个月, 是, 2023年12月5日, 农村低保标准 440元/人·月; '' where there is none."""
    if value is None:
        return ""
    if isinstance(value, Mapping):
        parts = {name: value_words("", each, "") for name, each in value.items()}
        return "，".join(f"{part_title(key, name)} {words}" for name, words in parts.items() if words)
    if isinstance(value, list | tuple):
        return "、".join(_codes([str(each) for each in value]))
    return _scalar(value, unit if _COUNTED.match(unit) else "")


def _scalar(value: Any, unit: str) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, int | float | Decimal):
        return f"{_number(value)}{unit}"
    if isinstance(value, date):
        return f"{value.year}年{value.month}月{value.day}日"
    return str(value)


def written_words(key: str, value: Any, unit: str = "") -> str:
    """A proposed value as it was written, in words; a null value reads 取消（参数未设置）."""
    if value is None:
        return "取消（参数未设置）"
    if isinstance(value, str) and re.fullmatch(r"[\d,.]+", value):
        return f"{value}{unit if _COUNTED.match(unit) else ''}"
    return value_words(key, value, unit)


def part_title(key: str, name: str) -> str:
    """The title of a part of a structured parameter."""
    return _titles().title(f"{key}.{name}").rpartition("·")[2] if key else name


def read_value(text: str) -> Any:
    """What somebody typed as a value, of the shape a parameter file has.

    A number or word stays text, which the engine reads; lines ``分项：值`` become a structure; JSON is taken as such;
    nothing, or 取消, means that the parameter is taken out of force. Raises ValueError for broken JSON.
    """
    text = text.strip()
    if text in _UNSET:
        return None
    if text[0] in "{[":
        # fractions stay as written: 1.10 is not 1.1000000000000001
        return json.loads(text, parse_float=str)
    lines = [_LINE.match(line) for line in text.splitlines() if line.strip()]
    if lines and all(lines):
        return {found["part"].strip(): found["value"] for found in lines if found}
    return text


def written(key: str, value: Any) -> str:
    """A value as one would type it: the inverse of ``read_value``."""
    if value is None:
        return ""
    if isinstance(value, Mapping):
        parts = ((part_title(key, name), each) for name, each in value.items() if each is not None)
        return "\n".join(f"{title}：{written('', each)}" for title, each in parts)
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, int | float | Decimal):
        return _number(value)
    if isinstance(value, list | tuple):
        return "、".join(_codes([str(each) for each in value]))
    return str(value)


def _number(value: int | float | Decimal) -> str:
    text = f"{value:f}" if isinstance(value, Decimal) else str(value)
    return text.rstrip("0").rstrip(".") if "." in text else text


def _codes(values: list[str]) -> list[str]:
    """Labels of codes; what is in no code list stays as it is."""
    lists = _labels()
    kinds, levels = lists.get("disability_type", {}), lists.get("disability_level", {})
    if all(re.fullmatch(r"(\*|\d+)-\d+", value) for value in values):
        pairs = [value.split("-") for value in values]
        return [kinds.get(kind, "") + levels.get(level, level) for kind, level in pairs]
    fitting = next((labels for labels in lists.values() if values and set(values) <= set(labels)), {})
    return [fitting.get(value, value) for value in values]


@cache
def _titles() -> Any:
    """Titles do not depend on the day."""
    return api.parameters(date(2023, 1, 1))


@cache
def _labels() -> Mapping[str, Mapping[str, str]]:
    return api.code_labels()
