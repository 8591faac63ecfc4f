"""Progress on a terminal as a bar, elsewhere as plain lines."""

from __future__ import annotations

import sys
from typing import Any

from tqdm import tqdm


class TerminalProgress:
    """One bar a stage."""

    def __init__(self) -> None:
        self._bar: tqdm[Any] | None = None
        self._stage = ""

    def step(self, stage: str, done: int, total: int | None, detail: str = "") -> None:
        """Moves the stage's bar; a new stage closes the old one."""
        bar = self._bar
        if bar is None or stage != self._stage:
            self.close()
            bar = tqdm(desc=stage, total=total, unit="项", file=sys.stderr, leave=True)
            self._bar, self._stage = bar, stage
        bar.total = total
        bar.set_postfix_str(detail, refresh=False)
        bar.n = done
        bar.refresh()

    def close(self) -> None:
        """Ends the bar."""
        if self._bar is not None:
            self._bar.close()
            self._bar = None


class LineProgress:
    """A line when a stage begins: for logs and pipes."""

    def __init__(self) -> None:
        self._stage = ""

    def step(self, stage: str, done: int, total: int | None, detail: str = "") -> None:
        """Prints the stage's name once."""
        if stage != self._stage:
            self._stage = stage
            print(f"{stage}……", file=sys.stderr, flush=True)

    def close(self) -> None:
        """Nothing to end."""


def progress_for_terminal() -> TerminalProgress | LineProgress:
    """A bar where somebody watches, lines otherwise."""
    return TerminalProgress() if sys.stderr.isatty() else LineProgress()
