"""What the province's generator hands over: whole tables, and to whom."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import duckdb


@dataclass(frozen=True)
class Made:
    """A table of one office's sheet.

    dataset     what it is
    order       place among all sheets, from 0: counties are made side by side
    table       a table of the connection, in the order of the sheet's rows. Its columns are fields of the dataset, in
                words and clear numbers. Beside an identity number ``x`` stand ``x__key`` (NULL where the number is
                damaged), ``x__birth`` and ``x__sex``; beside an account ``x`` may stand ``x__key``
    file        name, with folders
    roll_month  YYYY-MM the sheet speaks of, None where it does not say
    county      short name of another county whose roll it is, None for our own
    is_sealed   whether its clear numbers are kept, so that findings can show them
    """

    dataset: str
    order: int
    table: str
    file: str
    roll_month: str | None = None
    county: str | None = None
    is_sealed: bool = True


class Lake(Protocol):
    """Takes tables, from several threads. Keys are SQL: under them a number is the same person in every table."""

    files: int
    #: a folder for what does not fit in memory
    spill: Path

    def reserve(self, sheets: int) -> None:
        """Makes room for so many sheets; called once, before the first."""

    def parameters(self) -> Mapping[str, bytes]:
        """Named parameters of statements that hold a key."""

    def person_key(self, expr: str) -> str:
        """SQL of the key of a valid number; expr is VARCHAR, a NULL stays NULL."""

    def account_key(self, expr: str) -> str:
        """SQL of the key of an account."""

    def add(self, con: duckdb.DuckDBPyConnection, made: Made) -> None:
        """Takes a table."""
