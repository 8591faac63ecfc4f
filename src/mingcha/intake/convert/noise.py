"""Rows that are no data: totals, group rows, repeated headers, column numbers, units, notes (file-formats 2.1).

A row with an identity number or an account is data, whatever words stand in it: most rows are told by that alone.
"""

from __future__ import annotations

import re

import pyarrow as pa
import pyarrow.compute as pc

from mingcha.intake.convert.sheet import NOISE, RAW, Sheet, Source, rows_within
from mingcha.intake.cores import on_all_cores
from mingcha.values.divisions import Divisions, load_divisions
from mingcha.values.sql.base import is_mark, lit, no_blanks
from mingcha.values.text import plain

BLANK, HEADER, NUMBERING, UNIT, TOTAL, GROUP, NOTE, TITLE, MEMBER, NO_AMOUNT = (
    *("空行", "重复表头", "列号行", "单位行", "合计行", "分组行", "说明行", "标题行", "成员行", "无发放金额"),
)
#: Ledgers in which a row may well hold nothing but a long text.
_TEXT_LEDGERS = frozenset({"problem", "hotline", "petition"})
_MAX_CELLS = 48
_PLACES = "mingcha_place_words"
_SUSPECTS = "mingcha_suspects"
_UNTOLD = "mingcha_untold"

_LONG = 14
_LONG_NUMBER = f"[0-9]{{{_LONG}}}|[0-9]E\\+?[0-9]|[0-9]\\*{{3,}}"
_FIGURES = "0-9,.()户人元万口名个笔条张次、;:大写整零壹贰叁肆伍陆柒捌玖拾佰仟角分"
_TOTAL = (
    "^.{0,12}?(?:合计|总计|小计|共计|总合计|总金额|总人数|总户数|总人口|总数|累计|合计数|累计数|本页计|本月计|本年计)"
    f"(?:金额|人数|户数)?[{_FIGURES}]*$|^共计?[0-9]+[户人口名条笔].*$|^其中(?::.*)?$"
    f"|^(?:承前页|承上页|过次页|转次页|转下页|接上页|结转下页|人均|平均|户均|占比)[:,]?[{_FIGURES}]*$"
)
_NUMBERS = "[-+]?[¥$]?[0-9][0-9,]*(?:\\.[0-9]+)?%?(?:元|万元|人|户|口)?"
_MARKER = "\\(?[0-9]{1,2}\\)?|[甲乙丙丁戊己庚辛壬癸]|[A-Z]|栏次|序号|[0-9]{1,2}[=<].*"
_UNIT = (
    "\\(?(?:单位:)?(?:元|万元|人|户|个|张|岁|周岁|%|月|天|亩|次|平方米|㎡|M2|人次|户次|项|份|套|辆"
    "|元/(?:月|年|人|户|人[·.]?月|人/月|月/人|人[·.]?年|户[·.]?月))\\)?"
)
_SIGNERS = (
    "注|备注|说明|填表说明|填报说明|编制说明|制表|制表人|审核|审核人|复核|复核人|填表人|填报人|经办人|负责人|单位负责人|"
    "主管领导|分管领导|主要领导|领导签字|签字|签章|盖章|监督电话|举报电话|咨询电话|公示时间|公示期|公示期限|填报日期|填表日期|"
    "填报时间|制表日期|制表时间|填报单位|填表单位|制表单位|报送单位|编制单位|单位|日期|附|附注|打印日期|打印时间|导出时间"
)
_NOTE = (
    f"^(?:{_SIGNERS})(?:\\((?:盖章|公章|签字|签章)\\))?:|^\\(?(?:{_SIGNERS}|公章)\\)?$"
    "|^.{0,20}\\((?:盖章|公章|签字|签章)\\).{0,20}$|^(?:以下空白|以下无正文|此页无正文|本页空白|以上|此表一式).{0,20}$"
    "|^第?[0-9]+页[,，]?(?:共[0-9]+页)?$|^注[0-9]*[:.、]|^.{0,16}(?:签字|签名|签章|盖章|公章|审核人|负责人|经办人|填表人):"
    "|^\\(?(?:续表|续上表|接上表|接上页|转下页|完)[0-9]*\\)?$"
)
_SIGNED = "^(?:制表|审核|复核|填表|填报|经办|负责)人.{0,8}$"
_TITLE = (
    ".{3,}(?:花名册|名册|名单|台账|汇总表|明细表|统计表|登记表|发放表|一览表|情况表|备案表|公示表|审批表|清册)"
    "(?:\\(.*\\))?"
)
_LISTED = "^(?:[0-9一二三四五六七八九十]+[、.)]|\\([0-9一二三四五六七八九十]+\\)).{4,}"


#: How places that stand in no table of ours are told.
_ENDINGS = (
    (re.compile(r"\D(?:镇|乡|街道|街道办|办事处|农贸区|开发区)$"), "township"),
    (re.compile(r"(?:行政村|自然村|村|村委会|村民委员会|社区|居委会|居民委员会)$"), "village"),
    (re.compile(r"^第?[一二三四五六七八九十\d]+(?:村民)?小?组$|村民组$"), "group"),
    (re.compile(r"(?:县|市)$"), "county"),
)


def find_noise(sheet: Sheet) -> dict[str, int]:
    """Writes the table of rows that are no data (row, kind, level, word) and counts them by kind.

    level and word: of a group row, what it names (county, township, village, group).
    """
    untold, first_told = _untold(sheet)
    if not untold.num_rows:
        return {}
    sheet.con.register(_UNTOLD, untold)
    try:
        sheet.con.execute(f"CREATE OR REPLACE TEMP TABLE {_SUSPECTS} AS {_suspects(sheet)}")
    finally:
        sheet.con.unregister(_UNTOLD)
    words = sheet.con.execute(
        f"SELECT DISTINCT words[1] FROM {_SUSPECTS} WHERE len(words) = 1 AND length(words[1]) <= 24"
    ).fetchall()
    divisions = load_divisions()
    known = [(word, *found) for (word,) in words if (found := place_in(word, divisions)) is not None]
    columns = list(zip(*known, strict=True)) if known else [(), (), (), ()]
    names = ("word", "level", "place", "is_known")
    types = (pa.string(), pa.string(), pa.string(), pa.bool_())
    arrays = {name: pa.array(column, type_) for name, column, type_ in zip(names, columns, types, strict=True)}
    sheet.con.register(_PLACES, pa.table(arrays))
    try:
        sheet.con.execute(f"CREATE OR REPLACE TEMP TABLE {NOISE} AS {_verdicts(sheet, first_told)}")
    finally:
        sheet.con.unregister(_PLACES)
        sheet.con.execute(f"DROP TABLE IF EXISTS {_SUSPECTS}")
    counts = dict(sheet.con.execute(f"SELECT kind, count(*) FROM {NOISE} GROUP BY kind ORDER BY kind").fetchall())
    sheet.has_noise = bool(counts)
    return counts


def _untold(sheet: Sheet) -> tuple[pa.Table, int]:
    """Rows without a long number in a number column, and the first row with one (0: none has)."""
    untold, first = rows_within(sheet.cells, sheet.plan), 0
    for source in sheet.by_type("id18", "cert", "account"):
        # most rows are told by the first column: the others are looked at where it tells nothing
        chunks = on_all_cores(_has_long_number, untold[f"c{source.index}"].chunks)
        found = pa.chunked_array(chunks, pa.bool_())
        told = pc.index(found, True).as_py()
        if told >= 0:
            row = untold["row"][told].as_py()
            first = min(first or row, row)
            untold = untold.filter(pc.invert(found))
    return untold, first


def _has_long_number(texts: pa.Array) -> pa.Array:
    # most texts are such a number: their beginning tells, in a fifth of the time
    begins = pc.binary_slice(texts.view(pa.binary()), 0, _LONG)
    told = pc.and_(pc.equal(pc.binary_length(begins), _LONG), pc.ascii_is_decimal(begins.view(pa.string())))
    untold = pc.invert(pc.fill_null(told, True))
    others = pc.match_substring_regex(texts.filter(untold), _LONG_NUMBER)
    return pc.fill_null(pc.replace_with_mask(told, untold, others), False)


def place_in(word: str, divisions: Divisions) -> tuple[str, str, bool] | None:
    """What place a lone text names: (level, the name, whether it is a known or plainly written place)."""
    text = re.sub(r"^(?:[一二三四五六七八九十]+|\d+)[、.)]", "", word)
    text = re.sub(r"^(?:乡镇|镇|乡|街道|村|行政村|单位|村居|填报单位|所属[镇乡村])(?:名称)?[:：]", "", text)
    text = re.sub(r"[(:].*$|\d+[户人口].*$", "", text).strip("-—、,")
    if not 2 <= len(text) <= 16:
        return None
    if divisions.find_township(text) is not None:
        return "township", text, bool(re.search(r"[镇乡区]$|街道|办", text))
    if any(divisions.find_village(text, unit) is not None for unit in divisions.townships):
        return "village", text, bool(re.search(r"[村居]$|社区|委会", text))
    level = next((level for pattern, level in _ENDINGS if pattern.search(text)), None)
    if text in {"全县", "本县", divisions.home.name, divisions.home.short_name}:
        level = "county"
    if level == "county" and text not in {"全县", "本县"} and divisions.find_county(text) is None:
        level = None
    return (level, text, True) if level else None


def _filled(cell: str) -> str:
    return f"(NOT {is_mark(cell)})"


def _any(sources: list[Source], condition: str) -> str:
    """Whether a condition over {cell} holds for any of the columns."""
    found = [f"coalesce({condition.replace('{cell}', f'r.c{source.index}')}, FALSE)" for source in sources]
    return f"({' OR '.join(found)})" if found else "FALSE"


def _list(cells: list[str]) -> str:
    if not cells:
        return "CAST([] AS VARCHAR[])"
    kept = f"list_filter([{', '.join(cells)}], lambda x: x IS NOT NULL AND trim(x) <> '')"
    return f"list_transform({kept}, lambda x: upper({no_blanks('x')}))"


def _suspects(sheet: Sheet) -> str:
    """The untold rows with what their verdict needs."""
    raw, numbers = sheet.raw, sheet.by_type("id18", "cert", "account")
    mapped = [source for source in sheet.sources.values() if source.index is not None]
    mapped_cells = [f"r.c{source.index}" for source in mapped] + [f"r.c{part.column.index}" for part in sheet.parts]
    of_interest = sorted({int(cell[3:]) for cell in mapped_cells} | set(range(min(raw.n_cols, _MAX_CELLS))))
    cells = [f"r.c{index}" for index in of_interest if index < raw.n_cols]
    seq = sheet.sources.get("seq")
    # a running number; a place or a 合计 in its column is none
    numbered = f"coalesce(regexp_matches(r.c{seq.index}, '[0-9０-９]'), FALSE)" if seq and seq.index is not None else ""
    has_seq = numbered or "FALSE"
    places = [s for s in mapped if s.field.type == "division" or s.field.id in {"division_text", "village_group"}]
    labels = [s for s in mapped if s.field.id == "seq" or s.field.type == "name"] + places
    return f"""
        SELECT
            r.row,
            {_list(cells)} AS texts,
            {_list([f"r.c{source.index}" for source in labels])} AS labels,
            {_list(_lead_cells(sheet, cells))}[1] AS lead,
            {" + ".join(f"CAST({_filled(cell)} AS INTEGER)" for cell in mapped_cells) or "0"} AS mapped,
            {_any(sheet.by_type("name", "id18", "account"), _filled("{cell}"))} AS is_named,
            {_any(sheet.by_type("name"), _filled("{cell}"))} AS in_name,
            {_any(_worded(mapped), f"regexp_full_match(upper(trim({{cell}})), {lit(_MARKER)})")} AS is_token,
            {_any(numbers, f"regexp_matches({no_blanks('{cell}')}, {lit(_LONG_NUMBER)})")} AS has_number,
            {has_seq} AS has_seq,
            {_member_row(sheet, cells)} AS is_member,
            list_distinct(list_filter(texts, lambda x: NOT regexp_full_match(x, {lit(_NUMBERS)}))) AS words
        FROM {_UNTOLD} AS r
    """


def _worded(mapped: list[Source]) -> list[Source]:
    """Columns in which a bare number of one or two places is no value."""
    return [s for s in mapped if s.field.type in {"name", "id18", "division", "date", "account", "phone", "cert"}]


def _lead_cells(sheet: Sheet, cells: list[str]) -> list[str]:
    """Cells whose first filled one may bear the word 合计: not remarks, not the long texts of ledgers."""
    is_ledger = sheet.dataset.id in _TEXT_LEDGERS
    texts = {
        f"r.c{source.index}"
        for source in sheet.sources.values()
        if source.field.id in {"remark", "address"} or (is_ledger and source.field.type == "text")
    }
    return [cell for cell in cells if cell not in texts]


def _member_row(sheet: Sheet, cells: list[str]) -> str:
    """In a household list: a further member's row, with neither head nor amount, but cells of other columns."""
    heads = [s for s in sheet.by_type("name", "id18") if s.field.id in {"head_name", "head_id"}]
    if sheet.dataset.grain != "household" or not heads:
        return "FALSE"
    sums = sheet.by_type("money", "int")
    own = {f"r.c{source.index}" for source in sheet.sources.values()}
    others = [cell for cell in cells if cell not in own]
    if not others:
        return "FALSE"
    sums = [source for source in sums if source.field.id not in {"seq", "age"}]
    nothing = f"NOT {_any(heads, _filled('{cell}'))} AND NOT {_any(sums, _filled('{cell}'))}"
    return f"({nothing} AND ({' OR '.join(_filled(cell) for cell in others)}))"


def _header_words(sheet: Sheet) -> list[str]:
    written = [column.header for column in sheet.plan.columns] + list(sheet.plan.unfit)
    written += [part.column.header for part in sheet.parts]
    words = {plain(text).upper() for text in written} | {plain(p).upper() for text in written for p in text.split("/")}
    return sorted(words - {""})


def _verdicts(sheet: Sheet, first_told: int) -> str:
    has_person = bool(sheet.by_type("name", "id18"))
    is_ledger = sheet.dataset.id in _TEXT_LEDGERS
    person = str(has_person).upper()
    headers = f"[{', '.join(lit(word) for word in _header_words(sheet))}]"
    kinds = f"""
        CASE
            WHEN s.hits >= 2 AND s.hits * 2 >= s.n THEN '{HEADER}'
            WHEN s.has_number THEN NULL
            WHEN s.n >= 3 AND s.tokens = s.n AND s.is_token THEN '{NUMBERING}'
            WHEN s.n >= 1 AND s.units = s.n THEN '{UNIT}'
            WHEN s.is_total THEN '{TOTAL}'
            WHEN s.n <= 8 AND regexp_matches(s.texts[1], {lit(_NOTE)}) THEN '{NOTE}'
            WHEN s.n <= 4 AND regexp_matches(s.texts[1], {lit(_SIGNED)}) THEN '{NOTE}'
            WHEN p.word IS NOT NULL AND s.n = 1 AND (p.is_known OR NOT s.in_name) THEN '{GROUP}'
            WHEN {person} AND {_is_head(sheet)} THEN '{GROUP}'
            WHEN {person} AND p.word IS NOT NULL AND s.n > 1 AND NOT s.has_seq AND s.mapped > 1
                AND (NOT s.is_named OR p.level = 'county' OR (s.in_name AND p.is_known)) THEN '{TOTAL}'
            WHEN s.n = 1 AND regexp_full_match(s.texts[1], {lit(_TITLE)}) THEN '{TITLE}'
            WHEN s.mapped = 0 THEN '{BLANK}'
            WHEN s.mapped = 1 AND s.has_seq AND len(s.words) = 0 THEN '{BLANK}'
            WHEN {person} AND len(s.words) = 0 AND NOT s.has_seq AND NOT s.is_named THEN '{TOTAL}'
            WHEN s.is_member THEN '{MEMBER}'
            WHEN s.n = 1 AND {person} AND NOT s.is_named THEN '{NOTE}'
            WHEN s.n = 1 AND NOT {str(is_ledger).upper()} AND regexp_matches(s.texts[1], {lit(_LISTED)}) THEN '{NOTE}'
        END
    """
    return f"""
        WITH before_persons AS (
            SELECT DISTINCT p.level
            FROM {_SUSPECTS} AS s INNER JOIN {_PLACES} AS p ON len(s.words) = 1 AND s.words[1] = p.word
            WHERE NOT s.is_named AND s.row < {first_told}
        )
        SELECT row, kind, CASE WHEN kind = '{GROUP}' THEN level END AS level, place AS word
        FROM (
            SELECT s.row, {kinds} AS kind, p.level, p.place
            FROM (
                SELECT
                    *,
                    len(texts) AS n,
                    len(list_filter(texts, lambda x: list_contains({headers}, x))) AS hits,
                    len(list_filter(texts, lambda x: regexp_full_match(x, {lit(_MARKER)}))) AS tokens,
                    len(list_filter(texts, lambda x: regexp_full_match(x, {lit(_UNIT)}))) AS units,
                    len(list_filter(
                        list_append(labels, lead), lambda x: coalesce(regexp_matches(x, {lit(_TOTAL)}), FALSE)
                    )) > 0 AS is_total
                FROM {_SUSPECTS}
            ) AS s
            LEFT JOIN {_PLACES} AS p ON len(s.words) = 1 AND s.words[1] = p.word
        )
        WHERE kind IS NOT NULL
    """


def _is_head(sheet: Sheet) -> str:
    """Whether a place with sums beside it heads the rows below (会亭镇 … 840), as a group row does.

    So it is where no column tells that kind of place and such a row comes before the first person; else it is a total.
    """
    given = {source.field.id for source in sheet.sources.values() if source.index is not None}
    levels = [
        lit(level)
        for level, name in (("township", "township"), ("village", "village"), ("group", "village_group"))
        if name in sheet.dataset.fields and not given & {name, "division_text"}
    ]
    if not levels:
        return "FALSE"
    return (
        f"(p.level IN ({', '.join(levels)}) AND p.is_known AND s.n > 1 AND NOT s.has_seq AND NOT s.is_named"
        " AND p.level IN (SELECT level FROM before_persons))"
    )


def find_unpaid(sheet: Sheet) -> int:
    """Rows of a wide sheet without any payment: they give no row."""
    if not sheet.parts:
        return 0
    base = sheet.base()
    where = f"{sheet.within}" + (f" AND r.row NOT IN (SELECT row FROM {NOISE})" if sheet.has_noise else "")
    sql = f"SELECT count(*) FROM {RAW} AS r WHERE {where} AND r.row NOT IN (SELECT row FROM ({base}))"
    found = sheet.first(sql)
    return int(found[0]) if found else 0
