"""The steps of a conversion, in order."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa

from mingcha.clock import today
from mingcha.intake.convert.carry import find_fills
from mingcha.intake.convert.cells import Memory
from mingcha.intake.convert.facts import find_facts
from mingcha.intake.convert.keys import Seal
from mingcha.intake.convert.noise import NO_AMOUNT, find_noise, find_unpaid
from mingcha.intake.convert.report import Problems, SnapshotWriter
from mingcha.intake.convert.sheet import FILL, MAX_PARTS, NOISE, RAW, Sheet, open_sheet
from mingcha.intake.convert.typed import Layout, Rows, layout_of, read_rows
from mingcha.intake.model import RawSheet, SheetPlan
from mingcha.vault.pseudonyms import Pseudonymiser

#: Goes up whenever the same file would be read otherwise: files read by an older version are read again.
INTAKE_VERSION = "4"


#: Typed rows, and what the snapshot keeps of them.
Typed = tuple[Rows, pa.Table]
#: Does a piece of work on each of some stretches of a sheet, with a connection of its own; results in order.
SideBySide = Callable[
    [Callable[[duckdb.DuckDBPyConnection, pa.Table], Typed], Iterable[pa.Table]],
    Generator[Typed, None, None],
]


@dataclass(frozen=True)
class Converted:
    """What became of one table: read = accepted + doubtful + rejected.

    skipped  rows that are no data, by kind; not read
    reasons  Chinese reason → rows refused for it; doubts: the same for rows kept with a doubt
    rejects  Arrow, one row a refused or doubtful row, its problems joined: outcome, file, sheet, row, column, field,
             value, reason
    notes    Chinese sentences about whole columns
    """

    read: int
    accepted: int
    doubtful: int
    rejected: int
    skipped: Mapping[str, int]
    reasons: Mapping[str, int]
    doubts: Mapping[str, int]
    rejects: pa.Table
    notes: tuple[str, ...] = ()


def convert(
    raw: RawSheet,
    plan: SheetPlan,
    *,
    sheet_id: int,
    keys: Pseudonymiser,
    con: duckdb.DuckDBPyConnection,
    out: Path,
    seal: Seal,
    memory: Memory | None = None,
    side_by_side: SideBySide | None = None,
) -> Converted:
    """Types one table of a sheet and writes its accepted and doubtful rows to out (Parquet).

    sheet_id  number of the table in the workspace, bound into row_id
    out       the snapshot file, in the columns of ``columns_of``; written even if no row is accepted
    seal      takes the clear values of a stretch as soon as it is typed: they are kept nowhere else
    memory    what other sheets of the run have taught; None: nothing
    side_by_side   types the stretches of a large sheet at once; None: one after the other
    """
    sheet, mapped = open_sheet(raw, plan, keys, con)
    try:
        return _convert(sheet, sheet_id, out, seal, memory or Memory(), side_by_side)
    finally:
        con.unregister(RAW)
        sheet.take_up()
        for table in (NOISE, FILL):
            con.execute(f"DROP TABLE IF EXISTS {table}")
        mapped.close()


def _typed(
    layout: Layout, snapshot: SnapshotWriter, seal: Seal, side_by_side: SideBySide | None
) -> Generator[Typed, None, None]:
    """The typed rows of the sheet, some at a time, in order."""

    def typed(con: duckdb.DuckDBPyConnection, base: pa.Table) -> Typed:
        rows = read_rows(layout.on(con), base)
        for clear in rows.secrets:
            seal(*clear)
        rows.secrets = []
        return rows, snapshot.kept_of(rows)

    stretches = layout.sheet.chunks()
    if side_by_side is None:
        return (typed(layout.sheet.con, base) for base in stretches)
    return side_by_side(typed, stretches)


def _convert(
    sheet: Sheet, sheet_id: int, out: Path, seal: Seal, memory: Memory, side_by_side: SideBySide | None
) -> Converted:
    day = today()
    skipped = find_noise(sheet)
    find_fills(sheet)
    unpaid = find_unpaid(sheet)
    if unpaid:
        skipped[NO_AMOUNT] = unpaid
    sheet.lay_out()
    facts = find_facts(sheet, day)
    layout = layout_of(sheet, facts, day, memory)
    problems = Problems(layout)
    at_once = side_by_side if sheet.is_long else None
    # closed at once where writing fails: what is still being typed looks into the sheet's mapped file
    with SnapshotWriter(sheet, sheet_id, out) as snapshot, closing(_typed(layout, snapshot, seal, at_once)) as typed:
        for rows, kept in typed:
            snapshot.write(kept)
            problems.add(rows)
    notes = list(facts.notes)
    if len(sheet.plan.unpivot) > MAX_PARTS:
        notes.append(f"这张表有{len(sheet.plan.unpivot)}个发放金额列，只读取了前{MAX_PARTS}列，请分成几张表。")
    return Converted(
        problems.read,
        problems.accepted,
        problems.doubtful,
        problems.rejected,
        skipped,
        problems.reasons,
        problems.doubts,
        problems.rejects(),
        tuple(notes),
    )
