"""The app's registration."""

from django.apps import AppConfig


class AccessConfig(AppConfig):
    """Accounts, roles and scopes."""

    name = "mingcha_web.access"
    label = "access"
    verbose_name = "账号与权限"
