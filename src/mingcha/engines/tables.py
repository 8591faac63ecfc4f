"""The datasets and views of one run on an engine, each made once, when first wanted."""

from __future__ import annotations

import re
import threading
import time
from collections import Counter
from collections.abc import Collection, Iterable
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow as pa

from mingcha.datasets import columns_digest, load_catalogue
from mingcha.engines.base import Engine, Reading
from mingcha.engines.cache import ResultCache, cache_key
from mingcha.errors import RuleError
from mingcha.parameters import Parameters
from mingcha.rules import ASKED_TABLES, Rulebook, View
from mingcha.snapshots import SnapshotRef


class Tables:
    """What rules read. Shared by the rules of a run and by whoever needs a view's rows after it (names, totals).

    cache   where views are kept between runs; None = for this run alone, in the engine's memory
    """

    def __init__(
        self,
        engine: Engine,
        rulebook: Rulebook,
        parameters: Parameters,
        snapshots: Collection[SnapshotRef],
        cache: ResultCache | None = None,
    ) -> None:
        self.engine = engine
        self.rulebook = rulebook
        self.parameters = parameters
        self.cache = cache
        self._delivered: dict[str, list[SnapshotRef]] = {}
        for snapshot in sorted(snapshots, key=lambda ref: ref.id):
            self._delivered.setdefault(snapshot.dataset, []).append(snapshot)
        self._expected: Counter[str] = Counter()
        self._keys: dict[str, str] = {}
        self._made: set[str] = set()
        self._failed: dict[str, RuleError] = {}
        self._guard = threading.Lock()
        self._locks: dict[str, threading.RLock] = {}
        #: view → seconds it took to work out; those read back are left out
        self.seconds: dict[str, float] = {}

    def snapshots_of(self, dataset: str) -> list[SnapshotRef]:
        """The delivered snapshots of a dataset; [] where there are none."""
        return self._delivered.get(dataset, [])

    def values(self, item: View) -> dict[str, Any]:
        """The parameters of a rule or view by local name, as_of and as_of_month among them."""
        as_of = self.parameters.as_of
        taken = {use.local: self.parameters.get(use.key) for use in item.params.values()}
        return taken | {"as_of": as_of, "as_of_month": f"{as_of:%Y-%m}"}

    def key(self, item: View) -> str:
        """Under which the rows of a rule or view are kept."""
        if item.id not in self._keys:
            used = [ref for name in self.rulebook.datasets_of(item) for ref in self.snapshots_of(name)]
            self._keys[item.id] = cache_key(self.rulebook, item, self.parameters, used, self.engine.name)
        return self._keys[item.id]

    def provide(self, name: str) -> None:
        """Makes a dataset's table or a view, after what it rests on. Raises RuleError where a view does not run.

        Several threads may ask; what one is making the others wait for.
        """
        with self._lock_of(name):
            self._provide(name)

    def _lock_of(self, name: str) -> threading.RLock:
        with self._guard:
            return self._locks.setdefault(name, threading.RLock())

    def _provide(self, name: str) -> None:
        if name in self._made:
            return
        if name in self._failed:
            raise self._failed[name]
        view = self.rulebook.views.get(name)
        if view is not None:
            self._provide_view(view)
        elif name in ASKED_TABLES:
            self.engine.add_rows(name, ASKED_TABLES[name], pa.table({}))
        else:
            snapshots = [ref.path for ref in self.snapshots_of(name)]
            self.engine.add_dataset(load_catalogue().datasets[name], snapshots, self._reading(name))
        self._made.add(name)

    def expect(self, items: Iterable[View]) -> None:
        """Tells which rules and kept views will be asked, so that the engine can prepare what they read."""
        self._expected = Counter(name for item in items for name in self._datasets_below(item))

    def _datasets_below(self, item: View) -> set[str]:
        """The datasets an item reads itself or through views woven into it."""
        found: set[str] = set()
        waiting = list(item.reads)
        while waiting:
            name = waiting.pop()
            view = self.rulebook.views.get(name)
            if view is None:
                found.add(name)
            elif not view.kept:
                waiting += view.reads
        return found

    def _reading(self, name: str) -> Reading:
        """What is asked of a dataset: words of the texts that read it, its columns among them."""
        items = (*self.rulebook.rules.values(), *self.rulebook.views.values())
        texts = (item.sql for item in items if name in item.reads)
        today = columns_digest(load_catalogue().datasets[name])
        is_plain = all(ref.columns == today for ref in self.snapshots_of(name))
        return Reading(self._expected[name], frozenset[str]().union(*map(_words, texts)), is_plain)

    def has_rows(self, name: str) -> bool:
        """Whether a dataset was delivered, or a view has a row."""
        if name not in self.rulebook.views:
            return bool(self.snapshots_of(name))
        self.provide(name)
        return not self.engine.is_empty(name)

    def answer(self, name: str, asked: str, keys: Iterable[int]) -> pa.Table:
        """A view's rows about the persons or rows asked for.

        asked   the table of ``ASKED_TABLES`` that the view, or one it rests on, reads
        Raises RuleError where the view does not run.
        """
        view = self.rulebook.views[name]
        for other in view.reads:
            self.provide(other)
        (column,) = ASKED_TABLES[asked]
        rows = pa.table({column: pa.array(sorted(set(keys)), pa.int64())})
        self.engine.add_rows(asked, ASKED_TABLES[asked], rows)
        return self.engine.run(view, self.values(view))

    def rows(self, name: str) -> pa.Table:
        """All rows of a view. Raises RuleError where it does not run."""
        view = self.rulebook.views[name]
        for other in view.reads:
            self.provide(other)
        return self.engine.run(view, self.values(view))

    def _provide_view(self, view: View) -> None:
        try:
            if view.kept and self._recalled(view):
                return
            for other in view.reads:
                self.provide(other)
            if view.kept:
                start = time.perf_counter()
                self.engine.materialise(view, self.values(view), self._place(view), self._size(view))
                self.seconds[view.id] = time.perf_counter() - start
            else:
                self.engine.define(view, self.values(view))
        except RuleError as error:
            self._failed[view.id] = error
            raise

    def is_kept(self, view: View) -> bool:
        """Whether an earlier run left a view's rows."""
        return bool(self.cache and self.cache.view(self.key(view)))

    def _recalled(self, view: View) -> bool:
        """Whether an earlier run's rows serve."""
        kept = self.cache.view(self.key(view)) if self.cache else None
        if kept is None:
            return False
        try:
            self.engine.recall(view, kept)
        except RuleError:
            return False  # damaged: worked out anew
        return True

    def _size(self, view: View) -> int:
        """Bytes of the snapshots a view rests on."""
        refs = (ref for name in self.rulebook.datasets_of(view) for ref in self.snapshots_of(name))
        return sum(ref.path.stat().st_size for ref in refs if ref.path.exists())

    def _place(self, view: View) -> Path | None:
        return self.cache.view_place(self.key(view)) if self.cache else None


@cache
def _words(sql: str) -> frozenset[str]:
    """The words of a text, names of columns among them."""
    return frozenset(re.findall(r"\w+", sql))
