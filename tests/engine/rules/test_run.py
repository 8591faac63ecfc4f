"""A run of rules: skipped with a reason, run, read back from the cache."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.engine.rules.conftest import SQL, RuleWriter

from mingcha.datasets import columns_digest, columns_of, load_catalogue
from mingcha.engines import Bounds, DuckDBEngine, ResultCache, RuleRun, Tables, run_on, run_rules
from mingcha.errors import MingchaError, UsageError
from mingcha.parameters import load_parameters
from mingcha.rules import Rulebook, View, read_rule, read_view
from mingcha.snapshots import SnapshotRef

DAY = date(2023, 6, 22)
LATE = {"row_id": 7, "person_key": 1, "id_is_valid": True, "assess_date": date(2023, 1, 1)}


def engine() -> DuckDBEngine:
    return DuckDBEngine(duckdb.connect(config={"threads": 1}))


def snapshot(
    folder: Path, rows: list[Mapping[str, Any]], *, name: str = "s1", dataset: str = "tekun_person"
) -> SnapshotRef:
    """A snapshot as intake writes it; columns nobody gave are left out, as in an older one."""
    con = duckdb.connect()
    given = pa.Table.from_pylist([dict(row) for row in rows])
    types = {column.name: column.type for column in columns_of(load_catalogue().datasets[dataset])}
    con.register("given", given)
    columns = ", ".join(f"CAST({column} AS {types[column]}) AS {column}" for column in given.column_names)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.parquet"
    pq.write_table(con.sql(f"SELECT {columns} FROM given").to_arrow_table(), path)
    return SnapshotRef(name, dataset, path)


def book(write_rule: RuleWriter, sql: str = SQL, **changes: str | None) -> Rulebook:
    return Rulebook({"X01": read_rule(write_rule(sql, **changes))}, {})


def run(rulebook: Rulebook, snapshots: list[SnapshotRef], *, params: Any = None, **options: Any) -> RuleRun:
    parameters = load_parameters(options.pop("as_of", DAY), params)
    (result,) = run_rules(engine(), rulebook, parameters, snapshots, **options)
    return result


def test_a_rule_finds_its_rows(write_rule: RuleWriter, tmp_path: Path) -> None:
    result = run(book(write_rule), [snapshot(tmp_path, [LATE])])
    assert (result.state, result.reason) == ("ran", "")
    assert result.table is not None
    assert result.table.to_pylist() == [{"person_key": 1, "ev_roll": 7, "fact_day": date(2023, 1, 1)}]
    assert result.values["months"] == 3


def test_several_snapshots_are_one_table(write_rule: RuleWriter, tmp_path: Path) -> None:
    older = {key: value for key, value in LATE.items() if key != "id_is_valid"} | {"row_id": 8, "person_key": 2}
    result = run(book(write_rule), [snapshot(tmp_path, [LATE]), snapshot(tmp_path, [older], name="s2")])
    assert result.table is not None
    assert sorted(result.table["ev_roll"].to_pylist()) == [7, 8]


def scattered(folder: Path, count: int = 30) -> list[SnapshotRef]:
    """Many small snapshots of one row each; every third is an older one without a column that the rule names."""
    older = {key: value for key, value in LATE.items() if key != "person_key"}
    rows = [{**LATE, "person_key": number} if number % 3 else older for number in range(count)]
    return [snapshot(folder, [{**row, "row_id": number}], name=f"s{number:03}") for number, row in enumerate(rows)]


def laid_together(write_rule: RuleWriter, refs: list[SnapshotRef], drafts: Path) -> tuple[list[int], list[Path]]:
    """The rows a rule finds, and what lies among the run's drafts after it."""
    asked = DuckDBEngine(duckdb.connect(config={"threads": 1}), drafts=drafts)
    (result,) = run_rules(asked, book(write_rule), load_parameters(DAY), refs)
    assert result.table is not None
    return sorted(result.table["ev_roll"].to_pylist()), sorted(drafts.glob("*"))


def test_many_small_snapshots_are_laid_together_for_a_run(write_rule: RuleWriter, tmp_path: Path) -> None:
    refs, drafts = scattered(tmp_path / "lake"), tmp_path / "drafts"
    assert laid_together(write_rule, refs, drafts) == (list(range(30)), [drafts / "tekun_person.parquet"])
    # what no rule names is left out of it
    assert set(pq.read_schema(drafts / "tekun_person.parquet").names) == {"row_id", "person_key", "assess_date"}


def test_a_large_snapshot_is_read_where_it_lies(write_rule: RuleWriter, tmp_path: Path) -> None:
    rows = [{**LATE, "row_id": number, "person_key": number, "name": f"{number:064}"} for number in range(3_000)]
    found, drafts = laid_together(write_rule, [snapshot(tmp_path / "lake", rows)], tmp_path / "drafts")
    assert (len(found), drafts) == (3_000, [])


def test_a_dataset_of_uneven_files_is_not_taken_to_be_short(tmp_path: Path) -> None:
    # DuckDB chooses sides of a join by a guess: so many files as long as the first
    lengths = [1, 900, 1_000, 3_000]
    files = [
        snapshot(tmp_path, [{**LATE, "row_id": number} for number in range(length)], name=f"s{place}").path
        for place, length in enumerate(lengths)
    ]
    con = duckdb.connect(config={"threads": 1})
    DuckDBEngine(con).add_dataset(load_catalogue().datasets["tekun_person"], files)
    ((_, plan),) = con.execute("EXPLAIN (FORMAT json) SELECT row_id FROM tekun_person").fetchall()
    guesses = {int(each) for each in re.findall(r'"Estimated Cardinality": "(\d+)"', plan)}
    assert guesses == {1_000 * len(lengths)}


def test_want_of_disk_while_laying_together_is_said(write_rule: RuleWriter, tmp_path: Path) -> None:
    drafts = tmp_path / "drafts"
    (drafts / "tekun_person.parquet").mkdir(parents=True)  # nothing can be written there
    asked = DuckDBEngine(duckdb.connect(config={"threads": 1}), drafts=drafts)
    with pytest.raises(MingchaError, match="磁盘"):
        run_rules(asked, book(write_rule), load_parameters(DAY), scattered(tmp_path / "lake"))


@pytest.mark.parametrize("folder", ["空 格", "带'引号", "[1]月", "星*号", "问?号", "花{括}号"])
def test_odd_paths_are_read(write_rule: RuleWriter, tmp_path: Path, folder: str) -> None:
    try:
        ref = snapshot(tmp_path / folder, [LATE])
    except OSError:
        pytest.skip("这个系统不许用这样的文件名")
    result = run(book(write_rule), [ref])
    assert result.table is not None
    assert result.table.num_rows == 1


def test_missing_data_skip_the_rule(write_rule: RuleWriter) -> None:
    result = run(book(write_rule), [])
    assert (result.state, result.table) == ("skipped", None)
    assert result.reason == "未提供数据：特困人员名册"


def test_one_of_several_datasets_is_enough(write_rule: RuleWriter, tmp_path: Path) -> None:
    rulebook = book(write_rule, needs="[child|tekun_person]")
    assert run(rulebook, [snapshot(tmp_path, [LATE])]).state == "ran"
    assert run(rulebook, []).reason == "未提供数据：孤儿 / 事实无人抚养儿童名册或特困人员名册"


def test_a_dataset_that_is_not_needed_is_an_empty_table(write_rule: RuleWriter, tmp_path: Path) -> None:
    sql = SQL.replace(
        "WHERE", "LEFT JOIN child ON roll.person_key = child.person_key\nWHERE child.person_key IS NULL AND"
    )
    result = run(book(write_rule, sql, reads="[tekun_person, child]"), [snapshot(tmp_path, [LATE])])
    assert result.table is not None
    assert result.table.num_rows == 1


def test_an_unset_parameter_skips_the_rule(write_rule: RuleWriter, tmp_path: Path) -> None:
    rulebook = book(write_rule, params="{months: KZ-07}")
    result = run(rulebook, [snapshot(tmp_path, [LATE])])
    assert (result.state, result.reason) == ("skipped", "参数未设置：KZ-07（一人代管卡数上限）")
    assert run(rulebook, [snapshot(tmp_path, [LATE])], params={"KZ-07": 2}).state == "ran"


def test_a_parameter_out_of_its_days_is_unset(write_rule: RuleWriter, tmp_path: Path) -> None:
    rulebook = book(write_rule, params="{months: HN.dibao_rural}", finds="试")
    refs = [snapshot(tmp_path, [LATE])]
    assert run(rulebook, refs).values["months"] == Decimal(440)
    assert run(rulebook, refs, as_of=date(2024, 1, 1)).reason.startswith("参数未设置：HN.dibao_rural（")


def test_an_unset_optional_parameter_leaves_a_note(write_rule: RuleWriter, tmp_path: Path) -> None:
    sql = SQL.replace("WHERE", "WHERE roll.living_std >= COALESCE($floor, 0) AND")
    rulebook = book(
        write_rule, sql, params="{months: PL-01, floor: {key: HN-SQ.tekun_rural, optional: true, part: 金额}}"
    )
    refs = [snapshot(tmp_path, [LATE | {"living_std": Decimal(600)}])]
    result = run(rulebook, refs)
    assert (result.state, result.table.num_rows if result.table else None) == ("ran", 1)
    assert result.reason == "参数未设置：HN-SQ.tekun_rural（市县执行标准与平均补差·农村特困基本生活标准），未比对：金额"
    assert run(rulebook, refs, params={"HN-SQ": {"农村特困": 700}}).reason == ""


def _with_view(write_rule: RuleWriter, assess: str = "2023-01-01", params: str = "") -> Rulebook:
    path = write_rule(file="assessed.sql", folder="views")
    path.write_text(
        f"/* ---\nid: assessed\ntitle: 已评估人员\nreads: [tekun_person]\n{params}\n--- */\n"
        f"SELECT t.person_key, t.row_id, t.assess_date FROM tekun_person AS t WHERE t.assess_date >= DATE '{assess}'"
        + (" AND $grace >= 0" if params else ""),
        encoding="utf-8",
    )
    view = read_view(path)
    rule = read_rule(
        write_rule(SQL.replace("tekun_person", "assessed"), reads="[assessed]", needs="[tekun_person, assessed]")
    )
    return Rulebook({"X01": rule}, {"assessed": view})


def test_a_view_is_made_first(write_rule: RuleWriter, tmp_path: Path) -> None:
    result = run(_with_view(write_rule), [snapshot(tmp_path, [LATE])])
    assert (result.state, result.reason) == ("ran", "")


def test_a_needed_view_without_rows_skips_the_rule(write_rule: RuleWriter, tmp_path: Path) -> None:
    result = run(_with_view(write_rule, "2024-01-01"), [snapshot(tmp_path, [LATE])])
    assert (result.state, result.reason) == ("skipped", "未提供数据：已评估人员")


def test_a_views_unset_parameter_skips_its_rules(write_rule: RuleWriter, tmp_path: Path) -> None:
    rulebook = _with_view(write_rule, params="params: {grace: KZ-07}")
    assert run(rulebook, [snapshot(tmp_path, [LATE])]).reason == "参数未设置：KZ-07（一人代管卡数上限）"


def test_results_are_kept_until_something_they_rest_on_changes(write_rule: RuleWriter, tmp_path: Path) -> None:
    cache, refs = ResultCache(tmp_path / "cache"), [snapshot(tmp_path, [LATE])]
    rulebook = _with_view(write_rule)
    first = run(rulebook, refs, cache=cache)
    again = run(rulebook, refs, cache=cache)
    assert (first.state, again.state) == ("ran", "cached")
    assert first.table == again.table
    other = snapshot(tmp_path, [LATE | {"person_key": 2}], name="s2")
    unrelated = snapshot(tmp_path, [{"row_id": 1, "name": "甲"}], name="s3", dataset="funeral")
    assert run(rulebook, [*refs, unrelated], cache=cache).state == "cached"
    assert run(rulebook, refs, cache=cache, params={"KZ-07": 9}).state == "cached"
    assert run(rulebook, [*refs, other], cache=cache).state == "ran"
    assert run(rulebook, refs, cache=cache, params={"PL-01": 2}).state == "ran"
    assert run(rulebook, refs, cache=cache, as_of=date(2023, 6, 23)).state == "ran"
    assert run(_with_view(write_rule, "2022-12-31"), refs, cache=cache).state == "ran"


def test_only_results_that_count_working_days_hang_on_the_calendar(write_rule: RuleWriter, tmp_path: Path) -> None:
    cache, refs = ResultCache(tmp_path / "cache"), [snapshot(tmp_path, [LATE])]
    plain = book(write_rule)
    condition = "WORKDAYS_BETWEEN(roll.assess_date, $as_of) > $months"
    counting = book(write_rule, SQL.replace("$as_of > ADD_MONTHS(roll.assess_date, $months)", condition))
    assert [run(rulebook, refs, cache=cache).state for rulebook in (plain, counting)] == ["ran", "ran"]
    told = {"workdays": {2029: {"off": ["2029-01-01"]}}}
    assert [run(each, refs, cache=cache, params=told).state for each in (plain, counting)] == ["cached", "ran"]


def test_a_damaged_kept_result_is_computed_again(write_rule: RuleWriter, tmp_path: Path) -> None:
    folder, refs, rulebook = tmp_path / "cache", [snapshot(tmp_path, [LATE])], book(write_rule)
    cache = ResultCache(folder)
    run(rulebook, refs, cache=cache)
    for path in folder.iterdir():
        path.write_bytes(path.read_bytes()[:40])
    assert run(rulebook, refs, cache=cache).state == "ran"
    assert run(rulebook, refs, cache=cache).state == "cached"
    assert [path.suffix for path in folder.iterdir()] == [".arrow"]


def test_a_rule_that_fails_is_listed_and_the_others_run(write_rule: RuleWriter, tmp_path: Path) -> None:
    bad = read_rule(
        write_rule(
            SQL.replace("roll.assess_date AS", "SUBSTRING(roll.age, roll.name) AS"), id="X02", file="X02_bad.sql"
        )
    )
    rulebook = Rulebook({**book(write_rule).rules, "X02": bad}, {})
    good, failed = run_rules(engine(), rulebook, load_parameters(DAY), [snapshot(tmp_path, [LATE])])
    assert good.state == "ran"
    assert (failed.state, failed.reason[:7]) == ("skipped", "规则未能运行：")


#: A pairing of everything with everything: more than any bound allows.
ENDLESS = """SELECT
    one.person_key,
    MIN(two.row_id + three.row_id) AS ev_roll
FROM tekun_person AS one
INNER JOIN tekun_person AS two ON one.row_id <> two.row_id + 1
INNER JOIN tekun_person AS three ON two.row_id <> three.row_id + one.row_id
GROUP BY one.person_key
"""
#: A list of all that a table says, over and over: nothing that could lie on disk.
GREEDY = """SELECT
    1 AS person_key,
    ARRAY_AGG(CONCAT(REPEAT(roll.name, 2000), CAST(roll.row_id AS VARCHAR))) AS fact_names,
    MIN(roll.row_id) AS ev_roll
FROM tekun_person AS roll
"""


@pytest.mark.parametrize(
    ("sql", "bounds", "reason"),
    [
        (ENDLESS, Bounds(seconds=0.5), "规则未能运行：X02 运行超过0.5秒，已停止。"),
        (GREEDY, Bounds(memory=48 << 20), "规则未能运行：X02 超出内存上限，已停止。"),
    ],
)
def test_a_rule_beyond_its_bounds_is_listed_and_the_others_run(
    write_rule: RuleWriter, tmp_path: Path, sql: str, bounds: Bounds, reason: str
) -> None:
    path = write_rule(sql, id="X02", file="X02_bad.sql", params="{}", finds="试", summary="试")
    good = read_rule(write_rule(id="X03", file="X03_good.sql"))
    rulebook = Rulebook({"X02": read_rule(path), "X03": good}, {})
    rows = [LATE | {"row_id": n, "name": "王长根"} for n in range(30_000)]
    con = duckdb.connect(config={"threads": 1})
    failed, ran = run_rules(DuckDBEngine(con, bounds), rulebook, load_parameters(DAY), [snapshot(tmp_path, rows)])
    assert (failed.state, failed.reason) == ("skipped", reason)
    assert ran.state == "ran"
    assert ran.table is not None
    assert ran.table.num_rows == len(rows)


def test_a_view_is_worked_out_once_for_all_rules_and_runs(
    write_rule: RuleWriter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[str] = []
    materialise = DuckDBEngine.materialise

    def counted(self: DuckDBEngine, view: View, *rest: Any) -> None:
        made.append(view.id)
        materialise(self, view, *rest)

    monkeypatch.setattr(DuckDBEngine, "materialise", counted)
    cache, refs = ResultCache(tmp_path / "cache"), [snapshot(tmp_path, [LATE])]
    rulebook = _with_view(write_rule)
    first = run(rulebook, refs, cache=cache)
    (rule,) = rulebook.rules.values()
    other = replace(rule, id="X09", text=rule.text + "\n-- another")
    wider = Rulebook({**rulebook.rules, "X09": other}, rulebook.views)
    parameters = load_parameters(DAY)
    again = run_rules(engine(), wider, parameters, refs, cache=cache)
    assert [each.state for each in again] == ["cached", "ran"]
    assert again[1].table == first.table
    assert made == ["assessed"]
    for path in (tmp_path / "cache").glob("*.parquet"):
        path.write_bytes(path.read_bytes()[:40])
    third = replace(rule, id="X10", text=rule.text + "\n-- a third")
    (healed,) = run_rules(engine(), Rulebook({"X10": third}, rulebook.views), parameters, refs, cache=cache)
    assert (healed.state, healed.table) == ("ran", first.table)
    assert made == ["assessed", "assessed"]


def test_a_long_view_is_written_down_at_once_and_read_where_it_lies(write_rule: RuleWriter, tmp_path: Path) -> None:
    short = _with_view(write_rule)
    (rule,), view = short.rules.values(), short.views["assessed"]
    rulebook = Rulebook(short.rules, {"assessed": replace(view, long=True)})
    folder, refs = tmp_path / "cache", [snapshot(tmp_path, [LATE])]
    asked = engine()
    (first,) = run_on(Tables(asked, rulebook, load_parameters(DAY), refs, ResultCache(folder)))
    kept = [path for path in folder.glob("*.parquet") if pq.read_schema(path).names == list(view.columns)]
    assert [pq.read_table(path).num_rows for path in kept] == [1]
    assert first.table == run(short, refs).table
    wider = Rulebook({"X09": replace(rule, id="X09", text=rule.text + "\n-- another")}, rulebook.views)
    (again,) = run_on(Tables(asked, wider, load_parameters(DAY), refs, ResultCache(folder)))
    held = asked.relation(replace(view, sql="SELECT t.table_name FROM duckdb_tables() AS t"), {}).fetchall()
    assert (again.table, held) == (first.table, [])


def test_views_are_written_down_once_nobody_waits_for_them(write_rule: RuleWriter, tmp_path: Path) -> None:
    rulebook, folder, asked = _with_view(write_rule), tmp_path / "cache", engine()
    refs = [snapshot(tmp_path, [LATE])]
    run_on(Tables(asked, rulebook, load_parameters(DAY), refs, ResultCache(folder)))
    assert not list(folder.glob("*.parquet"))
    asked.keep()
    (kept,) = folder.glob("*.parquet")
    assert pq.read_table(kept).num_rows == 1


def test_results_nobody_asks_for_are_removed_after_a_while(write_rule: RuleWriter, tmp_path: Path) -> None:
    cache, refs, rulebook = ResultCache(tmp_path / "cache"), [snapshot(tmp_path, [LATE])], _with_view(write_rule)
    run(rulebook, refs, cache=cache)
    kept = sorted((tmp_path / "cache").iterdir())
    cache.sweep()
    assert sorted((tmp_path / "cache").iterdir()) == kept
    for path in kept:
        os.utime(path, (0, 0))
    assert run(rulebook, refs, cache=cache).state == "cached"  # asking makes the rule's rows young again
    cache.sweep()
    assert [path.suffix for path in (tmp_path / "cache").iterdir()] == [".arrow"]


@pytest.mark.parametrize("is_known", [False, True])
def test_a_damaged_snapshot_stops_only_the_rules_that_need_it(
    write_rule: RuleWriter, tmp_path: Path, is_known: bool
) -> None:
    other = read_rule(
        write_rule(
            "SELECT f.person_key, f.row_id AS ev_roll FROM funeral AS f",
            id="X02",
            file="X02_other.sql",
            needs="[funeral]",
            reads="[funeral]",
            params="{}",
            finds="试",
            summary="试",
        )
    )
    rulebook = Rulebook({**book(write_rule).rules, "X02": other}, {})
    damaged = snapshot(tmp_path, [LATE])
    damaged.path.write_bytes(damaged.path.read_bytes()[:40])
    if is_known:
        # its record tells the columns: the file is not looked into before it is read
        damaged = replace(damaged, columns=columns_digest(load_catalogue().datasets[damaged.dataset]))
    whole = snapshot(tmp_path, [{"row_id": 1, "person_key": 2}], name="s2", dataset="funeral")
    failed, good = run_rules(engine(), rulebook, load_parameters(DAY), [damaged, whole])
    assert (failed.state, failed.reason) == ("skipped", "规则未能运行：“特困人员名册”的快照读不出来。")
    assert good.state == "ran"


@pytest.mark.parametrize(
    ("status", "only", "count"), [("draft", (), 0), ("draft", ("x01",), 1), ("trial", (), 1), ("retired", (), 0)]
)
def test_only_trial_and_active_rules_run_unasked(
    write_rule: RuleWriter, status: str, only: tuple[str, ...], count: int
) -> None:
    results = run_rules(engine(), book(write_rule, status=status), load_parameters(DAY), [], only=only)
    assert len(results) == count


def test_an_unknown_rule_is_a_usage_error(write_rule: RuleWriter) -> None:
    with pytest.raises(UsageError, match="R99"):
        run_rules(engine(), book(write_rule), load_parameters(DAY), [], only=("R99",))


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("ADD_MONTHS(DATE '2022-11-30', 3)", date(2023, 2, 28)),
        ("ADD_MONTHS(DATE '2023-02-28', 3)", date(2023, 5, 28)),
        ("ADD_MONTHS(DATE '2024-02-29', 12)", date(2025, 2, 28)),
        ("ADD_MONTHS(DATE '2023-01-31', -1)", date(2022, 12, 31)),
        ("AGE_ON(DATE '2005-06-22', DATE '2023-06-22')", 18),
        ("AGE_ON(DATE '2005-06-23', DATE '2023-06-22')", 17),
        ("AGE_ON(DATE '2004-02-29', DATE '2022-02-28')", 17),
        ("AGE_ON(DATE '2004-02-29', DATE '2022-03-01')", 18),
        ("AGE_ON(DATE '2004-02-29', DATE '2024-02-29')", 20),
        ("AGE_ON(CAST(NULL AS DATE), DATE '2024-02-29')", None),
        ("MONTHS_OF_AGE(DATE '2022-06-23', DATE '2023-06-22')", 11),
        ("MONTHS_OF_AGE(DATE '2022-06-22', DATE '2023-06-22')", 12),
        ("NAMES_AGREE('甲', '甲')", True),
        ("NAMES_AGREE('甲', '乙')", False),
        ("NAMES_AGREE('甲', NULL)", True),
        ("NAMES_AGREE(NULL, NULL)", True),
        ("MONTH_OF(DATE '2023-06-22')", "2023-06"),
        ("MONTH_END('2023-02')", date(2023, 2, 28)),
        ("ADD_TO_MONTH('2023-11', 2)", "2024-01"),
        ("ADD_TO_MONTH('2023-01', -1)", "2022-12"),
        ("DAYS_BETWEEN(DATE '2023-06-01', DATE '2023-06-22')", 21),
        # Friday to Monday: the day it begins on is not counted
        ("WORKDAYS_BETWEEN(DATE '2023-06-02', DATE '2023-06-05')", 1),
        ("WORKDAYS_BETWEEN(DATE '2023-06-05', DATE '2023-06-05')", 0),
        ("WORKDAYS_BETWEEN(DATE '2023-06-06', DATE '2023-06-05')", 0),
        ("WORKDAYS_BETWEEN(DATE '2023-06-03', DATE '2023-06-04')", 0),
        # May Day 2023: five days off, the Saturday after made up for
        ("WORKDAYS_BETWEEN(DATE '2023-04-28', DATE '2023-05-03')", 0),
        ("WORKDAYS_BETWEEN(DATE '2023-04-28', DATE '2023-05-06')", 3),
        ("WORKDAYS_BETWEEN(DATE '2023-04-22', DATE '2023-04-23')", 1),
        # ten working days over the National Day of 2023
        ("WORKDAYS_BETWEEN(DATE '2023-09-28', DATE '2023-10-18')", 10),
        ("WORKDAYS_BETWEEN(CAST(NULL AS DATE), DATE '2023-06-05')", None),
        ("WORKDAYS_BETWEEN(DATE '2023-06-05', CAST(NULL AS DATE))", None),
        # years before and after the calendar's: the week alone
        ("WORKDAYS_BETWEEN(DATE '2002-12-31', DATE '2003-12-31')", 261),
        ("WORKDAYS_BETWEEN(DATE '2039-12-30', DATE '2040-01-06')", 5),
        ("TYPEOF(WORKDAYS_BETWEEN(DATE '2023-06-02', DATE '2023-06-05'))", "INTEGER"),
    ],
)
def test_macros_count_as_the_law_does(expression: str, value: object) -> None:
    con = duckdb.connect()
    DuckDBEngine(con)
    assert con.execute(f"SELECT {expression}").fetchone() == (value,)
