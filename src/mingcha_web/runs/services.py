"""Starting a comparison, and keeping what it gave."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from types import MappingProxyType

from django.db import transaction
from django.utils import timezone

from mingcha import api
from mingcha_web.access.errors import WrongState
from mingcha_web.access.guard import require
from mingcha_web.access.models import User
from mingcha_web.access.policy import Action
from mingcha_web.audit.services import record
from mingcha_web.cases.services import cases_form, cases_look_back
from mingcha_web.findings.store import findings_store
from mingcha_web.runs.models import RuleResult, Run
from mingcha_web.runs.selectors import last_full_run, rule_titles, run_before
from mingcha_web.uploads.models import BatchState
from mingcha_web.uploads.selectors import active_keys
from mingcha_web.uploads.work import work_cancel, work_sweep

__all__ = ["run_cancel", "run_check", "run_start", "run_store", "work_sweep"]


def run_check(*, as_of: date, rules: Collection[str] = ()) -> str:
    """Why a comparison cannot be started, as a Chinese sentence; '' if it can."""
    if Run.objects.filter(state__in=[BatchState.QUEUED, BatchState.RUNNING]).exists():
        return "已有一次比对正在进行，请等它结束，或先取消它。"
    unknown = sorted(set(rules) - set(rule_titles()))
    if unknown:
        return f"没有这些规则：{'、'.join(unknown)}。"
    if as_of > timezone.localdate():
        return "比对日不能晚于今天。"
    last = last_full_run()
    if last is not None and as_of < last.as_of:
        return f"比对日不能早于上一次比对的 {last.as_of.isoformat()}，否则疑点会退回到以前的样子。"
    if not active_keys():
        return "还没有参与比对的数据，请先上传各部门的名册或台账。"
    return ""


@transaction.atomic
def run_start(*, as_of: date, rules: Sequence[str] = (), submit_key: str, by: User) -> Run:
    """Queues a comparison of all deliveries that take part.

    rules   ids of the rules to run; empty = all
    Raises NotAllowed, WrongState (another one is under way, the day does not do, there is nothing to compare).
    """
    require(by, Action.RUN_START)
    # whoever starts at the same moment waits here, and then finds this one
    Run.objects.select_for_update().order_by("-id").first()
    earlier = Run.objects.filter(submit_key=submit_key).first()
    if earlier is not None:
        return earlier
    trouble = run_check(as_of=as_of, rules=rules)
    if trouble:
        raise WrongState(trouble)
    run = Run.objects.create(as_of=as_of, rules=list(rules), by=by, submit_key=submit_key)
    _enqueue(run)
    detail = {"as_of": as_of.isoformat(), "rules": list(rules)}
    record("run_start", by=by, kind="run", object_id=run.pk, detail=detail)
    return run


def _enqueue(run: Run) -> None:
    # the task's row lies in the same database: both are there or neither
    from mingcha_web.runs.tasks import compare  # noqa: PLC0415  # tasks call services

    compare.enqueue(run.pk)


def run_cancel(*, run: Run, by: User) -> None:
    """Asks for a comparison to stop. Raises NotAllowed, WrongState where it has ended."""
    require(by, Action.RUN_START)
    work_cancel(run, by=by)


def run_store(
    *, run: Run, result: api.ComparisonResult, keys: Sequence[str], broken: Mapping[str, str] = MappingProxyType({})
) -> None:
    """Keeps what a comparison gave: findings, rules, cases. The caller holds the transaction and saves the run.

    broken   rules of the county's own that were left out, with the reason
    """
    run.before = run_before(run)
    run.keys = list(keys)
    run.sheets = sum(1 for sheet in result.intake.sheets if sheet.dataset)
    run.rows = sum(sheet.read for sheet in result.intake.sheets if sheet.dataset)
    run.seconds = result.seconds
    run.covered = dict(result.covered)
    RuleResult.objects.bulk_create(
        RuleResult(
            run=run,
            rule_id=rule.id,
            state=rule.state,
            reason=rule.reason,
            findings=rule.findings,
            amount=rule.amount,
            seconds=rule.seconds,
        )
        for rule in result.rules
    )
    left_out = (RuleResult(run=run, rule_id=each, state="skipped", reason=why) for each, why in broken.items())
    RuleResult.objects.bulk_create(left_out)
    stored = findings_store(run=run, result=result)
    run.findings, run.new, run.continuing, run.gone = stored.findings, stored.new, stored.continuing, stored.gone
    cases_form(run=run)
    cases_look_back(run=run)
    detail = {"findings": run.findings, "new": run.new, "continuing": run.continuing, "gone": run.gone}
    record("run_done", by=run.by, kind="run", object_id=run.pk, detail=detail)
