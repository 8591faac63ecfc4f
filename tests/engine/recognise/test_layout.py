# ruff: noqa: E501 - one sheet a line
"""Titles, units, column numbers, levels, stacked tables, helpers at the right, no header at all."""

from __future__ import annotations

from tests.engine.recognise.conftest import Plans, fields_of
from tests.engine.recognise.sheets import Cell, fill, table

PAID = "序号|姓名|身份证号|银行账号|发放金额"
PAID_ROW = "{n}|{name}|{id}|{acct}|#420"


def _rows(header: str, row: str, count: int = 4) -> list[list[Cell]]:
    return table(header, row, count)


def _line(text: str) -> list[Cell]:
    return [cell or None for cell in text.split("|")]


def test_titles_meta_units_numbers_and_a_total_before_the_data(plans: Plans) -> None:
    head, *data = _rows("序号|村|户主姓名|身份证号|保障人口|户月保障金额|合计", "{n}|王楼|{name}|{id}|#2|#420|#420")
    rows = [
        _line("附件1"),
        _line("夏邑县2023年6月农村低保对象花名册"),
        _line("填报单位：城关镇||单位：元"),
        head,
        _line("||||人|元|元"),
        _line("1|2|3|4|5|6|7"),
        _line("合计||||#12|#5000|#5000"),
        *data,
    ]
    (plan,) = plans(rows)
    assert (plan.dataset, plan.header_rows, plan.first_row, plan.last_row) == ("dibao_household", (4,), 7, 11)
    assert (plan.roll_month, plan.county_name, plan.township_hint) == ("2023-06", "夏邑", "城关镇")
    assert plan.constants["program"] == "农村低保"


def test_header_in_row_six(plans: Plans) -> None:
    head, *data = _rows(
        "所属街|所属社|户主姓名|户主身份证号|保障人口|户月保障金额（元）", "城关镇|健民|{name}|{id}|#2|#420"
    )
    rows = [
        _line(text)
        for text in ("夏邑县民政局", "社会救助信息系统", "导出时间：2023-07-03", "查询条件：在保", "2023年6月")
    ]
    (plan,) = plans([*rows, head, *data], file="城市低保家庭查询.xlsx")
    assert (plan.dataset, plan.header_rows, plan.first_row) == ("dibao_household", (6,), 7)
    assert (plan.roll_month, plan.constants["program"]) == ("2023-06", "城市低保")


def test_two_levels_merged_each_person_with_name_and_number(plans: Plans) -> None:
    rows = [
        _line("近亲属享受低保备案表"),
        _line("序号|干部信息|||近亲属信息||与干部关系|备案时间"),
        _line("|姓名|身份证号|职务|姓名|身份证号||"),
        *[
            [fill(cell, n) for cell in ["{n}", "{name}", "{id}", "村主任", "{name2}", "{id2}", "兄", "2023-01-02"]]
            for n in range(4)
        ],
    ]
    merged = [(1, 0, 1, 7), (2, 0, 3, 0), (2, 1, 2, 3), (2, 4, 2, 5), (2, 6, 3, 6), (2, 7, 3, 7)]
    (plan,) = plans(rows, merged=merged)
    assert (plan.dataset, plan.header_rows) == ("kin_filing", (2, 3))
    assert fields_of(plan) == {
        0: "seq", 1: "officer_name", 2: "officer_id", 3: "officer_unit", 4: "relative_name", 5: "relative_id",
        6: "kin", 7: "filed_on",
    }  # fmt: skip
    assert plan.columns[1].header == "干部信息/姓名"


def test_two_levels_without_merge_information(plans: Plans) -> None:
    rows = [
        _line("干部信息|||近亲属信息||与干部关系"),
        _line("姓名|身份证号|职务|姓名|身份证号|"),
        *[[fill(cell, n) for cell in ["{name}", "{id}", "村主任", "{name2}", "{id2}", "兄"]] for n in range(4)],
    ]
    (plan,) = plans(rows, file="备案.csv")
    assert (plan.dataset, plan.header_rows) == ("kin_filing", (1, 2))
    assert [column.field for column in plan.columns] == [
        "officer_name", "officer_id", "officer_unit", "relative_name", "relative_id", "kin",
    ]  # fmt: skip


def test_three_levels(plans: Plans) -> None:
    rows = [
        _line("序号|乡镇|村|姓名|身份证号|低保人员分类||||保障金额|"),
        _line("|||||基本情况||残疾|||"),
        _line("|||||性别|年龄|残疾类别|残疾等级|户月保障金额|合计"),
        *[
            [
                fill(c, n)
                for c in ["{n}", "会亭镇", "会北", "{name}", "{id}", "男", "#66", "肢体", "二级", "#420", "#470"]
            ]
            for n in range(4)
        ],
    ]
    merged = [(1, c, 3, c) for c in range(5)] + [(1, 5, 1, 8), (2, 5, 2, 6), (2, 7, 2, 8), (1, 9, 2, 10)]
    (plan,) = plans(rows, merged=merged, file="农村低保人员.xls")
    assert (plan.dataset, plan.header_rows, plan.first_row) == ("dibao_member", (1, 2, 3), 4)
    found = fields_of(plan)
    assert [found[i] for i in range(5, 11)] == [
        "sex", "age", "disability_type", "disability_level", "monthly_amount", "total_amount",
    ]  # fmt: skip


def test_one_name_twice_is_told_by_its_group(plans: Plans) -> None:
    rows = [
        _line("残疾人两项补贴名册"),
        _line("姓名|身份证号|残疾等级|困难残疾人生活补贴||重度残疾人护理补贴|"),
        _line("|||补贴标准|补贴金额|补贴标准|补贴金额"),
        *[[fill(c, n) for c in ["{name}", "{id}", "一级", "#75", "#75", "#75", "#75"]] for n in range(4)],
    ]
    merged = [(2, 3, 2, 4), (2, 5, 2, 6), (2, 0, 3, 0), (2, 1, 3, 1), (2, 2, 3, 2)]
    (plan,) = plans(rows, merged=merged)
    assert plan.dataset == "disability_subsidy"
    found = fields_of(plan)
    assert (found[4], found[6]) == ("living_amount", "care_amount")
    assert {3, 5}.isdisjoint(found)


def test_a_table_without_header_is_read_by_its_values_where_the_file_says_what_it_is(plans: Plans) -> None:
    _, *data = _rows(PAID, PAID_ROW)
    (plan,) = plans(data, file="2023年6月低保金打卡.txt", name="")
    assert (plan.dataset, plan.header_rows, plan.first_row) == ("payment", (), 1)
    assert fields_of(plan) == {1: "name", 2: "id_no", 3: "account_no", 4: "amount"}
    assert {column.how for column in plan.columns} == {"profile"}
    assert plan.constants == {"project": "低保金", "period": "2023年6月"}
    assert plan.notes


def test_a_table_without_header_and_without_a_word_is_asked_about(plans: Plans) -> None:
    _, *data = _rows("序号|姓名|身份证号|金额", "{n}|{name}|{id}|#420")
    (plan,) = plans(data, file="a.txt")
    assert plan.dataset is None


def test_stacked_tables_each_with_its_caption(plans: Plans) -> None:
    rows = [
        _line("居民家庭经济状况核对报告"),
        _line("一、公积金"), *_rows("家庭成员姓名|缴存单位|月缴额|汇缴状态|反馈时间", "{name}|某公司|#820|正常|2023-05-01", 2),
        _line("二、车辆信息"), *_rows("姓名|号牌号码|号牌种类|车辆类型|反馈时间", "{name}|豫N1234{n}|小型汽车|小型轿车|2023-05-01", 2),
        _line("三、不动产"), *_rows("权利人|坐落|建筑面积|规划用途|反馈时间", "{name}|城关镇某小区|#100|住宅|2023-05-01", 2),
        _line("四、存款"), *_rows("姓名|个人存款是否超限|家庭存款是否超限|反馈时间", "{name}|否|否|2023-05-01", 2),
    ]  # fmt: skip
    found = plans(rows, file="核对报告.xlsx")
    assert [plan.dataset for plan in found] == ["hx_other", "vehicle", "real_estate", "hx_other"]
    assert [(plan.first_row, plan.last_row) for plan in found] == [(4, 5), (8, 9), (12, 13), (16, 17)]


def test_tables_stacked_far_below_the_head_are_found(plans: Plans) -> None:
    payments = _rows(PAID, PAID_ROW, 500)
    vehicles = _rows("姓名|身份证号|号牌号码|号牌种类|车辆类型", "{name}|{id}|豫N1234{n}|小型汽车|小型轿车", 30)
    first, second = plans([*payments, ["车辆信息"], *vehicles], file="数据.xlsx")
    assert (first.dataset, first.first_row, first.last_row) == ("payment", 2, 501)
    assert (second.dataset, second.header_rows, second.first_row, second.last_row) == ("vehicle", (503,), 504, 533)


def test_the_header_repeated_at_page_breaks_is_one_table(plans: Plans) -> None:
    page = [*_rows(PAID, PAID_ROW), _line("本页合计||||#1680")]
    (plan,) = plans([["低保金发放表2023.6"], *page, *page, *page])
    assert (plan.dataset, plan.header_rows, plan.first_row, plan.last_row) == ("payment", (2,), 3, 19)


def test_the_header_repeated_in_a_long_sheet_is_one_table(plans: Plans) -> None:
    page = _rows(PAID, PAID_ROW, 40)
    (plan,) = plans([["低保金发放表2023.6"], *(page * 15)])
    assert (plan.dataset, plan.last_row) == ("payment", 616)


def test_drop_down_helpers_at_the_right_are_left_alone(plans: Plans) -> None:
    head, *data = _rows(
        "姓名|身份证号|残疾类别|残疾等级|补贴类型|补贴金额||残疾类别|残疾等级",
        "{name}|{id}|肢体残疾|二级|护理补贴|#75|||",
        6,
    )
    data[0][7:9] = ["视力残疾", "一级"]
    data[1][7:9] = ["听力残疾", "二级"]
    (plan,) = plans([head, *data], file="两项补贴导入模板.xls")
    found = fields_of(plan)
    assert (found[2], found[3]) == ("disability_type", "disability_level")
    assert {7, 8}.isdisjoint(found)


def test_a_cover_sheet_is_no_failure(plans: Plans) -> None:
    (plan,) = plans([["填表说明"], ["1. 本表由乡镇填写，每月5日前报送。"], ["2. 身份证号请用文本格式。"]], name="说明")
    assert (plan.dataset, plan.nearest, plan.columns) == (None, (), ())
    assert "没有找到数据表" in plan.notes[0]


def test_pinyin_headers(plans: Plans) -> None:
    header = "HH|XM|GMSFHM|XB|MZ|CSRQ|YHZGX|HJDXZ|PCS"
    row = "4114260001{n}|{name}|{id}|男|汉族|19650302|长子|夏邑县会亭镇会北村|会亭派出所"
    (plan,) = plans(_rows(header, row), file="户籍.xlsx")
    assert plan.dataset == "hukou"
    assert [column.field for column in plan.columns] == (
        ["household_no", "name", "id_no", "sex", "ethnicity", "birth_date", "relation", "hukou_address", "police"]
    )


def test_data_element_ids_are_mapped_by_values_and_caption(plans: Plans) -> None:
    header = "d204c210001|d204c210002|d204c210003|d204c210004"
    (plan,) = plans([["婚姻登记信息"], *_rows(header, "{name}|{id}|{name2}|{id2}")], file="核对.xls")
    assert plan.dataset == "hx_other"
    assert fields_of(plan) == {0: "name", 1: "id_no", 2: "spouse_name", 3: "spouse_id"}


def test_ten_thousands_from_header_unit_row_and_meta_row(plans: Plans) -> None:
    row = "农村低保|中央|豫财〔2023〕1号|#1200|#900|2023-01-02"
    own = _rows("资金项目|资金来源|指标文号|到位金额（万元）|支出金额（元）|到账日期", row)
    (plan,) = plans([["资金拨付台账"], *own])
    assert {column.field: column.factor for column in plan.columns}["arrived"] == 10000
    assert {column.field: column.factor for column in plan.columns}["paid"] == 1
    head, *data = _rows("资金项目|资金来源|指标文号|到位金额|支出金额|到账日期", row)
    for rows in (
        [["资金拨付台账"], ["单位：万元"], head, *data],
        [["资金拨付台账"], head, _line("|||万元|万元|"), *data],
    ):
        (plan,) = plans(rows)
        factors = {column.field: column.factor for column in plan.columns}
        assert (factors["arrived"], factors["paid"]) == (10000, 10000)
        assert factors["arrive_on"] == 1


def test_an_empty_template_is_recognised_without_rows(plans: Plans) -> None:
    (plan,) = plans([["2023年6月低保金发放表"], PAID.split("|")])
    assert plan.dataset == "payment"
    assert plan.first_row > plan.last_row


def test_three_levels_without_merges_are_one_header(plans: Plans) -> None:
    rows = [
        _line("夏邑县2023年5月农村低保家庭成员名册"),
        _line("序号|人员情况|||居委|与主申请人关系|是否保障|户主身份证号"),
        _line("|基本信息||||||"),
        _line("|本人姓名|性别|身份证号码||||"),
        *_rows("a|b|c|d|e|f|g|h", "{n}|{name}|男|{id}|会北|子|是|{id2}")[1:],
    ]
    (plan,) = plans(rows, file="名册.csv")
    assert (plan.dataset, plan.header_rows) == ("dibao_member", (2, 3, 4))
    expected = ("seq", "name", "sex", "id_no", "village", "relation", "insured", "head_id")
    assert fields_of(plan) == dict(enumerate(expected))


def test_a_generic_group_is_no_field_of_its_own(plans: Plans) -> None:
    rows = [
        _line("2023年5月农村最低生活保障户名册"),
        _line("序号|人员情况||户主证件号|月低保金额|享受人数"),
        _line("|乡/镇|户主||||"),
        *_rows("a|b|c|d|e|f", "{n}|会亭镇|{name}|{id}|#420|2")[1:],
    ]
    (plan,) = plans(rows, merged=((2, 1, 2, 2),))
    assert plan.dataset == "dibao_household"
    expected = ("seq", "township", "head_name", "head_id", "monthly_amount", "insured_size")
    assert fields_of(plan) == dict(enumerate(expected))


def test_a_short_table_under_a_caption_of_its_own_is_a_further_table(plans: Plans) -> None:
    rows = [
        _line("2023年5月城乡低保和特困供养标准表"),
        *_rows("救助类别|保障标准|执行起始日期|文号", "低保|#460|2023-01-01|见附件"),
        _line(""),
        _line("2023年5月农村低保分档补差标准"),
        _line("填报单位：夏邑县民政局|单位：元"),
        *_rows("序号|月补差标准|补差档次", "{n}|#380|A类"),
    ]
    first, second = plans(rows)
    assert (first.dataset, second.dataset) == ("standard", "tier")
    assert fields_of(second) == {0: "seq", 1: "amount", 2: "tier"}


def test_a_cover_and_a_foreign_list_ask_nothing(plans: Plans) -> None:
    (cover,) = plans([["夏邑县"], [None, "农村低保名册"], [None, "（内部资料）"]], name="封面")
    (foreign,) = plans(_rows("rule_id|id_number|why", "R01|{id}|期限届满日当天"), file="near-misses.csv")
    for plan in (cover, foreign):
        assert (plan.dataset, plan.nearest) == (None, ())
        assert plan.notes


def test_a_header_of_two_levels_repeated_at_page_breaks_begins_no_further_table(plans: Plans) -> None:
    upper = _line("序号|镇街|户主姓名|户主身份证|保障人口|保障金额|||手机号码")
    lower = _line("|||||月保障金额（元）|家庭分类施保总额（元）|总发放金额（元）|")
    data = _rows("a|b|c|d|e|f|g|h|i", "{n}|会亭镇|{name}|{id}|2|#570|#50|#620|{phone}", 20)[1:]
    page = [upper, lower, *data]
    rows = [_line("夏邑县会亭镇2023年4月农村低保家庭名册"), *page, *page, *page]
    (plan,) = plans(rows, merged=((2, 5, 2, 7),))
    assert (plan.dataset, plan.header_rows, plan.last_row) == ("dibao_household", (2, 3), len(rows))
    long = [*rows, *(line for _ in range(25) for line in page)]
    (plan,) = plans(long, merged=((2, 5, 2, 7),))
    assert (plan.dataset, plan.header_rows, plan.last_row) == ("dibao_household", (2, 3), len(long))
