"""Effective-dated policy parameters by division code: nation, province, city, county."""

from mingcha.parameters.facts import Fact, find_fact, known_key, load_facts, nearest_key
from mingcha.parameters.parameters import HOME, InForce, Parameters, demo_overrides, load_parameters

__all__ = [
    "HOME",
    "Fact",
    "InForce",
    "Parameters",
    "demo_overrides",
    "find_fact",
    "known_key",
    "load_facts",
    "load_parameters",
    "nearest_key",
]
