"""A short way to read one file in this process and to look at what came of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa

from mingcha.intake.containers.problems import Unreadable, problem
from mingcha.intake.containers.readers.dispatch import read_source
from mingcha.intake.containers.sink import Event, Sink, Source
from mingcha.intake.model import CellKind


def load(path: Path) -> pa.Table:
    """A raw sheet's table."""
    with pa.memory_map(str(path)) as source:
        return pa.ipc.open_file(source).read_all()


def texts(table: pa.Table) -> dict[int, list[str | None]]:
    """Row number → texts of the row's cells."""
    names = [name for name in table.column_names if name.startswith("c")]
    return {row["row"]: [row[name] for name in names] for row in table.to_pylist()}


def cells(table: pa.Table) -> dict[int, list[tuple[str, CellKind] | None]]:
    """Row number → (text, kind) of the row's cells, None where blank."""
    rows = {}
    for row in table.to_pylist():
        line = []
        for index in range((len(row) - 1) // 2):
            text, kind = row[f"c{index}"], CellKind(row[f"k{index}"])
            assert (text is None) == (kind is CellKind.EMPTY)
            line.append(None if text is None else (text, kind))
        rows[row["row"]] = line
    return rows


@dataclass
class Read:
    """What became of one file read in this process."""

    events: list[Event] = field(default_factory=list)
    error: Unreadable | None = None
    staging: Path = Path()

    @property
    def sheets(self) -> list[Event]:
        return [event for event in self.events if event["event"] == "sheet"]

    @property
    def problems(self) -> list[str]:
        codes = [event["code"] for event in self.events if event["event"] == "problem"]
        return codes + ([self.error.code] if self.error else [])

    def table(self, number: int = 0) -> pa.Table:
        return load(self.staging / self.sheets[number]["data"])

    def texts(self, number: int = 0) -> dict[int, list[str | None]]:
        return texts(self.table(number))

    def cells(self, number: int = 0) -> dict[int, list[Any]]:
        return cells(self.table(number))


def read_here(path: Path, staging: Path) -> Read:
    """Reads one file without a child process."""
    staging.mkdir(exist_ok=True)
    read = Read(staging=staging)
    sink = Sink(staging, "t", (), read.events.append)
    try:
        read_source(Source(path, path.stat().st_size), sink)
    except Unreadable as error:
        read.error = error
        problem(error.code, path.name, **error.facts)  # its sentence must have all it needs
    return read
