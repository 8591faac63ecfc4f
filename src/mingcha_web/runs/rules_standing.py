"""From trial to full rule: what visits must have confirmed before, and who decided it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from mingcha import api
from mingcha_web.access.errors import WorkbenchError, WrongState
from mingcha_web.access.guard import require
from mingcha_web.access.models import User
from mingcha_web.access.policy import Action
from mingcha_web.audit.services import record
from mingcha_web.cases.models import Item
from mingcha_web.runs.models import RuleStanding
from mingcha_web.runs.parameters import overrides_on
from mingcha_web.runs.rules_selectors import Field
from mingcha_web.runs.rules_words import rule_card

TRIAL, ACTIVE = "trial", "active"
#: The parameter that says how much must be confirmed.
_KEY = "rule_trial"


@dataclass(frozen=True)
class Readiness:
    """How far a rule on trial is from being made a full one.

    wanted, least   verdicts and percent the parameter asks for; None = 参数未设置
    told, rate      what there is, of the whole county
    """

    told: int
    rate: int | None
    wanted: int | None
    least: int | None

    @property
    def is_ready(self) -> bool:
        """Whether enough was confirmed."""
        if self.wanted is None or self.least is None or self.rate is None:
            return False
        return self.told >= self.wanted and self.rate >= self.least


def readiness_of(rule_id: str) -> Readiness:
    """What visits said of a rule, beside what is asked for."""
    today = timezone.localdate()
    asked = api.parameters(today, overrides_on(today)).get(_KEY)
    wanted: Mapping[str, object] = asked if isinstance(asked, Mapping) else {}
    field = _field(rule_id)
    return Readiness(
        told=field.true + field.partly + field.untrue,
        rate=field.precision,
        wanted=_whole(wanted.get("findings")),
        least=_whole(wanted.get("rate")),
    )


def _whole(value: object) -> int | None:
    return None if value is None else int(str(value).partition(".")[0])


def _field(rule_id: str) -> Field:
    """Of the whole county, whoever asks: these are counts."""
    counted = Item.objects.exclude(verdict="").filter(rule_id=rule_id).values_list("verdict", flat=True)
    found = Field()
    for verdict in counted:
        found.verdicts[verdict] = found.verdicts.get(verdict, 0) + 1
    return found


def standings() -> dict[tuple[str, int], str]:
    """(rule id, version) → what was decided last."""
    return {(each.rule_id, each.version): each.status for each in RuleStanding.objects.order_by("id")}


def standing_of(rule_id: str) -> RuleStanding | None:
    """The last decision on the version in use."""
    version = rule_card(rule_id).version
    return RuleStanding.objects.filter(rule_id=rule_id, version=version).select_related("decided_by").first()


def status_of(rule_id: str) -> str:
    """trial or active: as last decided, else as the rule's file says."""
    standing = standing_of(rule_id)
    return standing.status if standing else rule_card(rule_id).status


@transaction.atomic
def rule_confirm(*, rule_id: str, by: User, note: str = "") -> RuleStanding:
    """规则转正: a rule on trial becomes a full one.

    Raises NotAllowed, WrongState (not on trial, too little confirmed).
    """
    require(by, Action.OWN_RULE_APPROVE)
    ready = readiness_of(rule_id)
    if status_of(rule_id) != TRIAL:
        raise WrongState("这条规则不在试行。")
    if not ready.is_ready:
        raise WrongState("核查结果还不够，不能转正。")
    return _decide(rule_id, ACTIVE, ready, note, by)


@transaction.atomic
def rule_back_on_trial(*, rule_id: str, note: str, by: User) -> RuleStanding:
    """退回试行: says that a rule's findings are to be read with care. Raises NotAllowed, WrongState, WorkbenchError."""
    require(by, Action.OWN_RULE_APPROVE)
    if not note.strip():
        raise WorkbenchError("退回试行请写明理由。")
    if status_of(rule_id) != ACTIVE:
        raise WrongState("这条规则已经在试行。")
    return _decide(rule_id, TRIAL, readiness_of(rule_id), note, by)


def _decide(rule_id: str, status: str, ready: Readiness, note: str, by: User) -> RuleStanding:
    card = rule_card(rule_id)
    standing = RuleStanding.objects.create(
        rule_id=rule_id,
        version=card.version,
        status=status,
        told=ready.told,
        rate=ready.rate,
        note=note.strip(),
        decided_by=by,
    )
    detail = {"version": card.version, "told": ready.told, "rate": ready.rate, "note": note.strip()}
    record(
        f"rule_{'confirm' if status == ACTIVE else 'back_on_trial'}",
        by=by,
        kind="rule",
        object_id=rule_id,
        detail=detail,
    )
    return standing
