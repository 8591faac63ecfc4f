"""Money, counts, decimals and shares, by column (file-formats 2.5). Blank is unknown, never 0."""

from __future__ import annotations

from mingcha.values.sql.base import Cell, Reading, cell_fault, first_of, half, is_empty_word, lit, shown

_PLAIN = "-?[0-9]{1,12}(?:\\.[0-9]{1,6})?"
#: No amount or count of a county reaches eleven places: such a figure is a telephone, an account or an identity number
#: that slipped into the column, and must not stand in the lake.
_LIMIT = "10000000000"
_NUMBER = "[-+]?(?:[0-9]+\\.?[0-9]*|\\.[0-9]+)(?:E[-+]?[0-9]+)?"
_GROUPED = "-?[0-9]{1,3}(?:,[0-9]{3})+(?:\\.[0-9]+)?"
#: sign, figure, multiplier, unit, per what. '/年' is another sum than the field's and stays unreadable.
_MONEY = (
    "([-+]?)(?:人民币|RMB|CNY|[¥$])*(-?)([0-9][0-9,]*)(\\.[0-9]*)?"
    "([万千百]?)(?:元整?|圆整?|块钱?|\\(元\\))?(?:人民币)?(?:/(?:人·月|人\\.月|月·人|人/月|月/人|月|人|户|次))?"
)
_UNITS = (
    "(?:口人|人|户|口|岁|周岁|个|张|床|名|次|项|条|份|笔|月|处|套|辆|间|件|天|年"
    "|%|平方米|㎡|M2|M²|平米|平方|平|亩|分|元)"
)
_HAN = "[零一二两三四五六七八九十]{1,3}"


def _bare(text: str) -> str:
    return f"regexp_replace(upper({half(text)}), '\\s', '', 'g')"


def _layers(cell: Cell, slow: str) -> tuple[dict[str, str], ...]:
    w, a = cell.at("w"), cell.at("a")
    quick = f"regexp_full_match({cell.text}, '{_PLAIN}')"
    return (
        {w: f"CASE WHEN {quick} THEN {cell.text} ELSE {_bare(cell.text)} END"},
        {a: f"CASE WHEN {w} IS NULL OR regexp_full_match({w}, '{_PLAIN}') THEN {w} ELSE {slow} END"},
    )


def _figure(expr: str, type_: str) -> str:
    return f"CASE WHEN regexp_full_match({expr}, '{_NUMBER}') THEN TRY_CAST({expr} AS {type_}) END"


def _problem(cell: Cell, value: str) -> str:
    return first_of(
        (f"{cell_fault(cell)} IS NOT NULL", cell_fault(cell)),
        (f"{value} IS NOT NULL OR {is_empty_word(cell.at('w'))}", "NULL"),
        default="'unreadable'",
    )


def _blank(cell: Cell) -> str:
    return f"{is_empty_word(cell.at('w'))} AND {cell_fault(cell)} IS NULL"


def read_money(cell: Cell, *, factor: int = 1) -> Reading:
    """An amount. Results: value, DECIMAL(24,8); has_unit: the cell itself says in what (5000元, 1.5万).

    Where it does not, the column's header does: multiply by its factor. Codes: unreadable.

    factor   the greatest by which the column is multiplied: what would be no amount any more cannot be read
    """
    w, a, f, v = cell.at("w"), cell.at("a"), cell.at("f"), cell.at("v")
    negative = f"regexp_replace({w}, '^\\((.*)\\)$', '-\\1')"
    lone = f"CASE WHEN regexp_matches({w}, '^\\(.*\\)$') THEN {negative} ELSE {w} END"
    match = f"regexp_full_match({lone}, {lit(_MONEY)})"
    digits = f"regexp_replace({lone}, {lit(_MONEY)}, '\\3\\4')"
    sign = f"regexp_replace({lone}, {lit(_MONEY)}, '\\1\\2')"
    grouped = f"NOT contains({digits}, ',') OR regexp_full_match({digits}, '{_GROUPED}')"
    slow = f"CASE WHEN {match} AND ({grouped}) THEN {sign} || replace({digits}, ',', '') ELSE {w} END"
    unit = first_of(
        (f"contains({w}, '万')", "10000"),
        (f"contains({w}, '千')", "1000"),
        (f"contains({w}, '百')", "100"),
        default="1",
    )
    amount = f"TRY_CAST({_figure(a, 'DECIMAL(24,8)')} * {unit} AS DECIMAL(24,8))"
    has_unit = f"regexp_matches({w}, '[万千百元圆块]')"
    possible = f"abs({f}) < {_LIMIT} / CASE WHEN {has_unit} THEN 1 ELSE {factor} END"
    return Reading(
        layers=(
            *_layers(cell, slow),
            {f: f"CASE WHEN {cell_fault(cell)} IS NULL THEN {amount} END"},
            {v: f"CASE WHEN {possible} THEN {f} END"},
        ),
        columns={"value": v, "has_unit": has_unit},
        problem=_problem(cell, v),
        blank=_blank(cell),
        shown=shown(cell.text),
    )


def _without_unit(w: str) -> str:
    bare = f"regexp_replace({w}, '^(?:共|计|约计)?(.*?){_UNITS}$', '\\1')"
    return f"CASE WHEN regexp_full_match({bare}, '{_GROUPED}') THEN replace({bare}, ',', '') ELSE {bare} END"


def _han(expr: str) -> str:
    """三, 十二, 二十 → digits; up to ninety-nine."""
    tens = f"regexp_replace({expr}, '^十', '一十')"
    tens = f"regexp_replace(regexp_replace({tens}, '十$', '零'), '十', '')"
    return f"translate({tens}, '零一二两三四五六七八九', '01223456789')"


def read_int(cell: Cell) -> Reading:
    """A count: 120, 120人, 3户, 3.0, 三."""
    w, a, f, v = cell.at("w"), cell.at("a"), cell.at("f"), cell.at("v")
    bare = _without_unit(w)
    slow = f"CASE WHEN regexp_full_match({bare}, '{_HAN}') THEN {_han(bare)} ELSE {bare} END"
    value = f"CASE WHEN {f} = floor({f}) AND abs({f}) < {_LIMIT} THEN TRY_CAST({f} AS BIGINT) END"
    return Reading(
        layers=(
            *_layers(cell, slow),
            {f: _figure(a, "DECIMAL(24,4)")},
            {v: f"CASE WHEN {cell_fault(cell)} IS NULL THEN {value} END"},
        ),
        columns={"value": v},
        problem=_problem(cell, v),
        blank=_blank(cell),
        shown=shown(cell.text),
    )


def read_decimal(cell: Cell) -> Reading:
    """A measured figure: 120.5㎡. Of two figures in a cell (建筑面积/套内面积) the greater counts, with a doubt."""
    w, a, f, v = cell.at("w"), cell.at("a"), cell.at("f"), cell.at("v")
    several = f"regexp_full_match({w}, '[0-9.]+{_UNITS}?(?:[/、,;+和][0-9.]+{_UNITS}?)+')"
    figures = f"list_transform(regexp_extract_all({w}, '[0-9]+(?:\\.[0-9]+)?'), lambda x: TRY_CAST(x AS DECIMAL(18,4)))"
    two = f"{several} AND NOT regexp_full_match({_without_unit(w)}, '{_NUMBER}')"
    value = f"coalesce({_figure(a, 'DECIMAL(18,4)')}, CASE WHEN {two} THEN list_max({figures}) END)"
    return Reading(
        layers=(
            *_layers(cell, _without_unit(w)),
            {f: f"CASE WHEN {cell_fault(cell)} IS NULL THEN {value} END"},
            {v: f"CASE WHEN abs({f}) < {_LIMIT} THEN {f} END"},
        ),
        columns={"value": v},
        problem=f"coalesce({_problem(cell, v)}, CASE WHEN {v} IS NOT NULL AND {two} THEN 'several' END)",
        blank=_blank(cell),
        shown=shown(cell.text),
    )


def percent_fact(text: str) -> str:
    """Aggregate: the column writes shares as fractions (all figures without % are at most 1)."""
    return f"max(abs(TRY_CAST(trim({text}) AS DOUBLE))) <= 1"


def read_percent(cell: Cell, *, fractions: bool) -> Reading:
    """A share as a fraction: 45%, 45 and 0.45 are all 0.45; fractions tells which the column writes."""
    w, a, v = cell.at("w"), cell.at("a"), cell.at("v")
    divisor = f"CASE WHEN contains({w}, '%') OR NOT {str(fractions).upper()} THEN 100 ELSE 1 END"
    value = f"CAST({_figure(a, 'DECIMAL(18,6)')} / {divisor} AS DECIMAL(18,4))"
    return Reading(
        layers=(
            *_layers(cell, f"regexp_replace({w}, '%$', '')"),
            {v: f"CASE WHEN {cell_fault(cell)} IS NULL THEN {value} END"},
        ),
        columns={"value": v},
        problem=_problem(cell, v),
        blank=_blank(cell),
        shown=shown(cell.text),
    )
