"""What the report says of the files: quality by dataset, sheets nobody recognised, files left aside."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from mingcha.intake.model import IntakeReport, SheetReport
from mingcha.outputs.words import dataset_title, month_words, percent, top_reasons

_OUTCOMES = {"failed": "读取失败", "ignored": "不是表格，未读", "duplicate": "内容重复，只读一次"}
UNFIT_SHOWN = 12


@dataclass(frozen=True)
class Source:
    """One dataset's sheets together. share: accepted of read."""

    title: str
    sheets: int
    months: str
    read: int
    accepted: int
    doubtful: int
    rejected: int
    share: str
    reasons: str
    doubts: str


@dataclass(frozen=True)
class Unrecognised:
    """A sheet that could not be told: what it looks like, what does not fit."""

    file: str
    sheet: str
    read: int
    nearest: str
    unfit: str
    mapping: str


@dataclass(frozen=True)
class LeftAside:
    """A file that was not, or not wholly, read."""

    file: str
    outcome: str
    message: str


def sources(intake: IntakeReport) -> list[Source]:
    """Quality by dataset; the one with most rows refused or in doubt first."""
    grouped: dict[str, list[SheetReport]] = {}
    for sheet in intake.sheets:
        if sheet.dataset:
            grouped.setdefault(sheet.dataset, []).append(sheet)
    found = [_source(dataset, sheets) for dataset, sheets in grouped.items()]
    return sorted(found, key=lambda source: (-(source.rejected + source.doubtful), -source.read, source.title))


def _source(dataset: str, sheets: Sequence[SheetReport]) -> Source:
    read = sum(sheet.read for sheet in sheets)
    accepted = sum(sheet.accepted for sheet in sheets)
    return Source(
        title=dataset_title(dataset),
        sheets=len(sheets),
        months=_months(sheet.roll_month for sheet in sheets),
        read=read,
        accepted=accepted,
        doubtful=sum(sheet.doubtful for sheet in sheets),
        rejected=sum(sheet.rejected for sheet in sheets),
        share=percent(accepted, read),
        reasons=top_reasons(_counted(sheet.reasons.items() for sheet in sheets)),
        doubts=top_reasons(_counted(sheet.doubts.items() for sheet in sheets)),
    )


def _counted(parts: Iterable[Iterable[tuple[str, int]]]) -> list[tuple[str, int]]:
    total: Counter[str] = Counter()
    for part in parts:
        for reason, count in part:
            total[reason] += count
    return list(total.items())


def _months(months: Iterable[str | None]) -> str:
    known = sorted({month for month in months if month})
    if not known:
        return ""
    first, last = month_words(known[0]), month_words(known[-1])
    return first if first == last else f"{first}至{last}"


def unrecognised(intake: IntakeReport) -> list[Unrecognised]:
    """Sheets whose dataset is not known, the longest first."""
    found = [
        Unrecognised(
            file=sheet.file,
            sheet=sheet.sheet,
            read=sheet.read,
            nearest="、".join(f"{dataset_title(name)}（{score:.0%}）" for name, score in sheet.nearest[:3]),
            unfit="、".join(sheet.unfit[:UNFIT_SHOWN]) + ("……" if len(sheet.unfit) > UNFIT_SHOWN else ""),
            mapping=_mapping(sheet),
        )
        for sheet in intake.sheets
        if sheet.dataset is None
    ]
    return sorted(found, key=lambda sheet: (-sheet.read, sheet.file, sheet.sheet))


def _mapping(sheet: SheetReport) -> str:
    """The beginning of a mapping file for that sheet, to be completed."""
    nearest = sheet.nearest[0][0] if sheet.nearest else "…"
    header = sheet.unfit[0] if sheet.unfit else "表头"
    where = f"\n  sheet: {sheet.sheet}" if sheet.sheet else ""
    return f"- file: {sheet.file}{where}\n  dataset: {nearest}\n  columns:\n    {header}: …"


def left_aside(intake: IntakeReport) -> list[LeftAside]:
    """Files not read: failed ones first."""
    order = {outcome: index for index, outcome in enumerate(_OUTCOMES)}
    problems = sorted(intake.problems, key=lambda each: (order.get(each.outcome, len(order)), each.file))
    return [LeftAside(each.file, _OUTCOMES.get(each.outcome, each.outcome), each.message) for each in problems]
