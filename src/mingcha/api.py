"""The public surface: all that the command line and the workbench import."""

from __future__ import annotations

import re
import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import yaml

from mingcha.clock import today
from mingcha.comparison import Comparison, in_force, read_into
from mingcha.datasets import load_catalogue
from mingcha.engines import Bounds, Engine, check_spark, spark_engine
from mingcha.engines.golden import rehearse
from mingcha.errors import MingchaError, NothingRecognised, UsageError, WorkspaceError
from mingcha.findings.result import REJECTED_COLUMNS, ComparisonResult, ParameterInForce
from mingcha.findings.source import SourceValue, read_rows, read_source_row
from mingcha.intake.folder import Intake, read_rejects, recall
from mingcha.intake.recognise.mapping_file import NAME as MAPPING_FILE
from mingcha.lake import write_province
from mingcha.outputs import staged_outputs
from mingcha.outputs.charts import PLAIN_COLOUR as CHART_COLOUR
from mingcha.outputs.charts import SEVERITY_COLOURS, Bar, Series, Stack
from mingcha.outputs.charts import bars as bar_chart
from mingcha.outputs.charts import legend as chart_legend
from mingcha.outputs.charts import stacks as stacked_chart
from mingcha.outputs.intake_json import sheet_entry
from mingcha.outputs.template import write_template
from mingcha.parameters import Parameters, demo_overrides, load_parameters
from mingcha.progress import Progress
from mingcha.rules import Inspected, Rule, inspect, load_rulebook, read_own_rule
from mingcha.rules.cases import Example, examples_of
from mingcha.rules.catalogue import catalogue_entries, explain
from mingcha.rules.reference import Need, needs_of, register
from mingcha.simulate import SimulationReport
from mingcha.simulate import simulate as _simulate
from mingcha.snapshots import Change, Workspace, is_workspace, temporary_workspace
from mingcha.values.divisions import load_divisions
from mingcha.values.workdays import WorkCalendar

__all__ = [
    "CHART_COLOUR",
    "SEVERITY_COLOURS",
    "Bar",
    "Bounds",
    "ComparisonResult",
    "DeliveredFile",
    "Example",
    "MingchaError",
    "Need",
    "Progress",
    "Series",
    "SourceValue",
    "Stack",
    "bar_chart",
    "blank_template",
    "chart_legend",
    "check_own_rules",
    "check_parameters",
    "code_labels",
    "compare",
    "compare_deliveries",
    "data_register",
    "dataset_fields",
    "datasets",
    "delivered_rows",
    "demo_overrides",
    "explain_rule",
    "own_rule",
    "parameters",
    "parameters_in_force",
    "read_again",
    "rejected_rows",
    "reveal_number",
    "rule_catalogue",
    "rule_examples",
    "rule_headers",
    "rule_needs",
    "rule_titles",
    "simulate",
    "source_rows",
    "stacked_chart",
    "take_in",
]

#: Policy parameters a folder brings along, and the county's own rules beside them.
FOLDER_PARAMETERS = "mingcha-params.yaml"
FOLDER_RULES = "mingcha-rules"


def compare(
    folder: Path,
    *,
    as_of: date | None = None,
    out: Path | None = None,
    workspace: Path | None = None,
    rules: Collection[str] | None = None,
    engine: str = "duckdb",
    spark_master: str | None = None,
    params: Path | None = None,
    own_rules: Sequence[Path] = (),
    reveal: bool = False,
    bounds: Bounds | None = None,
    progress: Progress | None = None,
) -> ComparisonResult:
    """Compares a folder as it lies. A folder that is itself a workspace is compared as what it holds.

    as_of      the comparison date (比对日), default today in China
    out        where the output files go; None = write none
    workspace  folder that keeps snapshots, keys and results between runs; None = a private one, removed at the end
    rules      ids of the rules to run; None = all active ones
    params     YAML that overrides policy parameters; it wins over the folder's own ``mingcha-params.yaml``
    own_rules  the county's own rules (本县自定规则): folders or single files, beside those of the ``mingcha-rules``
               folder that lies beside the parameters
    engine     duckdb, or spark (see docs/howto/move-to-spark.md)
    spark_master  where Spark runs, as spark-submit takes it; None = on this machine
    reveal     identity numbers in full
    bounds     memory the run may hold, seconds a rule may take; a rule that needs more is listed, the others run
    Raises UsageError (folder, options), NothingRecognised, ParameterError, WorkspaceError, MingchaError (memory or disk
    that do not suffice). Whatever is raised, workspace and earlier outputs are as they were.
    """
    start = time.perf_counter()
    day = as_of or today()
    _check_folder(folder)
    _check_engine(engine, spark_master)
    own = [*own_rules, *_own_rules(folder, params)]
    if workspace is None and is_workspace(folder):
        given = [path for path in (params, _own_parameters(folder)) if path]
        keys = _held(folder)
        return compare_deliveries(
            folder, keys, as_of=day, rules=rules, engine=engine, spark_master=spark_master, params=given, own_rules=own,
            out=out, reveal=reveal, bounds=bounds, progress=progress,
        )  # fmt: skip
    parameters = load_parameters(day, [path for path in (params, _own_parameters(folder)) if path])
    exclude = tuple(path for path in (out, workspace, *own) if path)
    with _opened(workspace) as space, space.begin() as change, duckdb.connect() as con:
        comparison = Comparison(space, change, con, parameters, progress, bounds, own)
        comparison.read(folder, exclude)
        if not comparison.recognised:
            raise NothingRecognised(
                "文件夹里没有能认出来的表格。",
                remedy="请确认放的是各部门交来的名册或台账；认不出的表可以写 mingcha-mapping.yaml 说明。",
            )
        runs_on = _engine(engine, spark_master, change.staging / "spark", bounds, parameters.work_calendar)
        with runs_on as runner, closing(comparison):
            comparison.run(rules or (), runner)
            result = comparison.result(folder, reveal=reveal, start=start)
            _make_real(comparison, change, result, out)
    return result


def _make_real(comparison: Comparison, change: Change, result: ComparisonResult, out: Path | None) -> None:
    """Writes the outputs beside what later runs read; both become real, or neither."""
    if out is None:
        comparison.close()
        change.commit()
        return
    with staged_outputs(result, out) as publish:
        comparison.close()
        change.commit()
        publish()


@dataclass(frozen=True)
class DeliveredFile:
    """One file that ``take_in`` read.

    key      its delivery key, by which ``compare_deliveries`` names it; '' where it could not be read
    sheets   one JSON-able report a sheet, as in intake.json
    problems Chinese sentences
    """

    file: str
    key: str
    sheets: tuple[dict[str, Any], ...]
    problems: tuple[str, ...]


def take_in(folder: Path, workspace: Path, *, progress: Progress | None = None) -> list[DeliveredFile]:
    """Reads every file of a folder into a workspace, once and for all: the files are not needed afterwards.

    Raises UsageError, WorkspaceError; the workspace is then as it was.
    """
    _check_folder(folder)
    with Workspace(workspace) as space, space.begin() as change, duckdb.connect() as con:
        intake = read_into(space, change, con, folder, exclude=(workspace,), progress=progress)
        change.commit()
        return _delivered(intake)


def read_again(
    workspace: Path, key: str, mapping: Mapping[str, Any], *, progress: Progress | None = None
) -> DeliveredFile:
    """Reads a delivered file once more from its sealed original, with what a person says about one of its sheets.

    key      its delivery key
    mapping  an entry of a mapping file without ``file``: sheet, dataset, header_row, columns, constants, codes. It is
             remembered for all sheets with the same headers
    Raises UsageError (the entry), WorkspaceError (nothing kept under that key); the workspace is then as it was.
    """
    with Workspace(workspace) as space, space.begin() as change, duckdb.connect() as con:
        record = space.delivery(key)
        sealed = space.vault.original_path(str(record["sha256"])) if record else None
        if record is None or sealed is None or not sealed.exists():
            raise WorkspaceError("这份文件的原件没有保存在工作区里。", remedy="请重新上传这份文件。")
        folder = change.staging / "again"  # in the clear: it goes with the run's other drafts
        original = folder / record["file"]
        original.parent.mkdir(parents=True)
        with original.open("wb") as out:
            for chunk in space.vault.open_file(sealed):
                out.write(chunk)
        entry = {**mapping, "file": _literally(record["file"]), "sheet": _literally_or_any(mapping.get("sheet"))}
        (folder / MAPPING_FILE).write_text(yaml.safe_dump([entry], allow_unicode=True), encoding="utf-8")
        intake = read_into(space, change, con, folder, progress=progress)
        change.commit()
        return _delivered(intake)[0]


def _literally(name: str) -> str:
    """A name as a pattern that meets nothing else."""
    return re.sub(r"([*?[])", r"[\1]", name)


def _literally_or_any(sheet: str | None) -> str | None:
    return _literally(sheet) if sheet else None


def _delivered(intake: Intake) -> list[DeliveredFile]:
    titles: dict[str, list[str]] = {problem.file: [] for problem in intake.report.problems}
    for problem in intake.report.problems:
        titles[problem.file].append(problem.message)
    sheets: dict[str, list[dict[str, Any]]] = {}
    for sheet in intake.report.sheets:
        sheets.setdefault(sheet.file, []).append(sheet_entry(sheet))
    files = sorted({*titles, *sheets})
    return [
        DeliveredFile(file, intake.deliveries.get(file, ""), tuple(sheets.get(file, ())), tuple(titles.get(file, ())))
        for file in files
    ]


def compare_deliveries(
    workspace: Path,
    keys: Collection[str],
    *,
    as_of: date,
    rules: Collection[str] | None = None,
    engine: str = "duckdb",
    spark_master: str | None = None,
    params: Sequence[Path | Mapping[str, Any]] = (),
    own_rules: Sequence[Path] = (),
    out: Path | None = None,
    reveal: bool = False,
    bounds: Bounds | None = None,
    progress: Progress | None = None,
) -> ComparisonResult:
    """Compares what a workspace holds.

    keys    delivery keys of ``take_in``
    params  files or mappings that override policy parameters, the strongest first
    out     where the output files go; None = write none
    reveal  identity numbers in full
    engine, spark_master, own_rules, bounds  as for ``compare``
    Raises UsageError, NothingRecognised, ParameterError, WorkspaceError, MingchaError; the workspace is then as it was.
    """
    start = time.perf_counter()
    _check_engine(engine, spark_master)
    parameters = load_parameters(as_of, list(params))
    with Workspace(workspace) as space, space.begin() as change, duckdb.connect() as con:
        comparison = Comparison(space, change, con, parameters, progress, bounds, own_rules)
        comparison.recall(keys)
        if not comparison.recognised:
            raise NothingRecognised("还没有能比对的数据。", remedy="请先上传各部门的名册或台账。")
        runs_on = _engine(engine, spark_master, change.staging / "spark", bounds, parameters.work_calendar)
        with runs_on as runner, closing(comparison):
            comparison.run(rules or (), runner)
            result = comparison.result(workspace, reveal=reveal, start=start)
            _make_real(comparison, change, result, out)
    return result


def rejected_rows(workspace: Path, keys: Collection[str]) -> pa.Table:
    """The refused and doubtful rows of deliveries, columns as in rejected.csv."""
    with Workspace(workspace, is_reader=True) as space:
        return read_rejects(recall(space, keys).rejects).select(list(REJECTED_COLUMNS))


def reveal_number(workspace: Path, person_key: int) -> str | None:
    """The identity number behind a pseudonym, None where the workspace does not hold it. The caller logs who asked."""
    with Workspace(workspace, is_reader=True) as space:
        return space.vault.reveal("person", [person_key], space.segments()).get(person_key)


def source_rows(workspace: Path, keys: Collection[str], places: Sequence[Mapping[str, Any]]) -> list[list[SourceValue]]:
    """The cells of source rows as the lake keeps them, in the order of the dataset; [] for one that is not there.

    keys    delivery keys in which to look
    places  entries of a finding's evidence: dataset, file, sheet, row
    """
    with Workspace(workspace, is_reader=True) as space:
        intake = recall(space, keys)
        return [read_source_row(space, intake, place) for place in places]


def delivered_rows(workspace: Path, keys: Collection[str], dataset: str) -> list[dict[str, Any]]:
    """All rows of a dataset in deliveries: the lake's columns, place, id_masked, person_id and household_id."""
    with Workspace(workspace, is_reader=True) as space:
        return read_rows(space, recall(space, keys), dataset)


def township_names() -> list[str]:
    """The home county's townships as findings write them, local units included."""
    return [unit.name for unit in load_divisions().townships]


def place_as_found(township: str, village: str = "") -> tuple[str, str] | None:
    """A place as findings write it, from how a person writes it; None where the tables know no such place.

    A village of a township whose villages no table lists is taken as written.
    """
    divisions = load_divisions()
    unit = divisions.find_township(township)
    if unit is None:
        return None
    if not village:
        return unit.name, ""
    known = divisions.find_village(village, unit)
    if known is not None:
        return unit.name, known.name
    return None if divisions.villages_of[unit.name] else (unit.name, divisions.unlisted_village(village, unit.name))


def datasets() -> dict[str, str]:
    """Dataset id → its Chinese title, in the order of the formats."""
    return {name: dataset.title for name, dataset in load_catalogue().datasets.items()}


def dataset_fields(dataset: str) -> dict[str, str]:
    """Field id → its header, in the dataset's order. Raises UsageError for an unknown dataset."""
    found = load_catalogue().datasets.get(dataset)
    if found is None:
        raise UsageError(f"没有数据项“{dataset}”。")
    return {field.id: field.header for field in found.fields.values()}


def blank_template(dataset: str) -> bytes:
    """An empty .xlsx for a dataset: headers, notes, drop-downs. Raises UsageError for an unknown dataset."""
    return write_template(dataset)


def parameters_in_force(as_of: date, params: Sequence[Path | Mapping[str, Any]] = ()) -> list[ParameterInForce]:
    """Every policy parameter on a day, with the rules that take it; value None = 参数未设置."""
    return in_force(load_rulebook(), load_parameters(as_of, list(params)))


def parameters(as_of: date, params: Sequence[Path | Mapping[str, Any]] = ()) -> Parameters:
    """The policy parameters of a day: their values, titles and sources."""
    return load_parameters(as_of, list(params))


def code_labels() -> dict[str, dict[str, str]]:
    """Code list → code → its Chinese word."""
    codes = load_catalogue().codes
    return {name: {each.code: each.label for each in codes[name].values} for name in codes}


def check_parameters(params: Mapping[str, Any]) -> None:
    """Raises ParameterError, with what is wrong and the cure, unless the mapping is a well-formed set of overrides."""
    load_parameters(today(), [params])


def _check_folder(folder: Path) -> None:
    if not folder.is_dir():
        raise UsageError(f"找不到文件夹“{folder}”。", remedy="请检查路径。")
    try:
        next(folder.iterdir(), None)
    except OSError as error:
        raise UsageError(f"文件夹“{folder}”打不开。", remedy="请检查读取权限。") from error


def _check_engine(engine: str, spark_master: str | None) -> None:
    if engine == "spark":
        check_spark()
    elif engine != "duckdb":
        raise UsageError(f"没有计算引擎“{engine}”。", remedy="可用的引擎：duckdb、spark。")
    elif spark_master:
        raise UsageError("--spark-master 只能和 --engine spark 一起用。")


@contextmanager
def _engine(
    name: str, spark_master: str | None, scratch: Path, bounds: Bounds | None, calendar: WorkCalendar
) -> Iterator[Engine | None]:
    """The engine asked for; None = the comparison's own."""
    if name != "spark":
        yield None
        return
    with spark_engine(spark_master, scratch, bounds, calendar) as engine:
        yield engine


def _own_parameters(folder: Path) -> Path | None:
    path = folder / FOLDER_PARAMETERS
    return path if path.is_file() else None


def _own_rules(folder: Path, params: Path | None) -> list[Path]:
    """The folders of a county's own rules that lie beside its parameters."""
    beside = dict.fromkeys(path for path in (params.parent if params else None, folder) if path is not None)
    return [path / FOLDER_RULES for path in beside if (path / FOLDER_RULES).is_dir()]


def own_rule(path: Path) -> Rule:
    """One rule of a county's own, as its file says it. Raises RuleError."""
    if not path.is_file():
        raise UsageError(f"找不到规则文件“{path}”。", remedy="请检查路径。")
    return read_own_rule(path)


def check_own_rules(places: Sequence[Path]) -> Inspected:
    """Everything wrong with a county's own rules, golden cases (示例) among it that find something else than they say.

    Raises RuleError for a missing folder.
    """
    looked = inspect(places)
    if looked.errors:
        return looked
    rehearsed = rehearse(load_rulebook(places))
    return replace(looked, errors=rehearsed.errors, cases=rehearsed.cases)


def _held(workspace: Path) -> tuple[str, ...]:
    with Workspace(workspace, is_reader=True) as space:
        return space.deliveries


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
    to: str | None = None,
    residents: int | None = None,
    progress: Progress | None = None,
) -> SimulationReport:
    """Writes the spreadsheets of a fictitious county into a folder, or a whole province, straight into a workspace.

    See ``mingcha.simulate.simulate`` and ``mingcha.lake.write_province``.

    to         of a province: snapshots (default) or csv
    residents  of a province: how many people, to try things out on fewer
    """
    if scale == "province":
        day = as_of or today()
        return write_province(
            folder, to=to or "snapshots", residents=residents, seed=seed, as_of=day, progress=progress
        )
    if to or residents:
        raise UsageError("只有省级规模可以选择写法和人数。", remedy="请加 --scale province，或去掉这个选项。")
    return _simulate(folder, scale=scale, seed=seed, as_of=as_of, clean=clean, progress=progress)


def rule_catalogue(own_rules: Sequence[Path] = ()) -> list[dict[str, Any]]:
    """Every rule as built: id, title, clauses, datasets and columns it reads, parameters."""
    return catalogue_entries(load_rulebook(own_rules))


def rule_needs(rule_id: str, own_rules: Sequence[Path] = ()) -> list[Need]:
    """What a rule needs, dataset by dataset, with who delivers it; told from its SQL. Raises UsageError."""
    rulebook = load_rulebook(own_rules)
    if rule_id not in rulebook.rules:
        raise UsageError(f"没有规则“{rule_id}”。")
    return needs_of(rulebook, rulebook.rules[rule_id])


def rule_examples(rule_id: str) -> list[Example]:
    """The golden cases of a packaged rule, in their order; [] for others."""
    rule = load_rulebook().rules.get(rule_id)
    return examples_of(rule) if rule else []


def data_register(own_rules: Sequence[Path] = ()) -> list[tuple[str, Need, tuple[str, ...]]]:
    """The data-sharing register (数据共享清单): office, what is needed of one of its datasets, ids of the rules."""
    return register(load_rulebook(own_rules))


def rule_headers() -> list[Rule]:
    """Every rule as its file says it, in the order of the ids."""
    return list(load_rulebook().rules.values())


def rule_titles() -> dict[str, str]:
    """Rule id → its Chinese title, in the order of the ids."""
    return {rule.id: rule.title for rule in load_rulebook().rules.values()}


def explain_rule(
    rule_id: str,
    *,
    as_of: date | None = None,
    params: Path | Mapping[str, Any] | None = None,
    own_rules: Sequence[Path] = (),
) -> str:
    """One rule in plain Chinese. own_rules: as for ``compare``. Raises UsageError for an unknown id."""
    rulebook = load_rulebook(own_rules)
    rule = rulebook.rules.get(rule_id)
    if rule is None:
        raise UsageError(f"没有规则“{rule_id}”。", remedy=f"可用的规则：{'、'.join(rulebook.rules)}。")
    return explain(rulebook, rule, load_parameters(as_of or today(), params))
