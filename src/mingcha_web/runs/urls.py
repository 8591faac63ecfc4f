"""Addresses below /runs/."""

from __future__ import annotations

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path, register_converter

from mingcha_web.runs import views


class OutputFile:
    """Files of a run that are handed out."""

    regex = "report\\.html|findings\\.xlsx"

    def to_python(self, value: str) -> str:
        """As it stands."""
        return value

    def to_url(self, value: str) -> str:
        """As it stands."""
        return value


register_converter(OutputFile, "outputfile")

urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.run_list, name="run_list"),
    path("start/", views.run_begin, name="run_start"),
    path("<int:run_id>/", views.run_detail, name="run_detail"),
    path("<int:run_id>/progress/", views.run_progress, name="run_progress"),
    path("<int:run_id>/cancel/", views.run_stop, name="run_cancel"),
    path("<int:run_id>/changes/", views.run_changes, name="run_changes"),
    path("<int:run_id>/files/<outputfile:name>", views.run_file, name="run_file"),
]
if find_spec("mingcha_web.runs.rule_urls") is not None:
    urlpatterns.append(path("", include("mingcha_web.runs.rule_urls")))
