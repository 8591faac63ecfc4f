"""Reads parameter packs and override files into dated entries."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml

from mingcha.errors import ParameterError, Place
from mingcha.parameters.facts import Fact, families, find_fact, load_facts, nearest_key
from mingcha.parameters.kinds import normalise, within
from mingcha.values.yamls import Lines, NoSuchDay, Steps, load_with_lines

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
    return read_pack(path.read_text(encoding="utf-8"), path.name) if path.is_file() else ()


def read_pack(text: str, file: str) -> tuple[Entry, ...]:
    """The entries of a pack: its region, and entries with value, days, source and status.

    file    its name, for errors
    Raises ParameterError with file and line: an unknown key, a value of the wrong kind, two values on one day.
    """
    with _in_file(file, text) as (raw, lines):
        if not isinstance(raw, dict) or not {"region", "entries"} <= set(raw) or not isinstance(raw["entries"], dict):
            raise ParameterError("参数包应有 region 和 entries。")
        found: list[_Written] = []
        for key, value in raw["entries"].items():
            with within("entries", key):
                fact = load_facts().get(key)
                if fact is None:
                    raise _unknown(str(key))
                found += _pack_entries(fact, value, str(raw["region"]))
        _refuse_overlaps(found, lines)
    return tuple(each.entry for each in found)


@dataclass(frozen=True)
class Origin:
    """Where entries come from."""

    region: str
    source: str
    status: str


@dataclass(frozen=True)
class _Written:
    """An entry and where it was written. path: keys and places in lists."""

    entry: Entry
    path: Steps


def _pack_entries(fact: Fact, value: object, region: str) -> list[_Written]:
    found: list[_Written] = []
    for path, each in _each(value):
        with within(*path):
            if not isinstance(each, Mapping) or "value" not in each:
                raise ParameterError(
                    f"参数 {fact.key} 的条目没有 value。", remedy="请写成 {value: 值, source: 出处, …}。"
                )
            entry = _entry(fact, each, Origin(region, "", ""))
        found.append(_Written(entry, ("entries", fact.key, *path)))
    return found


def _each(value: object) -> list[tuple[Steps, Any]]:
    """The items of a list with their paths, or the one thing there is."""
    return [((place,), each) for place, each in enumerate(value)] if isinstance(value, list) else [((), value)]


def _unknown(key: str) -> ParameterError:
    cause = f"没有编号为“{key}”的参数。"
    return ParameterError(cause, remedy=f"最接近的是 {nearest_key(key)}。", code="parameter.unknown")


@contextmanager
def _in_file(file: str, text: str) -> Iterator[tuple[Any, Lines]]:
    """What a file says, and on which lines. Errors about it, be they YAML's or ours, come with its name and line."""
    try:
        raw, lines = load_with_lines(text)
    except NoSuchDay as error:
        place = Place(file, row=_marked_line(error))
        raise ParameterError("日历上没有这一天。", remedy="请写成年月日，如 2023-12-05。", place=place) from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        place = Place(file, row=_marked_line(error))
        remedy = "请写成“编号: 值”，每行一个，冒号后空一格。"
        raise ParameterError("参数文件不是合格的 YAML。", remedy=remedy, place=place) from error
    for path, line in lines.repeated:
        raise _repeated(path, Place(file, row=line), lines)
    try:
        yield raw, lines
    except ParameterError as error:
        place = Place(file, row=lines.of(error.path))
        raise ParameterError(error.cause, remedy=error.remedy, place=place, code=error.code) from error


def _marked_line(error: Exception) -> int | None:
    mark = error.problem_mark if isinstance(error, yaml.MarkedYAMLError) else None
    return None if mark is None else mark.line + 1


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
        field = "effective_to" if last else "effective_from"
        cause = f"参数 {fact.key} 的{'截止' if last else '起始'}日期 {field}“{raw}”不是日期。"
        raise ParameterError(cause, remedy="请写成 2023-01-01。", path=(field,)) from error


def _entry(
    fact: Fact, raw: Mapping[str, Any], origin: Origin, dates: tuple[date | None, date | None] = (None, None)
) -> Entry:
    """origin, dates: what holds where the entry itself does not say it."""
    for word in raw:
        if word not in _ENTRY_FIELDS:
            remedy = f"可用的有：{'、'.join(sorted(_ENTRY_FIELDS))}。"
            raise ParameterError(f"参数 {fact.key} 的条目里没有“{word}”这一项。", remedy=remedy, path=(word,))
    since = _day(fact, raw["effective_from"], False) if "effective_from" in raw else dates[0]
    until = _day(fact, raw["effective_to"], True) if "effective_to" in raw else dates[1]
    if since and until and until < since:
        remedy = "请把 effective_from 和 effective_to 按先后写好。"
        raise ParameterError(f"参数 {fact.key} 的截止日期早于起始日期。", remedy=remedy, path=("effective_to",))
    with within("value"):
        value = normalise(fact, raw["value"])
    return Entry(
        key=fact.key,
        value=value,
        effective_from=since,
        effective_to=until,
        region=str(raw.get("region", origin.region)),
        source=str(raw.get("source", origin.source)),
        status=str(raw.get("status", origin.status)),
    )


def _refuse_overlaps(written: Sequence[_Written], lines: Lines | None) -> None:
    """Raises where two entries of one key and region, in the same part of it, are in force on one day."""
    earlier: dict[tuple[str, str], list[_Written]] = {}
    for each in written:
        before = earlier.setdefault((each.entry.key, each.entry.region), [])
        for other in before:
            if _share_a_part(each.entry, other.entry) and _share_a_day(each.entry, other.entry):
                raise _overlap(each, other, lines)
        before.append(each)


def _share_a_part(one: Entry, other: Entry) -> bool:
    """Parts of a structure may be written one by one; an empty value is one of all of them."""
    if isinstance(one.value, dict) and isinstance(other.value, dict):
        return not one.value.keys().isdisjoint(other.value)
    return True


def _share_a_day(one: Entry, other: Entry) -> bool:
    since = max(each.effective_from or date.min for each in (one, other))
    return all(since <= (each.effective_to or date.max) for each in (one, other))


def _overlap(one: _Written, other: _Written, lines: Lines | None) -> ParameterError:
    """other: the one that stands first."""
    first, last = sorted((one.entry, other.entry), key=lambda entry: entry.effective_from or date.min)
    fact = find_fact(first.key)
    title = f"（{fact.title}）" if fact else ""
    since = last.effective_from
    remedy = "请只留一处；先后执行的，各写明起止日期 effective_from、effective_to，前后不重叠。"
    if since is not None and since != first.effective_from:
        remedy = f"请给先执行的一条写上 effective_to: {since - timedelta(days=1)}，或改正两条的起止日期。"
    on = f"在{since.isoformat()}" if since else ""
    line = lines.of(other.path) if lines else None
    beside = f"（另一个在第{line}行）" if line else ""
    cause = f"参数 {first.key}{title}有两个值{on}同时有效{beside}。"
    return ParameterError(cause, remedy=remedy, code="parameter.overlap", path=one.path)


def _repeated(path: Steps, place: Place, lines: Lines) -> ParameterError:
    """A key that stands twice: YAML would take the last in silence."""
    cause = f"“{path[-1]}”写了两次（另一处在第{lines.of(path)}行）。"
    remedy = "请只留一处；先后执行的值写成一个列表，各写明起止日期 effective_from、effective_to。"
    return ParameterError(cause, remedy=remedy, place=place, code="parameter.overlap")


def read_overrides(given: Path | Mapping[str, Any] | None) -> tuple[Entry, ...]:
    """The entries of a ``--params`` file, or of a mapping of the same shape.

    Keys are fact ids (or a family's name), a part after a dot; values a number or word, a structure, a mapping with
    value and dates, or a list of such mappings. Raises ParameterError naming file, line, key and what was expected;
    two values in force on one day are refused.
    """
    if given is None:
        return ()
    if not isinstance(given, Path):
        return _overrides(given, "", None)
    with _in_file(given.name, _text_of(given)) as (raw, lines):
        if raw is not None and not isinstance(raw, dict):
            raise ParameterError("参数文件应是“编号: 值”。", remedy="请每行写一个，如 KZ-07: 5。")
        return _overrides(raw or {}, given.name, lines)


def _text_of(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        remedy = "请检查路径，并存为 UTF-8。"
        raise ParameterError("参数文件读不出来。", remedy=remedy, place=Place(path.name)) from error


def _overrides(raw: Mapping[str, Any], file: str, lines: Lines | None) -> tuple[Entry, ...]:
    label = next((str(raw[word]) for word in _LABELS if word in raw), f"参数文件《{file}》" if file else "本次指定")
    found: list[_Written] = []
    for written, value in raw.items():
        if written in _LABELS:
            continue
        key = str(written).strip()
        with within(written):
            fact = find_fact(key) or find_fact(key.upper())
            if fact is None:
                raise _unknown(key)
            entries = _override(_as_written(fact, key.partition(".")[0]), value, label)
        found += [_Written(each.entry, (written, *each.path)) for each in entries]
    _refuse_overlaps(found, lines)
    return tuple(each.entry for each in found)


def _as_written(fact: Fact, base: str) -> Fact:
    """A fact asked for by its family's name keeps that name: it then holds whichever member is in force."""
    base = base.upper() if base.upper() in families() else base
    if base not in families():
        return fact
    _, dot, part = fact.key.partition(".")
    return Fact(f"{base}{dot}{part}", fact.title, fact.kind, fact.unit, fact.codes, fact.spread, None, (), fact.fields)


def _override(fact: Fact, value: object, label: str) -> list[_Written]:
    is_dated = isinstance(value, list) and value and all(isinstance(each, dict) and "value" in each for each in value)
    is_entry = isinstance(value, dict) and "value" in value
    dates = _family_dates(fact.key.partition(".")[0])
    origin = Origin("", label, OVERRIDE_STATUS)
    if is_dated or is_entry:
        found: list[_Written] = []
        for path, each in _each(value):
            with within(*path):
                found.append(_Written(_entry(fact, each, origin, dates), path))
    else:
        bare = Entry(fact.key, normalise(fact, value), *dates, origin.region, origin.source, origin.status)
        found = [_Written(bare, ())]
    base, _, part = fact.key.partition(".")
    if not part:
        return found
    return [_Written(replace(each.entry, key=base, value={part: each.entry.value}), each.path) for each in found]


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
