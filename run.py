#!/usr/bin/env python3
"""Two commands on a fresh machine that has nothing but Python 3.11 or newer:

    python3 run.py demo     sets everything up, makes a sample county, compares it, shows the result
    python3 run.py test     sets everything up, runs every test this machine can run, names what it could not run

And for counties that outgrow one machine (docs/howto/move-to-spark.md):

    python3 run.py spark    installs what `mingcha compare --engine spark` needs beside these

Standard library alone. It makes ``.venv`` beside this file, installs the pinned requirements (hashes checked) and hands
over; a second call starts at once.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

HERE = Path(__file__).resolve().parent
VENV = HERE / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
NEEDED = (3, 11)


def main(argv: list[str]) -> int:
    """Prepares what the command needs and runs it; returns its exit status."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    if sys.version_info < NEEDED:
        print("需要 Python 3.11 或更新的版本（Python 3.11 or newer is needed）。", file=sys.stderr)
        return 2
    command, rest = (argv[0], argv[1:]) if argv else ("help", [])
    if command == "demo":
        prepare("runtime")
        return hand_over(["-m", "mingcha", "demo", *rest])
    if command == "test":
        prepare("dev")
        return hand_over([str(HERE / "tests" / "run_all.py"), *rest])
    if command == "spark":
        prepare("dev" if (VENV / ".installed-dev").exists() else "runtime")
        return prepare_spark()
    if command == "lock":
        prepare("dev")
        return lock()
    print(__doc__)
    return 0 if command in {"help", "-h", "--help"} else 2


def prepare(kind: str) -> None:
    """Makes .venv and installs requirements/<kind>.txt, unless that very file is installed already."""
    wanted = HERE / "requirements" / f"{kind}.txt"
    mark = VENV / f".installed-{kind}"
    digest = hashlib.sha256(wanted.read_bytes()).hexdigest()
    if PYTHON.exists() and mark.exists() and mark.read_text(encoding="utf-8") == digest:
        _link_package()
        return
    print(f"正在准备运行环境（{wanted.name}），首次需要一两分钟……", file=sys.stderr, flush=True)
    if not PYTHON.exists():
        venv.EnvBuilder(with_pip=True, clear=VENV.exists()).create(VENV)
    pip = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"]
    subprocess.run([*pip, "--require-hashes", "--only-binary", ":all:", "-r", str(wanted)], check=True)
    _link_package()
    mark.write_text(digest, encoding="utf-8")


def prepare_spark() -> int:
    """Installs requirements/spark.txt, hashes checked; says where to get Java if it is not there.

    pyspark comes as source alone. It is unpacked, nothing is compiled; the tools that unpack it are those of
    requirements/spark-build.txt, with hashes too, so that no tool of unknown make is fetched for it.
    """
    mark = VENV / ".installed-spark"
    wanted = [HERE / "requirements" / f"{name}.txt" for name in ("spark-build", "spark")]
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in wanted)).hexdigest()
    if not (mark.exists() and mark.read_text(encoding="utf-8") == digest):
        print("正在准备 Spark（约 450 MB），需要几分钟……", file=sys.stderr, flush=True)
        pip = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"]
        tools, spark = (["--require-hashes", "-r", str(path)] for path in wanted)
        subprocess.run([*pip, "--only-binary", ":all:", *tools], check=True)
        subprocess.run([*pip, "--no-build-isolation", "--only-binary", "py4j", *spark], check=True)
        mark.write_text(digest, encoding="utf-8")
    return hand_over(["-c", "import sys; from mingcha.engines.spark import main; sys.exit(main())"])


def _link_package() -> None:
    """Puts src on the environment's path and a ``mingcha`` command beside its python: no build tool is needed.

    Done anew when pyproject.toml, where the entry points stand, has changed.
    """
    mark = VENV / ".linked"
    digest = hashlib.sha256(f"{HERE}\n".encode() + (HERE / "pyproject.toml").read_bytes()).hexdigest()
    if mark.exists() and mark.read_text(encoding="utf-8") == digest:
        return
    packages = subprocess.run(
        [str(PYTHON), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
        check=True,
        capture_output=True,
        text=True,
    ).stdout.strip()
    Path(packages, "mingcha-source.pth").write_text(f"{HERE / 'src'}\n", encoding="utf-8")
    _register(Path(packages))
    if os.name == "nt":
        (PYTHON.parent / "mingcha.cmd").write_text(f'@"{PYTHON}" -m mingcha %*\r\n', encoding="utf-8")
    else:
        launcher = PYTHON.parent / "mingcha"
        launcher.write_text(f'#!/bin/sh\nexec "{PYTHON}" -m mingcha "$@"\n', encoding="utf-8")
        launcher.chmod(0o755)
    mark.write_text(digest, encoding="utf-8")


def _register(packages: Path) -> None:
    """Writes what tells Python that the project is installed, and its entry points: no build tool is needed for it."""
    import tomllib  # noqa: PLC0415  # not at the top: an older Python has to get as far as the word about its version

    project = tomllib.loads((HERE / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    source = (HERE / "src" / "mingcha" / "__init__.py").read_text(encoding="utf-8")
    version = source.split('__version__ = "')[1].split('"')[0]
    for old in packages.glob("mingcha-*.dist-info"):
        shutil.rmtree(old)
    info = packages / f"mingcha-{version}.dist-info"
    info.mkdir()
    groups = {"console_scripts": project.get("scripts", {}), **project.get("entry-points", {})}
    points = [
        f"[{group}]\n" + "".join(f"{name} = {target}\n" for name, target in entries.items())
        for group, entries in groups.items()
    ]
    files = {
        "METADATA": f"Metadata-Version: 2.1\nName: mingcha\nVersion: {version}\n",
        "INSTALLER": "run.py\n",
        "entry_points.txt": "\n".join(points),
    }
    for name, text in files.items():
        (info / name).write_text(text, encoding="utf-8")
    recorded = [f"{info.name}/{name},,\n" for name in (*files, "RECORD")]
    (info / "RECORD").write_text("mingcha-source.pth,,\n" + "".join(recorded), encoding="utf-8")


def hand_over(arguments: list[str]) -> int:
    """Runs the environment's python on arguments; Ctrl-C reaches it and its status comes back."""
    environment = {**os.environ, "PYTHONUTF8": "1"}
    child = subprocess.Popen([str(PYTHON), *arguments], env=environment)
    while True:
        try:
            return child.wait()
        except KeyboardInterrupt:
            continue  # the child got it too and is cleaning up


def lock() -> int:
    """Writes requirements/*.txt anew from the .in files: versions and hashes, no addresses (for developers)."""
    for kind in ("runtime", "dev", "spark", "spark-build"):
        options = "--universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate -q"
        files = [str(HERE / "requirements" / f"{kind}.in"), "-o", str(HERE / "requirements" / f"{kind}.txt")]
        status = subprocess.run([str(PYTHON), "-m", "uv", "pip", "compile", *options.split(), *files], check=False)
        if status.returncode:
            return status.returncode
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except subprocess.CalledProcessError as error:
        print(
            f"准备运行环境时出错（第 {error.returncode} 号）。请检查网络能否访问软件包源，然后再运行一次。",
            file=sys.stderr,
        )
        sys.exit(1)
