"""Ways to give people income, property and supporters."""

from __future__ import annotations

from mingcha.simulate.model.ways import Ways


class MeansWays(Ways):
    """Income, property, supporters."""
