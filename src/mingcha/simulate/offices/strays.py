"""What lies about without being data: a note, a letter, an empty book, a file saved twice; and a dBASE file."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from zipfile import ZipFile

from mingcha.simulate.offices.desk import COUNTY, Desk
from mingcha.simulate.write.dbf import write_dbf
from mingcha.simulate.write.table import Cell, Grid
from mingcha.simulate.write.xlsx import add_member, write_xlsx


def write_strays(desk: Desk, folder: Path) -> Iterator[Path]:
    """Writes them and names each."""
    yield _allowance_dbf(desk, folder / "财政局" / "银行回盘" / "GLJT01.DBF")
    if desk.setting.clean:
        return
    note = folder / "说明.txt"
    note.write_bytes(f"{COUNTY}各部门报来的表格，放在各自文件夹。\r\n本样例的人和事都是虚构的。\r\n".encode())
    yield note
    letter = folder / "民政局" / "关于报送数据的通知.docx"
    with ZipFile(letter, "w") as archive:
        add_member(archive, "[Content_Types].xml", b'<?xml version="1.0"?><Types/>')
        add_member(archive, "word/document.xml", "<w:document>请于每月5日前报送。</w:document>".encode())
    yield letter
    yield _form(desk, folder / "民政局" / "入户" / "入户核查表（单户）.xlsx")
    blank = folder / "民政局" / "新建 Microsoft Excel 工作表.xlsx"
    write_xlsx(blank, [Grid("Sheet1"), Grid("Sheet2")])
    yield blank
    roll = f"{desk.stamp()}农村低保家庭名册"
    for first, second in (
        ("民政局/卡折/卡折代管登记表.xlsx", "民政局/卡折/卡折代管登记表 - 副本.xlsx"),
        (f"民政局/低保/{roll}.xlsx", f"民政局/报县/{roll}（上报）.xlsx"),
        ("公安局/死亡注销人员名单.csv", "民政局/死亡注销人员名单(1).csv"),
    ):
        if (folder / first).exists():
            copy = folder / second
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes((folder / first).read_bytes())
            yield copy


def _form(desk: Desk, path: Path) -> Path:
    """Some visits as the form that was filled in: label left, value right, a household a sheet."""
    grids: list[Grid] = []
    chosen = [visit for visit in desk.records.visits if visit.program == "低保" and visit.person is None][:3]
    for number, visit in enumerate(chosen, start=1):
        day = visit.on
        rows: list[list[Cell]] = [
            [f"{COUNTY}社会救助对象入户核查表"],
            ["乡镇", visit.village.township, "村", visit.village.name],
            ["户主姓名", visit.head.name, "户主身份证号", visit.head.number],
            ["救助类别", visit.program, "家庭人口", visit.size],
            ["保障人口", visit.insured, "住房情况", "砖混平房"],
            ["卡折持有人", visit.holder, "资金是否足额领取", "☑是　□否"],
            ["与系统信息是否一致", "☑是　□否", "是否符合条件", "符合"],
            ["入户人员签字", visit.by, "入户日期", f"{day.year}年{day.month}月{day.day}日"],
        ]
        grids.append(Grid(f"第{number}户", rows, [(0, 0, 0, 3)]))
    write_xlsx(path, grids or [Grid("第1户")])
    return path


def _allowance_dbf(desk: Desk, path: Path) -> Path:
    """Last month's old-age allowance for some, as the bank's old system hands it over."""
    elders = [person for person in desk.records.bystanders if person.age(desk.as_of) >= 85][:300]
    rows = [(p.name, p.account, Decimal("80.00"), "成功", "高龄津贴", desk.month(2).replace("-", "")) for p in elders]
    fields = (("户名", 30), ("账号", 24), ("金额", 12), ("交易状态", 10), ("项目名称", 20), ("所属月份", 8))
    path.parent.mkdir(parents=True, exist_ok=True)
    write_dbf(path, fields, rows)
    return path
