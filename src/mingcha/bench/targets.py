"""What is promised of speed and memory on two cores, and what is aimed at: the rows of the benchmark's first table."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

_MIB_PER_GIB = 1024


@dataclass(frozen=True)
class Target:
    """One promise.

    what, unit   as the table says it
    read         the value out of the figures; None where it was not measured
    must, aim    bounds; at_least: the value may not be below them, else not above
    seconds_aim  a second aim, in seconds, where there is one
    """

    what: str
    unit: str
    read: Callable[[Mapping[str, Any]], float | None]
    must: float
    aim: float
    at_least: bool = False
    seconds: Callable[[Mapping[str, Any]], float | None] | None = None
    seconds_aim: float | None = None

    def holds(self, value: float, bound: float) -> bool:
        """Whether a value keeps a bound."""
        return value >= bound if self.at_least else value <= bound


def at(*path: str) -> Callable[[Mapping[str, Any]], float | None]:
    """Reads a figure by its path; None where a step is missing."""

    def read(figures: Mapping[str, Any]) -> float | None:
        found: Any = figures
        for step in path:
            found = found.get(step) if isinstance(found, Mapping) else None
        return None if found is None else float(found)

    return read


TARGETS = (
    Target(
        ".xlsx to typed, checked, keyed snapshot", "rows/s", at("intake", "xlsx", "rows_a_second"), 30_000, 60_000, True
    ),
    Target("CSV the same way", "rows/s", at("intake", "csv", "rows_a_second"), 150_000, 400_000, True),
    Target(
        "all rules on county snapshots, findings written", "scans", at("rules", "scans"), 5, 2,
        seconds=at("rules", "seconds"), seconds_aim=1,
    ),
    Target("against one plain SQL query a rule", "× faster", at("plain", "times_faster"), 1, 2, True),
    Target(
        "compare again after one file changed, of the first comparison", "%", at("again", "changed_percent"), 50, 15
    ),
    Target("peak memory, county comparison", "MiB", at("first", "peak_mib"), 512, 256),
    Target(
        "peak memory, province comparison", "MiB", at("province", "rules", "peak_mib"),
        6 * _MIB_PER_GIB, 3 * _MIB_PER_GIB,
    ),
    Target(
        "province, 2 cores", "scans", at("province", "rules", "scans"), 5, 3,
        seconds=at("province", "rules", "seconds"), seconds_aim=40,
    ),
)  # fmt: skip


def table(figures: Mapping[str, Any]) -> list[dict[str, Any]]:
    """One JSON-able row a promise: what, unit, value, must, aim, holds_must, holds_aim; None where not measured."""
    rows = []
    for target in TARGETS:
        value = target.read(figures)
        seconds = target.seconds(figures) if target.seconds else None
        keeps_aim = None if value is None else target.holds(value, target.aim)
        if keeps_aim and seconds is not None and target.seconds_aim is not None:
            keeps_aim = seconds <= target.seconds_aim
        rows.append(
            {
                "what": target.what,
                "unit": target.unit,
                "value": value,
                "seconds": seconds,
                "must": target.must,
                "aim": target.aim,
                "seconds_aim": target.seconds_aim,
                "holds_must": None if value is None else target.holds(value, target.must),
                "holds_aim": keeps_aim,
            }
        )
    return rows
