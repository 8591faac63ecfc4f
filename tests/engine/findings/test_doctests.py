from __future__ import annotations

import doctest
import importlib

import pytest

MODULES = [f"mingcha.findings.{name}" for name in ("build", "ids", "masking", "sentences")] + [
    f"mingcha.outputs.{name}" for name in ("charts", "safe", "words", "workbook.formats", "workbook.names")
]


@pytest.mark.parametrize("name", MODULES)
def test_examples_in_docstrings_run(name: str) -> None:
    outcome = doctest.testmod(importlib.import_module(name))
    assert outcome.attempted
    assert not outcome.failed
