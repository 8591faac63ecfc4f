"""Header normalisation and the looser keys."""

from __future__ import annotations

import pytest

from mingcha.intake.recognise.headers import initials, key_of, normal_header
from mingcha.intake.recognise.lexicon import load_lexicon


@pytest.mark.parametrize(
    ("written", "text", "factor"),
    [
        ("低收入困难家庭　　　(户)", "低收入困难家庭", 1),
        ("＊身份证号：（必填）", "身份证号", 1),
        ("银行\n帐 号", "银行账号", 1),
        ("户月保障金额（元）", "户月保障金额", 1),
        ("补差标准（元/人·月）", "补差标准", 1),
        ("资金支出 (万元)", "资金支出", 10000),
        ("乡（镇）", "乡(镇)", 1),
        ("ＸＭ", "xm", 1),
        ("1、姓名", "姓名", 1),
        ("（元）", "(元)", 1),
        ("建筑面积（㎡）", "建筑面积", 1),
    ],
)
def test_normalisation(written: str, text: str, factor: int) -> None:
    header = normal_header(written)
    assert (header.text, header.factor) == (text, factor)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("居民身份证号码", "身份证号"), ("证件号码", "公民身份号码"), ("户主姓名", "户主"), ("死亡时间", "去世日期"),
        ("领款人", "收款人"), ("补助金额", "补贴金额"), ("手机号码", "联系电话"), ("残疾人证号", "残疾证编号"),
    ],
)  # fmt: skip
def test_keys_that_mean_the_same(one: str, other: str) -> None:
    assert key_of(one) == key_of(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("死亡日期", "死亡原因"),
        ("身份证号", "残疾证号"),
        ("户主身份证号", "身份证号"),
        ("户主", "户主电话"),
        ("是否残疾", "残疾等级"),
    ],
)
def test_keys_that_differ(one: str, other: str) -> None:
    assert key_of(one) != key_of(other)


def test_role_and_head_noun_keep_headers_apart() -> None:
    lexicon = load_lexicon()
    father = lexicon.scores(normal_header("父亲身份证号"))
    assert father.get(("dibao_member", "id_no"), 0.0) < 0.52
    phone = lexicon.scores(normal_header("代管人联系方式"))
    assert phone["card_custody", "holder_phone"] > phone.get(("card_custody", "holder_name"), 0.0)


def test_initials_come_from_the_character_set() -> None:
    assert initials("姓名") == "xm"
    assert initials("出生日期") == "csrq"
    assert initials("姓名1") == ""
