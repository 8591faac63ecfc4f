"""Reads the dataset files of this folder into typed objects.

One YAML a dataset lies in ``sheets/``; ``shared.yaml`` holds fields many of them use, ``codes.yaml`` the code lists.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from mingcha.values.yamls import load_yaml


@dataclass(frozen=True)
class Code:
    """One code of a code list: what the lake keeps (code), its label, and the words offices write for it."""

    code: str
    label: str
    aliases: tuple[str, ...]


@dataclass(frozen=True)
class CodeList:
    """A named code list (代码表)."""

    id: str
    values: tuple[Code, ...]


@dataclass(frozen=True)
class Field:
    """One field (字段) of a dataset.

    type        name, id18, account, cert, uscc, code, phone, int, decimal, money, percent, date, month, datetime,
                bool, enum, list, division or text
    from_title  where the sheet has no such column its value may come from the sheet name, title row or file name
    codes       the code list of an enum, else None
    """

    id: str
    type: str
    header: str
    aliases: tuple[str, ...]
    required: bool
    from_title: bool
    codes: str | None


@dataclass(frozen=True)
class Dataset:
    """One dataset (数据项): a kind of sheet that offices exchange.

    offices       报送单位: the offices that supply it, usual one first
    any_of        groups of fields; a row needs at least one value of each group
    rule_dataset  the dataset code of policy-facts section 14 (DB, TK, PAY …)
    """

    id: str
    item: str
    title: str
    offices: tuple[str, ...]
    grain: str
    rule_dataset: str
    clauses: tuple[str, ...]
    title_words: tuple[str, ...]
    signature: str
    any_of: tuple[tuple[str, ...], ...]
    fields: Mapping[str, Field]


@dataclass(frozen=True)
class Catalogue:
    """All datasets and code lists, by id."""

    datasets: Mapping[str, Dataset]
    codes: Mapping[str, CodeList]


def _read(name: str) -> Any:
    return load_yaml((files(__package__) / name).read_text(encoding="utf-8"))


def _field(field_id: str, raw: dict[str, Any], shared: dict[str, Any]) -> Field:
    merged = {**shared[field_id], **raw} if raw.get("use") == "shared" else raw
    return Field(
        id=field_id,
        type=merged["type"],
        header=merged["header"],
        aliases=tuple(merged.get("aliases", ())),
        required=bool(merged.get("required", False)),
        from_title=bool(merged.get("from_title", False)),
        codes=merged.get("codes"),
    )


def _offices(raw: str | list[str]) -> tuple[str, ...]:
    """One office as a word, several as a list."""
    return (raw,) if isinstance(raw, str) else tuple(raw)


def _dataset(raw: dict[str, Any], shared: dict[str, Any]) -> Dataset:
    return Dataset(
        id=raw["id"],
        item=str(raw["item"]),
        title=raw["title"],
        offices=_offices(raw["office"]),
        grain=raw["grain"],
        rule_dataset=raw["rule_dataset"],
        clauses=tuple(raw["clauses"]),
        title_words=tuple(str(word) for word in raw["title_words"]),
        signature=raw["signature"],
        any_of=tuple(tuple(group) for group in raw.get("any_of", ())),
        fields={name: _field(name, value, shared) for name, value in raw["fields"].items()},
    )


def _code_list(list_id: str, raw: dict[str, Any]) -> CodeList:
    values = tuple(
        Code(str(value["code"]), str(value["label"]), tuple(str(word) for word in value.get("aliases", ())))
        for value in raw["values"]
    )
    return CodeList(list_id, values)


@cache
def load_catalogue() -> Catalogue:
    """The catalogue as packaged. Read once a process."""
    shared = _read("shared.yaml")
    entries = sorted((files(__package__) / "sheets").iterdir(), key=lambda entry: entry.name)
    sheets = (entry.read_text(encoding="utf-8") for entry in entries if entry.name.endswith(".yaml"))
    loaded = (_dataset(load_yaml(text), shared) for text in sheets)
    return Catalogue(
        datasets={dataset.id: dataset for dataset in loaded},
        codes={list_id: _code_list(list_id, raw) for list_id, raw in _read("codes.yaml").items()},
    )
