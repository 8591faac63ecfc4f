"""The app's registration."""

from django.apps import AppConfig


class CasesConfig(AppConfig):
    """Cases from dispatch to close, and clues for the discipline office (核查整改)."""

    name = "mingcha_web.cases"
    label = "cases"
    verbose_name = "核查整改"
