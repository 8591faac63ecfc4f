"""How views ask the policy table: every view carries the action it needs, and a test walks them all."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from django.http import HttpRequest, HttpResponseBase

from mingcha_web.access.errors import NotAllowed
from mingcha_web.access.models import User
from mingcha_web.access.policy import Action

View = TypeVar("View", bound=Callable[..., HttpResponseBase])


class UserRequest(HttpRequest):
    """A request of somebody who is logged in."""

    user: User
    htmx: Any


def needs(action: Action, *, write: Action | None = None) -> Callable[[View], View]:
    """Marks a view with the action it needs; ``write``: the action that requests other than GET and HEAD need."""

    def marked(view: View) -> View:
        @wraps(view)
        def guarded(request: UserRequest, *args: Any, **named: Any) -> HttpResponseBase:
            require(request.user, write if write and request.method not in {"GET", "HEAD"} else action)
            return view(request, *args, **named)

        guarded.action = action  # type: ignore[attr-defined]
        guarded.write_action = write or action  # type: ignore[attr-defined]
        return guarded  # type: ignore[return-value]

    return marked


def open_to_all(view: View) -> View:
    """Marks a view that needs no login."""
    view.is_open = True  # type: ignore[attr-defined]
    return view


def require(user: User, action: Action) -> None:
    """Raises NotAllowed unless the table lets the person do it."""
    if not user.can(action):
        raise NotAllowed("您的角色不能做这件事。如工作需要，请联系系统管理员。")
