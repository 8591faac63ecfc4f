"""Works on the parts of a large sheet at once: Arrow works outside Python's lock."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

_Item = TypeVar("_Item")
_Result = TypeVar("_Result")
#: As many as there are cores to a small office computer.
_THREADS = 2


def on_all_cores(work: Callable[[_Item], _Result], items: Iterable[_Item]) -> list[_Result]:
    """What the work makes of each item, in order. Raises what the work raises."""
    listed = list(items)
    if len(listed) <= 1:
        return [work(item) for item in listed]
    with ThreadPoolExecutor(_THREADS) as threads:
        return list(threads.map(work, listed))
