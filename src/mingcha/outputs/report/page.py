"""Fills the report's template."""

from __future__ import annotations

import platform
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import metadata
from importlib.resources import files
from pathlib import Path
from typing import Any

from jinja2 import DictLoader, Environment, StrictUndefined, select_autoescape
from markupsafe import Markup

from mingcha import __version__
from mingcha.findings.result import SEVERITIES, RuleOutcome
from mingcha.outputs import charts
from mingcha.outputs.charts import Bar, Series, Stack
from mingcha.outputs.digest import HELP, Digest, Tally
from mingcha.outputs.intake_json import intake_totals
from mingcha.outputs.report.parameters import parameter_row
from mingcha.outputs.report.quality import Source, left_aside, sources, unrecognised
from mingcha.outputs.words import (
    FICTITIOUS,
    LEADS_NOT_VERDICTS,
    SEVERITY_MEANINGS,
    SEVERITY_NAMES,
    SUBJECT_NAMES,
    evidence_words,
    month_words,
    yuan,
)

ROWS_A_RULE = 50
PLACES_A_FINDING = 6
CHARTED_RULES = 15
CHARTED_TOWNSHIPS = 30
#: A mark beside the colour, for grey paper and eyes that do not tell the colours apart.
SEVERITY_MARKS = {"red": "■", "orange": "◆", "yellow": "▲", "blue": "●"}
_SERIES = [
    Series(f"{SEVERITY_NAMES[each]}（{SEVERITY_MEANINGS[each]}）", charts.SEVERITY_COLOURS[each]) for each in SEVERITIES
]
_QUALITY = [
    Series("接受", charts.QUALITY_COLOURS["accepted"]),
    Series("存疑", charts.QUALITY_COLOURS["doubtful"]),
    Series("退回", charts.QUALITY_COLOURS["rejected"]),
]


@dataclass(frozen=True)
class Finding:
    """One finding as the report shows it."""

    finding_id: str
    severity: str
    id_number: str
    name: str
    township: str
    village: str
    month: str
    amount: str
    is_probable: bool
    summary: str
    evidence: list[str]


@dataclass(frozen=True)
class RuleSection:
    """One rule with its first findings. hidden: how many more findings.xlsx has."""

    outcome: RuleOutcome
    severity: str
    tally: Tally
    subject: str
    findings: list[Finding]
    hidden: int


def write_report(digest: Digest, path: Path) -> None:
    """Writes the page. All it shows stands inside it; it asks nothing of any network and runs no script."""
    # a file name that is no valid text becomes a character reference
    with path.open("w", encoding="utf-8", errors="xmlcharrefreplace", newline="\n") as out:
        for piece in _template().generate(_context(digest)):
            out.write(piece)


def _template() -> Any:
    folder = files(__package__)
    sources_of = {
        name: (folder / name).read_text(encoding="utf-8") for name in ("report.html.j2", "parts.html.j2", "report.css")
    }
    environment = Environment(
        loader=DictLoader(sources_of),
        autoescape=select_autoescape(default=True, default_for_string=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"yuan": yuan, "number": charts.number_words}
    environment.globals |= {
        "severities": SEVERITIES,
        "severity_names": SEVERITY_NAMES,
        "severity_meanings": SEVERITY_MEANINGS,
        "severity_marks": SEVERITY_MARKS,
        "severity_colours": charts.SEVERITY_COLOURS,
    }
    return environment.get_template("report.html.j2")


def _context(digest: Digest) -> dict[str, Any]:
    result = digest.result
    rows = [parameter_row(parameter) for parameter in result.parameters]
    sections = [_section(digest, rule) for rule in digest.ran]
    quality = sources(result.intake)
    return {
        "style": Markup((files(__package__) / "report.css").read_text(encoding="utf-8")),  # noqa: S704 our own file
        "result": result,
        "day": f"{result.as_of.year}年{result.as_of.month}月{result.as_of.day}日",
        "fictitious": FICTITIOUS,
        "leads": LEADS_NOT_VERDICTS,
        "whole": digest.whole,
        "subjects": digest.subjects,
        "totals": intake_totals(result.intake),
        "townships": digest.townships,
        "sections": sections,
        "with_findings": [section for section in sections if section.tally.total],
        "skipped": digest.skipped,
        "partly": [rule for rule in digest.ran if rule.reason],
        "quality": quality,
        "unrecognised": unrecognised(result.intake),
        "left_aside": left_aside(result.intake),
        "parameters": [row for row in rows if row.value],
        "unset": [row for row in rows if not row.value],
        "township_chart": _township_chart(digest),
        "rule_chart": _rule_chart(sections),
        "quality_chart": _quality_chart(quality),
        "severity_legend": Markup(charts.legend(_SERIES)),  # noqa: S704 drawn and escaped by charts
        "quality_legend": Markup(charts.legend(_QUALITY)),  # noqa: S704 drawn and escaped by charts
        "help": HELP,
        "cached": sum(1 for rule in digest.ran if rule.state == "cached"),
        "versions": _versions(),
    }


def _section(digest: Digest, rule: RuleOutcome) -> RuleSection:
    tally = digest.rules[rule.id]
    table = digest.of_rule(rule.id)
    shown = table.slice(0, ROWS_A_RULE).to_pylist()
    kinds = {row["subject_kind"] for row in shown}
    return RuleSection(
        outcome=rule,
        severity=rule.severity,
        tally=tally,
        subject="、".join(SUBJECT_NAMES.get(kind, kind) for kind in sorted(kinds)),
        findings=[_finding(row) for row in shown],
        hidden=table.num_rows - len(shown),
    )


def _finding(row: dict[str, Any]) -> Finding:
    return Finding(
        finding_id=row["finding_id"],
        severity=row["severity"],
        id_number=row["id_number"] or "",
        name=row["name"] or "",
        township=row["township"] or "",
        village=row["village"] or "",
        month=month_words(row["period"]),
        amount=yuan(row["amount"]),
        is_probable=row["confidence"] is not None and row["confidence"] < 1,
        summary=row["summary"] or "",
        evidence=evidence_words(row["evidence"], PLACES_A_FINDING),
    )


def _township_chart(digest: Digest) -> Markup:
    rows = [
        Stack(township, tuple(tally.counts[each] for each in SEVERITIES), "#townships")
        for township, tally in list(digest.townships.items())[:CHARTED_TOWNSHIPS]
    ]
    total = digest.whole.total
    return _drawn(
        charts.stacks("各乡镇疑点数", f"共{total}条疑点，按乡镇和级别分列；数字见“按乡镇”一节的表。", _SERIES, rows)
    )


def _rule_chart(sections: Sequence[RuleSection]) -> Markup:
    most = sorted(sections, key=lambda each: -each.tally.total)[:CHARTED_RULES]
    rows = [
        Bar(
            f"{each.outcome.id} {each.outcome.title}",
            each.tally.total,
            f"#{each.outcome.id}",
            charts.SEVERITY_COLOURS[each.severity],
        )
        for each in most
        if each.tally.total
    ]
    return _drawn(charts.bars("疑点最多的规则", "每条规则的疑点数；数字见“按规则”一节的表。", rows))


def _quality_chart(quality: Sequence[Source]) -> Markup:
    rows = [Stack(each.title, (each.accepted, each.doubtful, each.rejected)) for each in quality]
    return _drawn(charts.stacks("各类数据读入行数", "每类数据接受、存疑、退回的行数；数字见下表。", _QUALITY, rows))


def _drawn(chart: str) -> Markup:
    return Markup(chart)  # noqa: S704 charts escapes every word it draws


def _versions() -> str:
    parts = [f"明察 {__version__}"]
    parts += [f"{label} {metadata.version(name)}" for label, name in (("DuckDB", "duckdb"), ("Arrow", "pyarrow"))]
    return "，".join([*parts, f"Python {platform.python_version()}"])
