"""Takes in a folder: files → raw sheets → plans → snapshots, into a workspace change.

A file whose content, place and mappings an earlier run already met is not read again: its snapshots stand.
"""

from __future__ import annotations

import gc
import hashlib
import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass, field, replace
from itertools import chain, islice
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from mingcha.datasets import columns_digest, load_catalogue
from mingcha.errors import WorkspaceError
from mingcha.intake.containers import KnownFile, read_folder, start_readers
from mingcha.intake.convert import INTAKE_VERSION, REJECTS, Converted, Memory, convert
from mingcha.intake.converters import Converters, Typists
from mingcha.intake.model import FileProblem, IntakeReport, RawSheet, SheetPlan, SheetReport
from mingcha.intake.recognise import Context, build_context, plan_sheet, unfold_forms
from mingcha.progress import Progress, Silent
from mingcha.snapshots import Change, SnapshotRef, Workspace
from mingcha.vault.pseudonyms import Pseudonymiser


@dataclass(frozen=True)
class Intake:
    """What a folder gave: the report and the snapshots behind it, with each table's rejects file.

    deliveries   file → its delivery key
    """

    report: IntakeReport
    snapshots: tuple[SnapshotRef, ...]
    rejects: tuple[Path, ...]
    deliveries: Mapping[str, str] = field(default_factory=dict)


def recall(workspace: Workspace, keys: Iterable[str]) -> Intake:
    """What earlier runs made of files, by their delivery keys: nothing is read again.

    Raises WorkspaceError where the workspace does not hold one of them.
    """
    reports: list[SheetReport] = []
    problems: list[FileProblem] = []
    named: dict[str, str] = {}
    snapshots: list[SnapshotRef] = []
    rejects: list[Path] = []
    for key in keys:
        record = workspace.delivery(key)
        if record is None:
            raise WorkspaceError("有一份报送文件的快照不在工作区里。", remedy="请重新上传这份文件。")
        named[record["file"]] = key
        sheets = [_report_from(sheet) for sheet in record["sheets"]]
        reports += sheets
        problems += [FileProblem(**problem) for problem in record["problems"]]
        kept = [sheet for sheet in sheets if sheet.snapshot and sheet.dataset]
        # by delivery, not by name: an older one may have a file of the same name, written with other columns
        snapshots += [_ref(workspace, sheet, record.get("columns", {})) for sheet in kept if _tells(sheet)]
        rejects += [workspace.rejects_path(str(sheet.snapshot)) for sheet in kept]
    return Intake(IntakeReport(tuple(reports), tuple(problems)), tuple(snapshots), tuple(rejects), named)


def take_in(
    folder: Path,
    workspace: Workspace,
    change: Change,
    con: duckdb.DuckDBPyConnection,
    *,
    exclude: tuple[Path, ...] = (),
    progress: Progress | None = None,
) -> Intake:
    """Reads every file of the folder; what it accepts is staged in the change as snapshots.

    Raises UsageError where the folder or a mapping file cannot be read.
    """
    known = _Known(workspace)
    with (
        closing(_Originals(folder, workspace, change)) as originals,
        ThreadPoolExecutor(1, thread_name_prefix="mingcha-first") as aside,
        closing(known),
        closing(start_readers()) as readers,
    ):
        items = read_folder(
            *(folder, change.staging / "raw"), exclude=exclude, readers=readers, known=known.holds, begun=originals.seal
        )
        # read while the context is built; where that fails, the readers are ended first and this with them
        first = aside.submit(lambda: list(islice(items, 1)))
        context = known.after(lambda: build_context(folder, workspace.mappings))
        run = _Run(workspace, change, con, context, progress or Silent())
        with closing(run), _small_memory(con), _settled():
            for item in chain(first.result(), items):
                run.add(item)
            # what was learnt is known only after the last sheet
            for fingerprint, mapping in context.to_remember().items():
                change.remember_mapping(fingerprint, mapping)
            originals.keep(run.contents)
            return run.finish()


class _Originals:
    """Keeps the delivered files, sealed beside their being read: nobody is waiting for a core then."""

    def __init__(self, folder: Path, workspace: Workspace, change: Change) -> None:
        self._folder = folder
        self._workspace = workspace
        self._change = change
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="mingcha-seal")
        self._sealing: dict[str, tuple[Path, Future[None]]] = {}

    def seal(self, file: str, sha256: str) -> None:
        """Begins to seal a file of this content, unless that is kept already."""
        vault, source = self._workspace.vault, self._folder / file
        is_kept = sha256 in self._sealing or vault.original_path(sha256).exists()
        if not self._workspace.keep_originals or is_kept or not source.exists():
            return
        target = self._change.stage(vault.original_path(sha256))
        self._sealing[sha256] = target, self._pool.submit(vault.seal_file, source, target)

    def keep(self, contents: Collection[str]) -> None:
        """Waits for all; what gave no sheet is not kept. Raises what sealing a kept one raised."""
        for sha256, (target, sealed) in self._sealing.items():
            if sha256 in contents:
                sealed.result()
            else:
                sealed.exception()
                target.unlink(missing_ok=True)

    def close(self) -> None:
        """Ends what is still to be sealed."""
        self._pool.shutdown(cancel_futures=True)


class _Known:
    """Tells the files that an earlier run read with the same mappings. Who asks before these are known waits.

    Close it before you wait for those who ask.
    """

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._contents = workspace.content_known()
        self._mappings: Future[str] = Future()

    def after(self, prepare: Callable[[], Context]) -> Context:
        """The context; its mappings are known from now on. Raises what the preparing raises."""
        context = prepare()
        self._mappings.set_result(context.state())
        return context

    def close(self) -> None:
        """Nobody waits on: who still asks is told that there will be no answer."""
        self._mappings.cancel()

    def holds(self, sha256: str, file: str) -> bool:
        """Whether an earlier run read this very file."""
        if sha256 not in self._contents:
            return False
        return self._workspace.delivery(_delivery_key(sha256, file, self._mappings.result())) is not None


def _delivery_key(sha256: str, file: str, mappings: str) -> str:
    """What a file's reading depends on: its bytes, its name (which may tell month and township), mappings, us."""
    facts = [sha256, file, mappings, INTAKE_VERSION]
    return hashlib.sha256(json.dumps(facts).encode()).hexdigest()


#: What DuckDB may keep in memory during intake, children that read files beside it; beyond that it goes to disk.
_MEMORY = "256MiB"


@contextmanager
def _small_memory(con: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Holds DuckDB to the intake's share of memory, then gives it back what it had."""
    (before,) = con.execute("SELECT current_setting('memory_limit')").fetchall()[0]
    con.execute(f"SET memory_limit = '{_MEMORY}'")
    try:
        yield
    finally:
        con.execute(f"SET memory_limit = '{before}'")


@contextmanager
def _settled() -> Iterator[None]:
    """Whatever is loaded by now is not looked through for garbage until the block ends: a twentieth of the time."""
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


class _Run:
    """One pass over a folder. Sheets are recognised in order, one at a time, and converted side by side meanwhile."""

    def __init__(
        self,
        workspace: Workspace,
        change: Change,
        con: duckdb.DuckDBPyConnection,
        context: Context,
        progress: Progress,
    ) -> None:
        self._workspace = workspace
        self._change = change
        self._converters = Converters(con)
        self._typists = Typists(con)
        self._memory = Memory()
        self._context = context
        self._progress = progress
        self._keys = Pseudonymiser.of(workspace.keys)
        self._mapping_state = context.state()
        self._by_file: dict[str, tuple[str, list[SheetReport | Future[SheetReport]]]] = {}
        self._columns: dict[str, Mapping[str, str]] = {}
        self._problems: list[FileProblem] = []

    @property
    def contents(self) -> set[str]:
        """SHA-256 of every file that gave a sheet."""
        return {sha256 for sha256, _ in self._by_file.values()}

    def delivery_key(self, sha256: str, file: str) -> str:
        """The key under which a file of this run is recorded."""
        return _delivery_key(sha256, file, self._mapping_state)

    def add(self, item: RawSheet | FileProblem | KnownFile) -> None:
        """One thing the reader yields."""
        if isinstance(item, FileProblem):
            self._problems.append(item)
        elif isinstance(item, KnownFile):
            self._recall(item)
        else:
            self._read(item)
        name = item.file
        self._progress.step("读取文件", len(self._by_file) + len(self._problems), None, name)

    def _recall(self, item: KnownFile) -> None:
        record = self._workspace.delivery(self.delivery_key(item.sha256, item.file))
        if record is None:  # the reader was told so a moment ago
            raise AssertionError(item.file)
        self._by_file[item.file] = (item.sha256, [_report_from(sheet) for sheet in record["sheets"]])
        self._columns[item.file] = record.get("columns", {})
        self._problems += [FileProblem(**problem) for problem in record["problems"]]

    def _read(self, raw: RawSheet) -> None:
        if raw.file not in self._by_file:
            self._by_file[raw.file] = (raw.sha256, [])
        _, reports = self._by_file[raw.file]
        sheet = unfold_forms(raw, self._context)
        jobs: list[Future[SheetReport]] = []
        try:
            for table, plan in enumerate(plan_sheet(sheet, self._context)):
                if plan.dataset is None:
                    reports.append(self._unrecognised(sheet, plan))
                else:
                    jobs.append(self._converters.submit(self._conversion(sheet, plan, table)))
                    reports.append(jobs[-1])
        finally:
            # both hold clear numbers
            self._converters.after(jobs, lambda: _remove(raw.data, sheet.data))

    def _unrecognised(self, raw: RawSheet, plan: SheetPlan) -> SheetReport:
        return SheetReport(**_plan_facts(raw, plan), **_NOTHING, notes=raw.notes + plan.notes)

    def _conversion(
        self, raw: RawSheet, plan: SheetPlan, table: int
    ) -> Callable[[duckdb.DuckDBPyConnection], SheetReport]:
        """The work on one table of a sheet; its number and its files are settled now, in the order of the sheets."""
        if plan.dataset is None:
            raise AssertionError("unrecognised sheets are not converted")
        sheet_id = self._change.sheet_id_of(f"{self.delivery_key(raw.sha256, raw.file)}|{raw.sheet}|{table}")
        snapshot_id = (
            f"s{sheet_id:07d}-{hashlib.sha256(f'{raw.sha256}{raw.file}{raw.sheet}'.encode()).hexdigest()[:12]}"
        )
        lake = self._workspace.snapshot(plan.dataset, snapshot_id).path
        out = self._change.stage(lake)
        rejects = self._change.stage(self._workspace.rejects_path(snapshot_id))
        segment = self._change.stage(self._workspace.vault.segment_path(snapshot_id))

        def work(con: duckdb.DuckDBPyConnection) -> SheetReport:
            with self._workspace.vault.segment(segment, snapshot_id) as vault:
                done = convert(
                    *(raw, plan), sheet_id=sheet_id, keys=self._keys, con=con, out=out, seal=vault.add,
                    memory=self._memory, side_by_side=self._typists.each,
                )  # fmt: skip
            pq.write_table(done.rejects, rejects)
            return SheetReport(
                **_plan_facts(raw, plan), **_counts(done, snapshot_id, sheet_id), notes=_notes(raw, plan, done)
            )

        return work

    def close(self) -> None:
        """Ends what is still being converted."""
        self._converters.close()
        self._typists.close()

    def finish(self) -> Intake:
        """Records every file in the change and gathers the report."""
        reports: list[SheetReport] = []
        for file in sorted(self._by_file):
            sha256, found = self._by_file[file]
            sheets = [sheet.result() if isinstance(sheet, Future) else sheet for sheet in found]
            self._columns.setdefault(file, _digests(sheets))
            self._record(file, sha256, sheets)
            reports += sheets
        kept = [sheet for sheet in reports if sheet.snapshot and sheet.dataset]
        snapshots = tuple(self._locate(sheet) for sheet in kept if _tells(sheet))
        rejects = tuple(self._change.staged(self._workspace.rejects_path(str(sheet.snapshot))) for sheet in kept)
        problems = tuple(sorted(self._problems, key=lambda problem: (problem.file, problem.message)))
        named = {file: self.delivery_key(sha256, file) for file, (sha256, _) in self._by_file.items()}
        return Intake(IntakeReport(tuple(reports), problems), snapshots, rejects, named)

    def _record(self, file: str, sha256: str, sheets: list[SheetReport]) -> None:
        problems = [asdict(problem) for problem in self._problems if problem.file == file]
        record = {
            "file": file,
            "sha256": sha256,
            "sheets": [asdict(sheet) for sheet in sheets],
            "columns": dict(self._columns[file]),
            "problems": problems,
        }
        self._change.add_delivery(self.delivery_key(sha256, file), record)

    def _locate(self, sheet: SheetReport) -> SnapshotRef:
        ref = _ref(self._workspace, sheet, self._columns[sheet.file])
        return replace(ref, path=self._change.staged(ref.path))


def _ref(workspace: Workspace, sheet: SheetReport, columns: Mapping[str, str]) -> SnapshotRef:
    """The snapshot of a sheet. columns: dataset → digest of what its delivery's snapshots hold."""
    dataset = str(sheet.dataset)
    return workspace.snapshot(dataset, str(sheet.snapshot), columns.get(dataset, ""))


def _digests(sheets: Collection[SheetReport]) -> dict[str, str]:
    """Dataset → digest of the columns that its snapshots are written with today."""
    datasets = load_catalogue().datasets
    return {name: columns_digest(datasets[name]) for sheet in sheets if (name := sheet.dataset) and sheet.snapshot}


def _remove(*paths: Path) -> None:
    for path in paths:
        path.unlink(missing_ok=True)


def _tells(sheet: SheetReport) -> bool:
    """Whether a sheet counts as delivered: no rows says that there are none, refused rows alone say nothing."""
    return sheet.read == 0 or sheet.accepted + sheet.doubtful > 0


_NOTHING: Mapping[str, Any] = {
    "read": 0,
    "accepted": 0,
    "doubtful": 0,
    "rejected": 0,
    "skipped": {},
    "reasons": {},
    "doubts": {},
    "snapshot": None,
    "sheet_id": None,
}


def _plan_facts(raw: RawSheet, plan: SheetPlan) -> dict[str, Any]:
    return {
        "file": raw.file,
        "sheet": raw.sheet,
        "dataset": plan.dataset,
        "header_rows": plan.header_rows,
        "columns": {column.field: column.header for column in plan.columns},
        "roll_month": plan.roll_month,
        "confidence": plan.confidence,
        "nearest": plan.nearest,
        "unfit": plan.unfit,
        "fingerprint": plan.fingerprint,
    }


def _counts(done: Converted, snapshot_id: str, sheet_id: int) -> dict[str, Any]:
    return {
        "read": done.read,
        "accepted": done.accepted,
        "doubtful": done.doubtful,
        "rejected": done.rejected,
        "skipped": dict(done.skipped),
        "reasons": dict(done.reasons),
        "doubts": dict(done.doubts),
        "snapshot": snapshot_id,
        "sheet_id": sheet_id,
    }


def _notes(raw: RawSheet, plan: SheetPlan, done: Converted) -> tuple[str, ...]:
    return raw.notes + plan.notes + tuple(done.notes)


def _report_from(stored: Mapping[str, Any]) -> SheetReport:
    """A report as the manifest kept it: JSON has no tuples."""
    changed = {
        "header_rows": tuple(stored["header_rows"]),
        "nearest": tuple((name, score) for name, score in stored["nearest"]),
        "unfit": tuple(stored["unfit"]),
        "notes": tuple(stored["notes"]),
    }
    return SheetReport(**{**stored, **changed})


def read_rejects(paths: tuple[Path, ...]) -> pa.Table:
    """All refused and doubtful rows of a run, in file order."""
    tables = [pq.read_table(path) for path in paths]
    return pa.concat_tables(tables) if tables else REJECTS.empty_table()
