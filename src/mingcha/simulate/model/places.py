"""The county's real townships and villages, from the division tables of the package."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib.resources import files

#: the unit beside the townships that statistics do not know, and what we call its villages
LOCAL_UNIT = "郭庄农贸区"


@dataclass(frozen=True)
class Village:
    """A village or neighbourhood. short: without 村委会/居委会."""

    code: str
    name: str
    short: str
    township: str
    is_urban: bool


@dataclass
class Township:
    """A township with its villages. name as the county writes it: 会亭镇."""

    code: str
    name: str
    short: str
    villages: list[Village] = field(default_factory=list)


def load_townships() -> list[Township]:
    """All townships in the order of their codes, the local unit last."""
    found: dict[str, Township] = {}
    for row in _rows("xiayi_divisions.csv"):
        if row["level"] == "township":
            found[row["code"]] = Township(row["code"], row["name"], row["short_name"])
        elif row["level"] == "village":
            township = found[row["parent_code"]]
            urban = row["kind"].endswith("居委会")
            township.villages.append(Village(row["code"], row["name"], row["short_name"], township.name, urban))
    local = Township("LOCAL", LOCAL_UNIT, LOCAL_UNIT)
    local.villages.append(Village("LOCAL1", "农贸市场居委会", "农贸市场", LOCAL_UNIT, True))
    return [*found.values(), local]


def _rows(name: str) -> Iterator[dict[str, str]]:
    text = files("mingcha.values").joinpath("data", name).read_text(encoding="utf-8-sig")
    yield from csv.DictReader(text.splitlines())
