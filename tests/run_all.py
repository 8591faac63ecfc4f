"""Every check of the project, one after the other; ``python3 run.py test`` calls it.

What the machine lacks (a browser, PostgreSQL, Java and Spark) is installed through its own packages where we are
allowed to; static checks come next, the tests last. Each check is named with its outcome, each test left out with its
reason; any that failed makes the whole fail.
"""

from __future__ import annotations

import os
import shutil
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


#: Program → the Debian packages that bring it, and what is not tested without it.
NEEDED = {
    "chromium": (("chromium", "fonts-noto-cjk"), "the pages in a real browser"),
    "pg_ctl": (("postgresql",), "the data layer on PostgreSQL"),
    "java": (("openjdk-17-jre-headless",), "the rules on Spark"),
}
_INSTALL_SECONDS = 600


def main(arguments: list[str]) -> int:
    """Runs the checks, then pytest with the given arguments; 0 only if all passed."""
    os.chdir(HERE)
    # where it is set, each of the hundreds of processes that tests start would compile every module anew
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    if not arguments:
        equip()
    failed = [name for name, command in CHECKS if not _run(name, command)]
    workers = ["-n", str(min(os.cpu_count() or 1, 4)), "--dist", "worksteal", "-rs"]
    status = subprocess.run([sys.executable, "-m", "pytest", *workers, *arguments], check=False).returncode
    if not arguments:
        # the same data-layer tests once more, on PostgreSQL where this machine has it; it says so where it has not
        again = subprocess.run([sys.executable, "-m", "tests.web.postgres"], check=False).returncode
        status = status or again
    if failed:
        print(f"FAILED checks: {', '.join(failed)}", flush=True)
    return 1 if failed or status else 0


def equip() -> None:
    """Installs what is missing, if we are root on a Debian system; names what then goes untested."""
    missing = [name for name in NEEDED if not _has(name)]
    if missing and getattr(os, "geteuid", lambda: 1)() == 0 and shutil.which("apt-get"):
        packages = [package for name in missing for package in NEEDED[name][0]]
        print(f"installing {' '.join(packages)}", flush=True)
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for command in (["update"], ["install", "-y", "--no-install-recommends", *packages]):
            try:
                subprocess.run(
                    ["apt-get", "-qq", *command], check=False, env=environment, timeout=_INSTALL_SECONDS,
                    stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                )  # fmt: skip
            except (OSError, subprocess.TimeoutExpired):
                break
    for name in missing:
        if not _has(name):
            print(f"SKIPPED: {NEEDED[name][1]} ({name} is not on this machine and could not be installed)", flush=True)
    if _has("java") and subprocess.run([sys.executable, "run.py", "spark"], check=False).returncode:
        print(f"SKIPPED: {NEEDED['java'][1]} (pyspark could not be installed)", flush=True)


def _has(name: str) -> bool:
    if name == "java":
        from mingcha.engines.spark import JAVA, java_version  # noqa: PLC0415

        return java_version() >= JAVA
    if name == "pg_ctl":
        return bool(shutil.which(name) or list(Path("/usr/lib/postgresql").glob("*/bin/pg_ctl")))
    return any(shutil.which(each) for each in (name, "chromium-browser", "google-chrome"))


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
