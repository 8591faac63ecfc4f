"""The app's registration."""

from django.apps import AppConfig


class RunsConfig(AppConfig):
    """Comparison runs, rule pages and policy parameters (比对)."""

    name = "mingcha_web.runs"
    label = "runs"
    verbose_name = "比对"
