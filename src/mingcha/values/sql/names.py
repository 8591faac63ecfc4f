"""Names of people, by column: the steps of ``values.names.normal_name``."""

from __future__ import annotations

from mingcha.values.names import (
    DOTS,
    FIGURES,
    GONE,
    LABEL,
    MARKS,
    STOP,
    TITLE_BEFORE,
    TITLE_BEHIND,
    UNKNOWN,
    traditional,
)
from mingcha.values.sql.base import (
    Cell,
    Reading,
    cell_fault,
    first_of,
    half,
    is_empty_word,
    lit,
    redacted,
    shown,
)


def _without(expr: str, pattern: str, *, least: int = 2) -> str:
    rest = f"regexp_replace({expr}, {lit(pattern)}, '', 'g')"
    return f"CASE WHEN regexp_matches({expr}, {lit(pattern)}) AND length({rest}) >= {least} THEN {rest} ELSE {expr} END"


def _chain(cell: Cell, steps: tuple[str, ...], start: str) -> tuple[tuple[dict[str, str], ...], str]:
    """Layers of steps, each a template over {x}; and the name of the last."""
    layers: list[dict[str, str]] = []
    name = start
    for number, step in enumerate(steps):
        target = cell.at(f"n{number}")
        layers.append({target: step.replace("{x}", name)})
        name = target
    return tuple(layers), name


def _steps() -> tuple[str, ...]:
    old, new = traditional()
    dots = f"translate({{x}}, '{DOTS}{UNKNOWN}', '{'·' * len(DOTS)}{'?' * len(UNKNOWN)}')"
    unknown = (
        "CASE WHEN contains({x}, '·') AND (length({x}) <= 3 OR starts_with({x}, '·') OR ends_with({x}, '·')) "
        "THEN replace({x}, '·', '?') ELSE {x} END"
    )
    titled = first_of(
        (f"regexp_matches({{x}}, {lit(TITLE_BEFORE)})", f"regexp_extract({{x}}, {lit(TITLE_BEFORE)}, 1)"),
        (f"regexp_matches({{x}}, {lit(TITLE_BEHIND)})", f"regexp_extract({{x}}, {lit(TITLE_BEHIND)}, 1)"),
        default="{x}",
    )
    return (
        dots,
        _without("{x}", "\\([^()]*\\)"),
        _without("{x}", LABEL),
        _without("{x}", MARKS),
        _without("{x}", FIGURES),
        f"CASE WHEN regexp_matches({{x}}, {lit(STOP)}) THEN translate({{x}}, '.．', '··') ELSE {{x}} END",
        f"CASE WHEN length({{x}}) >= 4 THEN {_without('{x}', GONE)} ELSE {{x}} END",
        _without("{x}", "代$"),
        unknown,
        f"CASE WHEN regexp_matches({{x}}, '[{old}]') THEN translate({{x}}, '{old}', '{new}') ELSE {{x}} END",
        titled,
    )


def read_name(cell: Cell) -> Reading:
    """A name. Results: value (the normal form), written.

    Codes: unreadable (no letter in it).
    """
    w, kept = cell.at("w"), cell.at("kept")
    layers, last = _chain(cell, _steps(), w)
    fault = cell_fault(cell)
    value = first_of(
        (f"{fault} IS NOT NULL OR {is_empty_word(w)}", "NULL"),
        # digits do not make a name: numbers that slipped into the column are hidden
        (f"regexp_matches({last}, '\\p{{L}}')", redacted(last)),
    )
    return Reading(
        layers=({w: f"regexp_replace({half(cell.text)}, '\\s', '', 'g')"}, *layers, {kept: value}),
        columns={
            "value": kept,
            "written": f"CASE WHEN {kept} IS NOT NULL THEN {redacted(f'trim({cell.text})')} END",
        },
        problem=first_of(
            (f"{fault} IS NOT NULL", fault),
            (f"{kept} IS NOT NULL OR {is_empty_word(w)}", "NULL"),
            default="'unreadable'",
        ),
        blank=f"({is_empty_word(w)} AND {fault} IS NULL)",
        shown=shown(cell.text),
    )
