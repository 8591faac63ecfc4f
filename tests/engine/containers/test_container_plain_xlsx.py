"""The quick way through .xlsx sheets gives what the patient way gives, or gives up."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import PatternFill
from tests.engine.containers.test_container_books import repacked
from tests.engine.containers.xlsx_maker import BothWays, book, read_both_ways, sheet_xml, strings_xml, styles_xml

from mingcha.intake.containers.readers import plain_lines, plain_xlsx
from mingcha.simulate.write.table import Formula, Grid
from mingcha.simulate.write.xlsx import write_xlsx

Both = Callable[..., BothWays]


@pytest.fixture
def both(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Both:
    """both(content) → what the two ways made of a book, found to be the same; small books go the quick way too."""
    monkeypatch.setattr(plain_xlsx, "WORTH", 0)

    def read(content: bytes | Path) -> BothWays:
        path = content if isinstance(content, Path) else tmp_path / "表.xlsx"
        if isinstance(content, bytes):
            path.write_bytes(content)
        staging = tmp_path / "staging"
        staging.mkdir(exist_ok=True)
        result = read_both_ways(path, staging)
        result.assert_same()
        return result

    return read


def row(*cells: str, number: int = 1) -> str:
    """A row of cells given from behind their place: ' t="s"><v>0</v></c>'."""
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    inner = "".join(f'<c r="{letters[place]}{number}"{cell}' for place, cell in enumerate(cells))
    return f'<row r="{number}">{inner}</row>'


def inline(text: str, space: str = "") -> str:
    return f' t="inlineStr"><is><t{space}>{text}</t></is></c>'


def value(text: str, attributes: str = "") -> str:
    return f"{attributes}><v>{text}</v></c>"


KEPT = ' xml:space="preserve"'
STRINGS = strings_xml(
    "<si><t>姓名</t></si><si><t> 空 </t></si><si><t xml:space='preserve'> 单引号 </t></si>"
    '<si><t xml:space="preserve"> 留空 </t></si><si><t/></si><si/><si><t></t></si><si><t>a&amp;b&#10;c</t></si>'
    "<si><r><t>粗</t></r><r><rPr><b/></rPr><t>体</t></r></si><si><t>汉</t><rPh sb='0' eb='1'><t>han</t></rPh></si>"
    '<si><t>一_x000D_二_x005F_三</t></si><si><t>=A1</t></si><si><t>="0012"</t></si><si><t>甲\n乙\t丙\r\n丁</t></si>'
)
N_STRINGS = 14
STYLES = styles_xml("yyyy\\-mm\\-dd", "0.00", "[h]:mm:ss", "h:mm", "#,##0_);[Red](#,##0)", "General", "@", "上午/下午h")
NUMBERS = [
    "0", "1", "-1", "12", "1234.5", "-0.5", "0.1", "0.30000000000000004", "1e5", "1E-7", "0.00001", "0.0001",
    "-0", "007", "1.50", "5.", ".5", "+5", " 5", "5 ", "0.1234567890123456", "1_0", "0x10", "字", "45098",
    "45098.354166666664", "0.5", "60", "59", "2958466", "-3", "1.00000000000000000000001",
]  # fmt: skip
# no dates: where one stands in a date style, the library may panic
HUGE = [
    "999999999999999", "1000000000000000", "123456789012345.6", "411426195001011234", "-411426195001011234",
    "1.7976931348623157e308", "1e400", "inf", "NaN",
]  # fmt: skip

BUILT_IN = styles_xml().replace(
    '<xf numFmtId="0" xfId="0"/>', "".join(f'<xf numFmtId="{n}" xfId="0"/>' for n in range(60))
)

PLAIN = {
    "共享文字": (row(*[value(str(n), ' t="s"') for n in range(N_STRINGS)]), {}),
    "直接文字": (
        row(
            inline("甲"), inline(" 甲 "), inline(" 甲 ", KEPT), inline(""), inline("a&lt;b&amp;&quot;"), inline('"引"'),
            inline("a > b"), inline("甲\n乙\t丙"), inline("甲\r\n乙"), inline("&#13;甲"), inline("_x4E2D_"),
            inline("\u3000全角\u3000"), inline("\u00a0"), inline("=B1"), inline('="012"'), inline(" ", KEPT),
            ' t="inlineStr"><is><t/></is></c>', inline("_x000D_\n", KEPT), inline("𠮷 ̈e"),
        ),
        {},
    ),
    "数字": ("".join(row(value(text), number=n) for n, text in enumerate([*NUMBERS, *HUGE], start=1)), {}),
    "各种样式的数字": (
        "".join(
            row(*[value(text, f' s="{style}"') for style in range(9)], value(text, ' s="99"'), number=n)
            for n, text in enumerate(NUMBERS, start=1)
        ),
        {"styles": STYLES},
    ),
    "1904": ("".join(row(value(text, ' s="1"'), number=n) for n, text in enumerate(NUMBERS, start=1)),
             {"styles": STYLES, "is_1904": True}),
    "真假": (row(*[value(text, ' t="b"') for text in ("1", "0", "true", "false")]), {}),
    "日期类型": (row(value("2023-06-21", ' t="d"'), value("2023-06-21T08:30:00", ' s="1" t="d"')), {"styles": STYLES}),
    "错误": (
        row(*[value(text, ' t="e"') for text in ("#N/A", "#REF!", "#DIV/0!")], ' t="e"><f>1/0</f><v>#DIV/0!</v></c>'),
        {},
    ),
    "公式": (
        row(
            "><f>A1</f><v>3</v></c>", "><f>A1</f><v></v></c>", "><f>A1</f><v/></c>", "><f>A1</f></c>",
            ' t="str"><f>A1&amp;B1</f><v> 文 </v></c>', ' t="str"><f>A1</f><v></v></c>', ' t="str"><f>A1</f></c>',
            ' s="1"><f t="shared" si="0"/><v>45098</v></c>', '><f t="shared" ref="A1:A2" si="0">B1</f><v>1</v></c>',
            ' t="b"><f>TRUE()</f><v>1</v></c>', ' t="str"><f>"x"\n&amp;"y"</f><v>a&amp;b_x000D_</v></c>',
        ),
        {"styles": STYLES},
    ),
    "公式在有值的区域之外": (
        row(value("1")) + '<row r="9"><c r="C9"><f>A1</f></c></row><row r="12"><c r="AB12" t="e"><v>#N/A</v></c></row>',
        {},
    ),
    "空格子": (
        row(' s="1"/>', value("1"), ' s="1"/>') + '<row r="4"/><row r="5" ht="3" customHeight="1"/><row r="6"></row>'
        '<row r="7"><c r="C7" s="1"/></row><row r="9"><c r="D9"/><c r="E9"></c><c r="F9"><v></v></c><c r="G9"><v/></c>'
        '<c r="H9"><v>2</v></c><c r="I9" t="inlineStr"></c><c r="J9" t="s"/></row><row r="11"/>',
        {"styles": STYLES},
    ),
    "只有空格子": (row(' s="1"/>', "/>") + '<row r="4"/>', {}),
    "没有行": ("", {}),
    "远处只有空格子": (row(value("1")) + '<row r="1048576"><c r="ALM1048576" s="0"/></row>', {}),
    "只有空白文字": (row(inline(" "), inline("\n")), {}),
    "自带的格式": (
        "".join(
            f'<row r="{n + 1}"><c r="A{n + 1}" s="{n}"><v>45098</v></c><c r="B{n + 1}" s="{n}"><v>0.25</v></c></row>'
            for n in range(60)
        ),
        {"styles": BUILT_IN},
    ),
    "隐藏行": (
        '<row r="1" hidden="1"/><row r="2" spans="1:3" hidden="1"><c r="A2"><v>1</v></c></row>'
        '<row r="3" hidden="true" x14ac:dyDescent="0.2"><c r="A3" s="0"/></row><row r="4" hidden="0"></row>'
        '<row r="5" hidden="1"></row>',
        {"root": ' xmlns:x14ac="http://schemas.microsoft.com/office/spreadsheetml/2009/9/ac"'},
    ),
    "前面空着": ('<row r="3"><c r="C3"><v>1</v></c></row><row r="1048576"><c r="AB1048576"><v>2</v></c></row>', {}),
    "倒着写的格子": ('<row r="1"><c r="C1"><v>1</v></c><c r="A1" t="b"><v>1</v></c><c r="B1"><v>2</v></c></row>', {}),
    "合并": (
        row(value("1")),
        {"behind": '<mergeCells count="3"><mergeCell ref="D1:E2"/><mergeCell ref="A1:B1"/><mergeCell ref="A9"/>'
                   '</mergeCells><pageMargins left="1"/>'},
    ),
    "前有各部": (row(value("1")), {"before": '<dimension ref="A1:C3"/><cols><col min="1" max="2" hidden="1"/></cols>'}),
}  # fmt: skip


def made(rows: str, root: str = "", **parts: object) -> bytes:
    around = {name: str(parts.pop(name)) for name in ("before", "behind") if name in parts}
    part = sheet_xml(rows, **around).replace("<worksheet", "<worksheet" + root)
    return book({"表": part}, **{"styles": styles_xml(), "strings": STRINGS, **parts})  # type: ignore[arg-type]


@pytest.mark.parametrize(("rows", "parts"), PLAIN.values(), ids=PLAIN.keys())
def test_plain_sheets_go_the_quick_way_to_the_same_end(both: Both, rows: str, parts: dict[str, object]) -> None:
    assert both(made(rows, **parts)).plain == [0]


STRAY = '<row r="1"><c r="A1"><v>1</v></c></row>'
REFUSED = {
    "没有位置的格子": "<row><c><v>1</v></c><c><v>2</v></c></row>",
    "格子没有位置": '<row r="1"><c><v>1</v></c></row>',
    "格子不在所说的行": '<row r="1"><c r="B7"><v>1</v></c></row>',
    "行号倒退": '<row r="5"><c r="A5"><v>1</v></c></row><row r="2"><c r="A2"><v>1</v></c></row>',
    "行号重复": STRAY + STRAY,
    "格子重复": '<row r="1"><c r="A1"><v>1</v></c><c r="A1"><v>2</v></c></row>',
    "格子重复而类型不同": '<row r="1"><c r="A1"><v>1</v></c><c r="A1" t="b"><v>1</v></c></row>',
    "小写的列": '<row r="1"><c r="a1"><v>1</v></c></row>',
    "太远的列": '<row r="1"><c r="A1"><v>1</v></c><c r="AMK1"><v>1</v></c></row>',
    "太大的行号": '<row r="1048577"><c r="A1048577"><v>1</v></c></row>',
    "单引号": "<row r='1'><c r='A1'><v>1</v></c></row>",
    "陌生的元素": '<row r="1"><c r="A1"><v>1</v><extLst/></c></row>',
    "陌生的类型": row(value("1", ' t="z"')),
    "陌生的属性": row(value("1", ' cm="1"')),
    "陌生的行属性": '<row r="1" z="1"><c r="A1"><v>1</v></c></row>',
    "换行缩进": '<row r="1">\n<c r="A1"><v>1</v></c>\n</row>',
    "注释": row("><!-- x --><v>1</v></c>"),
    "原样段": row(' t="inlineStr"><is><t><![CDATA[甲]]></t></is></c>'),
    "格式文字": row(' t="inlineStr"><is><r><t>甲</t></r><r><t>乙</t></r></is></c>'),
    "文字装在别的类型里": row(' t="s"><is><t>甲</t></is></c>'),
    "数值装在文字类型里": row(value("甲", ' t="inlineStr"')),
    "没有这条共享文字": row(value("99", ' t="s"')),
    "负的共享文字": row(value("-1", ' t="s"')),
    "空的共享文字号": row(value("", ' t="s"')),
    "陌生的真假": row(value("2", ' t="b"')),
    "陌生的错误": row(value("#SPILL!", ' t="e"')),
    "空的错误格": '<row r="1"><c r="A1" t="e"/><c r="B1"><v>5</v></c></row>',
    "陌生的实体": row(inline("a&nbsp;b")),
    "不成对的标签": '<row r="1"><c r="A1"><v>1</v></row>',
    "没写完": '<row r="1"><c r="A1"><v>1</v></c>',
    "控制符": row(inline("甲\n\x02乙")),
}


@pytest.mark.parametrize("rows", REFUSED.values(), ids=REFUSED.keys())
def test_what_is_not_plain_goes_the_patient_way(both: Both, rows: str) -> None:
    assert both(made(rows)).plain == []


def changed(old: str, new: str) -> bytes:
    return made("").replace(old.encode(), new.encode())


REFUSED_AROUND = {
    "前缀": {"表": sheet_xml(STRAY).replace("</", "\0").replace("<", "<x:").replace("\0", "</x:").replace("<x:?", "<?")
             .replace("xmlns", "xmlns:x")},
    "定义": {"表": sheet_xml(STRAY).replace("<worksheet", '<!DOCTYPE worksheet [<!ENTITY a "b">]><worksheet')},
    "别的编码": {"表": sheet_xml(STRAY).replace("UTF-8", "GB18030")},
    "合并写错": {"表": sheet_xml(STRAY, behind='<mergeCells><mergeCell ref="A1:"/></mergeCells>')},
    "倒着的合并": {"表": sheet_xml(STRAY, behind='<mergeCells><mergeCell ref="B2:A1"/></mergeCells>')},
    "合并在别处": {"表": sheet_xml(STRAY, behind='<z><mergeCell ref="A1:B2"/></z>')},
    "范围写错": {"表": sheet_xml(STRAY, before='<dimension ref=""/>')},
    "尾部不成对": {"表": sheet_xml(STRAY, behind="<mergeCells>")},
    "没有表体": {"表": '<worksheet xmlns="m"/>'},
}  # fmt: skip


@pytest.mark.parametrize("sheets", REFUSED_AROUND.values(), ids=REFUSED_AROUND.keys())
def test_sheets_with_odd_surroundings_go_the_patient_way(both: Both, sheets: dict[str, str]) -> None:
    assert both(book(sheets)).plain == []


BAD_STRINGS = {
    "缩进": "\n<si><t>甲</t></si>\n<si><t>乙</t></si>\n",
    "陌生的元素": "<z/><si><t>甲</t></si>",
    "不成对": "<si><t>甲</si>",
    "陌生的实体": "<si><t>&nbsp;</t></si>",
    "嵌套": "<si><t>甲</t><si><t>乙</t></si></si>",
    "注释": "<!-- x --><si><t>甲</t></si>",
    "冒充格子的末尾": """<si><t>&amp;</t></is></c><c r="A1" t="inlineStr"><is><t>乙</t></si>""",
}


@pytest.mark.parametrize("items", BAD_STRINGS.values(), ids=BAD_STRINGS.keys())
def test_odd_shared_strings_go_the_patient_way(both: Both, items: str) -> None:
    assert both(book({"表": sheet_xml(row(value("0", ' t="s"')))}, strings=strings_xml(items))).plain == []


@pytest.mark.parametrize(("n_rows", "plain"), [(10, []), (3000, [0])])
def test_small_books_are_left_to_the_library(
    both: Both, monkeypatch: pytest.MonkeyPatch, n_rows: int, plain: list[int]
) -> None:
    monkeypatch.undo()
    assert both(made("".join(row(value("1"), number=n) for n in range(1, n_rows + 1)))).plain == plain


def test_of_several_sheets_only_the_odd_one_goes_the_patient_way(both: Both) -> None:
    odd = sheet_xml('<row r="1"><c><v>2</v></c></row>')
    found = both(book({"甲": sheet_xml(STRAY), "乙": odd, "丙": sheet_xml(""), "丁": sheet_xml(STRAY)}))
    assert found.plain == [0, 2, 3]
    assert [sheet["sheet"] for sheet in found.quick.sheets] == ["甲", "乙", "丁"]


def test_nothing_is_kept_of_a_sheet_given_up_late(both: Both, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plain_lines, "PIECE", 400)
    rows = (
        "".join(row(value(str(n)), number=n) for n in range(1, 300)) + '<row r="300"><c r="A300"><v> </v><z/></c></row>'
    )
    found = both(made(rows))
    assert found.plain == []
    assert [path.name for path in found.quick.staging.iterdir()] == [sheet["data"] for sheet in found.quick.sheets]


@pytest.mark.parametrize("numbers", [(1, 2, 3, 3), (1, 2, 3, 2), (5, 6, 7, 1)])
def test_rows_out_of_order_are_noticed_between_pieces(
    both: Both, monkeypatch: pytest.MonkeyPatch, numbers: tuple[int, ...]
) -> None:
    monkeypatch.setattr(plain_lines, "PIECE", 45)
    assert both(made("".join(row(value("1"), number=number) for number in numbers[:3]))).plain == [0]
    assert both(made("".join(row(value("1"), number=number) for number in numbers))).plain == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (' r:id="', ' rel:id="'),
        ('Target="worksheets/', 'Target="../xl/worksheets/'),
        ('name="表"', 'name="表" state="odd"'),
        ("<sheets>", "<!-- x --><sheets>"),
        ("<workbook ", "<x:workbook "),
    ],
)
def test_odd_books_go_the_patient_way(both: Both, old: str, new: str) -> None:
    def change(_: str, part: bytes) -> bytes:
        part = part.replace(b"xmlns:r=", b"xmlns:rel=") if "rel:" in new else part
        return part.replace(old.encode(), new.encode())

    assert both(repacked(made(STRAY), change)).plain == []


@pytest.mark.parametrize("piece", [200, 331, 1000])
def test_pieces_end_where_rows_end(both: Both, monkeypatch: pytest.MonkeyPatch, piece: int) -> None:
    monkeypatch.setattr(plain_lines, "PIECE", piece)
    monkeypatch.setattr("mingcha.intake.containers.readers.plain_strings._PIECE", piece)
    rows = "".join(
        row(value(str(n % 14), ' t="s"'), inline(f"甲{n}"), *[value(str(n))] * (n % 5), ' s="1"/>', number=n)
        for n in range(1, 120)
    )
    assert both(made(rows, styles=STYLES)).plain == [0]


def test_a_rectangle_too_large_is_left_to_the_reader_by_rows(both: Both, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = STRAY + '<row r="1048576"><c r="ALM1048576"><v>1</v></c></row>'
    assert both(made(rows)).plain == []
    monkeypatch.setattr(plain_xlsx, "DENSE_CELLS", 25)
    assert both(made(STRAY)).plain == []
    monkeypatch.setattr(plain_xlsx, "DENSE_CELLS", 26)
    assert both(made(STRAY)).plain == [0]


def by_openpyxl() -> bytes:
    made = openpyxl.Workbook()
    sheet = made.active
    assert sheet is not None
    sheet.append(["姓名", "日期", "时刻", "金额", "备注"])
    sheet.append(["张三", dt.date(2023, 6, 21), dt.time(8, 30), 1234.5, "a&b <c>\n第二行"])
    sheet.append(["李四", dt.datetime(2023, 6, 21, 8, 30, 5), dt.timedelta(hours=30), True, "=A1&B1"])
    sheet.append([" 王五 ", None, None, 411426195001011234, "#N/A"])
    sheet.append([CellRichText("粗", TextBlock(InlineFont(b=True), "体")), None, "\t", "=SUM(D2:D3)"])
    sheet["D2"].number_format = '#,##0.00"元"'
    sheet["H9"].fill = PatternFill("solid", fgColor="FFFF00")
    sheet.merge_cells("A7:C8")
    sheet.row_dimensions[3].hidden = True
    sheet.freeze_panes = "A2"
    made.create_sheet("暗")["C5"] = "甲"
    made["暗"].sheet_state = "veryHidden"
    made.create_sheet("空")
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


def by_xlsxwriter(**options: object) -> bytes:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, options) as made:
        day = made.add_format({"num_format": "yyyy年m月d日"})
        bold = made.add_format({"bold": True})
        sheet = made.add_worksheet("名册 & 表")
        sheet.merge_range("A1:D1", "低保名册", bold)
        sheet.write_row(2, 0, ["姓名", "金额", "日期", "真", " 前后 ", "甲\n乙"])
        for number in range(3, 60):
            sheet.write_row(number, 0, [f"张{number}", number * 1.1, None, number % 2 == 0, "x&y"])
            sheet.write_datetime(number, 2, dt.datetime(2023, 6, 1) + dt.timedelta(days=number), day)
            sheet.write_formula(number, 6, f"=B{number}*2", None, number * 2.2)
            sheet.write_blank(number, 8, None, bold)
        sheet.write_formula(70, 0, '="a"&"b"', None, "ab")
        sheet.write_formula(71, 0, "=1/0", None, "#DIV/0!")
        sheet.write_rich_string(72, 0, "粗", bold, "体")
        sheet.set_row(5, None, None, {"hidden": True})
        sheet.autofilter("A3:F60")
        made.add_worksheet("空")
        hidden = made.add_worksheet("暗")
        hidden.write("B2", 7)
        hidden.hide()
    return file.getvalue()


@pytest.mark.parametrize(
    ("content", "plain"),
    [
        (by_openpyxl(), [1, 2]),
        (by_xlsxwriter(), [0, 1, 2]),
        (by_xlsxwriter(constant_memory=True), [1, 2]),
        (by_xlsxwriter(date_1904=True), [0, 1, 2]),
    ],
    ids=["openpyxl", "xlsxwriter", "xlsxwriter 直接文字", "xlsxwriter 1904"],
)
def test_books_of_other_programs(both: Both, content: bytes, plain: list[int]) -> None:
    """Both write formatted text into the cell itself; such a sheet is not plain."""
    assert both(content).plain == plain


def test_books_of_the_simulator(both: Both, tmp_path: Path) -> None:
    path = tmp_path / "模拟.xlsx"
    rows = [["姓名", "金额", "日期"], [" 张三", 1234.5, dt.date(2023, 6, 21)], ["李<四>", Formula("B2*2", 2469), None],
            ["王五", Formula("B9", None), 411426195001011234]]  # fmt: skip
    write_xlsx(path, [Grid("名册", rows, [(0, 0, 0, 2)]), Grid("空", []), Grid("二", [[], [None, "甲"]])])  # type: ignore[list-item]
    assert both(path).plain == [0, 1, 2]


def test_a_book_with_a_chart_sheet_is_left_to_the_library(both: Both) -> None:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as made:
        made.add_worksheet("表").write("A1", 1)
        chart = made.add_chart({"type": "bar"})
        chart.add_series({"values": "=表!$A$1:$A$2"})
        made.add_chartsheet("图").set_chart(chart)
    found = both(file.getvalue())
    assert found.plain == []
    assert found.quick.problems == found.patient.problems == ["sheet.kind"]


CELLS = st.one_of(
    st.none(),
    st.text(max_size=12),
    st.text("甲乙 &<>\"'_x000D\t\n=0", max_size=12),
    st.integers(-(10**14), 10**14),
    st.integers(min_value=10**14, max_value=10**20),
    st.floats(allow_nan=False, allow_infinity=False),
    st.decimals(-10000, 10000, places=2, allow_nan=False).map(float),
    st.booleans(),
    st.dates(dt.date(1900, 3, 1)),
    st.datetimes(dt.datetime(1900, 3, 1), dt.datetime(2199, 1, 1)).map(lambda moment: moment.replace(microsecond=0)),
    st.sampled_from(["=A1+B1", '="a"&"b"', "#N/A", "#REF!", '="0012"', "_x000D_", "\u3000", "　甲 "]),
)
SHEETS = st.lists(st.lists(CELLS, max_size=6), max_size=8)


def is_writable(cell: object) -> bool:
    return not isinstance(cell, str) or not ILLEGAL_CHARACTERS_RE.search(cell)


def written_by_openpyxl(rows: list[list[object]]) -> bytes:
    made = openpyxl.Workbook()
    sheet = made.active
    assert sheet is not None
    for number, cells in enumerate(rows, start=1):
        for column, cell in enumerate(cells, start=1):
            if is_writable(cell):
                sheet.cell(number, column, cell)  # type: ignore[arg-type]
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


def written_by_xlsxwriter(rows: list[list[object]], is_inline: bool) -> bytes:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"constant_memory": is_inline, "default_date_format": "yyyy-mm-dd hh:mm"}) as made:
        sheet = made.add_worksheet()
        for number, cells in enumerate(rows):
            for column, cell in enumerate(cells):
                if isinstance(cell, str) and is_writable(cell) and not cell.startswith("="):
                    sheet.write_string(number, column, cell)
                elif cell is not None and is_writable(cell):
                    sheet.write(number, column, cell)
    return file.getvalue()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=SHEETS, writer=st.sampled_from(["openpyxl", "xlsxwriter", "xlsxwriter inline"]))
def test_generated_sheets_read_the_same_both_ways(both: Both, rows: list[list[object]], writer: str) -> None:
    if writer == "openpyxl":
        content = written_by_openpyxl(rows)
    else:
        content = written_by_xlsxwriter(rows, is_inline=writer.endswith("inline"))
    assert both(content).plain == [0]


def test_a_library_that_refuses_the_book_leaves_the_odd_sheets_to_our_own_reader(
    both: Both, monkeypatch: pytest.MonkeyPatch
) -> None:
    styles = styles_xml().replace("</styleSheet>", "")
    found = both(book({"甲": sheet_xml(STRAY), "乙": sheet_xml('<row r="1"><c><v>2</v></c></row>')}, styles=styles))
    assert found.plain == []
