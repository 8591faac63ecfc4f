"""Batches of uploaded files, deliveries, and what each office owes when."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models


class BatchState(models.TextChoices):
    """States of background work."""

    QUEUED = "queued", "排队中"
    RUNNING = "running", "进行中"
    DONE = "done", "完成"
    FAILED = "failed", "失败"
    CANCELLED = "cancelled", "已取消"


class Work(models.Model):
    """Background work with progress and cancel: shared by batches and runs.

    beat_at   last sign of life of the worker: silent for long means it was killed
    """

    state = models.CharField("状态", max_length=10, choices=BatchState.choices, default=BatchState.QUEUED)
    stage = models.CharField("步骤", max_length=40, blank=True)
    done = models.PositiveIntegerField("已完成", default=0)
    total = models.PositiveIntegerField("总数", null=True)
    detail = models.CharField("当前", max_length=200, blank=True)
    message = models.TextField("说明", blank=True)
    is_cancel_wanted = models.BooleanField("要求取消", default=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="发起人", related_name="+")
    created_at = models.DateTimeField("发起时间", auto_now_add=True)
    beat_at = models.DateTimeField("最近进展", null=True)
    finished_at = models.DateTimeField("结束时间", null=True)
    submit_key = models.CharField(max_length=40, unique=True)

    class Meta:
        abstract = True

    @property
    def is_open(self) -> bool:
        """Whether it has not ended."""
        return self.state in {BatchState.QUEUED, BatchState.RUNNING}

    @property
    def percent(self) -> int | None:
        """Share done, 0–100; None while nobody knows."""
        return min(100, self.done * 100 // self.total) if self.total else None


class Batch(Work):
    """Files uploaded together (一批报送), or one file that is read again with a corrected mapping.

    folder   name of the folder in the inbox in which the files wait, removed when they were read
    corrects the delivery that is read again, with ``mapping`` (one entry of a mapping file)
    """

    office = models.CharField("报送单位", max_length=60)
    folder = models.CharField(max_length=60, blank=True)
    corrects = models.ForeignKey(
        "Delivery", models.SET_NULL, null=True, related_name="corrections", verbose_name="更正的文件"
    )
    mapping = models.JSONField("更正的对应关系", default=dict)

    class Meta:
        verbose_name = "报送批次"
        ordering: ClassVar[list[str]] = ["-id"]

    def __str__(self) -> str:
        return f"{self.office} {self.id}"


class DeliveryState(models.TextChoices):
    """What comparison does with a delivery."""

    ACTIVE = "active", "参与比对"
    REPLACED = "replaced", "已被替换"
    WITHDRAWN = "withdrawn", "已撤回"


class Delivery(models.Model):
    """One file of a batch (一份报送文件).

    key      the engine's delivery key; '' where the file could not be read
    report   the engine's reports of its sheets, as intake.json has them
    problem  why it could not be read, in Chinese
    """

    batch = models.ForeignKey(Batch, models.CASCADE, verbose_name="批次", related_name="deliveries")
    file = models.CharField("文件", max_length=400)
    key = models.CharField(max_length=64, blank=True, db_index=True)
    sha256 = models.CharField(max_length=64, blank=True)
    state = models.CharField("状态", max_length=10, choices=DeliveryState.choices, default=DeliveryState.ACTIVE)
    report = models.JSONField("读取情况", default=list)
    problem = models.TextField("问题", blank=True)
    read = models.PositiveIntegerField("读入", default=0)
    accepted = models.PositiveIntegerField("接受", default=0)
    doubtful = models.PositiveIntegerField("存疑", default=0)
    rejected = models.PositiveIntegerField("退回", default=0)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = "报送文件"
        ordering: ClassVar[list[str]] = ["-id"]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["state", "sha256"], name="uploads_content")]

    def __str__(self) -> str:
        return self.file

    @property
    def name(self) -> str:
        """The file's own name, without the folder it lay in."""
        return self.file.rsplit("/", 1)[-1]


class DeliveredSheet(models.Model):
    """One sheet of a delivery that was recognised: for the calendar of who delivered what for which month.

    month   YYYY-MM; '' where the sheet does not say
    """

    delivery = models.ForeignKey(Delivery, models.CASCADE, related_name="sheets")
    dataset = models.CharField("数据项", max_length=40, db_index=True)
    sheet = models.CharField("工作表", max_length=200, blank=True)
    month = models.CharField("月份", max_length=7, blank=True)
    rows = models.PositiveIntegerField("行数", default=0)

    class Meta:
        verbose_name = "已识别的表"


class Obligation(models.Model):
    """Which office owes which data by when (报送日历).

    every_months   1 monthly, 3 quarterly, 12 yearly
    due_day        day of the month after the period, 1–28
    since          YYYY-MM, the first month it is asked for; '' = always
    """

    office = models.CharField("报送单位", max_length=60)
    dataset = models.CharField("数据项", max_length=40)
    every_months = models.PositiveSmallIntegerField("周期（月）", default=1)
    due_day = models.PositiveSmallIntegerField("截止日", default=10)
    since = models.CharField("从哪个月起", max_length=7, blank=True)
    is_active = models.BooleanField("启用", default=True)

    class Meta:
        verbose_name = "报送要求"
        ordering: ClassVar[list[str]] = ["office", "dataset"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["office", "dataset"], name="uploads_obligation_once"),
            models.CheckConstraint(condition=models.Q(due_day__range=(1, 28)), name="uploads_obligation_day"),
        ]

    def __str__(self) -> str:
        return f"{self.office} {self.dataset}"
