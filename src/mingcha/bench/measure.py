"""Times simulate, the first comparison, the same again, and again after one changed file."""

from __future__ import annotations

import os
import platform
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from mingcha import __version__, api
from mingcha.findings.result import ComparisonResult
from mingcha.progress import Progress

#: The county measured is always the same one.
AS_OF = date(2023, 6, 30)
SEED = 1
_KIB = 1024


@dataclass(frozen=True)
class _Timed:
    """One comparison and how long it took, in seconds."""

    result: ComparisonResult
    seconds: float


def bench(scale: str = "township", *, progress: Progress | None = None) -> dict[str, Any]:
    """Measures one county; returns JSON-able figures: seconds, rows, rows a second, peak memory in MiB.

    scale   village, township or county
    Raises UsageError for an unknown scale.
    """
    with tempfile.TemporaryDirectory(prefix="mingcha-bench-") as place:
        folder, workspace = Path(place) / "county", Path(place) / "workspace"
        start = time.perf_counter()
        api.simulate(folder, scale=scale, seed=SEED, as_of=AS_OF, progress=progress)
        simulated = time.perf_counter() - start
        first = _compare(folder, workspace, progress)
        again = _compare(folder, workspace, progress)
        changed = _change_one(folder)
        after = _compare(folder, workspace, progress)
        size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    rows = sum(sheet.read for sheet in first.result.intake.sheets)
    ruling = sum(rule.seconds for rule in first.result.rules)
    return {
        "version": __version__,
        "measured_on": date.today().isoformat(),  # the machine's own day
        "machine": {"system": platform.system(), "processor": platform.machine(), "cores": os.cpu_count()},
        "scale": scale,
        "files_mib": round(size / _KIB**2, 1),
        "rows": rows,
        "findings": first.result.findings.num_rows,
        "seconds": {
            "simulate": round(simulated, 2),
            "compare": round(first.seconds, 2),
            "rules": round(ruling, 2),
            "again": round(again.seconds, 2),
            "after_one_file": round(after.seconds, 2),
        },
        "rows_a_second": round(rows / first.seconds),
        "changed_file": changed,
        "rule_seconds": {rule.id: round(rule.seconds, 3) for rule in first.result.rules},
        "peak_mib": _peak_mib(),
    }


def _compare(folder: Path, workspace: Path, progress: Progress | None) -> _Timed:
    start = time.perf_counter()
    result = api.compare(folder, as_of=AS_OF, out=workspace.parent / "out", workspace=workspace, progress=progress)
    return _Timed(result, time.perf_counter() - start)


def _change_one(folder: Path) -> str:
    """Adds a blank line to one text file: other bytes, the same rows. Returns its name."""
    texts = sorted(path for path in folder.rglob("*.csv") if path.parent != folder)
    if not texts:
        return ""
    with texts[0].open("ab") as out:
        out.write(b"\r\n")
    return texts[0].relative_to(folder).as_posix()


def _peak_mib() -> int | None:
    """The most memory this process held, in MiB; None where the system does not tell."""
    if sys.platform == "win32":
        return None
    import resource  # noqa: PLC0415  # not on Windows

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return round(peak / (_KIB**2 if sys.platform == "darwin" else _KIB))
