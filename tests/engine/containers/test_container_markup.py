"""HTML tables and SpreadsheetML under the name .xls."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.engine.containers.container_files import read_here

from mingcha.intake.model import CellKind


def page(body: str, charset: str = "utf-8") -> str:
    return f'<html><head><meta http-equiv="Content-Type" content="text/html; charset={charset}"></head>{body}</html>'


def table(*rows: str) -> str:
    return "<table border=1>" + "".join(f"<tr>{row}</tr>" for row in rows) + "</table>"


def tds(*cells: str) -> str:
    return "".join(f"<td>{cell}</td>" for cell in cells)


LIST = table(tds("姓名", "乡镇"), tds("张三", "城关镇"), tds("李四", "李集镇"))


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("charset", ["utf-8", "gb2312", "gbk"])
def test_bytes_tell_the_encoding_not_the_declaration(read: Callable[..., Any], codec: str, charset: str) -> None:
    found = read(page(LIST, charset).encode(codec))
    assert found.texts() == {1: ["姓名", "乡镇"], 2: ["张三", "城关镇"], 3: ["李四", "李集镇"]}
    assert found.sheets[0]["container"] == "html"


def test_merged_cells_have_their_value_top_left_and_are_recorded(read: Callable[..., Any]) -> None:
    found = read(
        page(
            table(
                '<td colspan="3">低保名册</td>',
                "<th rowspan=2>姓名</th><th colspan=2>保障金</th>",
                "<th>月</th><th>年</th>",
                tds("张三", "1", "12"),
            )
        )
    )
    assert found.texts() == {
        1: ["低保名册", None, None],
        2: ["姓名", "保障金", None],
        3: [None, "月", "年"],
        4: ["张三", "1", "12"],
    }
    assert found.sheets[0]["merged"] == [(1, 0, 1, 2), (2, 0, 3, 0), (2, 1, 2, 2)]


PAGES: dict[str, tuple[str, list[dict[int, list[str | None]]]]] = {
    "标题在表外": (
        f"<title>导出</title><h2>夏邑县 2023年6月</h2><p>单位：元</p>{LIST}",
        [
            {
                1: ["夏邑县 2023年6月", None],
                2: ["单位：元", None],
                3: ["姓名", "乡镇"],
                4: ["张三", "城关镇"],
                5: ["李四", "李集镇"],
            }
        ],
    ),
    "标题和表头各自成表": (
        table(tds("低保名册")) + table(tds("姓名", "乡镇")) + table(tds("张三", "城关镇"), tds("李四", "李集镇")),
        [{1: ["低保名册", None], 2: ["姓名", "乡镇"], 3: ["张三", "城关镇"], 4: ["李四", "李集镇"]}],
    ),
    "每页一表": (
        LIST + LIST,
        [
            {
                1: ["姓名", "乡镇"],
                2: ["张三", "城关镇"],
                3: ["李四", "李集镇"],
                4: ["姓名", "乡镇"],
                5: ["张三", "城关镇"],
                6: ["李四", "李集镇"],
            }
        ],
    ),
    "两种表": (
        LIST + table(tds("a", "b", "c"), tds("1", "2", "3")),
        [
            {1: ["姓名", "乡镇"], 2: ["张三", "城关镇"], 3: ["李四", "李集镇"]},
            {4: ["a", "b", "c"], 5: ["1", "2", "3"]},
        ],
    ),
    "版面表里套数据表": (
        table(f"<td>{LIST}</td>"),
        [{1: ["姓名", "乡镇"], 2: ["张三", "城关镇"], 3: ["李四", "李集镇"]}],
    ),
    "单元格里套小表": (
        table(tds("姓名", "乡镇"), tds("张三", "城关镇"), tds("李四", table(tds("李集镇", "孙庄")))),
        [{1: ["姓名", "乡镇"], 2: ["张三", "城关镇"], 3: ["李四", "李集镇 孙庄"]}],
    ),
    "标签不闭合": (
        "<table><tr><td>姓名<td>乡镇<tr><td>张三<td>城关镇</table>",
        [{1: ["姓名", "乡镇"], 2: ["张三", "城关镇"]}],
    ),
    "空白和换行": (
        table(tds("姓&nbsp;名", "乡\n   镇"), tds("张三<br>（户主）", "<p>城关镇</p>")),
        [{1: ["姓 名", "乡 镇"], 2: ["张三\n（户主）", "城关镇"]}],
    ),
    "脚本和样式不是内容": (
        f"<style>td{{}}</style><script>var a='<table>';</script>{LIST}",
        [{1: ["姓名", "乡镇"], 2: ["张三", "城关镇"], 3: ["李四", "李集镇"]}],
    ),
    "表后说明": (
        LIST + "<p>说明：以上数据截至6月底</p>",
        [
            {
                1: ["姓名", "乡镇"],
                2: ["张三", "城关镇"],
                3: ["李四", "李集镇"],
                4: ["说明：以上数据截至6月底", None],
            }
        ],
    ),
}


@pytest.mark.parametrize(("body", "sheets"), PAGES.values(), ids=PAGES.keys())
def test_layouts_of_pages(read: Callable[..., Any], body: str, sheets: list[dict[int, list[str | None]]]) -> None:
    found = read(page(body))
    assert [found.texts(number) for number in range(len(found.sheets))] == sheets


def test_merges_count_rows_through_the_page(read: Callable[..., Any]) -> None:
    found = read(page("<p>标题</p>" + table("<td colspan=2>大表</td>", tds("姓名", "乡镇"), tds("张三", "城关镇"))))
    assert found.sheets[0]["merged"] == [(2, 0, 2, 1)]
    assert found.texts()[2] == ["大表", None]


def test_values_kept_by_excel_in_pages_are_numbers(read: Callable[..., Any]) -> None:
    body = table(
        "<td>证号</td><td>金额</td><td>日期</td><td>文字号</td>",
        '<td x:num="411426195001011234">4.11426E+17</td><td x:num>1,234.50</td>'
        '<td x:num="45098">2023/6/21</td><td x:str>411426195001011234</td>',
    )
    assert read(page(body)).cells()[2] == [
        ("411426195001011264", CellKind.NUMBER),
        ("1234.5", CellKind.NUMBER),
        ("2023/6/21", CellKind.TEXT),
        ("411426195001011234", CellKind.TEXT),
    ]


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        ("<html><body><p>只有文字</p></body></html>", "页.html", "html.no_table"),
        ("<html><body><p>登录已过期，请重新登录</p></body></html>", "名册.xls", "file.wrong_content"),
        ("<html><table><tr><td></td></tr></table></html>", "名册.xls", "sheet.empty"),
        ("<?xml version='1.0'?><root><a>1</a></root>", "配置.xml", "file.kind"),
        (
            "MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=x\r\n\r\n--x\r\n"
            "Content-Type: text/html\r\n\r\n<html><table><tr><td>1</td></tr></table></html>",
            "名册.xls",
            "file.mhtml",
        ),
    ],
)
def test_pages_that_cannot_be_read_say_why(read: Callable[..., Any], content: str, name: str, code: str) -> None:
    found = read(content, name)
    assert found.sheets == []
    assert found.problems == [code]


SS = 'xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"'


def workbook(*sheets: str, head: str = '<?xml version="1.0" encoding="utf-8"?>', extra: str = "") -> str:
    return (
        f'{head}<?mso-application progid="Excel.Sheet"?><Workbook {SS} '
        f'xmlns:x="urn:schemas-microsoft-com:office:excel">{extra}{"".join(sheets)}</Workbook>'
    )


def worksheet(name: str, rows: str, options: str = "") -> str:
    return f'<Worksheet ss:Name="{name}"><Table>{rows}</Table>{options}</Worksheet>'


def data(text: str, kind: str = "String", attributes: str = "") -> str:
    return f'<Cell {attributes}><Data ss:Type="{kind}">{text}</Data></Cell>'


TENTH = "ss:Index='10'"
TYPED = worksheet(
    "名册",
    f"<Row>{data('低保名册', attributes='ss:MergeAcross=' + chr(34) + '2' + chr(34))}{data('右')}</Row>"
    f"<Row ss:Index='4'>{data('张三')}{data('1234.50', 'Number')}{data('4.11426195001011E+17', 'Number')}"
    f"{data('2023-01-05T00:00:00.000', 'DateTime')}{data('2023-01-05T08:30:00.000', 'DateTime')}"
    f"{data('1', 'Boolean')}{data('#N/A', 'Error')}<Cell ss:Formula='=RC[-1]'/>{data('9', attributes=TENTH)}</Row>"
    f"<Row ss:Hidden='1'>{data('李四')}</Row>",
)


def test_spreadsheetml_types_places_and_merges(read: Callable[..., Any]) -> None:
    found = read(workbook(TYPED))
    rows = found.cells()
    assert rows[1][:5] == [("低保名册", CellKind.TEXT), None, None, ("右", CellKind.TEXT), None]
    assert rows[4] == [
        ("张三", CellKind.TEXT),
        ("1234.5", CellKind.NUMBER),
        ("411426195001011000", CellKind.NUMBER),
        ("2023-01-05", CellKind.DATE),
        ("2023-01-05 08:30:00", CellKind.DATE),
        ("TRUE", CellKind.BOOL),
        ("#N/A", CellKind.ERROR),
        ("=", CellKind.FORMULA),
        None,
        ("9", CellKind.TEXT),
    ]
    assert sorted(rows) == [1, 4, 5]
    sheet = found.sheets[0]
    assert (sheet["sheet"], sheet["container"], sheet["merged"]) == ("名册", "spreadsheetml", [(1, 0, 1, 2)])
    assert "1 行被隐藏" in sheet["notes"][0]


def test_spreadsheetml_sheets_hidden_ones_and_1904(read: Callable[..., Any]) -> None:
    excel = 'xmlns="urn:schemas-microsoft-com:office:excel"'
    hidden = f"<WorksheetOptions {excel}><Visible>SheetHidden</Visible></WorksheetOptions>"
    found = read(
        workbook(
            worksheet("一", f"<Row>{data('甲')}</Row>"),
            worksheet("二", f"<Row>{data('乙')}</Row>", hidden),
            worksheet("空", ""),
            extra=f"<ExcelWorkbook {excel}><Date1904/></ExcelWorkbook>",
        )
    )
    assert [(s["sheet"], s["hidden"], s["date_1904"]) for s in found.sheets] == [
        ("一", False, True),
        ("二", True, True),
    ]
    assert found.problems == ["sheet.empty"]


@pytest.mark.parametrize("codec", ["gb18030", "utf-8", "utf-16"])
def test_spreadsheetml_declared_gb2312_keeps_rare_characters(read: Callable[..., Any], codec: str) -> None:
    content = workbook(
        worksheet("桑堌", f"<Row>{data('桑堌乡')}</Row>"), head='<?xml version="1.0" encoding="gb2312"?>'
    )
    found = read(content.encode(codec))
    assert found.texts() == {1: ["桑堌乡"]}
    assert found.sheets[0]["sheet"] == "桑堌"


LAUGHS = '<!DOCTYPE w [<!ENTITY a "哈哈哈哈哈哈哈哈哈哈"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
OUTSIDE = '<!DOCTYPE w [<!ENTITY a SYSTEM "file:///etc/hostname">]>'


@pytest.mark.parametrize("doctype", [LAUGHS, OUTSIDE])
@pytest.mark.parametrize("padding", ["", "<!--" + "x" * 3_000_000 + "-->"])
def test_xml_with_entities_is_refused(read: Callable[..., Any], doctype: str, padding: str) -> None:
    start = f'<?xml version="1.0"?><!-- urn -->{padding}{doctype}'
    content = workbook(worksheet("一", f"<Row>{data('&a;&b;')}</Row>"), head=start)
    found = read(content)
    assert found.sheets == []
    assert found.problems[0] in ("file.xml_entities", "file.wrong_content")
    assert len(list(found.staging.iterdir())) == 0


def test_xml_cut_off_keeps_its_rows_and_says_so(read: Callable[..., Any]) -> None:
    rows = "".join(f"<Row>{data(f'人{number}')}{data('城关镇')}</Row>" for number in range(50))
    content = workbook(worksheet("名册", rows))
    found = read(content[: len(content) // 2])
    assert found.texts()[1] == ["人0", "城关镇"]
    assert len(found.texts()) < 50
    assert "没有拷贝完整" in found.sheets[0]["notes"][0]


def test_far_places_in_xml_cost_nothing(read: Callable[..., Any]) -> None:
    last = data("乙", attributes="ss:Index='16384'")
    far = f"<Row>{data('甲')}</Row><Row ss:Index='1048576'>{last}</Row>"
    found = read(workbook(worksheet("一", far)))
    assert found.texts() == {1: ["甲"]}
    assert "以右" in found.sheets[0]["notes"][0]


MARKUP = st.lists(
    st.sampled_from(
        "<table> </table> <tr> </tr> <td> <td&#32;rowspan=3> <td&#32;colspan=999> </td> 甲 <p> <br> &lt; <script> "
        "<Row> </Row> <Cell> </Cell> <Data> </Data> <Worksheet> </Worksheet> ]]> <!-- --> &bogus; \x07".replace(
            "&#32;", "\N{NO-BREAK SPACE}"
        ).split(" ")
    ),
    max_size=60,
)


@settings(max_examples=150, deadline=None)
@given(parts=MARKUP)
@pytest.mark.parametrize("kind", ["html", "xml"])
def test_tags_in_any_order_are_survived(tmp_path_factory: pytest.TempPathFactory, kind: str, parts: list[str]) -> None:
    body = "".join(parts).replace("\N{NO-BREAK SPACE}", " ")
    folder = tmp_path_factory.mktemp("f")
    path: Path = folder / "表.xls"
    path.write_text(page(body) if kind == "html" else workbook(body), encoding="utf-8")
    found = read_here(path, folder / "s")
    assert found.sheets or found.problems
