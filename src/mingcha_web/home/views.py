"""The start page."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from mingcha_web.access.guard import UserRequest, needs
from mingcha_web.access.policy import Action
from mingcha_web.audit.services import record
from mingcha_web.home.pages import page_for

_WEEKDAYS = "一二三四五六日"


@needs(Action.HOME)
@require_safe
def home(request: UserRequest) -> HttpResponse:
    """What is to be done today."""
    page = page_for(request.user)
    if page.personal:
        record("home_read", by=request.user, kind="case", is_personal=True, detail=page.personal)
    day = timezone.localdate()
    today = f"{day.month}月{day.day}日 星期{_WEEKDAYS[day.weekday()]}"
    return render(request, "home/home.html", {"page": page, "today": today})
