"""The golden cases of the packaged rulebook. What a file of cases says: see ``mingcha.engines.golden``."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from mingcha.engines.golden import Case, GoldenCases, Labels, check
from mingcha.rules import Rule, View, packaged_folder, read_rule, read_view
from mingcha.rules.cases import cases_path

__all__ = ["GOLDEN", "Case", "Labels", "cases_path", "check", "hits_and_misses", "is_rule", "items"]


def items() -> list[View]:
    """Every rule and view of the packaged rulebook, as its file says it: no other's fault hides it."""
    return [_read(path) for path in sorted(packaged_folder().rglob("*.sql"))]


@cache
def _read(path: Path) -> View:
    return read_view(path) if path.parent.name == "views" else read_rule(path)


def is_rule(item: View) -> bool:
    return isinstance(item, Rule)


GOLDEN = GoldenCases({item.id: item for item in items() if not is_rule(item)})


def hits_and_misses(item: View) -> tuple[int, int]:
    """How many cases find something, and how many nothing."""
    cases = GOLDEN.cases_of(item)
    return sum(bool(case.finds) for case in cases), sum(not case.finds for case in cases)
