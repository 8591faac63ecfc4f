"""The engine for more than one machine: Spark runs the transpiled rules on the same Parquet snapshots.

pyspark is an optional extra (``requirements/spark.txt``) and is imported here alone, when a session is wanted.
An empty DuckDB stands beside the session: it tells each column's type, so that both engines give the same columns, and
it finds what is wrong with a rule's SQL before Spark does.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from mingcha.datasets import Dataset, columns_of
from mingcha.engines.base import Bounds, Reading
from mingcha.engines.duckdb import DuckDBEngine, Watch, over_time
from mingcha.engines.spark_sql import calendar_values, spark_steps, spark_type, with_types
from mingcha.errors import MingchaError, Place, RuleError, UsageError
from mingcha.rules import View
from mingcha.values.workdays import WorkCalendar, work_calendar

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

#: The oldest Java this Spark runs on.
JAVA: Final = 17
LOCAL_MASTER: Final = "local[*]"

#: What the meaning of rules rests on, whatever cluster they run on.
_MEANING: Final = {
    "spark.sql.ansi.enabled": "true",
    "spark.sql.session.timeZone": "Asia/Shanghai",
    "spark.sql.timestampType": "TIMESTAMP_NTZ",
    "spark.sql.caseSensitive": "false",
    "spark.sql.parser.escapedStringLiterals": "false",
    "spark.sql.decimalOperations.allowPrecisionLoss": "true",
    "spark.sql.legacy.sizeOfNull": "false",
    # what a long rule can be known to imply is worked out for longer than the rule takes
    "spark.sql.constraintPropagation.enabled": "false",
    # it makes plans of some views (dibao_unit) that Spark itself then finds to be none
    "spark.sql.optimizer.excludedRules": "org.apache.spark.sql.catalyst.optimizer.RemoveRedundantAliases",
}
#: What suits the work: results come to this process in any size, nothing is shown, nothing is left behind.
_WORKING: Final = {
    "spark.sql.catalogImplementation": "in-memory",
    "spark.sql.execution.arrow.pyspark.enabled": "true",
    "spark.driver.maxResultSize": "0",
    "spark.sql.parquet.mergeSchema": "false",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.log.level": "OFF",
}
#: On one machine Spark is kept from spreading small tables over two hundred tasks.
_LOCAL: Final = {
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.sql.files.openCostInBytes": "131072",
}
_NO_MEMORY: Final = "UNABLE_TO_ACQUIRE_MEMORY"
#: What Spark calls an error → what it is called here. Spark's own words may hold values of rows: they are not repeated.
_CAUSES: Final = {
    "CAST_INVALID_INPUT": "类型转换失败",
    "CAST_OVERFLOW": "数值超出范围",
    "NUMERIC_VALUE_OUT_OF_RANGE": "数值超出范围",
    "ARITHMETIC_OVERFLOW": "数值超出范围",
    "DIVIDE_BY_ZERO": "除数为零",
}


class SparkEngine:
    """Rules on a Spark session.

    session  whose temporary views hold the run's tables
    scratch  folder for the views' rows, seen by all nodes; whoever made it removes it
    calendar  by which working days are counted; None = as packaged
    """

    name = "spark"
    workers = 1  # a query is spread over the cluster by Spark itself

    def __init__(
        self,
        session: SparkSession,
        scratch: Path,
        bounds: Bounds | None = None,
        calendar: WorkCalendar | None = None,
    ) -> None:
        self._session = session
        self._scratch = scratch
        self._bounds = bounds or Bounds()
        self._con = duckdb.connect(config={"threads": 1})
        self._shapes = DuckDBEngine(self._con)
        self._calendar = calendar or work_calendar()
        self._made = 0
        self._defined: dict[str, tuple[View, Mapping[str, Any]]] = {}

    def interrupt(self) -> None:
        """See Engine."""
        self._session.interruptAll()

    def add_dataset(self, dataset: Dataset, snapshots: Sequence[Path], reading: Reading | None = None) -> None:
        """See Engine. Parquet is read where it lies."""
        self._shapes.add_dataset(dataset, [])
        types = {column.name: column.type for column in columns_of(dataset)}
        if not snapshots:
            self._show(dataset.id, self._empty(types))
            return
        try:
            groups = _by_layout(snapshots, types)
        except (OSError, pa.ArrowException) as error:
            raise RuleError(
                f"“{dataset.title}”的快照读不出来。", remedy="请重新读入这一数据。", code="engine.snapshot"
            ) from error
        frame: DataFrame | None = None
        for layout, paths in groups.items():
            part = self._read(paths, dict(layout), types)
            frame = part if frame is None else frame.unionByName(part)
        if frame is not None:
            self._show(dataset.id, frame)

    def _read(self, paths: Sequence[str], layout: Mapping[str, str], types: Mapping[str, str]) -> DataFrame:
        frame = self._session.read.schema(_struct(layout)).option("__globPaths__", "false").parquet(*paths)
        return frame.selectExpr(
            *(
                f"CAST({f'`{name}`' if name in layout else 'NULL'} AS {spark_type(kind)}) AS `{name}`"
                for name, kind in types.items()
            )
        )

    def add_rows(self, name: str, columns: Mapping[str, str], rows: pa.Table) -> None:
        """See Engine."""
        # DuckDB reads the rows as it would for itself, and keeps none
        self._shapes.add_rows(name, columns, rows)
        table = self._con.sql(f"SELECT * FROM {name}").to_arrow_table()
        self._con.execute(f"DELETE FROM {name}")
        # Spark takes the first chunk of an Arrow table for the whole of it
        frame = self._session.createDataFrame(table.combine_chunks()) if len(table) else self._empty(columns)
        self._show(name, frame)
        self._renew(name)

    def define(self, view: View, values: Mapping[str, Any]) -> None:
        """See Engine."""
        self._shapes.materialise(view, values)
        self._defined.pop(view.id, None)
        self._defined[view.id] = (view, values)
        self._show_defined(view, values)

    def _show_defined(self, view: View, values: Mapping[str, Any]) -> None:
        with self._guarded(view):
            self._show(view.id, self._frame(view, values))

    def _renew(self, name: str) -> None:
        """Defines anew what rests on a table: Spark's views go on reading what they read when they were defined."""
        changed = {name}
        for view, values in list(self._defined.values()):
            if set(view.reads) & changed:
                self._show_defined(view, values)
                changed.add(view.id)

    def materialise(
        self, view: View, values: Mapping[str, Any], place: Path | None = None, size: int | None = None
    ) -> None:
        """See Engine. The rows are written down: what is built on them need not know how they came about.

        place is left empty: Spark writes a folder of many files, which lasts as long as the run.
        """
        self._shapes.materialise(view, values)
        with self._guarded(view):
            self._show(view.id, self._written(view.id, self._frame(view, values)))

    def _written(self, name: str, frame: DataFrame) -> DataFrame:
        self._made += 1
        folder = (self._scratch / f"{self._made:05d}-{name}").as_posix()
        frame.write.parquet(folder)
        return self._session.read.schema(frame.schema).parquet(folder)

    def _frame(self, item: View, values: Mapping[str, Any]) -> DataFrame:
        """A rule or view whose parts that are named more than once are written down."""
        *parts, whole = spark_steps(item, {name: self.column_types(name) for name in item.reads})
        given = {**calendar_values(self._calendar), **values}
        names: dict[str, str] = {}
        for part in parts:
            names[part.name] = f"{item.id}__{part.name}"
            frame = self._session.sql(part.sql(given, names))
            self._show(names[part.name], self._written(names[part.name], _without_voids(frame)))
        return self._session.sql(with_types(whole.sql(given, names), self.own_types(item, values)))

    def keep(self) -> None:
        """See Engine. What was written lasts as long as the run."""

    def recall(self, view: View, place: Path) -> None:
        """See Engine. Nothing is kept, so there is nothing to be read."""
        raise RuleError(f"{view.id} 没有保存下来的结果。", place=Place(view.path.name), code="rule.kept")

    def column_types(self, name: str) -> dict[str, str]:
        """See Engine."""
        return self._shapes.column_types(name)

    def is_empty(self, name: str) -> bool:
        """See Engine."""
        return bool(self._session.table(name).isEmpty())

    def run(self, item: View, values: Mapping[str, Any]) -> pa.Table:
        """See Engine."""
        schema = self._shapes.run(item, values).schema
        with self._guarded(item):
            return as_duckdb(self._frame(item, values).toArrow(), schema)

    def close(self) -> None:
        """See Engine. The session is whoever started it's to stop."""
        self._con.close()

    def own_types(self, item: View, values: Mapping[str, Any]) -> dict[str, str]:
        """Columns of a rule or view → DuckDB type."""
        relation = self._shapes.relation(item, values)
        return {name: str(kind) for name, kind in zip(relation.columns, relation.types, strict=True)}

    @contextmanager
    def _guarded(self, item: View) -> Iterator[None]:
        """Stops what takes too long; turns Spark's errors into ours."""
        with Watch(self._session.sparkContext.cancelAllJobs, self._bounds.seconds) as watch:
            try:
                with _named(item):
                    yield
            except RuleError as error:
                if watch.has_struck:
                    raise over_time(item, watch.seconds) from error
                raise

    def _empty(self, types: Mapping[str, str]) -> DataFrame:
        columns = ", ".join(f"CAST(NULL AS {spark_type(kind)}) AS `{name}`" for name, kind in types.items())
        return self._session.sql(f"SELECT {columns} WHERE FALSE")

    def _show(self, name: str, frame: DataFrame) -> None:
        frame.createOrReplaceTempView(name)


def _without_voids(frame: DataFrame) -> DataFrame:
    """Columns that are nothing but NULL, which Parquet has not, as texts."""
    voids = [column for column, kind in frame.dtypes if kind == "void"]
    return frame.withColumns({column: frame[column].cast("string") for column in voids}) if voids else frame


def as_duckdb(table: pa.Table, schema: pa.Schema) -> pa.Table:
    """Spark's rows in the types DuckDB would have given them."""
    return pa.table([table[field.name].cast(field.type) for field in schema], schema=schema)


def _struct(types: Mapping[str, str]) -> str:
    return ", ".join(f"`{name}` {spark_type(kind)}" for name, kind in types.items())


def _by_layout(snapshots: Sequence[Path], types: Mapping[str, str]) -> dict[tuple[tuple[str, str], ...], list[str]]:
    """Snapshots by the columns they have and what these are stored as; nearly always there is one group."""
    groups: dict[tuple[tuple[str, str], ...], list[str]] = {}
    for path in snapshots:
        stored = pq.read_schema(path)
        layout = tuple((field.name, _stored_type(field.type)) for field in stored if field.name in types)
        groups.setdefault(layout, []).append(path.as_posix())
    return groups


def _stored_type(kind: pa.DataType) -> str:
    if pa.types.is_list(kind) or pa.types.is_large_list(kind):
        return f"{_stored_type(kind.value_type)}[]"
    if pa.types.is_decimal(kind):
        return f"DECIMAL({kind.precision},{kind.scale})"
    plain = {
        pa.types.is_boolean: "BOOLEAN",
        pa.types.is_int64: "BIGINT",
        pa.types.is_integer: "INTEGER",
        pa.types.is_floating: "DOUBLE",
        pa.types.is_date: "DATE",
        pa.types.is_timestamp: "TIMESTAMP",
    }
    return next((name for is_kind, name in plain.items() if is_kind(kind)), "VARCHAR")


@contextmanager
def _named(item: View) -> Iterator[None]:
    """Errors of Spark become the rule's own, or the machine's where no other rule would fare better."""
    from py4j.protocol import Py4JError, Py4JJavaError  # noqa: PLC0415
    from pyspark.errors import PySparkException  # noqa: PLC0415

    try:
        yield
    except PySparkException as error:
        raise _failed(item, (error.getCondition() or "").partition(".")[0]) from None
    except Py4JJavaError as error:
        # thrown by a task: what Java says of it may hold values of rows
        is_memory = "OutOfMemoryError" in str(error.java_exception)
        raise _failed(item, _NO_MEMORY if is_memory else "") from None
    except (Py4JError, ConnectionError) as error:
        remedy = "多半是内存不够：请加大 SPARK_DRIVER_MEMORY，或分乡镇比对。"
        raise MingchaError("Spark 中途停止了。", remedy=remedy, code="engine.memory") from error


def _failed(item: View, condition: str) -> RuleError:
    place = Place(item.path.name)
    if condition == _NO_MEMORY:
        return RuleError(f"{item.id} 超出内存上限，已停止。", place=place, code="rule.memory")
    cause = _CAUSES.get(condition) or (f"Spark 报告 {condition}" if condition else "Spark 执行出错")
    return RuleError(f"{item.id} 运行不了：{cause}。", place=place, code="rule.failed")


@contextmanager
def spark_engine(
    master: str | None, scratch: Path, bounds: Bounds | None = None, calendar: WorkCalendar | None = None
) -> Iterator[SparkEngine]:
    """An engine for one run.

    master   as ``spark-submit`` takes it; None = this machine with all its cores
    bounds   memory bounds Spark on this machine; a cluster has its own measures
    scratch  folder for what the run writes down, seen by all nodes; made here, removed here
    calendar  by which working days are counted; None = as packaged
    Raises UsageError where pyspark or Java is missing, or the master cannot be reached.
    """
    check_spark()
    scratch.mkdir(parents=True)
    try:
        with _session(master or LOCAL_MASTER, scratch, bounds or Bounds()) as session:
            engine = SparkEngine(session, scratch, bounds, calendar)
            try:
                yield engine
            finally:
                engine.close()
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def check_spark() -> None:
    """Raises UsageError, with the cure, unless pyspark and a fitting Java are there."""
    instead = "或改用 --engine duckdb。"
    try:
        import pyspark  # noqa: F401, PLC0415
    except ImportError as error:
        raise UsageError(
            "没有安装 pyspark，不能用 Spark 计算引擎。", remedy=f"请先运行 python3 run.py spark，{instead}"
        ) from error
    found = java_version()
    if found < JAVA:
        what = f"这台机器的 Java 是 {found} 版" if found else "这台机器没有 Java"
        raise UsageError(
            f"{what}，Spark 要 Java {JAVA} 或更新的版本。",
            remedy=f"请安装 Java {JAVA}（如 openjdk-{JAVA}-jre-headless）并设置 JAVA_HOME，{instead}",
        )


def java_version() -> int:
    """The main version of the Java that Spark would start, 0 where there is none."""
    home = os.environ.get("JAVA_HOME")
    java = str(Path(home) / "bin" / "java") if home else shutil.which("java")
    if java is None:
        return 0
    try:
        said = subprocess.run([java, "-version"], capture_output=True, text=True, check=False, timeout=60).stderr
    except (OSError, subprocess.TimeoutExpired):
        return 0
    found = re.search(r'version "(?:1\.)?(\d+)', said)
    return int(found[1]) if found else 0


@contextmanager
def _session(master: str, folder: Path, bounds: Bounds) -> Iterator[SparkSession]:
    """A session of its own on the process's one Spark, which is started and stopped here unless it runs already."""
    from pyspark.sql import SparkSession  # noqa: PLC0415

    running = SparkSession.getActiveSession()
    if running is not None:
        session = running.newSession()
        for name, value in _MEANING.items():
            session.conf.set(name, value)
        yield session
        return
    memory = {"spark.driver.memory": f"{bounds.memory >> 20}m"} if bounds.memory else {}
    session = start_session(master, folder, memory)
    try:
        yield session
    finally:
        session.stop()


def start_session(master: str, folder: Path, settings: Mapping[str, str] | None = None) -> SparkSession:
    """Starts Spark. folder: for what it writes on this machine. Raises UsageError where it does not start."""
    from pyspark.errors import PySparkException  # noqa: PLC0415
    from pyspark.sql import SparkSession  # noqa: PLC0415

    builder: SparkSession.Builder = SparkSession.builder.master(master).appName("mingcha")
    folders = {
        "spark.sql.warehouse.dir": (folder / "warehouse").as_posix(),
        "spark.local.dir": (folder / "local").as_posix(),
    }
    is_local = master.startswith("local")
    given = {**_MEANING, **_WORKING, **(_LOCAL | folders if is_local else {}), **(settings or {})}
    if is_local and "SPARK_DRIVER_MEMORY" not in os.environ:
        given.setdefault("spark.driver.memory", f"{_half_of_memory()}m")
    for name, value in given.items():
        builder = builder.config(name, value)
    try:
        with _quiet():
            return builder.getOrCreate()
    except (PySparkException, OSError, RuntimeError) as error:
        raise UsageError(
            "Spark 没有启动起来。", remedy="请检查 --spark-master 的地址和 Java 是否可用，或改用 --engine duckdb。"
        ) from error


def _half_of_memory() -> int:
    """Half of this machine's memory in MiB: DuckDB and Arrow need the rest."""
    try:
        whole = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // (1 << 20)
    except (AttributeError, ValueError, OSError):
        whole = 4096
    return max(whole // 2, 1024)


_QUIET_LOCK = threading.Lock()


@contextmanager
def _quiet() -> Iterator[None]:
    """A Java process started meanwhile writes its errors nowhere: they tell a user nothing, and may name rows."""
    with _QUIET_LOCK, Path(os.devnull).open("wb") as nowhere:
        stderr = os.dup(2)
        try:
            os.dup2(nowhere.fileno(), 2)
            yield
        finally:
            os.dup2(stderr, 2)
            os.close(stderr)


def main() -> int:
    """Says whether Spark can be used here, and the cure where it cannot; exit status 0 or 2."""
    try:
        check_spark()
    except UsageError as error:
        print(error, file=sys.stderr)
        return 2
    print("Spark 可以用了：mingcha compare DIR --engine spark")
    return 0
