"""Code words: what a cell of an enum or yes/no field means. Called once a distinct word, never once a row."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from mingcha.values.text import EMPTY_WORDS, plain

#: Yes and no beyond codes.bool, as they stand in 是否… columns.
_YES = (
    *("TRUE", "T", "YES", "是的", "☑", "■", "●", "√是", "有效", "享受", "享受中", "在享", "保障", "保障对象", "在保"),
    *("纳入", "已签", "已签订", "签订", "已办", "已补办", "已完成", "完成", "愿意", "自愿", "能", "可以", "接通"),
    *("已接通", "畅通", "一致", "相符", "属实", "准确", "解决", "已解决", "已联系", "联系", "正确", "合格", "达标"),
    *("超限", "超标", "签收", "本人签收", "告知", "送达", "延期", "抽中", "推送", "共享"),
    *("能完成", "能够完成", "能独立完成", "可独立完成", "独立完成"),
)
_NO = (
    *(
        "FALSE",
        "F",
        "NO",
        "X",
        "错",
        "否的",
        "□",
        "○",
        "无效",
        "不享受",
        "未享受",
        "非保障对象",
        "不保障",
        "未保障",
        "未纳入",
    ),
    *("未签", "未签订", "没签", "未办理", "未补办", "未完成", "不愿意", "非自愿", "不能", "不可以", "未接通", "不通"),
    *("无人接听", "占线", "空号", "关机", "停机", "不一致", "不相符", "不符", "不属实", "不准确", "未解决", "未联系"),
    *("不正确", "不合格", "不达标", "未超限", "未超标", "不超限"),
)
_NOT_SAID = re.compile(r"核查|核实|核对|调查|查询|确定|清楚|不知|不详|不明|待|未知|待定|存疑")
_NEGATIVE = "非不未无没"
_HAN_NUMERALS = frozenset("一二三四五六七壹贰叁肆")


def _of_head(word: str) -> str:
    """户主之子 → 子, 户主(本人) → 本人."""
    return re.sub(r"^(?:系|是|为)?(?:户主|申请人|本人)?(?:的|之)?", "", word).strip("()")


@dataclass(frozen=True)
class Word:
    """A word and its meaning. code None: unknown, unless is_blank."""

    code: str | None
    is_blank: bool = False


class CodeWords:
    """The words of one code list.

    values    code, label, aliases; as in ``datasets.codes``
    own       words a mapping file gives codes for: they come first
    patterns  (regular expression, code or None) for whole words that are no alias; None: known to be no code
    """

    def __init__(
        self,
        list_id: str,
        values: Iterable[tuple[str, str, Iterable[str]]],
        own: Mapping[str, str] | None = None,
        *,
        patterns: Iterable[tuple[str, str | None]] = (),
    ) -> None:
        self._list_id = list_id
        self._patterns = [(re.compile(pattern), code) for pattern, code in patterns]
        self._own = {plain(word): code for word, code in (own or {}).items()}
        self._exact: dict[str, str] = {}
        self._words: list[tuple[str, str]] = []
        rows = [(code, label, tuple(aliases)) for code, label, aliases in values]
        self.codes = {code for code, _, _ in rows}
        # a code or label of one value wins over an alias of another
        for code, label, aliases in rows:
            for word in (code, label):
                self._exact.setdefault(plain(word).upper(), code)
            self._words += [(plain(word).upper(), code) for word in (label, *aliases)]
        for code, _, aliases in rows:
            for alias in aliases:
                self._exact.setdefault(plain(alias).upper(), code)

    def read(self, written: str | None) -> Word:
        """What a cell means: exact word, else the one word it holds or is part of."""
        word = plain(written or "").upper()
        if word in self._own or (written and plain(written) in self._own):
            return Word(self._own[plain(written or "")])
        word = re.sub(r"^(\d+)\.0+$", r"\1", word)
        numbered = re.sub(r"^[(\[]?[A-Z0-9]{1,2}[)\].、:\-]+", "", word)
        for form in (word, word.zfill(2), numbered, _of_head(word)):
            if form in self._exact:
                return Word(self._exact[form])
        if word in EMPTY_WORDS:
            return Word(None, is_blank=True)
        for pattern, code in self._patterns:
            if pattern.search(word):
                return Word(code)
        return Word(self._loose(word))

    def _loose(self, word: str) -> str | None:
        held = self._held(word)
        codes = {code for _, code in held}
        if len(codes) == 1:
            return next(iter(codes))
        if len(codes) > 1:
            return self._several(held, codes)
        return self._part_of(word)

    def _held(self, word: str) -> list[tuple[str, str]]:
        """Words of the list inside the cell, without those inside another one, not behind a 非 or 不."""
        found = []
        for alias, code in self._words:
            at = word.find(alias)
            if len(alias) >= 2 and at >= 0 and not alias.isascii() and not (at and word[at - 1] in _NEGATIVE):
                found.append((alias, code))
        return [
            (alias, code) for alias, code in found if not any(alias != other and alias in other for other, _ in found)
        ]

    def _several(self, held: list[tuple[str, str]], codes: set[str]) -> str | None:
        if "both" in self.codes:
            return "both"
        if self._list_id == "disability_type":
            return "7"  # GB/T 26341: two kinds or more are 多重残疾
        longest = max(len(alias) for alias, _ in held)
        best = {code for alias, code in held if len(alias) == longest}
        return next(iter(best)) if len(best) == 1 else None

    def _part_of(self, word: str) -> str | None:
        if len(word) < 2 and word not in _HAN_NUMERALS:
            return None
        if word[:1] in _NEGATIVE or word.isdigit():
            return None
        codes = {code for alias, code in self._words if word in alias}
        return next(iter(codes)) if len(codes) == 1 else None


class YesNo:
    """Yes and no. words: (code '1' or '0', label, aliases) of codes.bool; own: words of a mapping file."""

    def __init__(
        self, values: Iterable[tuple[str, str, Iterable[str]]], own: Mapping[str, str] | None = None, *, of: str = ""
    ) -> None:
        self._meaning = {plain(word): True for word in _YES} | {plain(word): False for word in _NO}
        for code, label, aliases in values:
            self._meaning |= {plain(word).upper(): code == "1" for word in (label, *aliases)}
        if of == "is_dead":
            self._meaning |= {"死亡": True, "已死亡": True, "已故": True, "去世": True, "健在": False, "在世": False}
            self._meaning |= {"正常": False, "未死亡": False, "存活": False}
        self._meaning |= {plain(word).upper(): code in {"1", "true", "TRUE"} for word, code in (own or {}).items()}

    def read(self, written: str | None) -> Word:
        """Code '1', '0' or None (unknown)."""
        word = re.sub(r"^([01])\.0+$", r"\1", plain(written or "").upper())
        if word in self._meaning:
            return Word("1" if self._meaning[word] else "0")
        if word in EMPTY_WORDS:
            return Word(None, is_blank=True)
        if _NOT_SAID.search(word):
            return Word(None)
        for start, code in (("不", "0"), ("未", "0"), ("没", "0"), ("无", "0"), ("否", "0"), ("非", "0"), ("是", "1")):
            if word.startswith(start):
                return Word(code)
        return Word("1" if re.match(r"已|有|同意|符合|√|✓|☑", word) else None)
