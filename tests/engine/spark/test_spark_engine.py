"""What Spark does beside the golden cases: words mean the same, a county gives equal findings, faults are named."""

from __future__ import annotations

import random
import sys
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pytest
from tests.rules.golden import GOLDEN, items
from tests.spark_session import needs_spark, session

from mingcha import api
from mingcha.datasets import columns_of, load_catalogue
from mingcha.engines import Bounds, DuckDBEngine, Engine, SparkEngine
from mingcha.engines import spark as spark_module
from mingcha.errors import RuleError, UsageError
from mingcha.parameters import load_parameters
from mingcha.rules import View

DAY = date(2026, 6, 30)
WORDS = {"as_of": DAY, "as_of_month": "2026-06"}
GIVEN = {
    "row_id": "BIGINT",
    "grp": "VARCHAR",
    "word": "VARCHAR",
    "other": "VARCHAR",
    "born": "DATE",
    "day": "DATE",
    "month": "VARCHAR",
    "amount": "DECIMAL(14,2)",
    "pieces": "INTEGER",
    "is_on": "BOOLEAN",
    "codes": "VARCHAR[]",
}
#: SQL of rules in which the two engines, left alone, would differ.
QUESTIONS = {
    "lists": """
        SELECT grp, ARRAY_AGG(word) AS all_words, LIST_SORT(ARRAY_AGG(DISTINCT month)) AS months,
            ARRAY_AGG(row_id) FILTER (WHERE is_on) AS chosen
        FROM given GROUP BY grp""",
    "extremes": """
        SELECT grp, MIN_BY(word, row_id) AS first_word, MAX_BY(amount, row_id) AS last_amount, BOOL_OR(is_on) AS any_on,
            COUNT(DISTINCT word) AS words, SUM(amount) AS total, ROUND(AVG(amount), 6) AS mean, SUM(pieces) AS pieces
        FROM given GROUP BY grp""",
    "texts": """
        SELECT row_id, CONCAT(word, '-', pieces, '-', day) AS joined, word || other AS both_words,
            CONCAT_WS('、', word, other) AS listed, word LIKE '%三' AS is_third,
            REGEXP_MATCHES(word, '^[张王].$') AS is_name,
            STARTS_WITH(word, other) AS starts, CAST(amount AS VARCHAR) AS written, REPLACE(word, '张', '') AS without
        FROM given""",
    "numbers": """
        SELECT row_id, amount / pieces AS each, ROUND(amount / NULLIF(pieces, 0), 2) AS cents,
            LEAST(amount, pieces) AS least, GREATEST(word, other) AS greatest, CAST(amount AS INTEGER) AS whole,
            CAST(FLOOR(row_id / 64) AS BIGINT) AS row
        FROM given""",
    "days": """
        SELECT row_id, AGE_ON(born, day) AS age, MONTHS_OF_AGE(born, day) AS months, ADD_MONTHS(day, 3) AS later,
            MONTH_OF(day) AS month_of, MONTH_END(month) AS month_end, ADD_TO_MONTH(month, -5) AS earlier,
            DAYS_BETWEEN(born, day) AS days, WORKDAYS_BETWEEN(born, day) AS workdays,
            WORKDAYS_BETWEEN(day, born + 29300) AS ahead, WORKDAYS_BETWEEN(day, DATE '2027-03-01') AS beyond,
            day + 7 AS next_week, NAMES_AGREE(word, other) AS agree
        FROM given""",
    "order": """
        SELECT row_id, ROW_NUMBER() OVER (PARTITION BY grp ORDER BY amount, word DESC, row_id) AS place FROM given""",
    "codes": """
        SELECT row_id, LIST_CONTAINS(codes, word) AS has_word, ARRAY_LENGTH(codes) AS size,
            ARRAY_TO_STRING(codes, '/') AS text
        FROM given""",
    "nothing": "SELECT COUNT(*) AS rows, SUM(amount) AS total, ARRAY_AGG(word) AS words FROM given WHERE row_id < 0",
}


@pytest.fixture
def spark(tmp_path: Path) -> Engine:
    return SparkEngine(session().newSession(), tmp_path)


def view(name: str, sql: str, reads: tuple[str, ...] = ("given",), columns: tuple[str, ...] = ()) -> View:
    path = Path(f"{name}.sql")
    return View(id=name, path=path, title="", version=1, reads=reads, params={}, columns=columns, text=sql, sql=sql)


def some(draw: random.Random, name: str, kind: str, row: int) -> Any:
    """A value that others are likely to have as well, or none."""
    if name == "row_id":
        return row + 1
    if name in {"id_is_valid", "head_is_valid"}:
        return draw.random() < 0.9
    if draw.random() < 0.15:
        return None
    if kind.endswith("[]"):
        held = [some(draw, name, kind.removesuffix("[]"), row) for _ in range(draw.randrange(4))]
        return [value for value in held if value is not None] or None
    if kind == "VARCHAR":
        is_month = "month" in name or name == "period"
        return draw.choice(["2026-04", "2026-05"] if is_month else ["张三", "王三", "张", "DB", "TK", "a\\b", ""])
    if kind == "DATE":
        return DAY - timedelta(days=draw.choice([0, 1, 29, 30, 31, 122, 365, 366, 6574, 21915, 29220]))
    if kind == "BOOLEAN":
        return draw.random() < 0.7
    if kind.startswith("DECIMAL"):
        return Decimal(draw.choice(["0.01", "0.00", "100.50", "33.33", "-2.50", "1001.45"]))
    return draw.choice([0, 1, 2, 3, 7])


def rows_of(draw: random.Random, types: Mapping[str, str], count: int) -> pa.Table:
    columns = {name: [some(draw, name, kind, row) for row in range(count)] for name, kind in types.items()}
    return pa.table({name: values for name, values in columns.items() if any(value is not None for value in values)})


def comparable(table: pa.Table) -> list[str]:
    """Rows in any order, lists within them too; all else as it stands, types included."""
    return sorted(
        repr([sorted(cell, key=repr) if isinstance(cell, list) else cell for cell in row.values()])
        for row in table.to_pylist()
    )


@needs_spark
@pytest.mark.parametrize("question", QUESTIONS)
def test_the_same_words_mean_the_same(question: str, spark: Engine) -> None:
    rows = rows_of(random.Random(question), GIVEN, 200)
    asked = view(question, QUESTIONS[question])
    answers = []
    for engine in (DuckDBEngine(duckdb.connect()), spark):
        engine.add_rows("given", GIVEN, rows)
        answers.append(engine.run(asked, WORDS))
    assert answers[0].schema.types == answers[1].schema.types
    assert comparable(answers[0]) == comparable(answers[1])


@needs_spark
def test_years_told_are_counted_alike(tmp_path: Path) -> None:
    told = load_parameters(DAY, {"workdays": {2027: {"off": ["2027-02-08"], "on": ["2027-02-06"]}}}).work_calendar
    rows = pa.table({"row_id": [1, 2], "day": [date(2027, 2, 5), date(2027, 2, 7)]})
    asked = view("told", "SELECT row_id, WORKDAYS_BETWEEN(day, DATE '2027-02-09') AS days FROM given ORDER BY row_id")
    spark = SparkEngine(session().newSession(), tmp_path, calendar=told)
    for engine in (DuckDBEngine(duckdb.connect(), calendar=told), spark):
        engine.add_rows("given", GIVEN, rows)
        assert engine.run(asked, WORDS)["days"].to_pylist() == [2, 1]


@needs_spark
@pytest.mark.parametrize("rule_id", ["R07", "R12", "R19", "R39", "due_month", "dibao_member_of"])
def test_rules_agree_on_rows_nobody_thought_of(rule_id: str, spark: Engine) -> None:
    item = next(item for item in items() if item.id == rule_id)
    plain = DuckDBEngine(duckdb.connect())
    types = {name: GOLDEN.types_of(name) for name in item.reads}
    values: dict[str, Any] = {local: ["*-2"] if "grades" in local else 3 for local in item.params} | WORDS
    for seed in range(2):
        draw = random.Random(f"{rule_id}{seed}")
        for name, columns in types.items():
            rows = rows_of(draw, columns, 60)
            for engine in (plain, spark):
                engine.add_rows(name, columns, rows)
        assert comparable(plain.run(item, values)) == comparable(spark.run(item, values))


@needs_spark
def test_a_village_gives_equal_findings(tmp_path: Path) -> None:
    session()  # the run takes the session that is there
    api.simulate(tmp_path / "village", scale="village", as_of=DAY)
    for engine in ("duckdb", "spark"):
        api.compare(
            tmp_path / "village", as_of=DAY, engine=engine, out=tmp_path / engine, workspace=tmp_path / "workspace"
        )
    found = [(tmp_path / engine / "findings.csv").read_bytes() for engine in ("duckdb", "spark")]
    assert found[0].count(b"\n") > 20
    assert found[0] == found[1]
    assert list((tmp_path / "workspace" / "staging").iterdir()) == []


@needs_spark
def test_a_rule_that_fails_leaves_the_others(spark: Engine) -> None:
    spark.add_rows("given", GIVEN, pa.table({"row_id": [1], "word": ["411426196001010031"], "grp": ["张三"]}))
    with pytest.raises(RuleError, match="R98 运行不了：类型转换失败") as caught:
        spark.run(view("R98", "SELECT row_id, CAST(grp AS DATE) AS day FROM given"), WORDS)
    assert "张三" not in str(caught.value)
    assert len(spark.run(view("R99", "SELECT row_id FROM given"), WORDS)) == 1


@needs_spark
def test_a_rule_that_takes_too_long_is_stopped(tmp_path: Path) -> None:
    spark = SparkEngine(session().newSession(), tmp_path, Bounds(seconds=2))
    spark.add_rows("given", {"row_id": "BIGINT"}, pa.table({"row_id": range(3000)}))
    endless = """
        SELECT COUNT(*) AS rows FROM given AS a CROSS JOIN given AS b CROSS JOIN given AS c
        WHERE a.row_id * b.row_id * c.row_id = 7"""
    with pytest.raises(RuleError, match="R98 运行超过2秒"):
        spark.run(view("R98", endless), WORDS)


@needs_spark
def test_what_is_defined_reads_what_is_there_when_it_is_asked(spark: Engine) -> None:
    types = {"row_id": "BIGINT"}
    spark.add_rows("given", types, pa.table({}))
    spark.define(view("within", "SELECT row_id FROM given", columns=("row_id",)), WORDS)
    spark.add_rows("given", types, pa.table({"row_id": [7]}))
    assert spark.run(view("R99", "SELECT row_id FROM within", ("within",)), WORDS).to_pylist() == [{"row_id": 7}]


@needs_spark
def test_snapshots_of_all_ages_are_read(tmp_path: Path, spark: Engine) -> None:
    dataset = load_catalogue().datasets["funeral"]
    types = {column.name: column.type for column in columns_of(dataset)}
    folder = tmp_path / "县[1] {a}"
    folder.mkdir()
    con = duckdb.connect()
    con.execute("CREATE TABLE old AS SELECT 1::BIGINT AS row_id, '张三' AS name")
    con.execute("CREATE TABLE new AS SELECT '李四' AS name, 2::BIGINT AS row_id, DATE '2026-01-02' AS death_date")
    for name in ("old", "new"):
        con.table(name).write_parquet(str(folder / f"{name}.parquet"))
    spark.add_dataset(dataset, [folder / "old.parquet", folder / "new.parquet"])
    assert spark.column_types("funeral") == types
    asked = view("R99", "SELECT row_id, name, death_date FROM funeral", ("funeral",))
    assert comparable(spark.run(asked, WORDS)) == [
        "[1, '张三', None]",
        "[2, '李四', datetime.date(2026, 1, 2)]",
    ]


@needs_spark
def test_a_damaged_snapshot_is_named(tmp_path: Path, spark: Engine) -> None:
    (tmp_path / "x.parquet").write_bytes(b"no parquet")
    with pytest.raises(RuleError, match="快照读不出来"):
        spark.add_dataset(load_catalogue().datasets["funeral"], [tmp_path / "x.parquet"])


def test_without_pyspark_the_cure_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyspark", None)
    with pytest.raises(UsageError, match=r"没有安装 pyspark.*python3 run\.py spark"):
        api.compare(tmp_path, engine="spark")


@pytest.mark.parametrize(("version", "words"), [(0, "没有 Java"), (11, "Java 是 11 版")])
def test_without_a_fitting_java_the_cure_is_named(version: int, words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyspark", pytest)
    monkeypatch.setattr(spark_module, "java_version", lambda: version)
    with pytest.raises(UsageError, match=rf"{words}.*Java 17"):
        spark_module.check_spark()


def test_a_master_without_spark_is_a_slip(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="只能和 --engine spark"):
        api.compare(tmp_path, spark_master="local[1]")
