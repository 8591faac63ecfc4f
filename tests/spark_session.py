"""One Spark for all tests of a process, set up for many small queries; why there is none, where there is none."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from mingcha.engines.spark import as_duckdb, check_spark, spark_type, start_session
from mingcha.engines.spark_sql import calendar_values, turned, with_types
from mingcha.errors import UsageError
from mingcha.values.workdays import work_calendar
from tests.rules.together import Lifted, Together

#: A few rows a table: what costs is planning, compiling and starting tasks.
_SETTINGS = {
    "spark.driver.memory": "1500m",
    "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
    "spark.default.parallelism": "1",
    "spark.sql.shuffle.partitions": "1",
    "spark.sql.adaptive.enabled": "false",
    "spark.sql.autoBroadcastJoinThreshold": "-1",
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
}


def missing() -> str:
    """Why Spark cannot run here; '' where it can."""
    try:
        check_spark()
    except UsageError as error:
        return error.cause
    return ""


needs_spark = pytest.mark.skipif(bool(missing()), reason=missing())


@cache
def session() -> Any:
    """The process's session."""
    folder = Path(tempfile.mkdtemp(prefix="mingcha-spark-"))
    made = start_session("local[1]", folder, _SETTINGS)
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    atexit.register(made.stop)
    return made


def show(name: str, types: dict[str, str], rows: pa.Table) -> None:
    """Makes a table of the session."""
    if len(rows):
        # Spark takes the first chunk of an Arrow table for the whole of it
        frame = session().createDataFrame(rows.combine_chunks())
    else:
        columns = ", ".join(f"CAST(NULL AS {spark_type(kind)}) AS `{column}`" for column, kind in types.items())
        frame = session().sql(f"SELECT {columns} WHERE FALSE")
    # in one part, rows need not be sent about to meet
    frame.coalesce(1).createOrReplaceTempView(name)


def on_spark(together: Together) -> pa.Table:
    """The rows of the cases of a rule, asked together."""
    for name, (types, rows) in together.tables.items():
        show(name, types, rows)
    for view in together.views:
        rows = _asked(view, together).toArrow()
        show(view.name, dict(view.columns), rows)
    return as_duckdb(_asked(together.asked, together).toArrow(), together.schema)


def _asked(item: Lifted, together: Together) -> Any:
    """The frame of a rule or view. Its parts are worked out and laid down in between, as the engine does."""
    shapes = {name: list(types.items()) for name, types in together.types().items()}
    *parts, whole = turned(item.query, shapes)
    names: dict[str, str] = {}
    given = calendar_values(work_calendar())
    for part in parts:
        names[part.name] = f"{item.name}__{part.name}"
        frame = session().sql(part.sql(given, names))
        types = {name: "VARCHAR" if kind == "void" else kind for name, kind in frame.dtypes}
        rows = frame.selectExpr(*(f"CAST(`{name}` AS {spark_type(kind)}) AS `{name}`" for name, kind in types.items()))
        show(names[part.name], types, rows.toArrow())
    return session().sql(with_types(whole.sql(given, names), item.columns))
