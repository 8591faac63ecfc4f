"""The real web server, started for a measurement or for pictures."""

from __future__ import annotations

import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def served(*, processes: int = 1) -> Iterator[int]:
    """The real server in processes of its own; gives its port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    asked = ["--port", str(port), "--processes", str(processes), "--no-worker"]
    code = f"from mingcha_web.command import serve; serve({asked})"
    with tempfile.TemporaryFile() as said:
        server = subprocess.Popen([sys.executable, "-c", code], stdout=said, stderr=subprocess.STDOUT)
        try:
            _wait(port, server)
            yield port
        finally:
            server.terminate()
            server.wait(timeout=30)


def _wait(port: int, server: subprocess.Popen[bytes]) -> None:
    for _ in range(300):
        if server.poll() is not None:
            break
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1):
                return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("the server did not start")
