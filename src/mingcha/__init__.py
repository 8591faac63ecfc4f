"""Mingcha 明察: compares the files offices exchange and shows, with evidence, what needs a look."""

__version__ = "0.1.0"
