"""What a reader writes to: sheets and problems, told onwards one by one as they are done."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mingcha.intake.containers.limits import MAX_COLUMNS
from mingcha.intake.containers.sheetfile import SheetWriter

Event = dict[str, Any]
Merge = tuple[int, int, int, int]


@dataclass(frozen=True)
class Source:
    """The file to read.

    path     where it lies
    suffix   of its name, lower case with the dot: only used to word a problem, never to choose a reader
    stem     its name without suffix
    """

    path: Path
    size: int

    @property
    def suffix(self) -> str:
        """Lower-case suffix."""
        return self.path.suffix.lower()

    @property
    def is_named_as_table(self) -> bool:
        """Whether its name promises a table."""
        return self.suffix in TABLE_SUFFIXES


TABLE_SUFFIXES = frozenset(
    (".xlsx", ".xlsm", ".xltx", ".xlsb", ".xls", ".xlt", ".et", ".ett", ".ods", ".csv", ".tsv", ".tab", ".dbf", ".slk")
)


@dataclass
class SheetFacts:
    """What is known of a sheet besides its cells; filled while it is read."""

    name: str
    hidden: bool = False
    date_1904: bool = False
    merged: list[Merge] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


class Sink:
    """Where the sheets of one file go.

    staging, prefix   sheets become staging/prefix-000.arrow, …
    skip              numbers of sheets not to be read: done or failed in an earlier attempt
    emit              receives one event a sheet or problem
    """

    def __init__(self, staging: Path, prefix: str, skip: Collection[int], emit: Callable[[Event], None]) -> None:
        self._staging = staging
        self._prefix = prefix
        self._skip = frozenset(skip)
        self._emit = emit
        self._count = 0
        self.container = ""

    def wants(self, index: int, name: str) -> bool:
        """Announces that sheet ``index`` is next; False if an earlier attempt met it."""
        if index in self._skip:
            return False
        self._emit({"event": "begin", "index": index, "sheet": name})
        return True

    @contextmanager
    def sheet(self, facts: SheetFacts, index: int | None = None) -> Iterator[SheetWriter]:
        """Opens a sheet; told onwards when the block ends well. An empty one becomes a problem."""
        with self.open_sheet(index) as writer:
            yield writer
            self.close_sheet(facts, writer)

    def open_sheet(self, index: int | None = None) -> SheetWriter:
        """A sheet's writer, for readers that learn only later that it is over: they call close_sheet or discard."""
        number = self._count if index is None else index
        self._count += 1
        return SheetWriter(self._staging / f"{self._prefix}-{number:03d}.arrow")

    def close_sheet(self, facts: SheetFacts, writer: SheetWriter) -> None:
        """Ends a sheet and tells it onwards."""
        writer.close()
        self._done(facts, writer)

    def _done(self, facts: SheetFacts, writer: SheetWriter) -> None:
        if writer.n_rows == 0:
            self.problem("sheet.empty", sheet=facts.name)
            return
        notes = list(facts.notes)
        if facts.hidden:
            notes.insert(0, "这是隐藏的工作表，已照常读取。")
        if writer.cut_columns:
            notes.append(f"第{MAX_COLUMNS}列以右还有零星内容，没有读取。")
        self._emit(
            {
                "event": "sheet",
                "sheet": facts.name,
                "container": self.container,
                "data": writer.path.name,
                "n_rows": writer.n_rows,
                "n_cols": writer.n_cols,
                "merged": facts.merged,
                "hidden": facts.hidden,
                "notes": notes,
                "date_1904": facts.date_1904,
            }
        )

    def problem(self, code: str, *, sheet: str | None = None, **facts: str) -> None:
        """Tells a problem of the file or of one sheet; the reading goes on."""
        self._emit({"event": "problem", "code": code, "sheet": sheet, "facts": facts})


def numbered(first_row: int, rows: Sequence[object]) -> range:
    """Row numbers of consecutive rows."""
    return range(first_row, first_row + len(rows))
