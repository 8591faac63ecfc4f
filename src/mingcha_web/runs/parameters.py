"""Policy parameters: what is in force on a day, and the changes people proposed and approved."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.http import Http404

from mingcha import api
from mingcha_web.access.models import User
from mingcha_web.access.policy import Action
from mingcha_web.deadlines.workdays import imported_years
from mingcha_web.runs.models import ParameterProposal, ProposalState
from mingcha_web.runs.parameters_words import REGIONS, STATUSES, value_words


@dataclass(frozen=True)
class Shown:
    """A parameter as the page shows it.

    words      its value in Chinese; '' where it is not set
    status     code of the engine: verified, recalled, local-variable, override
    rules      ids of the rules that take it
    pending    proposals that wait for somebody's approval
    """

    key: str
    title: str
    words: str
    unit: str
    effective_from: date | None
    effective_to: date | None
    region: str
    source: str
    status: str
    rules: tuple[str, ...]
    pending: tuple[ParameterProposal, ...] = ()

    @property
    def is_set(self) -> bool:
        """Whether it has a value on that day."""
        return bool(self.words)

    @property
    def region_label(self) -> str:
        """Whose value it is: 全国, 河南省 …."""
        return REGIONS.get(self.region, "本县审批" if self.status == "override" else self.region)

    @property
    def status_label(self) -> str:
        """How sure the value is."""
        return STATUSES.get(self.status, self.status)


def overrides_on(as_of: date) -> list[Mapping[str, Any]]:
    """The approved values in force on a day, of the shape ``--params`` has; the one approved last comes first."""
    found = ParameterProposal.objects.filter(
        Q(effective_from=None) | Q(effective_from__lte=as_of),
        Q(effective_to=None) | Q(effective_to__gte=as_of),
        state=ProposalState.APPROVED,
    ).order_by("-decided_at", "-id")
    return [override_of(each.key, each.value, each.effective_from, each.effective_to, each.source) for each in found]


def overrides_of_run(as_of: date) -> list[Mapping[str, Any]]:
    """What a comparison takes beside the packs: the approved values, and the years of working days imported here."""
    years = imported_years()
    told = {"workdays": {"value": years, "source": "国务院办公厅放假通知，由本县导入"}}
    return [*overrides_on(as_of), *([told] if years else [])]


def override_of(
    key: str, value: Any, effective_from: date | None, effective_to: date | None, source: str
) -> Mapping[str, Any]:
    """One value of the shape ``--params`` has; a null value takes the parameter out of force."""
    entry: dict[str, Any] = {"value": value, "source": source}
    if effective_from:
        entry["effective_from"] = effective_from.isoformat()
    if effective_to:
        entry["effective_to"] = effective_to.isoformat()
    return {key: entry}


def parameter_list_for(user: User, *, as_of: date, text: str = "", state: str = "") -> list[Shown]:
    """Every parameter on a day, unset ones included, with what is proposed for it; those that rules take come first.

    state   set, unset or pending: only those
    """
    if not user.can(Action.PARAMETER_READ):
        return []
    overrides = overrides_on(as_of)
    titles = {item.key: item.title for item in api.parameters(as_of, overrides).in_force()}
    waiting: dict[str, list[ParameterProposal]] = {}
    for proposal in proposal_list_for(user).filter(state=ProposalState.PROPOSED):
        waiting.setdefault(proposal.key, []).append(proposal)
    shown = [
        _shown(item, titles, tuple(waiting.get(item.key, ()))) for item in api.parameters_in_force(as_of, overrides)
    ]
    shown.sort(key=lambda each: not each.rules)
    wanted: dict[str, Callable[[Shown], object]] = {
        "set": lambda each: each.is_set,
        "unset": lambda each: not each.is_set,
        "pending": lambda each: each.pending,
    }
    if state in wanted:
        shown = [each for each in shown if wanted[state](each)]
    word = text.casefold()
    return [
        each
        for each in shown
        if not word or any(word in part.casefold() for part in (each.key, each.title, each.source, *each.rules))
    ]


def parameter_get_for(user: User, key: str, *, as_of: date) -> Shown:
    """One parameter on a day. Raises Http404."""
    found = next((each for each in parameter_list_for(user, as_of=as_of) if each.key == key), None)
    if found is None:
        raise Http404
    return found


def parameter_beside(user: User, key: str, *, as_of: date) -> Shown:
    """The parameter a proposal is about, on the day it would begin; bare where none is listed for that day."""
    base = key.partition(".")[0]
    found = next((each for each in parameter_list_for(user, as_of=as_of) if each.key == base), None)
    title = api.parameters(as_of).title(base)
    return found or Shown(base, title, "", "", None, None, "", "", "", ())


def proposal_list_for(user: User) -> QuerySet[ParameterProposal]:
    """Proposals a person may read, the newest first."""
    rows = ParameterProposal.objects.select_related("proposed_by", "decided_by")
    return rows if user.can(Action.PARAMETER_READ) else rows.none()


def proposal_get_for(user: User, proposal_id: int) -> ParameterProposal:
    """One proposal. Raises Http404."""
    found = proposal_list_for(user).filter(pk=proposal_id).first()
    if found is None:
        raise Http404
    return found


def _shown(item: Any, titles: Mapping[str, str], pending: Sequence[ParameterProposal]) -> Shown:
    return Shown(
        key=item.key,
        title=titles.get(item.key, item.key),
        words=value_words(item.key, item.value, item.unit),
        unit=item.unit,
        effective_from=item.effective_from,
        effective_to=item.effective_to,
        region=item.region,
        source=item.source,
        status=item.status,
        rules=item.rules,
        pending=tuple(pending),
    )
