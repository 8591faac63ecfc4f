"""The app's registration."""

from django.apps import AppConfig


class FindingsConfig(AppConfig):
    """Findings, their evidence and the warnings of higher offices (疑点)."""

    name = "mingcha_web.findings"
    label = "findings"
    verbose_name = "疑点"
