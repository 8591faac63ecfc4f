"""Batches and deliveries: sent twice, replaced, withdrawn, cancelled, left behind by a dead worker."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from mingcha import api
from mingcha_web.access.errors import NotAllowed, WrongState
from mingcha_web.access.models import User
from mingcha_web.audit.models import Entry
from mingcha_web.uploads import work
from mingcha_web.uploads.inbox import Inbox, inbox_new, inbox_path
from mingcha_web.uploads.models import Batch, BatchState, Delivery, DeliveryState
from mingcha_web.uploads.selectors import active_keys
from mingcha_web.uploads.services import batch_cancel, batch_create, deliveries_store, delivery_withdraw
from mingcha_web.uploads.tasks import batch_read

pytestmark = pytest.mark.django_db


def _sheet(**changes: Any) -> dict[str, Any]:
    plain = {"sheet": "", "dataset": "death_cancel", "month": "2023-06", "read": 3, "accepted": 2, "doubtful": 0}
    return {**plain, "rejected": 1, **changes}


def _stored(officer: User, file: str, key: str, *, office: str = "公安局", sha256: str = "") -> Delivery:
    batch = Batch.objects.create(office=office, by=officer, submit_key=f"stored-{Batch.objects.count()}")
    delivered = [api.DeliveredFile(file, key, (_sheet(),), ())]
    return deliveries_store(batch=batch, delivered=delivered, digests={file: sha256})[0]


def test_a_form_sent_twice_makes_one_batch(deliver: Callable[..., Batch], deaths: Path) -> None:
    first = deliver([deaths], key="same")
    second = deliver([deaths], key="same")
    assert first == second
    assert Batch.objects.count() == 1
    assert [folder.name for folder in inbox_path("").iterdir()] == [first.folder]


def test_files_lie_in_a_folder_of_their_office(deliver: Callable[..., Batch], deaths: Path) -> None:
    batch = deliver([deaths], office="公安局/户政科")
    assert (inbox_path(batch.folder) / "公安局_户政科" / deaths.name).exists()


def test_only_who_may_upload_makes_a_batch(place: Path, leader: User) -> None:
    with pytest.raises(NotAllowed):
        batch_create(office="民政局", inbox=inbox_new(), submit_key="x", by=leader)


def test_a_batch_without_readable_file_is_refused(place: Path, officer: User) -> None:
    inbox = inbox_new()
    inbox.refused["a.pdf"] = "这不是表格文件。"
    with pytest.raises(WrongState):
        batch_create(office="民政局", inbox=inbox, submit_key="x", by=officer)


def test_refused_files_are_told_in_the_batch(place: Path, officer: User, deaths: Path) -> None:
    inbox = inbox_new()
    (inbox.path / deaths.name).write_bytes(deaths.read_bytes())
    inbox.taken, inbox.refused = [deaths.name], {"通知.docx": "这不是表格文件。"}
    batch = batch_create(office="民政局", inbox=inbox, submit_key="x", by=officer)
    told = batch.deliveries.get()
    assert (told.file, told.key) == ("通知.docx", "")
    assert "不是表格" in told.problem


def test_a_newer_file_of_that_name_takes_the_place_of_the_older(officer: User) -> None:
    old = _stored(officer, "公安局/死亡.csv", "k1")
    other_office = _stored(officer, "卫健委/死亡.csv", "k2", office="卫健委")
    new = _stored(officer, "公安局/死亡.csv", "k3")
    states = {each.pk: each.state for each in Delivery.objects.all()}
    assert states == {old.pk: "replaced", other_office.pk: "active", new.pk: "active"}
    assert active_keys() == ["k2", "k3"]


def test_the_same_content_under_another_name_counts_once(officer: User) -> None:
    old = _stored(officer, "公安局/a.csv", "k1", sha256="f" * 64)
    _stored(officer, "民政局/b.csv", "k2", office="民政局", sha256="f" * 64)
    old.refresh_from_db()
    assert old.state == DeliveryState.REPLACED
    assert active_keys() == ["k2"]


def test_a_file_that_could_not_be_read_replaces_nothing(officer: User) -> None:
    _stored(officer, "公安局/死亡.csv", "k1")
    _stored(officer, "公安局/死亡.csv", "")
    assert active_keys() == ["k1"]


def test_a_withdrawn_delivery_takes_no_part_any_more(officer: User) -> None:
    delivery = _stored(officer, "公安局/死亡.csv", "k1")
    delivery_withdraw(delivery_id=delivery.pk, by=officer)
    delivery_withdraw(delivery_id=delivery.pk, by=officer)
    assert active_keys() == []
    assert Entry.objects.filter(action="delivery_withdraw").count() == 1


def test_a_replaced_delivery_cannot_be_withdrawn(officer: User) -> None:
    old = _stored(officer, "公安局/死亡.csv", "k1")
    _stored(officer, "公安局/死亡.csv", "k2")
    with pytest.raises(WrongState):
        delivery_withdraw(delivery_id=old.pk, by=officer)


def test_counts_of_a_delivery_are_those_of_its_sheets(officer: User) -> None:
    delivery = _stored(officer, "公安局/死亡.csv", "k1")
    assert (delivery.read, delivery.accepted, delivery.doubtful, delivery.rejected) == (3, 2, 0, 1)
    sheet = delivery.sheets.get()
    assert (sheet.dataset, sheet.month, sheet.rows) == ("death_cancel", "2023-06", 2)


def test_a_waiting_batch_is_cancelled_at_once_and_its_files_are_gone(
    deliver: Callable[..., Batch], deaths: Path, officer: User
) -> None:
    batch = deliver([deaths])
    batch_cancel(batch=batch, by=officer)
    assert batch.state == BatchState.CANCELLED
    assert not inbox_path(batch.folder).exists()
    batch_read(batch.pk)
    assert not batch.deliveries.exists()


def test_what_has_ended_cannot_be_cancelled(deliver: Callable[..., Batch], deaths: Path, officer: User) -> None:
    batch = deliver([deaths])
    Batch.objects.update(state=BatchState.DONE)
    with pytest.raises(WrongState):
        batch_cancel(batch=batch, by=officer)


def test_a_cancel_while_reading_keeps_nothing(
    deliver: Callable[..., Batch], deaths: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = deliver([deaths])

    def take_in(folder: Path, workspace: Path, *, progress: api.Progress) -> list[api.DeliveredFile]:
        Batch.objects.update(is_cancel_wanted=True)
        progress.step("读取文件", 1, None)
        raise AssertionError("the step should have stopped it")

    monkeypatch.setattr(api, "take_in", take_in)
    batch_read(batch.pk)
    batch.refresh_from_db()
    assert batch.state == BatchState.CANCELLED
    assert "取消" in batch.message
    assert not inbox_path(batch.folder).exists()


def test_a_cancel_in_the_last_moment_keeps_nothing(
    deliver: Callable[..., Batch], deaths: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = deliver([deaths])

    def take_in(folder: Path, workspace: Path, *, progress: api.Progress) -> list[api.DeliveredFile]:
        Batch.objects.update(is_cancel_wanted=True)
        return [api.DeliveredFile("a.csv", "k", (_sheet(),), ())]

    monkeypatch.setattr(api, "take_in", take_in)
    batch_read(batch.pk)
    batch.refresh_from_db()
    assert batch.state == BatchState.CANCELLED
    assert not Delivery.objects.exists()


def test_an_unforeseen_error_is_told_without_its_message_and_the_files_go(
    deliver: Callable[..., Batch],
    deaths: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    batch = deliver([deaths])
    number = "411426195001010012"

    def take_in(*_args: Any, **_named: Any) -> None:
        raise ValueError(number)

    monkeypatch.setattr(api, "take_in", take_in)
    batch_read(batch.pk)
    batch.refresh_from_db()
    assert batch.state == BatchState.FAILED
    assert "系统出错" in batch.message
    assert number not in caplog.text + batch.message
    assert not inbox_path(batch.folder).exists()


def test_an_error_of_the_engine_is_told_in_its_own_words(
    deliver: Callable[..., Batch], deaths: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = deliver([deaths])

    def take_in(*_args: Any, **_named: Any) -> None:
        raise api.MingchaError("工作区坏了。", remedy="请从备份恢复。")

    monkeypatch.setattr(api, "take_in", take_in)
    batch_read(batch.pk)
    batch.refresh_from_db()
    assert (batch.state, batch.message) == (BatchState.FAILED, "工作区坏了。请从备份恢复。")


@pytest.mark.parametrize("state", [BatchState.QUEUED, BatchState.RUNNING])
def test_work_without_sign_of_life_is_marked_failed(officer: User, state: str) -> None:
    silent = timezone.now() - work.SILENT - timedelta(seconds=5)
    dead = Batch.objects.create(office="a", by=officer, submit_key="1", state=state, beat_at=silent)
    alive = Batch.objects.create(office="a", by=officer, submit_key="2", state=state, beat_at=timezone.now())
    assert work.work_sweep() == 1
    dead.refresh_from_db()
    alive.refresh_from_db()
    assert (dead.state, dead.message) == (BatchState.FAILED, work.INTERRUPTED)
    assert dead.finished_at is not None
    assert alive.state == state
    assert work.work_sweep() == 0


def test_a_task_of_work_that_was_given_up_does_nothing(deliver: Callable[..., Batch], deaths: Path) -> None:
    batch = deliver([deaths])
    Batch.objects.update(state=BatchState.FAILED)
    batch_read(batch.pk)
    batch.refresh_from_db()
    assert batch.state == BatchState.FAILED
    assert not batch.deliveries.exists()


def test_progress_is_written_and_shows_life(officer: User) -> None:
    batch = Batch.objects.create(office="a", by=officer, submit_key="1", state=BatchState.RUNNING)
    progress = work.WorkProgress(batch)
    progress.step("读取文件", 3, 12, "名册.xlsx")
    progress.step("读取文件", 4, 12, "at once after: not worth a write")
    batch.refresh_from_db()
    assert (batch.stage, batch.done, batch.total, batch.detail, batch.percent) == ("读取文件", 3, 12, "名册.xlsx", 25)
    assert batch.beat_at is not None


def test_progress_of_work_that_was_given_up_stops_it(officer: User) -> None:
    batch = Batch.objects.create(office="a", by=officer, submit_key="1", state=BatchState.FAILED)
    with pytest.raises(work.WorkCancelled):
        work.WorkProgress(batch).step("读取文件", 1, None)


def test_an_inbox_is_gone_with_all_in_it(place: Path) -> None:
    inbox = inbox_new()
    (inbox.path / "a.csv").write_text("x", encoding="utf-8")
    Inbox(inbox.name).remove()
    assert not inbox.path.exists()
