"""Results kept between runs, each under the hash of all it depends on."""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import time
from collections.abc import Callable, Collection
from functools import cache
from pathlib import Path

import pyarrow as pa

from mingcha.datasets import columns_of, load_catalogue
from mingcha.parameters import Parameters
from mingcha.rules import Rulebook, View
from mingcha.snapshots import SnapshotRef

#: Raised when the meaning of a kept result changes though no rule did (macros, column types, key layout).
FORMAT = 2
#: How long a result that no run has asked for is still kept: a month's run finds what the month before left.
_UNUSED_SECONDS = 45 * 24 * 3600.0


def cache_key(
    rulebook: Rulebook, item: View, parameters: Parameters, snapshots: Collection[SnapshotRef], engine: str
) -> str:
    """Hash of everything the rows of a rule or view depend on.

    The text and that of the views it rests on, the parameters they take as in force on the date, the date, the
    snapshots of the datasets they read, those datasets' columns, the engine; the calendar, if it counts working days.
    """
    depends = {
        "format": FORMAT,
        "engine": engine,
        "rule": item.sha256,
        "views": {view.id: view.sha256 for view in rulebook.views_of(item)},
        "params": {use.key: repr(parameters.get(use.key)) for use in rulebook.params_of(item)},
        "as_of": parameters.as_of.isoformat(),
        "snapshots": sorted(ref.id for ref in snapshots),
        "calendar": _calendar(rulebook, item, parameters),
        "columns": {name: _columns(name) for name in rulebook.datasets_of(item)},
    }
    text = json.dumps(depends, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


@cache
def _columns(dataset: str) -> list[str]:
    """The columns of a dataset's snapshots."""
    return [f"{column.name} {column.type}" for column in columns_of(load_catalogue().datasets[dataset])]


def _calendar(rulebook: Rulebook, item: View, parameters: Parameters) -> str:
    """The calendar's hash where working days are counted; else '', so that the rest outlives a new year's notice."""
    if not any(_counts_working_days(each.sql) for each in (item, *rulebook.views_of(item))):
        return ""
    calendar = parameters.work_calendar
    return hashlib.sha256(f"{calendar.before} {calendar.signs}".encode()).hexdigest()


@cache
def _counts_working_days(sql: str) -> bool:
    return "WORKDAYS_BETWEEN" in sql.upper()


class ResultCache:
    """A folder of results: an Arrow file a rule, a Parquet file a shared view. A damaged one counts as absent.

    place   where a new file is written instead, for a run whose work becomes real later (``Change.stage``)
    """

    def __init__(self, folder: Path, *, place: Callable[[Path], Path] = lambda path: path) -> None:
        self._folder = folder
        self._place = place

    def read(self, key: str) -> pa.Table | None:
        """The kept rows of a rule, None where there are none."""
        path = self._folder / f"{key}.arrow"
        try:
            with pa.OSFile(str(path), "rb") as source:
                table = pa.ipc.open_file(source).read_all()
            os.utime(path)
        except (OSError, pa.ArrowException):
            return None
        return table

    def write(self, key: str, table: pa.Table) -> None:
        """Keeps a rule's rows; the file appears whole or not at all."""
        target = self._place(self._folder / f"{key}.arrow")
        target.parent.mkdir(parents=True, exist_ok=True)
        draft = target.with_name(f"{key}.{secrets.token_hex(4)}.tmp")
        try:
            with pa.OSFile(str(draft), "wb") as sink, pa.ipc.new_file(sink, table.schema) as writer:
                writer.write_table(table)
            os.replace(draft, target)
        finally:
            draft.unlink(missing_ok=True)

    def view(self, key: str) -> Path | None:
        """Where an earlier run kept a view's rows, None where none has."""
        path = self._folder / f"{key}.parquet"
        try:
            os.utime(path)
        except OSError:
            return None
        return path

    def view_place(self, key: str) -> Path:
        """Where a view's rows are to be written."""
        target = self._place(self._folder / f"{key}.parquet")
        target.parent.mkdir(parents=True, exist_ok=True)
        return target

    def sweep(self) -> None:
        """Removes results that nobody has asked for in a while, and drafts of killed runs."""
        oldest = time.time() - _UNUSED_SECONDS
        for path in self._folder.glob("*.*"):
            if path.suffix == ".tmp" or path.stat().st_mtime < oldest:
                path.unlink(missing_ok=True)
