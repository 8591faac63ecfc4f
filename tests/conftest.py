"""What all tests share: a private home for keys, so that no test touches the machine's own; and that Ctrl-C counts."""

from __future__ import annotations

import os
import signal
import tempfile

import pytest

_HOME = tempfile.mkdtemp(prefix="mingcha-test-home-")
os.environ["MINGCHA_HOME"] = _HOME
# a shell's background job ignores it, and so would every program that a test starts and stops
signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(autouse=True, scope="session")
def _private_home() -> None:
    """The variable is set when this file is read, before any module could look at it."""
    assert os.environ["MINGCHA_HOME"] == _HOME


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Spark's tests come first: a worker gets a run of tests, so that one alone starts Spark and warms it up."""
    items.sort(key=lambda item: "spark" not in item.nodeid)
