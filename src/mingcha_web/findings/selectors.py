"""Reads: the only doors to findings. Scope sits here, once."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.http import Http404

from mingcha_web.access.models import User
from mingcha_web.access.policy import Action, Reach
from mingcha_web.findings.models import Finding, FindingState, SavedView, Sighting
from mingcha_web.ui.distinct import met_once

SEVERITIES = (("red", "红色"), ("orange", "橙色"), ("yellow", "黄色"), ("blue", "蓝色"))


def finding_scope(user: User) -> Q:
    """The condition under which a finding is this person's to see."""
    if user.reach == Reach.OWN and user.can(Action.CASE_READ):
        return Q(items__case__assignee=user)
    if not user.can(Action.FINDING_READ):
        return Q(pk__in=[])
    if user.reach == Reach.COUNTY:
        return Q()
    return Q(township=user.township) if user.reach == Reach.TOWNSHIP else Q(pk__in=[])


def finding_list_for(user: User) -> QuerySet[Finding]:
    """All findings in scope, without order."""
    rows = Finding.objects.filter(finding_scope(user))
    return rows.distinct() if user.reach == Reach.OWN else rows


def finding_get_for(user: User, finding_id: int) -> Finding:
    """One finding in scope. Raises Http404."""
    found = finding_list_for(user).select_related("first_run", "last_run").filter(pk=finding_id).first()
    if found is None:
        raise Http404("finding")
    return found


@dataclass(frozen=True)
class Filters:
    """What a list is narrowed to; '' = all.

    state   a FindingState, or current (what the last run reported, cleared ones left out): the usual list
    run     id of a run; seen: in it (''), new (first seen in it), gone (not seen any more since it)
    """

    township: str = ""
    rule: str = ""
    severity: str = ""
    program: str = ""
    state: str = ""
    source: str = ""
    kind: str = ""
    period: str = ""
    run: str = ""
    seen: str = ""
    text: str = ""


def finding_filter(rows: QuerySet[Finding], filters: Filters) -> QuerySet[Finding]:
    """Narrows a list."""
    equal = {
        "township": filters.township,
        "rule_id": filters.rule,
        "severity": filters.severity,
        "program": filters.program,
        "source": filters.source,
        "period": filters.period,
    }
    rows = rows.filter(**{name: value for name, value in equal.items() if value})
    if filters.state == "current" or (not filters.state and not filters.run):
        rows = rows.filter(is_current=True).exclude(state=FindingState.CLEARED)
    elif filters.state and filters.state != "all":
        rows = rows.filter(state=filters.state)
    if filters.kind:
        rows = rows.filter(is_help=filters.kind == "help")
    if filters.run.isdigit():
        rows = _of_run(rows, int(filters.run), filters.seen)
    if filters.text:
        rows = _with_words(rows, filters.text)
    return rows


def _with_words(rows: QuerySet[Finding], text: str) -> QuerySet[Finding]:
    """Name, village or number; only where none of these has it, what the finding tells."""
    met = met_once(Finding.objects.filter(Q(name__contains=text) | Q(village__contains=text)))
    if met != []:
        return rows.filter(pk__in=met)
    number = Finding.objects.filter(finding_id__startswith=text.upper()).values("pk")
    return rows.filter(pk__in=number) if number.exists() else rows.filter(summary__contains=text)


def _of_run(rows: QuerySet[Finding], run: int, seen: str) -> QuerySet[Finding]:
    if seen == "new":
        return rows.filter(first_run=run)
    in_run = Exists(Sighting.objects.filter(run=run, finding=OuterRef("pk")))
    if seen == "gone":
        return rows.filter(~in_run, first_run__lt=run, last_run__lt=run)
    return rows.filter(in_run)


def severity_counts(rows: QuerySet[Finding]) -> dict[str, int]:
    """Severity → how many."""
    counted = dict(rows.order_by().values_list("rank").annotate(n=Count("pk", distinct=rows.query.distinct)))
    return {code: counted.get(rank, 0) for rank, (code, _) in enumerate(SEVERITIES)}


def ordered(rows: QuerySet[Finding]) -> QuerySet[Finding]:
    """The gravest first, then by place."""
    return rows.order_by("rank", "rule_id", "township", "village", "pk")


def related_for(user: User, finding: Finding) -> QuerySet[Finding]:
    """Other findings on this person and household, as far as they are in scope."""
    same = Q(pk__in=[])
    if finding.person_id:
        same |= Q(person_id=finding.person_id)
    if finding.household_id:
        same |= Q(household_id=finding.household_id)
    return finding_list_for(user).filter(same).exclude(pk=finding.pk).order_by("-last_seen_on", "pk")


def saved_views_of(user: User, page: str) -> QuerySet[SavedView]:
    """What this person keeps for a page."""
    return SavedView.objects.filter(user=user, page=page)
