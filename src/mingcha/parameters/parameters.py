"""Policy parameters in force on a day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from importlib.resources import files
from pathlib import Path
from typing import Any

from mingcha.errors import ParameterError
from mingcha.parameters.facts import Fact, families, find_fact, load_facts, nearest_key, part_name
from mingcha.parameters.packs import OVERRIDE_STATUS, Entry, load_pack, read_overrides, region_chain
from mingcha.values.workdays import WorkCalendar, with_years, work_calendar

#: The parameter that tells years the packaged calendar does not know.
_WORKDAYS = "workdays"

#: Division code of Xiayi, the county this system is first made for.
HOME = "411426"


@dataclass(frozen=True)
class InForce:
    """One parameter on the comparison date, with where its value comes from. value None = 参数未设置.

    value   as rules receive it; a structure is a dict of its parts
    region  division code of the pack, '' where the value was given for this run
    """

    key: str
    title: str
    value: Any
    unit: str
    effective_from: date | None
    effective_to: date | None
    region: str
    source: str
    status: str


class Parameters:
    """The parameters in force on one day; read with ``get``."""

    def __init__(self, as_of: date, layers: Sequence[Sequence[Entry]]) -> None:
        self.as_of = as_of
        self._layers = [[entry for entry in layer if entry.in_force(as_of)] for layer in layers]
        self._all = [entry for layer in layers for entry in layer]

    def get(self, key: str) -> Any:
        """The value of a fact, a family (HN) or a part (HN-SQ.dibao_rural); None where it is not set.

        Raises ParameterError for a key that names no fact.
        """
        fact = find_fact(key)
        if fact is None:
            raise ParameterError(f"没有编号为“{key}”的参数。", remedy=f"最接近的是 {nearest_key(key)}。")
        base, _, part = key.partition(".")
        if base in families():
            return self._family(base, fact.key.partition(".")[2] if part else "")
        value = self._value(load_facts()[base])[0]
        if not part:
            return value
        return None if value is None else value.get(fact.key.partition(".")[2])

    @cached_property
    def work_calendar(self) -> WorkCalendar:
        """The packaged calendar of working days with the years told as parameter ``workdays``, in force or not.

        Of one year told twice the stronger one counts.
        """
        told: dict[int, Mapping[date, bool]] = {}
        for entry in reversed(self._all):
            if entry.key == _WORKDAYS and entry.value:
                told |= entry.value
        return with_years(work_calendar(), told)

    def title(self, key: str) -> str:
        """What a key is called in Chinese; a part after its fact: 市县执行标准与平均补差·农村低保标准."""
        base, _, part = key.partition(".")
        fact = find_fact(base)
        if fact is None:
            return key
        name = part_name(fact, part) if part else None
        return fact.title if name is None else f"{fact.title}·{fact.fields[name].title}"

    def in_force(self) -> list[InForce]:
        """Every parameter that has an entry in a pack or was given, in the catalogue's order, unset ones included.

        Of facts that follow one another in time (HN-18 … HN-24) only the one in force.
        """
        given = {entry.key for entry in self._all}
        current = {entry.key for layer in self._layers for entry in layer}
        return [
            self._in_force(fact)
            for key, fact in load_facts().items()
            if key in given and (fact.family is None or key in current)
        ]

    def _in_force(self, fact: Fact) -> InForce:
        value, entry = self._value(fact)
        entry = entry or self._placeholder(fact.key)
        return InForce(
            key=fact.key,
            title=fact.title,
            value=value,
            unit=fact.unit,
            effective_from=entry.effective_from,
            effective_to=entry.effective_to,
            region=entry.region,
            source=entry.source,
            status=entry.status,
        )

    def _placeholder(self, key: str) -> Entry:
        """The entry to show for an unset fact: one in force if there is one, else the last known."""
        matching = [entry for entry in self._all if entry.key == key]
        return next((entry for entry in matching if entry.in_force(self.as_of)), matching[-1])

    def _family(self, name: str, part: str) -> Any:
        members = [key for key in families()[name] if self._entries(key)]
        merged, _ = _merged([*self._entries(name), *(self._entries(members[-1]) if members else ())])
        if part:
            return merged.get(part)
        return merged if any(value is not None for value in merged.values()) else None

    def _entries(self, key: str) -> list[Entry]:
        """Entries of a key in force, nearest first; of one layer the one that began last comes first."""
        found: list[Entry] = []
        for layer in self._layers:
            mine = [entry for entry in layer if entry.key == key]
            found += sorted(mine, key=lambda entry: entry.effective_from or date.min, reverse=True)
        return found

    def _value(self, fact: Fact) -> tuple[Any, Entry | None]:
        entries = self._entries(fact.key)
        if fact.kind != "structure":
            for entry in entries:
                # an empty entry of a pack says that nearer regions say nothing; an empty override unsets on purpose
                if entry.value is not None or entry.status == OVERRIDE_STATUS:
                    return entry.value, entry
            return None, None
        merged, deciding = _merged(entries)
        if all(value is None for value in merged.values()):
            return None, deciding
        return {name: merged.get(name) for name in fact.fields}, deciding


def _merged(entries: Sequence[Entry]) -> tuple[dict[str, Any], Entry | None]:
    """The parts of a structure, each from the nearest entry that says it, and the entry that decided the first."""
    merged: dict[str, Any] = {}
    deciding: Entry | None = None
    for entry in entries:
        given = entry.status == OVERRIDE_STATUS
        if given and entry.value is None:
            return merged, deciding or entry
        for name, value in (entry.value or {}).items():
            if (value is not None or given) and name not in merged:
                merged[name] = value
                deciding = deciding or entry
    return merged, deciding


#: What may lie over the packs: ``--params`` files or mappings of the same shape, the strongest first.
Overrides = Path | Mapping[str, Any] | Sequence[Path | Mapping[str, Any]] | None


def load_parameters(as_of: date, overrides: Overrides = None, home: str = HOME) -> Parameters:
    """The parameters in force on a day.

    as_of      the comparison date (比对日); it picks the value where several follow one another
    overrides  ``--params`` files or mappings of the same shape, the strongest first; they win over every pack, and an
               empty value takes a parameter out of force
    home       division code of the county: its pack wins over the city's, the province's and the nation's
    Raises ParameterError where an override is malformed.
    """
    given = overrides if isinstance(overrides, Sequence) else [overrides]
    layers = [read_overrides(each) for each in given if each is not None]
    return Parameters(as_of, [*layers, *(load_pack(code) for code in region_chain(home))])


def demo_overrides() -> Path:
    """The fictitious values with which every rule can be shown; of the form ``--params`` takes."""
    return Path(str(files(__package__))) / "packs" / "demo.yaml"
