"""Pages of policy parameters."""

from __future__ import annotations

import re
import secrets
from datetime import date

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mingcha import api
from mingcha.errors import ParameterError
from mingcha_web.access.guard import UserRequest, needs
from mingcha_web.access.policy import Action
from mingcha_web.runs.models import ParameterProposal, ProposalState
from mingcha_web.runs.parameters import (
    overrides_on,
    parameter_beside,
    parameter_get_for,
    parameter_list_for,
    proposal_get_for,
    proposal_list_for,
)
from mingcha_web.runs.parameters_forms import DecisionForm, ProposalForm
from mingcha_web.runs.parameters_services import proposal_decide, proposal_make, proposal_withdraw
from mingcha_web.runs.parameters_words import written, written_words
from mingcha_web.runs.rules_words import rule_titles
from mingcha_web.ui.exports import Column, list_export, wants_export
from mingcha_web.ui.lists import Choice, Filter

_STATES = [Choice("set", "已设置"), Choice("unset", "参数未设置"), Choice("pending", "有待审批的变更")]

_COLUMNS = (
    Column("编号", lambda each: each.key, 12),
    Column("参数", lambda each: each.title, 30),
    Column("取值", lambda each: each.words if each.is_set else "参数未设置", 24),
    Column("执行自", lambda each: each.effective_from, 12),
    Column("执行至", lambda each: each.effective_to, 12),
    Column("来源", lambda each: each.source, 40),
    Column("层级", lambda each: each.region_label, 10),
    Column("用到的规则", lambda each: "、".join(each.rules), 30),
)


@needs(Action.PARAMETER_READ)
@require_safe
def parameter_list(request: UserRequest) -> HttpResponseBase:
    """All parameters in force on a day, and what waits for approval."""
    day = _day(request)
    filters = [Filter("state", "状态", _STATES), Filter("text", "查找", kind="text")]
    given = {each.name: each.read(request) for each in filters}
    everything = parameter_list_for(request.user, as_of=day)
    shown = parameter_list_for(request.user, as_of=day, **given) if any(given.values()) else everything
    if wants_export(request):
        return list_export(request, "政策参数", _COLUMNS, shown)
    context = {
        "parameters": shown,
        "total": len(everything),
        "unset": sum(not each.is_set for each in everything),
        "blocking": sum(not each.is_set and bool(each.rules) for each in everything),
        "waiting": [proposal for each in everything for proposal in each.pending],
        "filters": filters,
        "has_filters": any(given.values()),
        "given": given,
        "day": day,
        "titles": rule_titles(),
    }
    return render(request, "runs/_parameters.html" if request.htmx else "runs/parameter_list.html", context)


@needs(Action.PARAMETER_READ, write=Action.PARAMETER_PROPOSE)
@require_http_methods(["GET", "HEAD", "POST"])
def parameter_one(request: UserRequest, key: str) -> HttpResponse:
    """One parameter: its value, its history, and a form to propose another value."""
    day = _day(request)
    parameter = parameter_get_for(request.user, key, as_of=day)
    initial = {"value": written(key, _value(key, day)), "effective_from": timezone.localdate()}
    form = ProposalForm(request.POST or None, initial=initial, key=key, parts=_parts(key))
    if request.method == "POST" and form.is_valid():
        submit_key = request.POST.get("submit_key") or secrets.token_urlsafe(16)
        proposal = proposal_make(key=key, **form.cleaned_data, by=request.user, submit_key=submit_key[:40])
        messages.success(request, "变更已提出，等另一位同事审批。批准以前仍按原来的取值比对。")
        return redirect("parameter_proposal", proposal.pk)
    context = {
        "parameter": parameter,
        "form": form,
        "day": day,
        "history": [_told(proposal, parameter.unit) for proposal in proposal_list_for(request.user).filter(key=key)],
        "may_propose": request.user.can(Action.PARAMETER_PROPOSE),
        "titles": rule_titles(),
    }
    return render(request, "runs/parameter_detail.html", context, status=422 if form.errors else 200)


@needs(Action.PARAMETER_READ, write=Action.PARAMETER_APPROVE)
@require_http_methods(["GET", "HEAD", "POST"])
def parameter_proposal(request: UserRequest, proposal_id: int) -> HttpResponse:
    """One proposed change beside what is in force; who may, decides."""
    proposal = proposal_get_for(request.user, proposal_id)
    form = DecisionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        is_approved = form.cleaned_data["decision"] == "approve"
        proposal_decide(
            proposal_id=proposal_id, is_approved=is_approved, note=form.cleaned_data["note"], by=request.user
        )
        messages.success(request, "已批准，从生效日起用于比对。" if is_approved else "已退回，没有批准。")
        return redirect("parameter_list")
    day = proposal.effective_from or timezone.localdate()
    parameter = parameter_beside(request.user, proposal.key, as_of=day)
    is_open = proposal.state == ProposalState.PROPOSED
    is_own = proposal.proposed_by_id == request.user.pk
    context = {
        "proposal": _told(proposal, parameter.unit),
        "parameter": parameter,
        "form": form,
        "day": day,
        "is_own": is_own,
        "may_decide": is_open and not is_own and request.user.can(Action.PARAMETER_APPROVE),
        "may_withdraw": is_open and is_own and request.user.can(Action.PARAMETER_PROPOSE),
        "titles": rule_titles(),
    }
    return render(request, "runs/parameter_proposal.html", context, status=422 if form.errors else 200)


@needs(Action.PARAMETER_PROPOSE)
@require_POST
def parameter_withdraw(request: UserRequest, proposal_id: int) -> HttpResponse:
    """Takes back one's own proposal."""
    proposal = proposal_withdraw(proposal_id=proposal_id, by=request.user)
    messages.success(request, "变更已撤回。")
    return redirect("parameter_one", proposal.key)


def _day(request: UserRequest) -> date:
    """The day the page is about: from the address, else today."""
    try:
        return date.fromisoformat(request.GET.get("day", ""))
    except ValueError:
        return timezone.localdate()


def _value(key: str, day: date) -> object:
    return next((item.value for item in api.parameters_in_force(day, overrides_on(day)) if item.key == key), None)


def _parts(key: str) -> list[str]:
    """What the parts of a structured parameter are called; [] where it is none."""
    try:
        api.check_parameters({key: {"value": {"?": 1}}})
    except ParameterError as error:
        # the engine's word: 可用的分项：name（title）、name（title）。
        _, _, listed = error.remedy.removesuffix("。").partition("可用的分项：")
        return [re.sub(r"^\w+（(.*)）$", r"\1", part) for part in listed.split("、") if part]
    return []


def _told(proposal: ParameterProposal, unit: str) -> ParameterProposal:
    proposal.words = written_words(proposal.key, proposal.value, unit)  # type: ignore[attr-defined]
    return proposal
