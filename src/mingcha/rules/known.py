"""What the packaged lock knows of texts that were read and checked when it was written."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def _entries() -> tuple[Mapping[str, Any], ...]:
    path = files("mingcha") / "rulebook" / "lock.json"
    return tuple(json.loads(path.read_text(encoding="utf-8")).values()) if path.is_file() else ()


@cache
def locked_columns() -> Mapping[str, tuple[str, ...]]:
    """SHA-256 of a registered text → the columns its SELECT gives: parsing sixty texts anew takes over a second."""
    return {entry["sha256"]: tuple(entry["columns"]) for entry in _entries() if "columns" in entry}


@cache
def locked_reads() -> Mapping[str, Mapping[str, tuple[str, ...]]]:
    """SHA-256 of a registered text → dataset → the columns a rule needs of it; {} for a view."""
    return {
        entry["sha256"]: {name: tuple(columns) for name, columns in entry.get("datasets", {}).items()}
        for entry in _entries()
    }
