"""How a long run tells where it is. The engine reports; who called decides how to show it."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Receives a run's steps."""

    def step(self, stage: str, done: int, total: int | None, detail: str = "") -> None:
        """One more unit of a stage is done.

        stage   Chinese name of the stage, e.g. 读取文件
        total   how many units the stage has, None while nobody knows
        detail  what was just done: a file name, a rule id; never personal data
        """


class Silent:
    """Shows nothing."""

    def step(self, stage: str, done: int, total: int | None, detail: str = "") -> None:
        """Says nothing."""
