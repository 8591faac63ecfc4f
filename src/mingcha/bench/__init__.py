"""Measures the main job on a simulated county, each part in a process of its own, beside other ways of doing it."""

from mingcha.bench.measure import bench

__all__ = ["bench"]
