"""Entries of the audit log."""

from __future__ import annotations

from typing import Any, ClassVar, NoReturn

from django.conf import settings
from django.db import models


class Entry(models.Model):
    """One thing somebody did (操作记录). Written once, never changed.

    number       1, 2, 3 … without a gap
    is_personal  personal data were read or written
    detail       facts of the action, without identity numbers, accounts or telephones
    digest       SHA-256 over this entry and the digest before it
    """

    number = models.PositiveBigIntegerField("序号", unique=True)
    at = models.DateTimeField("时间")
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, verbose_name="操作人", related_name="+"
    )
    actor_name = models.CharField("操作人姓名", max_length=60)
    role = models.CharField("角色", max_length=20, blank=True)
    action = models.CharField("动作", max_length=40, db_index=True)
    kind = models.CharField("对象", max_length=40, blank=True)
    object_id = models.CharField("对象编号", max_length=60, blank=True)
    township = models.CharField("乡镇", max_length=40, blank=True)
    is_personal = models.BooleanField("涉及个人信息", default=False)
    detail = models.JSONField("内容", default=dict)
    digest = models.CharField("校验值", max_length=64)

    class Meta:
        verbose_name = "操作记录"
        ordering: ClassVar[list[str]] = ["-number"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["kind", "object_id"], name="audit_entry_object"),
            models.Index(fields=["at"], name="audit_entry_at"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.action}"

    def delete(self, *_args: Any, **_named: Any) -> NoReturn:
        """Entries are never deleted."""
        raise TypeError("操作记录不能删除")


class Head(models.Model):
    """Where the chain ends: one row, so that entries cut off at its end are missed."""

    number = models.PositiveBigIntegerField(default=0)
    digest = models.CharField(max_length=64)

    class Meta:
        verbose_name = "日志末尾"

    def __str__(self) -> str:
        return str(self.number)
