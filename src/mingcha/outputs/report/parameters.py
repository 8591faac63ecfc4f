"""The parameters in force, as the report lists them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from mingcha.findings.result import ParameterInForce
from mingcha.parameters.facts import find_fact
from mingcha.parameters.words import value_words

#: How sure the value is.
_STATUS = {
    "verified": "已核对原文",
    "recalled": "尚未核对原文",
    "local-variable": "由地方规定",
    "override": "本次指定",
}
#: Length of a division code → whose rule it is.
_LEVELS = {0: "本次指定", 4: "市", 6: "县"}
_SOURCE_MARK = re.compile(r"^S\d+\s+")


@dataclass(frozen=True)
class ParameterRow:
    """One parameter in words. value '' = 参数未设置."""

    key: str
    title: str
    value: str
    dates: str
    level: str
    source: str
    status: str
    rules: tuple[str, ...]


def parameter_row(parameter: ParameterInForce) -> ParameterRow:
    """A parameter in words."""
    fact = find_fact(parameter.key)
    return ParameterRow(
        key=parameter.key,
        title=fact.title if fact else parameter.key,
        value=value_words(fact, parameter.value),
        dates=_dates(parameter.effective_from, parameter.effective_to),
        level=_level(parameter.region),
        source=_SOURCE_MARK.sub("", parameter.source),
        status=_STATUS.get(parameter.status, parameter.status),
        rules=parameter.rules,
    )


def _level(region: str) -> str:
    if region == "00":
        return "国家"
    return "省" if len(region) == 2 else _LEVELS.get(len(region), region)


def _dates(since: date | None, until: date | None) -> str:
    if since and until:
        return f"{since}至{until}"
    if since:
        return f"{since}起"
    return f"至{until}" if until else ""
