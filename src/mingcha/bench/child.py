"""Runs one measurement in a process of its own: its memory is its own, and nothing is warm from the one before."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from mingcha.errors import MingchaError

_MARK = "mingcha-bench:"
_CALL = "import sys; from mingcha.bench.child import main; sys.exit(main(sys.argv[1:]))"
_KIB = 1024
_LOOK_SECONDS = 0.5


class TooLong(MingchaError):
    """A measurement was ended because it took longer than it may."""


def measured(name: str, *, within: float | None = None, **options: Any) -> dict[str, Any]:
    """What a measurement of ``tasks.TASKS`` gave, with ``peak_mib`` of its process and ``tree_mib`` of all below it.

    within     seconds after which it is ended, whatever it does
    tree_mib   the most memory that all of its processes held at one moment, pages of files counted once; None where
               the system does not tell
    Raises TooLong where it was ended, MingchaError where it failed.
    """
    command = [sys.executable, "-c", _CALL, name, json.dumps(options)]
    environment = {**os.environ, "PYTHONUTF8": "1"}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8", env=environment
    ) as process, _TreeWatch(process.pid) as watch:  # fmt: skip
        try:
            out, errors = process.communicate(timeout=within)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            raise TooLong(f"测量“{name}”超过{within:g}秒，已停止。") from None
    told = [line.removeprefix(_MARK) for line in out.splitlines() if line.startswith(_MARK)]
    if process.returncode or not told:
        raise MingchaError(f"测量“{name}”没有完成：{errors.strip().splitlines()[-1:] or process.returncode}。")
    found: dict[str, Any] = json.loads(told[-1])
    return found | {"tree_mib": watch.peak_mib}


class _TreeWatch:
    """Looks at the memory of a process and its descendants now and then (Linux)."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self.peak_mib: int | None = None

    def __enter__(self) -> _TreeWatch:
        if sys.platform == "linux":
            self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join()

    def _look(self) -> None:
        while not self._stop.wait(_LOOK_SECONDS):
            held = [_held(pid) for pid in _descendants(self._pid)]
            of_files = max(files for _, files in held)
            self.peak_mib = max(self.peak_mib or 0, (sum(own for own, _ in held) + of_files) // _KIB)


def _descendants(pid: int) -> list[int]:
    found, waiting = [], [pid]
    while waiting:
        each = waiting.pop()
        found.append(each)
        for listing in Path(f"/proc/{each}/task").glob("*/children"):
            waiting += [int(child) for child in _read(listing).split()]
    return found


def _held(pid: int) -> tuple[int, int]:
    """KiB that a process holds for itself, and of files, which the others hold as well: they read the same ones.

    Counts that the system keeps. Adding up shares page by page (smaps) holds up whatever asks for memory meanwhile: it
    made a list of .csv some 5 % slower.
    """
    lines = dict(
        line.split(":", 1) for line in _read(Path(f"/proc/{pid}/status")).splitlines() if line.startswith("Rss")
    )
    own, files, shared = (int(lines.get(f"Rss{kind}", "0 kB").split()[0]) for kind in ("Anon", "File", "Shmem"))
    return own + shared, files


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii")
    except OSError:  # the process has just ended
        return ""


def peak_mib() -> int | None:
    """The most memory this process held, in MiB; None where the system does not tell."""
    if sys.platform == "win32":
        return None
    import resource  # noqa: PLC0415  # not on Windows

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return round(peak / (_KIB**2 if sys.platform == "darwin" else _KIB))


def main(arguments: list[str]) -> int:
    """Runs the measurement named and prints what it gave."""
    from mingcha.bench.tasks import TASKS  # noqa: PLC0415  # polars and openpyxl are imported there, when asked for

    name, options = arguments
    task: Callable[..., Mapping[str, Any]] = TASKS[name]
    found = dict(task(**json.loads(options)))
    print(_MARK + json.dumps(found | {"peak_mib": peak_mib()}), flush=True)
    return 0
