"""Text as offices type it: full-width forms, odd blanks, cells that say nothing, digits that must not be shown."""

from __future__ import annotations

import re
import unicodedata

#: What a redacted number is replaced by.
REDACTED = "[号码已隐去]"

#: Marks without width that copying from web pages leaves in cells.
_INVISIBLE = "\u00ad\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\ufeff"
#: Blanks other than the plain one; line breaks too.
_BLANKS = (
    "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000\t\n\r\x0b\x0c"
)
_DASHES = "\u2010\u2011\u2012\u2212\ufe63"
_FULL = "".join(chr(code) for code in range(0xFF01, 0xFF5F))
_HALF = "".join(chr(code) for code in range(0x21, 0x7F))

#: translate(): from, to; what has no partner in ``to`` is dropped.
HALF_FROM = _FULL + _BLANKS + _DASHES + "\uffe5" + _INVISIBLE
HALF_TO = _HALF + " " * len(_BLANKS) + "-" * len(_DASHES) + "\u00a5"
_HALF_TABLE = {ord(char): (HALF_TO[at] if at < len(HALF_TO) else None) for at, char in enumerate(HALF_FROM)}

#: A cell that says nothing, whatever its field.
EMPTY_MARKS = ("", "-", "--", "---", "—", "——", "–", "/", "//", "\\", ".", "*", "_")
#: Words for "not there" in fields where a word can be no value.
EMPTY_WORDS = (
    *EMPTY_MARKS,
    "无",
    "无无",
    "没有",
    "不详",
    "不祥",
    "未知",
    "不清楚",
    "不明",
    "暂无",
    "空",
    "缺",
    "缺失",
    "待补",
    "待定",
    "待办",
    "未办理",
    "未办",
    "未填",
    "未提供",
    "NULL",
    "NONE",
    "NAN",
    "NA",
    "N/A",
    "#N/A",
)
#: What spreadsheet programs write for a failed formula.
ERROR_WORDS = ("#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#N/A", "#GETTING_DATA", "#SPILL!", "#CALC!")

#: What stands between the groups of a number.
JOINTS = "[ \\-－—.．_\u00a0\u3000]"
#: What looks like an identity number, a bank account or a telephone, in one piece or in the usual groups. The same
#: text is a pattern of Python's re (with re.ASCII) and of DuckDB's RE2.
NUMBERS = (
    rf"[0-9]{{12,}}(?:{JOINTS}[0-9]{{3,4}})?[Xx]?"
    rf"|[0-9]{{6}}{JOINTS}?[0-9]{{8}}{JOINTS}?[0-9]{{3}}[0-9Xx]"
    rf"|[0-9]{{6}}{JOINTS}?[0-9]{{4}}{JOINTS}?[0-9]{{4}}{JOINTS}?[0-9]{{3}}[0-9Xx]"
    rf"|[0-9]{{4,6}}(?:{JOINTS}[0-9]{{4,6}}){{2,5}}(?:{JOINTS}?[0-9]{{1,3}})?"
    rf"|1[3-9][0-9]{JOINTS}?[0-9]{{4}}{JOINTS}?[0-9]{{4}}"
    rf"|\(?\b0[0-9]{{2,3}}[)]?{JOINTS}?[0-9]{{7,8}}\b"
)
#: For columns of case, file and household numbers, which are long runs of digits themselves: only what has the build
#: of an identity number, a bank card (62…) or a mobile standing alone.
NUMBERS_AMONG_CODES = (
    r"[0-9]{6}(?:18|19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])[0-9]{3}[0-9Xx]"
    r"|\b(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5])[0-9]{6}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])[0-9]{3}\b"
    r"|62[0-9]{14,17}|\b1[3-9][0-9]{9}\b"
)
_NUMBERS = re.compile(NUMBERS, re.ASCII)
#: Full-width signs of which numbers are made, and their plain forms: nothing else of a text is changed.
FULL_SIGNS, PLAIN_SIGNS = "０１２３４５６７８９－Ｘｘ", "0123456789-XX"
_FOLDED = str.maketrans(FULL_SIGNS, PLAIN_SIGNS)


def half_width(text: str) -> str:
    """Full-width letters, digits and marks become half-width, every blank a plain one; marks without width go.

    >>> half_width("４１１\u3000Ｘ\u200b")
    '411 X'
    """
    return text.translate(_HALF_TABLE)


def plain(text: str) -> str:
    """NFKC, without any blank: how words are compared.

    >>> plain(" 二级（重 度） ")
    '二级(重度)'
    """
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text.translate({ord(mark): None for mark in _INVISIBLE})))


def redact(text: str) -> str:
    """Hides what looks like an identity number, a bank account or a telephone.

    >>> redact("电话13800001111，身份证411426196302151234")
    '电话[号码已隐去]，身份证[号码已隐去]'
    """
    folded = text.translate(_FOLDED)
    return text if _NUMBERS.search(folded) is None else _NUMBERS.sub(REDACTED, folded)
