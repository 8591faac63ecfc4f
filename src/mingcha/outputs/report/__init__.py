"""report.html: one page that holds all its parts, to be read on a screen, a telephone or paper."""

from mingcha.outputs.report.page import write_report

__all__ = ["write_report"]
