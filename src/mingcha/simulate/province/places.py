"""Where the people of the province live: its real counties, with townships and villages made up within each."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from importlib.resources import files

import duckdb

from mingcha.simulate.model.names import SURNAMES

_TOWNSHIPS = [
    "城关镇",
    "东关街道",
    "西岗镇",
    "南岭乡",
    "北湖镇",
    "大王店镇",
    "柳河镇",
    "石桥镇",
    "双庙乡",
    "马集镇",
    "杨楼乡",
    "青龙镇",
    "白沙乡",
    "三官庙镇",
    "五里河乡",
    "桃园镇",
    "黄岗乡",
    "安平镇",
    "永兴镇",
    "太平乡",
    "高庙镇",
    "牛屯乡",
    "观音堂镇",
    "槐店乡",
]
_ENDINGS = ["庄", "楼", "营", "寨", "集", "店", "屯", "湾", "桥", "堂", "河", "岗", "坡", "洼", "铺", "口"]
#: another province's counties, whose rolls lie beside ours: (short name, file's county, code of its numbers)
NEIGHBOURS = (("砀山", "安徽省砀山县", "341321"), ("单县", "山东省单县", "371722"), ("魏县", "河北省魏县", "130434"))


@dataclass(frozen=True)
class County:
    """A county. index counts from 0; name as offices write it: 夏邑县."""

    index: int
    code: str
    name: str
    city: str


def load_counties() -> list[County]:
    """The province's counties in the order of their codes, without the zones that only statistics know."""
    text = files("mingcha.values").joinpath("data", "henan_counties.csv").read_text(encoding="utf-8-sig")
    rows = [row for row in csv.DictReader(text.splitlines()) if row["level"] == "county" and row["stat_only"] == "0"]
    rows.sort(key=lambda row: row["code"])
    return [County(index, row["code"][:6], row["name"], row["parent_name"]) for index, row in enumerate(rows)]


def neighbour_of(county: County) -> tuple[str, str]:
    """(short name, written name) of the other province's county whose roll lies beside a county's own."""
    short, written, _ = NEIGHBOURS[county.index % len(NEIGHBOURS)]
    return short, written


def make_villages(con: duckdb.DuckDBPyConnection, county: County, residents: int) -> int:
    """Table ``village`` (village_no, township, village, is_urban) of a county; how many there are."""
    count = max(6, residents // 2000)
    townships = max(2, min(len(_TOWNSHIPS), count // 18))
    short = county.name[:-1] if len(county.name) > 2 else county.name
    rows: list[tuple[int, str, str, bool]] = []
    for number in range(count):
        order = number * townships // count
        place = number - -(-order * count // townships)
        township = f"{short}{_TOWNSHIPS[order]}"
        is_urban = order < 2 and place % 3 == 0
        surname = SURNAMES[(place * 7 + order * 13 + county.index * 29) % 150][0]
        ending = _ENDINGS[(place + place // 16 + order) % len(_ENDINGS)]
        rows.append((number, township, f"{surname}{ending}{'居委会' if is_urban else '村'}", is_urban))
    values = ", ".join(f"({number}, '{township}', '{village}', {urban})" for number, township, village, urban in rows)
    con.execute(f"""
        CREATE OR REPLACE TEMP TABLE village AS
        FROM (VALUES {values}) AS t (village_no, township, village, is_urban)
    """)
    return count
