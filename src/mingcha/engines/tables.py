"""The datasets and views of one run on an engine, each made once, when first wanted."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from mingcha.datasets import load_catalogue
from mingcha.engines.base import Engine
from mingcha.errors import RuleError
from mingcha.parameters import Parameters
from mingcha.rules import Rulebook, View
from mingcha.snapshots import SnapshotRef


class Tables:
    """What rules read. Shared by the rules of a run and by whoever needs a view's rows after it (names, totals)."""

    def __init__(
        self, engine: Engine, rulebook: Rulebook, parameters: Parameters, snapshots: Collection[SnapshotRef]
    ) -> None:
        self.engine = engine
        self.rulebook = rulebook
        self.parameters = parameters
        self._delivered: dict[str, list[SnapshotRef]] = {}
        for snapshot in sorted(snapshots, key=lambda ref: ref.id):
            self._delivered.setdefault(snapshot.dataset, []).append(snapshot)
        self._made: set[str] = set()
        self._failed: dict[str, RuleError] = {}

    def snapshots_of(self, dataset: str) -> list[SnapshotRef]:
        """The delivered snapshots of a dataset; [] where there are none."""
        return self._delivered.get(dataset, [])

    def values(self, item: View) -> dict[str, Any]:
        """The parameters of a rule or view by local name, as_of and as_of_month among them."""
        as_of = self.parameters.as_of
        taken = {use.local: self.parameters.get(use.key) for use in item.params.values()}
        return taken | {"as_of": as_of, "as_of_month": f"{as_of:%Y-%m}"}

    def provide(self, name: str) -> None:
        """Makes a dataset's table or a view, after what it rests on. Raises RuleError where a view does not run."""
        if name in self._made:
            return
        if name in self._failed:
            raise self._failed[name]
        view = self.rulebook.views.get(name)
        if view is None:
            self.engine.add_dataset(load_catalogue().datasets[name], [ref.path for ref in self.snapshots_of(name)])
        else:
            self._provide_view(view)
        self._made.add(name)

    def has_rows(self, name: str) -> bool:
        """Whether a dataset was delivered, or a view has a row."""
        if name not in self.rulebook.views:
            return bool(self.snapshots_of(name))
        self.provide(name)
        return not self.engine.is_empty(name)

    def _provide_view(self, view: View) -> None:
        try:
            for other in view.reads:
                self.provide(other)
            self.engine.materialise(view, self.values(view))
        except RuleError as error:
            self._failed[view.id] = error
            raise
