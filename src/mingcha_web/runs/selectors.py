"""The only doors to runs, and to what two of them have in common.

A run's figures hold no personal data: who may read runs sees them all. Findings behind them are shown by reach.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings
from django.db.models import Count, Exists, OuterRef, QuerySet
from django.http import Http404

from mingcha import api
from mingcha_web.access.models import User
from mingcha_web.access.policy import Action, Reach
from mingcha_web.findings.models import Finding, Sighting
from mingcha_web.runs.models import RuleResult, Run
from mingcha_web.uploads.models import BatchState

#: Kind of change → its word.
CHANGES = {"all": "本次全部", "new": "新增", "continuing": "仍在", "gone": "消失"}


@dataclass(frozen=True)
class RuleLine:
    """What one rule did in a run, for its page."""

    result: RuleResult
    title: str

    @property
    def word(self) -> str:
        """Its state in Chinese."""
        return "未运行" if self.result.state == "skipped" else "已运行"


def run_list_for(user: User) -> QuerySet[Run]:
    """Runs the person may see, the newest first."""
    if not user.can(Action.RUN_READ):
        return Run.objects.none()
    return Run.objects.select_related("by")


def run_get_for(user: User, run_id: int) -> Run:
    """A run. Raises Http404."""
    run = run_list_for(user).select_related("by", "before").filter(pk=run_id).first()
    if run is None:
        raise Http404
    return run


def last_full_run() -> Run | None:
    """The last finished comparison with all rules."""
    return Run.objects.filter(state=BatchState.DONE, rules=[]).order_by("-id").first()


def run_before(run: Run) -> Run | None:
    """The finished comparison a run is compared with: the last with all rules, else the last at all."""
    done = Run.objects.filter(state=BatchState.DONE, pk__lt=run.pk).order_by("-id")
    return done.filter(rules=[]).first() or done.first()


def rule_lines(run: Run) -> list[RuleLine]:
    """Each rule of a run; those that found most first, those that did not run last."""
    titles = rule_titles()
    lines = [RuleLine(result, titles.get(result.rule_id, "")) for result in run.results.all()]
    return sorted(lines, key=lambda line: (line.result.state == "skipped", -line.result.findings, line.result.rule_id))


@cache
def rule_titles() -> dict[str, str]:
    """Rule id → title, of the rules that are in use."""
    return api.rule_titles()


def run_folder(run: Run) -> Path:
    """Where the output files of a run lie."""
    return Path(settings.DATA) / "runs" / str(run.pk)


def run_file_for(user: User, run: Run, name: str) -> Path:
    """An output file of a run: it is about the whole county. Raises Http404."""
    path = run_folder(run) / name
    if user.reach != Reach.COUNTY or run.state != BatchState.DONE or not path.is_file():
        raise Http404
    return path


def changes_between(run: Run, before: Run | None, kind: str) -> QuerySet[Finding]:
    """Findings of a run (all), or against an earlier one: new, continuing, gone.

    What rules reported earlier that did not run this time is not gone: nobody looked.
    """
    here = Exists(Sighting.objects.filter(run=run, finding=OuterRef("pk")))
    if kind == "all" or before is None:
        return Finding.objects.none() if kind in {"continuing", "gone"} else Finding.objects.filter(here)
    there = Exists(Sighting.objects.filter(run=before, finding=OuterRef("pk")))
    if kind == "new":
        return Finding.objects.filter(here).filter(~there)
    if kind == "continuing":
        return Finding.objects.filter(here).filter(there)
    judged = RuleResult.objects.filter(run=run).exclude(state="skipped").values("rule_id")
    return Finding.objects.filter(there, rule_id__in=judged).filter(~here)


def change_rows_for(user: User, found: QuerySet[Finding]) -> QuerySet[Finding]:
    """The rows behind the figures, for those who may read findings of the county."""
    if not user.can(Action.FINDING_READ) or user.reach != Reach.COUNTY:
        return found.none()
    return found.order_by("rule_id", "township", "village", "name", "finding_id")


def counts_by(found: QuerySet[Finding], field: str) -> list[tuple[str, int]]:
    """Value of a field → how many, most first."""
    rows = found.order_by().values_list(field).annotate(number=Count("pk"))
    return sorted(rows, key=lambda row: (-row[1], row[0]))
