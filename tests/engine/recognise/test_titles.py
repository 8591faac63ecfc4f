# ruff: noqa: E501 - one sheet a line
"""What titles, sheet, file and folder names say."""

from __future__ import annotations

import pytest
from tests.engine.recognise.conftest import Plans
from tests.engine.recognise.sheets import Cell, table

PAID = table("姓名|身份证号|银行账号|金额", "{name}|{id}|{acct}|#420")
ROLL = table("村|户主姓名|户主身份证号|保障人口|户月保障金额", "王楼|{name}|{id}|#2|#420")


@pytest.mark.parametrize(
    ("titles", "name", "file", "month"),
    [
        (["2023年6月低保金发放表"], "Sheet1", "a.xls", "2023-06"),
        (["低保金发放表（2023.06）"], "Sheet1", "a.xls", "2023-06"),
        (["低保金发放表"], "Sheet1", "低保202306.xls", "2023-06"),
        (["低保金发放表"], "6月份", "2023年.xls", "2023-06"),
        (["低保金发放表"], "六月", "2023年度/发放.xls", "2023-06"),
        (["二〇二三年六月份低保金发放表"], "Sheet1", "a.xls", "2023-06"),
        (["2023年第二季度特困供养金发放表"], "Sheet1", "a.xls", "2023-04"),
        (["截至2023年6月30日低保发放表"], "Sheet1", "a.xls", "2023-06"),
        (["低保金发放表"], "Sheet1", "导出_20230630.xls", "2023-06"),
        # a document number is no month, a date of issue only where nothing else speaks
        (["夏民〔2023〕11号低保金发放表"], "Sheet1", "a.xls", None),
        (["2023年6月低保金发放表", "填报日期：2023年7月3日"], "Sheet1", "a.xls", "2023-06"),
        (["低保金发放表", "填报日期：2023年7月3日"], "Sheet1", "202306.xls", "2023-06"),
        (["低保金发放表", "填报日期：2023年7月3日"], "Sheet1", "a.xls", "2023-07"),
        (["低保金发放表"], "Sheet1", "a.xls", None),
    ],
)
def test_month(titles: list[str], name: str, file: str, month: str | None, plans: Plans) -> None:
    rows: list[list[Cell]] = [[title] for title in titles]
    (plan,) = plans([*rows, *PAID], name=name, file=file)
    assert plan.dataset == "payment"
    assert plan.roll_month == month


def test_a_quarter_is_given_as_written(plans: Plans) -> None:
    (plan,) = plans([["2023年第2季度特困供养金发放表"], *PAID])
    assert plan.constants["period"] == "2023年第二季度"
    assert plan.constants["project"] == "特困供养金"


def test_a_span_of_months_is_no_month_of_payment(plans: Plans) -> None:
    (plan,) = plans([["2023年1-6月低保金发放表"], *PAID])
    assert "period" not in plan.constants
    assert plan.roll_month == "2023-06"


@pytest.mark.parametrize(
    ("title", "name", "file", "county", "township"),
    [
        ("夏邑县城关镇2023年6月农村低保花名册", "Sheet1", "a.xls", "夏邑", "城关镇"),
        ("农村低保花名册", "桑固", "a.xls", None, "桑堌乡"),
        ("农村低保花名册", "Sheet1", "会亭镇/低保.xls", None, "会亭镇"),
        ("永城市2023年6月农村低保花名册", "Sheet1", "a.xls", "永城", None),
        ("农村低保花名册", "Sheet1", "外县/民权县.xls", "民权", None),
        ("2023年6月份砀山县农村低保花名册", "Sheet1", "a.xls", "砀山", None),
        ("某县李庄镇农村低保花名册", "Sheet1", "a.xls", None, "李庄镇"),
        ("各乡镇城乡低保花名册", "Sheet1", "a.xls", None, None),
        ("郭庄农贸区低保花名册", "Sheet1", "a.xls", None, "郭庄农贸区"),
    ],
)
def test_places(title: str, name: str, file: str, county: str | None, township: str | None, plans: Plans) -> None:
    (plan,) = plans([[title], *ROLL], name=name, file=file)
    assert plan.dataset == "dibao_household"
    assert plan.county_name == county or (county is None and plan.county_name == "某县")
    assert plan.township_hint == township
    assert plan.constants.get("township") == township


def test_a_city_named_cheng_shi_is_not_urban(plans: Plans) -> None:
    (plan,) = plans([["永城市低保对象花名册"], *ROLL])
    assert "program" not in plan.constants
    (plan,) = plans([["永城市农村低保对象花名册"], *ROLL])
    assert plan.constants["program"] == "农村低保"
    (plan,) = plans([["永城市城市低保对象花名册"], *ROLL])
    assert plan.constants["program"] == "城市低保"
    (plan,) = plans([["城乡低保对象花名册"], *ROLL])
    assert "program" not in plan.constants


@pytest.mark.parametrize(
    ("dataset", "title", "header", "row", "constants"),
    [
        ("low_income_household", "刚性支出困难家庭名册", "户主姓名|户主身份证号|家庭人口|认定时间", "{name}|{id}|#3|2023-05", {"li_type": "刚性支出困难"}),
        ("disability_subsidy", "重度残疾人护理补贴名册", "姓名|身份证号|残疾等级|补贴金额", "{name}|{id}|一级|#75", {"subsidy_type": "重度残疾人护理补贴"}),
        ("disability_subsidy", "残疾人两项补贴名册", "姓名|身份证号|残疾等级|补贴金额", "{name}|{id}|一级|#75", {"subsidy_type": "两项"}),
        ("child", "事实无人抚养儿童名册", "姓名|身份证号|监护人|基本生活费", "{name}|{id}|{name2}|#1050", {"category": "事实无人抚养儿童"}),
        ("child", "孤儿和事实无人抚养儿童名册", "姓名|身份证号|监护人|基本生活费", "{name}|{id}|{name2}|#1050", {}),
        ("standard", "2023年农村低保标准", "项目|标准|执行时间", "低保|#423|2023-07-01", {"area": "农村低保", "program": "低保"}),
        ("market_entity", "企业投资人", "姓名|身份证号|企业名称|统一社会信用代码", "{name}|{id}|某公司|91411426MA3XAY2X4A", {"role": "投资人"}),
        ("tekun_person", "分散供养特困人员花名册", "乡镇|村|姓名|身份证号|自理能力|供养金", "会亭镇|会北|{name}|{id}|半自理|#750", {"support_mode": "分散供养"}),
        ("warning_in", "省民政厅下发疑似死亡预警名单", "姓名|身份证号|预警内容|核查结果", "{name}|{id}|火化数据|", {"warn_kind": "疑似死亡"}),
        ("payment", "2023年6月残疾人护理补贴发放明细", "姓名|身份证号|账号|金额", "{name}|{id}|{acct}|#75", {"project": "重度残疾人护理补贴", "period": "2023年6月"}),
        ("payment", "2023年6月低保、特困资金发放明细", "姓名|身份证号|账号|金额", "{name}|{id}|{acct}|#75", {"period": "2023年6月"}),
    ],
)  # fmt: skip
def test_constants(dataset: str, title: str, header: str, row: str, constants: dict[str, str], plans: Plans) -> None:
    (plan,) = plans([[title], *table(header, row)])
    assert plan.dataset == dataset
    ours = {
        "li_type",
        "subsidy_type",
        "category",
        "area",
        "program",
        "role",
        "support_mode",
        "warn_kind",
        "project",
        "period",
    }
    assert {name: text for name, text in plan.constants.items() if name in ours} == constants


def test_unit_of_a_staff_list_comes_from_a_meta_row_not_from_yuan(plans: Plans) -> None:
    rows = table("姓名|身份证号|职务|应发工资", "{name}|{id}|科员|#4200")
    (plan,) = plans([["财政供养人员工资表"], ["单位：夏邑县某局", None, "单位：元"], *rows])
    assert plan.constants["unit"] == "夏邑县某局"
    (plan,) = plans([["财政供养人员工资表"], ["单位：元"], *rows])
    assert "unit" not in plan.constants


def test_title_and_unit_may_share_a_row(plans: Plans) -> None:
    (plan,) = plans([["夏邑县2023年6月低保金发放明细表", None, "单位：元"], *PAID])
    assert (plan.dataset, plan.roll_month, plan.county_name) == ("payment", "2023-06", "夏邑")


@pytest.mark.parametrize(
    ("name", "file", "village"),
    [
        ("王楼村", "桑堌乡低保.xlsx", "王楼村"),
        ("王楼", "桑堌乡/低保.xlsx", "王楼村"),
        ("张三李村", "低保.xlsx", "张三李村"),
        ("6月", "桑堌乡.xlsx", None),
    ],
)
def test_a_sheet_named_for_its_village(name: str, file: str, village: str | None, plans: Plans) -> None:
    (plan,) = plans(table("户主姓名|户主身份证号|保障人口|户月保障金额", "{name}|{id}|#2|#420"), name=name, file=file)
    assert plan.dataset == "dibao_household"
    assert plan.constants.get("village") == village
