"""Raw sheet and plan → typed snapshot, every refused or doubtful row named. Column-wise: no Python per plain row."""

from mingcha.intake.convert.cells import Memory
from mingcha.intake.convert.report import REJECTS
from mingcha.intake.convert.run import INTAKE_VERSION, Converted, convert

__all__ = ["INTAKE_VERSION", "REJECTS", "Converted", "Memory", "convert"]
