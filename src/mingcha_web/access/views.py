"""Login, logout, one's own account."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from mingcha_web.access import logins
from mingcha_web.access.forms import LoginForm, PasswordForm
from mingcha_web.access.guard import UserRequest, needs, open_to_all
from mingcha_web.access.policy import Action
from mingcha_web.access.services import password_change


@open_to_all
@never_cache
@require_http_methods(["GET", "POST"])
def log_in(request: HttpRequest) -> HttpResponse:
    """The login page."""
    if request.user.is_authenticated:
        return redirect("home")
    form = LoginForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            logins.log_in(request, **form.cleaned_data)
        except logins.LoginRefused as refused:
            form.add_error(None, refused.sentence)
        else:
            return redirect(_target(request))
    wanted = request.POST.get("next") or request.GET.get("next", "")
    return render(request, "access/login.html", {"form": form, "next": wanted}, status=422 if form.errors else 200)


def _target(request: HttpRequest) -> str:
    """Where the person wanted to go, within this site."""
    wanted = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if wanted and is_ours else "home"


@open_to_all
@require_POST
def log_out(request: HttpRequest) -> HttpResponse:
    """Ends the session."""
    logins.log_out(request)
    return redirect("login")


@needs(Action.OWN_ACCOUNT)
def own(request: UserRequest) -> HttpResponse:
    """One's own account: name, role, place, and the way to a new password."""
    return render(request, "access/own.html")


@needs(Action.OWN_ACCOUNT)
@require_http_methods(["GET", "POST"])
def password(request: UserRequest) -> HttpResponse:
    """A new password for oneself."""
    form = PasswordForm(request.user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        password_change(by=request.user, new=form.cleaned_data["new"])
        update_session_auth_hash(request, request.user)
        messages.success(request, "密码已更换。")
        return redirect("home")
    return render(request, "access/password.html", {"form": form}, status=422 if form.errors else 200)
