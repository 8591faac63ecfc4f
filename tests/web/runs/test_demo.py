"""The sample county through the real engine: delivered, compared twice, worked on in between."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from mingcha_web.access.models import User
from mingcha_web.access.policy import Role
from mingcha_web.cases.models import Case
from mingcha_web.demo import load_demo
from mingcha_web.findings.models import Finding
from mingcha_web.runs.models import Run
from mingcha_web.uploads.models import Batch

pytestmark = pytest.mark.django_db

#: Files of three offices: enough for findings in both months, quick to read.
_FILES = (
    "公安局/死亡注销人员名单.csv",
    "民政局/低保/2023年5月农村低保人员名册.xlsx",
    "民政局/低保/2023年6月农村低保人员名册.xlsx",
    "财政局/发放/2023年5月农村低保发放明细.xlsx",
    "残联/持证残疾人花名册.xlsx",
    "mingcha-params.yaml",
)


@pytest.fixture
def sample(county: Path, place: Path) -> Path:
    """Some of the sample's files."""
    folder = place / "sample"
    for name in _FILES:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(county / name, folder / name)
    return folder


def test_the_demo_is_loaded_once_and_can_be_looked_at(sample: Path) -> None:
    accounts = load_demo(sample, as_of=date(2023, 6, 30))
    runs = list(Run.objects.order_by("pk"))
    assert [run.as_of for run in runs] == [date(2023, 5, 31), date(2023, 6, 30)]
    assert [run.state for run in runs] == ["done", "done"]
    assert runs[1].before == runs[0]
    assert runs[1].new + runs[1].continuing == runs[1].findings > 0
    assert {role for role, _, _ in accounts} == {role.label for role in Role}
    assert set(Batch.objects.values_list("office", flat=True)) == {"公安局", "民政局", "财政局", "残联"}
    before = (User.objects.count(), Finding.objects.count(), Case.objects.count(), Batch.objects.count())

    assert load_demo(sample, as_of=date(2023, 6, 30)) == accounts
    assert (User.objects.count(), Finding.objects.count(), Case.objects.count(), Batch.objects.count()) == before

    client = Client()
    _, username, password = accounts[0]
    assert client.login(username=username, password=password)
    for name in ("upload_list", "delivery_list", "upload_calendar", "run_list"):
        assert client.get(reverse(name)).status_code == 200
    assert client.get(reverse("run_changes", args=[runs[1].pk])).status_code == 200
    report = client.get(reverse("run_file", args=[runs[1].pk, "report.html"]))
    assert report.status_code == 200
