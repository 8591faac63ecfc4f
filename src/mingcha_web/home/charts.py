"""The charts of the start pages, drawn by the engine's chart module; the same numbers are drawn once."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from mingcha import api
from mingcha_web.home.blocks import Chart

_WIDE, _NARROW = 620, 340
#: Darker the longer it lasts.
AGE_COLOURS = ("#C9DAE6", "#8FB3CB", "#4F86A8", "#1F4E6E")
#: Overdue, soon, later, without a limit.
DUE_COLOURS = ("#8F1616", "#E07B00", "#4F86A8", "#C5CCD4")
SEVERITY_COLOURS = api.SEVERITY_COLOURS
PLAIN = api.CHART_COLOUR


def bar(label: str, value: float, link: str = "", colour: str = PLAIN, words: str | None = None) -> api.Bar:
    """One bar."""
    return api.Bar(label, value, link, colour, words)


def bars(
    title: str,
    description: str,
    rows: Sequence[api.Bar],
    *,
    series: Sequence[tuple[str, str]] = (),
    note: str = "",
    more: tuple[str, str] | None = None,
    empty: str = "没有要显示的。",
) -> Chart:
    """A chart of bars. series: (name, colour) of the legend."""
    wide, narrow = _bars(title, description, tuple(rows))
    return Chart(title, wide, narrow, _legend(series) if rows else "", note, more, empty)


def stacks(
    title: str,
    description: str,
    series: Sequence[tuple[str, str]],
    rows: Sequence[api.Stack],
    *,
    note: str = "",
    more: tuple[str, str] | None = None,
    empty: str = "没有要显示的。",
) -> Chart:
    """A chart of stacked bars. series: (name, colour), in the order of each row's values."""
    wide, narrow = _stacks(title, description, tuple(series), tuple(rows))
    return Chart(title, wide, narrow, _legend(series) if rows else "", note, more, empty)


def _legend(series: Sequence[tuple[str, str]]) -> str:
    return api.chart_legend([api.Series(*each) for each in series]) if series else ""


@lru_cache(maxsize=256)
def _bars(title: str, description: str, rows: tuple[api.Bar, ...]) -> tuple[str, str]:
    return (
        api.bar_chart(title, description, rows, width=_WIDE),
        api.bar_chart(title, description, rows, width=_NARROW),
    )


@lru_cache(maxsize=256)
def _stacks(
    title: str, description: str, series: tuple[tuple[str, str], ...], rows: tuple[api.Stack, ...]
) -> tuple[str, str]:
    parts = [api.Series(*each) for each in series]
    return (
        api.stacked_chart(title, description, parts, rows, width=_WIDE),
        api.stacked_chart(title, description, parts, rows, width=_NARROW),
    )
