"""Words that the files of one comparison share."""

from __future__ import annotations

import json
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from mingcha.datasets import load_catalogue

#: Severity → its colour's name, and what it asks of the reader.
SEVERITY_NAMES = {"red": "红色", "orange": "橙色", "yellow": "黄色", "blue": "蓝色"}
SEVERITY_MEANINGS = {
    "red": "先处理",
    "orange": "要核实",
    "yellow": "数据或工作质量",
    "blue": "应保未保线索",
}
SUBJECT_NAMES = {
    "person": "个人",
    "household": "家庭",
    "account": "银行账户",
    "officer": "干部和经办人员",
    "township": "乡镇",
    "unit": "单位",
    "item": "事项",
}
NO_TOWNSHIP = "未注明乡镇"
LEADS_NOT_VERDICTS = "本结果是比对发现的疑点线索，不是结论。停发、追缴、处理之前，必须逐条核实。"
FICTITIOUS = "本页人物、金额均为虚构，仅作演示"


def dataset_title(dataset: str | None) -> str:
    """What a dataset is called in Chinese; 未认出 for None."""
    if dataset is None:
        return "未认出"
    known = load_catalogue().datasets.get(dataset)
    return known.title if known else dataset


def month_words(month: str | None) -> str:
    """2023-06 → 2023年6月; '' for None; anything else as it is."""
    if not month:
        return ""
    year, _, number = month.partition("-")
    return f"{year}年{int(number)}月" if number.isdigit() else month


def evidence_of(text: str | None) -> list[dict[str, Any]]:
    """The entries of a finding's evidence."""
    entries: list[dict[str, Any]] = json.loads(text or "[]")
    return entries


def evidence_words(text: str | None, most: int) -> list[str]:
    """Evidence in words, one line a sheet, at most so many rows; a last line says how many there are in all.

    >>> evidence_words('[{"file": "a.xls", "sheet": "", "row": 2}, {"file": "a.xls", "sheet": "", "row": 5}]', 9)
    ['《a.xls》第2、5行']
    """
    places = evidence_of(text)
    sheets: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for place in places[:most]:
        sheets.setdefault((str(place["file"]), str(place.get("sheet") or "")), []).append(place)
    lines = [f"《{file}》{sheet + ' ' if sheet else ''}{_rows_words(rows)}" for (file, sheet), rows in sheets.items()]
    return lines if len(places) <= most else [*lines, f"等共{len(places)}处"]


def _rows_words(places: Sequence[dict[str, Any]]) -> str:
    """第2、5行（2023年6月）; where each row has a month of its own: 第2行（2023年5月）、第5行（2023年6月）."""
    months = {place.get("month") for place in places}
    if len(months) == 1:
        month = month_words(months.pop())
        return f"第{'、'.join(str(place['row']) for place in places)}行" + (f"（{month}）" if month else "")
    said = ((place["row"], month_words(place.get("month"))) for place in places)
    return "、".join(f"第{row}行（{month}）" if month else f"第{row}行" for row, month in said)


def yuan(amount: Decimal | None) -> str:
    """1,234.50; '' for None."""
    return "" if amount is None else f"{amount:,.2f}"


def percent(part: int, whole: int) -> str:
    """A share with one decimal; '' of nothing.

    >>> percent(1, 3), percent(0, 0)
    ('33.3%', '')
    """
    return f"{part / whole:.1%}" if whole else ""


def top_reasons(reasons: Sequence[tuple[str, int]], most: int = 3) -> str:
    """The commonest reasons with their counts.

    >>> top_reasons([("号码缺失", 2), ("姓名缺失", 5)])
    '姓名缺失 5；号码缺失 2'
    """
    ranked = sorted(reasons, key=lambda pair: (-pair[1], pair[0]))
    words = "；".join(f"{reason} {count}" for reason, count in ranked[:most])
    return words if len(ranked) <= most else f"{words}；等{len(ranked)}种"
