"""Columns → fields of one dataset: scores from headers, from neighbours, from values, then the best assignment."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mingcha.datasets import Dataset, Field
from mingcha.intake.recognise.assign import assign
from mingcha.intake.recognise.headers import ID, NAME, PHONE, key_of, normal_header
from mingcha.intake.recognise.layout import Column, TableLayout, header_forms
from mingcha.intake.recognise.lexicon import EXACT, Lexicon, is_coded
from mingcha.intake.recognise.profiles import Profile, fit, profile
from mingcha.intake.recognise.rowkinds import cell_text

#: Below this a column is left unmapped: a wrong mapping costs more than a missing one.
LEAST = 0.52
#: So likely a column must be a required field to be taken from an optional one that it fits better.
FOR_REQUIRED = 0.6
#: What values alone can reach: enough to map a column without a header, never enough to beat a header.
BY_VALUE = 0.62
#: A column behind a blank gap to the right of the header is a drop-down helper until nothing else claims its field.
_BEHIND_GAP = 0.8
#: From here on a header is the field's own name in another form, below it is only like it.
SIMILAR_BELOW = 0.85
_STRANGE_WORDS = 0.65
_STRONG_TYPES = frozenset(
    {"id18", "cert", "account", "phone", "name", "date", "uscc", "enum", "bool", "division", "money", "month"}
)
_VAGUE_TYPES = frozenset({"money", "month", "bool"})
# a header that is only 姓名, 身份证号, 电话, 关系, 账号 belongs to the person named to its left
_BARE = frozenset({NAME, ID, PHONE, "\ue002", "关系", "性别", "年龄", "\ue018", "\ue017", "\ue017\ue018"})
_ROLE_COLUMN = re.compile(
    r"^(户主|申请人|户主申请人|监护人|抚养人|\ue013|委托\ue013|\ue012|干部|经办人员?|备案人|报备人|近?\ue01e|配偶|父亲|母亲|开户人|\ue00f|联系人|"
    r"诉求人|来电人|信访人|法定代表人|受委托人|乙方|甲方|委托人|特困人员|供养对象|被照料人|被代管人|持卡人|低保对象|享受人员?|家庭成员|成员|儿童)$"
)
_DIGITS_ONLY = re.compile(r"^[\d.]+$")


@dataclass(frozen=True)
class Cand:
    """One column as a candidate: its header, profile, and (dataset, field) → score from the header alone."""

    column: Column
    profile: Profile
    scores: Mapping[tuple[str, str], float]
    how: Mapping[tuple[str, str], str]
    blank: bool
    behind_gap: bool


@dataclass(frozen=True)
class Match:
    """A column's field in one dataset, how sure, and how it was found (exact, loose, similar, profile)."""

    field: str
    score: float
    how: str


def candidates(layout: TableLayout, n_cols: int, lexicon: Lexicon) -> list[Cand]:
    """All columns of a table that have a header or values."""
    by_index = {column.index: column for column in layout.columns}
    last_header = max(by_index, default=n_cols - 1)
    gap_from = _gap(layout, n_cols)
    found: list[Cand] = []
    bare_left: Column | None = None
    for index in range(min(n_cols, last_header + 1)):
        cells = [row.cells[index] for row in layout.data]
        looks = profile(cells, [row.kinds[index] for row in layout.data])
        column = by_index.get(index)
        if column is None:
            if looks.n:
                found.append(Cand(Column(index, ("",)), looks, {}, {}, True, index >= gap_from))
            continue
        scores, how = _header_scores(column, lexicon)
        _add_role(scores, how, column, bare_left, lexicon)
        coded = is_coded(normal_header(column.levels[-1]).text)
        found.append(Cand(column, looks, scores, how, coded, index >= gap_from))
        bare_left = _person_column(column, bare_left)
    return found


def _gap(layout: TableLayout, n_cols: int) -> int:
    """First column behind a wholly blank column that follows the main block of headers."""
    headed = {column.index for column in layout.columns}
    for index in range(n_cols):
        if index in headed or sum(1 for column in headed if column < index) < 3:
            continue
        if all(not cell_text(row, index) for row in layout.data):
            return index
    return n_cols


def _header_scores(column: Column, lexicon: Lexicon) -> tuple[dict[tuple[str, str], float], dict[tuple[str, str], str]]:
    scores: dict[tuple[str, str], float] = {}
    how: dict[tuple[str, str], str] = {}
    for form, share in header_forms(column):
        for target, score in lexicon.scores(form).items():
            if scores.get(target, 0.0) < score * share:
                scores[target] = score * share
                how[target] = "exact" if score == EXACT else "loose" if score >= SIMILAR_BELOW else "similar"
    if len(column.levels) > 1:
        _keep_group(scores, column, lexicon)
    return scores, how


def _keep_group(scores: dict[tuple[str, str], float], column: Column, lexicon: Lexicon) -> None:
    """生活补贴/补贴标准 is never the sheet's own amount: where the group is a field, 金额 below it is that field."""
    if not _PLAIN_AMOUNT.match(normal_header(column.levels[-1]).text):
        return
    groups = {
        target
        for level in column.levels[:-1]
        for target, score in lexicon.scores(normal_header(level)).items()
        if score >= 0.85 and lexicon.catalogue.datasets[target[0]].fields[target[1]].type == "money"
    }
    owners = {dataset for dataset, _ in groups}
    for target in [target for target in scores if target[0] in owners and target not in groups]:
        del scores[target]


_PLAIN_AMOUNT = re.compile(r"^(?:月?(?:补贴|补助|发放|保障|救助)?(?:金额|标准|资金|数额|额)|元|应发|实发|月标准)$")


def _person_column(column: Column, left: Column | None) -> Column | None:
    """The column that later bare headers belong to: the last that named a person."""
    key = key_of(normal_header(column.levels[-1]).text)
    if _ROLE_COLUMN.match(key) or key == NAME:
        return column
    return left if key in _BARE else None


def _add_role(
    scores: dict[tuple[str, str], float],
    how: dict[tuple[str, str], str],
    column: Column,
    left: Column | None,
    lexicon: Lexicon,
) -> None:
    """身份证号 right of 户主姓名 is the head's: try 户主身份证号 too, and doubt the plain reading."""
    lower = normal_header(column.levels[-1]).text
    if left is None or key_of(lower) not in _BARE or len(column.levels) > 1:
        return
    role = key_of(normal_header(left.levels[-1]).text)
    if role == NAME:
        return
    title = normal_header(left.levels[-1]).text.removesuffix("姓名")
    joined = lexicon.scores(normal_header(f"{title}{lower}"))
    for target, score in joined.items():
        if (score >= 0.85 and target not in scores) or scores.get(target, 0.0) < score * 0.97:
            scores[target], how[target] = score * 0.97, "loose"
    roles = {target for target, score in joined.items() if score >= 0.85}
    owners = {dataset for dataset, _ in roles}
    for target in list(scores):
        required = lexicon.catalogue.datasets[target[0]].fields[target[1]].required
        if target not in roles and target[0] in owners and not required:
            scores[target] *= 0.9


def score_columns(dataset: Dataset, cands: Sequence[Cand]) -> dict[int, Match]:
    """The best assignment of the columns to the fields of one dataset: column index → match."""
    edges: dict[tuple[int, str], float] = {}
    how: dict[tuple[int, str], str] = {}
    for cand in cands:
        for field in dataset.fields.values():
            score, kind = _score(dataset, field, cand)
            if score >= LEAST:
                edges[cand.column.index, field.id] = score
                how[cand.column.index, field.id] = kind
    # cubed: a sure match is not given up so that two doubtful ones find room
    chosen = assign({edge: score**3 for edge, score in edges.items()})
    _serve_required(dataset, chosen, edges)
    return {index: Match(field, edges[index, field], how[index, field]) for index, field in chosen.items()}


def _serve_required(dataset: Dataset, chosen: dict[int, str], edges: Mapping[tuple[int, str], float]) -> None:
    """户名 is the head where nothing else is: what a dataset cannot do without comes before what it can."""
    for field in dataset.fields.values():
        if not field.required or field.from_title or field.id in chosen.values():
            continue
        likely = [
            (score, index)
            for (index, name), score in edges.items()
            if name == field.id
            and score >= FOR_REQUIRED
            and index in chosen
            and not dataset.fields[chosen[index]].required
        ]
        if likely:
            chosen[max(likely)[1]] = field.id


def _score(dataset: Dataset, field: Field, cand: Cand) -> tuple[float, str]:
    target = (dataset.id, field.id)
    written = cand.scores.get(target, 0.0)
    if not written and (not cand.blank or field.type not in _STRONG_TYPES or cand.profile.is_sequence):
        return 0.0, ""  # nearly all pairs end here
    fits = fit(field, cand.profile)
    share = _BEHIND_GAP if cand.behind_gap else 1.0
    if written:
        if written < SIMILAR_BELOW and field.codes and cand.profile.n >= 3 and not cand.profile.lists.get(field.codes):
            written *= _STRANGE_WORDS  # a header that is only like one, over words the code list does not know
        if fits < 0:
            written *= 1 + 0.45 * fits
        else:
            written += 0.3 * fits * (1 - written)
        # of two columns with one header, the one that is filled is meant
        return written * share * (0.985 + 0.015 * cand.profile.filled), cand.how[target]
    if fits < 0.7:
        return 0.0, ""
    if field.type in _VAGUE_TYPES and not field.required:
        return 0.0, ""  # any number may be an amount: only the one that the dataset cannot do without
    wanted = 0.03 if field.required else 0.0
    own_name = 0.02 if field.id in {"name", "id_no", "account_no"} else 0.0
    return (BY_VALUE - 0.05 + wanted + own_name) * share * min(1.0, fits), "profile"
