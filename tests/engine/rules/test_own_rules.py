"""A county's own rules: looked over whole, named by line, and shut in when they run."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pyarrow as pa
import pytest
from tests.engine.rules.conftest import SQL, RuleWriter

from mingcha.datasets import load_catalogue
from mingcha.engines.base import Bounds
from mingcha.engines.duckdb import DuckDBEngine
from mingcha.errors import MingchaError, RuleError
from mingcha.rules import inspect, load_rulebook, read_own_rule
from mingcha.rules.model import Rule


def test_a_good_folder_has_nothing_wrong(write_rule: RuleWriter) -> None:
    looked = inspect([write_rule().parents[1]])
    assert (looked.rules, looked.errors, looked.warnings) == (("X01",), (), ())


def test_every_fault_is_named_with_its_line(write_rule: RuleWriter) -> None:
    sql = SQL.replace("WHERE ", "WHERE getenv('HOME') = 'x'\n    AND $nobody\n    AND ").replace(
        "FROM tekun_person AS roll", "FROM tekun_person AS roll, elsewhere.secrets AS other"
    )
    path = write_rule(sql, needs="[tekun_persons]", params="{months: PL-99}", file="X01_trial.sql")
    lines = path.read_text(encoding="utf-8").splitlines()
    said = {(error.place.row if error.place else None): error.cause for error in inspect([path.parents[1]]).errors}
    for row, words in {
        _row(lines, "elsewhere"): "elsewhere.secrets",
        _row(lines, "getenv"): "GETENV",
        _row(lines, "needs"): "tekun_persons",
        _row(lines, "PL-99"): "PL-99",
        _row(lines, "nobody"): "nobody",
    }.items():
        assert words in said[row]


def _row(lines: list[str], word: str) -> int:
    return next(number for number, line in enumerate(lines, 1) if word in line)


def test_a_file_that_cannot_be_read_does_not_hide_the_others(write_rule: RuleWriter) -> None:
    write_rule("SELECT FROM WHERE", file="X02_broken.sql", id="X02")
    looked = inspect([write_rule(severity="crimson").parents[1]])
    assert sorted(error.place.file for error in looked.errors if error.place) == ["X01_trial.sql", "X02_broken.sql"]
    assert all(error.place is not None and error.place.row for error in looked.errors)


def test_ids_of_the_catalogue_are_kept_for_it(write_rule: RuleWriter) -> None:
    path = write_rule(id="R81", file="R81_trial.sql")
    with pytest.raises(RuleError, match="X 开头"):
        load_rulebook([path.parents[1]])
    assert [error.remedy for error in inspect([path]).errors] == ["R 开头的编号留给规则目录，请改为 X01、X02……"]


def test_a_policy_number_is_warned_of_with_the_files_line(write_rule: RuleWriter) -> None:
    path = write_rule(SQL.replace("WHERE ", "WHERE roll.age > 60 AND "))
    row = _row(path.read_text(encoding="utf-8").splitlines(), "roll.age > 60")
    (warning,) = inspect([path]).warnings
    assert f"第{row}行的数字 60" in warning


@pytest.mark.parametrize(
    ("sql", "says"),
    [
        ("COPY (SELECT 1) TO 'x.csv'", "一条 SELECT"),
        ("ATTACH 'x.db'", "一条 SELECT"),
        ("INSTALL httpfs", "一条 SELECT"),
        ("SET memory_limit = '1TB'", "一条 SELECT"),
        ("PRAGMA database_list", "一条 SELECT"),
        (SQL.replace("FROM tekun_person AS roll", "FROM read_csv('/etc/passwd') AS roll"), "reads 未列"),
        (SQL.replace("FROM tekun_person AS roll", "FROM 'x.parquet' AS roll"), "reads 未列"),
        (SQL.replace("FROM tekun_person AS roll", "FROM glob('*') AS roll"), "reads 未列"),
        (SQL.replace("FROM tekun_person AS roll", "FROM main.tekun_person AS roll"), "reads 未列"),
        (SQL.replace("FROM tekun_person AS roll", "FROM duckdb_settings() AS roll"), "reads 未列"),
        (SQL.replace("roll.assess_date AS fact_day", "getenv('HOME') AS fact_day"), "GETENV"),
        (SQL.replace("roll.assess_date AS fact_day", "('HOME').getenv() AS fact_day"), "GETENV"),
        (SQL.replace("roll.assess_date AS fact_day", "current_setting('threads') AS fact_day"), "CURRENT_SETTING"),
        (
            "WITH RECURSIVE n AS (SELECT r.person_key FROM tekun_person AS r UNION ALL SELECT n.person_key FROM n) "
            "SELECT n.person_key, n.person_key AS ev_roll, $months AS fact_day FROM n",
            "RECURSIVE",
        ),
        # a name of a CTE that is not in sight there is a table of the engine's own
        (
            "SELECT t.person_key, t.row_id AS ev_roll, $months AS fact_day FROM tekun_person AS t, sqlite_master AS m "
            "WHERE EXISTS (WITH sqlite_master AS (SELECT 1 AS x) SELECT s.x FROM sqlite_master AS s)",
            "sqlite_master",
        ),
        (
            "WITH sqlite_master AS (SELECT m.name FROM sqlite_master AS m) SELECT t.person_key, t.row_id AS ev_roll, "
            "$months AS fact_day FROM tekun_person AS t, sqlite_master AS m",
            "sqlite_master",
        ),
        (SQL + " USING SAMPLE 10", "抽样"),
    ],
)
def test_a_hostile_rule_is_refused(write_rule: RuleWriter, sql: str, says: str) -> None:
    path = write_rule(sql)
    with pytest.raises(RuleError, match=says):
        load_rulebook([path])
    assert any(says in str(error) for error in inspect([path]).errors)


@pytest.fixture
def shut_in(tmp_path: Path) -> DuckDBEngine:
    """An engine that may reach one folder."""
    con = duckdb.connect()
    (tmp_path / "lake").mkdir()
    (tmp_path / "beside").mkdir()
    for name in ("lake", "beside"):
        con.execute(f"COPY (SELECT 1 AS x) TO '{(tmp_path / name / 'x.parquet').as_posix()}'")
    engine = DuckDBEngine(con, Bounds(seconds=0.5))
    engine.confine([tmp_path / "lake"], has_own=True)
    return engine


def _unchecked(write_rule: RuleWriter, sql: str) -> Rule:
    """A rule whose SQL nobody looked over: what the engine itself must withstand."""
    return read_own_rule(write_rule(sql, params="{}"))


@pytest.mark.parametrize(
    "source",
    [
        "read_parquet('{beside}/x.parquet')",
        "read_csv('/etc/hosts')",
        "read_text('{beside}/x.parquet')",
        "glob('{beside}/*')",
    ],
)
def test_what_a_lint_overlooks_finds_no_file(
    write_rule: RuleWriter, shut_in: DuckDBEngine, tmp_path: Path, source: str
) -> None:
    place = source.format(beside=(tmp_path / "beside").as_posix())
    rule = _unchecked(write_rule, f"SELECT 1 AS person_key, 1 AS ev_roll, 1 AS fact_day FROM {place} AS t")
    with pytest.raises(MingchaError, match="拦下"):
        shut_in.run(rule, {})


def test_the_shut_in_engine_reads_its_lake(write_rule: RuleWriter, shut_in: DuckDBEngine, tmp_path: Path) -> None:
    place = (tmp_path / "lake" / "x.parquet").as_posix()
    sql = f"SELECT t.x AS person_key, 1 AS ev_roll, 1 AS fact_day FROM read_parquet('{place}') AS t"
    assert shut_in.run(_unchecked(write_rule, sql), {}).num_rows == 1


def test_nothing_opens_the_engine_again(shut_in: DuckDBEngine) -> None:
    for statement in ("SET enable_external_access = true", "SET lock_configuration = false", "RESET memory_limit"):
        with pytest.raises(duckdb.Error, match=r"lock|cannot|Cannot"):
            shut_in._root.execute(statement)


def test_a_cross_join_of_everything_is_stopped(write_rule: RuleWriter, shut_in: DuckDBEngine) -> None:
    types = {"person_key": "BIGINT", "row_id": "BIGINT"}
    shut_in.add_rows("tekun_person", types, pa.table({"person_key": range(30_000), "row_id": range(30_000)}))
    rule = _unchecked(
        write_rule,
        "SELECT MIN(a.person_key + b.person_key * c.person_key) AS person_key, 1 AS ev_roll, 1 AS fact_day "
        "FROM tekun_person AS a, tekun_person AS b, tekun_person AS c",
    )
    with pytest.raises(RuleError, match="已停止"):
        shut_in.run(rule, {})
    # the engine goes on
    assert not shut_in.is_empty("tekun_person")


def test_own_rules_have_a_bound_of_time_even_where_nobody_set_one(write_rule: RuleWriter) -> None:
    assert load_rulebook([write_rule()]).rules["X01"].own
    assert not load_rulebook().rules["R01"].own
    assert "tekun_person" in load_catalogue().datasets
