"""A county small enough to know by heart: one finding of R01, one of R08, one of R17 (a help list).

All people are fictitious; the numbers are made here and only have to be well formed.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

from openpyxl import Workbook

TOWN, OTHER_TOWN = "城关镇", "会亭镇"
VILLAGE, OTHER_VILLAGE = "东关村", "南街村"
DEAD, DOUBLE, DISABLED = "黄试亡", "黄试双", "黄试残"
#: Files of the county, as an office would name them.
ROLL, TEKUN, DEATHS, CERTS, SUBSIDY = (
    "农村低保人员名册.xlsx",
    "特困人员名册.xlsx",
    "死亡注销人员名单.xlsx",
    "持证残疾人名册.xlsx",
    "残疾人两项补贴名册.xlsx",
)
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_SIGNS = "10X98765432"


def number(serial: int, birth: str = "19580312") -> str:
    """A well-formed identity number."""
    body = f"411426{birth}{serial:03d}"
    return body + _SIGNS[sum(int(sign) * weight for sign, weight in zip(body, _WEIGHTS, strict=True)) % 11]


def write_county(folder: Path, day: date) -> list[Path]:
    """The five files on a comparison day."""
    folder.mkdir(parents=True, exist_ok=True)
    return [
        write_roll(folder),
        _sheet(
            folder / TEKUN,
            "特困人员名册",
            ["乡镇", "村", "姓名", "身份证号", "供养方式", "生活自理能力", "合计（元）", "批准时间", "状态"],
            [
                [OTHER_TOWN, OTHER_VILLAGE, DOUBLE, number(2), "分散供养", "全自理", 700, "2021-01-01", "正常"],
                *(
                    [
                        OTHER_TOWN,
                        OTHER_VILLAGE,
                        f"黄试困{n}",
                        number(40 + n),
                        "分散供养",
                        "全自理",
                        700,
                        "2020-01-01",
                        "正常",
                    ]
                    for n in range(3)
                ),
            ],
        ),
        _sheet(
            folder / DEATHS,
            "死亡注销人员名单",
            ["姓名", "身份证号", "死亡日期", "注销日期"],
            [
                [DEAD, number(1), (day - timedelta(days=200)).isoformat(), (day - timedelta(days=190)).isoformat()],
                *([f"黄试故{n}", number(60 + n), "2022-02-03", "2022-02-09"] for n in range(3)),
            ],
        ),
        _sheet(
            folder / CERTS,
            "持证残疾人名册",
            ["乡镇", "村", "姓名", "身份证号", "残疾证号", "残疾类别", "残疾等级", "发证日期", "有效期至", "证件状态"],
            [
                [
                    *(TOWN, VILLAGE, DISABLED, number(3), f"{number(3)}43", "肢体", "三级", "2020-05-01"),
                    *((day + timedelta(days=900)).isoformat(), "有效"),
                ],
                [
                    *(TOWN, VILLAGE, "黄试补", number(80), f"{number(80)}42", "肢体", "二级", "2020-05-01"),
                    *((day + timedelta(days=900)).isoformat(), "有效"),
                ],
            ],
        ),
        write_subsidy(folder),
    ]


def write_roll(folder: Path, *, without: Sequence[str] = ()) -> Path:
    """The dibao roll; without: names that were taken off it."""
    folder.mkdir(parents=True, exist_ok=True)
    people = [
        (TOWN, VILLAGE, DEAD, 1),
        (OTHER_TOWN, OTHER_VILLAGE, DOUBLE, 2),
        (TOWN, VILLAGE, DISABLED, 3),
        (TOWN, VILLAGE, "黄试补", 80),
        *((TOWN, VILLAGE, f"黄试安{n}", 20 + n) for n in range(5)),
    ]
    rows = [
        [town, village, name, number(serial), name, number(serial), "本人", 320, "2021-03-01", "正常", "是"]
        for town, village, name, serial in people
        if name not in without
    ]
    headers = ["乡镇", "村", "户主姓名", "户主身份证号", "姓名", "身份证号", "与户主关系", "户月保障金额（元）"]
    return _sheet(folder / ROLL, "农村低保人员名册", [*headers, "批准时间", "人员状态", "是否保障对象"], rows)


def write_subsidy(folder: Path, more: Sequence[str] = ()) -> Path:
    """The roll of disability subsidies; more: names that were taken on."""
    numbers = {"黄试补": 80, DISABLED: 3}
    rows = [
        [
            TOWN,
            VILLAGE,
            name,
            number(numbers[name]),
            f"{number(numbers[name])}43",
            "肢体",
            "三级",
            "困难残疾人生活补贴",
            60,
        ]
        for name in ("黄试补", *more)
    ]
    headers = ["乡镇", "村", "姓名", "身份证号", "残疾证号", "残疾类别", "残疾等级", "补贴类型", "补贴金额", "状态"]
    return _sheet(folder / SUBSIDY, "残疾人两项补贴名册", headers, [[*row, "正常"] for row in rows])


def _sheet(path: Path, title: str, headers: Sequence[str], rows: Sequence[Sequence[object]]) -> Path:
    book = Workbook()
    sheet = book.active
    sheet.title = title
    sheet.append([title])
    sheet.append(list(headers))
    for row in rows:
        sheet.append(list(row))
    book.save(path)
    return path
