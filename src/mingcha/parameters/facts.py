"""Which parameters there are: the policy facts by id, their kinds and sub-keys."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

from mingcha.values.yamls import load_yaml


@dataclass(frozen=True)
class Fact:
    """One policy fact, or one part of a structured one.

    kind     integer, number, flag, text, day, codes, grades, workdays, structure or any
    unit     in Chinese; empty where there is none
    codes    the code list whose codes a ``codes`` value holds
    spread   one number given for a structure stands for all its parts
    family   facts of one family follow one another in time and are asked for by the family's name (HN: HN-18 … HN-24)
    """

    key: str
    title: str
    kind: str = "any"
    unit: str = ""
    codes: str | None = None
    spread: bool = False
    family: str | None = None
    aliases: tuple[str, ...] = ()
    fields: Mapping[str, Fact] = field(default_factory=dict)


def _fact(key: str, raw: Mapping[str, Any], unit: str = "", kind: str = "any") -> Fact:
    unit = raw.get("unit", unit)
    fields = {name: _fact(f"{key}.{name}", part, unit, "number") for name, part in raw.get("fields", {}).items()}
    return Fact(
        key=key,
        title=raw["title"],
        kind=raw.get("kind", kind),
        unit=unit,
        codes=raw.get("codes"),
        spread=raw.get("spread", False),
        family=raw.get("family"),
        aliases=tuple(raw.get("aliases", ())),
        fields=fields,
    )


@cache
def load_facts() -> Mapping[str, Fact]:
    """All facts by id, in the catalogue's order."""
    raw = load_yaml((files(__package__) / "facts.yaml").read_text(encoding="utf-8"))
    return {key: _fact(key, value) for key, value in raw.items()}


@cache
def families() -> Mapping[str, tuple[str, ...]]:
    """Family name → its facts, in the catalogue's order."""
    found: dict[str, tuple[str, ...]] = {}
    for fact in load_facts().values():
        if fact.family:
            found[fact.family] = (*found.get(fact.family, ()), fact.key)
    return found


def find_fact(key: str) -> Fact | None:
    """The fact of a key, a family's name (its newest fact stands for it) or a dotted part; None if there is none.

    >>> find_fact("HN-SQ.农村低保").key
    'HN-SQ.dibao_rural'
    """
    base, _, part = key.partition(".")
    fact = load_facts().get(families()[base][-1] if base in families() else base)
    if fact is None or not part:
        return fact
    name = part_name(fact, part)
    return None if name is None else fact.fields[name]


def part_name(fact: Fact, word: str) -> str | None:
    """The sub-key that a word, Chinese or not, means in a structured fact."""
    for name, part in fact.fields.items():
        if word in (name, part.title, *part.aliases):
            return name
    return None


def known_key(key: str) -> bool:
    """Whether a key, possibly dotted, names a fact."""
    return find_fact(key) is not None


def nearest_key(key: str) -> str:
    """The known key most like an unknown one."""
    base = key.partition(".")[0]
    fact = load_facts().get(base)
    if fact is not None and fact.fields:
        near = difflib.get_close_matches(key.partition(".")[2], fact.fields, n=1, cutoff=0)
        return f"{base}.{near[0]}"
    near = difflib.get_close_matches(base.upper(), [*load_facts(), *families()], n=1, cutoff=0)
    return near[0]
