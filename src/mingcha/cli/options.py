"""Option values several commands read alike."""

from __future__ import annotations

import argparse
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
