"""A rule that does not obey the form is refused with a sentence that names what is wrong."""

from __future__ import annotations

import pytest
from tests.engine.rules.conftest import SQL, RuleWriter

from mingcha.errors import RuleError
from mingcha.rules import Rule, lint_rule_file, literal_warnings, read_rule, read_view


def test_a_good_rule_is_read_as_written(write_rule: RuleWriter) -> None:
    rule = lint_rule_file(write_rule(), {})
    assert (rule.id, rule.severity, rule.needs) == ("X01", "orange", (("tekun_person",),))
    assert rule.params["months"].key == "PL-01"
    assert rule.columns == ("person_key", "ev_roll", "fact_day")
    assert rule.facts == ("day",)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"severity": "crimson"}, "severity"),
        ({"subject": "village"}, "subject"),
        ({"status": "done"}, "status"),
        ({"identity": "sure"}, "identity"),
        ({"law": None}, "law"),
        ({"law": "[]"}, "law"),
        ({"colour": "red"}, "colour"),
        ({"id": "X02"}, "文件名"),
        ({"version": "0"}, "version"),
        ({"version": "true"}, "version"),
        ({"false_hits": "[未知]"}, "false_hits"),
        ({"clauses": "C38"}, "clauses"),
        ({"params": "{months: PL-99}"}, "PL-99"),
        ({"params": "{months: {key: PL-01, optional: true}}"}, "part"),
        ({"params": "{months: PL-01, extra: DB-23}"}, "extra"),
        ({"params": "{}"}, "months"),
        ({"reads": "[tekun_person, child]"}, "child"),
        ({"reads": "[child]"}, "tekun_person"),
        ({"reads": "[tekun_persons]"}, "tekun_persons"),
        ({"summary": '"{name}{nobody}"'}, "nobody"),
        ({"summary": '"{name"'}, "大括号"),
        ({"finds": "满{day}"}, "day"),
        ({"subject": "household"}, "household_key"),
    ],
)
def test_a_faulty_header_is_refused(write_rule: RuleWriter, changes: dict[str, str | None], says: str) -> None:
    with pytest.raises(RuleError, match=says) as caught:
        lint_rule_file(write_rule(**changes), {})
    assert "X01_trial.sql" in str(caught.value)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("roll.row_id AS ev_roll", "roll.row_id AS evidence", "evidence"),
        ("roll.row_id AS ev_roll,\n", "", "ev_"),
        ("roll.assess_date AS fact_day", "roll.assess_date", "assess_date"),
        (
            "roll.row_id AS ev_roll,\n    roll.assess_date AS fact_day",
            "roll.assess_date AS fact_day, roll.row_id AS ev_roll",
            "列序",
        ),
        ("    roll.person_key,\n", "    roll.head_key,\n", "开头"),
        ("roll.person_key,", "roll.*,", "名字"),
        ("roll.assess_date AS fact_day", "roll.nowhere AS fact_day", "nowhere"),
        ("FROM tekun_person AS roll", "FROM read_csv('x.csv') AS roll", "reads"),
        (
            "WHERE $as_of",
            "QUALIFY ROW_NUMBER() OVER (PARTITION BY roll.name ORDER BY roll.row_id) = 1 AND $as_of",
            "QUALIFY",
        ),
        ("ADD_MONTHS(roll.assess_date, $months)", "roll.assess_date + INTERVAL ($months) MONTH", "INTERVAL"),
        ("ADD_MONTHS(roll.assess_date, $months)", "ADD_MONTHS(CURRENT_DATE, $months)", "CURRENT_DATE"),
        ("WHERE $as_of", "WHERE RANDOM() < 1 AND $as_of", "RAND"),
        ("WHERE $as_of", "WHERE $when", "when"),
        ("SELECT\n", "DELETE FROM tekun_person; SELECT\n", "一条 SELECT"),
        ("SELECT\n", "DROP TABLE tekun_person; SELECT\n", "一条 SELECT"),
        ("SELECT\n", "SELECT FROM WHERE\n", "SQL|SELECT"),
    ],
)
def test_a_faulty_select_is_refused(write_rule: RuleWriter, old: str, new: str, says: str) -> None:
    assert old in SQL
    with pytest.raises(RuleError, match=says):
        lint_rule_file(write_rule(SQL.replace(old, new)), {})


def test_count_star_and_ctes_are_allowed(write_rule: RuleWriter) -> None:
    sql = """WITH late AS (
        SELECT roll.person_key, COUNT(*) AS rows, MIN(roll.assess_date) AS day, ARRAY_AGG(roll.row_id) AS row_ids
        FROM tekun_person AS roll
        WHERE $as_of > ADD_MONTHS(roll.assess_date, $months)
        GROUP BY roll.person_key
    )
    SELECT late.person_key, late.row_ids AS ev_roll, late.day AS fact_day, late.rows AS fact_rows FROM late"""
    assert lint_rule_file(write_rule(sql), {}).facts == ("day", "rows")


def test_a_file_without_header_is_refused(write_rule: RuleWriter) -> None:
    path = write_rule()
    path.write_text(SQL, encoding="utf-8")
    with pytest.raises(RuleError, match="说明"):
        read_rule(path)


def test_windows_newlines_do_not_change_the_text(write_rule: RuleWriter) -> None:
    path = write_rule()
    before = read_rule(path).sha256
    path.write_bytes(path.read_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"))
    assert read_rule(path).sha256 == before


def _with_literal(write_rule: RuleWriter, line: str) -> Rule:
    return read_rule(write_rule(SQL.replace("WHERE ", f"WHERE {line}\n    AND ")))


@pytest.mark.parametrize(
    ("line", "warnings"),
    [
        ("roll.age > 60", 1),
        ("roll.age > 60 -- literal: 示例理由", 0),
        ("roll.age > 60 -- literal:", 1),
        ("roll.age > 60 AND roll.age < 18", 2),
        ("roll.age > 0 AND roll.age <> 1", 0),
        ("CAST(roll.age AS DECIMAL(14, 2)) > 0", 0),
        ("roll.relation = '60'", 0),
        ("roll.name LIKE '60$' AND roll.age > 60 -- literal: 示例理由", 0),
        ("roll.name LIKE '^(甲|乙)$' AND roll.age > 60", 1),
        ("roll.name LIKE '$$60' AND roll.name LIKE '甲$$'", 0),
        ("roll.age > 0.5", 1),
        ("/* 60\n 60 */ roll.age > 0", 0),
    ],
)
def test_policy_numbers_in_sql_are_warned_of(write_rule: RuleWriter, line: str, warnings: int) -> None:
    assert len(literal_warnings(_with_literal(write_rule, line))) == warnings


def test_a_view_is_named_as_its_file(write_rule: RuleWriter) -> None:
    path = write_rule(file="old.sql", folder="views")
    path.write_text(
        "/* ---\nid: older\nreads: [tekun_person]\n--- */\nSELECT t.name FROM tekun_person AS t", encoding="utf-8"
    )
    with pytest.raises(RuleError, match="文件名"):
        read_view(path)


@pytest.mark.parametrize(
    ("fields", "cause"), [("kept: false\nlong: true", "不能写 long"), ("long: 7", "字段 long 应是")]
)
def test_a_view_that_is_not_kept_cannot_be_long(write_rule: RuleWriter, fields: str, cause: str) -> None:
    path = write_rule(file="old.sql", folder="views")
    path.write_text(
        f"/* ---\nid: old\n{fields}\nreads: [tekun_person]\n--- */\nSELECT t.name FROM tekun_person AS t",
        encoding="utf-8",
    )
    with pytest.raises(RuleError, match=cause):
        read_view(path)
