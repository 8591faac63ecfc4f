"""Batches, deliveries and their corrections: everything that changes what is compared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from mingcha import api
from mingcha_web.access.errors import WrongState
from mingcha_web.access.guard import require
from mingcha_web.access.models import User
from mingcha_web.access.policy import Action
from mingcha_web.audit.services import record
from mingcha_web.uploads.inbox import Inbox
from mingcha_web.uploads.models import Batch, BatchState, DeliveredSheet, Delivery, DeliveryState
from mingcha_web.uploads.work import work_cancel, work_sweep

__all__ = [
    "batch_cancel",
    "batch_create",
    "deliveries_store",
    "delivery_correct",
    "delivery_withdraw",
    "work_sweep",
]

_REFUSED = "没有收下："


@transaction.atomic
def batch_create(*, office: str, inbox: Inbox, submit_key: str, by: User) -> Batch:
    """A batch of files that were just uploaded; a worker reads them.

    inbox   the folder they lie in: the batch holds it from now on, unless the form was sent before
    Raises NotAllowed, WrongState (no file that can be read).
    """
    require(by, Action.UPLOAD_MAKE)
    earlier = Batch.objects.filter(submit_key=submit_key).first()
    if earlier is not None:
        inbox.remove()
        return earlier
    if not inbox.taken:
        raise WrongState("没有能读取的文件，请选择表格文件。")
    inbox.into(office)
    batch = Batch.objects.create(office=office, folder=inbox.name, by=by, submit_key=submit_key)
    for name, reason in inbox.refused.items():
        Delivery.objects.create(batch=batch, file=name[:400], problem=f"{_REFUSED}{reason}")
    _enqueue(batch)
    files = {"office": office, "files": len(inbox.taken), "refused": len(inbox.refused)}
    record("batch_create", by=by, kind="batch", object_id=batch.pk, detail=files)
    return batch


@transaction.atomic
def delivery_correct(*, delivery: Delivery, mapping: Mapping[str, Any], submit_key: str, by: User) -> Batch:
    """Reads a delivery again with what a person says about one of its sheets; remembered for the same headers.

    mapping   sheet, dataset, header_row, columns
    Raises NotAllowed, WrongState (the delivery does not take part any more, or was never read).
    """
    require(by, Action.UPLOAD_MAKE)
    earlier = Batch.objects.filter(submit_key=submit_key).first()
    if earlier is not None:
        return earlier
    if delivery.state != DeliveryState.ACTIVE or not delivery.key:
        raise WrongState("这份文件已被替换或撤回，不能再更正。请到最新的一份里更正。")
    batch = Batch.objects.create(
        office=delivery.batch.office, corrects=delivery, mapping=dict(mapping), by=by, submit_key=submit_key
    )
    _enqueue(batch)
    detail = {"delivery": delivery.pk, "dataset": mapping["dataset"], "columns": len(mapping.get("columns", {}))}
    record("delivery_correct", by=by, kind="batch", object_id=batch.pk, detail=detail)
    return batch


def _enqueue(batch: Batch) -> None:
    # the task's row lies in the same database: both are there or neither
    from mingcha_web.uploads.tasks import read_batch  # noqa: PLC0415  # tasks call services

    read_batch.enqueue(batch.pk)


def batch_cancel(*, batch: Batch, by: User) -> None:
    """Stops reading a batch. Raises NotAllowed, WrongState where it has ended."""
    require(by, Action.UPLOAD_MAKE)
    work_cancel(batch, by=by)
    batch.refresh_from_db()
    if batch.state == BatchState.CANCELLED and batch.folder:
        Inbox(batch.folder).remove()


@transaction.atomic
def delivery_withdraw(*, delivery_id: int, by: User) -> Delivery:
    """Takes a delivery out of comparison; done twice it is done once. Raises NotAllowed, WrongState."""
    require(by, Action.UPLOAD_MAKE)
    delivery = Delivery.objects.select_for_update().get(pk=delivery_id)
    if delivery.state == DeliveryState.WITHDRAWN:
        return delivery
    if delivery.state == DeliveryState.REPLACED:
        raise WrongState("这份文件已被后来的一份替换，不再参与比对，不用撤回。")
    delivery.state = DeliveryState.WITHDRAWN
    delivery.save(update_fields=["state"])
    record("delivery_withdraw", by=by, kind="delivery", object_id=delivery.pk, detail={"batch": delivery.batch_id})
    return delivery


def deliveries_store(
    *, batch: Batch, delivered: Sequence[api.DeliveredFile], digests: Mapping[str, str]
) -> list[Delivery]:
    """Keeps what the engine made of a batch's files; the caller holds the transaction.

    digests   file → SHA-256 of its content
    Of several deliveries of one office with one file name, and of several with the same content, the newest one alone
    takes part in comparison.
    """
    made: list[Delivery] = []
    for file in delivered:
        delivery = _delivery(batch, file, digests.get(file.file, ""))
        if delivery.key:
            _earlier(batch, delivery).exclude(pk__in=[other.pk for other in made]).update(state=DeliveryState.REPLACED)
        delivery.save()
        DeliveredSheet.objects.bulk_create(_sheets(delivery))
        made.append(delivery)
    counts = {"files": len(made), "rows": sum(delivery.read for delivery in made)}
    record("batch_read", by=batch.by, kind="batch", object_id=batch.pk, detail=counts)
    return made


def _delivery(batch: Batch, file: api.DeliveredFile, sha256: str) -> Delivery:
    def total(name: str) -> int:
        return sum(sheet[name] for sheet in file.sheets)

    return Delivery(
        batch=batch,
        file=file.file[:400],
        key=file.key,
        sha256=sha256,
        report=list(file.sheets),
        problem="\n".join(file.problems),
        read=total("read"),
        accepted=total("accepted"),
        doubtful=total("doubtful"),
        rejected=total("rejected"),
    )


def _earlier(batch: Batch, delivery: Delivery) -> QuerySet[Delivery]:
    """Deliveries a new one takes the place of: the same content, or the same office's file of that name."""
    active = Delivery.objects.filter(state=DeliveryState.ACTIVE).exclude(key="")
    same = [pk for pk, file in _of_office(active, batch) if file.rsplit("/", 1)[-1] == delivery.name]
    if delivery.sha256:
        same += active.filter(sha256=delivery.sha256).values_list("pk", flat=True)
    return Delivery.objects.filter(pk__in=same)


def _of_office(active: QuerySet[Delivery], batch: Batch) -> list[tuple[int, str]]:
    return list(active.filter(batch__office=batch.office).exclude(batch=batch).values_list("pk", "file"))


def _sheets(delivery: Delivery) -> list[DeliveredSheet]:
    return [
        DeliveredSheet(
            delivery=delivery,
            dataset=sheet["dataset"],
            sheet=sheet["sheet"][:200],
            month=sheet["month"] or "",
            rows=sheet["accepted"] + sheet["doubtful"],
        )
        for sheet in delivery.report
        if sheet["dataset"]
    ]
