"""In which order pieces of work are done: of two that hold the same, one waits where there is a choice."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import partial

from mingcha.engines.order import in_turn

WAIT = 20


def test_of_two_that_hold_the_same_one_waits() -> None:
    started: list[str] = []
    both = threading.Barrier(2, timeout=WAIT)

    def piece(name: str) -> Callable[[], str]:
        def work() -> str:
            started.append(name)
            if name != "R02":
                both.wait()  # neither ends before the other has begun
            return name

        return work

    done: list[str] = []
    work = {name: piece(name) for name in ("R01", "R02", "R03")}
    holds = {"R01": frozenset({"payments"}), "R02": frozenset({"payments"}), "R03": frozenset({"rolls"})}
    in_turn(work, {}, 2, lambda name, _: done.append(name), lambda: None, holds)
    assert started[-1] == "R02"
    assert sorted(done) == ["R01", "R02", "R03"]


def test_without_a_choice_they_go_side_by_side() -> None:
    both = threading.Barrier(2, timeout=WAIT)
    work = dict.fromkeys(("R01", "R02"), both.wait)
    done: list[str] = []
    in_turn(work, {}, 2, lambda name, _: done.append(name), lambda: None, dict.fromkeys(work, frozenset({"payments"})))
    assert sorted(done) == ["R01", "R02"]


def test_what_holds_others_up_goes_first_whatever_it_holds() -> None:
    started: list[str] = []
    work = {name: partial(started.append, name) for name in ("R01", "R02", "view")}
    in_turn(work, {"R02": {"view"}}, 1, lambda *_: None, lambda: None, {"view": frozenset({"payments"})})
    assert started == ["view", "R01", "R02"]
