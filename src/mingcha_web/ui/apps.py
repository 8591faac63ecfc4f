"""The app's registration."""

from django.apps import AppConfig


class UiConfig(AppConfig):
    """What every page shares: frame, tables, filters, charts (界面)."""

    name = "mingcha_web.ui"
    label = "ui"
    verbose_name = "界面"
