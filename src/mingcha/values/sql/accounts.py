"""Bank accounts, telephones and social credit codes, by column."""

from __future__ import annotations

from mingcha.values.sql.base import (
    NUMBER_KIND,
    Cell,
    Reading,
    cell_fault,
    first_of,
    half,
    is_empty_word,
    is_mark,
    lit,
    redacted,
    shown,
)
from mingcha.values.sql.ids import SCIENTIFIC
from mingcha.values.text import NUMBERS_AMONG_CODES

_JOINTS = "['`´‘’“”\"\\s\\-()_]"
_LABEL = "^(?:银行)?(?:账户|帐户|账号|帐号|卡号|存折|折号|电话|手机号?)(?:号码?)?[:：]?"
#: A long number with words before or behind it.
_NAMED = "[\\p{Han}:,;、]*[0-9]{12,32}[\\p{Han}:,;、]*"
#: GB 32100: alphabet and weights of the first 17 places.
_USCC = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)


def _digits(text: str) -> str:
    bare = f"regexp_replace(regexp_replace(upper({half(text)}), {lit(_JOINTS)}, '', 'g'), {lit(_LABEL)}, '')"
    return f"regexp_replace({bare}, '\\.0+$', '')"


def _tail(expr: str) -> str:
    """Only the last four places."""
    return f"CASE WHEN length({expr}) > 4 THEN repeat('*', length({expr}) - 4) || right({expr}, 4) ELSE {expr} END"


def read_account(cell: Cell) -> Reading:
    """A bank account or card. A number cell keeps 15 places: a longer account in one is lost.

    Words around a long number (the bank's name) are no part of it. Results: number (digits).
    Codes: tail_lost, masked, several, unreadable.
    """
    w, c = cell.at("w"), cell.at("c")
    d = cell.at("d")
    named = f"regexp_full_match({d}, {lit(_NAMED)})"
    bare = f"CASE WHEN {named} THEN regexp_extract({d}, '[0-9]+') ELSE {d} END"
    kind_of = first_of(
        (f"{cell_fault(cell)} IS NOT NULL", cell_fault(cell)),
        (f"{is_empty_word(w)} OR regexp_full_match({w}, '0+')", "'blank'"),
        (
            f"regexp_full_match({w}, {lit(SCIENTIFIC)}) OR ({cell.kind} = {NUMBER_KIND} AND length({w}) > 15)",
            "'tail_lost'",
        ),
        # two that a line break or a blank keeps apart
        (f"regexp_matches({cell.text}, '[0-9０-９]{{12,}}[^0-9０-９]+[0-9０-９]{{12,}}')", "'several'"),
        (f"regexp_full_match({w}, '[0-9]{{5,32}}')", "'ok'"),
        (f"contains({w}, '*')", "'masked'"),
        (f"regexp_matches({w}, '[0-9]{{9,}}[^0-9]+[0-9]{{9,}}')", "'several'"),
        default="'unreadable'",
    )
    return Reading(
        layers=({d: _digits(cell.text)}, {w: bare}, {c: kind_of}),
        columns={"number": f"CASE WHEN {c} = 'ok' THEN {w} END"},
        problem=f"CASE WHEN {c} NOT IN ('ok', 'blank') THEN {c} END",
        blank=f"{c} = 'blank'",
        shown=_tail(w),
    )


def read_phone(cell: Cell) -> Reading:
    """A telephone: mobile, area code and number, or a short local one. Masked phones say nothing.

    Of several in a cell the first counts, of a mobile among words the mobile. Results: number (digits).
    Codes: unreadable.
    """
    w, c, p = cell.at("w"), cell.at("c"), cell.at("p")
    whole = f"TRY_CAST(TRY_CAST({cell.text} AS DECIMAL(20,0)) AS VARCHAR)"
    number = f"CASE WHEN {cell.kind} = {NUMBER_KIND} THEN {whole} END"
    bare = f"regexp_replace(coalesce({number}, {_digits(cell.text)}), '^(?:\\+|00)?86(1[3-9][0-9]{{9}})$', '\\1')"
    first = f"regexp_extract({w}, '1[3-9][0-9]{{9}}|0[0-9]{{2,3}}[2-9][0-9]{{6,7}}')"
    among = f"nullif(regexp_extract({half(cell.text)}, '(?:^|[^0-9])(1[3-9][0-9]{{9}})(?:[^0-9]|$)', 1), '')"
    phone = first_of(
        (f"regexp_full_match({w}, '1[3-9][0-9]{{9}}|0[0-9]{{9,11}}|[1-9][0-9]{{4,7}}|[48]00[0-9]{{7}}')", w),
        (f"regexp_matches({w}, '^[0-9]{{7,}}[^0-9*]+[0-9]')", f"nullif({first}, '')"),
        default=among,
    )
    kind_of = first_of(
        (f"{cell_fault(cell)} IS NOT NULL", cell_fault(cell)),
        (f"{p} IS NOT NULL", "'ok'"),
        (f"{is_empty_word(w)} OR regexp_full_match({w}, '0+') OR contains({w}, '*')", "'blank'"),
        default="'unreadable'",
    )
    return Reading(
        layers=({w: bare}, {p: phone}, {c: kind_of}),
        columns={"number": f"CASE WHEN {c} = 'ok' THEN {p} END"},
        problem=f"CASE WHEN {c} NOT IN ('ok', 'blank') THEN {c} END",
        blank=f"{c} = 'blank'",
        shown=_tail(w),
    )


def read_uscc(cell: Cell) -> Reading:
    """A unified social credit code (GB 32100), or the 13 or 15 places of an older registration number.

    Codes: checksum, unreadable. What fails is not kept: it may be a person's number.
    """
    w, v = cell.at("w"), cell.at("v")
    places = [
        f"(strpos('{_USCC}', substr({w}, {at + 1}, 1)) - 1) * {weight}" for at, weight in enumerate(_USCC_WEIGHTS)
    ]
    check = f"substr('{_USCC}', (31 - ({' + '.join(places)}) % 31) % 31 + 1, 1)"
    shape = f"regexp_full_match({w}, '[1-9ANY][1-59GNY][0-9]{{6}}[{_USCC}]{{10}}')"
    value = first_of(
        (f"{shape} AND {check} = substr({w}, 18, 1)", w),
        (
            f"regexp_full_match({w}, '[0-9]{{13}}|[0-9]{{15}}|[0-9]{{6}}N[A-Z0-9]{{8}}')"
            f" AND NOT regexp_matches({w}, {lit(NUMBERS_AMONG_CODES)})",
            w,
        ),
    )
    return Reading(
        layers=(
            {w: f"regexp_replace(upper({half(cell.text)}), {lit(_JOINTS)}, '', 'g')"},
            {v: f"CASE WHEN {cell_fault(cell)} IS NULL THEN {value} END"},
        ),
        columns={"value": v},
        problem=first_of(
            (f"{cell_fault(cell)} IS NOT NULL", cell_fault(cell)),
            (f"{v} IS NOT NULL OR {is_empty_word(w)}", "NULL"),
            (shape, "'checksum'"),
            default="'unreadable'",
        ),
        blank=f"{is_empty_word(w)} AND {cell_fault(cell)} IS NULL",
        shown=shown(cell.text),
    )


def read_text(cell: Cell, *, among_codes: bool = False) -> Reading:
    """Free text as written, trimmed, personal numbers hidden.

    among_codes   a column of case or file numbers (see ``redacted``)
    """
    w = cell.at("w")
    kept = f"CASE WHEN NOT {is_mark(cell.text)} THEN {cell.text} END"
    return Reading(
        layers=({w: f"CASE WHEN {cell_fault(cell)} IS NULL THEN {kept} END"},),
        columns={"value": redacted(f"trim({w})", among_codes=among_codes)},
        problem=cell_fault(cell),
        blank=f"{w} IS NULL AND {cell_fault(cell)} IS NULL",
        shown=shown(cell.text),
    )


def read_place(cell: Cell) -> Reading:
    """A place as written, numbers hidden; what place it is, is found for the row as a whole."""
    v = cell.at("v")
    return Reading(
        layers=({v: f"CASE WHEN {cell_fault(cell)} IS NULL THEN {redacted(f'trim({cell.text})')} END"},),
        columns={"value": v},
        problem=cell_fault(cell),
        blank=f"{v} IS NULL AND {cell_fault(cell)} IS NULL",
        shown=shown(cell.text),
    )
