"""Lists, progress, withdrawal and templates as people see them."""

from __future__ import annotations

import io
from datetime import timedelta

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from mingcha import api
from mingcha_web.access.models import User
from mingcha_web.uploads.models import Batch, BatchState, Delivery
from mingcha_web.uploads.services import deliveries_store
from mingcha_web.uploads.work import SILENT

pytestmark = pytest.mark.django_db


def _batch(officer: User, office: str = "公安局", files: int = 1, **changes: object) -> Batch:
    given = {"office": office, "by": officer, "state": BatchState.DONE, "submit_key": f"b{Batch.objects.count()}"}
    batch = Batch.objects.create(**{**given, **changes})
    sheet = {
        **{
            "file": "a",
            "sheet": "",
            "dataset": "death_cancel",
            "dataset_title": "死亡注销人员名单",
            "month": "2023-06",
        },
        **{
            "month": "2023-06",
            "header_row": 1,
            "header_rows": [1],
            "columns": {"name": "姓名"},
            "unfit": ["备注"],
            "nearest": [],
        },
        **{"read": 5, "accepted": 3, "doubtful": 1, "rejected": 1, "notes": []},
        **{"reasons": {"证件号码位数不对": 1}, "doubts": {"没有写日期": 1}},
    }
    delivered = [api.DeliveredFile(f"{office}/{n}.csv", f"{batch.pk}-{n}", (sheet,), ()) for n in range(files)]
    deliveries_store(batch=batch, delivered=delivered, digests={})
    return batch


def test_an_empty_list_says_what_to_do(officer_client: Client) -> None:
    assert "上传第一批" in officer_client.get(reverse("upload_list")).content.decode()
    assert "上传表格" in officer_client.get(reverse("delivery_list")).content.decode()


def test_batches_are_filtered(officer_client: Client, officer: User) -> None:
    _batch(officer, "公安局")
    failed = _batch(officer, "财政局", state=BatchState.FAILED)
    page = officer_client.get(reverse("upload_list"), {"state": "failed"}).content.decode()
    assert f"第 {failed.pk} 批" in page
    assert page.count("row-link") == 1
    part = officer_client.get(
        reverse("upload_list"), {"office": "公安局"}, headers={"HX-Request": "true"}
    ).content.decode()
    assert part.lstrip().startswith('<div id="list"')
    assert "财政局</td>" not in part


def test_deliveries_are_filtered_by_what_is_in_them(officer_client: Client, officer: User) -> None:
    _batch(officer)
    url = reverse("delivery_list")
    assert "0.csv" in officer_client.get(url, {"dataset": "death_cancel", "month": "2023-06"}).content.decode()
    assert "没有符合条件" in officer_client.get(url, {"month": "2023-05"}).content.decode()
    assert "没有符合条件" in officer_client.get(url, {"state": "withdrawn"}).content.decode()


def test_reasons_and_unused_columns_are_shown(officer_client: Client, officer: User) -> None:
    page = officer_client.get(reverse("upload_detail", args=[_batch(officer).pk])).content.decode()
    for said in ("死亡注销人员名单", "2023年6月", "证件号码位数不对", "没有写日期", "备注", "退回 1"):
        assert said in page


def test_a_leader_reads_but_is_offered_no_change(leader_client: Client, officer: User) -> None:
    batch = _batch(officer)
    page = leader_client.get(reverse("upload_detail", args=[batch.pk])).content.decode()
    assert "撤回" not in page
    assert "更正" not in page
    assert leader_client.post(reverse("delivery_withdraw", args=[batch.deliveries.get().pk])).status_code == 403


def test_withdrawing_from_the_page(officer_client: Client, officer: User) -> None:
    delivery = _batch(officer).deliveries.get()
    answer = officer_client.post(reverse("delivery_withdraw", args=[delivery.pk]), follow=True)
    assert "已撤回" in answer.content.decode()
    delivery.refresh_from_db()
    assert delivery.state == "withdrawn"


def test_progress_asks_again_until_the_work_has_ended(officer_client: Client, officer: User) -> None:
    batch = Batch.objects.create(
        office="a", by=officer, submit_key="x", state="running", stage="读取文件", done=2, beat_at=timezone.now()
    )
    url = reverse("upload_progress", args=[batch.pk])
    answer = officer_client.get(url)
    assert 'hx-trigger="every 2s"' in answer.content.decode()
    assert "读取文件 2" in answer.content.decode()
    Batch.objects.update(state="done")
    answer = officer_client.get(url)
    assert answer["HX-Refresh"] == "true"
    assert "hx-trigger" not in answer.content.decode()


def test_a_page_says_that_the_worker_died(officer_client: Client, officer: User) -> None:
    silent = timezone.now() - SILENT - timedelta(seconds=1)
    batch = Batch.objects.create(office="a", by=officer, submit_key="x", state="running", beat_at=silent)
    page = officer_client.get(reverse("upload_detail", args=[batch.pk])).content.decode()
    assert "后台进程中断" in page


def test_cancel_from_the_page(officer_client: Client, officer: User) -> None:
    batch = Batch.objects.create(office="a", by=officer, submit_key="x")
    page = officer_client.post(reverse("upload_cancel", args=[batch.pk]), follow=True).content.decode()
    assert "已取消" in page


def test_every_dataset_has_a_template(officer_client: Client) -> None:
    page = officer_client.get(reverse("template_list")).content.decode()
    assert all(title in page for title in api.datasets().values())
    answer = officer_client.get(reverse("template_file", args=["death_cancel"]))
    headers = {cell for row in openpyxl.load_workbook(io.BytesIO(answer.content)).worksheets[0].values for cell in row}
    assert "姓名" in headers
    assert officer_client.get(reverse("template_file", args=["nothing"])).status_code == 404


@pytest.mark.parametrize("name", ["upload_list", "delivery_list", "upload_calendar"])
def test_queries_do_not_grow_with_the_rows(
    officer_client: Client, officer: User, django_assert_max_num_queries: object, name: str
) -> None:
    _batch(officer, files=3)
    with django_assert_max_num_queries(12):  # type: ignore[operator]
        officer_client.get(reverse(name))
    for n in range(8):
        _batch(officer, f"单位{n}", files=5)
    with django_assert_max_num_queries(12):  # type: ignore[operator]
        officer_client.get(reverse(name))
    assert Delivery.objects.count() == 43
