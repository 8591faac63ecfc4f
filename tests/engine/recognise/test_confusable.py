# ruff: noqa: E501 - one sheet a line
"""Datasets that share columns: what decides between them, and when to ask."""

from __future__ import annotations

import pytest
from tests.engine.recognise.conftest import Plans, fields_of
from tests.engine.recognise.sheets import table

ROLL = "乡镇|村|户主姓名|户主身份证号|家庭人口|享受人数|救助金额|救助开始日期"
ROLL_ROW = "会亭镇|会北|{name}|{id}|3|3|#420|2023-06-02"
MEMBERS = "户主身份证号|姓名|身份证号|与户主关系|性别|民族|纳入月份"
MEMBERS_ROW = "{id2}|{name}|{id}|妻|女|汉族|202303"
DISABLED = "姓名|身份证号|残疾证号|残疾等级|补贴类型|补贴金额|银行账号"
DISABLED_ROW = "{name}|{id}|{cert}|一级|护理补贴|#75|{acct}"
PAID = "姓名|身份证号|银行账号|金额"
PAID_ROW = "{name}|{id}|{acct}|#75"
STAFF = "单位|姓名|身份证号|职务|人员类别"
DEATH = "姓名|身份证号|死亡日期"
DEATH_ROW = "{name}|{id}|2023-05-03"

TABLE = [
    # same columns, told by the title
    ("temp_assistance", "2023年临时救助台账", "a.xlsx", ROLL + "|救助原因", ROLL_ROW + "|因病"),
    ("dibao_household", "2023年6月农村低保花名册", "a.xlsx", ROLL + "|申请原因", ROLL_ROW + "|因病"),
    ("low_income_member", "低保边缘家庭成员", "a.xlsx", MEMBERS, MEMBERS_ROW),
    ("dibao_member", "低保家庭成员", "a.xlsx", MEMBERS, MEMBERS_ROW),
    ("low_income_member", "", "低保边缘人员查询.xls", MEMBERS, MEMBERS_ROW),
    ("dibao_member", "", "农村低保人员查询.xls", MEMBERS, MEMBERS_ROW),
    (None, "", "a.xlsx", MEMBERS.removesuffix("|纳入月份"), MEMBERS_ROW.removesuffix("|202303")),
    # folder alone
    ("temp_assistance", "", "临时救助/6月.xlsx", "户主姓名|身份证号|家庭人口|救助金额|审批时间|困难原因", "{name}|{id}|3|#2000|2023-05-03|因病"),
    # subsidy roll, certificate roll, payments
    ("disability_subsidy", "残疾人两项补贴花名册", "a.xlsx", DISABLED, DISABLED_ROW),
    ("payment", "2023年6月两项补贴发放明细", "a.xlsx", DISABLED + "|发放日期|发放状态", DISABLED_ROW + "|2023-06-10|成功"),
    ("payment", "2023年6月重度残疾人护理补贴发放表", "a.xlsx", PAID, PAID_ROW),
    ("disability_cert", "", "a.xlsx", "姓名|残疾证号|残疾类别|残疾等级|住址", "{name}|{cert}|肢体|一级|会亭镇会北村"),
    ("payment", "2023年6月特困供养金发放花名册", "a.xlsx", PAID, PAID_ROW),
    ("tekun_person", "2023年6月特困供养金发放花名册", "a.xlsx", "乡镇|村|" + PAID.replace("金额", "供养方式|自理能力|供养金"), "会亭镇|会北|{name}|{id}|{acct}|分散|半护理|#750"),
    ("payment", "2023年6月孤儿基本生活费发放表", "a.xlsx", "姓名|身份证号|监护人|银行账号|发放金额", "{name}|{id}|{name2}|{acct}|#1050"),
    ("child", "孤儿花名册", "a.xlsx", "姓名|身份证号|监护人|银行账号|基本生活费", "{name}|{id}|{name2}|{acct}|#1050"),
    ("pension", "2023年6月城乡居保待遇发放明细", "a.xlsx", PAID + "|基础养老金", PAID_ROW + "|#108"),
    # deaths
    ("death_cancel", "", "6月死亡.xlsx", DEATH, DEATH_ROW),
    ("funeral", "", "殡仪馆6月.xlsx", DEATH, DEATH_ROW),
    ("funeral", "", "6月死亡.xlsx", DEATH + "|火化日期", DEATH_ROW + "|2023-05-05"),
    # staff
    ("officer", "村干部花名册", "a.xlsx", STAFF, "会亭镇|{name}|{id}|村主任|村干部"),
    ("fiscal_staff", "财政供养人员名单", "a.xlsx", STAFF, "县财政局|{name}|{id}|科员|公务员"),
    (None, "", "a.xlsx", STAFF, "县财政局|{name}|{id}|科员|其他"),
    # a 公示表 stays one even where it gives identity numbers: that is itself a finding
    ("disclosure", "会北村低保对象公示", "a.xlsx", "户主姓名|身份证号|保障人口|保障金额", "{name}|{id}|3|#420"),
    ("hotline", "", "a.xlsx", "工单号|来电人|来电号码|诉求内容|受理时间", "{n}|{name}|{phone}|问低保|2023-01-02"),
    ("petition", "", "a.xlsx", "信访人|来电号码|反映内容|登记日期|信访形式", "{name}|{phone}|反映低保|2023-01-02|来电"),
    ("third_party", "", "第三方评估.xlsx", "户主|身份证号|评估结论|得分", "{name}|{id}|符合|#90"),
    ("visit_check", "", "a.xlsx", "户主|身份证号|入户时间|入户人员|是否符合", "{name}|{id}|2023-01-02|{name2}|是"),
    ("standard", "城乡低保标准", "a.xlsx", "类别|标准|执行时间", "农村低保|#423|2023-07-01"),
    ("tier", "农村低保分档补差标准", "a.xlsx", "档次|补差标准|户数", "一档|#330|#120"),
    # ledgers of procedure beside the lists they speak of
    ("temp_assistance", "2023年临时救助台账", "a.xlsx", "乡镇|姓名|身份证号|救助原因|申请时间|审批时间|救助金额", "会亭镇|{name}|{id}|因病|2023-05-01|2023-05-03|#2000"),
    ("application", "临时救助申请办理台账", "a.xlsx", "乡镇|姓名|身份证号|救助类型|申请时间|受理时间|家庭调查日期|审批时间|审批结果", "会亭镇|{name}|{id}|急难型|2023-05-01|2023-05-01|2023-05-02|2023-05-03|予以确认"),
    ("notice", "低保停发告知台账", "a.xlsx", "乡镇|户主姓名|户主身份证号|停发原因|告知日期|送达日期", "会亭镇|{name}|{id}|死亡|2023-05-01|2023-05-03"),
    ("problem", "不予确认告知问题整改台账", "a.xlsx", "存在问题|整改措施|责任单位|整改时限", "未书面告知|逐户补送|会亭镇|2023-10-31"),
    ("care_assessment", "特困人员自理能力评估表", "a.xlsx", "姓名|身份证号|供养方式|评估日期|评估结果", "{name}|{id}|分散|2023-05-01|半自理"),
    ("tekun_person", "特困人员花名册", "a.xlsx", "乡镇|村|姓名|身份证号|供养方式|评估时间|自理能力|护理等级", "会亭镇|会北|{name}|{id}|分散|2023-05-01|半自理|二档"),
    ("third_party", "第三方评估结果", "a.xlsx", "姓名|身份证号|评估日期|评估结论", "{name}|{id}|2023-05-01|认定准确"),
    ("warning_in", "信息比对结果预警名单", "a.xlsx", "姓名|身份证号|预警类型|预警内容|下发时间", "{name}|{id}|疑似死亡|殡葬比对|2023-05-01"),
    ("match_run", "信息比对台账", "a.xlsx", "比对类别|比对时间|比对人数|疑点数", "残疾人|2023-05-01|#300|#2"),
    ("referral", "问题线索台账", "a.xlsx", "被反映人|单位职务|主要问题|发现时间|移送日期|移送单位", "{name}|村会计|优亲厚友|2023-05-01|2023-05-09|县纪委监委"),
    ("petition", "信访举报台账", "a.xlsx", "信访人|被反映人|反映内容|登记日期|办结日期", "{name}|{name2}|优亲厚友|2023-05-01|2023-05-09"),
    ("kin_filing", "近亲属备案报送表", "a.xlsx", "乡镇|干部姓名|干部身份证号|近亲属姓名|近亲属身份证号|与干部关系", "会亭镇|{name}|{id}|{name2}|{id2}|父子"),
    ("submission", "近亲属备案报送登记", "a.xlsx", "乡镇|应报日期|报送日期|件数", "会亭镇|2023-06-30|2023-06-28|#3"),
    ("disclosure", "低保初审公示表", "a.xlsx", "户主姓名|保障人口|保障金额|公示开始时间|公示结束时间|有无异议", "{name}|3|#420|2023-05-01|2023-05-08|无"),
    # none of ours, or sums by township
    (None, "2023年6月低保资金发放汇总表", "a.xlsx", "乡镇|户数|人数|发放金额", "会亭镇|#120|#200|#50000"),
    (None, "2023年6月农村低保情况统计表", "a.xlsx", "乡镇|低保户数|低保人数|保障金额", "会亭镇|#120|#200|#50000"),
    (None, "职工请假登记表", "a.xlsx", "序号|姓名|部门|请假类别|开始日期|结束日期", "{n}|{name}|办公室|事假|2023-01-02|2023-01-03"),
    (None, "", "通讯录.xlsx", "姓名|单位|职务|办公电话|手机号", "{name}|会亭镇|镇长|6211223|{phone}"),
    (None, "", "采购.xlsx", "序号|物品名称|规格|数量|单价|金额|供应商", "{n}|打印纸|A4|10|#20|#200|某商店"),
]  # fmt: skip


@pytest.mark.parametrize(("dataset", "title", "file", "header", "row"), TABLE)
def test_confusable_sheets(dataset: str | None, title: str, file: str, header: str, row: str, plans: Plans) -> None:
    rows = ([[title]] if title else []) + table(header, row)
    (plan,) = plans(rows, file=file)
    assert plan.dataset == dataset, plan.nearest


def test_what_is_asked_names_nearest_headers_and_the_mapping_file(plans: Plans) -> None:
    (plan,) = plans(table(STAFF + "|内部编码甲", "县财政局|{name}|{id}|科员|其他|乙"), file="6月/名单.xlsx")
    assert plan.dataset is None
    assert {name for name, _ in plan.nearest[:2]} == {"officer", "fiscal_staff"}
    assert plan.unfit == ("内部编码甲",)
    (note,) = plan.notes
    assert "mingcha-mapping.yaml" in note
    assert "名单.xlsx" in note


def test_wholly_other_tables_name_no_candidates(plans: Plans) -> None:
    (plan,) = plans(table("物品名称|规格|数量|单价|供应商", "打印纸|A4|10|#20|某商店"), file="采购.xlsx")
    assert (plan.dataset, plan.nearest, len(plan.notes)) == (None, (), 1)


def test_head_number_right_of_the_head_is_the_heads(plans: Plans) -> None:
    header = "户主姓名|身份证号|家庭成员|身份证号|与户主关系|是否保障对象"
    (plan,) = plans(table(header, "{name}|{id}|{name2}|{id2}|妻|是"), file="农村低保.xlsx", name="家庭成员")
    assert plan.dataset == "dibao_member"
    assert fields_of(plan)[1] == "head_id"
    assert fields_of(plan)[3] == "id_no"


def test_roster_of_all_members_is_a_member_list(plans: Plans) -> None:
    header = "序号|户主姓名|户主身份证号|家庭成员姓名|家庭成员身份证号|与户主关系|保障人口|户月保障金额"
    rows = table(header, "{n}|{name}|{id}|{name}|{id}|本人|#2|#620", 1)
    rows += table(header, "|||{name2}|{id2}|妻||", 1)[1:]
    rows += table(header, "{n}|{name2}|{id3}|{name2}|{id3}|户主|#1|#300", 1)[1:]
    (plan,) = plans([["王楼村农村低保花名册"], *rows], file="低保.xls")
    assert plan.dataset == "dibao_member"
    assert fields_of(plan) | {3: "name", 4: "id_no", 2: "head_id", 7: "monthly_amount"} == fields_of(plan)


def test_members_in_one_cell_are_a_household_list(plans: Plans) -> None:
    header = "乡镇|村|户主姓名|户主身份证号|家庭成员姓名|家庭成员身份证号|保障人口|户月保障金额"
    (plan,) = plans(table(header, "会亭镇|会北|{name}|{id}|{name}、{name2}|{id}、{id2}|#2|#620"), file="低保.xls")
    assert plan.dataset == "dibao_household"
    assert fields_of(plan)[5] == "member_ids"


def test_hu_ming_is_the_head_only_where_there_is_no_other(plans: Plans) -> None:
    (plan,) = plans(table("户名|身份证号|保障人口|月保障金额", "{name}|{id}|#2|#420"), file="农村低保.xls")
    assert (plan.dataset, fields_of(plan)[0]) == ("dibao_household", "head_name")
    header = "户主姓名|户主身份证号|保障人口|月保障金额|户名|账号"
    (plan,) = plans(table(header, "{name}|{id}|#2|#420|{name}|{acct}"), file="农村低保.xls")
    assert (fields_of(plan)[0], fields_of(plan)[4]) == ("head_name", "account_name")
