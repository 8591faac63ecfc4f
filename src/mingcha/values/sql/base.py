"""What all field readers share: the shape of a reading and small pieces of SQL (DuckDB).

A reader is a pure function: expressions for a cell's text and kind in, named expressions out. Expressions come in
layers: each layer is one SELECT over the layer before, so that nothing is computed twice. A long chain of patterns
costs time for every row and for every statement: most cells are plain and take the quick way (``values.quick``), the
others are read once a distinct cell.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from mingcha.values.text import (
    EMPTY_MARKS,
    EMPTY_WORDS,
    ERROR_WORDS,
    FULL_SIGNS,
    HALF_FROM,
    HALF_TO,
    JOINTS,
    NUMBERS,
    NUMBERS_AMONG_CODES,
    PLAIN_SIGNS,
    REDACTED,
)

# CellKind of mingcha.intake.model, which stands above this package
TEXT_KIND = 1
NUMBER_KIND = 2
BOOL_KIND = 4
ERROR_KIND = 5
FORMULA_KIND = 6

_ODD = (
    r"[\x{00A0}\x{00AD}\x{1680}\x{2000}-\x{2012}\x{2028}-\x{202F}\x{205F}\x{2060}\x{2212}\x{3000}\x{FE63}"
    r"\x{FEFF}\x{FF01}-\x{FF5E}\x{FFE5}\t\n\r\x0B\x0C]"
)
#: Marks that stand for blank have at most so many bytes: most cells are told by their length alone.
MARK_BYTES = 8
_LONGEST = max(len(word.encode()) for word in EMPTY_WORDS)
#: In every number that must be hidden ten digits follow each other, with at most a bracket and a joint between two.
FEW_DIGITS = f"(?:[0-9０-９][)）]?{JOINTS}?){{10}}"


@dataclass(frozen=True)
class Cell:
    """One field's cell. name: the field id, prefix of every helper; text VARCHAR, NULL = blank; kind a CellKind."""

    name: str
    text: str
    kind: str

    def at(self, helper: str) -> str:
        """The quoted name of a helper column."""
        return ident(f"{self.name}${helper}")


@dataclass(frozen=True)
class Reading:
    """How any cell of a field is read.

    layers   helper expressions by quoted name, layer by layer
    columns  result → expression
    problem  VARCHAR expression: reason code, NULL where the cell is readable or blank
    blank    BOOLEAN expression: the cell holds no value
    shown    VARCHAR expression: the cell as it may be shown, personal numbers masked
    """

    layers: tuple[Mapping[str, str], ...]
    columns: Mapping[str, str]
    problem: str
    blank: str
    shown: str


def layered(sql: str, reading: Reading) -> str:
    """A query with the helper columns of a reading added, layer by layer."""
    for layer in reading.layers:
        sql = f"SELECT *, {', '.join(f'{expr} AS {name}' for name, expr in layer.items())} FROM ({sql})"
    return sql


def ident(name: str) -> str:
    """A quoted identifier."""
    return '"' + name.replace('"', '""') + '"'


def lit(text: str) -> str:
    """A string literal.

    >>> lit("it's")
    "'it''s'"
    """
    return "'" + text.replace("'", "''") + "'"


def any_of(expr: str, words: Iterable[str]) -> str:
    """Whether an expression is one of these words.

    A pattern and not IN (…): of a longer list DuckDB makes a hash join over all rows, even inside a CASE.
    """
    pattern = "|".join(re.escape(word) for word in words)
    return f"regexp_full_match({expr}, {lit(pattern)})"


def half(expr: str) -> str:
    """Full-width forms and odd blanks made plain, trimmed. Costly work is done only where a cell needs it."""
    moved = f"trim(translate({expr}, {lit(HALF_FROM)}, {lit(HALF_TO)}))"
    return f"CASE WHEN regexp_matches({expr}, {lit(_ODD)}) THEN {moved} ELSE trim({expr}) END"


def no_blanks(expr: str) -> str:
    """Plain text without any blank."""
    return f"replace({half(expr)}, ' ', '')"


def is_mark(expr: str) -> str:
    """Blank, or a mark that stands for blank."""
    return f"({expr} IS NULL OR (strlen({expr}) <= {MARK_BYTES} AND {any_of(f'trim({expr})', EMPTY_MARKS)}))"


def is_empty_word(expr: str) -> str:
    """Blank, a mark, or a word that says there is nothing; expr is cleaned text."""
    return f"({expr} IS NULL OR (strlen({expr}) <= {_LONGEST} AND {any_of(f'upper({expr})', EMPTY_WORDS)}))"


def cell_fault(cell: Cell) -> str:
    """Code 'error' or 'formula' where the cell holds no value by its kind, else NULL."""
    return (
        f"CASE WHEN {cell.kind} = {FORMULA_KIND} THEN 'formula' "
        f"WHEN {cell.kind} = {ERROR_KIND} OR (starts_with({cell.text}, '#') AND {any_of(cell.text, ERROR_WORDS)}) "
        "THEN 'error' END"
    )


def redacted(expr: str, *, among_codes: bool = False) -> str:
    """Text without what looks like an identity number, an account or a telephone.

    among_codes   for columns of case and file numbers: hide only what is built like a personal number
    """
    pattern = NUMBERS_AMONG_CODES if among_codes else NUMBERS
    folded = f"translate({expr}, '{FULL_SIGNS}', '{PLAIN_SIGNS}')"
    plain = f"CASE WHEN regexp_matches({expr}, '[０-９]') THEN {folded} ELSE {expr} END"
    hidden = f"regexp_replace({plain}, {lit(pattern)}, {lit(REDACTED)}, 'g')"
    guard = f"'{FEW_DIGITS}'"
    found = f"regexp_matches({plain}, {lit(pattern)})"
    # the guard is cheap and true for few cells
    return f"CASE WHEN NOT regexp_matches({expr}, {guard}) THEN {expr} WHEN {found} THEN {hidden} ELSE {expr} END"


def shown(expr: str) -> str:
    """A cell as it may be shown: redacted, one line, not long."""
    return f"left(regexp_replace({redacted(expr)}, '\\s+', ' ', 'g'), 60)"


def first_of(*pairs: tuple[str, str], default: str = "NULL") -> str:
    """CASE of (condition, value) pairs."""
    body = " ".join(f"WHEN {condition} THEN {value}" for condition, value in pairs)
    return f"CASE {body} ELSE {default} END"
