"""Reads parameter packs and override files into dated entries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml

from mingcha.errors import ParameterError, Place
from mingcha.parameters.facts import Fact, families, find_fact, load_facts, nearest_key
from mingcha.parameters.kinds import normalise
from mingcha.values.yamls import load_yaml

#: Source and status of a value given with ``--params``.
OVERRIDE_STATUS = "override"
_ENTRY_FIELDS = {"value", "effective_from", "effective_to", "source", "status", "unit", "region", "title"}
_LABELS = {"title", "标题", "说明"}


@dataclass(frozen=True)
class Entry:
    """One value of one fact for a span of days; effective_to is its last day, None = open."""

    key: str
    value: Any
    effective_from: date | None
    effective_to: date | None
    region: str
    source: str
    status: str

    def in_force(self, day: date) -> bool:
        """Whether the entry holds on a day."""
        return (self.effective_from is None or self.effective_from <= day) and (
            self.effective_to is None or day <= self.effective_to
        )


def region_chain(home: str) -> tuple[str, ...]:
    """Division codes from the nearest to the nation.

    >>> region_chain("411426")
    ('411426', '4114', '41', '00')
    """
    return (home, home[:4], home[:2], "00")


@cache
def load_pack(code: str) -> tuple[Entry, ...]:
    """The packaged entries of one division code; () where there is no such pack."""
    path = files(__package__) / "packs" / f"{code}.yaml"
    if not path.is_file():
        return ()
    raw = load_yaml(path.read_text(encoding="utf-8"))
    entries: list[Entry] = []
    for key, value in raw["entries"].items():
        fact = load_facts()[key]
        dated = value if isinstance(value, list) else [value]
        entries += [
            _entry(fact, each, region=raw["region"], source="", status="", dates=(None, None)) for each in dated
        ]
    return tuple(entries)


def _day(fact: Fact, raw: object, last: bool) -> date | None:
    if raw is None or raw == "":
        return None
    if isinstance(raw, datetime):
        return raw.date()
    if isinstance(raw, date):
        return raw
    try:
        return date.fromisoformat(str(raw).strip())
    except ValueError as error:
        which = "截止日期 effective_to" if last else "起始日期 effective_from"
        raise ParameterError(f"参数 {fact.key} 的{which}“{raw}”不是日期。", remedy="请写成 2023-01-01。") from error


def _entry(
    fact: Fact, raw: Mapping[str, Any], *, region: str, source: str, status: str, dates: tuple[date | None, date | None]
) -> Entry:
    since = _day(fact, raw["effective_from"], False) if "effective_from" in raw else dates[0]
    until = _day(fact, raw["effective_to"], True) if "effective_to" in raw else dates[1]
    if since and until and until < since:
        raise ParameterError(f"参数 {fact.key} 的截止日期早于起始日期。")
    return Entry(
        key=fact.key,
        value=normalise(fact, raw.get("value")),
        effective_from=since,
        effective_to=until,
        region=str(raw.get("region", region)),
        source=str(raw.get("source", source)),
        status=str(raw.get("status", status)),
    )


def read_overrides(given: Path | Mapping[str, Any] | None) -> tuple[Entry, ...]:
    """The entries of a ``--params`` file, or of a mapping of the same shape.

    Keys are fact ids (or a family's name), a part after a dot; values a number or word, a structure, a mapping with
    value and dates, or a list of such mappings. Raises ParameterError naming file, key and what was expected.
    """
    if given is None:
        return ()
    place = Place(given.name) if isinstance(given, Path) else None
    raw = _read_file(given) if isinstance(given, Path) else given
    try:
        return _overrides(raw, given.name if isinstance(given, Path) else "")
    except ParameterError as error:
        if error.place is None and place is not None:
            raise ParameterError(error.cause, remedy=error.remedy, place=place, code=error.code) from error
        raise


def _read_file(path: Path) -> Mapping[str, Any]:
    place = Place(path.name)
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise ParameterError("参数文件读不出来。", remedy="请检查路径，并存为 UTF-8。", place=place) from error
    try:
        raw = load_yaml(text)
    except yaml.YAMLError as error:
        raise ParameterError("参数文件不是合格的 YAML。", remedy="请写成“编号: 值”，每行一个。", place=place) from error
    if raw is None:
        return {}
    if not isinstance(raw, dict):
        raise ParameterError("参数文件应是“编号: 值”。", place=place)
    return raw


def _overrides(raw: Mapping[str, Any], file: str) -> tuple[Entry, ...]:
    label = next((str(raw[word]) for word in _LABELS if word in raw), f"参数文件《{file}》" if file else "本次指定")
    entries: list[Entry] = []
    for written, value in raw.items():
        if written in _LABELS:
            continue
        key = str(written).strip()
        fact = find_fact(key) or find_fact(key.upper())
        if fact is None:
            raise ParameterError(
                f"没有编号为“{key}”的参数。", remedy=f"最接近的是 {nearest_key(key)}。", code="parameter.unknown"
            )
        base = key.partition(".")[0]
        entries += _override(_as_written(fact, base), value, label)
    return tuple(entries)


def _as_written(fact: Fact, base: str) -> Fact:
    """A fact asked for by its family's name keeps that name: it then holds whichever member is in force."""
    base = base.upper() if base.upper() in families() else base
    if base not in families():
        return fact
    _, dot, part = fact.key.partition(".")
    return Fact(f"{base}{dot}{part}", fact.title, fact.kind, fact.unit, fact.codes, fact.spread, None, (), fact.fields)


def _override(fact: Fact, value: object, label: str) -> list[Entry]:
    dated = isinstance(value, list) and value and all(isinstance(each, dict) and "value" in each for each in value)
    single = isinstance(value, dict) and "value" in value and set(value) <= _ENTRY_FIELDS
    written: list[Any] = value if isinstance(value, list) and dated else [value if single else {"value": value}]
    dates = _family_dates(fact.key.partition(".")[0])
    entries = [_entry(fact, each, region="", source=label, status=OVERRIDE_STATUS, dates=dates) for each in written]
    base, _, part = fact.key.partition(".")
    if not part:
        return entries
    return [
        Entry(base, {part: each.value}, each.effective_from, each.effective_to, "", each.source, each.status)
        for each in entries
    ]


def _family_dates(key: str) -> tuple[date | None, date | None]:
    """Facts that follow one another in time keep their days even when their value is replaced."""
    fact = load_facts().get(key)
    if fact is None or fact.family is None:
        return None, None
    for code in region_chain("411426"):
        for entry in load_pack(code):
            if entry.key == key:
                return entry.effective_from, entry.effective_to
    return None, None
