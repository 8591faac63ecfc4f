"""What one row is: header words, data, a title, units, column numbers."""

from __future__ import annotations

import re

from mingcha.intake.model import CellKind
from mingcha.intake.recognise.grid import Row
from mingcha.intake.recognise.headers import NUMBERING, normal_header
from mingcha.intake.recognise.lexicon import Lexicon
from mingcha.intake.recognise.profiles import kinds_of

#: So much of a row's filled cells must read like headers.
HEADER_SHARE = 0.5
LATER_SHARE = 0.75

_UNIT_WORDS = re.compile(
    r"^[(（]?(?:单位[:：])?(?:元|万元|人|户|个|口|套|张|次|平方米|㎡|亩|岁|年|月|元/月|元/年|元/人|元/人[·.*]?月|元/月/人|%)[)）]?$"
)
_META = re.compile(
    r"^(?:填报单位|填表单位|报送单位|制表单位|编制单位|单位|单位名称|单位\(盖章\)|填报人|填表人|制表人|审核人|负责人|经办人|填报日期|填表日期|制表日期|"
    r"填报时间|制表时间|日期|时间|所属月份|月份|乡镇|乡镇\(盖章\)|村\(居\)委会|金额单位|联系电话|统计时间|数据时间|打印日期|打印时间|导出时间|查询时间)"
    r"(?:\([^)]*\))?[:：]"
)
_NOTE = re.compile(r"^(?:注|备注|说明|填表说明|填写说明|注意)\s*[:：1一]")
_TOTAL = re.compile(r"^(?:合计|总计|小计|共计|本页合计|累计|总金额|总人数)")
_DATA_KINDS = frozenset(["id", "cert", "phone", "account", "date", "plate", "uscc", "township", "village", "name"])
_TELLING = _DATA_KINDS | {"number"}


def cell_text(row: Row, index: int) -> str:
    """A cell's text without outer blanks; '' where blank."""
    return (row.cells[index] or "").strip()


class RowReader:
    """Reads rows against the lexicon."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon

    def is_header(self, row: Row, is_first: bool) -> bool:
        """Whether a row reads like (the first level of) a header; inside a table only a row of known names does."""
        filled = row.filled
        if len(filled) < 2 or self.one_text(row):
            return False
        if not is_first and (not self.texts_only(row) or self._has_data(row)):
            return False  # most rows are data: told by their first cells
        known, like, data = self.count(row)
        if data * 2 > len(filled) or (data and known < 2):
            return False
        share = like / len(filled)
        strict = data == 0 and share >= LATER_SHARE and self.texts_only(row)
        if not is_first:
            return known >= 3 and strict
        return (known >= 2 and share >= HEADER_SHARE) or (like >= 3 and strict)

    def count(self, row: Row) -> tuple[int, int, int]:
        """Cells that are known header names, that read like headers, and that are data."""
        known = like = data = 0
        for index in row.filled:
            header = normal_header(cell_text(row, index))
            if self._lexicon.is_name(header):
                known += 1
                like += 1
            elif self._is_data(row, index):
                data += 1
            elif self._lexicon.looks_like_header(header):
                like += 1
        return known, like, data

    def _has_data(self, row: Row) -> bool:
        """Whether ``count`` finds any data."""
        return any(
            self._is_data(row, index) and not self._lexicon.is_name(normal_header(cell_text(row, index)))
            for index in row.filled
        )

    def _is_data(self, row: Row, index: int) -> bool:
        kind = row.kinds[index]
        text = cell_text(row, index)
        if kind in {CellKind.NUMBER, CellKind.DATE, CellKind.FORMULA}:
            return True
        if len(text) > 30 or _META.match(text):
            return True
        return bool(_DATA_KINDS.intersection(kinds_of(text, kind))) or text.replace(".", "").isdigit()

    @staticmethod
    def texts_only(row: Row) -> bool:
        """No numbers, dates or formulas."""
        return all(row.kinds[index] == CellKind.TEXT for index in row.filled)

    @staticmethod
    def one_text(row: Row) -> bool:
        """One text only, perhaps repeated over merged cells: a title, a group row, a caption."""
        return len({cell_text(row, index) for index in row.filled}) == 1

    @staticmethod
    def is_numbering(row: Row) -> bool:
        """A row of column numbers: 1 2 5 6, 甲 乙 1 2, 序号 1 2 3."""
        texts = [cell_text(row, index).removesuffix(".0") for index in row.filled]
        if len(texts) < 3:
            return False
        numbers = [text for text in texts if NUMBERING.match(text)]
        if len(numbers) < len(texts) - (texts[0] in {"序号", "栏次", "列次", "行次"}):
            return False
        values = [int(text.strip("()")) for text in numbers if text.strip("()").isdigit()]
        return values == sorted(set(values)) and (len(values) < 2 or values[0] <= 3)

    @staticmethod
    def is_units(row: Row) -> bool:
        """A row of units alone."""
        texts = [cell_text(row, index) for index in row.filled]
        return len(texts) >= 1 and all(_UNIT_WORDS.match(text) for text in texts)

    @staticmethod
    def same_texts(one: Row, other: Row) -> bool:
        """Whether two rows hold (nearly) the same header words."""
        a = [normal_header(cell_text(one, index)).text for index in one.filled]
        b = [normal_header(cell_text(other, index)).text for index in other.filled]
        return a == b or len(set(a) & set(b)) >= 0.8 * max(len(set(a)), len(set(b)), 1)

    def is_skipped(self, row: Row) -> bool:
        """A row between header and data that is neither."""
        return not row.filled or self.is_numbering(row) or self.is_units(row)

    @staticmethod
    def is_sample(row: Row) -> bool:
        """A row of data, as far as one row shows it: no total, note or caption."""
        if not row.filled:
            return False
        first = cell_text(row, row.filled[0])
        return not (len(row.filled) == 1 or _TOTAL.match(first.replace(" ", "")) or _NOTE.match(first))

    @staticmethod
    def is_meta(row: Row) -> bool:
        """填报单位：…, 单位：元, 填表日期：… somewhere in the row."""
        return any(_META.match(cell_text(row, index)) for index in row.filled)

    @staticmethod
    def looks_like_data(row: Row) -> bool:
        """Two telling values in one row: a name beside a number, an account beside an amount."""
        telling = sum(
            bool(_TELLING.intersection(kinds_of(cell_text(row, index), row.kinds[index]))) for index in row.filled
        )
        return len(row.filled) >= 2 and telling >= 2


def is_meta_text(text: str) -> bool:
    """Whether one cell is a meta text."""
    return bool(_META.match(text))
