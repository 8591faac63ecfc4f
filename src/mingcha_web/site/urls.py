"""All addresses of the workbench."""

from __future__ import annotations

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

#: Features by the part of the address they live under. A feature without addresses of its own is left out.
FEATURES = {
    "": ("access", "home", "cases"),
    "uploads/": ("uploads",),
    "runs/": ("runs",),
    "findings/": ("findings",),
    "calendar/": ("deadlines",),
    "audit/": ("audit",),
}


def _included(prefix: str, name: str) -> list[URLPattern | URLResolver]:
    module = f"mingcha_web.{name}.urls"
    if find_spec(f"mingcha_web.{name}") is None or find_spec(module) is None:
        return []
    return [path(prefix, include(module))]


urlpatterns = [each for prefix, names in FEATURES.items() for name in names for each in _included(prefix, name)]
handler403 = "mingcha_web.ui.views.not_found"
handler404 = "mingcha_web.ui.views.not_found"
handler500 = "mingcha_web.ui.views.failed"
