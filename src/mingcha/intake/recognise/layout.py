"""Where the tables of a sheet stand: titles, header rows, data rows, further tables below."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from mingcha.intake.recognise.grid import Below, Grid, Row
from mingcha.intake.recognise.headers import Header, normal_header
from mingcha.intake.recognise.lexicon import Lexicon, load_lexicon
from mingcha.intake.recognise.rowkinds import HEADER_SHARE, RowReader, cell_text, is_meta_text

#: A header begins within the first rows: five of title, some of meta, and a cover line or two.
HEADER_WITHIN = 20
MAX_LEVELS = 3
#: A text this long beside 单位：元 is a title.
TITLE_LENGTH = 8
#: Belief in one level of a header alone.
LOWER_ALONE, UPPER_ALONE = 0.97, 0.85


@dataclass(frozen=True)
class Column:
    """One column of a header: its index, levels as written (upper first), joined, and unit factor."""

    index: int
    levels: tuple[str, ...]
    factor: int = 1

    @property
    def written(self) -> str:
        """Levels joined by '/'."""
        return "/".join(self.levels)


@dataclass(frozen=True)
class TableLayout:
    """One table of a sheet.

    titles   texts above the header, nearest last; metas: 填报单位：… and the like
    columns  header columns with something written; header_rows () where there is no header
    data     sampled data rows
    """

    header_rows: tuple[int, ...]
    first_row: int
    last_row: int
    titles: tuple[str, ...]
    metas: tuple[str, ...]
    columns: tuple[Column, ...]
    data: tuple[Row, ...]


def find_tables(grid: Grid, lexicon: Lexicon, below: Sequence[Below] = ()) -> list[TableLayout]:
    """The tables of a sheet, top to bottom; none where the sheet is no table at all.

    below   rows far down that read like headers (see grid.header_rows_below)
    """
    finder = _Finder(grid, lexicon)
    starts = finder.header_starts()
    if not starts:
        return finder.without_header()
    return finder.tables(starts, below)


class _Finder:
    def __init__(self, grid: Grid, lexicon: Lexicon) -> None:
        self._grid = grid
        bottom = grid.head[-1].number if grid.head else 0
        # merges far down (one a household in a long roster) say nothing about headers
        self._merged = tuple(merge for merge in grid.merged if merge[0] <= bottom)
        self._read = RowReader(lexicon)
        self._rows = grid.head

    # ---- headers

    def header_starts(self) -> list[int]:
        """Positions in the head where a header begins; the first must come early."""
        starts: list[int] = []
        position = 0
        while position < len(self._rows):
            if self._begins_header(position, starts) and not self._is_repeat_row(position, starts):
                position = position if starts else self._with_group_row(position)
                starts.append(position)
                position += self._levels(position)
            else:
                position += 1
            if not starts and position >= HEADER_WITHIN:
                break
        return starts

    def _begins_header(self, position: int, starts: Sequence[int]) -> bool:
        """A header; inside a table only a plain one, or a shorter one right under a caption of its own."""
        row = self._rows[position]
        if self._read.is_header(row, not starts):
            return True
        above = self._rows[position - 1] if starts and position else None
        if above is not None and self._read.is_meta(above) and position > 1:
            above = self._rows[position - 2]
        if above is None or not self._read.one_text(above) or not _CAPTION.search(cell_text(above, above.filled[0])):
            return False
        known, like, data = self._read.count(row)
        return known >= 1 and like >= max(2, HEADER_SHARE * len(row.filled)) and not data and self._read.texts_only(row)

    def _with_group_row(self, position: int) -> int:
        """The row above, where it is the header's upper level: groups that no dataset knows by name (干部信息)."""
        if position == 0:
            return position
        upper, lower = self._rows[position - 1], self._rows[position]
        texts = [cell_text(upper, index) for index in upper.filled]
        if len(set(texts)) < 2 or any(len(text) > 20 for text in texts) or not self._read.texts_only(upper):
            return position
        if self._read.is_meta(upper) or self._read.is_units(upper) or self._read.count(upper)[2]:
            return position
        standing = [index for index in upper.filled if not cell_text(lower, index)]
        spans = [index for index in lower.filled if self._is_group(upper, index)]
        return position - 1 if (standing and spans) or (len(spans) >= 2 and self._spans(upper)) else position

    def _is_repeat_row(self, position: int, starts: Sequence[int]) -> bool:
        """The header again, at a page break; each of its levels stands on a row of its own."""
        levels = (self._rows[start + level] for start in starts for level in range(self._levels(start)))
        return any(self._read.same_texts(self._rows[position], row) for row in levels)

    def _levels(self, start: int) -> int:
        """How many rows the header has: 1–3."""
        depth = 1
        merged_to = self._merged_depth(start)
        while depth < MAX_LEVELS and start + depth < len(self._rows):
            row = self._rows[start + depth]
            inside = row.number <= merged_to
            if not inside and not self._is_sub_header(start, depth):
                return depth + 2 if self._is_middle_level(start, depth) else depth
            depth += 1
        return depth

    def _is_middle_level(self, start: int, depth: int) -> bool:
        """Three levels in a container without merges: the middle row names groups alone, with headers below them."""
        at = start + depth
        if depth + 2 > MAX_LEVELS or at + 1 >= len(self._rows):
            return False
        upper, row, lower = self._rows[at - 1], self._rows[at], self._rows[at + 1]
        if not row.filled or not all(self._read.texts_only(each) for each in (row, lower)):
            return False
        known, like, data = self._read.count(lower)
        if data or known < 1 or like < HEADER_SHARE * len(lower.filled) or self._read.count(row)[2]:
            return False
        gaps = all(index in row.filled or not cell_text(upper, index) for index in lower.filled)
        groups = all(index in lower.filled and self._is_group(upper, index) for index in row.filled[1:])
        return gaps and groups and row.filled[0] in lower.filled and len(row.filled) < len(lower.filled)

    def _merged_depth(self, start: int) -> int:
        """Last row of vertical merges that begin in the header's first row."""
        number = self._rows[start].number
        ends = [last for first, _, last, _ in self._merged if first == number and last - first < MAX_LEVELS]
        return max(ends, default=number)

    def _is_sub_header(self, start: int, depth: int) -> bool:
        """The next row fills gaps of the upper one with further header words, under horizontal groups."""
        upper, row = self._rows[start + depth - 1], self._rows[start + depth]
        if not row.filled or self._read.is_numbering(row) or self._read.is_units(row) or not self._read.texts_only(row):
            return False
        known, like, data = self._read.count(row)
        if data or like < max(1, HEADER_SHARE * len(row.filled)):
            return False
        if self._read.one_text(row) and len(row.filled) < 2:
            return known == 1 and row.filled[0] > 0 and self._is_group(upper, row.filled[0])
        gaps = [index for index in row.filled if not cell_text(upper, index)]
        grouped = [index for index in row.filled if self._is_group(upper, index)]
        if self._read.same_texts(upper, row):
            return False
        # a lower level stands under spans: some upper cells are blank there; else it is another table's header
        return bool(gaps or grouped) and len(row.filled) >= 2

    def _is_group(self, upper: Row, index: int) -> bool:
        """Whether the upper cell over this column spans several columns."""
        for first, left, last, right in self._merged:
            if first <= upper.number <= last and left <= index <= right and right > left:
                return True
        return not cell_text(upper, index) and any(cell_text(upper, left) for left in range(index))

    def columns(self, start: int, depth: int) -> tuple[Column, ...]:
        """Header columns, levels joined; an upper cell is carried over the columns it spans."""
        rows = self._rows[start : start + depth]
        width = self._grid.n_cols
        levels = [self._spread(row, rows[position + 1 :], width) for position, row in enumerate(rows)]
        units = self._unit_factors(start + depth)
        found = []
        for index in range(width):
            texts: list[str] = []
            for level in levels:
                if level[index] and (not texts or texts[-1] != level[index]):
                    texts.append(level[index])
            if texts:
                found.append(Column(index, tuple(texts), units.get(index, 1)))
        return tuple(found)

    def _spread(self, row: Row, lower: Sequence[Row], width: int) -> list[str]:
        texts = [cell_text(row, index) for index in range(width)]
        if not lower:
            return texts
        spanned = self._spans(row)
        for index in range(width):
            if index in spanned:
                texts[index] = cell_text(row, spanned[index])
            elif not texts[index] and not self._merged and any(cell_text(below, index) for below in lower):
                texts[index] = texts[index - 1] if index else ""
        return texts

    def _spans(self, row: Row) -> dict[int, int]:
        """Column → left column of the horizontal merge that covers it in this row."""
        return {
            index: left
            for first, left, last, right in self._merged
            if first <= row.number <= last and right > left
            for index in range(left, min(right, self._grid.n_cols - 1) + 1)
        }

    def _unit_factors(self, position: int) -> dict[int, int]:
        for row in self._rows[position : position + 2]:
            if self._read.is_units(row):
                return {index: 10000 for index in row.filled if "万元" in cell_text(row, index)}
        return {}

    # ---- tables

    def tables(self, starts: Sequence[int], below: Sequence[Below]) -> list[TableLayout]:
        """One layout a header; each ends before the next one's caption."""
        return self.extend_last(self.tables_from([(start, self._levels(start)) for start in starts]), below)

    def tables_from(self, headers: Sequence[tuple[int, int]]) -> list[TableLayout]:
        """Layouts of headers at these positions, each so many rows deep."""
        found: list[TableLayout] = []
        starts = [start for start, _ in headers]
        for order, (start, depth) in enumerate(headers):
            begin = self._caption_begin(start, starts[order - 1] if order else -1)
            titles, metas = self._texts_above(begin, start)
            data_from = start + depth
            while data_from < len(self._rows) and self._read.is_skipped(self._rows[data_from]):
                data_from += 1
            end = len(self._rows)
            if order + 1 < len(starts):
                end = self._caption_begin(starts[order + 1], start)
            rows = self._rows[data_from:end]
            last = rows[-1].number if rows else self._rows[min(data_from, len(self._rows)) - 1].number
            found.append(
                TableLayout(
                    header_rows=tuple(row.number for row in self._rows[start : start + depth]),
                    first_row=rows[0].number if rows else last + 1,
                    last_row=last,
                    titles=titles,
                    metas=metas,
                    columns=self.columns(start, depth),
                    data=tuple(row for row in rows if self._read.is_sample(row)),
                )
            )
        return found

    def extend_last(self, found: list[TableLayout], below: Sequence[Below]) -> list[TableLayout]:
        """The last table of the head goes on to the sheet's end, or to another header far below."""
        if self._grid.whole:
            return found
        last = found[-1]
        own = {normal_header(text).text for column in last.columns for text in column.levels}
        others = [place for place in below if self._is_other_table(place.header, own)]
        ends = [self._captions(place)[0] - 1 for place in others] + [self._grid.last]
        sample = tuple(row for row in self._grid.sample if row.number <= ends[0] and self._read.is_sample(row))
        found[-1] = replace(last, last_row=ends[0], data=last.data + sample)
        return found + [self._table_below(place, end) for place, end in zip(others, ends[1:], strict=True)]

    def _is_other_table(self, row: Row, own: set[str]) -> bool:
        texts = {normal_header(cell_text(row, index)).text for index in row.filled}
        return self._read.is_header(row, is_first=False) and len(texts & own) < 0.8 * len(texts)

    def _captions(self, place: Below) -> tuple[int, tuple[str, ...]]:
        """Number of the first caption row of a table far below, and its captions."""
        titles: list[str] = []
        number = place.header.number
        for row in reversed(place.before):
            if not self._read.one_text(row):
                break
            number = row.number
            titles.insert(0, cell_text(row, row.filled[0]))
        return number, tuple(titles)

    def _table_below(self, place: Below, end: int) -> TableLayout:
        row = place.header
        columns = tuple(Column(index, (cell_text(row, index),)) for index in row.filled)
        data = tuple(below for below in place.after if below.number <= end and self._read.is_sample(below))
        return TableLayout((row.number,), row.number + 1, end, self._captions(place)[1], (), columns, data)

    def _caption_begin(self, start: int, previous: int) -> int:
        """Where the titles of a header begin: rows of one text (or meta) directly above it."""
        begin = start
        while begin - 1 > previous:
            row = self._rows[begin - 1]
            if previous >= 0 and not (self._read.one_text(row) or self._read.is_meta(row)):
                break
            begin -= 1
        return begin

    def _texts_above(self, begin: int, start: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
        titles: list[str] = []
        metas: list[str] = []
        for row in self._rows[begin:start]:
            texts = list(dict.fromkeys(cell_text(row, index) for index in row.filled))
            if not self._read.is_meta(row) and len(texts) <= 3:
                titles += texts
                continue
            # a title and 单位：元 may share a row
            own = [text for text in texts if len(text) >= TITLE_LENGTH and not is_meta_text(text)]
            titles += own
            metas.append(";".join(text for text in texts if text not in own))
        return tuple(titles), tuple(metas)

    def without_header(self) -> list[TableLayout]:
        """A table none of whose rows reads like a header: values from the top, or below headers nobody knows."""
        start = 0
        limit = min(len(self._rows), HEADER_WITHIN)
        while start < limit and not self._read.looks_like_data(self._rows[start]):
            start += 1
        if start >= limit:
            return []
        header = start - 1
        while header >= 0 and self._read.is_skipped(self._rows[header]):
            header -= 1
        if header >= 0 and self._is_unknown_header(self._rows[header], self._rows[start]):
            return self.extend_last(self.tables_from([(header, 1)]), ())
        titles, metas = self._texts_above(0, start)
        rows = [row for row in self._rows[start:] if self._read.is_sample(row)]
        sample = tuple(rows) + tuple(row for row in self._grid.sample if self._read.is_sample(row))
        return [TableLayout((), self._rows[start].number, self._grid.last, titles, metas, (), sample)]

    def _is_unknown_header(self, row: Row, data: Row) -> bool:
        """Short texts, all different, over nearly every column of the data below."""
        texts = [cell_text(row, index) for index in row.filled]
        if not self._read.texts_only(row) or len(texts) < 2 or len(set(texts)) < len(texts):
            return False
        covered = len(set(row.filled) & set(data.filled))
        return covered >= 0.6 * len(data.filled) and max(len(text) for text in texts) <= 20


def header_texts(layout: TableLayout) -> tuple[str, ...]:
    """The headers of a table as written, levels joined."""
    return tuple(column.written for column in layout.columns)


#: how the caption of a further table ends
_CAPTION = re.compile(
    r"(?:表|台账|名册|名单|清单|明细|标准|结果|登记|信息|情况|汇总|记录|花名册)(?:[(（][^()（）]*[)）])?$"
)
_GROUP_ALONE = re.compile(
    r"^(?:人员|家庭|个人|对象|户主|成员|本人|户)?(?:基本|主要|相关)?(?:信息|情况|资料|登记)$|^所在地$"
)
_GROUP_WORD = re.compile(r"(?:的)?(?:基本|相关|个人|主要)?(?:信息|情况|资料|部分|一栏|登记|栏)$")


def header_forms(column: Column) -> tuple[tuple[Header, float], ...]:
    """The forms a header is tried in, and how far each is believed: joined, the lower level, the upper ones.

    干部信息/姓名 is tried as 干部姓名 too: 信息 and 情况 only name the group.
    """
    if len(column.levels) == 1:
        return ((normal_header(column.levels[0]), 1.0),)
    *upper, lower = column.levels
    group = _GROUP_WORD.sub("", normal_header(upper[-1]).text)
    forms = [(f"{group}{lower}", 1.0), ("".join(column.levels), 1.0), (lower, LOWER_ALONE)]
    # 人员情况 above is no 人员状态
    forms += [(text, UPPER_ALONE) for text in reversed(upper) if not _GROUP_ALONE.match(normal_header(text).text)]
    return tuple((normal_header(text), share) for text, share in forms)


def layout_at(grid: Grid, header_rows: Sequence[int]) -> list[TableLayout]:
    """The layout with exactly these header rows (a mapping file states them); data follow to the sheet's end."""
    finder = _Finder(grid, load_lexicon())
    numbers = [row.number for row in grid.head]
    if header_rows[0] not in numbers:
        return []
    start = numbers.index(header_rows[0])
    depth = sum(1 for number in header_rows if number in numbers)
    return finder.extend_last(finder.tables_from([(start, depth)]), ())
