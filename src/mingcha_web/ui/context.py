"""What the frame of every page needs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from mingcha_web.access.models import User
from mingcha_web.access.policy import Action


@dataclass(frozen=True)
class Entry:
    """One entry of the menu. key: shortcut, pressed after g."""

    url_name: str
    label: str
    icon: str
    action: Action
    key: str = ""


MENU: tuple[tuple[str, tuple[Entry, ...]], ...] = (
    (
        "",
        (
            Entry("home", "今日", "ri-sun-line", Action.HOME, "h"),
            Entry("case_list", "办件", "ri-folder-user-line", Action.CASE_READ, "c"),
            Entry("finding_list", "疑点", "ri-search-eye-line", Action.FINDING_READ, "f"),
            Entry("case_due", "期限", "ri-alarm-line", Action.CASE_READ, "d"),
            Entry("referral_list", "线索移送", "ri-shield-user-line", Action.REFERRAL_READ, "l"),
        ),
    ),
    (
        "数据与比对",
        (
            Entry("upload_list", "数据报送", "ri-upload-cloud-2-line", Action.UPLOAD_READ, "u"),
            Entry("upload_calendar", "报送日历", "ri-calendar-todo-line", Action.UPLOAD_READ, "k"),
            Entry("run_list", "比对", "ri-git-merge-line", Action.RUN_READ, "r"),
            Entry("rule_list", "规则", "ri-book-open-line", Action.RULE_READ, "g"),
            Entry("parameter_list", "政策参数", "ri-equalizer-line", Action.PARAMETER_READ, "p"),
        ),
    ),
    (
        "管理",
        (
            Entry("calendar", "工作日与期限", "ri-calendar-line", Action.CALENDAR_EDIT),
            Entry("account_list", "账号", "ri-user-settings-line", Action.ACCOUNT_MANAGE, "a"),
            Entry("audit_list", "操作日志", "ri-history-line", Action.AUDIT_READ, "o"),
        ),
    ),
)


def chrome(request: HttpRequest) -> dict[str, Any]:
    """The menu of the person who is logged in, with the entry of the page marked."""
    user = getattr(request, "user", None)
    if not isinstance(user, User):
        return {"menu": ()}
    groups: list[dict[str, Any]] = []
    for label, entries in MENU:
        shown = [_shown(entry, request.path) for entry in entries if user.can(entry.action)]
        shown = [entry for entry in shown if entry["url"]]
        if shown:
            groups.append({"label": label, "entries": shown})
    _mark_one([entry for group in groups for entry in group["entries"]])
    return {"menu": groups, **_search(user)}


def _search(user: User) -> dict[str, Any]:
    """Where the search box of the frame leads: findings, for assistants their tasks; who sees no persons has none."""
    if user.can(Action.FINDING_READ):
        hint = "查疑点：姓名、村、情况、编号"
        return {"search_url": reverse("finding_list"), "search_hint": hint, "search_fixed": [("state", "all")]}
    if user.can(Action.CASE_READ):
        return {"search_url": reverse("case_list"), "search_hint": "查我的任务：姓名、村、编号"}
    return {}


def _mark_one(entries: list[dict[str, Any]]) -> None:
    """Of entries that lead to where the page lies the one that leads furthest is marked."""
    here = [entry for entry in entries if entry["is_here"]]
    nearest = max(here, key=lambda entry: len(entry["url"]), default=None)
    for entry in here:
        entry["is_here"] = entry is nearest


def _shown(entry: Entry, path: str) -> dict[str, Any]:
    try:
        url = reverse(entry.url_name)
    except NoReverseMatch:
        url = ""
    is_here = path == url or (url not in {"", "/"} and path.startswith(url))
    return {"url": url, "label": entry.label, "icon": entry.icon, "key": entry.key, "is_here": is_here}
