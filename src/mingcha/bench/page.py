"""The benchmark's page in docs, written from its figures and from nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

_HEAD = """# How fast the engine is

This page is written by `mingcha bench --scale {scale} --page FILE`. The tables come from that one run, save where it is said otherwise; what stands under *What is lacking*
is written by a person, from profiles of its own.

Measured {measured_on}, version {version}, {system} {processor}, {cores} cores. Each part ran in a process of its own. One *scan* is
decoding every column of every snapshot once, in the same run: {scan} s for {rows} rows in the county.
"""
_RULES_SHOWN = 12


def page(figures: Mapping[str, Any], notes: str = "") -> str:
    """The page as Markdown. notes: what a person adds about what the figures lack, from a profile."""
    parts = [
        _head(figures), _promises(figures), notes.strip(), _job(figures), _intake(figures), _rules(figures), _plain(figures),
        _polars(figures), _office(figures), _growth(figures), _province(figures), _missing(figures),
    ]  # fmt: skip
    return "\n\n".join(part.strip() for part in parts if part.strip()) + "\n"


def _head(figures: Mapping[str, Any]) -> str:
    machine, rules = figures["machine"], figures.get("rules", {})
    return _HEAD.format(
        **{key: figures[key] for key in ("scale", "measured_on", "version")},
        **machine, scan=rules.get("scan_seconds", "–"), rows=_number(rules.get("rows")),
    )  # fmt: skip


def _promises(figures: Mapping[str, Any]) -> str:
    rows = []
    for row in figures["table"]:
        value = "not measured" if row["value"] is None else f"{_number(row['value'])} {row['unit']}"
        if row["seconds"] is not None:
            value += f" ({_number(row['seconds'])} s)"
        aim = _number(row["aim"]) + (f", {_number(row['seconds_aim'])} s" if row["seconds_aim"] else "")
        rows.append((row["what"], value, _number(row["must"]), _mark(row["holds_must"]), aim, _mark(row["holds_aim"])))
    return "## What is promised\n\n" + _table(("what", "measured", "must", "", "aim", ""), rows)


def _mark(holds: bool | None) -> str:
    return {True: "holds", False: "**lacks**", None: "–"}[holds]


def _job(figures: Mapping[str, Any]) -> str:
    made, first, again = figures["simulate"], figures["first"], figures["again"]
    rows = [
        ("county made (`mingcha simulate`)", made["seconds"], made["peak_mib"], made["tree_mib"]),
        ("first comparison, workbook and report written", first["seconds"], first["peak_mib"], first["tree_mib"]),
        ("the same again", again["seconds"], "–", "–"),
        (f"again after one file changed ({again['changed_file']})", again["changed_seconds"], "–", "–"),
    ]
    text = (
        f"{_number(made['residents'])} residents, {_number(made['recipients'])} recipients, {made['files']} files of"
        f" {made['mib']} MiB, {_number(first['rows'])} rows, {_number(first['findings'])} findings. *All processes* is the memory"
        " that the program and its readers held together at one moment, pages of files counted once."
    )
    return "## The whole job\n\n" + text + "\n\n" + _table(("", "s", "peak MiB", "all processes, MiB"), rows)


_LISTS = {"xlsx": "a register as one .xlsx", "csv": "a register as one .csv", "payments": "payments as one .csv"}


def _intake(figures: Mapping[str, Any]) -> str:
    intake = figures.get("intake")
    if not intake:
        return ""
    rows = [
        (named, intake[form]["sheets"], _number(intake[form]["rows"]), intake[form]["seconds"],
         _number(intake[form]["rows_a_second"]), intake[form]["peak_mib"], intake[form]["tree_mib"])
        for form, named in _LISTS.items() if form in intake
    ] + [
        (f"the county's {form} files", each["sheets"], _number(each["rows"]), each["seconds"],
         _number(each["rows_a_second"]), each["peak_mib"], each["tree_mib"])
        for form, each in intake["county"].items() if each
    ]  # fmt: skip
    text = "Files to typed, checked, keyed snapshots, with refusals, vault and sealed originals; starting the readers is counted."
    heads = ("", "sheets", "rows", "s", "rows/s", "peak MiB", "all processes, MiB")
    return "## Intake by container\n\n" + text + _runs_of_lists(intake) + "\n\n" + _table(heads, rows)


def _runs_of_lists(intake: Mapping[str, Any]) -> str:
    told = [
        f"{named} {', '.join(_number(run) for run in intake[form]['runs'])}"
        for form, named in _LISTS.items()
        if intake.get(form, {}).get("runs")
    ]
    return f" Of a list the run in the middle stands here; rows/s of all runs: {'; '.join(told)}." if told else ""


def _rules(figures: Mapping[str, Any]) -> str:
    rules = figures.get("rules")
    if not rules:
        return ""
    costs = _dearest(rules)
    rest = sum(seconds for _, seconds in costs[_RULES_SHOWN:])
    rows = [(rule, seconds, f"{seconds / rules['scan_seconds']:.2f}") for rule, seconds in costs[:_RULES_SHOWN]]
    rows.append((f"the other {len(costs) - _RULES_SHOWN}", round(rest, 3), f"{rest / rules['scan_seconds']:.2f}"))
    text = (
        f"{len(rules['rule_seconds'])} rules on {_number(rules['rows'])} rows, {rules['snapshots_mib']} MiB of snapshots: {rules['seconds']} s,"
        f" {rules['scans']} scans, peak {rules['peak_mib']} MiB, {_number(rules['findings'])} findings (runs: {rules['runs']})."
        " Two are asked at a time, so the seconds of rules and of the views they share add up to more than the whole."
    )
    return (
        "## The rule pack, and what each rule costs\n\n"
        + text
        + "\n\n"
        + _table(("rule or shared view", "s", "scans"), rows)
    )


def _dearest(rules: Mapping[str, Any]) -> list[tuple[str, float]]:
    """Rules and shared views with their own seconds, the dearest first."""
    views = {f"`{name}`": seconds for name, seconds in rules["view_seconds"].items()}
    return sorted({**rules["rule_seconds"], **views}.items(), key=lambda item: -item[1])


def _plain(figures: Mapping[str, Any]) -> str:
    plain = figures.get("plain")
    if not plain:
        return ""
    return (
        "## Beside plain DuckDB\n\nEvery rule as one query in which all views are written out, on the same Parquet and the same"
        f" limits: {plain['seconds']} s{_stopped(plain)}; the pack with shared views, names, evidence and findings.csv is"
        f" {plain.get('times_faster', '–')} times as fast."
    )


def _stopped(plain: Mapping[str, Any]) -> str:
    told = []
    if plain.get("stopped"):
        told.append(f"{', '.join(plain['stopped'])} stopped after {plain['bound']:g} s each, and counted for these")
    if plain.get("failed"):
        told.append(f"{', '.join(plain['failed'])} did not run as one query and are left out")
    return f" ({'; '.join(told)})" if told else ""


def _polars(figures: Mapping[str, Any]) -> str:
    found = figures.get("polars")
    if not found:
        return ""
    rows = [
        (rule, each["found"], "yes" if each["same"] else "**no**", each["duckdb_seconds"], each["polars_seconds"])
        for rule, each in found["rules"].items()
    ]
    text = f"Rules that Polars {found['polars']} can answer from the same two views as Parquet, least of three runs."
    return (
        "## Beside Polars\n\n" + text + "\n\n" + _table(("rule", "found", "the same", "DuckDB, s", "Polars, s"), rows)
    )


def _office(figures: Mapping[str, Any]) -> str:
    office = figures.get("office")
    if not office:
        return ""
    return (
        "## Beside the office way\n\nopenpyxl and dictionaries: two lists read and matched by number, nothing typed, checked,"
        f" keyed or recorded: {_number(office['rows'])} rows in {office['seconds']} s, {_number(office['rows_a_second'])} rows/s;"
        f" intake of the same .xlsx is {office.get('times_faster', '–')} times as fast."
    )


def _growth(figures: Mapping[str, Any]) -> str:
    growth = figures.get("growth")
    if not growth:
        return ""
    rows = [
        (f"{each['times']}×", _number(each["residents"]), _number(each["rows"]), each["scan_seconds"], each["seconds"],
         each["scans"], each["peak_mib"])
        for each in growth
    ]  # fmt: skip
    heads = ("", "residents", "rows", "scan, s", "rules, s", "scans", "peak MiB")
    text = "All rules on provinces of growing size, each cut into the same 157 counties."
    return "## Growth\n\n" + text + "\n\n" + _table(heads, rows)


def _province(figures: Mapping[str, Any]) -> str:
    found = figures.get("province")
    if not found:
        return ""
    made, rules = found["simulate"], found["rules"]
    rows = [
        (f"made, {made['mib']} MiB", made["seconds"], "–", made["peak_mib"]),
        ("scan", rules["scan_seconds"], 1, "–"),
        ("all rules, findings written", rules["seconds"], rules["scans"], rules["peak_mib"]),
    ]
    costs = _dearest(rules)[:_RULES_SHOWN]
    costly = ", ".join(f"{rule} {seconds:.1f} s" for rule, seconds in costs)
    text = (
        f"{_number(made['residents'])} residents, {_number(made['recipients'])} recipients, {_number(rules['rows'])} rows,"
        f" {_number(rules['findings'])} findings. Dearest rules and views: {costly}."
    )
    return "## A province\n\n" + text + "\n\n" + _table(("", "s", "scans", "peak MiB"), rows)


def _missing(figures: Mapping[str, Any]) -> str:
    missing = figures["not_measured"]
    if not missing:
        return ""
    return "## Not measured\n\n" + "\n".join(f"- {part}: {reason}" for part, reason in missing.items())


def _number(value: Any) -> str:
    if value is None:
        return "–"
    if isinstance(value, float) and not value.is_integer():
        return f"{value:,.2f}"
    return f"{int(value):,}"


def _table(heads: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines)
