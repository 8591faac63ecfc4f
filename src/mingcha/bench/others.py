"""Other ways to do the same work: Polars on the same views, openpyxl and dictionaries on the same lists."""

from __future__ import annotations

import csv
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import duckdb
import xlsxwriter

from mingcha.bench.lake import Lake, value_of, views_as_files
from mingcha.errors import UsageError

_TIMES = 3
#: The register's columns: name, number; the second list of the office way holds every so-many-th of its rows.
_EVERY = 50
_NUMBER_HEADERS = ("gmsfhm", "公民身份号码", "身份证号", "身份证号码")


def write_lists(folder: Path, register: Path, payments: Path, rows: int, text_rows: int) -> dict[str, Any]:
    """One large list as list.csv and list.xlsx, other.xlsx with every fiftieth of its rows, and payments.csv.

    register, payments   folders of CSV: of the county's register, and of what banks sent back
    rows, text_rows      of the books, of the .csv files: text has no limit, and a county's register comes in one file
    """
    folder.mkdir(parents=True, exist_ok=True)
    header, body = _gathered(register, text_rows)
    _write_text(folder / "list.csv", [header, *body])
    body = body[:rows]
    _write_book(folder / "list.xlsx", [header, *body])
    _write_book(folder / "other.xlsx", [header, *body[::_EVERY]])
    paid_header, paid = _gathered(payments, text_rows)
    _write_text(folder / "payments.csv", [paid_header, *paid])
    return {"rows": len(body), "columns": len(header), "payments": len(paid), "payment_columns": len(paid_header)}


def _gathered(source: Path, rows: int) -> tuple[list[str], list[list[str]]]:
    """The header that most rows stand under, and so many rows of files with that header."""
    by_header: dict[tuple[str, ...], list[list[str]]] = {}
    for path in sorted(source.rglob("*.csv")):
        header, *body = _lines(path)
        by_header.setdefault(tuple(header), []).extend(body)
    header_, found = max(by_header.items(), key=lambda item: len(item[1]), default=((), []))
    return list(header_), found[:rows]


def _write_text(path: Path, lines: list[list[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows(lines)


def _lines(path: Path) -> list[list[str]]:
    data = path.read_bytes()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("gb18030")
    return [row for row in csv.reader(text.splitlines()) if row]


def _write_book(path: Path, lines: list[list[str]]) -> None:
    """As office programs save it: each text once for the whole book, blank cells left out."""
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("户籍")
        for number, line in enumerate(lines):
            for column, text in enumerate(line):
                if not text:
                    continue
                sheet.write_string(number, column, text)


def office_way(xlsx: Path, other: Path) -> dict[str, Any]:
    """Reads two books with openpyxl and names by dictionary who stands on both; checks, types and keeps nothing."""
    try:
        import openpyxl  # noqa: PLC0415  # a development requirement
    except ImportError as error:
        raise UsageError("没有安装 openpyxl。", remedy="请先运行 python3 run.py test。") from error
    start = time.perf_counter()

    def rows_of(path: Path) -> list[tuple[Any, ...]]:
        book = openpyxl.load_workbook(path, read_only=True)
        return [row for sheet in book for row in sheet.iter_rows(values_only=True)]

    first, second = rows_of(xlsx), rows_of(other)
    read = time.perf_counter() - start
    place = next(first[0].index(name) for name in _NUMBER_HEADERS if name in first[0])
    known = {str(row[place]): row for row in first[1:]}
    both = [row for row in second[1:] if str(row[place]) in known]
    seconds = time.perf_counter() - start
    rows = len(first) + len(second) - 2
    return {
        "rows": rows,
        "both": len(both),
        "seconds": round(seconds, 2),
        "read_seconds": round(read, 2),
        "rows_a_second": round(rows / seconds),
    }


def beside_polars(lake: Lake, folder: Path) -> dict[str, Any]:
    """Three rules that both can answer from the same two views as Parquet: seconds of each, whether they agree."""
    try:
        import polars as pl  # noqa: PLC0415  # a development requirement
    except ImportError as error:
        raise UsageError("没有安装 polars。", remedy="请先运行 python3 run.py test。") from error
    paths = views_as_files(lake, folder, {"roll": "*", "death": "person_key, name, death_date, id_is_valid"})
    as_of, months = lake.tables.parameters.as_of, int(value_of(lake, "PL-01"))
    roll, death = pl.scan_parquet(paths["roll"]), pl.scan_parquet(paths["death"])
    active = roll.filter(pl.col("is_active") & pl.col("id_is_valid")).select("person_key", "name", "program")
    agree = pl.col("name").is_null() | pl.col("name_right").is_null() | (pl.col("name") == pl.col("name_right"))

    def exits() -> Any:
        limit = pl.col("death_date").dt.offset_by(f"{months}mo")
        dead = death.filter(pl.col("id_is_valid"))
        aided = active.filter(pl.col("program") != "BY")
        return aided.join(dead, on="person_key").filter(agree & (limit < as_of)).select("person_key")

    def both(one: str, other: str) -> Callable[[], Any]:
        def asked() -> Any:
            left, right = active.filter(pl.col("program") == one), active.filter(pl.col("program") == other)
            return left.join(right, on="person_key").filter(agree).select("person_key")

        return asked

    con = lake.con
    read = {name: f"read_parquet('{path.as_posix()}')" for name, path in paths.items()}
    sql = {
        "R01": f"""SELECT DISTINCT a.person_key FROM {read["roll"]} AS a JOIN {read["death"]} AS d USING (person_key)
            WHERE a.is_active AND a.id_is_valid AND d.id_is_valid AND a.program <> 'BY' AND NAMES_AGREE(a.name, d.name)
            AND ADD_MONTHS(d.death_date, {months}) < DATE '{as_of}'""",
        **{
            rule: f"""SELECT DISTINCT a.person_key FROM {read["roll"]} AS a JOIN {read["roll"]} AS b USING (person_key)
            WHERE a.is_active AND b.is_active AND a.id_is_valid AND b.id_is_valid AND a.program = '{one}'
            AND b.program = '{other}' AND NAMES_AGREE(a.name, b.name)"""
            for rule, one, other in (("R08", "DB", "TK"), ("R09", "TK", "ET"))
        },
    }
    frames = {"R01": exits, "R08": both("DB", "TK"), "R09": both("TK", "ET")}
    found: dict[str, Any] = {}
    for rule, text in sql.items():
        ours, our_seconds = _best(partial(_keys, con, text))
        theirs, their_seconds = _best(partial(_collected, frames[rule]))
        found[rule] = {
            "found": len(ours),
            "same": ours == theirs,
            "duckdb_seconds": round(our_seconds, 4),
            "polars_seconds": round(their_seconds, 4),
        }
    return {"polars": pl.__version__, "rules": found}


def _keys(con: duckdb.DuckDBPyConnection, text: str) -> set[int]:
    return {row[0] for row in con.execute(text).fetchall()}


def _collected(frame: Callable[[], Any]) -> set[int]:
    return set(frame().unique().collect()["person_key"].to_list())


def _best(work: Callable[[], Any]) -> tuple[Any, float]:
    """What the work gave, and the least of some times."""
    done, times = None, []
    for _ in range(_TIMES):
        start = time.perf_counter()
        done = work()
        times.append(time.perf_counter() - start)
    return done, min(times)
