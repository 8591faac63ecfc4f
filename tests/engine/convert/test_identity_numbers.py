"""Identity numbers in every state in which offices write them (file-formats 2.3)."""

from __future__ import annotations

from datetime import date

import pytest
from tests.engine.convert.conftest import KEYS, Take
from tests.engine.recognise.sheets import Cell, id_number

GOOD = id_number(3)
HEAD = id_number(4)
HEADER: list[Cell] = ["户主身份证号", "姓名", "身份证号", "与户主关系", "是否保障对象", "乡镇", "村"]


def member(number: Cell, name: str = "王秀英") -> list[list[Cell]]:
    return [HEADER, [HEAD, name, number, "妻子", "是", "城关镇", "福利居委会"]]


def wrong(number: str) -> str:
    """The number with another check digit."""
    return number[:17] + ("1" if number[17] != "1" else "2")


X_NUMBER = next(id_number(n) for n in range(200) if id_number(n).endswith("X"))
OLD = next(id_number(n) for n in range(200) if id_number(n)[6:8] == "19")


@pytest.mark.parametrize(
    ("written", "clear"),
    [
        pytest.param(GOOD, GOOD, id="plain"),
        pytest.param(X_NUMBER.lower(), X_NUMBER, id="lower-case x"),
        pytest.param(X_NUMBER.replace("X", "Ⅹ").replace("Ⅹ", "×"), X_NUMBER, id="a multiplication sign for X"),
        pytest.param(f" {GOOD[:6]} {GOOD[6:14]} {GOOD[14:]} ", GOOD, id="blanks"),
        pytest.param(f"'{GOOD}", GOOD, id="a quote in front"),
        pytest.param(f"{GOOD}\t", GOOD, id="a tab behind"),
        pytest.param("".join(chr(ord(c) + 0xFEE0) for c in GOOD), GOOD, id="full width"),
        pytest.param(OLD[:6] + OLD[8:17], OLD, id="15 places"),
        pytest.param(int(OLD[:6] + OLD[8:17]), OLD, id="15 places in a number cell, which holds them whole"),
    ],
)
def test_numbers_that_mean_the_same_get_the_same_pseudonym(take: Take, written: Cell, clear: str) -> None:
    row = take(member(written)).row
    assert row["person_key"] == KEYS.person_of(clear)
    assert row["id_is_valid"] is True
    assert row["id_birth_date"] == date(int(clear[6:10]), int(clear[10:12]), int(clear[12:14]))
    assert row["id_sex"] == ("1" if int(clear[16]) % 2 else "2")
    assert row["is_doubtful"] is False


@pytest.mark.parametrize(
    ("written", "flag", "said"),
    [
        pytest.param(int(GOOD[:15] + "000"), "tail_lost", "单元格是数字，后三位已丢失", id="number cell"),
        pytest.param("4.12326E+17", "tail_lost", "科学计数法", id="scientific"),
        pytest.param(wrong(GOOD), "checksum", "校验码不对", id="check digit"),
        pytest.param(f"{GOOD[:6]}19990231{GOOD[14:]}", "date", "出生日期不存在", id="31 February"),
        pytest.param(f"{GOOD[:6]}20990101{GOOD[14:]}", "date", "出生日期不存在", id="not born yet"),
        pytest.param(GOOD[:17], "length", "位数不对", id="17 places"),
        pytest.param(f"99{GOOD[2:]}", "region", "省级代码", id="no province"),
        pytest.param(f"{GOOD[:6]}********{GOOD[14:]}", "masked", "遮盖", id="masked"),
        pytest.param(f"{GOOD}、{HEAD}", "several", "多个号码", id="two in a cell"),
        pytest.param("见户口簿", "charset", "不应有的字符", id="words"),
    ],
)
def test_damaged_numbers_are_kept_with_a_doubt_and_never_match(take: Take, written: Cell, flag: str, said: str) -> None:
    taken = take(member(written))
    assert taken.counts == (1, 0, 1, 0)
    assert taken.row["id_is_valid"] is False
    assert taken.row["id_flag"] == flag
    assert taken.row["person_key"] != KEYS.person_of(GOOD)
    (line,) = taken.lines
    assert (line["outcome"], line["row"], line["column"]) == ("doubtful", 2, "身份证号")
    assert said in line["reason"]


def test_a_number_cell_is_doubtful_even_where_the_check_digit_happens_to_fit(take: Take) -> None:
    fitting = next(id_number(n) for n in range(20000) if id_number(n).endswith("000"))
    row = take(member(int(fitting))).row
    assert (row["id_is_valid"], row["id_flag"]) == (False, "tail_lost")


def test_a_certificate_number_gives_its_person(take: Take) -> None:
    row = take(member(f"{GOOD}44")).row
    assert row["person_key"] == KEYS.person_of(GOOD)
    assert (row["id_is_valid"], row["id_flag"], row["is_doubtful"]) == (True, "cert_in_id", True)


@pytest.mark.parametrize("blank", [None, "", "无", "-", "——", "/"])
def test_without_a_number_the_row_is_refused(take: Take, blank: Cell) -> None:
    taken = take(member(blank))
    assert taken.counts == (1, 0, 0, 1)
    (line,) = taken.lines
    assert (line["outcome"], line["column"], line["value"]) == ("rejected", "身份证号", None)
    assert "缺少身份证号" in line["reason"]


def test_the_same_damaged_number_of_the_same_person_meets_itself(take: Take) -> None:
    first, second = (take(member(wrong(GOOD), name)).row["person_key"] for name in ("王秀英", "王 秀英"))
    other = take(member(wrong(GOOD), "李建国")).row["person_key"]
    assert first == second != other


def test_no_number_stands_in_clear_anywhere(take: Take) -> None:
    rows = member(wrong(GOOD))
    rows[0].append("备注")
    rows[1].append(f"与{GOOD}同户，电话13812345678，账号6228412345678901234")
    taken = take(rows)
    told = str(taken.rows) + str(taken.lines)
    for secret in (GOOD, wrong(GOOD), "13812345678", "6228412345678901234", HEAD):
        assert secret not in told
    secrets = {(kind, value) for kind, _, value in taken.secrets}
    assert ("person", HEAD) in secrets
    assert ("person", wrong(GOOD)) in secrets


def test_one_line_a_row_what_refuses_it_first(take: Take) -> None:
    rows: list[list[Cell]] = [
        ["序号", "乡镇", "村", "姓名", "身份证号", "供养方式", "生活自理能力", "基本生活标准", "协议起始日期"],
        [1, "城关镇", "福利居委会", "王秀英", None, "分散供养", "全自理", "六百", "2023-02-31"],
    ]
    taken = take(rows)
    (line,) = taken.lines
    assert line["outcome"] == "rejected"
    assert line["reason"].startswith("缺少身份证号")
    assert "不是真实的日期" in line["reason"]
    assert "读不出数字" in line["reason"]
