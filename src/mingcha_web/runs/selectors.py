"""The only doors to runs, and to what two of them have in common.

A run's figures hold no personal data: who may read runs sees them all. Findings behind them are shown by reach.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from functools import cache, lru_cache
from pathlib import Path

from django.conf import settings
from django.db.models import Count, Exists, OuterRef, QuerySet
from django.http import Http404

from mingcha import api
from mingcha_web.access.models import User
from mingcha_web.access.policy import Action, Reach
from mingcha_web.findings.models import Sighting
from mingcha_web.runs.models import RuleResult, Run
from mingcha_web.runs.own_rules import known_headers
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
def _packaged_titles() -> dict[str, str]:
    return api.rule_titles()


def titles_of(rule_ids: Collection[str]) -> dict[str, str]:
    """Rule id → title; the county's own are looked up only where one of them is asked for."""
    known = _packaged_titles()
    found = known if set(rule_ids) <= set(known) else rule_titles()
    return {rule_id: found[rule_id] for rule_id in rule_ids if rule_id in found}


def rule_titles() -> dict[str, str]:
    """Rule id → title: the catalogue's rules, then the county's own that are or were in force."""
    return {**_packaged_titles(), **{rule_id: rule.title for rule_id, (rule, _) in known_headers().items()}}


def run_folder(run: Run) -> Path:
    """Where the output files of a run lie."""
    return Path(settings.DATA) / "runs" / str(run.pk)


def run_file_for(user: User, run: Run, name: str) -> Path:
    """An output file of a run: it is about the whole county. Raises Http404."""
    path = run_folder(run) / name
    if user.reach != Reach.COUNTY or run.state != BatchState.DONE or not path.is_file():
        raise Http404
    return path


def changes_between(run: Run, before: Run | None, kind: str) -> QuerySet[Sighting]:
    """Sightings of a run (all), or against an earlier one: new, continuing, gone (then the earlier run's).

    What rules reported earlier that did not run this time is not gone: nobody looked.
    """
    here = Sighting.objects.filter(run=run)
    if kind == "all" or before is None:
        return here.none() if kind in {"continuing", "gone"} else here
    if kind == "gone":
        judged = RuleResult.objects.filter(run=run).exclude(state="skipped").values("rule_id")
        again = Exists(here.filter(finding=OuterRef("finding")))
        return Sighting.objects.filter(run=before, finding__rule_id__in=judged).filter(~again)
    there = Exists(Sighting.objects.filter(run=before, finding=OuterRef("finding")))
    return here.filter(there if kind == "continuing" else ~there)


def change_rows_for(user: User, found: QuerySet[Sighting]) -> QuerySet[Sighting]:
    """The rows behind the figures, for those who may read findings of the county.

    In the order of the index that finds them: of many thousand rows none has to be sorted.
    """
    if not user.can(Action.FINDING_READ) or user.reach != Reach.COUNTY:
        return found.none()
    return found.select_related("finding").order_by("finding_id")


@dataclass(frozen=True)
class Counts:
    """How many findings changed, by rule and township."""

    cells: tuple[tuple[str, str, int], ...]

    def chosen(self, rule: str, township: str) -> Counts:
        """Those of a rule and a township; '' = all."""
        return Counts(tuple(cell for cell in self.cells if rule in {"", cell[0]} and township in {"", cell[1]}))

    @property
    def total(self) -> int:
        """All of them."""
        return sum(number for *_, number in self.cells)

    def by(self, place: int) -> list[tuple[str, int]]:
        """By rule (0) or township (1), most first."""
        found: Counter[str] = Counter()
        for cell in self.cells:
            found[str(cell[place])] += cell[2]
        return sorted(found.items(), key=lambda pair: (-pair[1], pair[0]))


def change_counts(run: Run, before: Run | None, kind: str) -> Counts:
    """Counts of changes_between. Finished runs do not change: each is counted once a process."""
    ended = (run.finished_at, before.finished_at if before else None)
    return _change_counts(run.pk, before.pk if before else None, kind, ended)


@lru_cache(maxsize=256)
def _change_counts(run_id: int, before_id: int | None, kind: str, _ended: tuple[datetime | None, ...]) -> Counts:
    run = Run.objects.get(pk=run_id)
    before = Run.objects.get(pk=before_id) if before_id is not None else None
    found = changes_between(run, before, kind).order_by()
    names = ("finding__rule_id", "finding__township")
    return Counts(tuple(found.values_list(*names).annotate(number=Count("pk"))))
