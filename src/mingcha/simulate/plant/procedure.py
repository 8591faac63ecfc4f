"""Applications: steps, checks, publicity, kin."""

from __future__ import annotations

from collections.abc import Callable

from mingcha.simulate.model.ground import Ground

PLANTS: dict[str, Callable[[Ground], None]] = {}
