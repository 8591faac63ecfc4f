"""The app's registration."""

from django.apps import AppConfig


class DeadlinesConfig(AppConfig):
    """Working days and limits."""

    name = "mingcha_web.deadlines"
    label = "deadlines"
    verbose_name = "期限与日历"
