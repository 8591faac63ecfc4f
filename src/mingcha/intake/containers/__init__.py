"""Reads files into raw sheets: containers told apart by content, each opened in a child process with limits."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

from mingcha.intake.containers.limits import Limits

if TYPE_CHECKING:
    from mingcha.intake.containers.reading import KnownFile, read_folder, start_readers

__all__ = ["KnownFile", "Limits", "read_folder", "start_readers"]


def __getattr__(name: str) -> object:
    """The parent's side, loaded when it is asked for: a child process, for which somebody waits, needs none of it."""
    if name in __all__:
        return getattr(importlib.import_module(f"{__name__}.reading"), name)
    raise AttributeError(name)
