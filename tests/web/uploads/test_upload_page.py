"""The upload page: what it takes, what it refuses and how it says so."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from mingcha_web.access.models import User
from mingcha_web.uploads import inbox as inboxes
from mingcha_web.uploads.inbox import inbox_path
from mingcha_web.uploads.models import Batch, Delivery

pytestmark = pytest.mark.django_db

URL = "/uploads/new/"


def _file(name: str, content: bytes = b"a,b\n1,2\n") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def _send(client: Client, *files: SimpleUploadedFile, **changes: str) -> Any:
    return client.post(URL, {"office": "民政局", "submit_key": "k", "tables": list(files), **changes})


def _left() -> list[Path]:
    place = inbox_path("")
    return list(place.iterdir()) if place.exists() else []


def test_many_files_become_one_batch(place: Path, officer_client: Client) -> None:
    answer = _send(officer_client, _file("a.csv"), _file("b.csv"), _file("b.csv"))
    batch = Batch.objects.get()
    assert answer.status_code == 302
    assert answer["Location"] == reverse("upload_detail", args=[batch.pk])
    assert sorted(path.name for path in (inbox_path(batch.folder) / "民政局").iterdir()) == [
        "a.csv",
        "b.csv",
        "b（2）.csv",
    ]


def test_the_good_files_are_taken_and_the_wrong_ones_named(place: Path, officer_client: Client) -> None:
    _send(officer_client, _file("a.csv"), _file("通知.docx"), _file("~$a.xlsx"), _file("b.csv", b""))
    told = dict(Delivery.objects.values_list("file", "problem"))
    assert set(told) == {"通知.docx", "~$a.xlsx", "b.csv"}
    assert "不是表格" in told["通知.docx"]
    assert "临时文件" in told["~$a.xlsx"]
    assert "空的" in told["b.csv"]


@pytest.mark.parametrize(("name", "said"), [("a.pdf", "不是表格文件"), ("a.zip", "压缩包"), ("a.exe", "不是表格文件")])
def test_nothing_but_wrong_files_is_refused_with_each_ones_message(
    place: Path, officer_client: Client, name: str, said: str
) -> None:
    answer = _send(officer_client, _file(name), office="城关镇民政所")
    assert answer.status_code == 422
    page = answer.content.decode()
    assert f"《{name}》" in page
    assert said in page
    assert 'value="城关镇民政所"' in page  # what was typed is kept
    assert not Batch.objects.exists()
    assert _left() == []


def test_a_file_over_the_limit_is_not_kept(place: Path, officer_client: Client, settings: Any) -> None:
    settings.UPLOAD_LIMIT = 1000
    answer = _send(officer_client, _file("大表.csv", b"x" * 200_000))
    assert answer.status_code == 422
    assert "上限" in answer.content.decode()
    assert _left() == []


def test_a_batch_over_the_total_is_refused_before_it_is_read(
    place: Path, officer_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mingcha_web.uploads.views.batches.MAX_TOTAL", 100)
    answer = _send(officer_client, _file("a.csv", b"x" * 500))
    assert answer.status_code == 422
    assert "合计超过" in answer.content.decode()
    assert _left() == []


def test_too_many_files_are_told(place: Path, officer_client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inboxes, "MAX_FILES", 2)
    _send(officer_client, _file("a.csv"), _file("b.csv"), _file("c.csv"))
    assert "分批上传" in Delivery.objects.get().problem


def test_more_files_than_a_request_may_hold_are_told(place: Path, officer_client: Client, settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_NUMBER_FILES = 2
    answer = _send(officer_client, _file("a.csv"), _file("b.csv"), _file("c.csv"))
    assert answer.status_code == 422
    assert "分批上传" in answer.content.decode()
    assert _left() == []


def test_without_office_nothing_is_kept_and_the_page_says_which_field(place: Path, officer_client: Client) -> None:
    answer = _send(officer_client, _file("a.csv"), office=" ")
    assert answer.status_code == 422
    assert "请写明是哪个单位" in answer.content.decode()
    assert _left() == []


def test_without_file_it_asks_for_one(place: Path, officer_client: Client) -> None:
    answer = officer_client.post(URL, {"office": "民政局", "submit_key": "k"})
    assert answer.status_code == 422
    assert "请选择要上传的表格文件" in answer.content.decode()


def test_a_double_click_makes_one_batch(place: Path, officer_client: Client) -> None:
    first = _send(officer_client, _file("a.csv"))
    second = _send(officer_client, _file("a.csv"))
    assert first["Location"] == second["Location"]
    assert Batch.objects.count() == 1
    assert len(_left()) == 1


def test_a_post_without_token_is_refused_and_leaves_nothing(place: Path, officer: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(officer)
    assert _send(client, _file("a.csv")).status_code == 403
    assert _left() == []


def test_who_may_not_upload_is_refused_before_anything_is_kept(
    place: Path, leader_client: Client, client_of: Callable[[User], Client]
) -> None:
    assert _send(leader_client, _file("a.csv")).status_code == 403
    assert Client().post(URL, {"office": "x"}).status_code == 302
    assert _left() == []


def test_earlier_offices_are_offered(place: Path, officer_client: Client, officer: User) -> None:
    Batch.objects.create(office="会亭镇民政所", by=officer, submit_key="x")
    assert '<option value="会亭镇民政所">' in officer_client.get(URL).content.decode()


@pytest.mark.parametrize(
    ("typed", "kept"), [("../../etc/passwd.csv", "passwd.csv"), ("a:b*.csv", "a_b_.csv"), ("长" * 200 + ".csv", None)]
)
def test_file_names_are_made_safe(place: Path, officer_client: Client, typed: str, kept: str | None) -> None:
    _send(officer_client, _file(typed))
    path = next((inbox_path(Batch.objects.get().folder) / "民政局").iterdir())
    assert len(path.name.encode()) < 250
    assert kept is None or path.name == kept
