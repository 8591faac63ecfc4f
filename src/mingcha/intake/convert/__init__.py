"""Raw sheet and plan → typed snapshot, with every refused or doubtful row named. Set-based: no Python per row."""

from mingcha.intake.convert.cells import Memory
from mingcha.intake.convert.report import REJECTS
from mingcha.intake.convert.run import INTAKE_VERSION, Converted, convert

__all__ = ["INTAKE_VERSION", "REJECTS", "Converted", "Memory", "convert"]
