"""The engine of one machine: DuckDB runs rules and views as they are written."""

from __future__ import annotations

import os
import re
import threading
import warnings
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from functools import cache
from importlib.resources import files
from pathlib import Path
from string import Template
from typing import Any, Self

import duckdb
import pyarrow as pa

from mingcha.datasets import Dataset, columns_of
from mingcha.engines.base import Bounds, Reading
from mingcha.errors import MingchaError, Place, RuleError
from mingcha.rules import View, placeholders_of, with_literals
from mingcha.values.workdays import WorkCalendar, work_calendar

# what a rule finds is small: a copy of it costs less than planning twice
warnings.filterwarnings("ignore", message="Arrow output on a DB-API result", category=UserWarning)

#: A kept view up to this size is read into memory at once.
_LOADED_BYTES = 24 << 20
#: Up to so many bytes of snapshots below it a view is made in memory: what is a county's fits, a province's need not.
_MADE_IN_MEMORY = 256 << 20
#: Rows of a row group of what is written down: each is gathered whole before it goes to disk. First of what comes from
#: memory, then of what is long and read often.
_KEPT_ROWS, _LONG_ROWS = 16_384, 32_768
#: The longest a county's own rule may take where nobody set a bound, in seconds.
_OWN_SECONDS = 120.0
#: The most that a run in which a county's own rules take part may lay on disk for want of memory.
_OWN_SPILL = "8GiB"
#: A file opened once more costs as much time as so many bytes written anew.
_OPENING = 16 << 10
#: Rules at a time: more of them would only hold more memory.
_MOST_WORKERS = 2


class DuckDBEngine:
    """Rules on a DuckDB connection.

    bounds   what a rule may take; the connection's own limits are whoever opened it's to set where these say nothing
    drafts   a folder for what this run alone needs, and which goes with it; None = snapshots are read where they lie
    calendar  by which working days are counted; None = as packaged
    """

    name = "duckdb"

    def __init__(
        self,
        con: duckdb.DuckDBPyConnection,
        bounds: Bounds | None = None,
        drafts: Path | None = None,
        calendar: WorkCalendar | None = None,
    ) -> None:
        self._root = con
        self._drafts = drafts
        self._local = threading.local()
        self._cursors: list[duckdb.DuckDBPyConnection] = []
        self._bounds = bounds or Bounds()
        self._kinds: dict[str, str] = {}
        self._unwritten: deque[tuple[View, Path]] = deque()
        # the same footers are read by every rule that names the dataset
        con.execute("SET parquet_metadata_cache = true")
        con.execute("SET preserve_insertion_order = false")
        if self._bounds.memory is not None:
            con.execute(f"SET memory_limit = '{self._bounds.memory}B'")
        con.execute(_macros(calendar or work_calendar()))

    def confine(self, folders: Sequence[Path], *, has_own: bool = False) -> None:
        """Shuts the connection in: from now on it reads and writes below these folders alone, and nobody can undo it.

        No other file, no network, no extension, no further database can be reached, whatever a statement says: what
        the lint of a county's own rule overlooks still finds nothing. The connection's settings stand as they are.
        has_own   a county's own rules take part: what a run may lay on disk is bounded too
        """
        places = ", ".join(f"'{_plain(folder)}'" for folder in folders)
        if has_own:
            self._root.execute(f"SET max_temp_directory_size = '{_OWN_SPILL}'")
        self._root.execute(f"SET allowed_directories = [{places}]")
        self._root.execute("SET enable_external_access = false")
        self._root.execute("SET lock_configuration = true")

    def share_cores(self) -> None:
        """Gives each of the workers one core to plan and run on, and the rest to all of them.

        Many small questions asked side by side on a core each take less than each spread over all: nobody waits for
        anybody's last piece.
        """
        self._root.execute(f"SET threads = {(os.cpu_count() or 1) - self.workers + 1}")

    @property
    def workers(self) -> int:
        """See Engine: more of them would only hold more memory."""
        return min(_MOST_WORKERS, os.cpu_count() or 1)

    @property
    def _con(self) -> duckdb.DuckDBPyConnection:
        """This thread's own cursor: interrupting it stops what this thread asked and nothing else."""
        cursor: duckdb.DuckDBPyConnection | None = getattr(self._local, "cursor", None)
        if cursor is None:
            cursor = self._local.cursor = self._root.cursor()
            self._cursors.append(cursor)
        return cursor

    def interrupt(self) -> None:
        """See Engine."""
        for cursor in self._cursors:
            cursor.interrupt()

    def add_dataset(self, dataset: Dataset, snapshots: Sequence[Path], reading: Reading | None = None) -> None:
        """See Engine. Parquet is read where it lies; only many small files that are read often are laid together."""
        types = {column.name: column.type for column in columns_of(dataset)}
        if not snapshots:
            columns = ", ".join(f"{name} {kind}" for name, kind in types.items())
            self._make("TABLE", dataset.id, f"({columns})")
            return
        if reading is not None:
            # what nobody asks for is left out at once: a statement is planned over all columns it sees
            types = {name: kind for name, kind in types.items() if name in reading.columns}
        try:
            is_plain = reading is not None and reading.is_plain and all(map(_is_whole, snapshots))
            alike = [(frozenset(types), _typical_first([*snapshots]))] if is_plain else _alike(self._con, snapshots)
            source = _selected(types, alike)
            if reading is not None and self._drafts is not None and _is_scattered(snapshots, reading):
                source = self._laid_together(dataset.id, source, self._drafts)
        except duckdb.InterruptException:
            raise
        except duckdb.Error as error:
            # damaged or gone: the rules that need it are listed with this, the others run
            raise RuleError(
                f"“{dataset.title}”的快照读不出来。", remedy="请重新读入这一数据。", code="engine.snapshot"
            ) from error
        self._make("VIEW", dataset.id, f"AS {source}")

    def _laid_together(self, name: str, selected: str, drafts: Path) -> str:
        """Writes what many small files hold into one, for this run. Returns the query that reads it.

        Where memory does not suffice the files are read where they lie. Raises MingchaError for want of disk.
        """
        drafts.mkdir(exist_ok=True)
        place = drafts / f"{name}.parquet"
        try:
            self._con.execute(f"COPY ({selected}) TO {_target(place)}")
        except duckdb.OutOfMemoryException:
            return selected
        except duckdb.IOException as error:
            raise _no_disk() from error
        return f"SELECT * FROM {_source([place])}"

    def add_rows(self, name: str, columns: Mapping[str, str], rows: pa.Table) -> None:
        """See Engine."""
        declared = ", ".join(f"{column} {kind}" for column, kind in columns.items())
        self._make("TABLE", name, f"({declared})")
        if rows.num_rows:
            self._con.register("_given_rows", rows)
            self._con.execute(f"INSERT INTO {name} BY NAME SELECT * FROM _given_rows")
            self._con.unregister("_given_rows")

    def define(self, view: View, values: Mapping[str, Any]) -> None:
        """See Engine."""
        with self._guarded(view):
            self._make("VIEW", view.id, f"AS {with_literals(view, values, literal)}")

    def materialise(
        self, view: View, values: Mapping[str, Any], place: Path | None = None, size: int | None = None
    ) -> None:
        """See Engine. What is short or rests on little is made in memory; no rule waits until it is written down."""
        is_small = size is not None and size <= _MADE_IN_MEMORY
        if place is not None and (view.long or not is_small):
            with self._guarded(view):
                written = with_literals(view, values, literal)
                self._con.execute(f"COPY ({written}) TO {_target(place, _LONG_ROWS if is_small else None)}")
            self.recall(view, place)
            return
        with self._guarded(view):
            self._make("TABLE", view.id, f"AS {view.sql}", _used(view, values))
        if place is not None:
            self._unwritten.append((view, place))

    def keep(self) -> None:
        """See Engine."""
        while self._unwritten:
            view, place = self._unwritten.popleft()
            try:
                with self._guarded(view):
                    self._con.execute(f"COPY {view.id} TO {_target(place, _KEPT_ROWS)}")
            except RuleError:
                place.unlink(missing_ok=True)

    def recall(self, view: View, place: Path) -> None:
        """See Engine. What is small is loaded: a dozen rules that open the file each would take longer."""
        kind = "TABLE" if not view.long and place.stat().st_size <= _LOADED_BYTES else "VIEW"
        with self._guarded(view):
            self._make(kind, view.id, f"AS SELECT * FROM {_source([place])}")

    def column_types(self, name: str) -> dict[str, str]:
        """See Engine."""
        return {row[0]: row[1] for row in self._con.execute(f"DESCRIBE {name}").fetchall()}

    def is_empty(self, name: str) -> bool:
        """See Engine."""
        # fetchall: a result left half read blocks the connection
        return not self._con.execute(f"SELECT 1 FROM {name} LIMIT 1").fetchall()

    def run(self, item: View, values: Mapping[str, Any]) -> pa.Table:
        """See Engine."""
        with self._guarded(item):
            # asked outright: a relation would be planned once to tell its columns and once more to run
            return self._con.execute(item.sql, _used(item, values)).to_arrow_table()

    def relation(self, item: View, values: Mapping[str, Any]) -> duckdb.DuckDBPyRelation:
        """A rule or view as a relation whose rows nobody has asked for yet."""
        return self._con.sql(item.sql, params=_used(item, values))

    def close(self) -> None:
        """See Engine. The connection is whoever opened it's to close."""
        for cursor in self._cursors:
            cursor.close()
        self._cursors.clear()
        self._local = threading.local()

    def _make(self, kind: str, name: str, what: str, values: Mapping[str, Any] | None = None) -> None:
        """Makes a table or view, in the place of what had the name, be it a table or a view."""
        before = self._kinds.get(name)
        if before not in {None, kind}:
            self._con.execute(f"DROP {before} IF EXISTS {name}")
        self._con.execute(f"CREATE OR REPLACE {kind} {name} {what}", values)
        self._kinds[name] = kind

    @contextmanager
    def _guarded(self, item: View) -> Iterator[None]:
        """Stops what takes too long; turns DuckDB's errors into ours."""
        seconds = self._bounds.seconds or (_OWN_SECONDS if item.own else None)
        with Watch(self._con.interrupt, seconds) as watch:
            try:
                yield
            except duckdb.InterruptException as error:
                if watch.has_struck:
                    raise over_time(item, watch.seconds) from error
                raise
            except duckdb.Error as error:
                raise _failed(item, error) from error


class Watch:
    """Interrupts what runs after some seconds; None = never."""

    def __init__(self, interrupt: Callable[[], None], seconds: float | None) -> None:
        self._interrupt = interrupt
        self.seconds = seconds
        self.has_struck = False
        self._timer = threading.Timer(seconds, self._strike) if seconds is not None else None

    def __enter__(self) -> Self:
        if self._timer:
            self._timer.daemon = True
            self._timer.start()
        return self

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        if self._timer:
            self._timer.cancel()

    def _strike(self) -> None:
        self.has_struck = True
        self._interrupt()


def literal(value: Any) -> str:
    """A parameter as DuckDB reads it in a text.

    >>> literal(date(2023, 6, 30)), literal("a'b"), literal([1, None]), literal(Decimal("0.01"))
    ("DATE '2023-06-30'", "'a''b'", '[1, NULL]', '0.01')
    """
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | Decimal):
        return str(value)
    if isinstance(value, date):
        return f"DATE '{value.isoformat()}'"
    if isinstance(value, list | tuple):
        return f"[{', '.join(literal(each) for each in value)}]"
    text = str(value).replace("'", "''")
    return f"'{text}'"


@cache
def _macros(calendar: WorkCalendar) -> str:
    """The macros with the calendar of working days."""
    text = (files(__package__) / "macros.sql").read_text(encoding="utf-8")
    return Template(text).substitute(before=calendar.before.isoformat(), signs=calendar.signs)


def _alike(con: duckdb.DuckDBPyConnection, snapshots: Sequence[Path]) -> list[tuple[frozenset[str], list[Path]]]:
    """Snapshots grouped by the columns they have, which a reader then need not compare again for every question."""
    rows = con.execute(
        # names within lists ("element") are no columns of ours and do no harm
        f"SELECT file_name, list(name) FROM parquet_schema([{', '.join(map(_quoted, snapshots))}]) GROUP BY file_name"
    ).fetchall()
    columns = {str(file): frozenset(names) for file, names in rows}
    found: dict[frozenset[str], list[Path]] = {}
    for path in snapshots:
        found.setdefault(columns[path.as_posix()], []).append(path)
    return [(names, _typical_first(paths)) for names, paths in found.items()]


def _is_whole(path: Path) -> bool:
    """Whether a file ends as Parquet does: told by eight bytes where a look into each takes half a millisecond."""
    try:
        with path.open("rb") as file:
            file.seek(-8, os.SEEK_END)
            tail = file.read()
    except OSError:
        return False
    return tail.endswith(b"PAR1") and int.from_bytes(tail[:4], "little") < path.stat().st_size


def _typical_first(paths: list[Path]) -> list[Path]:
    """The file nearest to the average before the others: DuckDB takes all of them to be as long as the first.

    By that it chooses from which side to join: it held 600,000 payments for 30,000 where a village's sheet stood first.
    """
    sizes = {path: path.stat().st_size for path in paths}
    average = sum(sizes.values()) / len(sizes)
    typical = min(paths, key=lambda path: abs(sizes[path] - average))
    return [typical, *(path for path in paths if path != typical)]


def _selected(types: Mapping[str, str], alike: Sequence[tuple[frozenset[str], list[Path]]]) -> str:
    """The query of these columns over snapshots grouped by what they hold."""
    return " UNION ALL ".join(f"SELECT {_cast(types, present)} FROM {_source(paths)}" for present, paths in alike)


def _is_scattered(snapshots: Sequence[Path], reading: Reading) -> bool:
    """Whether opening the files at every question would take longer than laying them together once."""
    return reading.times * len(snapshots) * _OPENING > sum(path.stat().st_size for path in snapshots)


def _cast(types: Mapping[str, str], present: frozenset[str]) -> str:
    return ", ".join(f"CAST({name if name in present else 'NULL'} AS {kind}) AS {name}" for name, kind in types.items())


def _source(paths: Sequence[Path]) -> str:
    return f"read_parquet([{', '.join(map(_quoted, paths))}])"


def _used(item: View, values: Mapping[str, Any]) -> dict[str, Any] | None:
    """DuckDB refuses parameters a statement does not name."""
    return {name: values[name] for name in placeholders_of(item)} or None


def _quoted(path: Path) -> str:
    """A path as a literal; what DuckDB would take for a pattern is put in brackets."""
    text = re.sub(r"[\[*?]", r"[\g<0>]", path.as_posix())
    return "'" + text.replace("'", "''") + "'"


def _plain(path: Path) -> str:
    """A path within quotes, taken as it stands."""
    return path.as_posix().replace("'", "''")


def _target(path: Path, rows: int | None = None) -> str:
    """Where COPY writes; unlike one that is read, the path is taken as it stands. rows: of a row group."""
    groups = f", ROW_GROUP_SIZE {rows}" if rows else ""
    return f"'{_plain(path)}' (FORMAT parquet, COMPRESSION lz4_raw{groups})"


def over_time(item: View, seconds: float | None) -> RuleError:
    """A rule or view that took longer than it may."""
    return RuleError(f"{item.id} 运行超过{seconds:g}秒，已停止。", place=Place(item.path.name), code="rule.time")


def _failed(item: View, error: duckdb.Error) -> MingchaError:
    """The disk's fault, which ends the run, or the rule's own, which ends the rule.

    DuckDB's words name columns and types; only a failed cast could name a value, so its words are not repeated.
    """
    if isinstance(error, duckdb.OutOfMemoryException):
        if not item.own and ("max_temp_directory_size" in str(error) or "No space left" in str(error)):
            return _no_disk()
        return RuleError(f"{item.id} 超出内存上限，已停止。", place=Place(item.path.name), code="rule.memory")
    if isinstance(error, duckdb.PermissionException):
        cause = f"{item.id} 要读写规则以外的文件或设置，已拦下。"
        return RuleError(cause, place=Place(item.path.name), code="rule.sandbox")
    if isinstance(error, duckdb.IOException):
        return _no_disk()
    cause = str(error).split("\n", 1)[0] if not isinstance(error, duckdb.ConversionException) else "类型转换失败"
    return RuleError(f"{item.id} 运行不了：{cause}。", place=Place(item.path.name), code="rule.failed")


def _no_disk() -> MingchaError:
    return MingchaError("比对时磁盘读写失败。", remedy="请检查磁盘空间后重试。", code="engine.disk")
