# ruff: noqa: E501 - one sheet a line
"""Ledgers of procedure: what a row of each becomes in the lake."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from tests.engine.convert.conftest import Take
from tests.engine.recognise.sheets import table

from mingcha.datasets import load_catalogue
from mingcha.intake.convert.facts import _more_words
from mingcha.values.words import CodeWords, YesNo


def test_an_application_with_its_steps(take: Take) -> None:
    header = "乡镇|申请人姓名|申请人身份证号|申请救助类别|受理日期|补正次数|家庭调查日期|核对结果|公示有无异议|县级收件日期|确认日期|办理结果|是否延期|经办人"
    row = "会亭镇|{name}|{id}|农村低保|2026-05-04|1|2026-05-06|未超标|无异议|2026-05-20|2026-05-28|不予确认|否|{name2}"
    taken = take([["社会救助申请办理台账"], *table(header, row, 1)])
    assert taken.dataset == "application"
    kept = taken.row
    assert kept["person_key"] is not None
    assert (kept["program"], kept["check_result"], kept["decision"]) == ("DB", "yes", "refuse")
    assert (kept["accepted_on"], kept["survey_on"]) == (date(2026, 5, 4), date(2026, 5, 6))
    assert (kept["supplement_rounds"], kept["objection"], kept["extended"]) == (1, False, False)
    assert kept["handler"] is not None
    assert kept["publish_from"] is None  # no such column: nothing is said about it


def test_a_notice_takes_its_kind_from_the_title(take: Take) -> None:
    header = (
        "乡镇|户主姓名|户主身份证号|停发原因|原因类别|停发月份|送达日期|有无送达回证|是否告知救济途径|调整前金额（元）"
    )
    row = "会亭镇|{name}|{id}|子女就业|就业|2026-06|2026-05-28|有|已告知|#420"
    taken = take([["2026年5月低保停发告知书送达台账"], *table(header, row, 1)])
    assert taken.dataset == "notice"
    kept = taken.row
    assert (kept["kind"], kept["program"], kept["reason_kind"]) == ("stop", "DB", "job")
    assert (kept["effective"], kept["delivered_on"]) == ("2026-06", date(2026, 5, 28))
    assert (kept["receipt"], kept["remedy_told"], kept["amount_before"]) == (True, True, Decimal("420.00"))


def test_an_assessment_says_what_the_person_can_do(take: Take) -> None:
    header = "姓名|身份证号|评估类型|变化报告日期|评估日期|吃饭|穿衣|洗澡|不能完成指标项数|评估结果"
    taken = take(
        [
            ["特困人员生活自理能力评估台账"],
            *table(header, "{name}|{id}|复评|2026-05-04|2026-05-06|能|能完成|不能|1|半自理", 1),
        ]
    )
    assert taken.dataset == "care_assessment"
    kept = taken.row
    assert (kept["kind"], kept["failed"], kept["self_care"]) == ("change", 1, "partial")
    assert (kept["eating"], kept["dressing"], kept["bathing"], kept["bed"]) == (True, True, False, None)


def test_a_return_a_comparison_and_a_referral(take: Take) -> None:
    returned = take(
        [
            ["乡镇报送登记台账"],
            *table("乡镇|报送事项|应报日期|报送日期|件数", "会亭镇|村干部近亲属备案表|2026-06-30|2026-06-28|12", 1),
        ]
    )
    assert (returned.dataset, returned.row["kind"], returned.row["count"]) == ("submission", "kin", 12)
    run = take(
        [["信息比对开展台账"], *table("比对事项|比对日期|比对人数|疑点数", "殡葬火化数据|2026-05-06|#4200|#6", 1)]
    )
    assert (run.dataset, run.row["kind"], run.row["suspects"]) == ("match_run", "death", 6)
    header = "线索编号|线索来源|被反映人|主要问题|核实结果|核实日期|移送日期|移送单位|有无回执"
    row = "XS-1|审计发现|{name}|优亲厚友|经查部分属实|2026-05-06|2026-05-09|县纪委监委|无"
    lead = take([["问题线索移送台账"], *table(header, row, 1)])
    assert (lead.dataset, lead.row["verified"], lead.row["receipt"]) == ("referral", "partly", False)
    assert lead.row["transferred_on"] == date(2026, 5, 9)


def test_a_listing_that_shows_numbers_is_read_with_them(take: Take) -> None:
    header = "户主姓名|身份证号|联系电话|家庭住址|保障人口|保障金额|公示方式"
    taken = take(
        [["会亭镇会北村低保对象长期公示"], *table(header, "{name}|{id}|{phone}|会亭镇会北村三组|2|#420|线下", 1)]
    )
    assert taken.dataset == "disclosure"
    assert taken.row["person_key"] is not None
    assert taken.row["phone_key"] is not None
    assert (taken.row["kind"], taken.row["channel"]) == ("long", "offline")


def _read(list_id: str, word: str) -> str | None:
    values = [(code.code, code.label, code.aliases) for code in load_catalogue().codes[list_id].values]
    patterns = _more_words().get(list_id, {}).get("patterns", ())
    return CodeWords(list_id, values, patterns=[(pattern, code) for pattern, code in patterns]).read(word).code


@pytest.mark.parametrize(
    ("list_id", "word", "code"),
    [
        ("decision", "审核通过", "approve"),
        ("decision", "不予通过", "refuse"),
        ("decision", "不予受理", None),
        ("decision", "拟确认", None),
        ("decision", "本人自愿撤回", "withdraw"),
        ("notice_kind", "低保停发告知书", "stop"),
        ("notice_kind", "不予确认低保告知书", "refuse"),
        ("notice_kind", "渐退期届满停发告知", "taper"),
        ("notice_kind", "不予受理通知书", None),
        ("notice_kind", "调整", None),
        ("stop_reason", "户主去世", "dead"),
        ("stop_reason", "无正当理由拒绝就业", "refuse_work"),
        ("stop_reason", "不明", None),
        ("visit_purpose", "年度复核", "review"),
        ("assess_kind", "首次评估", "first"),
        ("submission_kind", "社会救助综合治理工作总结报告", "summary"),
        ("match_kind", "公安死亡注销数据", "death"),
        ("match_kind", "县医保局大病", "illness"),
        ("check_state", "经查不属实", "untrue"),
        ("check_state", "正在核实", "open"),
        ("eval_result", "核对未超标", "yes"),
        ("eval_result", "超标", "no"),
        ("eval_result", "发现疑点", "doubt"),
    ],
)
def test_words_of_the_ledgers(list_id: str, word: str, code: str | None) -> None:
    assert _read(list_id, word) == code


@pytest.mark.parametrize(
    ("word", "code"), [("本人签收", "1"), ("未签收", "0"), ("拒签", None), ("能独立完成", "1"), ("不能完成", "0")]
)
def test_yes_and_no_of_the_ledgers(word: str, code: str | None) -> None:
    values = [(each.code, each.label, each.aliases) for each in load_catalogue().codes["bool"].values]
    assert YesNo(values).read(word).code == code
