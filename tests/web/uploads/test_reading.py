"""Files through the real engine: what was recognised, what to mend, a mapping corrected and remembered."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse

from mingcha_web.audit.models import Entry
from mingcha_web.uploads.inbox import inbox_path
from mingcha_web.uploads.models import Batch, BatchState, DeliveredSheet, Delivery, DeliveryState
from mingcha_web.uploads.selectors import active_keys
from mingcha_web.uploads.tasks import batch_read

pytestmark = pytest.mark.django_db


def _correct(client: Client, delivery: Delivery, **changes: str) -> object:
    """Says of the strange sheet that it is the list of deaths."""
    headers = delivery.report[0]["unfit"]
    fields = {"甲方人": "name", "编码甲": "id_no", "离世时间": "death_date"}
    columns = {f"column_{number}": fields[header] for number, header in enumerate(headers)}
    given = {"dataset": "death_cancel", "header_row": "1", "submit_key": "c1", **columns, **changes}
    return client.post(reverse("sheet_correct", args=[delivery.pk, 0]), given)


def test_a_recognised_file_is_told_sheet_by_sheet(
    deliver: Callable[..., Batch], deaths: Path, officer_client: Client
) -> None:
    batch = deliver([deaths], office="公安局", read=True)
    assert (batch.state, batch.message) == (BatchState.DONE, "")
    assert not inbox_path(batch.folder).exists()
    delivery = batch.deliveries.get()
    assert delivery.file == f"公安局/{deaths.name}"
    assert delivery.key
    assert len(delivery.sha256) == 64
    assert delivery.read == 2
    assert delivery.rejected + delivery.doubtful >= 1
    page = officer_client.get(reverse("upload_detail", args=[batch.pk])).content.decode()
    assert "死亡注销人员名单" in page or delivery.report[0]["dataset_title"] in page
    assert "411426195001010012" not in page
    assert "下载要改的行" in page


def test_the_same_file_again_takes_the_place_of_the_first(deliver: Callable[..., Batch], deaths: Path) -> None:
    first = deliver([deaths], read=True).deliveries.get()
    second = deliver([deaths], read=True).deliveries.get()
    first.refresh_from_db()
    assert (first.state, second.state) == (DeliveryState.REPLACED, DeliveryState.ACTIVE)
    assert active_keys() == [second.key]


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_rows_to_mend_are_handed_out_masked_and_logged(
    deliver: Callable[..., Batch], deaths: Path, officer_client: Client, form: str
) -> None:
    delivery = deliver([deaths], read=True).deliveries.get()
    answer = officer_client.get(reverse("delivery_rejects", args=[delivery.pk, form]))
    assert answer.status_code == 200
    assert "attachment" in answer["Content-Disposition"]
    if form == "csv":
        text = answer.content.decode("utf-8-sig")
    else:
        sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
        text = "\n".join(",".join(str(cell) for cell in row) for row in sheet.values)
    assert text.startswith("处理,文件,工作表,行号")
    assert f"{deaths.name}" in text
    assert "退回" in text or "存疑" in text
    entry = Entry.objects.get(action="rejects_export")
    assert entry.is_personal
    assert entry.object_id == str(delivery.pk)


def test_a_sheet_nobody_knows_asks_and_a_correction_reads_it(
    deliver: Callable[..., Batch], strange: Path, officer_client: Client
) -> None:
    batch = deliver([strange], office="民政局", read=True)
    delivery = batch.deliveries.get()
    assert delivery.report[0]["dataset"] is None
    page = officer_client.get(reverse("upload_detail", args=[batch.pk])).content.decode()
    assert "没有认出来" in page
    assert "告诉系统这是什么" in page

    answer = _correct(officer_client, delivery)
    again = Batch.objects.get(corrects=delivery)
    assert answer["Location"] == reverse("upload_detail", args=[again.pk])  # type: ignore[index]
    batch_read(again.pk)
    again.refresh_from_db()
    assert (again.state, again.message) == (BatchState.DONE, "")
    new = again.deliveries.get()
    delivery.refresh_from_db()
    assert delivery.state == DeliveryState.REPLACED
    assert (new.report[0]["dataset"], new.accepted + new.doubtful) == ("death_cancel", 5)
    assert active_keys() == [new.key]
    assert list(DeliveredSheet.objects.filter(delivery=new).values_list("dataset", flat=True)) == ["death_cancel"]

    # the next office's file with these headers needs no help
    other = strange.with_name("另一份.csv")
    other.write_text(strange.read_text(encoding="utf-8").replace("王", "李"), encoding="utf-8")
    told = deliver([other], office="卫健委", read=True).deliveries.get()
    assert told.report[0]["dataset"] == "death_cancel"


def test_a_correction_sent_twice_is_read_once(
    deliver: Callable[..., Batch], strange: Path, officer_client: Client
) -> None:
    delivery = deliver([strange], read=True).deliveries.get()
    _correct(officer_client, delivery)
    _correct(officer_client, delivery)
    assert Batch.objects.filter(corrects=delivery).count() == 1


def test_a_correction_that_is_wrong_says_where(
    deliver: Callable[..., Batch], strange: Path, officer_client: Client
) -> None:
    delivery = deliver([strange], read=True).deliveries.get()
    twice = _correct(officer_client, delivery, column_0="name", column_1="name")
    assert twice.status_code == 422  # type: ignore[attr-defined]
    assert "一个字段只能对应一列" in twice.content.decode()  # type: ignore[attr-defined]
    row = _correct(officer_client, delivery, header_row="第三行")
    assert "请写行号" in row.content.decode()  # type: ignore[attr-defined]
    assert 'value="第三行"' in row.content.decode()  # type: ignore[attr-defined]
    missing = _correct(officer_client, delivery, dataset="")
    assert "请选择这是什么数据" in missing.content.decode()  # type: ignore[attr-defined]
    assert not Batch.objects.filter(corrects=delivery).exists()


def test_choosing_another_dataset_offers_its_fields(
    deliver: Callable[..., Batch], strange: Path, officer_client: Client
) -> None:
    delivery = deliver([strange], read=True).deliveries.get()
    url = reverse("sheet_correct", args=[delivery.pk, 0])
    page = officer_client.get(url, {"dataset": "vehicle"}, headers={"HX-Request": "true"}).content.decode()
    assert "排量" in page
    assert "<html" not in page


def test_two_sheets_of_one_file_can_be_corrected_after_each_other(
    deliver: Callable[..., Batch], place: Path, officer_client: Client
) -> None:
    book = openpyxl.Workbook()
    for name, last in (("甲表", "离世时间"), ("乙表", "走的日子")):
        sheet = book.create_sheet(name)
        sheet.append(["甲方人", "编码甲", last])
        for n in range(1, 5):
            sheet.append([f"王{n}", f"41142619500101{n:04d}", f"2023-01-0{n}"])
    book.remove(book["Sheet"])
    path = place / "两张表[6月].xlsx"
    book.save(path)
    delivery = deliver([path], read=True).deliveries.get()
    for number, field in ((0, "c-0"), (1, "c-1")):
        headers = delivery.report[number]["unfit"]
        fields = dict(zip(("甲方人", "编码甲"), ("name", "id_no"), strict=True))
        columns = {f"column_{at}": fields.get(header, "death_date") for at, header in enumerate(headers)}
        given = {"dataset": "death_cancel", "header_row": "1", "submit_key": field, **columns}
        officer_client.post(reverse("sheet_correct", args=[delivery.pk, number]), given)
        again = Batch.objects.order_by("-pk")[0]
        batch_read(again.pk)
        delivery = again.deliveries.get()
    assert [sheet["dataset"] for sheet in delivery.report] == ["death_cancel", "death_cancel"]


def test_a_replaced_file_cannot_be_corrected(
    deliver: Callable[..., Batch], strange: Path, officer_client: Client
) -> None:
    delivery = deliver([strange], read=True).deliveries.get()
    deliver([strange], read=True)
    assert _correct(officer_client, delivery).status_code == 409  # type: ignore[attr-defined]
