"""What a comparison engine does: the same rules in, the same rows out, whichever engine runs them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import pyarrow as pa

from mingcha.datasets import Dataset
from mingcha.rules import View


@dataclass(frozen=True)
class Bounds:
    """What a run may take.

    memory   bytes the engine may hold; what does not fit goes to disk; None = the engine's own measure
    seconds  the longest a single rule or view may take; None = no bound
    """

    memory: int | None = None
    seconds: float | None = None


@dataclass(frozen=True)
class Reading:
    """What a run asks of a dataset.

    times    how many rules and views look into it
    columns  those that any of the rulebook names; no other is ever asked for
    is_plain  every snapshot is known to hold the columns of today
    """

    times: int
    columns: frozenset[str]
    is_plain: bool = False


class Engine(Protocol):
    """Holds the datasets of one run and answers rules and views.

    name   as ``--engine`` says it
    """

    @property
    def name(self) -> str:
        """As ``--engine`` says it."""

    @property
    def workers(self) -> int:
        """How many rules or views may be asked at a time, each from a thread of its own."""

    def add_dataset(self, dataset: Dataset, snapshots: Sequence[Path], reading: Reading | None = None) -> None:
        """Makes a dataset's table from its Parquet snapshots; an empty table of the right columns where there are none.

        Columns an older snapshot does not have read as NULL.
        reading   what will be asked of it, by which an engine may prepare; None = not known
        """

    def add_rows(self, name: str, columns: Mapping[str, str], rows: pa.Table) -> None:
        """Makes a table of given rows: column → DuckDB type name."""

    def define(self, view: View, values: Mapping[str, Any]) -> None:
        """Makes a view each of whose readers works out the part it needs. values: its parameters by local name."""

    def materialise(
        self, view: View, values: Mapping[str, Any], place: Path | None = None, size: int | None = None
    ) -> None:
        """Computes a view once for all that read it.

        values   its parameters by local name
        place    a Parquet file in which its rows may be kept for later runs, by ``keep``; None = for this run alone
        size     bytes of the snapshots it rests on; None = not known
        """

    def keep(self) -> None:
        """Writes down for later runs what ``materialise`` made and has not written yet; other threads may go on asking.

        What cannot be written in time is left to the next run. Raises MingchaError for want of disk.
        """

    def recall(self, view: View, place: Path) -> None:
        """Reads a view's rows from where ``materialise`` kept them. Raises RuleError where they cannot be read."""

    def column_types(self, name: str) -> dict[str, str]:
        """Column → DuckDB type name of a table or view made before."""

    def is_empty(self, name: str) -> bool:
        """Whether a table or view made before has no row."""

    def run(self, item: View, values: Mapping[str, Any]) -> pa.Table:
        """The rows of a rule or view. values: its parameters by local name, as_of and as_of_month among them."""

    def interrupt(self) -> None:
        """Stops what other threads are asking."""

    def close(self) -> None:
        """Gives back what the engine holds."""
