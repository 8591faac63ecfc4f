"""Child processes that read files, from the parent's side: kept between files, replaced when they die."""

from __future__ import annotations

import contextlib
import json
import os
import queue
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import mingcha
from mingcha.errors import MingchaError
from mingcha.intake.containers.limits import AHEAD, MAX_RESTARTS, MIB, Limits
from mingcha.intake.containers.sink import Event


@dataclass(frozen=True)
class Task:
    """One file to read.

    path     where it lies
    prefix   of the names of its sheets in the staging folder
    """

    path: Path
    size: int
    staging: Path
    prefix: str


@dataclass
class Outcome:
    """What a task gave: events of sheets and problems in order. disk_full: the staging folder has no room left."""

    events: list[Event] = field(default_factory=list)
    disk_full: bool = False


class Pool:
    """Workers that read tasks in the background. close() ends them all, whatever they are doing."""

    def __init__(self, limits: Limits, size: int = AHEAD) -> None:
        self._limits = limits
        self._tasks: queue.SimpleQueue[tuple[Task, Future[Outcome]] | None] = queue.SimpleQueue()
        self._workers = [_Worker() for _ in range(size)]
        self._threads: list[threading.Thread] = []
        self._submitted = 0
        self._lock = threading.Lock()
        self._is_closed = False

    def prepare(self) -> None:
        """Starts the first process, which takes as long as reading many a file, before there is anything to read."""
        if not self._threads:
            self._begin(self._workers[0].prepare)

    def submit(self, task: Task) -> Future[Outcome]:
        """Queues a task. Further threads and processes start with the first ones that need them.

        Once the pool is closed, by another thread perhaps, the future is a cancelled one: nobody would ever read it.
        """
        future: Future[Outcome] = Future()
        with self._lock:
            if self._is_closed:
                future.cancel()
                return future
            self._tasks.put((task, future))
            self._submitted += 1
            if len(self._threads) < min(self._submitted, len(self._workers)):
                self._begin()
        return future

    def _begin(self, first: Callable[[], None] = lambda: None) -> None:
        worker = self._workers[len(self._threads)]
        thread = threading.Thread(target=self._run, args=(worker, first), daemon=True)
        self._threads.append(thread)
        thread.start()

    def close(self) -> None:
        """Ends all workers and waits for their threads."""
        with self._lock:
            self._is_closed = True
        for worker in self._workers:
            worker.close()
        for _ in self._threads:
            self._tasks.put(None)
        for thread in self._threads:
            thread.join()

    def pids(self) -> list[int]:
        """Process ids of the workers alive."""
        return [pid for worker in self._workers if (pid := worker.pid) is not None]

    def _run(self, worker: _Worker, first: Callable[[], None]) -> None:
        first()
        while (item := self._tasks.get()) is not None:
            task, future = item
            if worker.is_closed:
                future.cancel()
                continue
            try:
                future.set_result(_read_task(task, worker, self._limits))
            except Exception as error:
                future.set_exception(error)  # belongs to whoever waits for the result


def _read_task(task: Task, worker: _Worker, limits: Limits) -> Outcome:
    """Reads a file; where one sheet ends the reader, the file is tried again without it."""
    outcome = Outcome()
    skip: list[int] = []
    for _ in range(MAX_RESTARTS + 1):
        seconds = limits.time_for(task.size)
        job = {
            "path": str(task.path),
            "size": task.size,
            "staging": str(task.staging),
            "prefix": task.prefix,
            "skip": skip,
            "seconds": seconds,
            "memory_bytes": limits.memory_for_this_machine(),
        }
        attempt = _Attempt()
        for event in worker.read(job, seconds):
            attempt.take(event)
        if not attempt.has_ended:
            remove_unfinished(task.staging, task.prefix)
        outcome.events += attempt.events
        outcome.disk_full = outcome.disk_full or attempt.disk_full
        code = attempt.failure or (None if attempt.has_ended else "timeout" if worker.timed_out else "crash")
        if code is None or outcome.disk_full:
            return outcome
        facts = {"seconds": round(seconds)} if code == "timeout" else {}
        if not attempt.begun or code == "disk":
            outcome.events.append({"event": "problem", "code": f"file.{code}", "sheet": None, "facts": facts})
            return outcome
        name = attempt.begun[-1][1]
        outcome.events.append({"event": "problem", "code": f"sheet.{code}", "sheet": name, "facts": facts})
        skip = [*skip, *(index for index, _ in attempt.begun)]
    outcome.events.append({"event": "problem", "code": "file.crash", "sheet": None, "facts": {}})
    return outcome


def remove_unfinished(staging: Path, prefix: str = "") -> None:
    """Removes the parts of sheets that an ended worker left behind."""
    for path in staging.glob(f"{prefix}*.arrow.part*"):
        path.unlink(missing_ok=True)


class _Attempt:
    """The events of one attempt. begun: sheets announced, in order; the last one is what a crash is blamed on."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.begun: list[tuple[int, str]] = []
        self.failure: str | None = None
        self.has_ended = False
        self.disk_full = False

    def take(self, event: Event) -> None:
        kind = event["event"]
        if kind == "begin":
            self.begun.append((event["index"], event["sheet"]))
        elif kind == "failed":
            self.failure = event["code"]
        elif kind == "disk_full":
            self.disk_full = True
        elif kind == "end":
            self.has_ended = True
        else:
            self.events.append(event)


class _Worker:
    """One child process, started when needed. timed_out tells why the last read ended early."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[str] | None = None
        self._lock = threading.Lock()
        self.is_closed = False
        self.timed_out = False

    @property
    def pid(self) -> int | None:
        """Process id, None while no process runs."""
        process = self._process
        return process.pid if process is not None and process.poll() is None else None

    def prepare(self) -> None:
        """Starts the process. One that cannot start is tried again, and told, when there is something to read."""
        with contextlib.suppress(MingchaError):
            self._start()

    def read(self, job: dict[str, Any], seconds: float) -> Iterator[Event]:
        """Events of one job until it ends, the process dies or the time is over."""
        self.timed_out = False
        healthy = False
        process = self._start()
        if process is None or process.stdin is None or process.stdout is None:
            return
        clock = threading.Timer(seconds, self._time_is_over, [process])
        clock.daemon = True
        clock.start()
        try:
            process.stdin.write(json.dumps(job) + "\n")
            process.stdin.flush()
            for line in process.stdout:
                event = json.loads(line)
                healthy = event["event"] == "end" and event["healthy"]
                yield event
                if event["event"] == "end":
                    break
        except (OSError, ValueError):  # died while we wrote, or in the middle of a line
            healthy = False
        finally:
            clock.cancel()
            if not healthy:
                process.kill()
                process.wait()

    def _time_is_over(self, process: subprocess.Popen[str]) -> None:
        self.timed_out = True
        process.kill()

    def _start(self) -> subprocess.Popen[str] | None:
        with self._lock:
            if self.is_closed:
                return None
            if self._process is not None and self._process.poll() is not None:
                self._release()
            if self._process is None:
                self._process = _spawn()
            return self._process

    def close(self) -> None:
        """Ends the process for good."""
        with self._lock:
            self.is_closed = True
            if self._process is not None:
                self._process.kill()
                self._process.wait()
                self._release()

    def _release(self) -> None:
        process, self._process = self._process, None
        for pipe in () if process is None else (process.stdin, process.stdout):
            try:
                if pipe is not None:
                    pipe.close()
            except OSError:  # what still waited to be written to a dead process
                continue


def _spawn() -> subprocess.Popen[str]:
    """Starts a worker and waits until it is ready: one that cannot start is our fault, not the file's."""
    try:
        process = subprocess.Popen(
            [sys.executable, "-P", "-m", "mingcha.intake.containers.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            encoding="utf-8",
            env=_environment(),
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
    except OSError as error:
        raise _not_started() from error
    if process.stdout is None or not process.stdout.readline():
        process.kill()
        process.wait()
        raise _not_started()
    return process


def _not_started() -> MingchaError:
    remedy = "请检查内存是否充足、安全软件是否拦截，然后再运行一次。"
    return MingchaError("不能启动读取文件的子进程。", remedy=remedy, code="worker")


#: glibc gives memory back after every piece of a file, to ask for it again at once: a tenth of the reading.
_KEEPS_MEMORY = {
    "MALLOC_TRIM_THRESHOLD_": str(32 * MIB),
    "MALLOC_MMAP_THRESHOLD_": str(16 * MIB),
    "MALLOC_TOP_PAD_": str(4 * MIB),
}


def _environment() -> dict[str, str]:
    package_root = str(Path(mingcha.__file__).resolve().parent.parent)
    inherited = os.environ.get("PYTHONPATH")
    return {
        **os.environ,
        "PYTHONPATH": package_root + (os.pathsep + inherited if inherited else ""),
        "PYTHONIOENCODING": "utf-8",
        "RUST_BACKTRACE": "0",
        # Arrow's own allocator reserves whole gibibytes of addresses, which the limit of memory would count
        "ARROW_DEFAULT_MEMORY_POOL": "system",
        **_KEEPS_MEMORY,
    }
