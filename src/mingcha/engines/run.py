"""Runs the rulebook on an engine: what can run runs, what cannot says why, what is known already is read back."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Any

import pyarrow as pa

from mingcha.datasets import load_catalogue
from mingcha.engines.base import Engine
from mingcha.engines.cache import ResultCache
from mingcha.engines.order import in_turn, needed_before
from mingcha.engines.tables import Tables
from mingcha.errors import RuleError, UsageError
from mingcha.parameters import Parameters
from mingcha.progress import Progress, Silent
from mingcha.rules import Rule, Rulebook
from mingcha.snapshots import SnapshotRef

#: Rules that run unasked.
RUNNING = ("trial", "active")


@dataclass(frozen=True)
class RuleRun:
    """What one rule did.

    state    ran, cached or skipped
    reason   Chinese: why it was skipped, or what part of it stayed off; '' where there is nothing to say
    table    its rows, columns as the rule's SELECT gives them; None where it was skipped
    values   parameters by local name, for the sentences
    seconds  its own time; the views' are in ``Tables.seconds``
    """

    rule: Rule
    state: str
    reason: str
    table: pa.Table | None
    values: Mapping[str, Any]
    seconds: float


def run_rules(
    engine: Engine,
    rulebook: Rulebook,
    parameters: Parameters,
    snapshots: Collection[SnapshotRef],
    *,
    only: Collection[str] = (),
    cache: ResultCache | None = None,
    progress: Progress | None = None,
) -> list[RuleRun]:
    """Runs the rules of a rulebook on snapshots, in the order of their ids.

    parameters  in force on the comparison date, which is ``parameters.as_of``
    only        rule ids; empty = all trial and active rules
    cache       earlier results; None = nothing is kept
    Raises UsageError for an unknown rule id; MingchaError where the machine gives out (memory, disk).
    """
    runs = run_on(Tables(engine, rulebook, parameters, snapshots, cache), only=only, progress=progress)
    engine.keep()
    return runs


def run_on(
    tables: Tables,
    *,
    only: Collection[str] = (),
    progress: Progress | None = None,
) -> list[RuleRun]:
    """As ``run_rules``, on tables the caller goes on using: their views stay made, ``engine.keep`` is his to call."""
    rules = _chosen(tables.rulebook, only)
    run = _Run(tables)
    told = progress or Silent()
    decided = {rule.id: outcome for rule in rules if (outcome := run.without_asking(rule)) is not None}
    told.step("比对规则", len(decided), len(rules))
    waiting = {rule.id: rule for rule in rules if rule.id not in decided}

    def done(name: str, outcome: RuleRun | None) -> None:
        if outcome is not None:
            decided[name] = outcome
            told.step("比对规则", len(decided), len(rules), f"{name} {outcome.rule.title}")

    work: dict[str, Callable[[], RuleRun | None]] = {name: partial(run.rule, rule) for name, rule in waiting.items()}
    needed = needed_before(tables, waiting.values())
    views = [tables.rulebook.views[name] for name in needed if name in tables.rulebook.views]
    tables.expect([*waiting.values(), *(view for view in views if not tables.is_kept(view))])
    work |= {name: partial(run.provide, name) for name in needed if name not in waiting}
    # two that hold payments or rolls in their joins take the most memory of all
    long = {view.id for view in views if view.long}
    holds = {name: frozenset(before & long) for name, before in needed.items()}
    in_turn(work, needed, tables.engine.workers, done, tables.engine.interrupt, holds)
    return [decided[rule.id] for rule in rules]


def _chosen(rulebook: Rulebook, only: Collection[str]) -> list[Rule]:
    wanted = {rule_id.strip().upper() for rule_id in only if rule_id.strip()}
    unknown = wanted - set(rulebook.rules)
    if unknown:
        raise UsageError(
            f"没有这样的规则：{'、'.join(sorted(unknown))}。", remedy=f"可用的规则：{'、'.join(rulebook.rules)}。"
        )
    return [rule for rule in rulebook.rules.values() if (rule.id in wanted if wanted else rule.status in RUNNING)]


class _Run:
    """How one rule of a run is decided."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        self._rulebook = tables.rulebook
        self._parameters = tables.parameters
        self._cache = tables.cache

    def without_asking(self, rule: Rule) -> RuleRun | None:
        """What is known of a rule before the engine is asked: skipped and why, or kept rows; None = it must run."""
        start = time.perf_counter()
        reason = self._undelivered(rule) or self._unset(rule)
        if reason:
            return self._outcome(rule, "skipped", reason, None, start)
        table = self._cache.read(self._tables.key(rule)) if self._cache else None
        return None if table is None else self._outcome(rule, "cached", self._notes(rule), table, start)

    def rule(self, rule: Rule) -> RuleRun:
        """Runs a rule."""
        start = time.perf_counter()
        table, reason = self._compute(rule, self._tables.values(rule))
        if table is None:
            return self._outcome(rule, "skipped", reason, None, start)
        if self._cache:
            self._cache.write(self._tables.key(rule), table)
        return self._outcome(rule, "ran", self._notes(rule), table, start)

    def provide(self, name: str) -> None:
        """Makes a view or dataset that rules wait for; should it fail, each of them says so."""
        with suppress(RuleError):
            self._tables.provide(name)

    def _outcome(self, rule: Rule, state: str, reason: str, table: pa.Table | None, start: float) -> RuleRun:
        return RuleRun(rule, state, reason, table, self._tables.values(rule), time.perf_counter() - start)

    def _compute(self, rule: Rule, values: Mapping[str, Any]) -> tuple[pa.Table | None, str]:
        """The rule's rows, or why there are none."""
        try:
            empty = self._empty_views(rule)
            if empty:
                return None, empty
            for name in rule.reads:
                self._tables.provide(name)
            return self._tables.engine.run(rule, values), ""
        except RuleError as error:
            # one rule that does not run must not take the others with it; it is listed with its reason
            return None, f"规则未能运行：{error.cause}"

    def _undelivered(self, rule: Rule) -> str:
        """Chinese names of what was not delivered; views are looked at only once all datasets are there."""
        groups = [group for group in rule.needs if not set(group) & set(self._rulebook.views)]
        return self._without_rows(groups)

    def _empty_views(self, rule: Rule) -> str:
        return self._without_rows([group for group in rule.needs if set(group) & set(self._rulebook.views)])

    def _without_rows(self, groups: Sequence[Sequence[str]]) -> str:
        missing = [group for group in groups if not any(self._tables.has_rows(name) for name in group)]
        named = ["或".join(self._title(name) for name in group) for group in missing]
        return f"未提供数据：{'、'.join(named)}" if named else ""

    def _title(self, name: str) -> str:
        view = self._rulebook.views.get(name)
        return view.title if view else load_catalogue().datasets[name].title

    def _unset(self, rule: Rule) -> str:
        uses = [use for use in self._rulebook.params_of(rule) if not use.optional]
        unset = dict.fromkeys(use.key for use in uses if self._parameters.get(use.key) is None)
        named = [f"{key}（{self._parameters.title(key)}）" for key in unset]
        return f"参数未设置：{'、'.join(named)}" if named else ""

    def _notes(self, rule: Rule) -> str:
        uses = [use for use in self._rulebook.params_of(rule) if use.optional]
        unset = {use.key: use.part for use in uses if self._parameters.get(use.key) is None}
        named = [f"{key}（{self._parameters.title(key)}），未比对：{part}" for key, part in unset.items()]
        return f"参数未设置：{'；'.join(named)}" if named else ""
