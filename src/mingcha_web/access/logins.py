"""Logging in and out: failed attempts are counted and logged, and after some of them everybody has to wait."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.contrib.auth import authenticate, login, logout
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from mingcha_web.access.models import LoginFailures, User
from mingcha_web.audit.services import record

#: Failures in a row after which an account name has to wait, and for how long; each further one makes it wait again.
FAILURES_ALLOWED = 5
WAIT = timedelta(minutes=10)
#: Failures longer ago than this do not count any more.
FORGOTTEN_AFTER = timedelta(hours=12)

WRONG = "账号或密码不对，请再试一次。连续输错5次要等10分钟。忘了密码请找系统管理员重置。"


class LoginRefused(Exception):
    """Nobody was logged in. sentence: why, in Chinese; the same whether the account exists or not."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def log_in(request: HttpRequest, *, username: str, password: str) -> User:
    """Logs somebody in. Raises LoginRefused; what was attempted is logged, the password never."""
    username = username.strip()[:40]
    waits_until = _waits_until(username)
    if waits_until is not None:
        raise LoginRefused(_waiting(waits_until))
    user = authenticate(request, username=username, password=password)
    if isinstance(user, User):
        with transaction.atomic():
            LoginFailures.objects.filter(username=_key(username)).delete()
            login(request, user)
            record("login", by=user, kind="account", object_id=user.pk)
        return user
    waits_until = _failed(username)
    raise LoginRefused(WRONG if waits_until is None else _waiting(waits_until))


@transaction.atomic
def log_out(request: HttpRequest) -> None:
    """Ends the session."""
    if request.user.is_authenticated:
        record("logout", by=request.user, kind="account", object_id=request.user.pk)
    logout(request)


def _waits_until(username: str) -> datetime | None:
    now = timezone.now()
    found = LoginFailures.objects.filter(username=_key(username), waits_until__gt=now).first()
    return found.waits_until if found else None


@transaction.atomic
def _failed(username: str) -> datetime | None:
    """Counts a failure; returns until when the name now has to wait."""
    now = timezone.now()
    LoginFailures.objects.filter(last_at__lt=now - FORGOTTEN_AFTER).delete()
    LoginFailures.objects.get_or_create(username=_key(username), defaults={"last_at": now})
    failures = LoginFailures.objects.select_for_update().get(username=_key(username))
    failures.count += 1
    failures.last_at = now
    if failures.count >= FAILURES_ALLOWED:
        failures.waits_until = now + WAIT
    failures.save()
    account = User.objects.filter(username=username).first()
    # a name that is no account may be a password typed into the wrong field: it is not written down
    detail = {"username": account.username if account else "不存在的账号", "failures": failures.count}
    object_id = account.pk if account else ""
    record("login_failed", kind="account", object_id=object_id, detail=detail)
    if failures.waits_until is not None:
        until = timezone.localtime(failures.waits_until).strftime("%Y-%m-%d %H:%M")
        record("login_paused", kind="account", object_id=object_id, detail={**detail, "until": until})
    return failures.waits_until


def _key(username: str) -> str:
    return username.casefold()[:40]


def _waiting(until: datetime) -> str:
    minutes = max(1, -int(-(until - timezone.now()).total_seconds() // 60))
    return f"这个账号连续输错密码，已暂停登录，请约{minutes}分钟后再试；着急请找系统管理员重置密码。"
