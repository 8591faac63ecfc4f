"""The app's registration."""

from django.apps import AppConfig


class HomeConfig(AppConfig):
    """Start pages by role (首页)."""

    name = "mingcha_web.home"
    label = "home"
    verbose_name = "首页"
