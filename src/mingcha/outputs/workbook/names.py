"""Sheet names that every spreadsheet program accepts."""

from __future__ import annotations

import re

LONGEST = 31  # UTF-16 units
_FORBIDDEN = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
#: Excel keeps this name for itself.
_RESERVED = {"history"}


class SheetNames:
    """Gives out names, each once."""

    def __init__(self) -> None:
        self._taken: set[str] = set(_RESERVED)

    def name(self, wished: str) -> str:
        """The wished name made legal: forbidden signs become ·, what is too long is cut, what is taken gets a number.

        >>> names = SheetNames()
        >>> names.name("R01 死亡/未退出"), names.name("r01 死亡·未退出"), names.name("'")
        ('R01 死亡·未退出', 'r01 死亡·未退出 2', '表')
        """
        clean = _FORBIDDEN.sub("·", wished).strip().strip("'").strip() or "表"
        name, number = _cut(clean, LONGEST), 1
        while name.casefold() in self._taken:
            number += 1
            mark = f" {number}"
            name = _cut(clean, LONGEST - len(mark)) + mark
        self._taken.add(name.casefold())
        return name


def _cut(text: str, longest: int) -> str:
    while len(text.encode("utf-16-le", "replace")) // 2 > longest:
        text = text[:-1]
    return text.rstrip(" '") or "表"
