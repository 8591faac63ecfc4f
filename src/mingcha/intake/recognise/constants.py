"""Values that title, sheet, file or folder give to all rows of a table (``from_title`` fields), as raw text.

Conversion reads them as it reads cells; a row's own value comes first.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from mingcha.datasets import Catalogue, Dataset, Field
from mingcha.intake.recognise.titles import Said, Source, date_in, year_of
from mingcha.intake.recognise.wide import projects_in
from mingcha.values.divisions import Township

# 永城市, 项城市 and other places named …城市 say nothing about the area
_NO_CITY_NAME = r"(?<![永项宣盐聊运晋长阿邹诸禹韩海都防塔白鹿应增丰])"
_AREA = (
    (re.compile(r"农村(?!信用|商业)|农低"), "农村低保"),
    (re.compile(rf"{_NO_CITY_NAME}城市|城镇(?!乡)|城低"), "城市低保"),
)
_BOTH_AREAS = re.compile(rf"城乡|{_NO_CITY_NAME}城市.{{0,2}}农村|农村.{{0,2}}城市|城镇.{{0,2}}农村")
_PROGRAM = (
    (re.compile(r"低保边缘|边缘户|边缘家庭|支出型|刚性支出|低收入"), "低保边缘"),
    (re.compile(r"临时救助|急难"), "临时救助"),
    (re.compile(r"特困|五保"), "特困"),
    (re.compile(r"孤儿|无人抚养|困境儿童"), "孤儿"),
    (re.compile(r"两项补贴|残疾人"), "残疾人两项补贴"),
    (re.compile(r"高龄"), "高龄津贴"),
    (re.compile(r"医疗救助"), "医疗救助"),
    (re.compile(r"低保|最低生活保障"), "低保"),
)
_LOW_INCOME = (
    (re.compile(r"低保边缘|边缘户|边缘家庭|低边"), "低保边缘"),
    (re.compile(r"支出型|刚性支出"), "刚性支出困难"),
    (re.compile(r"监测对象"), "防止返贫监测对象"),
    (re.compile(r"其他低收入|低收入(?!人口)"), "其他低收入"),
)
_SUBSIDY = (
    (re.compile(r"护理补贴|重度残疾人"), "重度残疾人护理补贴"),
    (re.compile(r"生活补贴|困难残疾人"), "困难残疾人生活补贴"),
)
_BATCH = re.compile(r"第?[一二三四五六七八九十\d]+批次?|\d+号批次")
_ORGANISATION = re.compile(
    r"[一-龥]{2,20}(?:局|委员会|办公室|中心|学校|小学|中学|医院|卫生院|政府|法院|检察院|银行|站|所|院|办|馆|队)$"
)
_UNIT_META = re.compile(
    r"(?:填报单位|填表单位|报送单位|编制单位|制表单位|单位名称|单位)(?:\([^)]*\))?[:：];?([^\s:：;]{2,30})"
)
_MONEY_UNITS = re.compile(r"^(?:人民币)?(?:元|万元|人|户|人、?元|元、?人)")
#: Sheets that say the unit of their amounts in a meta row.
_TEN_THOUSANDS = re.compile(r"(?:单位|金额单位|计量单位)(?:\([^)]*\))?[:：][^。]{0,8}万元")


#: 分散供养对象花名册 says the mode of support, though the catalogue does not expect it there.
_FROM_TITLE_TOO = frozenset({"support_mode"})


def sheet_factor(sources: Sequence[Source]) -> int:
    """10000 where a meta row or title says 单位：万元, else 1."""
    texts = [source.text for source in sources if source.kind in {"meta", "title", "sheet"}]
    return 10000 if any(_TEN_THOUSANDS.search(text) or "(万元)" in text for text in texts) else 1


def constants_of(
    dataset: Dataset, mapped: frozenset[str], sources: Sequence[Source], said: Said, catalogue: Catalogue
) -> dict[str, str]:
    """field id → raw text for the dataset's from_title fields that the sources name.

    mapped   fields that have a column; place and enum constants are given beside them too (used where the row is blank)
    """
    found: dict[str, str] = {}
    for field in dataset.fields.values():
        if not field.from_title and field.id not in _FROM_TITLE_TOO:
            continue
        value = _place(field, said) or _special(dataset, field, sources, said, mapped)
        if value is None and field.codes and not _is_special(field):
            value = _code_word(field, sources, catalogue)
        if value is not None:
            found[field.id] = value
    return found


def _place(field: Field, said: Said) -> str | None:
    if field.id == "county":
        return said.county
    if field.id == "township":
        return said.township.name if isinstance(said.township, Township) else said.township
    if field.id == "village":
        return said.village
    return None


def _special(
    dataset: Dataset, field: Field, sources: Sequence[Source], said: Said, mapped: frozenset[str]
) -> str | None:
    if field.codes == "urban_rural":
        return area_in(sources)
    if field.codes == "assist_program":
        return _first(_PROGRAM, sources)
    if field.type == "date":
        return _date(field, sources, said)
    if field.id == "subsidy_type":
        return _subsidy(sources, mapped)
    reader = _READERS.get(field.id)
    return reader(sources, said) if reader else None


def _is_special(field: Field) -> bool:
    own = field.id in _READERS or field.id == "subsidy_type" or field.type == "date"
    return own or field.codes in {"urban_rural", "assist_program"}


def area_in(sources: Sequence[Source]) -> str | None:
    """城市低保 or 农村低保, from the first source that names one and not both."""
    for source in sources:
        if source.kind == "meta" or _BOTH_AREAS.search(source.text):
            continue
        words = [word for pattern, word in _AREA if pattern.search(source.text)]
        if len(words) == 1:
            return words[0]
    return None


def _first(words: Sequence[tuple[re.Pattern[str], str]], sources: Sequence[Source]) -> str | None:
    for source in sources:
        for pattern, word in words:
            if source.kind != "meta" and pattern.search(source.text):
                return word
    return None


def _project(sources: Sequence[Source]) -> str | None:
    for source in sources:
        if source.kind == "meta" and not re.search(r"项目|资金|补贴", source.text):
            continue
        words = projects_in(source.text)
        if len(words) == 1:  # of two projects the row or the column must say which
            return words[0]
    return None


def _subsidy(sources: Sequence[Source], mapped: frozenset[str]) -> str | None:
    for source in sources:
        words = [word for pattern, word in _SUBSIDY if pattern.search(source.text)]
        if len(words) == 1:
            return words[0]
    if {"living_amount", "care_amount"} & mapped or "subsidy_type" in mapped:
        return None
    both = any(re.search(r"两项补贴|两补", source.text) for source in sources)
    return "两项" if both else None


_DATE_WORDS = {
    "from_on": r"执行|起|实施|公示|施行",
    "visit_on": r"入户|核查|调查|走访|抽查|日期|时间",
    "issued_on": r"下发|印发|交办|预警|日期|时间",
}


def _date(field: Field, sources: Sequence[Source], said: Said) -> str | None:
    """A day beside a telling word, a day in the title, else the month the sheet speaks of."""
    found = date_in(sources, _DATE_WORDS.get(field.id, r".")) or date_in(
        [source for source in sources if source.kind in {"title", "sheet", "file"}], r"."
    )
    if found is not None:
        return found
    if said.period is not None:
        return said.period
    year = year_of(sources)
    return f"{year}年" if year and field.id == "from_on" else None


def _match(pattern: re.Pattern[str], sources: Sequence[Source]) -> str | None:
    return next((found[0] for source in sources if (found := pattern.search(source.text))), None)


def _unit(sources: Sequence[Source]) -> str | None:
    """The office of a staff list: a meta row (not 单位：元), a sheet or file named for it."""
    for source in sources:
        meta = _UNIT_META.search(source.text)
        if meta and not _MONEY_UNITS.match(meta[1]):
            return meta[1]
    for source in sources:
        if source.kind in {"sheet", "file"} and _ORGANISATION.fullmatch(source.text):
            return source.text
    return None


_WARNING = re.compile(r"([一-龥]{2,20}?)(?:预警|疑点|比对结果|风险提示)")


def _warning(sources: Sequence[Source]) -> str | None:
    for source in sources:
        found = _WARNING.search(source.text)
        if found and source.kind != "meta":
            word = re.sub(r"^.*?(?:下发|反馈|推送)的?", "", found[1])
            return word if 2 <= len(word) <= 16 else source.text[:40]
    return None


def _title(sources: Sequence[Source]) -> str | None:
    return next((source.text[:80] for source in sources if source.kind == "title"), None)


def _code_word(field: Field, sources: Sequence[Source], catalogue: Catalogue) -> str | None:
    """The longest word of the field's code list in the first source that holds exactly one code of it."""
    code_list = catalogue.codes[field.codes] if field.codes else None
    if code_list is None:
        return None
    for source in sources:
        if source.kind == "meta":
            continue
        hits = {
            code.code: max((word for word in (code.label, *code.aliases) if word in source.text), key=len, default="")
            for code in code_list.values
            if code.code != "other"
        }
        # one word inside another (事实无人抚养儿童 and 儿童) counts for the longer
        words = {code: word for code, word in hits.items() if len(word) >= 2}
        longest = {
            code: word
            for code, word in words.items()
            if not any(word in other and word != other for other in words.values())
        }
        if len(longest) == 1:
            return next(iter(longest.values()))
    return None


#: Fields with readers of their own.
_READERS: Mapping[str, Callable[[Sequence[Source], Said], str | None]] = {
    "period": lambda _, said: said.period,
    "benefit_month": lambda _, said: said.period,
    "li_type": lambda sources, _: _first(_LOW_INCOME, sources),
    "project": lambda sources, _: _project(sources),
    "batch": lambda sources, _: _match(_BATCH, sources),
    "unit": lambda sources, _: _unit(sources),
    "warn_kind": lambda sources, _: _warning(sources),
    "doc": lambda sources, _: _title(sources),
}
