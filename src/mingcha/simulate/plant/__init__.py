"""Planted cases and the near misses beside them, one function a rule.

A new rule needs one function here: it gets the township under construction, puts people into situations with the same
means the base uses, and writes down what must be found (`ground.hit`) and what must not (`ground.miss`).
"""

from __future__ import annotations

from collections.abc import Callable

from mingcha.simulate.model.ground import Ground
from mingcha.simulate.plant import (
    cadres,
    cards,
    changes,
    coverage,
    deaths,
    duplicates,
    identity,
    ledgers,
    means,
    payments,
    procedure,
    standards,
    subsidies,
    tekun,
)

#: rule → what plants it; the order is that of planting and so part of what a seed means
PLANTS: dict[str, Callable[[Ground], None]] = {
    **deaths.PLANTS,
    **identity.PLANTS,
    **duplicates.PLANTS,
    **subsidies.PLANTS,
    **cadres.PLANTS,
    **cards.PLANTS,
    **payments.PLANTS,
    **standards.PLANTS,
    **coverage.PLANTS,
    **means.PLANTS,
    **procedure.PLANTS,
    **changes.PLANTS,
    **tekun.PLANTS,
    **ledgers.PLANTS,
}


def plant_all(ground: Ground) -> None:
    """Plants every rule's cases in one township."""
    for plant in PLANTS.values():
        plant(ground)
