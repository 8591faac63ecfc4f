"""A whole province, made by columns and handed over as tables: for sizes at which people cannot be made one by one."""

from mingcha.simulate.province.made import Lake, Made
from mingcha.simulate.province.run import ProvinceReport, simulate_province

__all__ = ["Lake", "Made", "ProvinceReport", "simulate_province"]
