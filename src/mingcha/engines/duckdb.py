"""The engine of one machine: DuckDB runs rules and views as they are written."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from mingcha.datasets import Dataset, columns_of
from mingcha.errors import MingchaError, Place, RuleError
from mingcha.rules import View, placeholders_of


class DuckDBEngine:
    """Rules on a DuckDB connection. The connection's limits of memory and threads are whoever opened it's to set."""

    name = "duckdb"

    def __init__(self, con: duckdb.DuckDBPyConnection) -> None:
        self._con = con
        con.execute((files(__package__) / "macros.sql").read_text(encoding="utf-8"))

    def add_dataset(self, dataset: Dataset, snapshots: Sequence[Path]) -> None:
        """See Engine. Parquet is read where it lies; nothing is copied."""
        types = {column.name: column.type for column in columns_of(dataset)}
        if not snapshots:
            columns = ", ".join(f"{name} {kind}" for name, kind in types.items())
            self._con.execute(f"CREATE OR REPLACE TEMP TABLE {dataset.id} ({columns})")
            return
        source = f"read_parquet([{', '.join(_quoted(path) for path in snapshots)}], union_by_name = true)"
        try:
            present = {row[0] for row in self._con.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()}
        except duckdb.Error as error:
            # damaged or gone: the rules that need it are listed with this, the others run
            raise _out_of_memory(error) or RuleError(
                f"“{dataset.title}”的快照读不出来。", remedy="请重新读入这一数据。", code="engine.snapshot"
            ) from error
        columns = ", ".join(
            f"CAST({name if name in present else 'NULL'} AS {kind}) AS {name}" for name, kind in types.items()
        )
        self._con.execute(f"CREATE OR REPLACE TEMP VIEW {dataset.id} AS SELECT {columns} FROM {source}")

    def add_rows(self, name: str, columns: Mapping[str, str], rows: pa.Table) -> None:
        """See Engine."""
        declared = ", ".join(f"{column} {kind}" for column, kind in columns.items())
        self._con.execute(f"CREATE OR REPLACE TEMP TABLE {name} ({declared})")
        if rows.num_rows:
            self._con.register("_given_rows", rows)
            self._con.execute(f"INSERT INTO {name} BY NAME SELECT * FROM _given_rows")
            self._con.unregister("_given_rows")

    def materialise(self, view: View, values: Mapping[str, Any]) -> None:
        """See Engine."""
        try:
            self._con.execute(f"CREATE OR REPLACE TEMP TABLE {view.id} AS {view.sql}", _used(view, values))
        except duckdb.Error as error:
            raise _failed(view, error) from error

    def column_types(self, name: str) -> dict[str, str]:
        """See Engine."""
        return {row[0]: row[1] for row in self._con.execute(f"DESCRIBE {name}").fetchall()}

    def is_empty(self, name: str) -> bool:
        """See Engine."""
        # fetchall: a result left half read blocks the connection
        return not self._con.execute(f"SELECT 1 FROM {name} LIMIT 1").fetchall()

    def run(self, item: View, values: Mapping[str, Any]) -> pa.Table:
        """See Engine."""
        try:
            return self.relation(item, values).to_arrow_table()
        except duckdb.Error as error:
            raise _failed(item, error) from error

    def relation(self, item: View, values: Mapping[str, Any]) -> duckdb.DuckDBPyRelation:
        """A rule or view as a relation whose rows nobody has asked for yet."""
        return self._con.sql(item.sql, params=_used(item, values))


def _used(item: View, values: Mapping[str, Any]) -> dict[str, Any] | None:
    """DuckDB refuses parameters a statement does not name."""
    return {name: values[name] for name in placeholders_of(item)} or None


def _quoted(path: Path) -> str:
    """A path as a literal; what DuckDB would take for a pattern is put in brackets."""
    text = re.sub(r"[\[*?]", r"[\g<0>]", path.as_posix())
    return "'" + text.replace("'", "''") + "'"


def _failed(item: View, error: duckdb.Error) -> MingchaError:
    """The machine's fault, which ends the run, or the rule's own, which ends the rule.

    DuckDB's words name columns and types; only a failed cast could name a value, so its words are not repeated.
    """
    memory = _out_of_memory(error)
    if memory is not None:
        return memory
    if isinstance(error, duckdb.IOException):
        return MingchaError("比对时磁盘读写失败。", remedy="请检查磁盘空间后重试。", code="engine.disk")
    cause = str(error).split("\n", 1)[0] if not isinstance(error, duckdb.ConversionException) else "类型转换失败"
    return RuleError(f"{item.id} 运行不了：{cause}。", place=Place(item.path.name), code="rule.failed")


def _out_of_memory(error: duckdb.Error) -> MingchaError | None:
    """Not enough memory, which no other rule would have either."""
    if isinstance(error, duckdb.OutOfMemoryException):
        return MingchaError("比对时内存不够。", remedy="请关闭其他程序，或分乡镇比对。", code="engine.memory")
    return None
