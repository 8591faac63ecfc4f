"""What the background worker does for uploads."""

from __future__ import annotations

from django.conf import settings
from django_tasks import task

from mingcha import api
from mingcha_web.uploads.inbox import digests, inbox_path, inbox_sweep
from mingcha_web.uploads.models import Batch, BatchState
from mingcha_web.uploads.services import deliveries_store
from mingcha_web.uploads.work import WorkProgress, finishing, work_carry_out


@task
def read_batch(batch_id: int) -> None:
    """Reads the files of a batch into the workspace, or one file again with a corrected mapping."""
    batch_read(batch_id)


def batch_read(batch_id: int, *, progress: api.Progress | None = None) -> None:
    """The task's work. progress: who else is told of the steps."""
    try:
        work_carry_out(Batch, batch_id, _again if _is_correction(batch_id) else _first, also=progress)
    finally:
        _clear(batch_id)


def _is_correction(batch_id: int) -> bool:
    return Batch.objects.filter(pk=batch_id, corrects__isnull=False).exists()


def _first(batch: Batch, progress: WorkProgress) -> None:
    folder = inbox_path(batch.folder)
    contents = digests(folder)
    delivered = api.take_in(folder, settings.WORKSPACE, progress=progress)
    with finishing(batch) as locked:
        deliveries_store(batch=locked, delivered=delivered, digests=contents)


def _again(batch: Batch, progress: WorkProgress) -> None:
    old = batch.corrects
    if old is None:
        raise AssertionError("a correction corrects something")
    delivered = api.read_again(settings.WORKSPACE, old.key, batch.mapping, progress=progress)
    with finishing(batch) as locked:
        deliveries_store(batch=locked, delivered=[delivered], digests={delivered.file: old.sha256})


def _clear(batch_id: int) -> None:
    """The files lie in the clear: they go whatever happened, with what killed workers left."""
    open_folders = set(
        Batch.objects.filter(state__in=[BatchState.QUEUED, BatchState.RUNNING]).values_list("folder", flat=True)
    )
    ended = Batch.objects.filter(pk=batch_id).exclude(folder="").values_list("folder", flat=True).first()
    inbox_sweep(open_folders, gone=ended if ended not in open_folders else None)
