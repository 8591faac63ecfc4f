"""A PostgreSQL server of the tests' own, and the data-layer tests run on it.

    python -m tests.web.postgres [pytest arguments]

Starts a server in a temporary folder, reachable from this machine alone, runs ``pytest -m data tests/web`` on it and
takes it away again. Where no PostgreSQL is installed it says so and ends well.
"""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
_TOOLS = ("initdb", "pg_ctl")
_USER = "mingcha"


class Unavailable(Exception):
    """Why no server can be started here, in words."""


def main(arguments: Sequence[str]) -> int:
    """Runs the tests on a private server, or on the one ``MINGCHA_TEST_DATABASE`` names."""
    address = os.environ.get("MINGCHA_TEST_DATABASE", "")
    if address:
        return _test(address, arguments)
    try:
        with private_server() as address:
            return _test(address, arguments)
    except Unavailable as reason:
        print(f"data tests on PostgreSQL: skipped ({reason})", flush=True)
        return 0


def _test(address: str, arguments: Sequence[str]) -> int:
    command = [sys.executable, "-m", "pytest", "-m", "data", *(arguments or ["tests/web"])]
    environment = {**os.environ, "MINGCHA_TEST_DATABASE": address}
    return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode


@contextmanager
def private_server() -> Iterator[str]:
    """The address of a fresh server that lives as long as the block. Raises Unavailable."""
    binaries = _binaries()
    demoted = _demotion()
    folder = Path(tempfile.mkdtemp(prefix="mingcha-postgres-"))
    try:
        if demoted:
            shutil.chown(folder, demoted["user"], demoted["group"])
        data, port = folder / "data", _free_port()
        _run(
            [binaries / "initdb", "-D", data, "-U", _USER, "-A", "trust", "-E", "UTF8", "--no-locale"], folder, demoted
        )
        # nothing here has to outlive a crash: the disk is not waited for
        options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c fsync=off"
        control = [binaries / "pg_ctl", "-D", data, "-w"]
        _run([*control, "-l", folder / "log", "-o", options, "start"], folder, demoted)
        try:
            yield f"postgresql://{_USER}@127.0.0.1:{port}/postgres"
        finally:
            _run([*control, "-m", "immediate", "stop"], folder, demoted)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _run(command: Sequence[object], folder: Path, demoted: dict[str, Any]) -> None:
    # output to a file: pg_ctl's child would keep a pipe open for ever
    with (folder / "output").open("wb+") as output:
        done = subprocess.run(
            [str(part) for part in command], cwd=folder, stdout=output, stderr=subprocess.STDOUT, check=False, **demoted
        )
        if done.returncode:
            output.seek(0)
            raise Unavailable(f"{Path(str(command[0])).name}: {output.read().decode(errors='replace').strip()[-400:]}")


def _binaries() -> Path:
    """The folder with the server's tools: on the path, or the newest where Debian and Red Hat put them."""
    on_path = shutil.which("initdb")
    folders = [Path(on_path).resolve().parent] if on_path else []
    folders += sorted(
        [*Path("/usr/lib/postgresql").glob("*/bin"), *Path("/usr").glob("pgsql-*/bin")],
        key=lambda path: int(re.sub(r"\D", "", path.parent.name) or 0),
        reverse=True,
    )
    for folder in folders:
        if all(shutil.which(tool, path=str(folder)) for tool in _TOOLS):
            return folder
    raise Unavailable("no PostgreSQL server is installed: initdb and pg_ctl not found")


def _demotion() -> dict[str, Any]:
    """The server refuses to run as root: root hands it to another account."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        return {}
    import pwd  # noqa: PLC0415  # there is none on Windows

    for name in ("postgres", "nobody"):
        try:
            account = pwd.getpwnam(name)
        except KeyError:
            continue
        return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
    raise Unavailable("the tests run as root, and there is no account postgres or nobody for the server")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
