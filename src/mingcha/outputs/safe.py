"""Text that a spreadsheet program will not take for a formula."""

from __future__ import annotations

#: Signs with which a cell would be read as a formula; full-width ones too, which East Asian editions take for the same.
TRIGGERS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def formula_safe(text: str) -> str:
    """The text, with an apostrophe before it where it would begin a formula. Only for text, never for numbers.

    >>> formula_safe("=HYPERLINK(1)"), formula_safe("张三")
    ("'=HYPERLINK(1)", '张三')
    """
    return f"'{text}" if text.startswith(TRIGGERS) else text


def cell_text(text: str | None, longest: int = 32_767) -> str:
    """Text as an XLSX cell can hold it: no sign that XML forbids, no more than the format's longest cell."""
    if not text:
        return ""
    valid = text.encode("utf-8", "replace").decode("utf-8")
    kept = "".join(sign for sign in valid if (sign >= " " or sign in "\n\t") and sign not in "\ufffe\uffff")
    # Excel counts UTF-16 units; half a sign at the cut is dropped
    return kept.encode("utf-16-le")[: longest * 2].decode("utf-16-le", "ignore")
