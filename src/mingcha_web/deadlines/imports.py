"""Reads a year's days off from a spreadsheet: .xlsx or .csv with a day, 放假 or 上班, and a name."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from python_calamine import CalamineError, CalamineWorkbook

#: Largest file taken, in bytes: a year's days off are some forty rows.
LIMIT = 1024 * 1024
_ROWS = 1000
_MESSAGES = 30
_LONGEST_SPAN = 15

_OFF = {"放假", "休息", "休", "假", "假期", "节假日", "放假日", "休息日", "法定节假日", "否", "off", "holiday"}
_ON = {"上班", "班", "调休", "补班", "上班日", "工作日", "调休上班", "补休上班", "是", "on", "workday"}
_HEADERS = {
    "day": ("日期", "时间", "date", "day"),
    "kind": ("安排", "类型", "类别", "放假或上班", "放假/上班", "是否上班", "状态", "type"),
    "name": ("说明", "名称", "节日", "假日", "节假日", "备注", "name"),
}
_PART = r"(?:(?P<y{0}>\d{{4}})\s*[-/.年]\s*)?(?P<m{0}>\d{{1,2}})\s*[-/.月]\s*(?P<d{0}>\d{{1,2}})\s*[日号]?"
_WEEKDAY = r"(?:[（(][^）)]*[）)]|\s*(?:周|星期)[一二三四五六日天])?"
_SPAN = re.compile(
    rf"{_PART.format(1)}{_WEEKDAY}(?:\s*(?:至|到|~|～|—+|–|--)\s*"
    rf"(?:{_PART.format(2)}|(?P<only>\d{{1,2}})\s*[日号]?){_WEEKDAY})?$"
)
_DIGITS = re.compile(r"(\d{4})(\d{2})(\d{2})$")


@dataclass
class ReadDays:
    """What was read. days: (day, is it a working day, its name); problems: sentences, each with its row."""

    days: list[tuple[date, bool, str]] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def read_days(name: str, content: bytes, year: int) -> ReadDays:
    """Reads the days off of a year; nothing should be imported while there are problems.

    name   the file's name, which only tells .xlsx and .csv apart where the content does not
    """
    if len(content) > LIMIT:
        return ReadDays(problems=["文件太大了：一年的放假安排只有几十行，请检查是不是选错了文件。"])
    try:
        rows = _rows(content)
    except (CalamineError, UnicodeDecodeError, csv.Error, ValueError, OSError):
        return ReadDays(problems=["文件打不开。请用 .xlsx 或 .csv 文件，第一行写“日期、安排、说明”。"])
    read = ReadDays()
    seen: dict[date, int] = {}
    columns: dict[str, int] | None = None
    for number, row in enumerate(rows, 1):
        if not any(_text(cell) for cell in row):
            continue
        if columns is None:
            columns = _columns(row)
            if columns:
                continue
            columns = {"day": 0, "kind": 1, "name": 2}
        _read_row(read, seen, number, [row[at] if at < len(row) else "" for at in columns.values()], year)
        if len(read.problems) >= _MESSAGES:
            read.problems.append("问题太多，后面的没有再看。请先改正这些。")
            return read
    if not read.days and not read.problems:
        read.problems.append("文件里没有一行日期。请按“日期、安排、说明”三列填写。")
    return read


def _read_row(read: ReadDays, seen: dict[date, int], number: int, row: Sequence[object], year: int) -> None:
    day_cell, kind_cell, name_cell = row
    days = list(_days(day_cell, year))
    kind = _text(kind_cell).replace(" ", "").lower()
    if not days:
        read.problems.append(f"第{number}行：日期“{_text(day_cell)[:20]}”读不懂，请写成 {year}-01-01 的样子。")
        return
    if kind not in _OFF | _ON:
        said = f"“{_text(kind_cell)[:20]}”" if kind else "空的"
        read.problems.append(f"第{number}行：安排是{said}，只能写“放假”或“上班”。")
        return
    for day in days:
        if day.year != year:
            read.problems.append(f"第{number}行：{day} 不在{year}年，请放到{day.year}年的文件里。")
        elif day in seen:
            read.problems.append(f"第{number}行：{day} 和第{seen[day]}行重复。")
        else:
            seen[day] = number
            read.days.append((day, kind in _ON, _text(name_cell)[:40]))


def _rows(content: bytes) -> Sequence[Sequence[object]]:
    if content[:2] == b"PK" or content[:4] == b"\xd0\xcf\x11\xe0":
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        return list(book.get_sheet_by_index(0).to_python(nrows=_ROWS, skip_empty_area=False))
    if b"\x00" in content:
        raise ValueError("not a text")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("gb18030")
    delimiter = "\t" if "\t" in text.split("\n", 1)[0] else ","
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))[:_ROWS]


def _columns(row: Sequence[object]) -> dict[str, int] | None:
    """Where day, kind and name stand, by the headers; None where the row is no header."""
    words = [_text(cell).replace(" ", "").lower() for cell in row]
    found: dict[str, int] = {}
    for name, headers in _HEADERS.items():
        at = next((index for index, word in enumerate(words) if word in headers), None)
        if at is not None:
            found[name] = at
    if "day" not in found or "kind" not in found:
        return None
    # a column that is not there reads as empty
    return {"day": found["day"], "kind": found["kind"], "name": found.get("name", len(row))}


def _days(cell: object, year: int) -> Iterator[date]:
    """The days a cell means: a date, 2027-01-01, 1月1日, 20270101, a span 10月1日至7日; none where it is unreadable."""
    if isinstance(cell, datetime):
        yield cell.date()
        return
    if isinstance(cell, date):
        yield cell
        return
    text = _text(cell)
    try:
        if digits := _DIGITS.match(text):
            yield date(*(int(part) for part in digits.groups()))
        elif span := _SPAN.match(text):
            yield from _span(span, year)
    except ValueError:
        return


def _span(found: re.Match[str], year: int) -> list[date]:
    first = date(int(found["y1"] or year), int(found["m1"]), int(found["d1"]))
    if found["only"]:
        last = first.replace(day=int(found["only"]))
    elif found["m2"]:
        last = date(int(found["y2"] or first.year), int(found["m2"]), int(found["d2"]))
    else:
        last = first
    if not 0 <= (last - first).days < _LONGEST_SPAN:
        raise ValueError("not a span of days off")
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def _text(cell: object) -> str:
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return "" if cell is None else str(cell).strip()
