"""Clues, behind the wall of the discipline office."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from mingcha_web.access.guard import UserRequest, needs
from mingcha_web.access.policy import Action
from mingcha_web.audit.services import record
from mingcha_web.cases.forms import DecideForm, ReceiveForm
from mingcha_web.cases.models import Referral, ReferralState
from mingcha_web.cases.selectors import referral_get_for, referral_list_for
from mingcha_web.cases.services import referral_decide, referral_receive
from mingcha_web.ui.exports import Column, list_export, wants_export
from mingcha_web.ui.lists import page_of

_COLUMNS = (
    Column("编号", lambda referral: referral.number, 14),
    Column("涉及人员或单位", lambda referral: referral.about, 24),
    Column("状态", lambda referral: referral.get_state_display(), 10),
    Column("移送时间", lambda referral: referral.raised_at, 16),
    Column("办理期限", lambda referral: referral.due_on, 12),
    Column("办结时间", lambda referral: referral.decided_at, 16),
)


@needs(Action.REFERRAL_READ)
def referral_list(request: UserRequest) -> HttpResponseBase:
    """All clues."""
    rows = referral_list_for(request.user)
    if wants_export(request):
        return list_export(request, "线索移送", _COLUMNS, list(rows), is_personal=True)
    page = page_of(request, rows)
    record("referral_list_read", by=request.user, kind="referral", is_personal=True)
    return render(request, "cases/referrals.html", {"page": page, "today": timezone.localdate()})


@needs(Action.REFERRAL_READ)
def referral_detail(request: UserRequest, pk: int) -> HttpResponse:
    """One clue."""
    referral = referral_get_for(request.user, pk)
    record("referral_read", by=request.user, kind="referral", object_id=referral.number, is_personal=True)
    return _page(request, referral)


def _page(request: UserRequest, referral: Referral, form: object = None, status: int = 200) -> HttpResponse:
    initial = {"version": referral.version}
    if form is None and referral.state == ReferralState.RAISED:
        form = ReceiveForm(initial=initial)
    if form is None and referral.state == ReferralState.RECEIVED:
        form = DecideForm(initial=initial)
    context = {"referral": referral, "form": form, "today": timezone.localdate()}
    return render(request, "cases/referral.html", context, status=status)


@needs(Action.REFERRAL_HANDLE)
@require_POST
def receive(request: UserRequest, pk: int) -> HttpResponse:
    """Takes a clue on."""
    form = ReceiveForm(request.POST)
    if not form.is_valid():
        return _page(request, referral_get_for(request.user, pk), form, 422)
    referral_receive(referral_id=pk, by=request.user, **form.cleaned_data)
    messages.success(request, "已接收这条线索。")
    return redirect("referral_detail", pk=pk)


@needs(Action.REFERRAL_HANDLE)
@require_POST
def decide(request: UserRequest, pk: int) -> HttpResponse:
    """Registers what came of it."""
    form = DecideForm(request.POST)
    if not form.is_valid():
        return _page(request, referral_get_for(request.user, pk), form, 422)
    referral_decide(referral_id=pk, by=request.user, **form.cleaned_data)
    messages.success(request, "办理结果已登记。")
    return redirect("referral_detail", pk=pk)
