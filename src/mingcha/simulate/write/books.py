"""Writes a book into the container it is to have."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from random import Random

from mingcha.simulate.write.layout import lay_out
from mingcha.simulate.write.ods import write_ods
from mingcha.simulate.write.table import Grid, Habit, Table
from mingcha.simulate.write.texts import write_csv, write_html, write_spreadsheetml
from mingcha.simulate.write.xls import write_xls
from mingcha.simulate.write.xlsx import write_xlsx

_TEXTS = {"csv": ("utf-8-sig", ","), "gbk": ("gb18030", ","), "tab": ("gb18030", "\t")}


@dataclass
class Book:
    """A file to be written. container: xlsx, xls, ods, csv, gbk, tab, html, xml; habits: one per table."""

    path: str
    tables: list[Table]
    habits: list[Habit]
    container: str = "xlsx"
    cover: str = ""


def write_book(book: Book, folder: Path, rng: Random) -> Path:
    """Lays out all sheets and writes the file, making its folder."""
    grids = [lay_out(table, habit, rng) for table, habit in zip(book.tables, book.habits, strict=True)]
    path = folder / book.path
    path.parent.mkdir(parents=True, exist_ok=True)
    if book.container in _TEXTS:
        encoding, delimiter = _TEXTS[book.container]
        write_csv(path, grids[0], encoding=encoding, delimiter=delimiter)
    elif book.container == "html":
        write_html(path, grids[0])
    elif book.container == "xml":
        write_spreadsheetml(path, grids)
    elif book.container == "xls":
        write_xls(path, [*_cover(book), *grids])
    elif book.container == "ods":
        write_ods(path, [*_cover(book), *grids])
    else:
        write_xlsx(path, [*_cover(book), *grids])
    return path


def _cover(book: Book) -> list[Grid]:
    if not book.cover:
        return []
    grid = Grid("封面", [[None], [None, None, book.cover], [None], [None, None, "（内部资料　注意保密）"]])
    return [grid]
