"""What a comparison engine does: the same rules in, the same rows out, whichever engine runs them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

import pyarrow as pa

from mingcha.datasets import Dataset
from mingcha.rules import View


class Engine(Protocol):
    """Holds the datasets of one run and answers rules and views.

    name   as ``--engine`` says it
    """

    name: str

    def add_dataset(self, dataset: Dataset, snapshots: Sequence[Path]) -> None:
        """Makes a dataset's table from its Parquet snapshots; an empty table of the right columns where there are none.

        Columns an older snapshot does not have read as NULL.
        """

    def add_rows(self, name: str, columns: Mapping[str, str], rows: pa.Table) -> None:
        """Makes a table of given rows: column → DuckDB type name. Used by tests and small inputs."""

    def materialise(self, view: View, values: Mapping[str, Any]) -> None:
        """Computes a view once for all rules that read it. values: its parameters by local name."""

    def column_types(self, name: str) -> dict[str, str]:
        """Column → DuckDB type name of a table or view made before."""

    def is_empty(self, name: str) -> bool:
        """Whether a table or view made before has no row."""

    def run(self, item: View, values: Mapping[str, Any]) -> pa.Table:
        """The rows of a rule or view. values: its parameters by local name, as_of and as_of_month among them."""
