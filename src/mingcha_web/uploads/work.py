"""Background work with progress, cancel and a sign of life: what batches and runs share."""

from __future__ import annotations

import logging
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, TypeVar

from django.db import DatabaseError, OperationalError, connection, transaction
from django.db.models.functions import Coalesce
from django.utils import timezone

from mingcha import api
from mingcha_web.access.errors import WrongState
from mingcha_web.access.models import User
from mingcha_web.audit.services import record
from mingcha_web.uploads.models import BatchState, Work

#: Work whose worker gave no sign of life for so long was interrupted.
SILENT = timedelta(minutes=2)
INTERRUPTED = "后台进程中断，这项工作没有完成，数据保持原样。请重新发起。"
_CANCELLED = "已按要求取消，数据保持原样。"
_UNEXPECTED = "系统出错，这项工作没有完成，数据保持原样。请再试一次；如果还不行，请告诉系统管理员出错的时间。"
_BEAT_SECONDS = 15.0
_TELL_SECONDS = 0.7
_OPEN = (BatchState.QUEUED, BatchState.RUNNING)
_log = logging.getLogger(__name__)

W = TypeVar("W", bound=Work)


class WorkCancelled(Exception):
    """Somebody asked to stop, or the work was given up: nothing of it may be kept."""


class WorkProgress:
    """Receives the engine's steps: writes them to the row now and then, and stops where a cancel is wanted."""

    def __init__(self, work: Work, also: api.Progress | None = None) -> None:
        self._also = also
        self._rows = _rows(work)
        self._told = float("-inf")
        self._stage = ""

    def step(self, stage: str, done: int, total: int | None, detail: str = "") -> None:
        """As ``mingcha.api.Progress``. Raises WorkCancelled."""
        if self._also is not None:
            self._also.step(stage, done, total, detail)
        now = time.monotonic()
        if stage == self._stage and now - self._told < _TELL_SECONDS:
            return
        self._stage, self._told = stage, now
        try:
            alive = self._rows.filter(state=BatchState.RUNNING, is_cancel_wanted=False).update(
                stage=stage[:40], done=done, total=total, detail=detail[-200:], beat_at=timezone.now()
            )
        except OperationalError:  # the database is busy: no reason to lose the work
            return
        if not alive:
            raise WorkCancelled


def work_carry_out(
    model: type[W], pk: int, steps: Callable[[W, WorkProgress], None], *, also: api.Progress | None = None
) -> None:
    """Does a piece of queued work: claims it, keeps its sign of life going, tells how it ended.

    steps   does the work and ends it with ``finishing``; whatever it raises leaves the data as they were
    also    who else is told of the engine's steps
    Work that is no longer queued (cancelled, given up, taken by another worker) is left alone.
    """
    work_sweep()
    claimed = model._default_manager.filter(pk=pk, state=BatchState.QUEUED).update(
        state=BatchState.RUNNING, beat_at=timezone.now()
    )
    if not claimed:
        return
    work = model._default_manager.get(pk=pk)
    try:
        with _beating(work):
            steps(work, WorkProgress(work, also))
    except WorkCancelled:
        _end(work, BatchState.CANCELLED, _CANCELLED)
    except api.MingchaError as error:
        _end(work, BatchState.FAILED, str(error))
    except Exception as error:
        # the message of an unforeseen error may hold a row of data: only where it happened is logged
        places = "".join(traceback.format_tb(error.__traceback__))
        _log.error("%s %s failed: %s\n%s", model.__name__, pk, type(error).__name__, places)
        _end(work, BatchState.FAILED, _UNEXPECTED)
    except BaseException:  # the worker is told to stop at once
        _end(work, BatchState.FAILED, INTERRUPTED)
        raise


@contextmanager
def finishing(work: W) -> Iterator[W]:
    """One transaction in which results are stored and the work is done; raises WorkCancelled if it is too late."""
    with transaction.atomic():
        locked: W = type(work)._default_manager.select_for_update().get(pk=work.pk)
        if locked.state != BatchState.RUNNING or locked.is_cancel_wanted:
            raise WorkCancelled
        yield locked
        locked.state = BatchState.DONE
        locked.finished_at = timezone.now()
        locked.stage, locked.detail = "", ""
        locked.save()


def _end(work: Work, state: BatchState, message: str) -> None:
    with transaction.atomic():
        ended = (
            _rows(work)
            .filter(state=BatchState.RUNNING)
            .update(state=state, message=message, finished_at=timezone.now())
        )
        if ended:
            record(f"{_kind(work)}_{state}", kind=_kind(work), object_id=work.pk)


def work_cancel(work: Work, *, by: User) -> None:
    """Asks for work to stop; what only waits is cancelled at once. Raises WrongState where it has ended."""
    with transaction.atomic():
        rows = _rows(work)
        waited = rows.filter(state=BatchState.QUEUED).update(
            state=BatchState.CANCELLED, message=_CANCELLED, is_cancel_wanted=True, finished_at=timezone.now()
        )
        if not waited and not rows.filter(state=BatchState.RUNNING).update(is_cancel_wanted=True):
            raise WrongState("这项工作已经结束，不需要取消。")
        record(f"{_kind(work)}_cancel", by=by, kind=_kind(work), object_id=work.pk)


def work_sweep() -> int:
    """Marks work whose worker died as failed; returns how much there was. Cheap where there is none."""
    limit = timezone.now() - SILENT
    swept = 0
    for model in Work.__subclasses__():
        rows = model._default_manager.filter(state__in=_OPEN).annotate(sign=Coalesce("beat_at", "created_at"))
        for work in rows.filter(sign__lt=limit):
            with transaction.atomic():
                still = _rows(work).filter(state=work.state, beat_at=work.beat_at)
                ended = still.update(state=BatchState.FAILED, message=INTERRUPTED, finished_at=timezone.now())
                if ended:
                    record(f"{_kind(work)}_interrupted", kind=_kind(work), object_id=work.pk)
            swept += ended
    return swept


@contextmanager
def _beating(work: Work) -> Iterator[None]:
    """A thread that shows the worker is alive while the engine is at one long step; work that waits lives on too."""
    stop = threading.Event()

    def beat() -> None:
        while not stop.wait(_BEAT_SECONDS):
            try:
                now = timezone.now()
                _rows(work).filter(state=BatchState.RUNNING).update(beat_at=now)
                for model in Work.__subclasses__():
                    model._default_manager.filter(state=BatchState.QUEUED).update(beat_at=now)
            except DatabaseError:  # the database is busy: the next beat will do
                _log.info("no sign of life written: the database is busy")
            finally:
                connection.close()

    thread = threading.Thread(target=beat, name="sign-of-life", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()


def _rows(work: Work) -> Any:
    return type(work)._default_manager.filter(pk=work.pk)


def _kind(work: Work) -> str:
    return str(work._meta.model_name)
