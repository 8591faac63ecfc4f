"""A data folder of its own for each test, and a few real sheets of the sample county."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from mingcha import api
from mingcha_web.access.models import User
from mingcha_web.uploads.inbox import inbox_new
from mingcha_web.uploads.models import Batch
from mingcha_web.uploads.services import batch_create
from mingcha_web.uploads.tasks import batch_read

DAY = date(2023, 6, 30)
ROLL = "民政局/低保/2023年6月农村低保人员名册.xlsx"
DEATHS = "公安局/死亡注销人员名单.csv"


@pytest.fixture(scope="session")
def county(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The spreadsheets of a sample village, made once."""
    folder = tmp_path_factory.mktemp("sample") / "county"
    api.simulate(folder, scale="village", seed=1, as_of=DAY)
    return folder


@pytest.fixture
def place(settings: Any, tmp_path: Path) -> Path:
    """Inbox and workspace of this test alone."""
    settings.DATA = tmp_path / "data"
    settings.WORKSPACE = settings.DATA / "workspace"
    settings.INBOX = settings.DATA / "inbox"
    return tmp_path


@pytest.fixture
def deliver(place: Path, officer: User) -> Callable[..., Batch]:
    """``deliver([file, …], office=…)``: a batch that waits; with ``read=True`` the engine has read it."""
    count = 0

    def made(files: Sequence[Path], *, office: str = "民政局", read: bool = False, key: str = "") -> Batch:
        nonlocal count
        count += 1
        inbox = inbox_new()
        for file in files:
            shutil.copyfile(file, inbox.path / file.name)
            inbox.taken.append(file.name)
        batch = batch_create(office=office, inbox=inbox, submit_key=key or f"batch-{count}", by=officer)
        if read:
            batch_read(batch.pk)
            batch.refresh_from_db()
        return batch

    return made


@pytest.fixture
def deaths(place: Path) -> Path:
    """A small list with one good and one bad row, as an office types it."""
    path = place / "死亡人员名单.csv"
    rows = [
        "姓名,身份证号,死亡日期,死亡登记日期",
        "张三,411426195001010012,2023-01-05,2023-01-08",
        "李四,123,2023-02-30,",
    ]
    path.write_text("\n".join(rows), encoding="utf-8")
    return path


@pytest.fixture
def strange(place: Path) -> Path:
    """A sheet whose headers nobody knows."""
    path = place / "某表.csv"
    rows = ["甲方人,编码甲,离世时间", *(f"王{n},41142619500101{n:04d},2023-01-0{n}" for n in range(1, 6))]
    path.write_text("\n".join(rows), encoding="utf-8")
    return path
