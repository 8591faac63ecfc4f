"""Findings as the last run saw them, and in which runs they were seen."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models

from mingcha_web.runs.models import Run


class FindingState(models.TextChoices):
    """Where a finding stands.

    OPEN    no case yet; CASED: in a case that is under way; CLEARED: verified as no problem, silent until its facts
    change; SETTLED: its case was closed; GONE: no longer reported, and never in a case
    """

    OPEN = "open", "待派发"
    CASED = "cased", "办理中"
    CLEARED = "cleared", "已核实无问题"
    SETTLED = "settled", "已办结"
    GONE = "gone", "不再出现"


class Source(models.TextChoices):
    """Who found it."""

    COMPARISON = "comparison", "本县比对"
    PROVINCE = "province", "省级预警"
    CITY = "city", "市级预警"


#: Severities, the gravest first.
SEVERITY_ORDER = ("red", "orange", "yellow", "blue")


def severity_rank() -> models.GeneratedField:
    """A column with the severity's place in SEVERITY_ORDER, kept by the database: lists are ordered by an index."""
    places = (models.When(severity=code, then=models.Value(at)) for at, code in enumerate(SEVERITY_ORDER))
    return models.GeneratedField(
        expression=models.Case(*places, default=models.Value(len(SEVERITY_ORDER))),
        output_field=models.PositiveSmallIntegerField(),
        db_persist=True,
    )


class Finding(models.Model):
    """A lead (疑点), never a verdict. One row a finding id, as the last run that reported it told it.

    finding_id     stable over runs
    person_key     the engine's pseudonym of the person, by which the vault is asked for the number; never shown
    id_masked      411426********123X
    household_id, person_id   stable codes by which findings of one household or person meet
    facts          digest of the facts that matter: a cleared finding stays silent while it is the same
    evidence       list of {dataset, file, sheet, row}
    is_current     the last run reported it (or, for outside warnings, it was not withdrawn)
    is_help        应保未保 (blue): somebody may be missing out
    """

    finding_id = models.CharField("疑点编号", max_length=40, unique=True)
    rule_id = models.CharField("规则", max_length=10)
    rule_title = models.CharField("规则名称", max_length=60)
    severity = models.CharField("级别", max_length=6)
    subject_kind = models.CharField("对象", max_length=10)
    person_key = models.BigIntegerField(null=True)
    id_masked = models.CharField("身份证号", max_length=20, blank=True)
    name = models.CharField("姓名", max_length=80, blank=True)
    person_id = models.CharField(max_length=20, blank=True)
    household_id = models.CharField("家庭编号", max_length=20, blank=True)
    township = models.CharField("乡镇", max_length=60, blank=True)
    village = models.CharField("村（社区）", max_length=80, blank=True)
    program = models.CharField("救助类别", max_length=20, blank=True)
    period = models.CharField("月份", max_length=7, blank=True)
    amount = models.DecimalField("涉及金额", max_digits=14, decimal_places=2, null=True)
    confidence = models.FloatField("把握", default=1)
    summary = models.TextField("情况")
    evidence = models.JSONField("证据", default=list)
    facts = models.CharField(max_length=64, blank=True)
    source = models.CharField("来源", max_length=12, choices=Source.choices, default=Source.COMPARISON)
    state = models.CharField("状态", max_length=10, choices=FindingState.choices, default=FindingState.OPEN)
    is_current = models.BooleanField("仍在", default=True)
    is_help = models.BooleanField("应保未保线索", default=False)
    first_run = models.ForeignKey(Run, models.PROTECT, null=True, related_name="+", verbose_name="首次发现")
    last_run = models.ForeignKey(Run, models.PROTECT, null=True, related_name="+", verbose_name="最近发现")
    cleared_facts = models.CharField(max_length=64, blank=True)
    first_seen_on = models.DateField("首次发现日")
    last_seen_on = models.DateField("最近发现日")
    rank = severity_rank()

    class Meta:
        verbose_name = "疑点"
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["is_current", "state", "township", "severity"], name="findings_list"),
            models.Index(fields=["township", "is_current", "rule_id"], name="findings_township"),
            models.Index(fields=["rule_id", "is_current", "state"], name="findings_rule"),
            models.Index(fields=["household_id"], name="findings_household"),
            models.Index(fields=["person_id"], name="findings_person"),
            # the order of the list; what narrows it usually is told by the index itself
            models.Index(
                fields=["rank", "rule_id", "township", "village", "id", "is_current", "state"], name="findings_order"
            ),
            models.Index(fields=["first_run", "rank", "rule_id"], name="findings_new"),
            models.Index(fields=["name", "village", "is_current", "state"], name="findings_text"),
        ]

    def __str__(self) -> str:
        return self.finding_id


class Sighting(models.Model):
    """A finding in a run."""

    run = models.ForeignKey(Run, models.CASCADE, related_name="sightings")
    finding = models.ForeignKey(Finding, models.CASCADE, related_name="sightings")
    amount = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    facts = models.CharField(max_length=64, blank=True)

    class Meta:
        verbose_name = "疑点在某次比对中"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["run", "finding"], name="findings_sighting_once"),
        ]


class SavedView(models.Model):
    """A list with its filters that somebody keeps (常用筛选). query: the address's query string."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="saved_views")
    page = models.CharField(max_length=20)
    name = models.CharField("名称", max_length=40)
    query = models.CharField(max_length=400)

    class Meta:
        verbose_name = "常用筛选"
        ordering: ClassVar[list[str]] = ["name"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["user", "page", "name"], name="findings_view_once"),
        ]
