"""What the engine says of its rules, as the pages show it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from django.http import Http404

from mingcha import api
from mingcha_web.runs.own_rules import files_in_force, known_headers, rule_file
from mingcha_web.runs.parameters import overrides_on

_HITS_SHOWN, _MISSES_SHOWN = 4, 8
_PARAMETER = re.compile(r"^\s+(?P<key>\S+) (?P<title>.+?)：(?P<value>.*)$")


@dataclass(frozen=True)
class RuleCard:
    """A rule as built; it changes only with the program."""

    id: str
    title: str
    severity: str
    status: str
    version: int
    clauses: tuple[str, ...]
    law: tuple[str, ...]
    finds: str
    false_hits: tuple[str, ...]
    verify: tuple[str, ...]
    reading: str
    sql: str


@dataclass(frozen=True)
class TakenParameter:
    """A parameter a rule takes, with its value in words. key: of the parameter's page, without its part."""

    key: str
    title: str
    words: str
    is_set: bool


@dataclass(frozen=True)
class Explained:
    """A rule in plain Chinese on a day. lines: (查什么, …), (对象, …), …"""

    lines: tuple[tuple[str, str], ...]
    parameters: tuple[TakenParameter, ...]


def rule_cards() -> Mapping[str, RuleCard]:
    """All rules by id, in the catalogue's order, then the county's own that are or were in force."""
    return {
        **_packaged_cards(),
        **{rule_id: _own_card(rule_id, each) for rule_id, (_, each) in known_headers().items()},
    }


def _own_card(rule_id: str, header: Mapping[str, Any]) -> RuleCard:
    lists = {name: tuple(header[name]) for name in ("clauses", "law", "false_hits", "verify")}
    return RuleCard(**{**header, **lists, "id": rule_id, "finds": _without_values(header["finds"])})


def _without_values(sentence: str) -> str:
    return re.sub(r"\{[^}]*\}", "…", sentence)


@cache
def _packaged_cards() -> Mapping[str, RuleCard]:
    rules = api.rule_headers()
    return {
        rule.id: RuleCard(
            id=rule.id,
            title=rule.title,
            severity=rule.severity,
            status=rule.status,
            version=rule.version,
            clauses=tuple(rule.clauses),
            law=tuple(rule.law),
            finds=_without_values(rule.finds),
            false_hits=tuple(rule.false_hits),
            verify=tuple(rule.verify),
            reading=rule.reading,
            sql=rule.sql.strip(),
        )
        for rule in rules
    }


def rule_card(rule_id: str) -> RuleCard:
    """One rule. Raises Http404."""
    card = _packaged_cards().get(rule_id) or rule_cards().get(rule_id)
    if card is None:
        raise Http404
    return card


def rule_titles() -> dict[str, str]:
    """Rule id → its title."""
    return {card.id: card.title for card in rule_cards().values()}


def explain(rule_id: str, as_of: date) -> Explained:
    """One rule in plain Chinese with the parameters in force on a day, the county's approved ones included."""
    rule_card(rule_id)
    return _explained(rule_id, as_of, _merged(as_of), _own_file(rule_id))


def finds_on(as_of: date) -> dict[str, str]:
    """Rule id → what it finds, with the values in force on a day."""
    merged = _merged(as_of)
    own = {rule_id: rule_file(rule) for rule_id, (rule, _) in known_headers().items()}
    ids = [*_packaged_cards(), *own]
    return {each: dict(_explained(each, as_of, merged, own.get(each)).lines).get("查什么", "") for each in ids}


def needs(rule_id: str) -> list[api.Need]:
    """What a rule needs of which office's data."""
    return _needs(rule_id, _own_file(rule_id))


@lru_cache(maxsize=256)
def _needs(rule_id: str, own: Path | None) -> list[api.Need]:
    return api.rule_needs(rule_id, [own] if own else [])


@cache
def examples(rule_id: str) -> tuple[list[api.Example], list[api.Example]]:
    """Some golden cases of a rule: those that are findings, and those that are none."""
    found = api.rule_examples(rule_id)
    hits = [each for each in found if each.findings]
    return hits[:_HITS_SHOWN], [each for each in found if not each.findings][:_MISSES_SHOWN]


def data_register() -> list[tuple[str, api.Need, tuple[str, ...]]]:
    """The data-sharing register, the county's own rules in force included."""
    return _register(tuple(files_in_force()[0]))


@lru_cache(maxsize=4)
def _register(own: tuple[Path, ...]) -> list[tuple[str, api.Need, tuple[str, ...]]]:
    return api.data_register(own)


def _own_file(rule_id: str) -> Path | None:
    found = None if rule_id in _packaged_cards() else known_headers().get(rule_id)
    return rule_file(found[0]) if found else None


def _merged(as_of: date) -> str:
    """The overrides in force as one mapping, in JSON: a key under which explanations are kept."""
    merged = {key: value for override in reversed(overrides_on(as_of)) for key, value in override.items()}
    return json.dumps(merged, sort_keys=True)


@lru_cache(maxsize=256)
def _explained(rule_id: str, as_of: date, merged: str, own: Path | None) -> Explained:
    told = api.explain_rule(rule_id, as_of=as_of, params=json.loads(merged), own_rules=[own] if own else [])
    head, _, rest = told.partition("执行的参数：")
    lines = []
    for line in head.splitlines()[1:]:
        label, colon, words = line.partition("：")
        if colon and words:
            lines.append((label, words))
    found = [_PARAMETER.match(line) for line in rest.partition("\n\n")[0].splitlines()]
    parameters = [
        TakenParameter(
            match["key"].partition(".")[0], match["title"], match["value"], not match["value"].startswith("未设置")
        )
        for match in found
        if match
    ]
    return Explained(tuple(lines), tuple(parameters))
