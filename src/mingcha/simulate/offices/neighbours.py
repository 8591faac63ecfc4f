"""Rolls of neighbouring counties: households with the county in a column, members with it in the title alone."""

from __future__ import annotations

from collections.abc import Iterator

from mingcha.simulate.model.records import Abroad
from mingcha.simulate.offices.desk import Desk, columns, numbered
from mingcha.simulate.offices.untidy import spoil
from mingcha.simulate.plant.duplicates import WITH_STATES
from mingcha.simulate.write.books import Book
from mingcha.simulate.write.table import NumberCell, Table, Value

Row = list[Value | NumberCell]


def foreign_rolls(desk: Desk) -> Iterator[Book]:
    """Dibao members and tekun persons of each neighbour."""
    counties = sorted({row.county for row in desk.records.abroad})
    for county in counties:
        mine = [row for row in desk.records.abroad if row.county == county]
        dibao = [row for row in mine if row.program == "低保"]
        tekun = [row for row in mine if row.program == "特困"]
        yield _households(desk, county, dibao) if county == WITH_STATES else _members(desk, county, dibao)
        if tekun:
            yield _tekun(desk, county, tekun)


def _households(desk: Desk, county: str, records: list[Abroad]) -> Book:
    """Households alone, with their state: the applicants count as insured."""
    cols = columns(
        ("序号", "int"),
        ("所属区县", "text"),
        ("乡镇", "text"),
        ("村", "text"),
        ("户主姓名", "name"),
        ("户主身份证号", "id"),
        ("保障人口", "int", True),
        ("户月保障金额（元）", "money", True),
        ("状态", "text"),
        ("救助结束日期", "date"),
    )
    rows: list[Row] = [
        [
            county,
            row.township,
            row.village,
            row.name,
            row.number,
            1,
            row.amount,
            row.status,
            row.ended_on,
        ]
        for row in records
    ]
    title = f"{county}{desk.stamp()}农村低保家庭名册"
    table = Table("低保家庭", title, cols, numbered(rows), f"填报单位：{county}民政局")
    return desk.book(f"外县市/{county}{desk.stamp()}低保家庭名册.xlsx", [table])


def _members(desk: Desk, county: str, records: list[Abroad]) -> Book:
    cols = columns(
        ("序号", "int"),
        ("乡镇", "text"),
        ("村", "text"),
        ("户主身份证号", "id"),
        ("姓名", "name"),
        ("身份证号", "id"),
        ("与户主关系", "text"),
        ("性别", "text"),
        ("是否保障对象", "text"),
        ("户月保障金额（元）", "money"),
    )
    rows: list[Row] = [
        [
            row.township,
            row.village,
            row.head_number,
            row.name,
            row.number,
            row.relation,
            row.sex,
            "是",
            row.amount,
        ]
        for row in records
    ]
    title = f"{county}{desk.stamp()}农村低保人员名册"
    table = Table(
        "低保人员", title, cols, numbered(spoil(desk, f"abroad {county}", rows, 4, 3)), f"填报单位：{county}民政局"
    )
    return desk.book(f"外县市/{county}{desk.stamp()}低保人员名册.xlsx", [table], total="none")


def _tekun(desk: Desk, county: str, records: list[Abroad]) -> Book:
    cols = columns(
        ("序号", "int"),
        ("所属区县", "text"),
        ("乡镇", "text"),
        ("村", "text"),
        ("姓名", "name"),
        ("身份证号", "id"),
        ("性别", "text"),
        ("供养方式", "text"),
        ("基本生活标准（元）", "money"),
        ("状态", "text"),
    )
    rows: list[Row] = [
        [county, row.township, row.village, row.name, row.number, row.sex, "分散供养", row.amount, row.status]
        for row in records
    ]
    title = f"{county}{desk.stamp()}特困人员名册"
    table = Table("特困人员", title, cols, numbered(rows), f"填报单位：{county}民政局")
    return desk.book(f"外县市/{county}{desk.stamp()}特困人员名册.xlsx", [table], total="none")
