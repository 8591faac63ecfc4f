"""Changes of aid, reviews, and aid that should have tapered off."""

from __future__ import annotations

from collections.abc import Callable

from mingcha.simulate.model.ground import Ground

PLANTS: dict[str, Callable[[Ground], None]] = {}
