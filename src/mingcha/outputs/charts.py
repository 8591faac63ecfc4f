"""Charts as SVG for pages: drawn here, no script, no network, the same bytes for the same numbers.

pygal works out where the bars lie; what it adds to a drawing (scripts, style sheets, comments with today's date) is
left behind, so that a chart can stand inside an HTML page, carry links, and print.
"""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import pygal

# pygal leaves an importer of a kind that Python 3.12 dropped; who asks all importers (pytest does) trips over it
sys.meta_path[:] = [finder for finder in sys.meta_path if type(finder).__name__ != "PluginImportFixer"]

#: Told apart by hue, by lightness on a grey printer (31, 62, 84, 46 of 100), and by who mixes up red and green.
SEVERITY_COLOURS = {"red": "#8F1616", "orange": "#E07B00", "yellow": "#F4CF3A", "blue": "#2A6FBB"}
#: Accepted, doubtful, rejected rows: light to dark.
QUALITY_COLOURS = {"accepted": "#BFD3DD", "doubtful": "#C98A1B", "rejected": "#7A2E2E"}
INK, PAPER, QUIET = "#1F2933", "#FFFFFF", "#52606D"
PLAIN_COLOUR = "#3B6E8F"

FONTS = "system-ui, 'PingFang SC', 'Hiragino Sans GB', 'Microsoft YaHei', 'Noto Sans CJK SC', sans-serif"
WIDTH = 460
_ROW = 28
_FONT = 13
_SMALL = 12
_GAP = 8
_EDGE = 4
#: Drawings kept: the same numbers are the same bytes, and a page is opened more often than its numbers change.
_KEPT = 64


@dataclass(frozen=True)
class Bar:
    """One bar. link: where a click goes, '' for nowhere; words: what stands at its end, its number if None."""

    label: str
    value: float
    link: str = ""
    colour: str = PLAIN_COLOUR
    words: str | None = None


@dataclass(frozen=True)
class Series:
    """One part of every stacked bar."""

    name: str
    colour: str


@dataclass(frozen=True)
class Stack:
    """One stacked bar: a value for each series; links: one for each series, or none."""

    label: str
    values: tuple[float, ...]
    link: str = ""
    links: tuple[str, ...] = ()


class _Thicker:
    """Room between the bars."""

    _series_margin = 0.16
    _serie_margin = 0.0


class _Bars(_Thicker, pygal.HorizontalBar):  # type: ignore[misc]
    pass


class _Stacks(_Thicker, pygal.HorizontalStackedBar):  # type: ignore[misc]
    pass


def bars(title: str, description: str, rows: Sequence[Bar], *, width: int = WIDTH) -> str:
    """Horizontal bars from top to bottom, the number at each end. '' where there is nothing to draw.

    description  what a reader who cannot see the chart should know
    """
    return _bars(title, description, tuple(rows), width) if rows else ""


@lru_cache(_KEPT)
def _bars(title: str, description: str, rows: tuple[Bar, ...], width: int) -> str:
    words = [bar.words if bar.words is not None else number_words(bar.value) for bar in rows]
    frame = _Frame.around([bar.label for bar in rows], words, width)
    ((rects,)) = _geometry(_Bars, frame, [[bar.value for bar in rows]])
    drawn: list[str] = []
    for bar, rect, text in zip(rows, rects, words, strict=True):
        tip = f"{bar.label} {text}"
        drawn.append(_linked(_rect(rect, bar.colour, tip) + _row_label(frame, rect, bar.label), bar.link))
        drawn.append(_text(rect.x + rect.width + _GAP, rect.middle, text, size=_FONT, colour=INK))
    return _svg(title, description, frame, drawn, has_links=any(bar.link for bar in rows))


def stacks(title: str, description: str, series: Sequence[Series], rows: Sequence[Stack], *, width: int = WIDTH) -> str:
    """Stacked horizontal bars from top to bottom, numbers inside the parts wide enough, totals at the end.

    '' where there is nothing to draw. The legend is the page's to show: ``legend``.
    """
    return _stacks(title, description, tuple(series), tuple(rows), width) if rows else ""


@lru_cache(_KEPT)
def _stacks(title: str, description: str, series: tuple[Series, ...], rows: tuple[Stack, ...], width: int) -> str:
    words = [number_words(sum(row.values)) for row in rows]
    frame = _Frame.around([row.label for row in rows], words, width)
    layers = _geometry(_Stacks, frame, [[row.values[part] for row in rows] for part in range(len(series))])
    drawn: list[str] = []
    for index, (row, total) in enumerate(zip(rows, words, strict=True)):
        rects = [layer[index] for layer in layers]
        drawn.append(_linked(_row_label(frame, rects[0], row.label), row.link))
        for part, (each, rect, value) in enumerate(zip(series, rects, row.values, strict=True)):
            if value > 0:
                link = row.links[part] if row.links else row.link
                drawn.append(_linked(_part(each, rect, row.label, value), link))
        end = max(rect.x + rect.width for rect in rects)
        drawn.append(_text(end + _GAP, rects[0].middle, total, size=_FONT, colour=INK))
    return _svg(title, description, frame, drawn, has_links=any(row.link or row.links for row in rows))


def legend(series: Sequence[Series]) -> str:
    """The colours of stacked bars and what they mean, as an HTML list without scripts or styles of its own."""
    items = "".join(
        f'<li><svg width="12" height="12" viewBox="0 0 12 12" aria-hidden="true"><rect width="12" height="12"'
        f' fill="{each.colour}"/></svg> {escape(each.name)}</li>'
        for each in series
    )
    return f'<ul class="legend">{items}</ul>'


def number_words(value: float) -> str:
    """1,234 or 1,234.5.

    >>> number_words(1234), number_words(0.5)
    ('1,234', '0.5')
    """
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.1f}"


@dataclass(frozen=True)
class _Rect:
    x: float
    y: float
    width: float
    height: float

    @property
    def middle(self) -> float:
        return self.y + self.height / 2


@dataclass(frozen=True)
class _Frame:
    """The drawing's measures: left of the bars the labels, right of them the numbers."""

    width: int
    height: int
    left: float
    right: float

    @classmethod
    def around(cls, labels: Sequence[str], ends: Sequence[str], width: int) -> _Frame:
        left = min(max(_text_width(label, _FONT) for label in labels) + _GAP + _EDGE, width * 0.42)
        right = max(_text_width(end, _FONT) for end in ends) + _GAP + _EDGE
        return cls(width, len(labels) * _ROW + 2 * _EDGE, left, right)


def _text_width(text: str, size: float) -> float:
    return size * sum(1.0 if unicodedata.east_asian_width(sign) in "WFA" else 0.58 for sign in text)


def _geometry(kind: type[Any], frame: _Frame, layers: Sequence[Sequence[float]]) -> list[list[_Rect]]:
    """Where pygal puts the bars: for each layer a rectangle a row, in the rows' order."""
    chart = kind(
        width=frame.width - frame.left - frame.right,
        height=frame.height - 2 * _EDGE,
        margin=0,
        spacing=0,
        css=(),
        js=(),
        no_prefix=True,
        show_legend=False,
        show_x_labels=False,
        show_y_labels=False,
        show_x_guides=False,
        show_y_guides=False,
        print_values=False,
        range=None,
        zero=0,
    )
    for layer in layers:
        # from the bottom up, as a chart counts
        chart.add("", [float(value) for value in reversed(layer)])
    largest = max((sum(row) for row in zip(*layers, strict=True)), default=0)
    if largest <= 0:
        return [
            [_Rect(frame.left, _EDGE + row * _ROW + 4, 0, _ROW - 8) for row in range(len(layers[0]))] for _ in layers
        ]
    found = [_rects_of(group) for group in _series_groups(chart.render_tree())]
    # pygal leaves a little air on both sides of the plot; the bars begin at the labels and reach the numbers
    start = min(rect.x for layer in found for rect in layer)
    end = max(rect.x + rect.width for layer in found for rect in layer)
    scale = (frame.width - frame.left - frame.right) / (end - start)
    return [
        [
            _Rect(frame.left + (rect.x - start) * scale, _EDGE + rect.y, rect.width * scale, rect.height)
            for rect in reversed(layer)
        ]
        for layer in found
    ]


def _series_groups(root: Any) -> Iterator[Any]:
    """The group of each layer's bars."""
    for group in _elements(root):
        if group.get("class", "").startswith("series ") and _rects_of(group):
            yield group


def _rects_of(group: Any) -> list[_Rect]:
    return [
        _Rect(*(float(each.get(name) or 0) for name in ("x", "y", "width", "height")))
        for each in _elements(group)
        if "rect" in each.get("class", "").split()
    ]


def _elements(root: Any) -> Iterator[Any]:
    return (each for each in root.iter() if isinstance(each.tag, str))


def _svg(title: str, description: str, frame: _Frame, drawn: Sequence[str], *, has_links: bool) -> str:
    # a picture with links is no mere image: a reader must be able to step into it
    role = "figure" if has_links else "img"
    return (
        f'<svg class="chart" viewBox="0 0 {frame.width} {frame.height}" role="{role}" aria-label={quoteattr(title)}'
        f" font-family={quoteattr(FONTS)}><title>{escape(title)}</title><desc>{escape(description)}</desc>"
        f"{''.join(drawn)}</svg>"
    )


def _number(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def _rect(rect: _Rect, colour: str, tip: str) -> str:
    # a bar too short to see still says that there is something
    width = max(rect.width, 1.0) if rect.width > 0 else 0.0
    return (
        f'<rect x="{_number(rect.x)}" y="{_number(rect.y)}" width="{_number(width)}" height="{_number(rect.height)}"'
        f' fill="{colour}"><title>{escape(tip)}</title></rect>'
    )


def _part(series: Series, rect: _Rect, label: str, value: float) -> str:
    words = number_words(value)
    # a white edge keeps neighbours apart in grey
    inner = _Rect(rect.x, rect.y, max(rect.width - 1, 0.6), rect.height)
    drawn = _rect(inner, series.colour, f"{label} {series.name} {words}")
    if _text_width(words, _SMALL) + 6 > rect.width:
        return drawn
    middle = rect.x + rect.width / 2
    return drawn + _text(middle, rect.middle, words, size=_SMALL, colour=ink_on(series.colour), anchor="middle")


def _row_label(frame: _Frame, rect: _Rect, label: str) -> str:
    shown = _cut(label, frame.left - _GAP - _EDGE)
    return _text(frame.left - _GAP, rect.middle, shown, size=_FONT, colour=INK, anchor="end")


def _cut(text: str, width: float) -> str:
    if _text_width(text, _FONT) <= width + 1:
        return text
    while text and _text_width(text + "…", _FONT) > width:
        text = text[:-1]
    return text + "…"


def _text(x: float, y: float, words: str, *, size: int, colour: str, anchor: str = "start") -> str:
    return (
        f'<text x="{_number(x)}" y="{_number(y)}" dy="0.36em" font-size="{size}" fill="{colour}"'
        f' text-anchor="{anchor}">{escape(words)}</text>'
    )


def _linked(drawn: str, link: str) -> str:
    return f"<a href={quoteattr(link)}>{drawn}</a>" if link else drawn


def lightness(colour: str) -> float:
    """CIE L* of a ``#RRGGBB`` colour: 0 black, 100 white; how dark a grey printer makes it.

    >>> round(lightness("#FFFFFF")), round(lightness("#000000"))
    (100, 0)
    """
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    return 116 * luminance ** (1 / 3) - 16 if luminance > 0.008856 else 903.3 * luminance


def ink_on(colour: str) -> str:
    """The colour in which words are readable on another."""
    return INK if lightness(colour) > 55 else PAPER
