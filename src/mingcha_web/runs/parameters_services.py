"""Changes of policy parameters: one person proposes, another decides."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from mingcha import api
from mingcha.errors import ParameterError
from mingcha_web.access.errors import NotAllowed, WorkbenchError, WrongState
from mingcha_web.access.guard import require
from mingcha_web.access.models import User
from mingcha_web.access.policy import Action
from mingcha_web.audit.services import record
from mingcha_web.runs.models import ParameterProposal, ProposalState
from mingcha_web.runs.parameters import override_of, proposal_get_for


class BadValue(WorkbenchError):
    """The value is no value of this parameter; the sentence says what was expected."""

    status = 422


def proposal_check(*, key: str, value: Any, effective_from: date | None, effective_to: date | None) -> None:
    """Raises BadValue unless the engine would take the value."""
    try:
        api.check_parameters(override_of(key, value, effective_from, effective_to, ""))
    except ParameterError as error:
        raise BadValue(f"{error.cause}{error.remedy}") from error


@transaction.atomic
def proposal_make(
    *,
    key: str,
    value: Any,
    effective_from: date | None,
    effective_to: date | None,
    source: str,
    note: str = "",
    by: User,
    submit_key: str,
) -> ParameterProposal:
    """提出参数变更: proposes a value; sent twice it is proposed once.

    value   of the shape a parameter file has; None takes the parameter out of force
    Raises NotAllowed, BadValue.
    """
    require(by, Action.PARAMETER_PROPOSE)
    proposal_check(key=key, value=value, effective_from=effective_from, effective_to=effective_to)
    given = {"value": value, "effective_from": effective_from, "effective_to": effective_to}
    proposal, is_new = ParameterProposal.objects.get_or_create(
        submit_key=submit_key, defaults={**given, "key": key, "source": source, "note": note, "proposed_by": by}
    )
    if not is_new:
        return proposal
    record("parameter_propose", by=by, kind="parameter", object_id=key, detail=_detail(proposal))
    return proposal


@transaction.atomic
def proposal_decide(*, proposal_id: int, is_approved: bool, note: str = "", by: User) -> ParameterProposal:
    """审批参数变更: approves or refuses what somebody else proposed; a refusal says why.

    Raises NotAllowed (own proposal), WrongState (decided already), BadValue, WorkbenchError (no reason).
    """
    require(by, Action.PARAMETER_APPROVE)
    proposal = _locked(proposal_id, by)
    if proposal.proposed_by_id == by.pk:
        raise NotAllowed("自己提出的变更要由另一个人审批。")
    if not is_approved and not note.strip():
        raise WorkbenchError("不批准请写明理由，提出人好修改。")
    if is_approved:
        # the engine may have changed since it was proposed
        proposal_check(
            key=proposal.key,
            value=proposal.value,
            effective_from=proposal.effective_from,
            effective_to=proposal.effective_to,
        )
    _end(proposal, ProposalState.APPROVED if is_approved else ProposalState.REFUSED, by, note)
    action = "parameter_approve" if is_approved else "parameter_refuse"
    record(action, by=by, kind="parameter", object_id=proposal.key, detail={**_detail(proposal), "note": note})
    return proposal


@transaction.atomic
def proposal_withdraw(*, proposal_id: int, by: User) -> ParameterProposal:
    """撤回参数变更: takes back one's own proposal. Raises NotAllowed, WrongState."""
    require(by, Action.PARAMETER_PROPOSE)
    proposal = _locked(proposal_id, by)
    if proposal.proposed_by_id != by.pk:
        raise NotAllowed("只能撤回自己提出的变更。")
    _end(proposal, ProposalState.WITHDRAWN, by, "")
    record("parameter_withdraw", by=by, kind="parameter", object_id=proposal.key, detail=_detail(proposal))
    return proposal


def _locked(proposal_id: int, by: User) -> ParameterProposal:
    proposal_get_for(by, proposal_id)
    proposal = ParameterProposal.objects.select_for_update().get(pk=proposal_id)
    if proposal.state != ProposalState.PROPOSED:
        raise WrongState(f"这项变更已经是“{proposal.get_state_display()}”，请刷新页面看看。")
    return proposal


def _end(proposal: ParameterProposal, state: ProposalState, by: User, note: str) -> None:
    proposal.state = state
    proposal.decided_by = by
    proposal.decided_at = timezone.now()
    proposal.decision_note = note.strip()
    proposal.save()


def _detail(proposal: ParameterProposal) -> dict[str, Any]:
    return {
        "key": proposal.key,
        "value": proposal.value,
        "from": proposal.effective_from or "",
        "to": proposal.effective_to or "",
        "source": proposal.source,
    }
