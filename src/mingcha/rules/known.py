"""What the packaged lock knows of texts that were read and checked when it was written."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files


@cache
def locked_columns() -> Mapping[str, tuple[str, ...]]:
    """SHA-256 of a registered text → the columns its SELECT gives: parsing sixty texts anew takes over a second."""
    path = files("mingcha") / "rulebook" / "lock.json"
    if not path.is_file():
        return {}
    entries = json.loads(path.read_text(encoding="utf-8")).values()
    return {entry["sha256"]: tuple(entry["columns"]) for entry in entries if "columns" in entry}
