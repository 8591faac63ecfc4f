"""What whole columns tell before single cells are read: date forms, code words, places, columns that contradict."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from importlib.resources import files
from math import prod
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from mingcha.intake.convert.carry import MEMBER_DATASETS
from mingcha.intake.convert.sheet import Sheet, coded, whole
from mingcha.values.divisions import Divisions, load_divisions
from mingcha.values.names import normal_name
from mingcha.values.sql.base import NUMBER_KIND, Cell, ident, layered, lit
from mingcha.values.sql.dates import DateFacts, read_date
from mingcha.values.sql.ids import read_id
from mingcha.values.sql.numbers import percent_fact
from mingcha.values.text import redact
from mingcha.values.words import CodeWords, YesNo
from mingcha.values.yamls import load_yaml

_SEXES = "mingcha_sexes"
#: A column disagrees "throughout" with the numbers where this share of at least so many rows does.
_THROUGHOUT = 0.9
_LEAST_ROWS = 3
#: So many rows tell how a column is written.
_ROWS_ASKED = 20_000


@dataclass
class Facts:
    """What was found about the columns.

    dates      field → facts about its dates
    fractions  percent fields written as fractions
    words      enum and bool fields → table of their words: word, code, is_blank, shown
    dropped    fields left NULL throughout, because the column contradicts the numbers
    heads      damaged numbers of heads → the name they have in their own row
    notes      Chinese sentences for the report
    """

    dates: dict[str, DateFacts] = field(default_factory=dict)
    fractions: set[str] = field(default_factory=set)
    words: dict[str, pa.Table] = field(default_factory=dict)
    dropped: set[str] = field(default_factory=set)
    heads: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def cell_of(name: str) -> Cell:
    """The cell of a field in the base rows."""
    return Cell(name, ident(f"t_{name}"), ident(f"k_{name}"))


def find_facts(sheet: Sheet, today: date) -> Facts:
    """Reads the columns once."""
    facts = Facts()
    sheet.look_through(_coded(sheet))
    _aggregates(sheet, facts, today)
    _words(sheet, facts)
    _sexes(sheet, facts, today)
    _births(sheet, facts, today)
    _heads(sheet, facts, today)
    return facts


def _base(sheet: Sheet) -> str:
    return f"({sheet.base()})"


def _fields(sheet: Sheet, *types: str) -> list[str]:
    return [name for name in sheet.dataset.fields if name in sheet.part_fields and _type(sheet, name) in types]


def _type(sheet: Sheet, name: str) -> str:
    return sheet.dataset.fields[name].type


# ---- dates and shares

_DATED = ("date", "month", "datetime")


def _aggregates(sheet: Sheet, facts: Facts, today: date) -> None:
    """What the words of date and share columns tell: few texts are distinct."""
    year = int(sheet.plan.roll_month[:4]) if sheet.plan.roll_month else _year_said(sheet)
    for name in _fields(sheet, *_DATED):
        facts.dates[name] = DateFacts(
            four_digit_years=sheet.has_text(name, lambda word: bool(_FOUR_DIGITS.fullmatch(word.strip(" ")))),
            zero_months=sheet.may_have(name, NUMBER_KIND)
            and sheet.has_text(name, lambda word: len(word) == 7 and bool(_ZERO_MONTH.fullmatch(word)))
            and _has_number_months(sheet, name),
            base_1904=sheet.raw.date_1904,
            year=year,
            this_year=today.year,
        )
    for name in _fields(sheet, "percent"):
        found = sheet.first(f"SELECT {percent_fact(ident(f't_{name}'))} FROM {_base(sheet)}")
        if found and found[0]:
            facts.fractions.add(name)


#: A column with such texts writes years in four places.
_FOUR_DIGITS = re.compile(r"[0-9]{4}[-/.年].*|(?:19|20)[0-9]{6}|(?:19|20)[0-9]{4}")
_ZERO_MONTH = re.compile(r"[0-9]{4}\.0[1-9]")


def _has_number_months(sheet: Sheet, name: str) -> bool:
    """Whether a number cell holds a month such as 2023.06."""
    text, kind = ident(f"t_{name}"), ident(f"k_{name}")
    is_month = f"{kind} = {NUMBER_KIND} AND regexp_full_match({text}, {lit(_ZERO_MONTH.pattern)})"
    found = sheet.first(f"SELECT bool_or({is_month}) FROM {_base(sheet)}")
    return bool(found and found[0])


def _year_said(sheet: Sheet) -> int | None:
    texts = [*sheet.plan.constants.values()]
    texts += [text for part in sheet.parts for text in part.column.constants.values()]
    pattern = re.compile(r"(?<!\d)(20\d{2})(?:年|[-.]?(?:0?[1-9]|1[0-2])(?!\d))")
    years = {found[1] for text in texts if (found := pattern.search(text))}
    return int(years.pop()) if len(years) == 1 else None


# ---- code words


@cache
def _more_words() -> dict[str, Any]:
    loaded: dict[str, Any] = load_yaml((files(__package__) / "more_words.yaml").read_text(encoding="utf-8"))
    return loaded


def _reader(sheet: Sheet, name: str) -> CodeWords | YesNo:
    field_ = sheet.dataset.fields[name]
    own = sheet.plan.code_words.get(name)
    list_id = "bool" if field_.type == "bool" else str(field_.codes)
    values = [(code.code, code.label, code.aliases) for code in sheet.catalogue.codes[list_id].values]
    if field_.type == "bool":
        return YesNo(values, own, of=name)
    patterns = [(pattern, code) for pattern, code in _more_words().get(list_id, {}).get("patterns", ())]
    return CodeWords(list_id, values, own, patterns=patterns)


def _coded(sheet: Sheet) -> list[str]:
    return [name for name in _fields(sheet, "bool", "enum") if _type(sheet, name) == "bool" or _codes(sheet, name)]


def _codes(sheet: Sheet, name: str) -> str | None:
    return sheet.dataset.fields[name].codes


def _words(sheet: Sheet, facts: Facts) -> None:
    """A table of the column's distinct words and their codes, for each coded field."""
    for name in _coded(sheet):
        words = sheet.words(name)
        reader = _reader(sheet, name)
        read = [reader.read(word) for word in words]
        table = pa.table(
            {
                "word": pa.array(words, pa.string()),
                "code": pa.array([word.code for word in read], pa.string()),
                "is_blank": pa.array([word.is_blank for word in read], pa.bool_()),
                # kept beside the code as written; a number that slipped in is hidden
                "shown": pa.array([redact(word.strip()) for word in words], pa.string()),
            }
        )
        facts.words[name] = table


# ---- columns against the numbers


def _person(sheet: Sheet, today: date) -> tuple[str, str, str] | None:
    """A query of the first base rows with the number's own birth date and sex: (SQL, birth column, sex column)."""
    if "id_no" not in sheet.sources:
        return None
    reading = read_id(cell_of("id_no"), today)
    sql = layered(f"SELECT * FROM ({sheet.base()}) LIMIT {_ROWS_ASKED}", reading)
    sql = f"SELECT * FROM ({sql}) WHERE {reading.columns['is_valid']}"
    return sql, reading.columns["birth_date"], reading.columns["sex"]


def _sexes(sheet: Sheet, facts: Facts, today: date) -> None:
    """Digits for sex mean different things in different systems: place 17 of the numbers decides (file-formats 2.7)."""
    source = sheet.sources.get("sex")
    if source is None or source.index is None or "sex" not in facts.words:
        return
    has_zero = any(_ZERO.fullmatch(word.strip(" ")) for word in sheet.words("sex"))
    agree, total = _plain_agreement(sheet, facts)
    if total < _LEAST_ROWS or agree < _THROUGHOUT * total:
        # not plainly so: the numbers are read in every form
        agree, total = _agreement(sheet, facts, _person(sheet, today))
    header = source.header or "性别"
    if total >= _LEAST_ROWS and agree <= (1 - _THROUGHOUT) * total:
        facts.dropped.add("sex")
        facts.notes.append(f"“{header}”整列与身份证号不符（代码或填写有误），未采用，请核对；性别以身份证号为准。")
    elif has_zero and (total < _LEAST_ROWS or agree < _THROUGHOUT * total):
        facts.dropped.add("sex")
        facts.notes.append(f"“{header}”用0和1表示，含义不明，未采用；性别以身份证号为准。")
    elif has_zero:
        _reread_zero(sheet, facts)


_ZERO = re.compile(r"0(?:[.]0+)?")


def _plain_agreement(sheet: Sheet, facts: Facts) -> tuple[int, int]:
    """As ``_agreement``, with numbers plainly written in 18 places alone, whose check digits are not looked at."""
    if "id_no" not in sheet.sources:
        return 0, 0
    sexes, numbers = sheet.first_rows(_ROWS_ASKED, "t_sex", "t_id_no")
    is_plain = pc.fill_null(pc.match_substring_regex(numbers, r"\A[1-9][0-9]{16}[0-9X]\z"), False)
    is_odd = pc.is_in(pc.utf8_slice_codeunits(numbers.filter(is_plain), 16, 17), value_set=pa.array(list("13579")))
    words = facts.words["sex"]
    codes = pc.if_else(_is_zero(words["word"]), "2", words["code"])
    written = whole(codes).take(pc.index_in(sexes.filter(is_plain), value_set=whole(words["word"])))
    told = pc.is_in(written, value_set=pa.array(["1", "2"]))
    agrees = pc.equal(written, pc.if_else(is_odd, "1", "2"))
    return pc.sum(agrees).as_py() or 0, pc.sum(told).as_py() or 0


def _is_zero(words: pa.ChunkedArray) -> pa.ChunkedArray:
    return pc.match_substring_regex(pc.utf8_trim(words, " "), rf"\A(?:{_ZERO.pattern})\z")


def _agreement(sheet: Sheet, facts: Facts, person: tuple[str, str, str] | None) -> tuple[int, int]:
    """How many written sexes agree with the numbers, of how many. 0 counts as 女 where 1 is 男."""
    if person is None:
        return 0, 0
    sql, _, sex = person
    zero = "CASE WHEN regexp_full_match(trim(p.t_sex), '0(?:[.]0+)?') THEN '2' ELSE w.code END"
    sheet.con.register(_SEXES, facts.words["sex"])
    try:
        found = sheet.first(f"""
            SELECT count(*) FILTER (WHERE {zero} = p.number_sex), count(*) FILTER (WHERE {zero} IN ('1', '2'))
            FROM (SELECT {ident("t_sex")} AS t_sex, {sex} AS number_sex FROM ({sql})) AS p
            INNER JOIN {_SEXES} AS w ON p.t_sex = w.word
        """)
    finally:
        sheet.con.unregister(_SEXES)
    return (int(found[0]), int(found[1])) if found else (0, 0)


def _reread_zero(sheet: Sheet, facts: Facts) -> None:
    """A column of 0 and 1 that agrees with the numbers: 0 is 女."""
    table = facts.words["sex"]
    code = pc.if_else(_is_zero(table["word"]), "2", table["code"])
    facts.words["sex"] = table.set_column(table.column_names.index("code"), "code", code)


def _births(sheet: Sheet, facts: Facts, today: date) -> None:
    """A birth date column that contradicts the numbers throughout is not used; the report says so once."""
    source = sheet.sources.get("birth_date")
    if source is None or source.index is None or "id_no" not in sheet.sources or _births_agree(sheet):
        return
    person = _person(sheet, today)
    if person is None:
        return
    sql, born, _ = person
    reading = read_date(cell_of("birth_date"), facts.dates["birth_date"])
    sql = layered(sql, reading)
    written, precision = reading.columns["value"], reading.columns["precision"]
    found = sheet.first(f"""
        SELECT count(*) FILTER (WHERE same), count(*) FROM (
            SELECT CASE precision WHEN 'day' THEN born = written
                WHEN 'month' THEN date_trunc('month', born) = written ELSE year(born) = year(written) END AS same
            FROM (SELECT {born} AS born, {written} AS written, {precision} AS precision FROM ({sql}))
            WHERE born IS NOT NULL AND written IS NOT NULL
        )
    """)
    if found and found[1] >= _LEAST_ROWS and found[0] <= (1 - _THROUGHOUT) * found[1]:
        facts.dropped.add("birth_date")
        facts.notes.append(
            f"“{source.header or '出生日期'}”整列与身份证号不符，未采用，请核对；出生日期以身份证号为准。"
        )


def _births_agree(sheet: Sheet) -> bool:
    """Whether plainly written dates already show that the column does not contradict the numbers: most columns."""
    numbers, written = sheet.first_rows(_ROWS_ASKED, "t_id_no", "t_birth_date")
    plain = pc.replace_substring_regex(written, _PLAIN_BIRTH, r"\1\2\3")
    same = pc.sum(pc.equal(plain, pc.utf8_slice_codeunits(numbers, 6, 14))).as_py() or 0
    return bool(same > (1 - _THROUGHOUT) * (len(written) - written.null_count))


_PLAIN_BIRTH = r"\A((?:18|19|20)[0-9]{2})[-/.年]?([0-9]{2})[-/.月]?([0-9]{2})日?\z"


# ---- places


def _place_texts(sheet: Sheet, base: pa.Table, told: Mapping[str, Told]) -> list[Told]:
    """County, chain of places, township and village as written."""
    found = {name: _told(base, told, name) for name in _PLACE_FIELDS if name in sheet.part_fields}
    address = next((name for name in ("address", "hukou_address") if name in sheet.sources), None)
    if "township" not in found and "township" in sheet.dataset.fields and address is not None:
        # addresses repeat: each is looked at once
        texts, at = _told(base, told, address)
        parts = pc.extract_regex(texts, _TOWNSHIP_FIRST)
        found["township"] = pc.struct_field(parts, "place"), at
        if "village" not in found and "village" in sheet.dataset.fields:
            rest = pc.extract_regex(pc.struct_field(parts, "rest"), _VILLAGE_FIRST)
            found["village"] = pc.struct_field(rest, "place"), at
    nothing = pa.nulls(1, pa.string()), pa.repeat(pa.scalar(0, pa.int32()), base.num_rows)
    return [found.get(name, nothing) for name in _PLACE_FIELDS]


_PLACE_FIELDS = ("county", "division_text", "township", "village")
_TOWNSHIP_FIRST = r"(?s)\A(?P<place>[^镇乡]{0,14}?(?:镇|乡|街道(?:办事处)?|农贸区))(?P<rest>.*)"
_VILLAGE_FIRST = r"\A(?P<place>[^\d]{1,9}?(?:村委会|村民委员会|居委会|社区|行政村|村))"


@dataclass(frozen=True)
class Places:
    """The places of some rows: short county name, township, village; each a dictionary with one entry a row."""

    county: pa.DictionaryArray
    township: pa.DictionaryArray
    village: pa.DictionaryArray


#: Texts, and which of them stands in each row.
Told = tuple[pa.Array, pa.Array]


def places_of(sheet: Sheet, base: pa.Table, told: Mapping[str, Told]) -> Places:
    """What the places of base rows are, told from all cells that name them; each is looked up once.

    told   distinct texts of fields that were found already
    """
    at, rows = _distinct_rows(_place_texts(sheet, base, told))
    divisions = load_divisions()
    for row in rows:
        if row not in sheet.places:
            sheet.places[row] = _place(divisions, row, sheet.plan.township_hint, sheet.plan.county_name)
    read = [sheet.places[row] for row in rows]
    return Places(*(coded(pa.array([place[part] for place in read], pa.string()), at) for part in range(3)))


def _told(base: pa.Table, told: Mapping[str, Told], name: str) -> Told:
    if name in told:
        return told[name]
    texts = whole(base[f"t_{name}"]).dictionary_encode()
    return texts.dictionary, texts.indices


def _distinct_rows(columns: list[Told]) -> tuple[pa.Array, list[tuple[str | None, ...]]]:
    """Each row's place among the distinct rows, and these."""
    if prod(len(texts) + 1 for texts, _ in columns) > _MOST_ROWS:
        columns = [_with_used_texts(*column) for column in columns]
    number: pa.Array = pa.repeat(pa.scalar(0, pa.int64()), len(columns[0][1]))
    for texts, at in columns:
        # 0 stands for blank
        place = pc.fill_null(pc.add(at.cast(pa.int64()), 1), 0)
        number = pc.add(pc.multiply(number, len(texts) + 1), place)
    found = number.dictionary_encode()
    rest, words = found.dictionary, []
    for texts, _ in reversed(columns):
        above = pc.divide(rest, len(texts) + 1)
        place = pc.subtract(rest, pc.multiply(above, len(texts) + 1))
        words.append(texts.take(pc.if_else(pc.equal(place, 0), None, pc.subtract(place, 1))).to_pylist())
        rest = above
    return found.indices, list(zip(*reversed(words), strict=True))


#: So many different rows can be told apart by one number.
_MOST_ROWS = 2**62


def _with_used_texts(texts: pa.Array, at: pa.Array) -> Told:
    used = at.dictionary_encode()
    return texts.take(used.dictionary), used.indices


_NO_PLACE = frozenset({"", "-", "--", "—", "——", "/", "无", "不详"})


def _said(text: str | None) -> str | None:
    """A place cell's text, None where it says nothing."""
    if text is None or text.strip() in _NO_PLACE:
        return None
    return redact(" ".join(text.split()))


def _place(
    divisions: Divisions, row: tuple[str | None, ...], hint: str | None, said: str | None
) -> tuple[str | None, str | None, str | None]:
    """(county, township, village) of places as written; unknown ones in one spelling."""
    county_text, chain, township_text, village_text = (_said(text) for text in row)
    county = divisions.find_county(county_text) or divisions.find_county(chain) or divisions.county_in(township_text)
    if (county or said or divisions.home.short_name) != divisions.home.short_name:
        return county, township_text, village_text  # another county's places are not in our tables
    found = divisions.find_township(township_text)
    township = found.name if found else township_text
    if township is None and chain is not None:
        township, behind = _in_chain(divisions, chain)
        village_text = village_text or behind
    village = divisions.find_village(village_text, township or hint)
    if village is not None:
        return county, township or village.township, village.name
    if village_text is None:
        return county, township, None
    return county, township, divisions.unlisted_village(village_text, township or hint)


def _in_chain(divisions: Divisions, chain: str) -> tuple[str | None, str | None]:
    """Township and village of 河南省商丘市夏邑县城关镇王楼村; (None, None) where the chain ends before them."""
    village = divisions.find_village(chain, None)
    if village is not None:
        return village.township, village.name
    found = divisions.find_township(chain)
    if found is not None:
        return found.name, None
    parts = re.match(r"^(.*?(?:镇|乡|街道(?:办事处)?|农贸区))(.*)$", re.sub(r"[\s/\-－—·,，]+", "", chain))
    if parts is None:
        return None, None
    unit = divisions.find_township(parts[1])
    name = unit.name if unit else re.sub(r"^.*(?:县|市|区)(?=.{2,})", "", parts[1])
    return name, parts[2] or None


# ---- damaged heads


def _heads(sheet: Sheet, facts: Facts, today: date) -> None:
    """Names of heads with damaged numbers, so that all rows of a household give them the same pseudonym."""
    needed = {"head_id", "id_no", "name"}
    if sheet.dataset.id not in MEMBER_DATASETS or not needed <= set(sheet.sources) or "head_name" in sheet.sources:
        return
    reading = read_id(cell_of("head_id"), today)
    sql = layered(f"SELECT DISTINCT {ident('t_head_id')}, {ident('k_head_id')} FROM {_base(sheet)}", reading)
    damaged = f"SELECT {ident('t_head_id')} FROM ({sql}) WHERE NOT {reading.columns['is_valid']}"
    rows = sheet.con.execute(f"""
        SELECT {ident("t_id_no")}, min({ident("t_name")}) FROM {_base(sheet)}
        WHERE {ident("t_name")} IS NOT NULL AND {ident("t_id_no")} IN ({damaged})
        GROUP BY ALL
    """).fetchall()
    facts.heads = {number: normal_name(name) for number, name in rows}
