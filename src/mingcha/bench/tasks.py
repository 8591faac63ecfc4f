"""The measurements: each takes and gives JSON-able values and runs in a process of its own (see ``child``)."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from statistics import median
from typing import Any

import duckdb

from mingcha import api
from mingcha.bench import others
from mingcha.bench.child import TooLong, measured
from mingcha.bench.lake import Lake, opened, plain_query, plain_rules, scan
from mingcha.comparison import Comparison
from mingcha.engines import RuleRun
from mingcha.outputs.csv_files import write_findings_csv
from mingcha.parameters import load_parameters
from mingcha.snapshots import Workspace

#: The county measured is always the same one.
AS_OF = date(2023, 6, 30)
SEED = 1
_TIMES = 3
#: Seconds after which a plain query is stopped: longer than all rules take here, and some would take minutes.
_PLAIN_BOUND = 15.0
#: Planning cannot be stopped from within: such a query is ended from without, so long after its bound. Its process has
#: to start before.
_PLAIN_START = 5.0


def _timed(work: Callable[[], Any]) -> tuple[Any, float]:
    start = time.perf_counter()
    done = work()
    return done, time.perf_counter() - start


def simulate(folder: str, scale: str, residents: int | None = None, to: str | None = None) -> dict[str, Any]:
    """Writes a county or province. residents: of a province, fewer than there are; to: snapshots or csv."""
    more: dict[str, Any] = {"residents": residents} if residents else {}
    if to:
        more["to"] = to
    report, seconds = _timed(lambda: api.simulate(Path(folder), scale=scale, seed=SEED, as_of=AS_OF, **more))
    files = [path for path in Path(folder).rglob("*") if path.is_file()]
    return {
        "seconds": round(seconds, 1),
        "files": len(files),
        "mib": round(sum(path.stat().st_size for path in files) / 1024**2),
        "residents": report.residents,
        "recipients": report.recipients,
        "planted": report.planted,
    }


def take_in(folder: str, workspace: str) -> dict[str, Any]:
    """Intake alone: files to snapshots."""
    files, seconds = _timed(lambda: api.take_in(Path(folder), Path(workspace)))
    sheets = [sheet for file in files for sheet in file.sheets if sheet["dataset"]]
    rows = sum(sheet["read"] for sheet in sheets)
    return {
        "seconds": round(seconds, 2), "files": len(files), "sheets": len(sheets), "rows": rows,
        "rows_a_second": round(rows / seconds),
    }  # fmt: skip


def compare(folder: str, workspace: str, out: str) -> dict[str, Any]:
    """The whole job: folder to findings, workbook and report."""
    result, seconds = _timed(lambda: api.compare(Path(folder), as_of=AS_OF, out=Path(out), workspace=Path(workspace)))
    states = [rule.state for rule in result.rules]
    return {
        "seconds": round(seconds, 2),
        "rows": sum(sheet.read for sheet in result.intake.sheets),
        "findings": result.findings.num_rows,
        "rule_seconds": {rule.id: round(rule.seconds, 3) for rule in result.rules},
        "states": {state: states.count(state) for state in sorted(set(states))},
    }


def rules(workspace: str, params: str, out: str, times: int = _TIMES) -> dict[str, Any]:
    """All rules on snapshots, nothing kept from before, findings written; the median of some runs, beside a scan.

    A run begins with the first rule, builds findings with names, numbers and evidence, and ends with findings.csv.
    """
    place, given = Path(workspace), Path(params)
    with opened(place, given, AS_OF) as lake:
        looks = [scan(lake) for _ in range(times)]
        keys, size = lake.keys, lake.bytes
    runs: list[_RulesRun] = []
    for _ in range(times):
        shutil.rmtree(place / "cache", ignore_errors=True)
        runs.append(_run_rules(place, keys, given, Path(out)))
    seconds = median(each.seconds for each in runs)
    last = runs[-1]
    one = median(taken for _, taken in looks)
    return {
        "rows": looks[0][0],
        "snapshots_mib": round(size / 1024**2),
        "scan_seconds": round(one, 3),
        "seconds": round(seconds, 3),
        "scans": round(seconds / one, 2),
        "runs": [round(each.seconds, 3) for each in runs],
        "findings": last.findings,
        "rule_seconds": {run.rule.id: round(run.seconds, 4) for run in last.rules},
        "view_seconds": {name: round(each, 4) for name, each in last.views.items()},
        "skipped": {run.rule.id: run.reason for run in last.rules if run.state == "skipped"},
    }


@dataclass(frozen=True)
class _RulesRun:
    """All rules once: seconds from the first rule to findings.csv."""

    seconds: float
    findings: int
    rules: tuple[RuleRun, ...]
    views: Mapping[str, float]


def _run_rules(workspace: Path, keys: list[str], params: Path, out: Path) -> _RulesRun:
    out.mkdir(parents=True, exist_ok=True)
    parameters = load_parameters(AS_OF, [params])
    with Workspace(workspace) as space, space.begin() as change, duckdb.connect() as con:
        comparison = Comparison(space, change, con, parameters)
        comparison.recall(keys)
        start = time.perf_counter()
        comparison.run()
        findings = comparison.findings().findings
        write_findings_csv(findings, out / "findings.csv")
        seconds = time.perf_counter() - start
        done = _RulesRun(seconds, findings.num_rows, comparison.runs, comparison.view_seconds)
        comparison.close()
        change.commit()
    return done


def plain(workspace: str, params: str, rules: list[str] | None = None) -> dict[str, Any]:
    """The same rules as one plain SQL query each, every view written out within it, on the same Parquet.

    rules   these alone; None = all that run
    """
    with opened(Path(workspace), Path(params), AS_OF) as lake:
        asked = rules or plain_rules(lake)
    seconds: dict[str, float] = {}
    for rule in asked:
        try:
            found = measured(
                "plain_rule", workspace=workspace, params=params, rule=rule, within=_PLAIN_BOUND + _PLAIN_START
            )
        except TooLong:
            found = {"seconds": _PLAIN_BOUND}
        if found["seconds"] is not None:
            seconds[rule] = found["seconds"]
    return {
        "seconds": round(sum(seconds.values()), 3),
        "rule_seconds": {rule: round(each, 4) for rule, each in seconds.items()},
        "bound": _PLAIN_BOUND,
        "stopped": sorted(rule for rule, each in seconds.items() if each >= _PLAIN_BOUND),
        "failed": sorted(set(asked) - set(seconds)),
    }


def plain_rule(workspace: str, params: str, rule: str) -> dict[str, Any]:
    """One rule as a plain query, in a process of its own."""
    with opened(Path(workspace), Path(params), AS_OF) as lake:
        return {"seconds": plain_query(lake, rule, _PLAIN_BOUND)}


def polars(workspace: str, params: str, out: str) -> dict[str, Any]:
    """Rules that Polars can answer from the same two views, beside DuckDB; the findings must be the same."""
    with opened(Path(workspace), Path(params), AS_OF) as lake:
        return others.beside_polars(lake, Path(out))


def office(xlsx: str, other: str) -> dict[str, Any]:
    """The office way: openpyxl and dictionaries. Reads two lists and names who stands on both."""
    return others.office_way(Path(xlsx), Path(other))


def make_lists(folder: str, register: str, payments: str, rows: int, text_rows: int) -> dict[str, Any]:
    """Writes one large list as .csv and as .xlsx from the county's register, and one of what banks sent back."""
    return others.write_lists(Path(folder), Path(register), Path(payments), rows, text_rows)


TASKS: Mapping[str, Callable[..., Mapping[str, Any]]] = {
    "simulate": simulate,
    "take_in": take_in,
    "compare": compare,
    "rules": rules,
    "plain": plain,
    "plain_rule": plain_rule,
    "polars": polars,
    "office": office,
    "make_lists": make_lists,
}

__all__ = ["AS_OF", "SEED", "TASKS", "Lake"]
