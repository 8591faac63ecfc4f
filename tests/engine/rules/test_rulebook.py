"""The packaged rulebook as a whole, and a county's own folder beside it."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
import sqlglot
from tests.engine.rules.conftest import RuleWriter

from mingcha.datasets import columns_of, load_catalogue
from mingcha.errors import RuleError
from mingcha.parameters import load_parameters
from mingcha.rules import literal_warnings, load_rulebook
from mingcha.rules.catalogue import catalogue_entries, explain, rules_by_parameter
from mingcha.rules.loader import check_packaged
from mingcha.rules.lock import check_lock, lock_of, read_lock
from mingcha.rules.model import View

BOOK = load_rulebook()
ITEMS: list[View] = [*BOOK.rules.values(), *BOOK.views.values()]


@pytest.mark.parametrize("item", ITEMS, ids=lambda item: item.id)
def test_no_policy_number_hides_in_sql(item: View) -> None:
    assert literal_warnings(item) == []


@pytest.mark.parametrize("item", ITEMS, ids=lambda item: item.id)
def test_sql_can_be_put_into_sparks_words(item: View) -> None:
    assert sqlglot.transpile(item.sql, read="duckdb", write="spark", unsupported_level=sqlglot.ErrorLevel.RAISE)


def test_every_text_passes_the_lint_whatever_the_lock_says() -> None:
    assert check_packaged().rules == BOOK.rules


def test_the_lock_holds_every_version_and_text() -> None:
    assert check_lock(BOOK, read_lock()) == []


def test_the_lock_notices_what_changed() -> None:
    locked = lock_of(BOOK)
    first, second, third = list(locked)[:3]
    locked[first]["sha256"] = "other"
    locked[second]["version"] += 1
    del locked[third]
    locked["R00"] = {"version": 1, "sha256": "gone"}
    faults = "\n".join(check_lock(BOOK, locked))
    for name, words in ((first, "内容变了"), (second, "变小"), (third, "没有登记"), ("R00", "不在规则库")):
        assert any(line.startswith(name) and words in line for line in faults.splitlines()), faults


def test_views_come_after_what_they_read() -> None:
    seen: set[str] = set()
    for view in BOOK.views.values():
        assert set(view.reads) & set(BOOK.views) <= seen
        seen.add(view.id)


def test_the_catalogue_names_datasets_and_their_columns() -> None:
    entries = {entry["id"]: entry for entry in catalogue_entries(BOOK)}
    json.dumps(list(entries.values()), ensure_ascii=False)
    datasets = load_catalogue().datasets
    for entry in entries.values():
        for name, columns in entry["datasets"].items():
            known = {column.name for column in columns_of(datasets[name])}
            assert columns, (entry["id"], name)
            assert set(columns) <= known
    r10 = entries["R10"]
    assert "person_key" in r10["datasets"]["tekun_person"]
    assert "project" in r10["datasets"]["payment"]
    assert [param["key"] for param in entries["R19"]["parameters"] if not param["key"].startswith("home")] == [
        "TK-02.age",
        "TK-02.grades",
        "TK-13",
    ]


@pytest.mark.parametrize("rule_id", list(BOOK.rules))
def test_every_rule_explains_itself_in_chinese(rule_id: str) -> None:
    rule = BOOK.rules[rule_id]
    text = explain(BOOK, rule, load_parameters(date(2023, 6, 22)))
    assert rule.title in text
    for line in (*rule.law, *rule.false_hits, *rule.verify):
        assert line in text
    assert "{" not in text


def test_an_unset_parameter_is_said_so() -> None:
    text = explain(BOOK, BOOK.rules["R14"], load_parameters(date(2023, 6, 22)))
    assert "未设置，本规则不运行" in text
    assert "1100元" in explain(BOOK, BOOK.rules["R14"], load_parameters(date(2023, 6, 22), {"ET-07": 1100}))


def test_parameters_know_their_rules() -> None:
    used = rules_by_parameter(BOOK)
    assert "R16" in used["CJ-02"]
    assert {"R19", "R20"} <= set(used["TK-02"])


def test_a_countys_own_rules_join(write_rule: RuleWriter) -> None:
    path = write_rule()
    book = load_rulebook([path.parents[1]])
    assert set(book.rules) == {*BOOK.rules, "X01"}


def test_no_id_is_used_twice(write_rule: RuleWriter, tmp_path: Path) -> None:
    path = write_rule()
    (tmp_path / "county" / "other").mkdir()
    (tmp_path / "county" / "other" / "X01_again.sql").write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
    with pytest.raises(RuleError, match="X01"):
        load_rulebook([tmp_path / "county"])


def test_views_in_a_circle_are_refused(tmp_path: Path) -> None:
    folder = tmp_path / "views"
    folder.mkdir()
    for one, other in (("ring_a", "ring_b"), ("ring_b", "ring_a")):
        (folder / f"{one}.sql").write_text(
            f"/* ---\nid: {one}\nreads: [{other}]\n--- */\nSELECT t.x FROM {other} AS t", "utf-8"
        )
    with pytest.raises(RuleError, match="成环"):
        load_rulebook([tmp_path])


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(RuleError, match="本县规则"):
        load_rulebook([tmp_path / "本县规则"])
