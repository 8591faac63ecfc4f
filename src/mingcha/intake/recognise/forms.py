"""Filled-in forms, one household a page (label left, value right), become lists: one row a form.

Such a sheet is no table: 户主姓名 | 张三 | 身份证号 | … over a dozen rows. It is reshaped into a raw sheet with one
header row (row number 0) and one row a form, which keeps the number of the row where the form began.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import pyarrow as pa

from mingcha.intake.model import CellKind, RawSheet
from mingcha.intake.recognise.context import Context
from mingcha.intake.recognise.grid import Row, read_table, rows_of
from mingcha.intake.recognise.headers import normal_header
from mingcha.intake.recognise.lexicon import Lexicon
from mingcha.intake.recognise.profiles import is_code_word, kinds_of
from mingcha.intake.recognise.rowkinds import cell_text
from mingcha.intake.recognise.ticks import has_ticks, ticked

#: A sheet of forms is not longer: twenty rows a household, a township's visits.
MAX_ROWS = 20_000
#: So many label–value rows, and such a share of the rows with several cells, make a form.
LEAST_PAIR_ROWS = 4
PAIR_SHARE = 0.5
_LOOKED_AT = 60
_INLINE = re.compile(r"([一-龥()（）/、]{2,16})\s*[:：]\s*([^:：]*?)(?=[\s　]+[一-龥()（）/、]{2,16}\s*[:：]|$)")
_TITLE = re.compile(r"表$|表[（(]|登记|核查|调查|抽查|走访|台账")
_NOTE = "这张表是一户一页的填写表，已按“名称—内容”整理成一户一行，行号是每一页开始的行。"
_TELLING = frozenset({"id", "phone", "account", "date", "number", "cert", "name", "address"})


@dataclass
class _Form:
    """One filled form: the row it began at, label → (text, kind)."""

    row: int
    cells: dict[str, tuple[str, int]] = field(default_factory=dict)


def unfold_forms(raw: RawSheet, context: Context) -> RawSheet:
    """The sheet itself, or, where it is a sheet of filled forms, a new raw sheet with one row a form.

    The new Arrow file lies beside the old one, which is left in place.
    """
    if raw.n_rows > MAX_ROWS or raw.n_cols < 2 or raw.n_rows < LEAST_PAIR_ROWS:
        return raw
    table = read_table(raw)
    if not _is_form(rows_of(table.slice(0, _LOOKED_AT), raw.n_cols), context.lexicon):
        return raw
    forms, titles = _read_forms(rows_of(table, raw.n_cols), context.lexicon)
    if not forms:
        return raw
    return _written(raw, forms, titles)


# ---- telling a form


def _texts(row: Row) -> list[tuple[str, int]]:
    """Filled cells in order; a merged cell that a reader repeats counts once."""
    found: list[tuple[str, int]] = []
    for index in row.filled:
        text = cell_text(row, index)
        if not found or found[-1][0] != text:
            found.append((text, row.kinds[index]))
    return found


def _is_label(text: str, lexicon: Lexicon) -> bool:
    header = normal_header(text)
    return len(header.text) >= 2 and lexicon.is_name(header) and not has_ticks(text)


def _is_value(text: str, kind: int, lexicon: Lexicon) -> bool:
    if has_ticks(text) or kind in {CellKind.NUMBER, CellKind.DATE} or is_code_word(text):
        return True
    return not _is_label(text, lexicon)


def _is_pair_row(texts: Sequence[tuple[str, int]], lexicon: Lexicon) -> bool:
    """Label, value, label, value …; at least one value."""
    if len(texts) < 2 or not _is_label(texts[0][0], lexicon):
        return False
    if not _is_value(*texts[1], lexicon):
        return False
    return all(_is_label(text, lexicon) for text, _ in texts[2::2]) or has_ticks("".join(text for text, _ in texts[1:]))


def _is_form(rows: Sequence[Row], lexicon: Lexicon) -> bool:
    several = [texts for row in rows if len(texts := _texts(row)) >= 2]
    pairs = [texts for texts in several if _is_pair_row(texts, lexicon)]
    labels = {normal_header(texts[0][0]).text for texts in pairs}
    enough = len(pairs) >= LEAST_PAIR_ROWS and len(pairs) >= PAIR_SHARE * len(several)
    return enough and len(labels) >= LEAST_PAIR_ROWS


# ---- reading forms


def _read_forms(rows: Sequence[Row], lexicon: Lexicon) -> tuple[list[_Form], list[str]]:
    forms: list[_Form] = []
    titles: list[str] = []
    current: _Form | None = None
    first_label: str | None = None
    in_list = False
    for row in rows:
        texts = _texts(row)
        inline = [(label, value) for text, _ in texts for label, value in _INLINE.findall(text) if value.strip()]
        if len(texts) == 1 and not inline:
            if _TITLE.search(texts[0][0]):
                titles.append(texts[0][0])
                current, in_list = None, False
            continue
        pairs = [(label, value.strip(), int(CellKind.TEXT)) for label, value in inline]
        if not inline:
            in_list = _begins_list(texts, lexicon) or (in_list and not _is_label(texts[0][0], lexicon))
            pairs = [] if in_list else _pairs(texts, lexicon)
        for label, value, kind in pairs:
            key = normal_header(label).text
            first_label = first_label or key
            if current is None or (
                key == first_label and key in {normal_header(known).text for known in current.cells}
            ):
                current = _Form(row.number)
                forms.append(current)
            _put(current, label, value, kind)
    return [form for form in forms if len(form.cells) >= LEAST_PAIR_ROWS - 1], titles


def _begins_list(texts: Sequence[tuple[str, int]], lexicon: Lexicon) -> bool:
    """The header of a little list inside the form: 姓名 | 关系 | 身份证号 | 年龄."""
    return len(texts) >= 3 and all(_is_label(text, lexicon) and not is_code_word(text) for text, _ in texts)


def _pairs(texts: Sequence[tuple[str, int]], lexicon: Lexicon) -> list[tuple[str, str, int]]:
    """(label, value, kind) of one row; a label without a value is left out; further ticks join the value."""
    found: list[tuple[str, str, int]] = []
    label: str | None = None
    for text, kind in texts:
        if label is None:
            if found and has_ticks(text):
                name, value, _ = found[-1]
                found[-1] = (name, f"{value} {text}", int(CellKind.TEXT))
            elif _TELLING.intersection(kinds_of(text, kind)) and not _is_label(text, lexicon):
                continue  # a second value, no label
            else:
                label = text
        elif _is_value(text, kind, lexicon):
            found.append((label, text, kind))
            label = None
        else:
            label = text
    return found


def _put(form: _Form, label: str, value: str, kind: int) -> None:
    chosen = ticked(value)
    if chosen is None or not chosen.strip():
        return
    same = next((known for known in form.cells if normal_header(known).text == normal_header(label).text), label)
    if same not in form.cells:
        form.cells[same] = (chosen, kind if chosen == value else int(CellKind.TEXT))


# ---- writing the list


def _written(raw: RawSheet, forms: Sequence[_Form], titles: Sequence[str]) -> RawSheet:
    labels: dict[str, str] = {}
    for form in forms:
        for label in form.cells:
            labels.setdefault(normal_header(label).text, label.strip().rstrip(":："))
    head = [(-1, [titles[0]])] if titles else []
    rows: list[tuple[int, list[tuple[str, int] | None]]] = []
    for number, texts in [*head, (0, list(labels.values()))]:
        filled: list[tuple[str, int] | None] = [(text, int(CellKind.TEXT)) for text in texts]
        rows.append((number, filled + [None] * (len(labels) - len(filled))))
    for form in forms:
        cells = {normal_header(label).text: cell for label, cell in form.cells.items()}
        rows.append((form.row, [cells.get(key) for key in labels]))
    path = raw.data.with_name(f"{raw.data.stem}-forms.arrow")
    columns: dict[str, pa.Array] = {"row": pa.array([number for number, _ in rows], pa.int32())}
    for index in range(len(labels)):
        column = [cells[index] for _, cells in rows]
        columns[f"c{index}"] = pa.array([cell[0] if cell else None for cell in column], pa.string())
        columns[f"k{index}"] = pa.array([cell[1] if cell else 0 for cell in column], pa.int8())
    data = pa.table(columns)
    with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, data.schema) as writer:
        writer.write_table(data)
    notes = (*raw.notes, _NOTE)
    return replace(raw, data=path, n_rows=len(rows), n_cols=len(labels), merged=(), notes=notes)
