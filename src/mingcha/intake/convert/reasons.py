"""What is told about a cell or a row, in plain Chinese: what is wrong, and what to do."""

from __future__ import annotations

from collections.abc import Mapping

_CELL = {
    "formula": "单元格是公式，没有保存数值，请另存为数值",
    "error": "单元格是错误值，请更正",
}
_ID = {
    "tail_lost": "单元格是数字，后三位已丢失，请改为文本后重填",
    "checksum": "校验码不对，请核对",
    "date": "号码中的出生日期不存在，请核对",
    "length": "号码位数不对，应为18位，请核对",
    "charset": "号码中有不应有的字符，请核对",
    "several": "一格里有多个号码，请分开填写",
    "masked": "号码被遮盖，请填写完整号码",
    "region": "号码开头不是省级代码，请核对",
    "cert_in_id": "填的是残疾证号，已取前18位作为身份证号，请核对",
}
_BY_TYPE: Mapping[str, Mapping[str, str]] = {
    "id18": _ID,
    "cert": {
        **_ID,
        "tail_lost": "单元格是数字，残疾证号后几位已丢失，请改为文本后重填",
        "length": "残疾证号位数不对，应为20位，请核对",
        "only_id": "残疾证号只有身份证号部分，缺少类别和等级，请补全",
    },
    "account": {
        "tail_lost": "单元格是数字，账号后几位已丢失，请改为文本后重填",
        "masked": "账号被遮盖，请填写完整账号",
        "several": "一格里有多个账号，请分开填写",
        "unreadable": "账号读不出来，请核对",
    },
    "phone": {"unreadable": "电话号码读不出来，请核对"},
    "uscc": {
        "checksum": "统一社会信用代码校验码不对，请核对",
        "unreadable": "统一社会信用代码读不出来，请核对",
    },
    "date": {"impossible": "{label}“{value}”不是真实的日期", "unreadable": "{label}“{value}”读不出日期"},
    "datetime": {"impossible": "{label}“{value}”不是真实的日期", "unreadable": "{label}“{value}”读不出时间"},
    "month": {"impossible": "{label}“{value}”不是真实的月份", "unreadable": "{label}“{value}”读不出年月"},
    "money": {"unreadable": "{label}“{value}”读不出数字"},
    "int": {"unreadable": "{label}“{value}”读不出数字"},
    "decimal": {"unreadable": "{label}“{value}”读不出数字", "several": "{label}“{value}”有多个数字，取最大的一个"},
    "percent": {"unreadable": "{label}“{value}”读不出数字"},
    "enum": {"unknown": "{label}“{value}”不在代码表里，请核对写法"},
    "bool": {"unknown": "{label}“{value}”看不出是或否"},
    "name": {"unreadable": "{label}“{value}”不像姓名"},
}
#: A number written in scientific notation lost more than three places.
SCIENTIFIC = "号码写成了科学计数法，后几位已丢失，请改为文本后重填"


def sentences(type_: str, label: str) -> dict[str, str]:
    """Reason code → sentence for a field, with {value} where the cell stands."""
    found = {**_CELL, **_BY_TYPE.get(type_, {})}
    return {code: text.replace("{label}", label) for code, text in found.items()}


def in_short(sentence: str) -> str:
    """The sentence without the cell, by which rows are counted.

    >>> in_short("发放金额“{value}”读不出数字")
    '发放金额读不出数字'
    """
    return sentence.replace("“{value}”", "")


def missing(label: str, *, has_source: bool) -> str:
    """A required value that is not there."""
    return f"缺少{label}" if has_source else f"缺少{label}：表里没有这一列，标题里也没有写明"
