"""The police register, township by township: written while the township is at hand and then forgotten."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path
from random import Random

from mingcha.simulate.model.idnumbers import old_form, wrong_check
from mingcha.simulate.model.people import House
from mingcha.simulate.model.setting import Setting
from mingcha.simulate.model.streams import stream

_CHINESE = (
    "姓名", "公民身份号码", "性别", "出生日期", "户号", "户主姓名", "户主公民身份号码", "与户主关系",
    "户籍行政区划", "户籍地址", "户籍状态", "配偶姓名", "配偶证件号码", "父亲身份证号", "母亲身份证号",
)  # fmt: skip
# the police system's own names: pinyin initials where it has them
_INITIALS = (
    "xm", "gmsfhm", "xb", "csrq", "hh", "hzxm", "户主公民身份号码", "与户主关系",
    "户籍行政区划", "hjdxz", "户籍状态", "配偶姓名", "配偶证件号码", "父亲身份证号", "母亲身份证号",
)  # fmt: skip

#: share of numbers that did not survive the export
_SHARE = 0.002


def _spoilt(number: str, rng: Random) -> str:
    """Gone, in the old fifteen places, or shown in powers of ten by a program that opened the file between."""
    draw = rng.random()
    if draw < 0.3:
        return ""
    if draw < 0.5 and int(number[6:10]) < 1999 and number[6:8] == "19":
        return old_form(number)
    return f"{float(number[:15] + '000'):.5E}" if number[17] != "X" else wrong_check(number)


def write_register(
    folder: Path, setting: Setting, township: str, houses: Sequence[House], order: int, protected: frozenset[str]
) -> Path:
    """One township's register; every other one in GB18030 under the system's own column names.

    protected: people in whose households no number may be spoilt
    """
    rng = stream(setting.seed, "register", township)
    old_system = order % 2 == 1 and not setting.clean
    buffer = io.StringIO(newline="")
    out = csv.writer(buffer, lineterminator="\r\n")
    out.writerow(_INITIALS if old_system else _CHINESE)
    for house in houses:
        head = house.members[0]
        place = f"河南省夏邑县{township}"
        address = f"{place}{house.village.short}{house.door}"
        may_spoil = not setting.clean and not any(person.number in protected for person in house.members)
        for person in house.members:
            if person.death is not None and person.death.in_police:
                continue
            birth = person.birth
            day = f"{birth.year}{birth.month:02d}{birth.day:02d}"
            out.writerow(
                (
                    person.name,
                    _spoilt(person.number, rng) if may_spoil and rng.random() < _SHARE else person.number,
                    ("1" if person.is_male else "2") if old_system else person.sex,
                    day,
                    house.number,
                    head.name,
                    head.number,
                    person.relation,
                    place,
                    address,
                    "正常",
                    person.spouse.name if person.spouse else "",
                    person.spouse.number if person.spouse else "",
                    person.father.number if person.father else "",
                    person.mother.number if person.mother else "",
                )
            )
    path = folder / "公安局" / "户籍" / f"{township}户籍人口.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(buffer.getvalue().encode("gb18030" if old_system else "utf-8-sig"))
    return path
