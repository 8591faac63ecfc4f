"""Every check of the project, one after the other; ``python3 run.py test`` calls it.

Static checks first, the tests last. Each check is named with its outcome; any that failed makes the whole fail.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent

CHECKS = (
    ("ruff check", ["-m", "ruff", "check", "."]),
    ("ruff format", ["-m", "ruff", "format", "--check", "."]),
    ("mypy", ["-m", "mypy"]),
    ("import contracts", ["-c", "from importlinter.cli import lint_imports_command; lint_imports_command()"]),
)


def main(arguments: list[str]) -> int:
    """Runs the checks, then pytest with the given arguments; 0 only if all passed."""
    os.chdir(HERE)
    failed = [name for name, command in CHECKS if not _run(name, command)]
    workers = ["-n", str(min(os.cpu_count() or 1, 4))]
    status = subprocess.run([sys.executable, "-m", "pytest", *workers, *arguments], check=False).returncode
    if not arguments:
        # the same data-layer tests once more, on PostgreSQL where this machine has it; it says so where it has not
        again = subprocess.run([sys.executable, "-m", "tests.web.postgres"], check=False).returncode
        status = status or again
    if failed:
        print(f"FAILED checks: {', '.join(failed)}", flush=True)
    return 1 if failed or status else 0


def _run(name: str, command: list[str]) -> bool:
    start = time.monotonic()
    done = subprocess.run([sys.executable, *command], check=False, capture_output=True, text=True, encoding="utf-8")
    passed = done.returncode == 0
    print(f"{name}: {'ok' if passed else 'FAILED'} ({time.monotonic() - start:.1f} s)", flush=True)
    if not passed:
        print(done.stdout, done.stderr, sep="\n", flush=True)
    return passed


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
