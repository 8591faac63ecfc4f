"""The log, its proof, its export."""

from __future__ import annotations

from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from mingcha_web.access.guard import UserRequest, needs
from mingcha_web.access.policy import Action
from mingcha_web.audit.exports import audit_columns, audit_export, shown_detail
from mingcha_web.audit.forms import WantedForm
from mingcha_web.audit.selectors import entry_list_for
from mingcha_web.audit.services import audit_verify
from mingcha_web.audit.words import action_word, kind_word, role_word
from mingcha_web.ui.exports import export_xlsx
from mingcha_web.ui.lists import page_of


@needs(Action.AUDIT_READ)
@require_safe
def audit_list(request: UserRequest) -> HttpResponse:
    """Who did what, newest first."""
    form = WantedForm(request.GET)
    page = page_of(request, entry_list_for(request.user, form.wanted()))
    for entry in page.object_list:
        entry.action_word = action_word(entry.action)
        entry.kind_word = kind_word(entry.kind)
        entry.role_word = role_word(entry.role)
        entry.shown = shown_detail(entry, request.user)
    context = {"page": page, "form": form, "has_filters": any(form.cleaned_data.values()) or bool(form.errors)}
    return render(request, "audit/_list.html" if request.htmx else "audit/list.html", context)


@needs(Action.AUDIT_READ)
@require_POST
def audit_check(request: UserRequest) -> HttpResponse:
    """Proves the chain, or names its first broken entry."""
    proof = audit_verify(by=request.user)
    if proof.problem:
        messages.error(request, f"日志有问题：{proof.problem}请保留现场，并报告系统管理员和纪检人员。")
    else:
        messages.success(request, f"日志完整，共 {proof.count} 条，没有被改动。校验值：{proof.digest}")
    return redirect("audit_list")


@needs(Action.AUDIT_READ)
@require_POST
def audit_download(request: UserRequest) -> FileResponse:
    """The entries asked for as a workbook."""
    rows = audit_export(wanted=WantedForm(request.POST).wanted(), by=request.user)
    return export_xlsx("操作日志", audit_columns(request.user), rows)
