"""Identity numbers and disability certificates, by column."""

from __future__ import annotations

from datetime import date

from mingcha.values.ids import CHECKS, EARLIEST_BIRTH, PROVINCES, WEIGHTS
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
)

_WHOLE = "[1-9][0-9]{16}[0-9X]"
_CERT = "[1-9][0-9]{16}[0-9X][1-7][1-4](?:[A-Z][0-9]|[0-9]{2})?"
#: Signs that stand for the letter X: Cyrillic and Greek letters, multiplication and ballot signs.
_CROSSES = "ХχΧ×✕✖╳⨯❌Ⅹⅹ"
_QUOTES = "['`´‘’‛“”\"′＇ ]"
_LABEL = "^(?:公民|居民|第二代)?(?:身份证?|证件?|残疾人?证)(?:编?号码?)?[:;]?"
SCIENTIFIC = "-?[0-9](?:\\.[0-9]+)?E\\+?[0-9]+"
_SEVERAL = "[0-9]{17}[0-9X].*[0-9]{17}[0-9X]|[0-9]{14,17}[0-9X][^0-9X]+[0-9]{14,17}[0-9X]"


def cleaned(text: str) -> str:
    """A number cell's text without quotes, blanks, labels in front and '.0' behind; x and its look-alikes are X."""
    upper = f"upper({half(text)})"
    crossed = f"translate(regexp_replace({upper}, {lit(_QUOTES)}, '', 'g'), '{_CROSSES}', '{'X' * len(_CROSSES)}')"
    bare = f"regexp_replace(regexp_replace({crossed}, {lit(_LABEL)}, ''), '(?:\\.0+|\\([^0-9)]*\\))$', '')"
    return f"CASE WHEN regexp_full_match({bare}, '[0-9]+(?:-[0-9]+)+X?') THEN replace({bare}, '-', '') ELSE {bare} END"


def check_sum(number: str) -> str:
    """GB 11643 sum of a BIGINT of 17 digits, modulo 11."""
    places = (f"({number} // {10 ** (16 - at)}) % 10 * {weight}" for at, weight in enumerate(WEIGHTS))
    return f"({' + '.join(places)}) % 11"


def _day(body: str) -> str:
    return f"TRY_CAST(substr({body}, 7, 4) || '-' || substr({body}, 11, 2) || '-' || substr({body}, 13, 2) AS DATE)"


def masked(expr: str) -> str:
    """An identity number as it is shown (see ``values.ids.mask``)."""
    return first_of(
        (f"length({expr}) >= 14", f"left({expr}, 6) || repeat('*', length({expr}) - 10) || right({expr}, 4)"),
        (f"regexp_full_match({expr}, {lit(SCIENTIFIC)})", expr),
        (f"length({expr}) >= 8", f"left({expr}, 2) || repeat('*', length({expr}) - 4) || right({expr}, 2)"),
        default=f"repeat('*', length({expr}))",
    )


def _number_layers(cell: Cell, today: date) -> tuple[dict[str, str], ...]:
    """Layers up to: $c what the text is, $n the 18-place number, $d its birth date, $ok."""
    w, c, b, m, d, n, flag = (cell.at(helper) for helper in ("w", "c", "b", "m", "d", "n", "flag"))
    kind_of = first_of(
        (f"{cell_fault(cell)} IS NOT NULL", cell_fault(cell)),
        (f"{is_empty_word(w)} OR {w} = '0'", "'blank'"),
        (f"regexp_full_match({w}, {lit(SCIENTIFIC)})", "'tail_lost'"),
        # a number cell keeps 15 places: what it shows beyond is lost, whatever the check digit says
        (f"{cell.kind} = {NUMBER_KIND} AND length({w}) > 15", "'tail_lost'"),
        (f"regexp_full_match({w}, '{_WHOLE}')", "'18'"),
        (f"regexp_full_match({w}, '[1-9][0-9]{{14}}')", "'15'"),
        (f"regexp_full_match({w}, '{_CERT}')", "'cert'"),
        (f"regexp_matches({w}, {lit(_SEVERAL)})", "'several'"),
        (f"contains({w}, '*')", "'masked'"),
        (f"regexp_full_match({w}, '[0-9]+X?')", "'length'"),
        default="'charset'",
    )
    body = first_of(
        (f"{c} IN ('18', 'cert')", f"left({w}, 17)"),
        (f"{c} = '15'", f"left({w}, 6) || '19' || substr({w}, 7)"),
        (f"{c} = 'tail_lost' AND length({w}) = 18 AND NOT contains({w}, 'E')", f"left({w}, 14) || '000'"),
    )
    possible = f"{d} BETWEEN DATE '{EARLIEST_BIRTH}' AND DATE '{today}'"
    check = f"substr('{CHECKS}', {check_sum(m)} + 1, 1)"
    fault = first_of(
        (f"{c} IN ('blank', 'error', 'formula')", "NULL"),
        (f"{c} NOT IN ('18', '15', 'cert')", c),
        (f"{d} IS NULL OR NOT ({possible})", "'date'"),
        (f"NOT ({any_of(f'left({b}, 2)', PROVINCES)})", "'region'"),
        (f"{c} <> '15' AND {check} <> substr({w}, 18, 1)", "'checksum'"),
        (f"{c} = 'cert'", "'cert_in_id'"),
    )
    text = f"CASE WHEN regexp_full_match({cell.text}, '{_WHOLE}') THEN {cell.text} ELSE {cleaned(cell.text)} END"
    return (
        {w: text},
        {c: kind_of},
        {b: body},
        {m: f"TRY_CAST({b} AS BIGINT)", d: _day(b)},
        {
            n: first_of((f"{c} IN ('18', 'cert')", f"left({w}, 18)"), (f"{c} = '15'", f"{b} || {check}")),
            flag: fault,
        },
    )


def _results(cell: Cell) -> dict[str, str]:
    w, c, b, d, n, flag, ok = (cell.at(helper) for helper in ("w", "c", "b", "d", "n", "flag", "ok"))
    sex = f"CASE WHEN substr({b}, 17, 1) IN ('1', '3', '5', '7', '9') THEN '1' ELSE '2' END"
    return {
        "number": f"CASE WHEN {ok} THEN {n} END",
        "written": f"CASE WHEN {c} IN ('blank', 'error', 'formula') THEN NULL ELSE {w} END",
        "is_valid": ok,
        "flag": flag,
        "birth_date": f"CASE WHEN coalesce({flag}, '') NOT IN ('date', 'region') THEN {d} END",
        "sex": f"CASE WHEN {ok} OR {flag} = 'checksum' THEN {sex} END",
    }


def read_id(cell: Cell, today: date) -> Reading:
    """An id18 field. Results: number (valid, 18 places), written, is_valid, flag, birth_date, sex.

    today   nobody is born later
    Codes: tail_lost, several, masked, length, charset, date, region, checksum (never valid); cert_in_id (valid).
    """
    w, c, flag, ok = (cell.at(helper) for helper in ("w", "c", "flag", "ok"))
    return Reading(
        layers=(
            *_number_layers(cell, today),
            {ok: f"({c} IN ('18', '15', 'cert') AND ({flag} IS NULL OR {flag} = 'cert_in_id'))"},
        ),
        columns=_results(cell),
        problem=f"coalesce({flag}, CASE WHEN {c} IN ('error', 'formula') THEN {c} END)",
        blank=f"{c} = 'blank'",
        shown=masked(w),
    )


def read_cert(cell: Cell, today: date) -> Reading:
    """A disability certificate (残疾证号): identity number, kind of disability, level, and a mark of re-issue.

    Results: written (where its digits are whole), number (the person's, where valid), type, level.
    Codes: tail_lost, several, masked, length, charset, date, region, checksum, only_id.
    """
    w, c, n, flag = (cell.at(helper) for helper in ("w", "c", "n", "flag"))
    whole = f"{c} = 'cert'"
    return Reading(
        layers=_number_layers(cell, today),
        columns={
            "written": f"CASE WHEN {c} IN ('18', '15', 'cert') THEN {w} END",
            "number": f"CASE WHEN {c} IN ('18', '15', 'cert') AND ({flag} IS NULL OR {flag} = 'cert_in_id') "
            f"THEN {n} END",
            "type": f"CASE WHEN {whole} THEN substr({w}, 19, 1) END",
            "level": f"CASE WHEN {whole} THEN substr({w}, 20, 1) END",
        },
        problem=first_of(
            (f"{c} IN ('error', 'formula')", c),
            (f"{flag} = 'cert_in_id'", "NULL"),
            (f"{flag} IS NOT NULL", flag),
            (f"{c} IN ('18', '15')", "'only_id'"),
        ),
        blank=f"{c} = 'blank'",
        shown=masked(w),
    )
