"""The public surface: all that the command line and the workbench import."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from mingcha.clock import today
from mingcha.comparison import Comparison
from mingcha.errors import NothingRecognised, UsageError
from mingcha.findings.result import ComparisonResult
from mingcha.outputs import staged_outputs
from mingcha.parameters import demo_overrides, load_parameters
from mingcha.progress import Progress
from mingcha.rules import load_rulebook
from mingcha.rules.catalogue import catalogue_entries, explain
from mingcha.simulate import SimulationReport
from mingcha.simulate import simulate as _simulate
from mingcha.snapshots import Workspace, temporary_workspace

__all__ = ["compare", "demo_overrides", "explain_rule", "rule_catalogue", "simulate"]

#: Policy parameters a folder brings along.
FOLDER_PARAMETERS = "mingcha-params.yaml"


def compare(
    folder: Path,
    *,
    as_of: date | None = None,
    out: Path | None = None,
    workspace: Path | None = None,
    rules: Collection[str] | None = None,
    engine: str = "duckdb",
    params: Path | None = None,
    reveal: bool = False,
    progress: Progress | None = None,
) -> ComparisonResult:
    """Compares a folder as it lies.

    as_of      the comparison date (比对日), default today in China
    out        where the output files go; None = write none
    workspace  folder that keeps snapshots, keys and results between runs; None = a private one, removed at the end
    rules      ids of the rules to run; None = all active ones
    params     YAML that overrides policy parameters; it wins over the folder's own ``mingcha-params.yaml``
    reveal     identity numbers in full
    Raises UsageError (folder, options), NothingRecognised, ParameterError, WorkspaceError. Whatever is raised,
    workspace and earlier outputs are as they were.
    """
    start = time.perf_counter()
    day = as_of or today()
    _check_folder(folder)
    _check_engine(engine)
    parameters = load_parameters(day, [path for path in (params, _own_parameters(folder)) if path])
    exclude = tuple(path for path in (out, workspace) if path)
    with _opened(workspace) as space, space.begin() as change, duckdb.connect() as con:
        comparison = Comparison(space, change, con, parameters, progress)
        comparison.read(folder, exclude)
        if not comparison.recognised:
            raise NothingRecognised(
                "文件夹里没有能认出来的表格。",
                remedy="请确认放的是各部门交来的名册或台账；认不出的表可以写 mingcha-mapping.yaml 说明。",
            )
        comparison.run(rules or ())
        result = comparison.result(folder, reveal=reveal, start=start)
        if out is None:
            change.commit()
        else:
            with staged_outputs(result, out) as publish:
                change.commit()
                publish()
    return result


def _check_folder(folder: Path) -> None:
    if not folder.is_dir():
        raise UsageError(f"找不到文件夹“{folder}”。", remedy="请检查路径。")
    try:
        next(folder.iterdir(), None)
    except OSError as error:
        raise UsageError(f"文件夹“{folder}”打不开。", remedy="请检查读取权限。") from error


def _check_engine(engine: str) -> None:
    if engine != "duckdb":
        raise UsageError(f"这个版本还没有计算引擎“{engine}”。", remedy="请用 --engine duckdb。")


def _own_parameters(folder: Path) -> Path | None:
    path = folder / FOLDER_PARAMETERS
    return path if path.is_file() else None


@contextmanager
def _opened(folder: Path | None) -> Iterator[Workspace]:
    if folder is None:
        with temporary_workspace() as space:
            yield space
    else:
        with Workspace(folder) as space:
            yield space


def simulate(
    folder: Path,
    *,
    scale: str = "township",
    seed: int = 1,
    as_of: date | None = None,
    clean: bool = False,
    progress: Progress | None = None,
) -> SimulationReport:
    """Writes the spreadsheets of a fictitious county into a folder. See ``mingcha.simulate.simulate``."""
    return _simulate(folder, scale=scale, seed=seed, as_of=as_of, clean=clean, progress=progress)


def rule_catalogue() -> list[dict[str, Any]]:
    """Every rule as built: id, title, clauses, datasets and columns it reads, parameters."""
    return catalogue_entries(load_rulebook())


def explain_rule(rule_id: str, *, as_of: date | None = None, params: Path | Mapping[str, Any] | None = None) -> str:
    """One rule in plain Chinese. Raises UsageError for an unknown id."""
    rulebook = load_rulebook()
    rule = rulebook.rules.get(rule_id)
    if rule is None:
        raise UsageError(f"没有规则“{rule_id}”。", remedy=f"可用的规则：{'、'.join(rulebook.rules)}。")
    return explain(rulebook, rule, load_parameters(as_of or today(), params))
