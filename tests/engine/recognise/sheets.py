"""Raw sheets for tests, written as Arrow files from rows of Python values; fictitious people."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa

from mingcha.intake.model import CellKind, RawSheet

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_counter = itertools.count()

Cell = str | int | float | dt.date | None


def id_number(n: int) -> str:
    """The n-th valid fictitious identity number of the home county."""
    born = dt.date(1940, 1, 1) + dt.timedelta(days=(n * 3571) % 25000)
    prefix = "412326" if born.year < 1997 else "411426"
    body = f"{prefix}{born:%Y%m%d}{(n * 37) % 1000:03d}"
    return body + "10X98765432"[sum(int(d) * w for d, w in zip(body, _WEIGHTS, strict=True)) % 11]


def person_name(n: int) -> str:
    """The n-th fictitious name."""
    return "王李张刘陈杨孟彭班司"[n % 10] + ("秀英", "建国", "桂兰", "志强", "玉", "红梅", "平")[n % 7]


def account(n: int) -> str:
    """The n-th fictitious bank account."""
    return f"62284{n % 10}{(n * 7919) % 10**13:013d}"


def fill(template: str, n: int) -> Cell:
    """A cell of the n-th row: {id} {name} {acct} {phone} {cert} {n} are filled in; '' is blank."""
    text = template.format(
        id=id_number(n),
        id2=id_number(n + 5000),
        id3=id_number(n + 9000),
        name=person_name(n),
        name2=person_name(n + 3),
        acct=account(n),
        acct2=account(n + 77),
        phone=f"138{(n * 104729) % 10**8:08d}",
        cert=f"{id_number(n)}{1 + n % 7}{1 + n % 4}",
        n=n + 1,
    )
    if text.startswith("#"):
        number = float(text[1:])
        return int(number) if number.is_integer() else number
    return text or None


def table(header: str, row: str, count: int = 6) -> list[list[Cell]]:
    """Rows of a table: header cells and a row template, both split at '|'."""
    rows: list[list[Cell]] = [[cell or None for cell in header.split("|")]]
    rows += [[fill(cell, n) for cell in row.split("|")] for n in range(count)]
    return rows


def sheet(
    folder: Path,
    rows: Sequence[Sequence[Cell]],
    *,
    file: str = "表.xlsx",
    name: str = "Sheet1",
    merged: Sequence[tuple[int, int, int, int]] = (),
    first: int = 1,
) -> RawSheet:
    """A raw sheet of these rows; wholly blank rows are left out, as readers do."""
    width = max((len(row) for row in rows), default=0)
    numbers: list[int] = []
    texts: list[list[str | None]] = [[] for _ in range(width)]
    kinds: list[list[int]] = [[] for _ in range(width)]
    for number, row in enumerate(rows, first):
        if all(cell is None or cell == "" for cell in row):
            continue
        numbers.append(number)
        for index in range(width):
            text, kind = _cell(row[index] if index < len(row) else None)
            texts[index].append(text)
            kinds[index].append(int(kind))
    columns: dict[str, pa.Array] = {"row": pa.array(numbers, pa.int32())}
    for index in range(width):
        columns[f"c{index}"] = pa.array(texts[index], pa.string())
        columns[f"k{index}"] = pa.array(kinds[index], pa.int8())
    data = pa.table(columns)
    path = folder / f"sheet-{next(_counter)}.arrow"
    with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, data.schema) as writer:
        writer.write_table(data)
    return RawSheet(file, name, "0" * 64, "xlsx", path, len(numbers), width, tuple(merged))


def _cell(value: Cell) -> tuple[str | None, CellKind]:
    if value is None or value == "":
        return None, CellKind.EMPTY
    if isinstance(value, str):
        return value, CellKind.TEXT
    if isinstance(value, dt.date):
        return value.isoformat(), CellKind.DATE
    return str(value), CellKind.NUMBER
