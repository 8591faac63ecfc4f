"""Reads files into raw sheets: containers told apart by content, each opened in a child process with limits."""

from mingcha.intake.containers.limits import Limits
from mingcha.intake.containers.reading import KnownFile, read_folder, start_readers

__all__ = ["KnownFile", "Limits", "read_folder", "start_readers"]
