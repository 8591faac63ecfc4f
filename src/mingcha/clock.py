"""Today, as China's offices count it."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

#: Asia/Shanghai as a fixed offset: China has kept one time without summer time since 1992, and Windows ships no zones.
SHANGHAI = timezone(timedelta(hours=8), "Asia/Shanghai")


def today() -> date:
    """The present day in China."""
    return datetime.now(SHANGHAI).date()
