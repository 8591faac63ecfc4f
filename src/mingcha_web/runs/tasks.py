"""What the background worker does for comparisons."""

from __future__ import annotations

import shutil
from collections import Counter

from django.conf import settings
from django_tasks import task

from mingcha import api
from mingcha_web.runs.models import RuleTrial, Run
from mingcha_web.runs.own_rules import TRIAL_BOUNDS, files_in_force, rule_file
from mingcha_web.runs.parameters import overrides_of_run
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
    own, broken = files_in_force()
    try:
        result = api.compare_deliveries(
            settings.WORKSPACE,
            keys,
            as_of=run.as_of,
            rules=run.rules or None,
            params=overrides_of_run(run.as_of),
            own_rules=own,
            out=out,
            progress=progress,
        )
        progress.step("保存疑点、生成办件", 0, None)
        with finishing(run) as locked:
            run_store(run=locked, result=result, keys=keys, broken=broken)
    except BaseException:
        shutil.rmtree(out, ignore_errors=True)
        raise


#: So many sentences of a trial are kept.
_SAMPLES = 20


@task
def try_rule(trial_id: int) -> None:
    """Tries a county's own rule on the data there are."""
    trial_carry_out(trial_id)


def trial_carry_out(trial_id: int) -> None:
    """The task's work."""
    work_carry_out(RuleTrial, trial_id, _try)


def _try(trial: RuleTrial, progress: WorkProgress) -> None:
    rule = trial.own_rule
    result = api.compare_deliveries(
        settings.WORKSPACE,
        active_keys(),
        as_of=trial.as_of,
        rules=[rule.rule_id],
        params=overrides_of_run(trial.as_of),
        own_rules=[rule_file(rule)],
        bounds=TRIAL_BOUNDS,
        progress=progress,
    )
    outcome = next(each for each in result.rules if each.id == rule.rule_id)
    places = Counter(township or "未写乡镇" for township in result.findings["township"].to_pylist())
    with finishing(trial) as locked:
        locked.result = "skipped" if outcome.state == "skipped" else "ran"
        locked.reason = outcome.reason
        locked.findings, locked.amount, locked.seconds = outcome.findings, outcome.amount, outcome.seconds
        locked.places = dict(places.most_common())
        locked.samples = result.findings["summary"].slice(0, _SAMPLES).to_pylist()


def _sweep_outputs(run: Run) -> None:
    """Removes files of comparisons whose worker was killed: nothing of them was kept elsewhere."""
    done = {str(pk) for pk in Run.objects.filter(state=BatchState.DONE).values_list("pk", flat=True)}
    place = run_folder(run).parent
    for folder in place.iterdir() if place.is_dir() else ():
        if folder.name not in done:
            shutil.rmtree(folder, ignore_errors=True)
