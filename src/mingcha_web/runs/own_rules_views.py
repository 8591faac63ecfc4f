"""Pages of the county's own rules: write, try, hand in, decide."""

from __future__ import annotations

import secrets

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from mingcha_web.access.guard import UserRequest, needs
from mingcha_web.access.policy import Action
from mingcha_web.audit.services import record
from mingcha_web.runs.models import OwnRule, OwnRuleState, RuleTrial
from mingcha_web.runs.own_rules import (
    SKELETON,
    faults_of,
    is_tried,
    own_rule_get_for,
    own_rule_list_for,
    samples_for,
    trials_for,
)
from mingcha_web.runs.own_rules_forms import OwnRuleForm, ReasonForm, TrialForm
from mingcha_web.runs.own_rules_services import (
    own_rule_decide,
    own_rule_propose,
    own_rule_retire,
    own_rule_save,
    own_rule_withdraw,
    trial_cancel,
    trial_start,
)
from mingcha_web.runs.parameters_forms import DecisionForm
from mingcha_web.runs.selectors import last_full_run
from mingcha_web.ui.exports import Column, list_export, wants_export
from mingcha_web.uploads.work import work_sweep

_TRIALS_SHOWN = 8
_COLUMNS = (
    Column("编号", lambda each: each.rule_id, 8),
    Column("名称", lambda each: each.title, 30),
    Column("状态", lambda each: each.get_state_display(), 10),
    Column("编写", lambda each: each.written_by.name, 12),
    Column("审批", lambda each: each.decided_by.name if each.decided_by else "", 12),
    Column("说明", lambda each: each.note, 40),
)


@needs(Action.OWN_RULE_READ)
@require_safe
def own_rule_list(request: UserRequest) -> HttpResponseBase:
    """All texts of the county's own rules, those that wait for a decision first."""
    rows = sorted(own_rule_list_for(request.user), key=lambda each: each.state != OwnRuleState.PROPOSED)
    if wants_export(request):
        return list_export(request, "本县规则", _COLUMNS, rows)
    shown = {"rows": rows, "may_write": request.user.can(Action.OWN_RULE_WRITE)}
    return render(request, "runs/own_rule_list.html", shown)


@needs(Action.OWN_RULE_WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def own_rule_new(request: UserRequest) -> HttpResponse:
    """Writes a rule, beginning with one that runs."""
    form = OwnRuleForm(request.POST or None, initial={"text": SKELETON})
    if request.method == "POST" and form.is_valid():
        return _saved(request, form, None)
    return render(request, "runs/own_rule_edit.html", {"form": form}, status=422 if form.errors else 200)


@needs(Action.OWN_RULE_WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def own_rule_edit(request: UserRequest, rule_id: int) -> HttpResponse:
    """Goes on writing: one's own draft is changed, of any other text a new draft is made."""
    rule = own_rule_get_for(request.user, rule_id)
    form = OwnRuleForm(request.POST or None, initial={"text": rule.text, "note": rule.note})
    if request.method == "POST" and form.is_valid():
        return _saved(request, form, rule.pk)
    faults, warnings = faults_of(rule)
    shown = {"form": form, "rule": rule, "faults": faults, "warnings": warnings}
    return render(request, "runs/own_rule_edit.html", shown, status=422 if form.errors else 200)


def _saved(request: UserRequest, form: OwnRuleForm, rule_id: int | None) -> HttpResponse:
    rule = own_rule_save(**form.cleaned_data, rule_id=rule_id, by=request.user, submit_key=_submit_key(request))
    if rule.header:
        messages.success(request, "已保存，没有发现错误。下一步：试运行，看看会查出什么。")
        return redirect("own_rule_one", rule.pk)
    messages.warning(request, "已保存，还有错误要改。")
    return redirect("own_rule_edit", rule.pk)


@needs(Action.OWN_RULE_READ)
@require_GET
def own_rule_one(request: UserRequest, rule_id: int) -> HttpResponse:
    """One text: what is wrong with it, what it found when it was tried, and what comes next."""
    work_sweep()
    rule = own_rule_get_for(request.user, rule_id)
    return _page(request, rule)


def _page(request: UserRequest, rule: OwnRule, *, status: int = 200, **forms: object) -> HttpResponse:
    user = request.user
    faults, warnings = faults_of(rule)
    trials = list(trials_for(user, rule)[:_TRIALS_SHOWN])
    done = next((each for each in trials if each.state == "done"), None)
    samples = samples_for(user, done)
    if samples:
        record("ruletrial_read", by=user, kind="own_rule", object_id=rule.pk, is_personal=True)
    is_own, tried = rule.written_by_id == user.pk, is_tried(rule)
    last = last_full_run()
    shown = {
        "rule": rule,
        "faults": faults,
        "warnings": warnings,
        "trials": trials,
        "open_trial": next((each for each in trials if each.is_open), None),
        "done": done,
        "done_is_of_this_text": done is not None and done.sha256 == rule.sha256,
        "samples": samples,
        "is_tried": tried,
        "trial_form": TrialForm(initial={"as_of": last.as_of if last else timezone.localdate()}),
        "decision_form": DecisionForm(),
        "reason_form": ReasonForm(),
        "may_write": user.can(Action.OWN_RULE_WRITE),
        "may_try": user.can(Action.OWN_RULE_WRITE) and rule.state in {"draft", "proposed"} and not faults,
        "may_propose": is_own and rule.state == OwnRuleState.DRAFT and not faults and tried,
        "may_withdraw": is_own and rule.state == OwnRuleState.PROPOSED,
        "may_decide": not is_own and rule.state == OwnRuleState.PROPOSED and user.can(Action.OWN_RULE_APPROVE),
        "may_retire": rule.state == OwnRuleState.APPROVED and user.can(Action.OWN_RULE_APPROVE),
        **forms,
    }
    return render(request, "runs/own_rule_detail.html", shown, status=status)


@needs(Action.OWN_RULE_WRITE)
@require_POST
def own_rule_try(request: UserRequest, rule_id: int) -> HttpResponse:
    """Tries a text on the data there are."""
    rule = own_rule_get_for(request.user, rule_id)
    form = TrialForm(request.POST)
    if not form.is_valid():
        return _page(request, rule, status=422, trial_form=form)
    trial_start(rule_id=rule.pk, as_of=form.cleaned_data["as_of"], by=request.user, submit_key=_submit_key(request))
    return redirect("own_rule_one", rule.pk)


@needs(Action.OWN_RULE_READ)
@require_GET
def own_rule_progress(request: UserRequest, rule_id: int) -> HttpResponse:
    """How far a trial is, for the page to ask again and again; when it has ended the page is loaded anew."""
    work_sweep()
    rule = own_rule_get_for(request.user, rule_id)
    trial = trials_for(request.user, rule).first()
    if trial is None:
        return HttpResponse(status=204)
    answer = render(request, "uploads/_progress.html", {"work": trial, "progress_url": request.path})
    if not trial.is_open:
        answer["HX-Refresh"] = "true"
    return answer


@needs(Action.OWN_RULE_WRITE)
@require_POST
def own_rule_stop(request: UserRequest, rule_id: int) -> HttpResponse:
    """Asks for the trial under way to stop."""
    rule = own_rule_get_for(request.user, rule_id)
    trial: RuleTrial | None = trials_for(request.user, rule).first()
    if trial is not None:
        trial_cancel(trial=trial, by=request.user)
    return redirect("own_rule_one", rule.pk)


@needs(Action.OWN_RULE_WRITE)
@require_POST
def own_rule_submit(request: UserRequest, rule_id: int) -> HttpResponse:
    """Hands one's draft in, or takes it back."""
    if request.POST.get("what") == "withdraw":
        own_rule_withdraw(rule_id=rule_id, by=request.user)
        messages.success(request, "已撤回，可以继续修改。")
    else:
        own_rule_propose(rule_id=rule_id, by=request.user)
        messages.success(request, "已提交，等另一位同事审批。批准以前不参与比对。")
    return redirect("own_rule_one", rule_id)


@needs(Action.OWN_RULE_APPROVE)
@require_POST
def own_rule_decision(request: UserRequest, rule_id: int) -> HttpResponse:
    """Approves or refuses what somebody else handed in."""
    rule = own_rule_get_for(request.user, rule_id)
    form = DecisionForm(request.POST)
    if not form.is_valid():
        return _page(request, rule, status=422, decision_form=form)
    is_approved = form.cleaned_data["decision"] == "approve"
    own_rule_decide(rule_id=rule.pk, is_approved=is_approved, note=form.cleaned_data["note"], by=request.user)
    messages.success(request, "已批准，从下一次比对起运行。" if is_approved else "已退回，没有批准。")
    return redirect("own_rule_one", rule.pk)


@needs(Action.OWN_RULE_APPROVE)
@require_POST
def own_rule_end(request: UserRequest, rule_id: int) -> HttpResponse:
    """Puts a rule out of force."""
    rule = own_rule_get_for(request.user, rule_id)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _page(request, rule, status=422, reason_form=form)
    own_rule_retire(rule_id=rule.pk, note=form.cleaned_data["note"], by=request.user)
    messages.success(request, "已停用，从下一次比对起不再运行。")
    return redirect("own_rule_one", rule.pk)


def _submit_key(request: UserRequest) -> str:
    return (request.POST.get("submit_key") or secrets.token_urlsafe(16))[:40]
