"""Random streams: same seed and same label, same numbers, on every machine and in every process."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from random import Random
from typing import Generic, TypeVar

T = TypeVar("T")


def stream(seed: int, *labels: object) -> Random:
    """A generator of its own for one purpose, so that a change in one place does not move all others."""
    text = "/".join([str(seed), *(str(label) for label in labels)])
    return Random(int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big"))


class Weighted(Generic[T]):
    """Draws values by weight; faster than random.choices for many single draws."""

    def __init__(self, pairs: Sequence[tuple[T, float]]) -> None:
        total = sum(weight for _, weight in pairs)
        self._slots: list[T] = []
        for value, weight in pairs:
            self._slots.extend([value] * max(1, round(weight * 2000 / total)))
        self._count = len(self._slots)

    def draw(self, rng: Random) -> T:
        """One value."""
        return self._slots[int(rng.random() * self._count)]
