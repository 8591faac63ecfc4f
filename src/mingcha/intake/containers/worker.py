"""The child process that opens files: ``python -m mingcha.intake.containers.worker``.

Jobs come as JSON lines on standard input, events go as JSON lines to standard output. It limits its own memory
(POSIX) and ends itself when its parent is gone or a job overstays its time, so that no process is left behind.
"""

from __future__ import annotations

import errno
import gc
import importlib
import json
import os
import queue
import signal
import sys
import threading
from pathlib import Path
from typing import IO, Any

from mingcha.intake.containers.limits import MAX_FILE_BYTES
from mingcha.intake.containers.problems import Unreadable, size_words
from mingcha.intake.containers.readers.dispatch import read_source
from mingcha.intake.containers.sink import Event, Sink, Source

Job = dict[str, Any]


def main() -> int:
    """Serves jobs until standard input ends."""
    events = _take_stdout()
    jobs: queue.Queue[Job | None] = queue.Queue()
    threading.Thread(target=_listen, args=(jobs,), daemon=True).start()
    gc.disable()  # rows make millions of small lists and no circles; collected after each file instead
    _tell(events, {"event": "ready"})
    limited = False
    while (job := jobs.get()) is not None:
        if not limited:
            _limit_memory(job["memory_bytes"])
            limited = True
        if not _serve(job, events):
            return 1  # memory may be in tatters: a fresh process takes over
    return 0


def _take_stdout() -> IO[str]:
    """Keeps the event channel to ourselves: whatever a library prints goes nowhere."""
    channel = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, sys.stdout.fileno())
    if hasattr(signal, "SIGINT"):
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl-C ends us at once, without a traceback
    return channel


def _listen(jobs: queue.Queue[Job | None]) -> None:
    try:
        for line in sys.stdin:
            jobs.put(json.loads(line))
    finally:
        # the parent has closed the pipe or is gone: nobody waits for what we do
        os._exit(0)


def _limit_memory(extra: int) -> None:
    """Allows so many bytes beyond what the process has now, with all its libraries loaded."""
    try:
        resource = importlib.import_module("resource")
    except ImportError:  # Windows: the parent's time limit alone protects
        return
    try:
        with open("/proc/self/statm", encoding="ascii") as file:
            used = int(file.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:  # no /proc outside Linux
        used = 1 << 30
    try:
        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        limit = used + extra if hard == resource.RLIM_INFINITY else min(used + extra, hard)
        resource.setrlimit(resource.RLIMIT_AS, (limit, hard))
    except (ValueError, OSError):  # macOS refuses limits of address space
        return


def _tell(events: IO[str], event: Event) -> None:
    events.write(json.dumps(event) + "\n")
    events.flush()


def _serve(job: Job, events: IO[str]) -> bool:
    """One file; False if the process should not be trusted with another."""

    def emit(event: Event) -> None:
        _tell(events, event)

    _set_alarm(float(job["seconds"]) + 5.0)
    source = Source(Path(job["path"]), job["size"])
    sink = Sink(Path(job["staging"]), job["prefix"], job["skip"], emit)
    healthy = True
    try:
        _read(source, sink)
    except Unreadable as problem:
        sink.problem(problem.code, sheet=None, **problem.facts)
    except MemoryError:
        emit({"event": "failed", "code": "memory"})
        healthy = False
    except FileNotFoundError:
        sink.problem("file.vanished")
    except PermissionError:
        sink.problem("file.permission")
    except OSError as error:
        emit({"event": "disk_full"} if is_disk_full(error) else {"event": "failed", "code": "disk"})
    except BaseException as error:  # a reader library's panic is no Exception; the parent must still be told
        if isinstance(error, (KeyboardInterrupt, SystemExit)):
            raise
        emit({"event": "failed", "code": "corrupt", "detail": type(error).__name__})
        healthy = isinstance(error, Exception)
    emit({"event": "end", "healthy": healthy})
    _set_alarm(0.0)
    gc.collect()
    return healthy


def is_disk_full(error: OSError) -> bool:
    """Whether writing failed for want of room (Arrow gives the cause in words only)."""
    return (
        error.errno in (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC))
        or "No space left" in str(error)
        or "errno 28" in str(error)
    )


def _set_alarm(seconds: float) -> None:
    """A last resort where the parent cannot end us; the system ends us even inside a library's loop."""
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_REAL, seconds)


def _read(source: Source, sink: Sink) -> None:
    if source.size > MAX_FILE_BYTES:
        raise Unreadable("file.too_large", size=size_words(source.size), limit=size_words(MAX_FILE_BYTES))
    read_source(source, sink)


if __name__ == "__main__":
    os._exit(main())  # the listening thread sits in a read that an orderly end would wait for
