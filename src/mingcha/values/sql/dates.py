"""Dates, months and times, by column, in every form offices write (file-formats 2.4).

All go through one normal form: ``Y-M-D``, ``Y-M``, ``Y-M~n`` (n months from that one), ``Y``, ``YQn``, ``YHn``,
``open`` (长期, 至今), ``now`` (立行立改), NULL for a cell that says nothing, ``?`` for what cannot be read.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from mingcha.values.sql.base import (
    NUMBER_KIND,
    Cell,
    Reading,
    any_of,
    cell_fault,
    first_of,
    half,
    is_empty_word,
    lit,
    shown,
)

#: Fillers that programs write for "no date" (field-aliases, date_patterns).
_NO_DATES = (
    *("0", "00", "0.0", "00000000", "000000", "0001-01-01", "0001/1/1", "1900-01-00", "1900/1/0", "1900-1-0"),
    *("1899-12-30", "1899-12-31", "9999-12-31", "9999/12/31", "99991231", "9999-12", "999912", "年月日"),
)
_OPEN = (
    *("至今", "今", "长期", "永久", "长久", "终身", "终生", "长期有效", "永久有效", "无期限", "无固定期限", "持续"),
    *("长期坚持", "持续推进", "长期推进", "持续整改", "长期整改", "常态化", "长期执行", "坚持长期", "持续坚持"),
)
_NOW = ("立行立改", "立即整改", "即知即改", "立改", "立即", "立查立改", "即行即改", "已立即整改", "立整立改")
_HAN_DIGITS = "[〇零○一二三四五六七八九十]"
_TIME = (
    "(?:[T ]?(?:上午|下午)?([0-9]{1,2})[:时点]([0-9]{1,2})分?(?::?([0-9]{1,2})(?:\\.[0-9]+)?秒?)?"
    " ?(?:AM|PM|上午|下午)?(?:Z|[+-][0-9]{2}:?[0-9]{2})?)?"
)
_DAY = f"([0-9]{{4}})[-/.年,、\\\\ ]([0-9]{{1,2}})[-/.月,、\\\\ ]([0-9]{{1,2}})[日号.]?{_TIME}"
_SHORT_DAY = f"([0-9]{{2}})[-/.年]([0-9]{{1,2}})[-/.月]([0-9]{{1,2}})[日号]?{_TIME}"
_HAN_SHORT = f"([0-9]{{2}})年([0-9]{{1,2}})月(?:([0-9]{{1,2}})[日号]?)?{_TIME}"
_ENGLISH_DAY = f"([0-9]{{1,2}})[/-]([0-9]{{1,2}})[/-]([0-9]{{4}}){_TIME}"
_PART = "(?:份|底|末|初|中|上旬|中旬|下旬|内)?"
_MONTH = f"([0-9]{{4}})(?:[-/.]|年度?)([0-9]{{1,2}})[月.]?{_PART}"
_SPAN = "([0-9]{4})(?:[-/.]|年度?)([0-9]{1,2})月?(?:份)?[-~—至到]+(?:([0-9]{4})(?:[-/.]|年))?([0-9]{1,2})月?(?:份)?"
_QUARTER = "([0-9]{4})(?:年度?)?(?:第?([1-4])季度?|[-]?Q([1-4]))"
_HALF = "([0-9]{4})年?度?(上|下)半年度?"
_YEAR = "((?:18|19|20|21)[0-9]{2})(?:年度?|年底|年末|年初|年内)?"
#: Signs about which blanks say nothing.
_LOOSE = "\\s*([年月日号./~至到-])\\s*"
_WEEKDAY = "[(]?(?:星期|周|礼拜)[一二三四五六日天][)]?"
_BEHIND = "(?:之?前|以前|前?完成|之?后|以后|起始?|开始|截止|止|为止)$"
_BEFORE = "^(?:截至|截止到?|自|从|于|至|到)"
#: Plausible years; what lies outside is a slip of the keyboard.
_FIRST_DAY, _LAST_DAY = "DATE '1850-01-01'", "DATE '2150-12-31'"


@dataclass(frozen=True)
class DateFacts:
    """What the whole column tells about one cell.

    four_digit_years  the column has years of four places too: then 23.6.5 is 2023
    zero_months       number cells such as 2023.06 occur: then the number 2023.1 is October
    base_1904         serials of this book count from 1904
    year              year the sheet speaks of, for months written alone (6月); None if nothing says
    this_year         two-place years up to it are 20yy, later ones 19yy
    """

    four_digit_years: bool = True
    zero_months: bool = False
    base_1904: bool = False
    year: int | None = None
    this_year: int = 2023


def _han(expr: str) -> str:
    """二〇二三年十一月二十三日 → 2023年11月23日."""
    tens = f"regexp_replace({expr}, '([一二三])十([一二三四五六七八九])', '\\1\\2', 'g')"
    tens = f"regexp_replace({tens}, '([一二三])十', '\\10', 'g')"
    tens = f"regexp_replace({tens}, '十([一二三四五六七八九])', '1\\1', 'g')"
    digits = f"translate(replace({tens}, '十', '10'), '〇零○Oo一二三四五六七八九', '00000123456789')"
    return f"CASE WHEN regexp_matches({expr}, '{_HAN_DIGITS}') THEN {digits} ELSE {expr} END"


def _part(expr: str, pattern: str, group: int) -> str:
    return f"regexp_extract({expr}, {lit(pattern)}, {group})"


def _full(expr: str, pattern: str) -> str:
    return f"regexp_full_match({expr}, {lit(pattern)})"


def _century(expr: str, this_year: int) -> str:
    return f"CASE WHEN CAST({expr} AS INTEGER) <= {this_year % 100} THEN '20' ELSE '19' END || {expr}"


def _span(h: str) -> str:
    first_year, first, last_year, last = (_part(h, _SPAN, group) for group in range(1, 5))
    years = f"CAST(coalesce(nullif({last_year}, ''), {first_year}) AS INTEGER) - CAST({first_year} AS INTEGER)"
    months = f"({years}) * 12 + CAST({last} AS INTEGER) - CAST({first} AS INTEGER) + 1"
    return f"{first_year} || '-' || {first} || '~' || CAST({months} AS VARCHAR)"


def _normal(cell: Cell, h: str, facts: DateFacts) -> str:
    """The normal form of cleaned text h."""
    is_number = f"{cell.kind} = {NUMBER_KIND}"
    serial = f"CAST(floor(CAST({h} AS DOUBLE)) AS INTEGER)"
    start = "DATE '1904-01-01'" if facts.base_1904 else "DATE '1899-12-30'"
    epoch = f"CAST(make_timestamp(CAST({h} AS BIGINT) * 1000) + INTERVAL 8 HOUR AS DATE)"
    zulu = f"TRY_CAST({h} AS TIMESTAMP) + INTERVAL 8 HOUR"
    short = f"regexp_extract({h}, {lit(_SHORT_DAY)}, 1)"
    pairs: list[tuple[str, str]] = [
        (f"{is_empty_word(h)} OR {any_of(h, _NO_DATES)}", "NULL"),
        (any_of(h, _OPEN), "'open'"),
        (any_of(h, _NOW), "'now'"),
        (_full(h, "[0-9]{4}-[0-9]{2}-[0-9]{2}"), h),
        (_full(h, "[0-9]{8}"), f"left({h}, 4) || '-' || substr({h}, 5, 2) || '-' || substr({h}, 7, 2)"),
        (_full(h, "[0-9]{4}-.*T.*Z"), f"coalesce(strftime({zulu}, '%Y-%m-%d'), '?')"),
        (_full(h, _DAY), f"regexp_replace({h}, {lit(_DAY)}, '\\1-\\2-\\3')"),
        (_full(h, _ENGLISH_DAY), f"regexp_replace({h}, {lit(_ENGLISH_DAY)}, '\\3-\\1-\\2')"),
        (_full(h, "[0-9]{13}"), f"CAST({epoch} AS VARCHAR)"),
        (_full(h, "[0-9]{14}"), f"left({h}, 4) || '-' || substr({h}, 5, 2) || '-' || substr({h}, 7, 2)"),
        (_full(h, "[0-9]{5}(?:\\.[0-9]+)?"), f"CAST({start} + {serial} AS VARCHAR)"),
        (f"{is_number} AND {_full(h, '[3-9][0-9]{3}(?:[.][0-9]{3,})?')}", f"CAST({start} + {serial} AS VARCHAR)"),
        (_full(h, "(?:19|20)[0-9]{4}"), f"left({h}, 4) || '-' || substr({h}, 5, 2)"),
        (_full(h, _SPAN), _span(h)),
    ]
    if facts.zero_months:
        pairs.append((f"{is_number} AND {_full(h, '[0-9]{4}[.]1')}", f"left({h}, 4) || '-10'"))
    pairs += [
        (_full(h, _MONTH), f"regexp_replace({h}, {lit(_MONTH)}, '\\1-\\2')"),
        (_full(h, _QUARTER), f"regexp_replace({h}, {lit(_QUARTER)}, '\\1Q\\2\\3')"),
        (_full(h, _HALF), f"{_part(h, _HALF, 1)} || CASE {_part(h, _HALF, 2)} WHEN '上' THEN 'H1' ELSE 'H2' END"),
        (_full(h, _YEAR), _part(h, _YEAR, 1)),
        (
            _full(h, _HAN_SHORT),
            f"rtrim({_century(_part(h, _HAN_SHORT, 1), facts.this_year)} || '-' || {_part(h, _HAN_SHORT, 2)} || '-' "
            f"|| {_part(h, _HAN_SHORT, 3)}, '-')",
        ),
    ]
    if facts.four_digit_years:
        rest = f"'-' || {_part(h, _SHORT_DAY, 2)} || '-' || {_part(h, _SHORT_DAY, 3)}"
        pairs.append((_full(h, _SHORT_DAY), f"{_century(short, facts.this_year)} || {rest}"))
    return first_of(*pairs, default="'?'")


def _month_alone(cell: Cell, facts: DateFacts) -> list[tuple[str, str]]:
    """What only a month can be: 20231, and months and quarters without a year, of a sheet whose year is known."""
    h, year = cell.at("h"), facts.year
    # as a serial this would be a day of the fifties
    run_on = [(_full(h, "20[0-4][0-9][1-9]"), f"left({h}, 4) || '-' || right({h}, 1)")]
    if year is None:
        return run_on
    month = "(0?[1-9]|1[0-2])月?(?:份)?(?:金额|补贴|资金)?"
    quarter = "第?([1-4])季度"
    span = "([0-9]{1,2})月?(?:份)?[-~—至到]+([0-9]{1,2})月(?:份)?"
    first, last = _part(h, span, 1), _part(h, span, 2)
    months = f"CAST(CAST({last} AS INTEGER) - CAST({first} AS INTEGER) + 1 AS VARCHAR)"
    half_year = f"'{year}' || CASE WHEN {h}[1] = '上' THEN 'H1' ELSE 'H2' END"
    return [
        *run_on,
        (_full(h, month), f"'{year}-' || {_part(h, month, 1)}"),
        (_full(h, quarter), f"'{year}Q' || {_part(h, quarter, 1)}"),
        (_full(h, span), f"'{year}-' || {first} || '~' || {months}"),
        (_full(h, "[上下]半年"), half_year),
        (any_of(h, ("全年", "本年", "本年度")), f"'{year}'"),
    ]


def _deadline(cell: Cell, facts: DateFacts) -> list[tuple[str, str]]:
    """Days and months without a year (10月底), of a sheet whose year is known."""
    h, year = cell.at("h"), facts.year
    if year is None:
        return []
    month = f"(0?[1-9]|1[0-2])月{_PART}"
    day = "([0-9]{1,2})月([0-9]{1,2})[日号]"
    return [
        (_full(h, month), f"'{year}-' || {_part(h, month, 1)}"),
        (_full(h, day), f"'{year}-' || {_part(h, day, 1)} || '-' || {_part(h, day, 2)}"),
    ]


def _layers(cell: Cell, facts: DateFacts, more: Collection[tuple[str, str]] = ()) -> tuple[Mapping[str, str], ...]:
    """Layers up to $n, the normal form, and $d, its first day (NULL if there is none).

    more   (condition, normal form) of further forms, which come first
    """
    w, h, n, d = (cell.at(helper) for helper in ("w", "h", "n", "d"))
    quick = "[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{8}|[0-9]{6}|[0-9]{5}"
    clean = f"regexp_replace(upper({half(cell.text)}), {lit(_WEEKDAY)}, ' ', 'g')"
    clean = f"trim(regexp_replace(regexp_replace({clean}, '[—–]+|--+', '-', 'g'), {lit(_LOOSE)}, '\\1', 'g'))"
    bare = f"regexp_replace(regexp_replace({_han(w)}, {lit(_BEHIND)}, ''), {lit(_BEFORE)}, '')"
    kept = f"{w} IS NULL OR {_full(w, quick)} OR {any_of(w, (*_OPEN, *_NOW, *_NO_DATES))}"
    normal = _normal(cell, h, facts)
    if more:
        normal = first_of(*more, default=normal)
    day = first_of(
        (_full(n, "[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}"), f"TRY_CAST({n} AS DATE)"),
        (_full(n, "[0-9]{4}-[0-9]{1,2}"), f"TRY_CAST({n} || '-01' AS DATE)"),
        (_full(n, "[0-9]{4}-[0-9]{1,2}~[0-9]+"), f"TRY_CAST(split_part({n}, '~', 1) || '-01' AS DATE)"),
        (_full(n, "[0-9]{4}"), f"TRY_CAST({n} || '-01-01' AS DATE)"),
        (
            _full(n, "[0-9]{4}Q[1-4]"),
            f"make_date(CAST(left({n}, 4) AS INTEGER), CAST(right({n}, 1) AS INTEGER) * 3 - 2, 1)",
        ),
        (
            _full(n, "[0-9]{4}H[12]"),
            f"make_date(CAST(left({n}, 4) AS INTEGER), CAST(right({n}, 1) AS INTEGER) * 6 - 5, 1)",
        ),
    )
    return (
        {w: f"CASE WHEN {_full(cell.text, quick)} THEN {cell.text} ELSE {clean} END"},
        {h: f"CASE WHEN {kept} THEN {w} ELSE {bare} END"},
        {n: f"CASE WHEN {cell_fault(cell)} IS NOT NULL THEN NULL ELSE {normal} END"},
        {d: f"CASE WHEN {day} BETWEEN {_FIRST_DAY} AND {_LAST_DAY} THEN {day} END"},
    )


def _problem(cell: Cell) -> str:
    n, d = cell.at("n"), cell.at("d")
    return first_of(
        (f"{cell_fault(cell)} IS NOT NULL", cell_fault(cell)),
        (f"{n} IN ('open', 'now') OR {n} IS NULL OR {d} IS NOT NULL", "NULL"),
        (_full(n, "[0-9]{4}-[0-9]{1,2}(-[0-9]{1,2})?"), "'impossible'"),
        default="'unreadable'",
    )


def read_date(cell: Cell, facts: DateFacts, *, deadline: bool = False) -> Reading:
    """A date field: the day (or first day of month, quarter, half-year, year) and its precision.

    deadline    what lies ahead of a sheet of a known year may be written without one; elsewhere the year would be a
                guess, and is left to people
    precision   day, month, quarter, half, year; open (长期, 至今) and now (立行立改): no date
    """
    n, d = cell.at("n"), cell.at("d")
    precision = first_of(
        (f"{n} IN ('open', 'now')", n),
        (f"{d} IS NULL", "NULL"),
        (f"contains({n}, 'Q')", "'quarter'"),
        (f"contains({n}, 'H')", "'half'"),
        (f"contains({n}, '~')", "'month'"),
        (f"length({n}) = 4", "'year'"),
        (f"length({n}) - length(replace({n}, '-', '')) = 2", "'day'"),
        default="'month'",
    )
    return Reading(
        layers=_layers(cell, facts, _deadline(cell, facts) if deadline else ()),
        columns={"value": d, "precision": precision},
        problem=_problem(cell),
        blank=f"{n} IS NULL AND {cell_fault(cell)} IS NULL",
        shown=shown(cell.text),
    )


def read_month(cell: Cell, facts: DateFacts) -> Reading:
    """A month field: 'YYYY-MM' and how many months from that one the value covers (a quarter: 3)."""
    n, d = cell.at("n"), cell.at("d")
    span = f"TRY_CAST(split_part({n}, '~', 2) AS INTEGER)"
    months = first_of(
        (f"{d} IS NULL", "NULL"),
        (f"contains({n}, 'Q')", "3"),
        (f"contains({n}, 'H')", "6"),
        (f"contains({n}, '~')", span),
        (f"length({n}) = 4", "12"),
        default="1",
    )
    good = f"(NOT contains({n}, '~') OR {span} BETWEEN 1 AND 60)"
    *first, last = _layers(cell, facts, _month_alone(cell, facts))
    backwards = {d: f"CASE WHEN {good} THEN {last[d]} END"}
    return Reading(
        layers=(*first, backwards),
        columns={"value": f"strftime({d}, '%Y-%m')", "months": months},
        problem=_problem(cell),
        blank=f"{n} IS NULL AND {cell_fault(cell)} IS NULL",
        shown=shown(cell.text),
    )


def read_datetime(cell: Cell, facts: DateFacts) -> Reading:
    """A datetime field; a day without a time is its midnight."""
    h, n, d = cell.at("h"), cell.at("n"), cell.at("d")
    t = cell.at("t")
    anywhere = "(?:[T 日号午]|^)([0-9]{1,2})[:时点]([0-9]{1,2})分?(?::?([0-9]{1,2}))?"
    hour, minute, second = (f"CAST(nullif({_part(h, anywhere, group)}, '') AS INTEGER)" for group in (1, 2, 3))
    noon = f"CASE WHEN regexp_matches({h}, 'PM|下午') AND {hour} < 12 THEN 43200 ELSE 0 END"
    clock = f"coalesce({hour}, 0) * 3600 + coalesce({minute}, 0) * 60 + coalesce({second}, 0) + {noon}"
    fraction = f"CAST(round((CAST({h} AS DOUBLE) % 1) * 86400) AS INTEGER)"
    packed = (
        f"CAST(substr({h}, 9, 2) AS INTEGER) * 3600 + CAST(substr({h}, 11, 2) AS INTEGER) * 60 "
        f"+ CAST(substr({h}, 13, 2) AS INTEGER)"
    )
    seconds = first_of(
        (f"{d} IS NULL", "NULL"),
        (_full(h, "[0-9]{13}"), f"((CAST({h} AS BIGINT) // 1000) + 28800) % 86400"),
        (_full(h, "[0-9]{14}"), packed),
        (_full(h, "[0-9]{5}\\.[0-9]+"), fraction),
        (_full(h, ".*T.*Z"), f"date_part('epoch', TRY_CAST({h} AS TIMESTAMP) + INTERVAL 8 HOUR) % 86400"),
        (f"regexp_matches({h}, '[:时点]')", clock),
        default="0",
    )
    stamp = f"CAST({d} AS TIMESTAMP) + to_seconds({t})"
    return Reading(
        layers=(*_layers(cell, facts), {t: f"CAST({seconds} AS BIGINT)"}),
        columns={"value": f"CASE WHEN {t} < 86400 THEN {stamp} ELSE CAST({d} AS TIMESTAMP) END"},
        problem=_problem(cell),
        blank=f"{n} IS NULL AND {cell_fault(cell)} IS NULL",
        shown=shown(cell.text),
    )
