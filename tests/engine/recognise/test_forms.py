"""Filled forms, one household a page."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.engine.recognise.conftest import fields_of
from tests.engine.recognise.sheets import Cell, id_number, person_name, sheet, table

from mingcha.intake.recognise import Context, plan_sheet, unfold_forms
from mingcha.intake.recognise.grid import read_table, rows_of
from mingcha.intake.recognise.ticks import ticked


def _page(n: int) -> list[list[Cell]]:
    return [
        ["低保对象入户核查表"],
        [f"编号：00{n}    填表日期：2023年6月20日"],
        ["户主姓名", person_name(n), "身份证号", id_number(n)],
        ["家庭住址", "会亭镇会北村", "联系电话", "13812345678"],
        ["救助类别", "低保", "家庭人口", 3, "保障人口", 2],
        ["家庭成员"],
        ["姓名", "与户主关系", "年龄", "健康状况"],
        [person_name(n + 1), "妻", 55, "健康"],
        ["住房情况", "□自有 ☑危房 □租住"],
        ["卡折持有人", "☑本人 □亲属 □村干部"],
        ["是否符合低保", "☑符合 □不符合"],
        ["信息是否一致", "是√ 否"],
        ["存在问题", None],
        ["入户人员签字", "李四、王五", "入户日期", "2023年6月15日"],
        [None],
    ]


def test_forms_become_one_row_each_with_the_row_they_began_at(tmp_path: Path, context: Context) -> None:
    raw = sheet(tmp_path, _page(1) + _page(2) + _page(3), file="入户核查/会亭.xls")
    unfolded = unfold_forms(raw, context)
    (plan,) = plan_sheet(unfolded, context)
    assert plan.dataset == "visit_check"
    header, *data = rows_of(read_table(unfolded), unfolded.n_cols)[1:]
    assert [row.number for row in data] == [2, 17, 32]
    assert (plan.first_row, plan.last_row) == (2, 32)
    by_field = {field: index for index, field in fields_of(plan).items()}
    first = {field: data[0].cells[index] for field, index in by_field.items()}
    assert header.number == 0
    assert first["head_name"] == person_name(1)
    assert first["head_id"] == id_number(1)
    assert (first["house"], first["card_holder"], first["eligible"], first["consistent"]) == (
        "危房",
        "本人",
        "符合",
        "是",
    )
    assert (first["visitors"], first["visit_on"], first["insured_size"]) == ("李四、王五", "2023年6月15日", "2")
    assert unfolded.data.parent == raw.data.parent
    assert unfolded.notes


def test_a_list_is_no_form(tmp_path: Path, context: Context) -> None:
    raw = sheet(
        tmp_path, [["入户核查表"], *table("户主姓名|身份证号|入户日期|是否符合条件", "{name}|{id}|2023-06-01|符合")]
    )
    assert unfold_forms(raw, context) is raw


@pytest.mark.parametrize(
    ("written", "chosen"),
    [
        ("□自有 ☑危房", "危房"),
        ("■是 □否", "是"),
        ("符合（√） 不符合（ ）", "符合"),
        ("√是 否", "是"),
        ("是 否√", "否"),
        ("☑肢体 ☑视力 □听力", "肢体、视力"),
        ("√", "是"),
        ("□是 □否", None),
        ("会亭镇会北村", "会亭镇会北村"),
    ],
)
def test_ticks(written: str, chosen: str | None) -> None:
    assert ticked(written) == chosen
