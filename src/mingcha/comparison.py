"""One comparison, step by step: read the folder, run the rules, gather the result.

``mingcha.api`` opens the workspace and decides when the work becomes real; this module knows the order of the steps.
"""

from __future__ import annotations

import os
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import duckdb
import pyarrow as pa

from mingcha.engines import Bounds, DuckDBEngine, Engine, ResultCache, RuleRun, Tables, run_on
from mingcha.errors import RuleError
from mingcha.findings import Built, Named, Reveal, build_findings, finds_sentence, persons_named, rows_named
from mingcha.findings.merge import SHEET_SHIFT
from mingcha.findings.result import REJECTED_COLUMNS, ComparisonResult, ParameterInForce, RuleOutcome
from mingcha.intake.folder import Intake, read_rejects, recall, take_in
from mingcha.intake.model import SheetReport
from mingcha.machine import check_disk, check_memory, memory_for, memory_for_intake
from mingcha.parameters import Parameters
from mingcha.progress import Progress, Silent
from mingcha.rules import Rulebook, load_rulebook
from mingcha.rules.catalogue import rules_by_parameter
from mingcha.snapshots import Change, Workspace
from mingcha.values.divisions import load_divisions

#: Programmes as the report counts who is covered: code of the view ``aid_person`` → label.
PROGRAMMES = {
    "DB": "低保",
    "TK": "特困",
    "ET": "孤儿和事实无人抚养儿童",
    "CJ": "残疾人两项补贴",
    "BY": "低保边缘和刚性支出困难",
}
#: What the packs say of values that were made up to show the rules.
_FICTITIOUS = "虚构"


def read_into(
    workspace: Workspace,
    change: Change,
    con: duckdb.DuckDBPyConnection,
    folder: Path,
    *,
    exclude: tuple[Path, ...] = (),
    progress: Progress | None = None,
    bounds: Bounds | None = None,
) -> Intake:
    """Takes a folder in, with no comparison to follow: neither rules nor parameters are looked at.

    Raises UsageError where it or a mapping file cannot be read, MingchaError for want of disk or memory.
    """
    _bind(con, change, bounds or Bounds())
    check_disk(workspace.folder, files=_bytes_in(folder, exclude))
    return take_in(folder, workspace, change, con, exclude=exclude, progress=progress or Silent())


def _bind(con: duckdb.DuckDBPyConnection, change: Change, bounds: Bounds) -> None:
    """Holds the connection to the bounds of a run."""
    # said before anything is done, where it can be known
    check_memory(bounds.memory)
    # what does not fit in memory holds clear numbers: it lies with the run's other drafts and goes with them
    con.execute(f"SET temp_directory = '{_escaped(change.staging / 'spill')}'")
    con.execute(f"SET memory_limit = '{bounds.memory or memory_for_intake()}B'")


class Comparison:
    """The steps of one comparison, called in order: read, run, result."""

    def __init__(
        self,
        workspace: Workspace,
        change: Change,
        con: duckdb.DuckDBPyConnection,
        parameters: Parameters,
        progress: Progress | None = None,
        bounds: Bounds | None = None,
        own_rules: Sequence[Path] = (),
    ) -> None:
        self._bounds = bounds or Bounds()
        self._workspace = workspace
        self._change = change
        self._con = con
        self._parameters = parameters
        self._progress = progress or Silent()
        _bind(con, change, self._bounds)
        self._rulebook = load_rulebook(own_rules)
        self._intake: Intake | None = None
        self._tables: Tables | None = None
        self._keeping: Future[None] | None = None
        self._runs: list[RuleRun] = []

    def read(self, folder: Path, exclude: tuple[Path, ...] = ()) -> None:
        """Takes the folder in.

        Raises UsageError where it or a mapping file cannot be read, MingchaError for want of disk.
        """
        self._intake = read_into(
            *(self._workspace, self._change, self._con, folder), exclude=exclude, progress=self._progress,
            bounds=self._bounds,
        )  # fmt: skip

    def recall(self, keys: Iterable[str]) -> None:
        """Takes what earlier runs read, by delivery key. Raises WorkspaceError where one is not there."""
        self._intake = recall(self._workspace, keys)

    @property
    def intake(self) -> Intake:
        """What was read."""
        return self._read()

    @property
    def recognised(self) -> bool:
        """Whether any sheet was recognised."""
        return any(sheet.dataset for sheet in self._read().report.sheets)

    def run(self, rules: Collection[str] = (), engine: Engine | None = None) -> None:
        """Runs the rules (empty: all) on what was read.

        engine   None = DuckDB on this comparison's connection; one that is given has to live until ``result`` is there
        Raises UsageError for an unknown rule, MingchaError for want of disk.
        """
        size = sum(ref.path.stat().st_size for ref in self._read().snapshots if ref.path.exists())
        check_disk(self._workspace.folder, snapshots=size)
        bounds = replace(self._bounds, memory=self._bounds.memory or memory_for(size))
        cache = ResultCache(self._workspace.cache, place=self._change.stage)
        cache.sweep()
        engine = engine or self._shut_in(bounds)
        self._tables = Tables(engine, self._rulebook, self._parameters, self._read().snapshots, cache)
        self._runs = run_on(self._tables, only=rules, progress=self._progress)

    def _shut_in(self, bounds: Bounds) -> DuckDBEngine:
        """An engine that reaches the run's data and its drafts and nothing else."""
        drafts = self._change.staging / "together"
        engine = DuckDBEngine(self._con, bounds, drafts, self._parameters.work_calendar)
        lake = {ref.path.parent for ref in self._read().snapshots}
        has_own = any(rule.own for rule in self._rulebook.rules.values())
        engine.share_cores()
        engine.confine([*sorted(lake), self._workspace.cache, self._change.staging], has_own=has_own)
        return engine

    def result(self, folder: Path, *, reveal: bool = False, start: float | None = None) -> ComparisonResult:
        """What the run gave; asked once. start: ``time.perf_counter()`` at its beginning."""
        return self._result(self._ran(), folder, reveal=reveal, start=start)

    def findings(self) -> Built:
        """The findings alone, after ``run``: what a benchmark of the rules measures."""
        return self._findings(self._read(), self._ran(), reveal=False)

    @property
    def runs(self) -> tuple[RuleRun, ...]:
        """What each rule did."""
        return tuple(self._runs)

    @property
    def view_seconds(self) -> dict[str, float]:
        """Shared view → seconds it took to work out."""
        return dict(self._ran().seconds)

    def close(self) -> None:
        """Waits for what is kept for later runs and gives back what the engine holds; safe to repeat."""
        keeping, self._keeping = self._keeping, None
        try:
            if keeping is not None:
                keeping.result()
        finally:
            if self._tables is not None:
                self._tables.engine.close()

    def _result(self, tables: Tables, folder: Path, *, reveal: bool, start: float | None) -> ComparisonResult:
        intake = self._read()
        self._progress.step("整理疑点", 0, None)
        built = self._findings(intake, tables, reveal=reveal)
        findings = built.findings
        given = in_force(self._rulebook, self._parameters)
        return ComparisonResult(
            as_of=self._parameters.as_of,
            county=load_divisions().home.name,
            folder=folder.resolve().name,
            is_fictitious=any(_FICTITIOUS in f"{item.source}{item.status}" for item in given),
            findings=findings,
            links=built.links,
            rejected=_rejected(intake),
            intake=intake.report,
            rules=self._outcomes(findings),
            parameters=tuple(given),
            covered=_covered(tables),
            revealed=reveal,
            seconds=time.perf_counter() - start if start is not None else 0.0,
            view_seconds=dict(tables.seconds),
        )

    def _read(self) -> Intake:
        if self._intake is None:
            raise AssertionError("read comes first")
        return self._intake

    def _ran(self) -> Tables:
        if self._tables is None:
            raise AssertionError("run comes before result")
        return self._tables

    def _findings(self, intake: Intake, tables: Tables, *, reveal: bool) -> Built:
        rows = rows_named(self._runs)
        segments = _nearest_first(intake, rows)
        vault, place = self._workspace.vault, self._change.staged

        def numbers_of(keys: Sequence[int]) -> Mapping[int, str]:
            return vault.reveal("person", keys, segments, place=place)

        with ThreadPoolExecutor(max_workers=1, thread_name_prefix="mingcha-after") as pool:
            # the rows of all rules are laid out meanwhile
            named = pool.submit(_named, tables, self._runs, intake, rows)
            built = self._built(intake, named.result, numbers_of, reveal=reveal)
        # whoever wants the findings waits no longer; the views are written down for later runs beside the outputs
        keeper = ThreadPoolExecutor(max_workers=1, thread_name_prefix="mingcha-keep")
        self._keeping = keeper.submit(tables.engine.keep)
        keeper.shutdown(wait=False)
        return built

    def _built(self, intake: Intake, named: Callable[[], Named], numbers_of: Reveal, *, reveal: bool) -> Built:
        return build_findings(
            self._runs,
            con=self._con.cursor(),
            named=named,
            sheets=_sheets(intake.report.sheets),
            key=self._workspace.keys.findings,
            reveal=numbers_of,
            as_of=self._parameters.as_of,
            revealed=reveal,
        )

    def _outcomes(self, findings: pa.Table) -> tuple[RuleOutcome, ...]:
        grouped = findings.group_by("rule_id").aggregate([("finding_id", "count"), ("amount", "sum")]).to_pylist()
        found = {row["rule_id"]: (row["finding_id_count"], row["amount_sum"]) for row in grouped}
        return tuple(_outcome(run, *found.get(run.rule.id, (0, None))) for run in self._runs)


def in_force(rulebook: Rulebook, parameters: Parameters) -> list[ParameterInForce]:
    """Every policy parameter on the comparison date, with the rules that take it."""
    rules = rules_by_parameter(rulebook)
    return [
        ParameterInForce(
            key=item.key,
            value=item.value,
            unit=item.unit,
            effective_from=item.effective_from,
            effective_to=item.effective_to,
            region=item.region,
            source=item.source,
            status=item.status,
            rules=rules.get(item.key, ()),
        )
        for item in parameters.in_force()
    ]


def _bytes_in(folder: Path, exclude: Collection[Path]) -> int:
    """Size of the files of a folder, those below excluded places left out."""
    outside = [path.resolve() for path in exclude]
    files = (path for path in folder.rglob("*") if path.is_file())
    return sum(
        path.stat().st_size for path in files if not any(path.resolve().is_relative_to(each) for each in outside)
    )


def _escaped(path: Path) -> str:
    return os.fspath(path).replace("'", "''")


def _named(tables: Tables, runs: Sequence[RuleRun], intake: Intake, rows: Collection[int]) -> Named:
    """Whom and what the findings speak of: asked for these alone, for the register holds everybody."""
    asked = [
        ("person", "asked_person", persons_named(runs)),
        ("payment_month", "asked_row", _of_dataset(rows, intake, "payment")),
    ]
    with ThreadPoolExecutor(max_workers=max(1, min(len(asked), tables.engine.workers))) as pool:
        persons, months = pool.map(lambda each: _answer(tables, *each), asked)
    return Named(persons, months)


def _nearest_first(intake: Intake, rows: Collection[int]) -> list[str]:
    """The vault's segments, those first in which most of the rows stand: the register's often stay shut.

    A key has the same number wherever it stands, so the order decides the time alone.
    """
    counts = Counter(row_id >> SHEET_SHIFT for row_id in rows)
    named = {sheet.snapshot: counts[sheet.sheet_id] for sheet in intake.report.sheets if sheet.sheet_id is not None}
    return sorted((ref.id for ref in intake.snapshots), key=lambda snapshot: (-named.get(snapshot, 0), snapshot))


def _answer(tables: Tables, view: str, asked: str, keys: Collection[int]) -> pa.Table | None:
    """A view's rows; None where nothing is asked or it does not run: its rules were skipped with the reason."""
    try:
        return tables.answer(view, asked, keys) if keys else None
    except RuleError:
        return None


def _of_dataset(row_ids: Collection[int], intake: Intake, dataset: str) -> list[int]:
    wanted = {sheet.sheet_id for sheet in intake.report.sheets if sheet.dataset == dataset}
    return [row_id for row_id in row_ids if row_id >> SHEET_SHIFT in wanted]


def _sheets(reports: Sequence[SheetReport]) -> pa.Table:
    kept = [sheet for sheet in reports if sheet.sheet_id is not None]
    names = ("sheet_id", "dataset", "file", "sheet", "roll_month")
    types = {"sheet_id": pa.int64()}
    return pa.table(
        {name: pa.array([getattr(sheet, name) for sheet in kept], types.get(name, pa.string())) for name in names}
    )


def _rejected(intake: Intake) -> pa.Table:
    return read_rejects(intake.rejects).select(list(REJECTED_COLUMNS))


def _covered(tables: Tables) -> dict[str, int]:
    """Programme label → persons on its roll on the comparison date; programmes without a roll are left out."""
    try:
        rows = tables.rows("covered").to_pylist()
    except RuleError:
        return {}
    found = {row["program"]: int(row["persons"]) for row in rows}
    return {label: found[code] for code, label in PROGRAMMES.items() if code in found}


def _outcome(run: RuleRun, findings: int, amount: Decimal | None) -> RuleOutcome:
    rule = run.rule
    return RuleOutcome(
        id=rule.id,
        title=rule.title,
        severity=rule.severity,
        clauses=rule.clauses,
        finds=finds_sentence(rule, run.values),
        law=rule.law,
        verify=rule.verify,
        false_hits=rule.false_hits,
        state=run.state,
        reason=run.reason,
        findings=findings,
        amount=amount,
        seconds=run.seconds,
    )
