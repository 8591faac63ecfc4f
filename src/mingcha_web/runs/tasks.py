"""What the background worker does for comparisons."""

from __future__ import annotations

import shutil

from django.conf import settings
from django_tasks import task

from mingcha import api
from mingcha_web.runs.models import Run
from mingcha_web.runs.parameters import overrides_on
from mingcha_web.runs.selectors import run_folder
from mingcha_web.runs.services import run_store
from mingcha_web.uploads.models import BatchState
from mingcha_web.uploads.selectors import active_keys
from mingcha_web.uploads.work import WorkProgress, finishing, work_carry_out


@task
def compare(run_id: int) -> None:
    """Carries a queued comparison out."""
    run_compare(run_id)


def run_compare(run_id: int, *, progress: api.Progress | None = None) -> None:
    """The task's work. progress: who else is told of the steps."""
    work_carry_out(Run, run_id, _compare, also=progress)


def _compare(run: Run, progress: WorkProgress) -> None:
    _sweep_outputs(run)
    keys = active_keys()
    out = run_folder(run)
    try:
        result = api.compare_deliveries(
            settings.WORKSPACE,
            keys,
            as_of=run.as_of,
            rules=run.rules or None,
            params=overrides_on(run.as_of),
            out=out,
            progress=progress,
        )
        progress.step("保存疑点、生成办件", 0, None)
        with finishing(run) as locked:
            run_store(run=locked, result=result, keys=keys)
    except BaseException:
        shutil.rmtree(out, ignore_errors=True)
        raise


def _sweep_outputs(run: Run) -> None:
    """Removes files of comparisons whose worker was killed: nothing of them was kept elsewhere."""
    done = {str(pk) for pk in Run.objects.filter(state=BatchState.DONE).values_list("pk", flat=True)}
    place = run_folder(run).parent
    for folder in place.iterdir() if place.is_dir() else ():
        if folder.name not in done:
            shutil.rmtree(folder, ignore_errors=True)
