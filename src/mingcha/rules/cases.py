"""The golden cases beside a rule, as far as people read them: what a case changes and whether it is a finding."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import yaml

from mingcha.rules.model import View
from mingcha.values.yamls import load_yaml

#: How the name of a file of cases ends, after that of its rule.
CASES_ENDING = ".cases.yaml"


@dataclass(frozen=True)
class Example:
    """One golden case (示例): its name, a few Chinese words, and how many findings it gives."""

    name: str
    findings: int


def cases_path(item: View) -> Path:
    """Where the cases of a rule or view lie."""
    return item.path.with_name(item.path.stem + CASES_ENDING)


def examples_of(item: View) -> list[Example]:
    """The golden cases of a rule or view, in their order; [] where none lie beside it or they cannot be read."""
    path = cases_path(item)
    try:
        raw = load_yaml(path.read_text(encoding="utf-8"))
        return [Example(str(case["name"]), len(case["finds"] or ())) for case in raw["cases"]]
    except (OSError, yaml.YAMLError, KeyError, TypeError):
        return []
