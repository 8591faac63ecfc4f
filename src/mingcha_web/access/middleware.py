"""Nobody gets in without a login; refusals are told plainly and logged."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from mingcha_web.access.errors import NotAllowed, StaleEdit, WorkbenchError
from mingcha_web.audit.services import record


class AccessMiddleware:
    """Asks for a login, for a new password where the old one is temporary, and answers what services refuse."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """One request."""
        return self._get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: list[object], named: dict[str, object]
    ) -> HttpResponse | None:
        """Before a view: who is not logged in is asked to; a view without an action is a mistake of ours."""
        if getattr(view, "is_open", False):
            return None
        if not request.user.is_authenticated:
            return _to_login(request)
        if not hasattr(view, "action"):
            raise AssertionError(f"{view} names no action")
        if getattr(request.user, "is_temporary", False) and request.path != reverse("password"):
            return redirect("password")
        return None

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """What services refuse becomes a page or, for htmx, a message."""
        if not isinstance(error, WorkbenchError):
            return None
        if isinstance(error, NotAllowed):
            record("refused", by=request.user, detail={"path": request.path, "method": request.method})
        changes = error.changes if isinstance(error, StaleEdit) else {}
        template = "ui/_refused.html" if getattr(request, "htmx", False) else "ui/refused.html"
        response = render(request, template, {"sentence": error.sentence, "changes": changes}, status=error.status)
        if getattr(request, "htmx", False):
            response["HX-Retarget"] = "#messages"
            response["HX-Reswap"] = "innerHTML"
        return response


def _to_login(request: HttpRequest) -> HttpResponse:
    target = f"{reverse('login')}?{urlencode({'next': request.get_full_path()})}"
    if getattr(request, "htmx", False):
        response = HttpResponse(status=204)
        response["HX-Redirect"] = reverse("login")
        return response
    return redirect(target)
