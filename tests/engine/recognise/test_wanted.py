# ruff: noqa: E501 - one sheet a line
"""Headers nobody has listed: found by what is left, asked for where two might be meant, never guessed."""

from __future__ import annotations

import pytest
from tests.engine.recognise.conftest import Plans, fields_of
from tests.engine.recognise.sheets import table

VISIT = "户主姓名|户主身份证号|入户日期|是否符合条件|{extra}"
VISIT_ROW = "{name}|{id}|2023-05-06|符合|{extra}"


def _visit(extra: str, values: str) -> list[list[str | int | float | None]]:
    row = VISIT_ROW.replace("{extra}", values)
    return [["2023年5月低保对象入户核查登记表"], *table(VISIT.replace("{extra}", extra), row)]  # type: ignore[list-item]


@pytest.mark.parametrize("header", ["参加入户干部", "入户同志", "入户工作人员"])
def test_a_required_column_under_a_new_name_is_found_by_what_is_left_and_named(plans: Plans, header: str) -> None:
    (plan,) = plans(_visit(header, "{name2}"))
    assert plan.dataset == "visit_check"
    assert fields_of(plan)[4] == "visitors"


def test_what_was_found_so_is_told(plans: Plans) -> None:
    (plan,) = plans(_visit("入户同志", "{name2}"))
    assert any("入户同志" in note and "请核对" in note for note in plan.notes)


def test_a_column_of_other_people_is_not_taken_for_a_required_one(plans: Plans) -> None:
    (plan,) = plans(_visit("网格员", "{name2}"))
    assert "visitors" not in fields_of(plan).values()


def test_a_header_that_only_might_be_the_required_one_is_asked_about(plans: Plans) -> None:
    (plan,) = plans(_visit("入户走访同志", "{name2}"))
    assert plan.dataset is None
    assert "可能是这些表头之一：入户走访同志" in plan.notes[0]


def test_where_two_columns_might_be_the_required_one_the_user_is_asked(plans: Plans) -> None:
    (plan,) = plans(_visit("入户同志一|入户同志二", "{name2}|{name}"))
    assert plan.dataset is None
    assert plan.nearest[0][0] == "visit_check"
    assert "入户同志一" in plan.notes[0]
    assert "入户人员签字" in plan.notes[0]


def test_a_list_without_numbers_or_title_is_asked_about(plans: Plans) -> None:
    (plan,) = plans(table("主申请人|月救助金额|家庭人口|享受低保人口", "{name}|#420|3|2"), file="表16.csv")
    assert plan.dataset is None
    assert plan.nearest


@pytest.mark.parametrize(
    ("dataset", "title", "header", "row", "stranger"),
    [
        ("employment", "就业登记人员信息", "姓名|身份证号|单位名称|就业登记日期|{}", "{name}|{id}|恒发商店|2023-01-02|已核", "驻村队员"),
        ("child", "孤儿花名册", "姓名|身份证号|监护人姓名|儿童类别|基本生活费|{}", "{name}|{id}|{name2}|孤儿|#1100|甲", "审核状态码"),
        ("tekun_person", "特困人员名册", "乡镇|村|姓名|身份证号|供养方式|基本生活标准|{}", "会亭镇|会北|{name}|{id}|分散|#600|甲", "审核状态码"),
        ("payment", "2023年5月困难群众救助资金打卡发放表", "姓名|身份证号|银行账号|金额|{}", "{name}|{id}|{acct}|#420|已核", "审核状态码"),
    ],
)  # fmt: skip
def test_a_word_inside_another_header_does_not_make_it_that_field(
    plans: Plans, dataset: str, title: str, header: str, row: str, stranger: str
) -> None:
    (plan,) = plans([[title], *table(header.replace("{}", stranger), row)])
    assert plan.dataset == dataset
    assert stranger in plan.unfit


@pytest.mark.parametrize(
    ("title", "header", "row", "fields"),
    [
        ("审计发现问题整改台账", "牵头单位|整改期限|整改具体措施|存在的问题", "会亭镇人民政府|2023-10-19|追回资金|多发低保金", "unit due_on measures title"),
        ("救助对象银行卡折代管登记表", "姓名|身份证号|代管人|代管人与对象关系|代管人身份/职务", "{name}|{id}|{name2}|邻居|村会计", "name id_no holder_name relation holder_post"),
        ("12345热线工单明细", "工单编码|来电人|反映问题|受理日期", "GD{n}|{name}|咨询低保|2023-05-06", "case_no caller_name content received_at"),
        ("信访事项登记台账", "信访登记号|来信来访人|收到日期|信访诉求", "XF{n}|{name}|2023-05-06|申请低保", "case_no petitioner received_on content"),
        ("不动产登记查询结果", "房屋所有人|身份证件号|坐落地址|建筑面积(平方米)|权证号", "{name}|{id}|夏邑县城关镇康复路{n}号|#98|XY{n}", "name id_no location area cert_no"),
        ("车辆登记信息", "车主|身份证号|车牌号|牌照种类|初登日期", "{name}|{id}|豫N1234{n}|小型汽车|2019-05-06", "name id_no plate plate_type first_reg"),
        ("省级预警疑点信息下发名单", "姓名|身份证件号|预警信息类型|预警信息内容|推送时间", "{name}|{id}|疑似死亡|殡葬比对|2023-05-06", "name id_no warn_kind detail issued_on"),
        ("困难群众救助资金拨付台账", "救助项目|资金级别|到账资金|支付金额|到位日期", "农村低保|省级|#50000|#40000|2023-05-06", "project source arrived paid arrive_on"),
        ("农村低保人员花名册", "乡/镇|村庄|户主公民身份号码|姓名|公民身份证号|称谓|是否低保人员|人员状态|停发日期", "会亭镇|会北|{id2}|{name}|{id}|妻|是|在保|", "township village head_id name id_no relation insured status end_date"),
        ("孤儿和事实无人抚养儿童花名册", "姓名|身份证号|现监护人|类别|月保障标准|保障状态|停发时间", "{name}|{id}|{name2}|孤儿|#1100|在册|", "name id_no guardian_name category amount status leave_on"),
        ("残疾人两项补贴花名册", "姓名|身份证号|残疾等级|困难生活补贴|重残护理补贴|享受状态|停发月份", "{name}|{id}|二级|#75|#75|正常|", "name id_no disability_level living_amount care_amount status end_date"),
        ("低保边缘家庭名册", "户主姓名|户主身份证号|低收入类型|家庭成员数|认定日期|退出日期", "{name}|{id}|低保边缘|3|2023-01-06|", "head_name head_id li_type family_size recognised_on end_date"),
    ],
)  # fmt: skip
def test_names_that_offices_were_thought_to_use(plans: Plans, title: str, header: str, row: str, fields: str) -> None:
    (plan,) = plans([[title], *table(header, row)])
    assert [fields_of(plan).get(index) for index in range(len(fields.split()))] == fields.split()


@pytest.mark.parametrize(
    ("header", "row"),
    [
        ("户编号|乡镇|村（居）|姓名|身份证号|月份|级别|疑点说明", "H{n}|会亭镇|会北|{name}|{id}|2023年5月|红|请核对"),
        ("对象|所在|月份|金额（元）", "{name}|会亭镇会北|2023年5月|#420"),
    ],
)
def test_a_paper_that_lacks_what_the_nearest_dataset_needs_is_not_taken_for_it(
    plans: Plans, header: str, row: str
) -> None:
    (plan,) = plans(table(header, row), file="明细.xlsx")
    assert plan.dataset is None
