"""What passes between the steps of intake: raw sheets, sheet plans, reports.

container → RawSheet → (recognition) → SheetPlan → (conversion) → snapshot and SheetReport
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from pathlib import Path


class CellKind(IntEnum):
    """What a cell really was in its file; kept because a number cell has lost digits for good (file-formats 2.3)."""

    EMPTY = 0
    TEXT = 1
    NUMBER = 2
    DATE = 3  # text is then YYYY-MM-DD or YYYY-MM-DD HH:MM:SS
    BOOL = 4  # text is then TRUE or FALSE
    ERROR = 5  # #N/A and its like
    FORMULA = 6  # a formula without a stored value


@dataclass(frozen=True)
class RawSheet:
    """One sheet as it lies in its file, nothing interpreted.

    file     path inside the compared folder, with '/' on every system
    sheet    name of the sheet ('' for a container that has none: csv, dbf)
    data     Arrow IPC file (uncompressed, memory-mappable): column ``row`` INTEGER (1-based row number of the
             spreadsheet; wholly blank rows are left out), then for each column i of the sheet ``c{i}`` VARCHAR
             (NULL = blank) and ``k{i}`` TINYINT (CellKind)
    n_cols   how many columns
    merged   merged ranges, 1-based row and 0-based column: (first_row, first_col, last_row, last_col)
    hidden   the sheet is hidden; hidden sheets are data, and said so
    notes    what the reader wants the user to know, Chinese sentences
    date_1904  Excel serials in this book count from 1904
    """

    file: str
    sheet: str
    sha256: str
    container: str
    data: Path
    n_rows: int
    n_cols: int
    merged: tuple[tuple[int, int, int, int], ...] = ()
    hidden: bool = False
    notes: tuple[str, ...] = ()
    date_1904: bool = False


@dataclass(frozen=True)
class FileProblem:
    """A file that was not (wholly) read, and why. outcome: ignored (none of our containers), duplicate, failed."""

    file: str
    outcome: str
    code: str
    message: str


@dataclass(frozen=True)
class ColumnPlan:
    """How one column of a sheet is read.

    index    0-based column of the RawSheet
    field    field id of the dataset
    header   the header as written, levels joined by '/'
    factor   multiply money by this (万元 → 10000)
    how      exact, loose, similar, profile, mapping (from a mapping file), remembered
    """

    index: int
    field: str
    header: str
    factor: int = 1
    how: str = "exact"


@dataclass(frozen=True)
class Unpivot:
    """One subsidy column of a wide payment sheet: each of its filled cells becomes a payment row of its own.

    constants  field id → raw text that all its rows share (project, period)
    """

    index: int
    field: str
    header: str
    factor: int = 1
    constants: Mapping[str, str] = dataclasses.field(default_factory=dict)


@dataclass(frozen=True)
class SheetPlan:
    """How one table of a sheet becomes rows of one dataset.

    dataset      dataset id; None = not recognised: the user is asked (see nearest, unfit)
    header_rows  1-based row numbers of the header, upper level first; () where there is none
    first_row, last_row   1-based, inclusive: the rows in which data are looked for
    columns      one entry a mapped column; no field twice
    unpivot      wide payment columns, else ()
    constants    field id → raw text, from title, sheet name, file name or a mapping file; used where the row's own
                 is blank
    roll_month   YYYY-MM the sheet speaks of, None if nothing says
    county_name  short county name said by title, sheet or file name; None if nothing says
    township_hint   short name of the township of the title/sheet, for reading villages
    confidence   0–1; margin: distance to the second best
    nearest      (dataset id, score) of the best candidates, best first
    unfit        headers that fit no field
    fingerprint  of the headers, for remembering a mapping
    code_words   from a mapping file: field id → {word as written: code}
    notes        Chinese sentences for the report
    """

    dataset: str | None
    header_rows: tuple[int, ...]
    first_row: int
    last_row: int
    columns: tuple[ColumnPlan, ...]
    unpivot: tuple[Unpivot, ...] = ()
    constants: Mapping[str, str] = field(default_factory=dict)
    roll_month: str | None = None
    county_name: str | None = None
    township_hint: str | None = None
    confidence: float = 0.0
    margin: float = 0.0
    nearest: tuple[tuple[str, float], ...] = ()
    unfit: tuple[str, ...] = ()
    fingerprint: str = ""
    code_words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class SheetReport:
    """What became of one table of a sheet: read = accepted + doubtful + rejected, always.

    skipped   rows that are no data (合计, 小计, 分组行, 重复表头, 说明 …) by kind; not counted as read
    reasons   Chinese reason → rows rejected for it; doubts the same for rows kept with a doubt
    snapshot  id of the snapshot in the workspace, None where nothing was accepted
    """

    file: str
    sheet: str
    dataset: str | None
    header_rows: tuple[int, ...]
    columns: Mapping[str, str]
    read: int
    accepted: int
    doubtful: int
    rejected: int
    skipped: Mapping[str, int]
    reasons: Mapping[str, int]
    doubts: Mapping[str, int]
    roll_month: str | None
    confidence: float
    nearest: tuple[tuple[str, float], ...]
    unfit: tuple[str, ...]
    fingerprint: str
    notes: tuple[str, ...]
    snapshot: str | None
    sheet_id: int | None


@dataclass(frozen=True)
class IntakeReport:
    """What became of a folder."""

    sheets: tuple[SheetReport, ...]
    problems: tuple[FileProblem, ...]
