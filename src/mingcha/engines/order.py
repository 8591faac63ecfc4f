"""In which order views and rules are asked, and how many at a time: whatever has all it rests on may go."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from types import MappingProxyType
from typing import TypeVar

from mingcha.engines.tables import Tables
from mingcha.rules import Rule, View

T = TypeVar("T")


def needed_before(tables: Tables, rules: Iterable[Rule]) -> dict[str, set[str]]:
    """Rule, kept view or dataset → the kept views and datasets that must be there before it.

    What an earlier run kept rests on nothing.
    """
    found: dict[str, set[str]] = {}
    waiting: list[View] = list(rules)
    views = tables.rulebook.views
    while waiting:
        item = waiting.pop()
        if item.id in found:
            continue
        is_there = not isinstance(item, Rule) and tables.is_kept(item)
        found[item.id] = set() if is_there else _below(tables, item)
        waiting += [views[name] for name in found[item.id] if name in views]
    return {name: set() for before in found.values() for name in before} | found


def _below(tables: Tables, item: View) -> set[str]:
    """The nearest kept views and the datasets that an item reads, through views woven into it."""
    found: set[str] = set()
    waiting = list(item.reads)
    while waiting:
        name = waiting.pop()
        view = tables.rulebook.views.get(name)
        if view is None or view.kept:
            found.add(name)
        else:
            waiting += view.reads
    return found


def in_turn(
    work: Mapping[str, Callable[[], T]],
    needed: Mapping[str, set[str]],
    workers: int,
    done: Callable[[str, T], None],
    interrupt: Callable[[], None],
    holds: Mapping[str, frozenset[str]] = MappingProxyType({}),
) -> None:
    """Does each piece of work once all that it needs is done, some at a time; those that hold up most go first.

    needed     name → names that come before it
    holds      name → what it holds much of: of two that hold the same, where there is a choice, one waits for the other
    done       told of each piece in the calling thread
    interrupt  stops pieces under way, should one raise or the user break off; whatever was raised is raised here
    """
    depth = _depths(work, needed)
    open_: dict[str, set[str]] = {name: needed.get(name, set()) & set(work) for name in work}
    with ThreadPoolExecutor(max_workers=max(1, workers), thread_name_prefix="mingcha-rule") as pool:
        running: dict[Future[T], str] = {}
        try:
            while open_ or running:
                for _ in range(max(1, workers) - len(running)):
                    held = {each for name in running.values() for each in holds.get(name, ())}
                    ready = [
                        (-depth[name], not held.isdisjoint(holds.get(name, ())), name)
                        for name, before in open_.items()
                        if not before
                    ]
                    if ready:
                        *_, name = min(ready)
                        running[pool.submit(work[name])] = name
                        del open_[name]
                finished, _ = wait(running, return_when=FIRST_COMPLETED)
                for future in finished:
                    name = running.pop(future)
                    for before in open_.values():
                        before.discard(name)
                    done(name, future.result())
        except BaseException:
            interrupt()
            raise


def _depths(work: Mapping[str, object], needed: Mapping[str, set[str]]) -> dict[str, int]:
    """Name → how long a chain of others waits for it."""
    after: dict[str, set[str]] = {name: set() for name in work}
    for name in work:
        for before in needed.get(name, set()) & set(work):
            after[before].add(name)
    found: dict[str, int] = {}

    def depth(name: str) -> int:
        if name not in found:
            found[name] = 1 + max((depth(each) for each in after[name]), default=0)
        return found[name]

    for name in work:
        depth(name)
    return found
