from __future__ import annotations

from datetime import date
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pyarrow as pa
import pytest

from mingcha.findings import finds_sentence
from mingcha.findings.sentences import column_words
from mingcha.rules import ParamUse

YUAN = pa.decimal128(14, 2)


def words(value: Any, kind: pa.DataType, following: str = "，") -> str:
    return column_words(pa.chunked_array([pa.array([value], kind)]), following)[0]


@pytest.mark.parametrize(
    ("value", "kind", "following", "said"),
    [
        (date(2023, 6, 1), pa.date32(), "死亡", "2023年6月1日"),
        ("2023-06", pa.string(), "", "2023年6月"),
        ("2023-06-05", pa.string(), "", "2023年6月5日"),
        ("2023-6 补", pa.string(), "", "2023-6 补"),
        ("两行\n文字", pa.string(), "", "两行 文字"),
        (None, pa.string(), "", "不详"),
        (True, pa.bool_(), "", "是"),
        (17, pa.int64(), "周岁", "17"),
        (12345, pa.int64(), "元", "12,345"),
        (1234.5, pa.float64(), "元", "1,234.50"),
        (1234.5, pa.float64(), "倍", "1234.5"),
        (Decimal("1234.50"), YUAN, "元", "1,234.50"),
        (Decimal("1234.50"), YUAN, "，", "1,234.50元"),
        (Decimal("1234.50"), YUAN, "", "1,234.50元"),
        (Decimal("1.30"), YUAN, "倍", "1.3"),
        (["2023-04", "2023-03", None, "2023-04"], pa.list_(pa.string()), "", "2023年3月、2023年4月"),
        ([Decimal("2.00"), Decimal("1.00")], pa.list_(YUAN), "。", "1.00元、2.00元"),
        ([], pa.list_(pa.string()), "", "不详"),
        (list("gfedcba"), pa.list_(pa.string()), "", "a、b、c、d、e、f等7个"),
        (list("fedcba"), pa.list_(pa.string()), "", "a、b、c、d、e、f"),
    ],
)
def test_values_are_said_as_the_office_says_them(value: Any, kind: pa.DataType, following: str, said: str) -> None:
    assert words(value, kind, following) == said


def test_what_a_rule_finds_names_its_parameters() -> None:
    rule = SimpleNamespace(
        summary="",
        finds="死亡满{exit_months}个月，等级不在{grades}之列，标准{rate}元。",
        params={
            "exit_months": ParamUse("exit_months", "PL-01"),
            "grades": ParamUse("grades", "CJ-02"),
            "rate": ParamUse("rate", "ET-07", optional=True, part="标准"),
        },
    )
    said = finds_sentence(rule, {"exit_months": 3, "grades": ["*-1", "5-3"], "rate": None})
    assert said == "死亡满3个月，等级不在一级、智力残疾三级之列，标准未设置元。"
