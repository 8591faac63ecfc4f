"""Places: the home county's townships and villages, Henan's counties, and how offices write them.

Statistics know 24 townships; local units beside them (郭庄农贸区) have codes of our own. A place that is not found
stays as its writer wrote it: another county has other townships. A village is known only with its township (53 names
occur in several).
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

HOME_COUNTY = "411426"

_COUNTY_SUFFIX = re.compile(r"(回族区|区|县|市|旗)$")
_TOWNSHIP_SUFFIXES = ("镇", "乡", "街道", "街道办事处", "街道办", "办事处", "")
_OFFICES = (
    "",
    "人民政府",
    "政府",
    "民政所",
    "民政办",
    "民政站",
    "便民服务中心",
    "党政办",
    "社会事务办",
    "社会事务办公室",
)
_VILLAGE_SUFFIXES = (
    "",
    "村",
    "村委",
    "村委会",
    "村民委员会",
    "村村委会",
    "行政村",
    "居委",
    "居委会",
    "居民委员会",
    "社区",
    "社区居委会",
    "社区居民委员会",
    "社区村委会",
)
# 县/市/区 at the end of a word that names no county
_NO_COUNTY = re.compile(
    r"(^[新老主旧东西南北本]?城区|^[东西南北高]?新区|社区|小区|市区|郊区|辖区|地区|校区|院区|园区|景区|矿区|牧区|山区|库区|"
    r"农贸区|开发区|示范区|高新区|集聚区|实验区|"
    r"[全各我本该外邻跨由县市区]县|[全各我本该外跨城县]市|[全各我本该外跨县市]区)$"
)
# longest first: the endings of a village or neighbourhood, and the one our tables use
_USUAL_ENDINGS = (
    ("社区居民委员会", "居委会"),
    ("社区居委会", "居委会"),
    ("居民委员会", "居委会"),
    ("居委会", "居委会"),
    ("居委", "居委会"),
    ("社区", "居委会"),
    ("村村民委员会", "村"),
    ("村民委员会", "村"),
    ("村村委会", "村"),
    ("行政村", "村"),
    ("村委会", "村"),
    ("村委", "村"),
    ("村", "村"),
)
_GENERIC_COUNTY = re.compile(r"^([一-龥]{1,6}?)(自治县|县|市|区|旗)")
# what stands before the county in a title: dates, brackets, 附件1, 表2
_DATES_IN_FRONT = re.compile(r"^[\d年月日份度第一二三四上下半季()【】《》\[\]“”\"附件表]+")
# 永城低保, 民权农村特困: a county without its 县 or 市, known by what follows
_BARE_COUNTY = re.compile(
    r"^([一-龥]{2,3}?)(?=(?:农村|城市|城镇|城乡|低保|最低生活|特困|五保|民政|社会救助|临时救助|残疾|救助|[\d(_]|$))"
)
_CITY_IN_FRONT = re.compile(r"^[一-龥]{2,5}?(?:市|地区|盟|自治州)(?=[一-龥]{1,5}(?:县|市|区|旗))")
_NOT_TEXT = re.compile(r"[\s·.,，、:：/\-—_]+")


@dataclass(frozen=True)
class Township:
    """A township (乡镇) or local unit. code: 9 places, or a local one; name 城关镇; short_name 城关."""

    code: str
    name: str
    short_name: str
    kind: str


@dataclass(frozen=True)
class Village:
    """A village (村、居). code: 12 places; name as displayed (王楼村, 滨湖路居委会); township: its township's name."""

    code: str
    name: str
    short_name: str
    kind: str
    township: str


@dataclass(frozen=True)
class County:
    """A county or city row. short_name: 永城; 睢县 keeps its 县."""

    code: str
    name: str
    short_name: str
    city: str


def plain_place(text: str) -> str:
    """A place as it is compared: NFKC, without blanks and separators.

    >>> plain_place(" 夏邑县 － 城关镇 ")
    '夏邑县城关镇'
    """
    return _NOT_TEXT.sub("", unicodedata.normalize("NFKC", text))


def short_county(name: str) -> str:
    """County name without 县/市/区 where two characters or more are left.

    >>> short_county("永城市"), short_county("睢县"), short_county("管城回族区")
    ('永城', '睢县', '管城')
    """
    short = _COUNTY_SUFFIX.sub("", name)
    return short if len(short) >= 2 else name


class Divisions:
    """Lookups over the packaged tables. All accept a place as written, with or without what stands in front of it."""

    def __init__(self) -> None:
        rows = _table("xiayi_divisions.csv")
        self.home = next(_county(row, row["parent_name"]) for row in rows if row["level"] == "county")
        units = [_township(row) for row in rows if row["level"] == "township"]
        local = [_township(row) for row in _table("local_units.csv")]
        self.townships: tuple[Township, ...] = (*units, *local)
        self.villages: tuple[Village, ...] = tuple(_village(row) for row in rows if row["level"] == "village")
        self._by_name = {unit.name: unit for unit in self.townships}
        self.villages_of: Mapping[str, tuple[Village, ...]] = {
            unit.name: tuple(village for village in self.villages if village.township == unit.name)
            for unit in self.townships
        }
        henan = _table("henan_counties.csv")
        self.cities: tuple[str, ...] = tuple(row["name"] for row in henan if row["level"] == "city")
        self.counties: tuple[County, ...] = tuple(
            _county(row, row["parent_name"]) for row in henan if row["level"] == "county"
        )
        self._county_by_code = {county.code: county for county in self.counties}
        self._county_by_name = {county.name: county for county in self.counties}
        self._county_by_short = {county.short_name: county for county in self.counties}
        self.provinces: Mapping[str, str] = {row["code"]: row["name"] for row in _table("provinces.csv")}
        self.old_prefixes: Mapping[str, str] = {
            row["old_code"]: row["new_code"] for row in _table("shangqiu_id_prefixes.csv")
        }
        self._province_in_front = re.compile(
            "^(?:" + "|".join(sorted({*self.provinces.values(), "河南"}, key=len, reverse=True)) + ")"
        )
        home_names = (self.home.name, self.home.short_name)
        self._home_in_front = re.compile("^(?:" + "|".join(home_names) + ")")
        self._township_written = self._spell_townships()
        self._village_written = self._spell_villages()

    # ---- townships

    def _spell_townships(self) -> dict[str, Township]:
        written: dict[str, Township] = {}
        for unit in self.townships:
            stem = unit.short_name
            for suffix in _TOWNSHIP_SUFFIXES:
                for office in _OFFICES:
                    # "城关政府" without 镇 is not written; the bare stem stands alone
                    if suffix or not office:
                        written.setdefault(f"{stem}{suffix}{office}", unit)
            for office in _OFFICES:
                written[f"{unit.name}{office}"] = unit
            written[plain_place(unit.code)] = unit
            if unit.code.isdigit():
                written[f"{unit.code}000"] = unit
        by_code = {unit.code: unit for unit in self.townships}
        for row in _table("older_names.csv"):
            written[row["written"]] = by_code[row["code"]]
        return written

    def find_township(self, text: str | None) -> Township | None:
        """The township a text names, or None: a part of another county is none of ours.

        >>> load_divisions().find_township("河南省商丘市夏邑县城关镇").name
        '城关镇'
        >>> load_divisions().find_township("北镇乡").name, load_divisions().find_township("永城市城关镇")
        ('北岭镇', None)
        """
        if not text:
            return None
        return self._township_written.get(self._without_home(plain_place(text)))

    def _without_home(self, text: str) -> str:
        """Drops 河南省商丘市夏邑县 in front, as much of it as is there, where something is left."""
        rest = self._province_in_front.sub("", text)
        rest = rest.removeprefix(self.home.city)
        after_home = self._home_in_front.sub("", rest)
        return after_home or rest or text

    def township_spellings(self) -> dict[str, str]:
        """Written (NFKC, no blanks) → name, for set-based joins; with and without the county in front."""
        fronts = ("", self.home.name, f"{self.home.city}{self.home.name}", f"河南省{self.home.city}{self.home.name}")
        return {f"{front}{word}": unit.name for front in fronts for word, unit in self._township_written.items()}

    # ---- villages

    def _spell_villages(self) -> dict[str, dict[str, Village]]:
        written: dict[str, dict[str, Village]] = {}
        for unit in self.townships:
            own = self.villages_of[unit.name]
            words = {village.name: village for village in own} | {village.short_name: village for village in own}
            for village in own:
                for suffix in _VILLAGE_SUFFIXES:
                    words.setdefault(f"{village.short_name}{suffix}", village)
                    words.setdefault(f"{village.short_name.removesuffix('村')}{suffix}", village)
                words[village.code] = village
            written[unit.name] = words
        return written

    def find_village(self, text: str | None, township: str | Township | None) -> Village | None:
        """The village a text names, given its township (or with the township in front of it).

        >>> load_divisions().find_village("夏邑县城关镇滨湖路社区", None).name
        '滨湖路居委会'
        >>> load_divisions().find_village("许楼", "桑固乡").name, load_divisions().find_village("许楼", None)
        ('许楼村', None)
        """
        if not text:
            return None
        word = plain_place(text)
        unit = township if isinstance(township, Township) else self.find_township(township)
        found = self._village_in(word, unit)
        return found if found is not None else self._village_behind_township(self._without_home(word), unit)

    def unlisted_village(self, text: str, township: str | None) -> str:
        """One spelling of a village that no table knows: without its township in front, with the usual ending.

        In a local unit none of whose villages any table lists, offices write a neighbourhood with any ending or none:
        there the ending is dropped.

        >>> load_divisions().unlisted_village("郭庄农贸区农贸市场社区", "郭庄农贸区")
        '农贸市场'
        >>> load_divisions().unlisted_village("没有的村民委员会", "桑堌乡")
        '没有的村'
        """
        word = plain_place(text)
        if township:
            word = self._without_home(word)
            word = word.removeprefix(township) or word
        is_local = not self.villages_of.get(township or "", (None,))
        for ending, usual in _USUAL_ENDINGS:
            short = word.removesuffix(ending)
            if short != word and len(short) > 1:
                return short if is_local else short + usual
        return word or text

    def _village_in(self, word: str, unit: Township | None) -> Village | None:
        if unit is not None:
            return self._village_written[unit.name].get(word)
        if len(word) == 12 and word.isdigit():
            owner = self._township_written.get(word[:9])
            return self._village_written[owner.name].get(word) if owner else None
        return None

    def _village_behind_township(self, word: str, unit: Township | None) -> Village | None:
        """城关镇滨湖路, 城关滨湖路 (only where that township is already known or its 镇/乡 is written)."""
        for end in range(min(len(word) - 1, 10), 1, -1):
            owner = self._township_written.get(word[:end])
            if owner is None or (word[:end] == owner.short_name and owner != unit):
                continue
            found = self._village_written[owner.name].get(word[end:])
            if found is not None:
                return found
        return self._village_in(word, unit)

    def village_spellings(self) -> list[tuple[str, str, str]]:
        """(township name, written, village name) for set-based joins; alone and with the township in front."""
        rows: list[tuple[str, str, str]] = []
        for unit in self.townships:
            fronts = ("", unit.name, f"{self.home.name}{unit.name}")
            words = self._village_written[unit.name].items()
            rows += [(unit.name, f"{front}{word}", village.name) for front in fronts for word, village in words]
        return rows

    # ---- counties

    def find_county(self, text: str | None) -> str | None:
        """Short name of the county that a cell names (所属区县, a chain of places, a code), or None.

        >>> divisions = load_divisions()
        >>> [divisions.find_county(word) for word in ("永城市", "商丘市夏邑县", "睢县", "411481", "商丘市", "砀山县")]
        ['永城', '夏邑', '睢县', '永城', None, '砀山']
        """
        if not text:
            return None
        word = plain_place(text)
        if word.isdigit():
            found = self._county_by_code.get(word[:6])
            return found.short_name if found and len(word) in {6, 9, 12} else None
        rest = self._province_in_front.sub("", word)
        rest = self._without_city(rest)
        return self._county_at_start(rest)

    def _without_city(self, rest: str) -> str:
        for city in self.cities:
            if rest.startswith(city):
                return rest.removeprefix(city)
        return rest if self._known_at_start(rest) else _CITY_IN_FRONT.sub("", rest)

    def _known_at_start(self, rest: str) -> County | None:
        for end in range(min(len(rest), 16), 1, -1):
            found = self._county_by_name.get(rest[:end])
            if found is not None:
                return found
        return self._county_by_short.get(rest)

    def _county_at_start(self, rest: str) -> str | None:
        if not rest:
            return None
        known = self._known_at_start(rest)
        if known is not None:
            return known.short_name
        generic = _GENERIC_COUNTY.match(rest)
        if generic is None or _NO_COUNTY.search(generic.group(0)) or self.find_township(rest) is not None:
            return None
        return short_county(generic.group(0))

    def county_in(self, text: str | None) -> str | None:
        """Short name of a county inside a title, sheet name or file name.

        Henan's counties anywhere with their 县/市/区, at the beginning without; others (砀山县) only where the text,
        after dates and brackets, begins with them.

        >>> divisions = load_divisions()
        >>> divisions.county_in("2023年6月永城市农村低保对象花名册"), divisions.county_in("全县低保汇总")
        ('永城', None)
        >>> divisions.county_in("民权农村低保202306")
        '民权'
        """
        if not text:
            return None
        word = plain_place(text)
        places = [(word.find(county.name), county) for county in self.counties if county.name in word]
        if places:
            return min(places, key=lambda place: (place[0], -len(place[1].name)))[1].short_name
        rest = _DATES_IN_FRONT.sub("", word)
        rest = self._without_city(self._province_in_front.sub("", rest))
        bare = _BARE_COUNTY.match(rest)
        if bare and (known := self._county_by_short.get(bare[1])) and not known.name.endswith("区"):
            return known.short_name
        generic = re.match(r"^([一-龥]{1,4}?)(县)", rest)
        if generic is None or _NO_COUNTY.search(generic.group(0)):
            return None
        return short_county(generic.group(0))

    def knows_prefix(self, prefix: str) -> bool:
        """Whether six digits are a county code of Henan, of now or of the old 商丘地区."""
        return prefix in self._county_by_code or prefix in self.old_prefixes


def _table(name: str) -> list[dict[str, str]]:
    text = (files("mingcha.values") / "data" / name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


def _county(row: Mapping[str, str], city: str) -> County:
    return County(row["code"][:6], row["name"], short_county(row["name"]), city)


def _township(row: Mapping[str, str]) -> Township:
    code = row["code"] if row["code"].startswith("LOCAL") else row["code"][:9]
    return Township(code, row["name"], row["short_name"], row["kind"])


def _village(row: Mapping[str, str]) -> Village:
    """许楼村委会 → 许楼村; 杨集一村村委会 → 杨集一村; 滨湖路居委会 keeps its name."""
    name, short = row["name"], row["short_name"]
    if row["kind"] == "村委会":
        name = short if short.endswith("村") else f"{short}村"
    return Village(row["code"], name, short, row["kind"], row["parent_name"])


@cache
def load_divisions() -> Divisions:
    """The divisions as packaged. Read once a process."""
    return Divisions()


def names_of(places: Iterable[Township | Village]) -> list[str]:
    """Display names, in order."""
    return [place.name for place in places]
