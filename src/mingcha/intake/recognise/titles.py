"""What titles, sheet names, file and folder names say: dataset, month, county, township, and constants."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from mingcha.intake.model import RawSheet
from mingcha.intake.recognise.layout import TableLayout
from mingcha.values.divisions import Divisions, Township
from mingcha.values.yamls import load_yaml

#: How far each source is believed: the title above the table first, the folder least.
TITLE, META, SHEET, FILE, FOLDER = 1.0, 0.95, 0.85, 0.75, 0.45

_DOC_NUMBER = re.compile(r"[一-龥]{1,8}[〔\[【(（][12]\d{3}[〕\]】)）]\s*\d+\s*号|[〔\[][12]\d{3}[〕\]]\s*\d*号?")
_ISSUED = re.compile(
    r"(?:填报|填表|制表|打印|导出|查询|报送|生成|上报|编制|录入|下载|公示)(?:日期|时间|起止)?\s*[:：]?|^(?:日期|时间)\s*[:：]"
)
_YEAR = r"(?P<year>(?:19|20)\d{2})"
_YEAR_MONTH = re.compile(
    rf"{_YEAR}\s*[年.\-/_]\s*(?P<month>1[0-2]|0?[1-9])(?!\d)(?!\s*[-—~至]\s*\d{{1,2}}月)"
    r"|(?<!\d)(?P<y2>(?:19|20)\d{2})(?P<m2>0[1-9]|1[0-2])(?:[0-3]\d)?(?!\d)"
)
_CN_YEAR = re.compile(r"二[〇○零0]([〇○零一二三四五六七八九])([〇○零一二三四五六七八九])年")
_CN_DIGITS = {char: str(value) for value, char in enumerate("〇一二三四五六七八九")} | {"○": "0", "零": "0"}
_CN_MONTHS = ("一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二")
_QUARTER = re.compile(r"(?:第)?\s*([一二三四1-4])\s*季度")
_MONTH = re.compile(
    r"(?<![\d.\-/])(1[0-2]|0?[1-9])\s*月(?:份|底|末)?|(?<![一二三四五六七八九十])(十[一二]?|[一二三四五六七八九])月份?"
)
_SPAN = re.compile(r"(1[0-2]|0?[1-9])\s*(?:月)?\s*[-—~－至到]\s*(1[0-2]|0?[1-9])\s*月")
_YEAR_ONLY = re.compile(r"(?<!\d)((?:19|20)\d{2})(?:\s*年(?:度)?|(?!\d))")
_DEFAULT_SHEET = re.compile(r"^(?:sheet|工作表|表|sheet_?)\s*\d*$", re.IGNORECASE)
_TOWNSHIP = re.compile(r"(?<![一-龥])([一-龥]{2,4}?(?:镇|乡|街道))(?![一-龥]*(?:镇|乡)民)")
_NO_TOWNSHIP = re.compile(r"^(?:[全各本我该外跨]|.*乡镇|城镇|.*城乡|.*下乡|.*返乡|.*家乡|.*同乡|.*[县市区村和及与])")


@dataclass(frozen=True)
class Source:
    """One text and how far it is believed. kind: title, meta, sheet, file, folder."""

    kind: str
    text: str
    weight: float


@dataclass(frozen=True)
class Said:
    """What the sources say beyond the dataset.

    roll_month    YYYY-MM; a quarter's first month
    period        the period's raw text, e.g. 2023年6月, 2023年第二季度
    """

    roll_month: str | None
    period: str | None
    county: str | None
    township: Township | str | None
    village: str | None


def plain(text: str) -> str:
    """NFKC without blanks.

    >>> plain("２０２３年 ６月")
    '2023年6月'
    """
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))


def sources_of(raw: RawSheet, layout: TableLayout) -> tuple[Source, ...]:
    """Texts around a table, most believed first."""
    found = [Source("title", plain(text), TITLE) for text in reversed(layout.titles)]
    found += [Source("meta", plain(text), META) for text in layout.metas]
    if raw.sheet.strip() and not _DEFAULT_SHEET.match(raw.sheet.strip()):
        found.append(Source("sheet", plain(raw.sheet), SHEET))
    *folders, name = raw.file.split("/")
    stem = name.rsplit(".", 1)[0] if "." in name else name
    found.append(Source("file", plain(stem), FILE))
    found += [Source("folder", plain(text), FOLDER) for text in reversed(folders)]
    return tuple(found)


# ---- dataset words


@dataclass(frozen=True)
class Signs:
    """How one dataset shows; see data/signs.yaml."""

    title: tuple[tuple[re.Pattern[str], float], ...]
    not_title: re.Pattern[str] | None
    need: tuple[tuple[str, ...], ...]
    own: frozenset[str]
    against: re.Pattern[str] | None


@cache
def load_signs() -> Mapping[str, Signs]:
    """Signs of all datasets, by id."""
    text = (files("mingcha.intake.recognise") / "data" / "signs.yaml").read_text(encoding="utf-8")
    return {name: _signs(raw) for name, raw in load_yaml(text).items()}


def _signs(raw: Mapping[str, Any]) -> Signs:
    return Signs(
        title=tuple((re.compile(pattern), float(weight)) for pattern, weight in raw["title"]),
        not_title=re.compile(raw["not_title"]) if "not_title" in raw else None,
        need=tuple(tuple(group) for group in raw["need"]),
        own=frozenset(raw["own"]),
        against=re.compile(raw["against"]) if "against" in raw else None,
    )


#: A word that speaks against a dataset takes away this share of what its own words say.
AGAINST_SHARE = 0.55


def title_score(signs: Signs, sources: Sequence[Source]) -> float:
    """How strongly the texts around a table name this dataset, 0–1.2: the best of title, sheet, file, folder."""
    best = 0.0
    for source in sources:
        if source.kind == "meta":
            continue
        weight = max((weight for pattern, weight in signs.title if pattern.search(source.text)), default=0.0)
        if weight and signs.not_title is not None and signs.not_title.search(source.text):
            weight *= 1 - AGAINST_SHARE
        best = max(best, weight * source.weight)
    return best


# ---- months


@dataclass(frozen=True)
class _When:
    year: int | None
    month: int | None
    quarter: int | None
    is_span: bool = False


def _chinese_year(text: str) -> str:
    return _CN_YEAR.sub(lambda found: f"20{_CN_DIGITS[found[1]]}{_CN_DIGITS[found[2]]}年", text)


def when(text: str) -> _When:
    """Year, month and quarter that a text speaks of; document numbers and dates of issue are left out.

    >>> when("夏民办〔2023〕14号 截至2023年6月30日低保名册")
    _When(year=2023, month=6, quarter=None, is_span=False)
    >>> when("2023年第二季度").quarter, when("6月份").month, when("202306发放").year
    (2, 6, 2023)
    """
    text = _chinese_year(_DOC_NUMBER.sub("", text))
    quarter = _QUARTER.search(text)
    year_only = _YEAR_ONLY.search(text)
    year = int(year_only[1]) if year_only else None
    if quarter:
        return _When(year, None, "一二三四1234".index(quarter[1]) % 4 + 1)
    span = _SPAN.search(text)
    if span:  # a list of several months stands as it was at their end
        return _When(year, int(span[2]), None, is_span=True)
    both = _YEAR_MONTH.search(text)
    if both:
        return _When(int(both["year"] or both["y2"]), int(both["month"] or both["m2"]), None)
    month = _MONTH.search(text)
    if month:
        value = int(month[1]) if month[1] else _CN_MONTHS.index(month[2]) + 1
        return _When(year, value, None)
    return _When(year, None, None)


def month_of(sources: Sequence[Source]) -> tuple[str | None, str | None]:
    """(YYYY-MM, raw period) that the sources speak of; a year may come from a source other than the month's."""
    ordered = [source for source in sources if not _ISSUED.search(source.text)]
    found = [when(source.text) for source in ordered]
    issue = [when(source.text) for source in sources if _ISSUED.search(source.text)]
    told = next((item for item in found if item.month or item.quarter), None)
    if told is None:
        told = next((item for item in issue if item.month), None)
    if told is None:
        return None, None
    year = told.year or next((item.year for item in (*found, *issue) if item.year), None)
    if year is None:
        return None, None
    if told.quarter:
        return f"{year}-{told.quarter * 3 - 2:02d}", f"{year}年第{'一二三四'[told.quarter - 1]}季度"
    return f"{year}-{told.month:02d}", None if told.is_span else f"{year}年{told.month}月"


def year_of(sources: Sequence[Source]) -> int | None:
    """The year the sources speak of."""
    years = [when(source.text).year for source in sources]
    return next((year for year in years if year), None)


_FULL_DATE = re.compile(r"((?:19|20)\d{2})[年.\-/](1[0-2]|0?[1-9])[月.\-/]([0-3]?\d)日?")


def date_in(sources: Sequence[Source], words: str) -> str | None:
    """A full date beside one of the words (regex), else None.

    >>> date_in([Source("meta", "入户日期:2023年6月15日", 1.0)], "入户|核查")
    '2023年6月15日'
    """
    for source in sources:
        text = _DOC_NUMBER.sub("", source.text)
        if re.search(words, text) and (found := _FULL_DATE.search(text)):
            return f"{found[1]}年{int(found[2])}月{int(found[3])}日"
    return None


# ---- places


def places_in(sources: Iterable[Source], divisions: Divisions) -> tuple[str | None, Township | str | None, str | None]:
    """(county, township, village) that the sources name; each from the source most believed that names one."""
    county: str | None = None
    township: Township | str | None = None
    for source in sources:
        county = county or divisions.county_in(source.text) or _county_alone(source, divisions)
        township = township or _township_in(source.text, divisions)
    village = next((found for source in sources if (found := _village_in(source, township, divisions))), None)
    if county is not None and county != divisions.home.short_name and isinstance(township, Township):
        township = township.name if _names_only(sources, township) else None
        village = None
    return county, township, village


def _county_alone(source: Source, divisions: Divisions) -> str | None:
    """A sheet, file or folder named 永城 or 永城低保: only names of Henan, only at its beginning."""
    if source.kind not in {"sheet", "folder"}:
        return None
    return divisions.find_county(source.text) if len(source.text) <= 4 else None


def _names_only(sources: Iterable[Source], township: Township) -> bool:
    return any(township.name in source.text for source in sources)


def _township_in(text: str, divisions: Divisions) -> Township | str | None:
    """A township inside a text: ours by name, one of another county by its 镇, 乡 or 街道."""
    whole = divisions.find_township(text)
    if whole is not None:
        return whole
    found = [unit for unit in divisions.townships if unit.name in text]
    if found:
        return max(found, key=lambda unit: len(unit.name))
    for word in re.findall(r"[一-龥]+", text):
        rest = re.sub(r"^(?:年度?)?(?:月份?)?(?:[一-龥]{2,4}省)?(?:[一-龥]{2,4}市)?(?:[一-龥]{1,4}[县区])?", "", word)
        match = re.match(r"([一-龥]{2,4}?(?:镇|乡|街道))", rest)
        if match and not _NO_TOWNSHIP.match(match[1]):
            return divisions.find_township(match[1]) or match[1]
    return None


_VILLAGE_SHEET = re.compile(r"^[一-龥]{2,6}(?:村|社区|居委会|村委会)$")


def _village_in(source: Source, township: Township | str | None, divisions: Divisions) -> str | None:
    """The village a text names within its township; a sheet named 张村 names one that is in no table too."""
    text = source.text
    if isinstance(township, Township):
        whole = divisions.find_village(text, township)
        if whole is not None:
            return whole.name
        rest = text.split(township.name, 1)[-1]
        named = [place for place in divisions.villages_of[township.name] if rest.startswith(place.name)]
        if named:
            return max(named, key=lambda place: len(place.name)).name
    return text if source.kind == "sheet" and _VILLAGE_SHEET.match(text) else None


def said_by(sources: Sequence[Source], divisions: Divisions) -> Said:
    """Everything the sources say."""
    roll_month, period = month_of(sources)
    county, township, village = places_in([source for source in sources if source.kind != "meta"], divisions)
    if county is None or township is None:
        meta = [source for source in sources if source.kind == "meta"]
        meta_county, meta_township, _ = places_in(meta, divisions)
        county, township = county or meta_county, township or meta_township
    return Said(roll_month, period, county, township, village)
