"""Identity numbers as outputs show them while nobody asked to see them in full."""

from __future__ import annotations

HEAD = 6  # the division where the number was given
TAIL = 4  # serial and check character
HIDDEN = 8  # the birth date


def mask_number(number: str) -> str:
    """The number with its middle covered: first 6 and last 4 characters stay, never more.

    A damaged number keeps less: eight places are covered whatever its length, so what is short shows hardly anything.

    >>> mask_number("41142619600101003X")
    '411426********003X'
    >>> mask_number("411426600101003")
    '411426********3'
    >>> mask_number("4114261960")
    '411***********'
    """
    length = len(number)
    shortest = HEAD + HIDDEN
    if length < shortest:
        head = min(HEAD, length // 3)
        return number[:head] + "*" * (shortest - head)
    tail = min(TAIL, length - shortest)
    return number[:HEAD] + "*" * (length - HEAD - tail) + number[length - tail :]
