"""Converts several sheets side by side: DuckDB and Arrow work outside Python's lock, so threads use all cores."""

from __future__ import annotations

import queue
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import TypeVar

import duckdb
import pyarrow as pa

_Item = TypeVar("_Item")
_Result = TypeVar("_Result")
#: Sheets under conversion at once: each costs memory, and more than there are cores to a small office computer gain
#: nothing.
AT_ONCE = 2
#: Sheets that wait beside those: their files fill the staging folder.
WAITING = 2


def _give_back() -> None:
    """Gives back what this thread's own part of Arrow's memory no longer holds.

    It would keep it for itself, a few dozen MiB a thread, as long as the thread lives.
    """
    pa.default_memory_pool().release_unused()


class Typists:
    """Threads that type the stretches of large sheets, with a connection each: one large sheet alone uses all cores."""

    def __init__(self, con: duckdb.DuckDBPyConnection) -> None:
        self._free: queue.SimpleQueue[duckdb.DuckDBPyConnection] = queue.SimpleQueue()
        for _ in range(AT_ONCE):
            self._free.put(con.cursor())
        self._threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="mingcha-type")

    def each(
        self, work: Callable[[duckdb.DuckDBPyConnection, _Item], _Result], items: Iterable[_Item]
    ) -> Generator[_Result, None, None]:
        """What the work makes of each item, in order. One more waits than there are threads: none of them stands idle
        while the caller looks at a result.

        After an error, or when it is closed early, nothing of it runs on.
        """

        def run(item: _Item) -> _Result:
            cursor = self._free.get()
            try:
                return work(cursor, item)
            finally:
                _give_back()
                self._free.put(cursor)

        waiting: deque[Future[_Result]] = deque()
        try:
            for item in items:
                if len(waiting) > AT_ONCE:
                    yield waiting.popleft().result()
                waiting.append(self._threads.submit(run, item))
            while waiting:
                yield waiting.popleft().result()
        finally:
            wait([future for future in waiting if not future.cancel()])

    def close(self) -> None:
        """Ends the threads; what is still being typed is waited for."""
        self._threads.shutdown(wait=True, cancel_futures=True)
        while not self._free.empty():
            self._free.get().close()


class Converters:
    """Threads with a connection each to the same database. Close it: nothing runs on afterwards."""

    def __init__(self, con: duckdb.DuckDBPyConnection) -> None:
        self._cursors = [con.cursor() for _ in range(AT_ONCE)]
        self._free: queue.SimpleQueue[duckdb.DuckDBPyConnection] = queue.SimpleQueue()
        for cursor in self._cursors:
            self._free.put(cursor)
        self._threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="mingcha-convert")
        self._running: deque[Future[object]] = deque()

    def submit(self, work: Callable[[duckdb.DuckDBPyConnection], _Result]) -> Future[_Result]:
        """Queues a piece of work; waits while too much is queued. Raises what an earlier piece raised."""
        while len(self._running) >= AT_ONCE + WAITING:
            self._running.popleft().result()
        future = self._threads.submit(self._run, work)
        self._running.append(future)  # type: ignore[arg-type]  # of its result nothing is asked here
        return future

    def _run(self, work: Callable[[duckdb.DuckDBPyConnection], _Result]) -> _Result:
        cursor = self._free.get()
        try:
            return work(cursor)
        finally:
            _give_back()
            self._free.put(cursor)

    def after(self, jobs: Sequence[Future[_Result]], act: Callable[[], None]) -> None:
        """Acts once all these pieces are done, however they end; at once where there are none."""
        if not jobs:
            act()
            return
        left = len(jobs)
        lock = threading.Lock()

        def done(_: Future[_Result]) -> None:
            nonlocal left
            with lock:
                left -= 1
                is_last = left == 0
            if is_last:
                act()

        for job in jobs:
            job.add_done_callback(done)

    def close(self) -> None:
        """Drops what waits, ends what runs and waits for it."""
        if any(not future.done() for future in self._running):
            for cursor in self._cursors:
                cursor.interrupt()
        self._threads.shutdown(wait=True, cancel_futures=True)
        for cursor in self._cursors:
            cursor.close()
