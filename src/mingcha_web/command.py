"""``mingcha serve``, ``mingcha manage``, the workbench's part of ``mingcha demo``: entry points of the command line."""

from __future__ import annotations

import argparse
import contextlib
import errno
import logging
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from types import FrameType
from typing import Any

SETTINGS = "mingcha_web.site.settings"
#: Beyond the largest batch of uploads, which the page itself refuses with a sentence.
_LARGEST_REQUEST = 3 * 1024**3
#: Threads of each process, the most processes unless asked for more, and connections that may wait.
_THREADS, _MOST_PROCESSES, _BACKLOG = 8, 4, 1024
_USAGE = 2
_ANYWHERE = {"", "0.0.0.0", "::"}  # noqa: S104  # compared with, not listened on
#: Seconds until a worker that died is started again: doubled each time it dies at once, up to a minute.
_PAUSE, _LONGEST_PAUSE, _LIVED = 1.0, 60.0, 30.0
#: Seconds the worker gets to finish what it is at when the workbench is stopped.
_GRACE = 20


def manage(arguments: Sequence[str]) -> int:
    """Runs one of Django's management commands; returns the exit status."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
    from django.core.management import ManagementUtility

    ManagementUtility(["mingcha manage", *arguments]).execute()
    return 0


def serve(arguments: Sequence[str]) -> int:
    """Starts web server and background worker; ends both on Ctrl-C."""
    parser = argparse.ArgumentParser(prog="mingcha serve", description="启动工作台")
    parser.add_argument("--host", default="127.0.0.1", help="监听地址，默认只有本机能访问")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--processes", type=int, default=_usual_processes(), help="几个进程一起应答，默认按处理器个数")
    parser.add_argument("--no-worker", action="store_true", help="不启动后台进程（另外单独运行时用）")
    options = parser.parse_args(list(arguments))
    _prepare()
    port = _listen(options.host, options.port)
    if port is None:
        return _USAGE
    server = _server(port)
    _tell(options.host, options.port)
    signal.signal(signal.SIGTERM, _as_interrupt)
    others = [] if options.no_worker else [_Child("work()")]
    if os.name != "nt":  # a listening socket cannot be handed on there
        others += [_Child(f"answer({port.fileno()})", port.fileno()) for _ in range(options.processes - 1)]
    try:
        server.run()  # ends quietly on Ctrl-C
    except KeyboardInterrupt:
        pass
    finally:
        print("\n正在停止……", flush=True)
        server.close()
        _stop(others)
    print("工作台已停止。", flush=True)
    return 0


def demo(sample: Path, *, home: Path, as_of: date, progress: Any = None) -> list[tuple[str, str, str]]:
    """Fills a workbench of its own in ``home`` with the sample county.

    sample   folder of the sample's spreadsheets
    home     data folder of the demo's workbench; what lies there from an earlier demo is used on
    Returns one ready account for each role: (role in Chinese, account, password). A county's own database is never
    touched: its settings are put aside for this process.
    """
    os.environ["MINGCHA_DATA"] = str(home.resolve())
    os.environ.pop("MINGCHA_DATABASE", None)
    _prepare()
    from mingcha_web.demo import load_demo

    return load_demo(sample, as_of=as_of, progress=progress)


def _prepare(*, is_first: bool = True) -> None:
    """Django set up and, by the first process, the database brought to this version."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
    import django

    django.setup()
    if not is_first:
        return
    from django.conf import settings
    from django.core.management import call_command

    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
    call_command("migrate", verbosity=0, interactive=False)


def _usual_processes() -> int:
    """As many as there are processors, four at most; one where processes cannot share a port."""
    return 1 if os.name == "nt" else min(os.cpu_count() or 1, _MOST_PROCESSES)


def _server(port: socket.socket) -> Any:
    """The web server on a port that is taken already."""
    from waitress import create_server

    from mingcha_web.site.wsgi import application

    return create_server(
        application, sockets=[port], threads=_THREADS, ident="mingcha", max_request_body_size=_LARGEST_REQUEST
    )


def _listen(host: str, port: int) -> socket.socket | None:
    """The port, taken; None, and a word to the user, where it cannot be had."""
    try:
        family = socket.getaddrinfo(host or None, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0][0]
        return socket.create_server((host, port), family=family, backlog=_BACKLOG)
    except (OSError, OverflowError, ValueError) as error:
        number = getattr(error, "errno", None)
        if number == errno.EADDRINUSE:
            said = f"端口 {port} 已被别的程序占用（也许工作台已经在运行）。请换一个端口，例如 --port {port + 1}。"
        elif number == errno.EACCES:
            said = f"没有权限使用端口 {port}。请换一个 1024 以上的端口，例如 --port 8000。"
        else:
            said = f"不能在 {host} 的端口 {port} 上启动。请检查 --host 和 --port。"
        print(said, file=sys.stderr, flush=True)
        return None


def _tell(host: str, port: int) -> None:
    from mingcha_web.access.models import User

    name = "127.0.0.1" if host in _ANYWHERE else host
    print(f"工作台已启动：http://{name}:{port}/ （按 Ctrl-C 停止）", flush=True)
    if not User.objects.exists():
        print("还没有账号。请另开一个窗口运行：mingcha manage add_administrator", flush=True)
    if host in _ANYWHERE and "MINGCHA_HOSTS" not in os.environ:
        print("其他电脑要访问，请先设置环境变量 MINGCHA_HOSTS，写上这台机器的名称或地址。", flush=True)


def _as_interrupt(_signal: int, _frame: FrameType | None) -> None:
    """A polite end (SIGTERM) cleans up as Ctrl-C does."""
    raise KeyboardInterrupt


def answer(port: int) -> None:
    """What a further process of the web server does: answers on the port it inherited, as long as its parent lives."""
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _prepare(is_first=False)
    signal.signal(signal.SIGTERM, _as_interrupt)
    with contextlib.suppress(KeyboardInterrupt):
        _server(socket.socket(fileno=port)).run()


def work() -> None:
    """What the worker's process does: takes tasks until it is told to stop, or its parent is gone."""
    threading.Thread(target=_end_with_parent, daemon=True).start()
    for name in ("django_tasks", "django_tasks_db"):
        # what a person at the terminal should see is what went wrong, not that tasks come and go
        logging.getLogger(name).addFilter(lambda entry: entry.levelno >= logging.ERROR)
    manage(["db_worker", "--interval", "0.5"])


def _end_with_parent() -> None:
    """The parent holds the other end of our input and never writes: when it closes, the parent is no more."""
    os.read(0, 1)  # unbuffered: a reader in a buffer would block the interpreter's end
    signal.raise_signal(signal.SIGTERM)


class _Child:
    """Worker or further web server as a child process that is started again should it die.

    call   what of this module it runs
    port   number of a socket it inherits
    """

    def __init__(self, call: str, *port: int) -> None:
        self._call, self._port = call, port
        self._stopping = threading.Event()
        self._guard = threading.Lock()
        self._child = self._start()
        threading.Thread(target=self._watch, daemon=True).start()

    def _start(self) -> subprocess.Popen[bytes]:
        code = f"from mingcha_web.command import answer, work; {self._call}"
        # in a group of its own: Ctrl-C reaches us alone, and we let it finish its task
        apart: dict[str, Any] = (
            {"creationflags": getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)}
            if os.name == "nt"
            else {"start_new_session": True, "pass_fds": self._port}
        )
        return subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, **apart)

    def _watch(self) -> None:
        pause = _PAUSE
        while not self._stopping.is_set():
            born = time.monotonic()
            self._child.wait()
            pause = _PAUSE if time.monotonic() - born > _LIVED else min(pause * 2, _LONGEST_PAUSE)
            if self._stopping.wait(pause):
                return
            with self._guard:
                if not self._stopping.is_set():
                    print("一个后台进程意外结束，已重新启动。", file=sys.stderr, flush=True)
                    self._child = self._start()

    def ask_to_stop(self) -> None:
        """Tells it to finish what it is at."""
        with self._guard:
            self._stopping.set()
            self._child.terminate()

    def stop(self) -> None:
        """Waits for its end, for a moment."""
        try:
            self._child.wait(timeout=_GRACE)
        except subprocess.TimeoutExpired:
            self._child.kill()
            self._child.wait()


def _stop(children: Sequence[_Child]) -> None:
    for child in children:
        child.ask_to_stop()
    for child in children:
        child.stop()
