"""线索移送: clues about staff go to the discipline office, behind a wall of their own (C48)."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.db.models.functions import Length
from django.utils import timezone

from mingcha_web.access.errors import StaleEdit, WorkbenchError, WrongState
from mingcha_web.access.guard import require
from mingcha_web.access.models import User
from mingcha_web.access.policy import Action
from mingcha_web.audit.services import record
from mingcha_web.cases.models import Referral, ReferralState
from mingcha_web.cases.selectors import referral_get_for
from mingcha_web.cases.services.core import case_for


@transaction.atomic
def referral_raise(*, case_id: int | None, about: str, clue: str, by: User, submit_key: str) -> Referral:
    """Hands a clue over.

    The case's history says nothing of it: the staff it is about may read that history.
    """
    require(by, Action.REFERRAL_RAISE)
    # whoever hands one over at the same moment waits here: numbers are given to one at a time
    User.objects.select_for_update().order_by("pk").values_list("pk").first()
    known = Referral.objects.filter(submit_key=submit_key).first()
    if known:
        return known
    if not about.strip() or not clue.strip():
        raise WorkbenchError("请写明涉及的人员或单位，以及线索内容。")
    case = case_for(case_id, by=by, action=Action.CASE_READ, version=None) if case_id else None
    now = timezone.now()
    number = _next_number()
    made = Referral.objects.create(
        number=number,
        case=case,
        about=about.strip(),
        clue=clue.strip(),
        raised_by=by,
        raised_at=now,
        submit_key=submit_key,
    )
    record("referral_raise", by=by, kind="referral", object_id=number, is_personal=True)
    return made


def _next_number() -> str:
    prefix = f"X{timezone.localdate():%Y}-"
    numbers = Referral.objects.filter(number__startswith=prefix)
    last = numbers.order_by(Length("number").desc(), "-number").values_list("number", flat=True).first()
    return f"{prefix}{int(last[len(prefix) :]) + 1 if last else 1:04d}"


@transaction.atomic
def referral_receive(*, referral_id: int, by: User, due_on: date | None, version: int) -> Referral:
    """The discipline office takes a clue on, with a deadline; the same form sent twice counts once."""
    referral = _get(referral_id, by)
    if (referral.version, referral.received_by_id, referral.due_on) == (version + 1, by.pk, due_on):
        return referral
    _check_version(referral, version)
    if referral.state != ReferralState.RAISED:
        raise WrongState("这条线索已经接收过了。")
    if due_on is not None and due_on < timezone.localdate():
        raise WorkbenchError("办理期限不能早于今天。")
    referral.state, referral.received_by, referral.received_at = ReferralState.RECEIVED, by, timezone.now()
    referral.due_on = due_on
    return _save(referral, by, "referral_receive")


@transaction.atomic
def referral_decide(*, referral_id: int, by: User, outcome: str, version: int) -> Referral:
    """What came of it; the same form sent twice counts once."""
    referral = _get(referral_id, by)
    if referral.version == version + 1 and referral.outcome and referral.outcome == outcome.strip():
        return referral
    _check_version(referral, version)
    if referral.state != ReferralState.RECEIVED:
        raise WrongState("先接收线索，再登记办理结果。")
    if not outcome.strip():
        raise WorkbenchError("请写明办理结果。")
    referral.state, referral.outcome, referral.decided_at = ReferralState.DECIDED, outcome.strip(), timezone.now()
    return _save(referral, by, "referral_decide")


def _get(referral_id: int, by: User) -> Referral:
    require(by, Action.REFERRAL_HANDLE)
    return referral_get_for(by, referral_id, lock=True)


def _check_version(referral: Referral, version: int) -> None:
    if referral.version != version:
        raise StaleEdit(
            "这条线索刚刚被别人办理过，请看清变化后再办理。",
            {"状态": ("", referral.get_state_display()), "办理期限": ("", str(referral.due_on or ""))},
        )


def _save(referral: Referral, by: User, action: str) -> Referral:
    referral.version += 1
    referral.save()
    record(action, by=by, kind="referral", object_id=referral.number, is_personal=True)
    return referral
