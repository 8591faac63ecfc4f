"""Option values several commands read alike."""

from __future__ import annotations

import argparse
import re
from datetime import date


def a_date(text: str) -> date:
    """A day as YYYY-MM-DD.

    >>> a_date("2023-06-21")
    datetime.date(2023, 6, 21)
    """
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"日期“{text}”读不懂，请写成 2023-06-30 的样子") from error


def rule_ids(text: str) -> tuple[str, ...]:
    """Rule ids separated by commas (Chinese ones too).

    >>> rule_ids("r01, R02，R05")
    ('R01', 'R02', 'R05')
    """
    ids = tuple(word.strip().upper() for word in text.replace("，", ",").split(",") if word.strip())
    if not ids:
        raise argparse.ArgumentTypeError("没有写规则编号，例如 R01,R02")
    return ids


def a_size(text: str) -> int:
    """A size of memory in bytes.

    >>> a_size("4G"), a_size("512m"), a_size("1.5G")
    (4294967296, 536870912, 1610612736)
    """
    found = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([MG])B?", text.strip(), re.IGNORECASE)
    if not found:
        raise argparse.ArgumentTypeError(f"内存大小“{text}”读不懂，请写成 512M 或 4G 的样子")
    return round(float(found[1]) * (1 << (30 if found[2].upper() == "G" else 20)))


def some_seconds(text: str) -> float:
    """A time in seconds, above zero.

    >>> some_seconds("90")
    90.0
    """
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds < float("inf"):
        raise argparse.ArgumentTypeError(f"秒数“{text}”读不懂，请写大于 0 的数")
    return seconds
