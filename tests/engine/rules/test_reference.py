"""The reference in the docs is what the rules say today, and no rule needs more than it declares."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.engine.rules.conftest import RuleWriter

from mingcha.datasets import load_catalogue
from mingcha.rules import load_rulebook
from mingcha.rules.catalogue import datasets_read
from mingcha.rules.lineage import columns_through
from mingcha.rules.loader import schema_of
from mingcha.rules.reference import files, needs_of, register

BOOK = load_rulebook()
DOCS = Path(__file__).parents[3] / "docs" / "reference"
FILES = files(BOOK)


@pytest.mark.parametrize("name", list(FILES))
def test_the_reference_is_current(name: str) -> None:
    told = "请运行 python -m mingcha.rules.reference docs/reference"
    assert (DOCS / name).read_text(encoding="utf-8") == FILES[name], told


def test_no_page_stays_of_a_rule_that_is_no_more() -> None:
    there = {f"rules/{path.name}" for path in (DOCS / "rules").glob("*.md")}
    assert there == {name for name in FILES if name.startswith("rules/")}


@pytest.mark.parametrize("rule_id", list(BOOK.rules))
def test_a_rule_needs_no_dataset_that_its_header_does_not_declare(rule_id: str) -> None:
    rule = BOOK.rules[rule_id]
    declared = {name for group in rule.needs for name in group} | set(rule.uses)
    assert set(datasets_read(BOOK, rule)) <= declared
    assert set(rule.uses) <= set(datasets_read(BOOK, rule))


def test_what_feeds_nothing_is_not_needed(write_rule: RuleWriter) -> None:
    path = write_rule(
        "SELECT aid.person_key, aid.row_id AS ev_roll, aid.name AS fact_day FROM aid_person AS aid "
        "WHERE aid.program = 'TK' AND $months > 0",
        reads="[aid_person]",
    )
    book = load_rulebook([path])
    read = columns_through(book.rules["X01"], book.views_of(book.rules["X01"]), schema_of(book.views))
    assert "name" in read["tekun_person"]
    # an account stands in the view, and this rule asks for none
    assert "account_key" not in read["tekun_person"]


def test_every_need_has_an_office_and_a_title() -> None:
    for office, need, rules in register(BOOK):
        assert office in load_catalogue().datasets[need.dataset].offices
        assert need.fields
        assert rules
    assert all(set(need.personal) <= set(need.fields) for need in needs_of(BOOK, BOOK.rules["R32"]))
