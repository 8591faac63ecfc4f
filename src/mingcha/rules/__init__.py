"""Comparison rules: one SQL file each, read, checked and explained."""

from mingcha.rules.header import read_rule, read_view
from mingcha.rules.lint import literal_warnings
from mingcha.rules.loader import (
    Inspected,
    inspect,
    lint_rule_file,
    load_rulebook,
    packaged_folder,
    read_own_rule,
    schema_of,
)
from mingcha.rules.model import ASKED_TABLES, ParamUse, Rule, Rulebook, View
from mingcha.rules.sql import placeholders_of, with_literals

__all__ = [
    "ASKED_TABLES",
    "Inspected",
    "ParamUse",
    "Rule",
    "Rulebook",
    "View",
    "inspect",
    "lint_rule_file",
    "literal_warnings",
    "load_rulebook",
    "packaged_folder",
    "placeholders_of",
    "read_own_rule",
    "read_rule",
    "read_view",
    "schema_of",
    "with_literals",
]
