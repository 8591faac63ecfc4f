"""Days off, and how long each step may take."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Day(models.Model):
    """A day that differs from the week's usual course, as imported for years the packaged calendar does not know."""

    day = models.DateField("日期", unique=True)
    is_working = models.BooleanField("上班")
    name = models.CharField("说明", max_length=40, blank=True)

    class Meta:
        verbose_name = "放假和调休日"
        ordering: ClassVar[list[str]] = ["day"]

    def __str__(self) -> str:
        return f"{self.day} {'上班' if self.is_working else '放假'}"


class ImportedYear(models.Model):
    """A year whose days off were imported whole: its other days follow the week."""

    year = models.PositiveSmallIntegerField("年份", unique=True)

    class Meta:
        verbose_name = "已导入的年份"

    def __str__(self) -> str:
        return str(self.year)


class Limit(models.Model):
    """How many working days a state may take (办理期限).

    The nearest fit counts: township and severity, then township, then severity, then neither.

    state      a state of ``cases.models.State``
    township, severity   empty = all
    """

    state = models.CharField("环节", max_length=20)
    township = models.CharField("乡镇", max_length=40, blank=True)
    severity = models.CharField("级别", max_length=10, blank=True)
    working_days = models.PositiveSmallIntegerField("工作日数")

    class Meta:
        verbose_name = "办理期限"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["state", "township", "severity"], name="deadlines_limit_once"),
        ]

    def __str__(self) -> str:
        return f"{self.state} {self.working_days}个工作日"
