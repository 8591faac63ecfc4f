"""Pages on which the administrator manages accounts."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from mingcha import api
from mingcha_web.access.forms import AccountForm
from mingcha_web.access.guard import UserRequest, needs
from mingcha_web.access.models import User
from mingcha_web.access.policy import Action, Role
from mingcha_web.access.selectors import account_get_for, account_list_for, account_townships
from mingcha_web.access.services import (
    account_create,
    account_edit,
    account_switch,
    password_reset,
    temporary_password,
)
from mingcha_web.ui.exports import Column, list_export, wants_export
from mingcha_web.ui.lists import Choice, Filter, page_of

_STATES = [
    Choice("active", "启用"),
    Choice("temporary", "待本人改密码"),
    Choice("unused", "从未登录"),
    Choice("disabled", "停用"),
]

_COLUMNS = (
    Column("账号", lambda account: account.username, 14),
    Column("姓名", lambda account: account.name, 12),
    Column("角色", lambda account: account.role_label, 12),
    Column("工作范围", lambda account: account.place, 20),
    Column("启用", lambda account: account.is_active, 8),
    Column("最近登录", lambda account: account.last_login, 16),
)


@needs(Action.ACCOUNT_MANAGE)
def account_list(request: UserRequest) -> HttpResponseBase:
    """All accounts."""
    townships = account_townships()
    filters = [
        Filter("role", "角色", [Choice(role.value, role.label) for role in Role]),
        Filter("township", "乡镇", [Choice(name, name) for name in townships]),
        Filter("state", "状态", _STATES),
        Filter("text", "查找", kind="text"),
    ]
    given = {each.name: each.read(request) for each in filters}
    rows = account_list_for(request.user, **given)
    if wants_export(request):
        return list_export(request, "账号", _COLUMNS, list(rows))
    page = page_of(request, rows)
    context = {"page": page, "filters": filters, "has_filters": any(given.values())}
    return render(request, "access/_accounts.html" if request.htmx else "access/accounts.html", context)


@needs(Action.ACCOUNT_MANAGE)
@never_cache
@require_http_methods(["GET", "POST"])
def account_new(request: UserRequest) -> HttpResponse:
    """A new account; its temporary password is shown once."""
    form = AccountForm(request.POST or None, is_new=True)
    if request.method == "POST" and form.is_valid():
        password = temporary_password()
        try:
            user = account_create(
                **form.cleaned_data, password=password, by=request.user, submit_key=request.POST.get("submit_key")
            )
        except ValidationError as error:
            _add_errors(form, error)
        else:
            return _password_page(request, user, password if user.check_password(password) else None)
    return _form_page(request, form, None)


@needs(Action.ACCOUNT_MANAGE)
@require_http_methods(["GET", "POST"])
def account_one(request: UserRequest, user_id: int) -> HttpResponse:
    """One account: its fields, taking it out of use, a new temporary password."""
    user = account_get_for(request.user, user_id)
    initial = {"name": user.name, "role": user.role, "township": user.township, "village": user.village}
    form = AccountForm(request.POST or None, initial=initial, is_new=False)
    if request.method == "POST" and form.is_valid():
        try:
            account_edit(
                user_id=user_id, version=_number(request.POST.get("version")), **form.cleaned_data, by=request.user
            )
        except ValidationError as error:
            _add_errors(form, error)
        else:
            messages.success(request, f"账号 {user.username} 已保存。")
            return redirect("account_list")
    return _form_page(request, form, user)


@needs(Action.ACCOUNT_MANAGE)
@require_POST
def account_set_active(request: UserRequest, user_id: int) -> HttpResponse:
    """Takes an account out of use, or back in."""
    user = account_switch(user_id=user_id, is_active=request.POST.get("is_active") == "1", by=request.user)
    messages.success(request, f"账号 {user.username} 已{'启用' if user.is_active else '停用'}。")
    return redirect("account_one", user_id=user_id)


@needs(Action.ACCOUNT_MANAGE)
@never_cache
@require_POST
def account_password(request: UserRequest, user_id: int) -> HttpResponse:
    """A new temporary password, shown once."""
    password = temporary_password()
    user = password_reset(user_id=user_id, password=password, by=request.user)
    return _password_page(request, user, password)


def _form_page(request: UserRequest, form: AccountForm, account: User | None) -> HttpResponse:
    context = {"form": form, "account": account, "townships": api.township_names()}
    return render(request, "access/account.html", context, status=422 if form.errors else 200)


def _password_page(request: UserRequest, account: User, password: str | None) -> HttpResponse:
    return render(request, "access/account_password.html", {"account": account, "password": password})


def _add_errors(form: AccountForm, error: ValidationError) -> None:
    for field, sentences in getattr(error, "message_dict", {"__all__": error.messages}).items():
        form.add_error(field if field in form.fields else None, sentences)


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() else 0
