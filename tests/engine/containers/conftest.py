"""Reads files that tests make at run time."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.engine.containers.container_files import Read, read_here


@pytest.fixture
def read(tmp_path: Path) -> Callable[..., Read]:
    """read(content, name) → what became of a file of this content."""

    def read_content(content: bytes | str | Path, name: str = "表.xls") -> Read:
        if isinstance(content, Path):
            path = content
        else:
            path = tmp_path / name
            path.write_bytes(content.encode() if isinstance(content, str) else content)
        return read_here(path, tmp_path / "staging")

    return read_content
