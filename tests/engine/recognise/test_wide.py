"""Wide payment sheets: one payment a filled cell."""

from __future__ import annotations

from tests.engine.recognise.conftest import Plans, fields_of
from tests.engine.recognise.sheets import fill, table


def test_a_column_per_subsidy(plans: Plans) -> None:
    header = "序号|村|姓名|身份证号|一卡通账号|低保金|特困供养金|残疾人生活补贴|残疾人护理补贴|高龄津贴|合计"
    rows = table(header, "{n}|会北|{name}|{id}|{acct}|#420||#75|#75||#570")
    rows += table(header, "{n}|会北|{name}|{id2}|{acct2}||#750|||#100|#850")[1:]
    (plan,) = plans([["会亭镇2023年6月惠民惠农财政补贴一卡通发放明细表"], *rows])
    assert plan.dataset == "payment"
    assert {wide.constants["project"] for wide in plan.unpivot} == {
        "低保金", "特困供养金", "困难残疾人生活补贴", "重度残疾人护理补贴", "高龄津贴",
    }  # fmt: skip
    assert {wide.constants["period"] for wide in plan.unpivot} == {"2023年6月"}
    assert {wide.field for wide in plan.unpivot} == {"amount"}
    assert 10 not in {wide.index for wide in plan.unpivot} | set(fields_of(plan))
    assert "合计" in plan.unfit


def test_a_column_per_month(plans: Plans) -> None:
    rows = table("序号|姓名|身份证号|账号|1月|2月|三月份|合计", "{n}|{name}|{id}|{acct}|#420|#420|#420|#1260")
    (plan,) = plans([["2023年农村低保金发放情况表"], *rows])
    assert plan.dataset == "payment"
    assert [wide.constants for wide in plan.unpivot] == [
        {"project": "低保金", "period": f"2023年{month}月"} for month in (1, 2, 3)
    ]


def test_months_over_subsidies(plans: Plans) -> None:
    upper = ["姓名", "身份证号", "账号", "5月", None, "6月", None]
    lower = [None, None, None, "低保金", "特困供养金", "低保金", "特困供养金"]
    rows = [[fill(c, n) for c in ["{name}", "{id}", "{acct}", "#420", "", "#420", ""]] for n in range(3)]
    rows += [[fill(c, n) for c in ["{name}", "{id2}", "{acct2}", "", "#750", "", "#750"]] for n in range(3)]
    (plan,) = plans([["2023年救助资金发放明细"], upper, lower, *rows])
    assert [(wide.constants["period"], wide.constants["project"]) for wide in plan.unpivot] == [
        ("2023年5月", "低保金"), ("2023年5月", "特困供养金"), ("2023年6月", "低保金"), ("2023年6月", "特困供养金"),
    ]  # fmt: skip


def test_one_subsidy_column_alone_is_the_amount(plans: Plans) -> None:
    rows = table("姓名|身份证|高龄津贴|卡号", "{name}|{id}|#100|{acct}")
    (plan,) = plans([["2023年6月高龄津贴发放"], *rows])
    assert plan.dataset == "payment"
    assert [wide.constants for wide in plan.unpivot] == [{"project": "高龄津贴", "period": "2023年6月"}]


def test_two_amounts_of_a_roll_are_its_own_fields(plans: Plans) -> None:
    rows = table("姓名|身份证号|残疾等级|生活补贴|护理补贴|合计", "{name}|{id}|一级|#75|#75|#150")
    (plan,) = plans([["残疾人两项补贴名册"], *rows])
    assert (plan.dataset, plan.unpivot) == ("disability_subsidy", ())
    rows = table("姓名|身份证号|供养方式|自理能力|基本生活费|照料护理费", "{name}|{id}|分散|半自理|#750|#300")
    (plan,) = plans([["特困人员花名册"], *rows])
    assert (plan.dataset, plan.unpivot) == ("tekun_person", ())


def test_a_plain_total_is_never_a_payment(plans: Plans) -> None:
    rows = table("姓名|身份证号|账号|低保金|特困供养金|总额", "{name}|{id}|{acct}|#420|#10|#430")
    (plan,) = plans([["2023年6月一卡通发放表"], *rows])
    assert {wide.header for wide in plan.unpivot} == {"低保金", "特困供养金"}
    assert "amount" not in fields_of(plan).values()


def test_living_cost_beside_care_cost_is_what_the_title_pays(plans: Plans) -> None:
    rows = table("姓名|身份证号|账号|基本生活费|照料护理费|合计", "{name}|{id}|{acct}|#750|#300|#1050")
    (plan,) = plans([["2023年6月特困供养金发放表"], *rows])
    assert plan.dataset == "payment"
    assert [(wide.header, wide.constants["project"]) for wide in plan.unpivot] == [
        ("基本生活费", "特困供养金"),
        ("照料护理费", "照料护理费"),
    ]
