"""Rows that are no data, values that come from above, from the title or from other columns (file-formats 2.1, 2.6)."""

from __future__ import annotations

from decimal import Decimal

from tests.engine.convert.conftest import KEYS, Take
from tests.engine.recognise.sheets import Cell, account, id_number, person_name

HEADER: list[Cell] = ["序号", "乡镇", "村", "姓名", "身份证号", "补贴项目", "发放月份", "发放金额", "银行账号"]


def pay(n: int, **changes: Cell) -> list[Cell]:
    cells: dict[str, Cell] = {
        "no": n + 1,
        "town": "城关镇",
        "village": "福利居委会",
        "name": person_name(n),
        "id": id_number(n),
        "project": "农村低保",
        "month": "2023-06",
        "amount": 420,
        "account": account(n),
    }
    return list({**cells, **changes}.values())


def test_totals_notes_numbers_and_repeated_headers_are_not_read(take: Take) -> None:
    rows: list[list[Cell]] = [
        ["2023年6月农村低保金发放表"],
        HEADER,
        [str(n) for n in range(1, 10)],
        pay(0),
        pay(1),
        ["小计", None, None, None, None, None, None, 840, None],
        HEADER,
        pay(2),
        ["合计", None, None, None, None, None, None, 1260, None],
        ["制表人：张三　　审核人：李四　　2023年6月8日"],
    ]
    taken = take(rows)
    assert taken.counts == (3, 3, 0, 0)
    assert [row["row_no"] for row in taken.rows] == [4, 5, 8]
    assert sum(taken.done.skipped.values()) >= 4


def test_a_person_whose_name_looks_like_a_word_is_a_row(take: Take) -> None:
    taken = take([HEADER, pay(0, name="合计平"), pay(1, name="总书明")])
    assert taken.counts == (2, 2, 0, 0)


def test_places_left_blank_are_as_above(take: Take) -> None:
    rows = [
        HEADER,
        pay(0),
        pay(1, town=None, village=None),
        pay(2, town=None, village=None),
        pay(3, town="会亭镇", village="会亭村"),
    ]
    rows += [pay(4, town=None, village=None)]
    assert [row["township"] for row in take(rows).rows] == ["城关镇", "城关镇", "城关镇", "会亭镇", "会亭镇"]


def test_amounts_and_accounts_are_never_taken_from_above(take: Take) -> None:
    taken = take([HEADER, pay(0), pay(1, amount=None, account=None), pay(2), pay(3)])
    assert taken.done.rejected == 1
    assert [row["row_no"] for row in taken.rows] == [2, 4, 5]


def test_merged_cells_hold_for_every_row_below(take: Take) -> None:
    rows = [HEADER, pay(0), pay(1, village=None), pay(2)]
    taken = take(rows, merged=[(2, 2, 3, 2)])
    assert [row["village"] for row in taken.rows][:2] == [taken.rows[0]["village"]] * 2


def test_a_wide_sheet_gives_a_row_a_payment(take: Take) -> None:
    header: list[Cell] = [
        "乡镇",
        "村",
        "姓名",
        "身份证号",
        "银行账号",
        "低保金",
        "残疾人生活补贴",
        "重度残疾人护理补贴",
        "合计",
    ]
    rows: list[list[Cell]] = [
        ["城关镇2023年6月惠民惠农补贴一卡通发放表"],
        header,
        ["城关镇", "福利居委会", "王秀英", id_number(1), account(1), 420, 75, 0, 495],
        ["城关镇", "福利居委会", "李建国", id_number(2), account(2), None, None, 75, 75],
    ]
    taken = take(rows)
    assert taken.dataset == "payment"
    paid = {(row["name"], row["project"]): row["amount"] for row in taken.rows}
    assert paid == {
        ("王秀英", "DB"): Decimal("420.00"),
        ("王秀英", "CJSH"): Decimal("75.00"),
        ("李建国", "CJHL"): Decimal("75.00"),
    }
    assert {row["period"] for row in taken.rows} == {None} or {row["roll_month"] for row in taken.rows} == {"2023-06"}
    assert len({row["row_id"] for row in taken.rows}) == 3


def test_a_member_takes_the_head_from_the_row_of_the_head(take: Take) -> None:
    header: list[Cell] = ["户主姓名", "姓名", "身份证号", "与户主关系", "是否保障对象", "乡镇", "村", "户主身份证号"]
    rows: list[list[Cell]] = [
        header,
        ["王平", "王平", id_number(1), "本人", "是", "城关镇", "福利居委会", id_number(1)],
        [None, "李红梅", id_number(2), "妻子", "是", "城关镇", "福利居委会", None],
        ["陈玉", "陈玉", id_number(3), "户主", "是", "城关镇", "福利居委会", id_number(3)],
    ]
    heads = [row["head_key"] for row in take(rows).rows]
    assert heads == [KEYS.person_of(id_number(n)) for n in (1, 1, 3)]


def test_money_in_every_form(take: Take) -> None:
    written: list[Cell] = ["1,260.50", "1260.5元", "￥1260.50", "１２６０.５０", 1260.5, "1260.50 "]
    taken = take([HEADER, *(pay(n, amount=cell) for n, cell in enumerate(written))])
    assert {row["amount"] for row in taken.rows} == {Decimal("1260.50")}
    assert taken.done.doubtful == 0


def test_money_in_ten_thousands_of_the_header(take: Take) -> None:
    header = [*HEADER[:7], "发放金额（万元）", HEADER[8]]
    assert take([header, pay(0, amount="0.042"), pay(1, amount="0.05")]).rows[0]["amount"] == Decimal("420.00")


def test_money_that_cannot_be_read_refuses_the_row(take: Take) -> None:
    taken = take([HEADER, pay(0), pay(1, amount="四百二"), pay(2)])
    (line,) = taken.lines
    assert (line["outcome"], line["row"], line["value"]) == ("rejected", 3, "四百二")
    assert "读不出数字" in line["reason"]


def test_months_in_every_form(take: Take) -> None:
    written: list[Cell] = ["2023-06", "202306", "2023年6月", "2023.06", "2023/6", "2023年06月份"]
    taken = take([HEADER, *(pay(n, month=cell) for n, cell in enumerate(written))])
    assert {row["period"] for row in taken.rows} == {"2023-06"}


def test_a_quarter_covers_three_months(take: Take) -> None:
    row = take([HEADER, pay(0, month="2023年第二季度"), pay(1)]).rows[0]
    assert (row["period"], row["period_months"]) == ("2023-04", 3)


def test_the_title_gives_the_month(take: Take) -> None:
    rows = [
        ["夏邑县2023年6月农村低保人员名册"],
        ["户主身份证号", "姓名", "身份证号", "与户主关系", "是否保障对象", "乡镇"],
    ]
    rows += [[id_number(1), "王平", id_number(1), "本人", "是", "城关镇"]]
    assert take(rows).row["roll_month"] == "2023-06"


def test_an_unknown_code_word_is_kept_with_a_doubt(take: Take) -> None:
    taken = take([HEADER, pay(0, project="星际补贴"), pay(1)])
    row = next(row for row in taken.rows if row["row_no"] == 2)
    assert (row["project"], row["project_text"], row["is_doubtful"]) == (None, "星际补贴", True)
    assert "不在代码表里" in taken.lines[0]["reason"]


def test_a_sex_column_of_0_and_1_is_read_by_the_numbers(take: Take) -> None:
    header: list[Cell] = ["户主身份证号", "姓名", "身份证号", "性别", "与户主关系", "是否保障对象", "乡镇"]
    people = [id_number(n) for n in range(1, 9)]
    rows = [[p, "王平", p, int(p[16]) % 2, "本人", "是", "城关镇"] for p in people]
    taken = take([header, *rows])
    assert [row["sex"] for row in taken.rows] == ["1" if int(p[16]) % 2 else "2" for p in people]


def test_a_sex_column_that_contradicts_the_numbers_is_left_out_and_said(take: Take) -> None:
    header: list[Cell] = ["户主身份证号", "姓名", "身份证号", "性别", "与户主关系", "是否保障对象", "乡镇"]
    people = [id_number(n) for n in range(1, 9)]
    rows = [[p, "王平", p, "女" if int(p[16]) % 2 else "男", "本人", "是", "城关镇"] for p in people]
    taken = take([header, *rows])
    assert {row["sex"] for row in taken.rows} == {None}
    assert any("与身份证号不符" in note for note in taken.done.notes)


def test_names_lose_what_is_no_name(take: Take) -> None:
    written = ["王 平", "王平（代）", "王平 ", "王\u3000平"]
    taken = take([HEADER, *(pay(n, name=name) for n, name in enumerate(written))])
    assert {row["name"] for row in taken.rows} == {"王平"}


def test_another_countys_places_stay_as_written(take: Take) -> None:
    rows: list[list[Cell]] = [
        ["永城市2023年6月农村低保人员名册"],
        ["户主身份证号", "姓名", "身份证号", "与户主关系", "是否保障对象", "乡镇", "村"],
        [id_number(1), "王平", id_number(1), "本人", "是", "城关镇", "大王庄村"],
    ]
    row = take(rows).row
    assert (row["county_name"], row["township"], row["village"]) == ("永城", "城关镇", "大王庄村")
