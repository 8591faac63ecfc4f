"""The snapshots of a workspace as the measurements look at them: a scan, plain queries, views as files."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from mingcha.engines import Bounds, DuckDBEngine, Tables
from mingcha.engines.run import RUNNING
from mingcha.errors import RuleError
from mingcha.intake.folder import recall
from mingcha.machine import memory_for
from mingcha.parameters import load_parameters
from mingcha.rules import Rulebook, load_rulebook
from mingcha.snapshots import SnapshotRef, Workspace


@dataclass(frozen=True)
class Lake:
    """Snapshots on an engine. keys: delivery keys; bytes: size of the snapshots."""

    con: duckdb.DuckDBPyConnection
    tables: Tables
    snapshots: tuple[SnapshotRef, ...]
    keys: list[str]
    bytes: int


@contextmanager
def opened(workspace: Path, params: Path, as_of: date) -> Iterator[Lake]:
    """The snapshots of all deliveries, on a connection bounded as a comparison's is."""
    with Workspace(workspace, is_reader=True) as space, duckdb.connect() as con:
        keys = list(space.deliveries)
        snapshots = recall(space, keys).snapshots
        size = sum(ref.path.stat().st_size for ref in snapshots)
        con.execute(f"SET temp_directory = '{(workspace / 'staging' / 'bench').as_posix()}'")
        engine = DuckDBEngine(con, Bounds(memory=memory_for(size)))
        tables = Tables(engine, load_rulebook(), load_parameters(as_of, [params]), snapshots)
        yield Lake(con, tables, snapshots, keys, size)


def scan(lake: Lake) -> tuple[int, float]:
    """Decodes every column of every snapshot once; rows and seconds."""
    by_dataset: dict[str, list[Path]] = {}
    for ref in lake.snapshots:
        by_dataset.setdefault(ref.dataset, []).append(ref.path)
    start, rows = time.perf_counter(), 0
    for paths in by_dataset.values():
        listed = ", ".join("'" + path.as_posix().replace("'", "''") + "'" for path in paths)
        source = f"read_parquet([{listed}])"
        names = [row[0] for row in lake.con.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()]
        # MAX reads each value and keeps one: no column can be left out, nothing is gathered
        asked = ", ".join(f'max("{name}")' for name in names)
        rows += lake.con.execute(f"SELECT count(*), {asked} FROM {source}").fetchall()[0][0]
    return rows, time.perf_counter() - start


def plain_rules(lake: Lake) -> list[str]:
    """The rules that run on these parameters."""
    rules = lake.tables.rulebook.rules.values()
    return [rule.id for rule in rules if rule.status in RUNNING and not _is_unset(lake.tables, rule.id)]


def plain_query(lake: Lake, rule_id: str, bound: float) -> float | None:
    """Seconds of a rule as one query in which every view is written out; None where it does not run.

    bound   seconds after which the query is stopped; it then counts for these
    """
    book = lake.tables.rulebook
    woven = Rulebook(book.rules, {name: replace(view, kept=False) for name, view in book.views.items()})
    engine = DuckDBEngine(lake.con, Bounds(memory=memory_for(lake.bytes), seconds=bound))
    tables = Tables(engine, woven, lake.tables.parameters, lake.snapshots)
    rule = woven.rules[rule_id]
    start = time.perf_counter()
    try:
        for name in rule.reads:
            tables.provide(name)
        tables.engine.run(rule, tables.values(rule))
    except RuleError as error:
        return bound if error.code == "rule.time" else None
    return min(bound, time.perf_counter() - start)


def _is_unset(tables: Tables, rule_id: str) -> bool:
    uses = tables.rulebook.params_of(tables.rulebook.rules[rule_id])
    return any(tables.parameters.get(use.key) is None for use in uses if not use.optional)


def views_as_files(lake: Lake, folder: Path, names: Mapping[str, str]) -> dict[str, Path]:
    """Writes views as Parquet; view → SQL of what to take of it ('*' for all)."""
    folder.mkdir(parents=True, exist_ok=True)
    found: dict[str, Path] = {}
    for name, wanted in names.items():
        lake.tables.provide(name)
        found[name] = folder / f"{name}.parquet"
        lake.con.execute(f"COPY (SELECT {wanted} FROM {name}) TO '{found[name].as_posix()}' (FORMAT parquet)")
    return found


def value_of(lake: Lake, key: str) -> Any:
    """A policy parameter in force."""
    return lake.tables.parameters.get(key)
