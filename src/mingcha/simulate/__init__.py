"""Writes the spreadsheets of a fictitious county the way offices write them, with the truth about them beside.

It has a model of a county of its own and shares no code with what it tests;
of the line it uses the division tables alone.
"""

from __future__ import annotations

from mingcha.simulate.province import Lake, Made, ProvinceReport, simulate_province
from mingcha.simulate.run import SimulationReport, simulate

__all__ = ["Lake", "Made", "ProvinceReport", "SimulationReport", "simulate", "simulate_province"]
