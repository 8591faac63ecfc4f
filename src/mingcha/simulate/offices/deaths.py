"""The dead as the funeral home and the police know them."""

from __future__ import annotations

from collections.abc import Iterator

from mingcha.simulate.offices.desk import COUNTY, Desk, columns, numbered
from mingcha.simulate.offices.untidy import spoil
from mingcha.simulate.write.books import Book
from mingcha.simulate.write.table import NumberCell, Table, Value

Row = list[Value | NumberCell]


def funerals(desk: Desk) -> Iterator[Book]:
    """The cremation register in its real column order; a few without a number."""
    rng = desk.rng("funerals")
    cols = columns(
        ("火化日期", "date"),
        ("序号", "int"),
        ("逝者姓名", "name"),
        ("性别", "text"),
        ("年龄", "int"),
        ("发票号", "text"),
        ("住址", "text"),
        ("身份证号", "id"),
        ("死亡日期", "date"),
        ("死亡原因", "text"),
        ("火化证明编号", "text"),
        ("殡仪馆", "text"),
    )
    dead = [(p, p.death) for p in desk.records.dead if p.death is not None and p.death.in_funeral]
    dead.sort(key=lambda pair: (pair[1].on, pair[0].number))
    rows: list[Row] = []
    for place, (person, death) in enumerate(dead, start=1):
        nobody = person.house.kind == "dead" and not desk.setting.clean and rng.random() < 0.03
        rows.append(
            [
                death.cremated_on,
                place,
                person.name,
                person.sex,
                person.age(death.on),
                f"F{place:06d}",
                f"{COUNTY}{person.village.township}{person.village.short}",
                None if nobody else person.number,
                death.on,
                rng.choice(("疾病", "疾病", "疾病", "年老", "意外")),
                f"XYHH{death.on.year}{place:05d}",
                f"{COUNTY}殡仪馆",
            ]
        )
    title = f"{COUNTY}殡仪馆遗体火化登记表"
    table = Table(
        "火化登记",
        title,
        cols,
        spoil(desk, "funerals", rows, 7, 2),
        f"截止日期：{desk.as_of.year}年{desk.as_of.month}月{desk.as_of.day}日",
    )
    yield desk.book("殡仪馆/遗体火化登记表.xlsx", [table], total="none")


def cancellations(desk: Desk) -> Iterator[Book]:
    """The police list of registrations cancelled for death; for some there is only the day of cancelling."""
    cols = columns(
        ("序号", "int"),
        ("姓名", "name"),
        ("公民身份号码", "id"),
        ("性别", "text"),
        ("死亡日期", "date"),
        ("注销日期", "date"),
        ("注销标识", "text"),
        ("派出所", "text"),
    )
    dead = [(p, p.death) for p in desk.records.dead if p.death is not None and p.death.in_police]
    dead.sort(key=lambda pair: (pair[1].cancelled_on or pair[1].on, pair[0].number))
    rows: list[Row] = []
    for person, death in dead:
        place = f"{person.village.township}派出所"
        rows.append([person.name, person.number, person.sex, death.police_on, death.cancelled_on, "死亡", place])
    table = Table(
        "死亡注销", f"{COUNTY}公安局死亡注销户口人员名单", cols, numbered(spoil(desk, "cancellations", rows, 1, 0))
    )
    yield desk.book("公安局/死亡注销人员名单.csv", [table], container="gbk", total="none", trailing=0, helper=False)
