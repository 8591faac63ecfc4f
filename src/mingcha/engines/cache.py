"""Results kept between runs, each under the hash of all it depends on."""

from __future__ import annotations

import hashlib
import json
import os
import secrets
from collections.abc import Callable, Collection
from pathlib import Path

import pyarrow as pa

from mingcha.datasets import columns_of, load_catalogue
from mingcha.parameters import Parameters
from mingcha.rules import Rule, Rulebook
from mingcha.snapshots import SnapshotRef

#: Raised when the meaning of a kept result changes though no rule did (macros, column types, key layout).
FORMAT = 1


def cache_key(
    rulebook: Rulebook, rule: Rule, parameters: Parameters, snapshots: Collection[SnapshotRef], engine: str
) -> str:
    """Hash of everything a rule's result depends on.

    The rule's text and that of the views it rests on, the parameters they take as in force on the date, the date, the
    snapshots of the datasets they read, those datasets' columns, the engine.
    """
    datasets = load_catalogue().datasets
    depends = {
        "format": FORMAT,
        "engine": engine,
        "rule": rule.sha256,
        "views": {view.id: view.sha256 for view in rulebook.views_of(rule)},
        "params": {use.key: repr(parameters.get(use.key)) for use in rulebook.params_of(rule)},
        "as_of": parameters.as_of.isoformat(),
        "snapshots": sorted(ref.id for ref in snapshots),
        "columns": {
            name: [f"{column.name} {column.type}" for column in columns_of(datasets[name])]
            for name in rulebook.datasets_of(rule)
        },
    }
    text = json.dumps(depends, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


class ResultCache:
    """A folder of Arrow files, one a result. A file that cannot be read counts as absent.

    place   where a new file is written instead, for a run whose work becomes real later (``Change.stage``)
    """

    def __init__(self, folder: Path, *, place: Callable[[Path], Path] = lambda path: path) -> None:
        self._folder = folder
        self._place = place

    def read(self, key: str) -> pa.Table | None:
        """The kept rows, None where there are none."""
        try:
            with pa.OSFile(str(self._path(key)), "rb") as source:
                return pa.ipc.open_file(source).read_all()
        except (OSError, pa.ArrowException):
            return None

    def write(self, key: str, table: pa.Table) -> None:
        """Keeps rows; the file appears whole or not at all."""
        target = self._place(self._path(key))
        target.parent.mkdir(parents=True, exist_ok=True)
        draft = target.with_name(f"{key}.{secrets.token_hex(4)}.tmp")
        try:
            with pa.OSFile(str(draft), "wb") as sink, pa.ipc.new_file(sink, table.schema) as writer:
                writer.write_table(table)
            os.replace(draft, target)
        finally:
            draft.unlink(missing_ok=True)

    def sweep(self, keep: Collection[str]) -> None:
        """Removes results other than those kept, and drafts of killed runs."""
        for path in self._folder.glob("*.*"):
            if path.suffix == ".tmp" or (path.suffix == ".arrow" and path.stem not in keep):
                path.unlink(missing_ok=True)

    def _path(self, key: str) -> Path:
        return self._folder / f"{key}.arrow"
