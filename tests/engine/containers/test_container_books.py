"""Books through the reader library, and what we find out beside it."""

from __future__ import annotations

import datetime as dt
import io
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlwt
from openpyxl.chart import BarChart
from openpyxl.styles import PatternFill
from tests.engine.containers.container_files import read_here
from tests.engine.containers.ole_writer import ole_file

from mingcha.intake.containers.ole import SIGNATURE
from mingcha.intake.containers.readers import books
from mingcha.intake.containers.readers.xls_facts import scan_xls
from mingcha.intake.containers.readers.xlsx_parts import scan_sheet
from mingcha.intake.model import CellKind

TEXT, NUMBER, DATE = CellKind.TEXT, CellKind.NUMBER, CellKind.DATE


def saved(book: openpyxl.Workbook) -> bytes:
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def repacked(content: bytes, change: Callable[[str, bytes], bytes | None]) -> bytes:
    """The same archive with its parts changed; None leaves a part out."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            data = change(part.filename, old.read(part))
            if data is not None:
                new.writestr(part.filename, data)
    return buffer.getvalue()


def roster() -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "6月 "
    sheet.append(["低保名册"])
    sheet.merge_cells("A1:D1")
    sheet.append([])
    sheet.append(["姓名", "身份证号", "金额", "日期"])
    sheet.append(["张三", "411426195001011234", 1234.5, dt.date(2023, 6, 21)])
    sheet.append(["李四", 411426195001011234, 100, dt.datetime(2023, 6, 21, 8, 30)])
    return saved(book)


ROSTER = {
    1: [("低保名册", TEXT), None, None, None],
    3: [("姓名", TEXT), ("身份证号", TEXT), ("金额", TEXT), ("日期", TEXT)],
    4: [("张三", TEXT), ("411426195001011234", TEXT), ("1234.5", NUMBER), ("2023-06-21", DATE)],
    5: [("李四", TEXT), ("411426195001011328", NUMBER), ("100", NUMBER), ("2023-06-21 08:30:00", DATE)],
}


@pytest.mark.parametrize("name", ["名册.xlsx", "名册.xls", "名册.et", "名册.csv", "名册"])
def test_xlsx_is_told_by_content_whatever_its_name(read: Callable[..., Any], name: str) -> None:
    found = read(roster(), name)
    rows = found.cells()
    assert rows[5][1][1] is NUMBER
    assert rows[5][1][0][:14] == "41142619500101"
    rows[5][1] = ROSTER[5][1]
    assert rows == ROSTER
    sheet = found.sheets[0]
    assert (sheet["sheet"], sheet["container"], sheet["n_cols"], sheet["n_rows"]) == ("6月 ", "xlsx", 4, 4)
    assert sheet["merged"] == [(1, 0, 1, 3)]


def test_blank_rows_and_columns_before_the_data_keep_their_places(read: Callable[..., Any]) -> None:
    book = openpyxl.Workbook()
    book.active["C4"] = "甲"  # type: ignore[index]
    assert read(saved(book), "x.xlsx").cells() == {4: [None, None, ("甲", TEXT)]}


def test_error_cells_and_formulas_never_calculated(read: Callable[..., Any]) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet["B2"], sheet["C2"], sheet["D2"], sheet["E2"] = "张三", "#N/A", "=B2&C2", "=SUM(1,2)"
    sheet["B9"] = "=B2"  # below and right of all that has a value
    content = repacked(
        saved(book), lambda name, data: data.replace(b"<f>SUM(1,2)</f><v></v>", b"<f>SUM(1,2)</f><v>3</v>")
    )
    assert read(content, "x.xlsx").cells() == {
        2: [None, ("张三", TEXT), ("#N/A", CellKind.ERROR), ("=", CellKind.FORMULA), ("3", NUMBER)],
        9: [None, ("=", CellKind.FORMULA), None, None, None],
    }


@pytest.mark.parametrize(
    ("xml", "marked"),
    [
        (b'<row r="1"><c r="A1"><f>B1</f><v></v></c></row>', {0: {0: "="}}),
        (b'<row r="1"><c r="A1"><f>B1</f><v/></c></row>', {0: {0: "="}}),
        (b'<row r="1"><c r="A1" s="2"><f>B1</f></c></row>', {0: {0: "="}}),
        (b'<row r="1"><c r="A1"><f t="shared" si="0"/></c></row>', {0: {0: "="}}),
        (b'<row r="1"><c r="A1" t="str"><f>B1</f><v></v></c></row>', {}),
        (b'<row r="1"><c r="A1"><f>B1</f><v>0</v></c></row>', {}),
        (b'<row r="1"><c s="1" r="A1" t="e"><v>#REF!</v></c><c r="B1"><v>1</v></c></row>', {0: {0: "#REF!"}}),
        (b'<row r="1"><c r="A1"><v>1</v></c><c r="B1" t="e"><f>1/0</f><v>#DIV/0!</v></c></row>', {0: {1: "#DIV/0!"}}),
    ],
)
@pytest.mark.parametrize("prefix", [b"", b"x:"])
def test_scan_of_sheet_xml(xml: bytes, marked: dict[int, dict[int, str]], prefix: bytes) -> None:
    content = b"<worksheet><sheetData>" + xml + b"</sheetData></worksheet>"
    if prefix:
        content = content.replace(b"</", b"\0").replace(b"<", b"<" + prefix).replace(b"\0", b"</" + prefix)
    scan = scan_sheet(io.BytesIO(content))
    assert scan.marked == marked
    assert scan.last_row == 1


def test_scan_misses_nothing_between_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = "".join(
        f'<row r="{n}"><c r="A{n}"><v>{n}</v></c><c r="B{n}" t="e"><v>#N/A</v></c></row>' for n in range(1, 400)
    )
    content = f"<worksheet><sheetData>{rows}</sheetData></worksheet>".encode()
    for size in (64, 97, 1000):
        monkeypatch.setattr("mingcha.intake.containers.readers.xlsx_parts._CHUNK", size)
        scan = scan_sheet(io.BytesIO(content))
        assert len(scan.marked) == 399
        assert scan.last_row == 399


def test_hidden_sheets_and_rows_are_read_charts_and_empty_sheets_told(read: Callable[..., Any]) -> None:
    book = openpyxl.Workbook()
    first = book.active
    assert first is not None
    first.append(["姓名"])
    first.append(["张三"])
    first.row_dimensions[2].hidden = True
    hidden = book.create_sheet("暗表")
    hidden["A1"] = "甲"
    hidden.sheet_state = "veryHidden"
    book.create_sheet("空表")
    book.create_chartsheet("图").add_chart(BarChart())
    found = read(saved(book), "x.xlsx")
    assert [(sheet["sheet"], sheet["hidden"]) for sheet in found.sheets] == [("Sheet", False), ("暗表", True)]
    assert "1 行被隐藏" in found.sheets[0]["notes"][0]
    assert "隐藏的工作表" in found.sheets[1]["notes"][0]
    assert found.problems == ["sheet.empty", "sheet.kind"]
    assert found.texts(0)[2] == ["张三"]


def test_books_that_count_from_1904(read: Callable[..., Any]) -> None:
    book = openpyxl.Workbook()
    book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    sheet = book.active
    assert sheet is not None
    sheet["A1"], sheet["B1"] = dt.date(2023, 6, 21), 43636
    found = read(saved(book), "x.xlsx")
    assert found.sheets[0]["date_1904"] is True
    assert found.cells() == {1: [("2023-06-21", DATE), ("43636", NUMBER)]}


def far_book() -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (["姓名", "金额", "日期", "错", "式", "真"], ["张三", 12.5, dt.date(2023, 6, 21), "#N/A", "=B2", True]):
        sheet.append(row)
    sheet["D2"].data_type = "e"
    sheet["B3"].number_format = "0.00"
    sheet["B3"] = 411426195001011234
    sheet.merge_cells("A5:B6")
    sheet["A5"] = "合并"
    sheet["XFD1048576"] = "远"
    return saved(book)


def test_a_stray_cell_in_the_last_corner_costs_nothing(read: Callable[..., Any]) -> None:
    found = read(far_book(), "x.xlsx")
    rows = found.cells()
    assert rows[2] == [
        ("张三", TEXT),
        ("12.5", NUMBER),
        ("2023-06-21", DATE),
        ("#N/A", CellKind.ERROR),
        ("=", CellKind.FORMULA),
        ("TRUE", CellKind.BOOL),
    ]
    assert rows[3][1] is not None
    assert rows[3][1][1] is NUMBER
    assert found.sheets[0]["merged"] == [(5, 0, 6, 1)]
    assert "以右" in found.sheets[0]["notes"][0]


@pytest.mark.parametrize("content", [roster(), far_book()], ids=["名册", "远格"])
def test_our_own_reader_agrees_with_the_library(
    read: Callable[..., Any], content: bytes, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = tmp_path / "y.xlsx"
    path.write_bytes(
        repacked(
            content,
            lambda name, data: data.replace(b'r="XFD1048576"', b'r="H7"').replace(b'row r="1048576"', b'row r="7"'),
        )
    )
    by_library = read_here(path, tmp_path / "a")
    monkeypatch.setattr(books, "DENSE_CELLS", 0)
    by_us = read_here(path, tmp_path / "b")
    assert by_us.cells() == by_library.cells()
    assert by_us.sheets[0]["merged"] == by_library.sheets[0]["merged"]


def test_a_million_blank_rows(read: Callable[..., Any]) -> None:
    rows = b"".join(b'<row r="%d"><c r="A%d" s="0"/></row>' % (n, n) for n in range(3, 300_000))
    book = openpyxl.Workbook()
    book.active.append(["甲"])  # type: ignore[union-attr]
    last = b'<row r="1048576"><c r="B1048576"><v>9</v></c></row></sheetData>'
    content = repacked(
        saved(book),
        lambda name, data: data.replace(b"</sheetData>", rows + last) if name.endswith("sheet1.xml") else data,
    )
    found = read(content, "x.xlsx")
    assert found.texts() == {1: ["甲", None], 1048576: [None, "9"]}


def test_backslashes_in_part_names(read: Callable[..., Any]) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(roster())) as old, zipfile.ZipFile(buffer, "w") as new:
        for part in old.infolist():
            info = zipfile.ZipInfo("x")
            info.filename = part.filename.replace("/", "\\")
            new.writestr(info, old.read(part))
    assert read(buffer.getvalue(), "x.xlsx").texts()[4][0] == "张三"


def xls(build: Callable[[xlwt.Worksheet, xlwt.Workbook], None]) -> bytes:
    book = xlwt.Workbook()
    build(book.add_sheet("名册"), book)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def plain_xls() -> bytes:
    def build(sheet: xlwt.Worksheet, book: xlwt.Workbook) -> None:
        sheet.write_merge(0, 0, 0, 2, "低保名册")
        for column, value in enumerate(["张三", 1234.5, 100, dt.date(2023, 6, 21), True]):
            style = xlwt.easyxf(num_format_str="YYYY-MM-DD") if column == 3 else xlwt.Style.default_style
            sheet.write(3, column, value, style)
        sheet.row(3).hidden = True
        sheet.write(4, 0, "错")
        sheet.row(4).set_cell_error(1, 0x2A)
        book.add_sheet("空")

    return xls(build)


@pytest.mark.parametrize("name", ["名册.xls", "名册.et", "名册.xlsx", "名册.dat"])
def test_xls_is_told_by_content_whatever_its_name(read: Callable[..., Any], name: str) -> None:
    found = read(plain_xls(), name)
    assert found.cells() == {
        1: [("低保名册", TEXT), None, None, None, None],
        4: [("张三", TEXT), ("1234.5", NUMBER), ("100", NUMBER), ("2023-06-21", DATE), ("TRUE", CellKind.BOOL)],
        5: [("错", TEXT), ("#N/A", CellKind.ERROR), None, None, None],
    }
    sheet = found.sheets[0]
    assert (sheet["container"], sheet["merged"]) == ("xls", [(1, 0, 1, 2)])
    assert "1 行被隐藏" in sheet["notes"][0]
    assert found.problems == ["sheet.empty"]


def test_xls_that_counts_from_1904(read: Callable[..., Any]) -> None:
    def build(sheet: xlwt.Worksheet, book: xlwt.Workbook) -> None:
        book.dates_1904 = True
        sheet.write(0, 0, 43636)

    assert read(xls(build)).sheets[0]["date_1904"] is True


ODS_TYPE = "application/vnd.oasis.opendocument.spreadsheet"


def ods() -> bytes:
    """A small OpenDocument sheet with the million blank rows that programs write behind it."""

    def cell(value: str | float) -> str:
        if isinstance(value, str):
            return f'<table:table-cell office:value-type="string"><text:p>{value}</text:p></table:table-cell>'
        return (
            f'<table:table-cell office:value-type="float" office:value="{value}"><text:p>{value}</text:p>'
            "</table:table-cell>"
        )

    rows: list[list[str | float]] = [["姓名", "金额"], ["张三", 12.5]]
    body = "".join(f"<table:table-row>{''.join(map(cell, row))}</table:table-row>" for row in rows)
    blank = (
        '<table:table-row table:number-rows-repeated="1048574">'
        '<table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
    )
    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
    )
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {spaces} office:version="1.2"><office:body>'
        f'<office:spreadsheet><table:table table:name="名册">{body}{blank}</table:table></office:spreadsheet>'
        "</office:body></office:document-content>"
    )
    manifest = (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{ODS_TYPE}"/>'
        '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>'
    )
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr(zipfile.ZipInfo("mimetype"), ODS_TYPE)  # first and not compressed, as the format asks
        book.writestr("META-INF/manifest.xml", manifest)
        book.writestr("content.xml", content)
    return buffer.getvalue()


def test_ods(read: Callable[..., Any]) -> None:
    found = read(ods(), "名册.xls")
    assert found.cells() == {1: [("姓名", TEXT), ("金额", TEXT)], 2: [("张三", TEXT), ("12.5", NUMBER)]}
    assert found.sheets[0]["container"] == "ods"


def with_filepass(content: bytes) -> bytes:
    """An .xls whose first record after BOF says it is encrypted: XOR, any key."""
    assert content.startswith(SIGNATURE)
    bof = content.index(b"\x09\x08\x10\x00\x00\x06\x05\x00")
    stream = bytearray(content)
    stream[bof + 20 : bof + 30] = struct.pack("<HH", 0x2F, 6) + b"\0\0\x11\x22\x33\x44"
    return bytes(stream)


PROTECTED = {
    "xlsx 加密": (ole_file({"EncryptedPackage": b"x" * 5000, "EncryptionInfo": b"y" * 200}), "名册.xlsx"),
    "xls 加密": (with_filepass(plain_xls()), "名册.xls"),
    "ods 加密": (
        repacked(
            ods(),
            lambda name, data: (
                data.replace(b"</manifest:manifest>", b"<manifest:encryption-data/></manifest:manifest>")
                if name.endswith("manifest.xml")
                else data
            ),
        ),
        "名册.ods",
    ),
}


@pytest.mark.parametrize(("content", "name"), PROTECTED.values(), ids=PROTECTED.keys())
def test_encrypted_files_say_password(read: Callable[..., Any], content: bytes, name: str) -> None:
    found = read(content, name)
    assert found.sheets == []
    assert found.problems == ["file.password"]


def test_excel_95_books_are_known_as_such(tmp_path: Path) -> None:
    path = tmp_path / "x.xls"
    path.write_bytes(ole_file({"Book": b"\x09\x08\x08\x00\x00\x05\x05\x00\0\0\0\0" + b"\x0a\0\0\0" + b"\0" * 5000}))
    assert scan_xls(path).is_excel_95


def bomb(parts: int, size: int) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        for number in range(parts):
            with archive.open(f"xl/worksheets/sheet{number}.xml", "w", force_zip64=True) as part:
                for _ in range(size >> 20):
                    part.write(b"\0" * (1 << 20))
    return buffer.getvalue()


def test_zip_bombs_stay_packed(read: Callable[..., Any]) -> None:
    found = read(bomb(1, 80 << 20), "x.xlsx")
    assert found.problems == ["file.bomb"]
    assert found.error.facts["size"] == "80.0 MB"


OTHERS: dict[str, tuple[bytes, str, str]] = {
    "空压缩包": (repacked(roster(), lambda name, data: None), "空.zip", "file.archive"),
    "docx": (bomb(0, 0).replace(b"xl/workbook.xml", b"word/documt.xml"), "说明.docx", "file.kind"),
    "docx 冒充表格": (bomb(0, 0).replace(b"xl/workbook.xml", b"word/documt.xml"), "名册.xlsx", "file.not_spreadsheet"),
    "doc": (ole_file({"WordDocument": b"x" * 5000}), "说明.doc", "file.kind"),
    "wps": (ole_file({"WordDocument": b"x" * 5000}), "说明.wps", "file.kind"),
    "ppt": (ole_file({"PowerPoint Document": b"x" * 5000}), "汇报.ppt", "file.kind"),
    "未知 OLE": (ole_file({"Other": b"x" * 5000}), "名册.xls", "file.wrong_content"),
    "图片": (b"\x89PNG\r\n\x1a\n" + b"\0" * 100, "照片.png", "file.kind"),
    "图片冒充表格": (b"\xff\xd8\xff" + b"\0" * 100, "名册.xls", "file.not_spreadsheet"),
    "PDF": (b"%PDF-1.7\n" + b"\xe2\xe3" * 100, "文件.pdf", "file.kind"),
    "rar": (b"Rar!\x1a\x07\x01\x00" + b"\0" * 50, "名册.rar", "file.archive"),
    "zip": (bomb(0, 0).replace(b"xl/workbook.xml", b"a/workbook1.xls"), "名册.zip", "file.archive"),
    "乱码": (bytes(range(256)) * 9, "a.bin", "file.unknown"),
    "乱码表格": (bytes(range(256)) * 9, "名册.xlsx", "file.wrong_content"),
    "截断的 xlsx": (roster()[:2000], "名册.xlsx", "file.corrupt"),
    "截断的 xls": (plain_xls()[:3000], "名册.xls", "file.corrupt"),
    "只剩文件头的 xls": (plain_xls()[:100], "名册.xls", "file.corrupt"),
    "SYLK": (b"ID;PWXL;N;E\r\n", "名册.slk", "file.old_excel"),
}


@pytest.mark.parametrize(("content", "name", "code"), OTHERS.values(), ids=OTHERS.keys())
def test_other_files_each_have_their_reason(read: Callable[..., Any], content: bytes, name: str, code: str) -> None:
    found = read(content, name)
    assert found.sheets == []
    assert found.problems == [code]


def test_one_damaged_sheet_leaves_the_others(read: Callable[..., Any]) -> None:
    book = openpyxl.Workbook()
    book.active["A1"] = "好"  # type: ignore[index]
    book.create_sheet("坏")["A1"] = "甲"
    content = repacked(
        saved(book), lambda name, data: b"<worksheet><sheetData><row><c" if name.endswith("sheet2.xml") else data
    )
    found = read(content, "x.xlsx")
    assert found.texts() == {1: ["好"]}
    assert found.problems == ["sheet.corrupt"]


def test_what_the_library_refuses_we_try_ourselves(read: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: object) -> None:
        raise books.calamine.CalamineError("x")

    monkeypatch.setattr(books.calamine, "load_workbook", refuse)
    assert read(roster(), "x.xlsx").cells()[4] == ROSTER[4]


def test_coloured_blank_cells_are_no_content(read: Callable[..., Any]) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet["A1"] = "甲"
    for column in range(2, 2000):
        sheet.cell(1, column).fill = PatternFill("solid", fgColor="FFFF00")
    assert read(saved(book), "x.xlsx").sheets[0]["n_cols"] == 1


def test_a_figure_of_more_hours_than_there_are_does_not_take_the_file_with_it(read: Callable[..., Any]) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["姓名", "时长"])
    sheet.append(["王五", 10**12])
    sheet["B2"].number_format = "[h]:mm:ss"
    found = read(saved(book), "表.xlsx")
    assert not found.problems
    assert found.texts()[2] == ["王五", "1000000000000"]
