"""A handful of untidy sheets for tests of the whole line: a death, a double cover, and a file that is none of ours."""

from __future__ import annotations

from pathlib import Path

import openpyxl

AS_OF = "2023-06-30"
ACCOUNT = "6217009999990001"
DEAD, ALIVE, TWICE = "411426199501010017", "411426199601010028", "412326196001010034"


def check_digit(first17: str) -> str:
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return "10X98765432"[sum(int(a) * b for a, b in zip(first17, weights, strict=True)) % 11]


def id_of(number: str) -> str:
    """The number with its right check digit."""
    return number[:17] + check_digit(number[:17])


DEAD, ALIVE, TWICE = id_of(DEAD), id_of(ALIVE), id_of(TWICE)


def write_book(path: Path, rows: list[list[object]], sheet: str = "Sheet1") -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    page.title = sheet
    for row in rows:
        page.append(row)
    book.save(path)


def write_county(folder: Path) -> Path:
    """Writes the sheets: R01 and R02 for DEAD, R08 for TWICE, nothing for ALIVE."""
    header = ["户主身份证号", "姓名", "身份证号", "与户主关系", "是否保障对象", "乡镇", "村"]
    rows = [
        ["夏邑县农村低保人员名册（2023年6月）", *[None] * 6],
        header,
        [DEAD, "王　亡", DEAD, "本人", "是", "城关镇", "福利居委会"],
        [ALIVE, "李在世", ALIVE, "本人", "是", "城关镇", "福利居委会"],
        [TWICE, "赵两头", TWICE, "本人", "是", "会亭镇", "会亭村"],
        [None, "没号码", None, "本人", "是", "会亭镇", "会亭村"],
        ["合计", None, None, 4, None, None, None],
    ]
    write_book(folder / "民政" / "低保人员2023年6月.xlsx", rows, "低保")
    rows = [
        ["特困人员名册"],
        ["序号", "乡镇", "村", "姓名", "身份证号", "供养方式", "生活自理能力", "协议起始日期", "协议终止日期"],
        [1, "会亭镇", "会亭村", "赵两头", TWICE, "集中供养", "全自理", None, None],
    ]
    write_book(folder / "特困.xlsx", rows)
    death = f"姓名,身份证号,死亡日期,火化日期,殡仪馆\n王亡,{DEAD},2023-01-05,2023-01-07,夏邑县殡仪馆\n"
    (folder / "火化名单.csv").write_bytes(death.encode("gb18030"))
    header_line = "姓名,身份证号,银行账号,补贴项目,发放月份,发放金额,发放日期,发放状态"
    pay = f'{header_line}\n王亡,{DEAD},{ACCOUNT},农村低保,2023年3月,"1,260.50元",2023-03-08,成功\n'
    (folder / "发放.csv").write_text(pay, encoding="utf-8-sig")
    (folder / "通知.docx").write_bytes(b"no sheet of ours")
    return folder
