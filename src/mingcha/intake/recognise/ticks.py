"""Ticked options of forms: □自有 ☑危房 → 危房."""

from __future__ import annotations

import re

_ON = "☑√✓✔■●◉☒▣\uf052\uf0fe"
_OFF = "□○◯☐◻\uf0a3\uf06f"
_MARK = re.compile(rf"\(\s*([{_ON}]?)\s*\)|([{_ON}{_OFF}])")
_EDGES = " \t\n　、,，;；/。.:："


def has_ticks(text: str) -> bool:
    """Whether a text holds boxes or ticks.

    >>> has_ticks("□是 ☑否"), has_ticks("会亭镇")
    (True, False)
    """
    return any(char in _ON or char in _OFF for char in text)


def ticked(text: str) -> str | None:
    """What is ticked, joined by 、; None where boxes stand but none is ticked. Text without marks stays as it is.

    >>> ticked("□自有 ☑危房"), ticked("是√ 否"), ticked("符合（√） 不符合（ ）"), ticked("□是 □否"), ticked("√")
    ('危房', '是', '符合', None, '是')
    """
    plain = text.replace("（", "(").replace("）", ")")
    if not has_ticks(plain):
        return text
    pieces = _split(plain)
    marks_first = isinstance(pieces[0], bool)
    chosen: list[str] = []
    for position, piece in enumerate(pieces):
        if piece is not True:
            continue
        beside = position + 1 if marks_first else position - 1
        option = pieces[beside] if 0 <= beside < len(pieces) else ""
        words = option.split() if isinstance(option, str) else []
        if words:
            # without boxes, what is not ticked stands beside: √是 否, 是 否√
            nearest = words[0] if marks_first else words[-1]
            chosen.append(("".join(words) if _boxes(plain) else nearest).strip(_EDGES))
    if chosen:
        return "、".join(chosen)
    only_mark = all(isinstance(piece, bool) for piece in pieces)
    return "是" if only_mark and True in pieces else None


def _boxes(text: str) -> bool:
    return any(char in _OFF for char in text)


def _split(text: str) -> list[str | bool]:
    """Texts and marks in order: True ticked, False a blank box."""
    pieces: list[str | bool] = []
    last = 0
    for mark in _MARK.finditer(text):
        if mark[2] is None and mark[1] == "" and "(" not in mark[0]:
            continue
        before = text[last : mark.start()].strip(_EDGES)
        if before:
            pieces.append(before)
        pieces.append((mark[1] or mark[2] or "") in set(_ON))
        last = mark.end()
    rest = text[last:].strip(_EDGES)
    if rest:
        pieces.append(rest)
    return pieces
