"""The app's registration."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """The audit log."""

    name = "mingcha_web.audit"
    label = "audit"
    verbose_name = "操作日志"
