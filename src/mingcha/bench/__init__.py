"""Measures the main job on a simulated county, through the public surface, as a user would run it."""

from mingcha.bench.measure import bench

__all__ = ["bench"]
