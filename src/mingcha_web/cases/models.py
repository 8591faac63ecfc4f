"""Cases (办件): one visit task a household, from dispatch to close."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models

from mingcha_web.findings.models import Finding, severity_rank
from mingcha_web.runs.models import Run

_USER = settings.AUTH_USER_MODEL


class State(models.TextChoices):
    """States of a case, in the order they are gone through."""

    PENDING = "pending", "待派发"
    DISPATCHED = "dispatched", "待核查"
    VERIFYING = "verifying", "核查中"
    REPORTED = "reported", "已反馈"
    RECTIFYING = "rectifying", "整改中"
    REVIEWING = "reviewing", "待复核"
    CLOSED = "closed", "已办结"


#: States in which somebody has still something to do.
OPEN_STATES = tuple(state for state in State if state != State.CLOSED)


class Verdict(models.TextChoices):
    """What the visit found (核查结论)."""

    TRUE = "true", "属实"
    PARTLY = "partly", "部分属实"
    UNTRUE = "untrue", "不属实"
    UNKNOWN = "unknown", "无法核实"


class Cause(models.TextChoices):
    """Why it was so, or seemed so (原因)."""

    DATA = "data", "数据错误"
    LATE = "late", "迟报"
    FRAUD = "fraud", "骗取"
    HANDLING = "handling", "经办差错"
    MENDED = "mended", "已整改"
    CHANGED = "changed", "家庭情况变化"
    OTHER = "other", "其他"


class Outcome(models.TextChoices):
    """How a case ended (办结结果)."""

    NO_PROBLEM = "no_problem", "核实无问题"
    CORRECTED = "corrected", "数据已更正"
    STOPPED = "stopped", "已停发退出"
    ADJUSTED = "adjusted", "已调整待遇"
    RECOVERED = "recovered", "已追回资金"
    COVERED = "covered", "已纳入救助"
    NOT_COVERED = "not_covered", "未纳入（说明理由）"
    REFERRED = "referred", "已移送"
    UNRESOLVED = "unresolved", "无法核实（说明理由）"


class Case(models.Model):
    """Findings of one household, visited once (C46).

    number        year-month and running number, 202306-00012
    is_help       a list of persons who may be missing out: ends in 已纳入 or a stated reason
    severity      the gravest of its findings
    version       goes up with every change: two people editing one case notice each other
    due_on        last day for the present state; None where no limit is set
    is_due_certain  False where a year's days off are not known
    """

    number = models.CharField("编号", max_length=16, unique=True)
    state = models.CharField("状态", max_length=12, choices=State.choices, default=State.PENDING)
    is_help = models.BooleanField("应保未保线索", default=False)
    severity = models.CharField("级别", max_length=6)
    name = models.CharField("对象", max_length=80, blank=True)
    household_id = models.CharField("家庭编号", max_length=20, blank=True)
    subject = models.CharField(max_length=60, db_index=True)
    township = models.CharField("乡镇", max_length=60, blank=True)
    village = models.CharField("村（社区）", max_length=80, blank=True)
    amount = models.DecimalField("涉及金额", max_digits=14, decimal_places=2, null=True)
    assignee = models.ForeignKey(_USER, models.PROTECT, null=True, related_name="+", verbose_name="核查人")
    verified_by = models.ForeignKey(_USER, models.PROTECT, null=True, related_name="+", verbose_name="反馈人")
    verified_at = models.DateTimeField("反馈时间", null=True)
    state_since = models.DateTimeField("进入当前环节时间")
    due_on = models.DateField("截止日", null=True)
    is_due_certain = models.BooleanField(default=True)
    opened_at = models.DateTimeField("建立时间")
    closed_at = models.DateTimeField("办结时间", null=True)
    closed_by = models.ForeignKey(_USER, models.PROTECT, null=True, related_name="+", verbose_name="办结人")
    outcome = models.CharField("办结结果", max_length=12, choices=Outcome.choices, blank=True)
    close_note = models.TextField("办结说明", blank=True)
    document = models.CharField("文书", max_length=120, blank=True)
    amount_found = models.DecimalField("核定金额", max_digits=14, decimal_places=2, null=True)
    amount_recovered = models.DecimalField("追回金额", max_digits=14, decimal_places=2, null=True)
    looked_back_run = models.ForeignKey(Run, models.SET_NULL, null=True, related_name="+", verbose_name="回头看的比对")
    is_confirmed = models.BooleanField("回头看确认", null=True)
    reopened = models.PositiveSmallIntegerField("重新打开次数", default=0)
    version = models.PositiveIntegerField(default=1)
    rank = severity_rank()

    class Meta:
        verbose_name = "办件"
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["due_on", "rank", "id", "state"], name="cases_order"),
            # all that the start pages add up: they read this index alone
            models.Index(
                fields=[
                    *("state", "township", "is_help", "due_on", "opened_at", "amount"),
                    *("outcome", "amount_found", "amount_recovered", "is_confirmed"),
                ],
                name="cases_figures",
            ),
            models.Index(fields=["name", "village", "number", "state"], name="cases_text"),
            models.Index(fields=["state", "township"], name="cases_state"),
            models.Index(fields=["township", "state", "severity"], name="cases_township"),
            models.Index(fields=["assignee", "state"], name="cases_assignee"),
            models.Index(fields=["household_id"], name="cases_household"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                name="cases_closed_whole",
                condition=(
                    models.Q(state=State.CLOSED, closed_at__isnull=False, closed_by__isnull=False)
                    & ~models.Q(outcome="")
                )
                | (~models.Q(state=State.CLOSED) & models.Q(closed_at=None, closed_by=None)),
            ),
            models.CheckConstraint(
                name="cases_recovered_within_found",
                condition=models.Q(amount_recovered=None)
                | models.Q(
                    amount_found__isnull=False, amount_recovered__gte=0, amount_recovered__lte=models.F("amount_found")
                ),
            ),
            models.CheckConstraint(
                name="cases_other_reviewer",
                condition=models.Q(closed_by=None)
                | models.Q(verified_by=None)
                | ~models.Q(closed_by=models.F("verified_by")),
            ),
        ]

    def __str__(self) -> str:
        return self.number


class Item(models.Model):
    """One finding of a case and what the visit said of it. rule_id: the finding's, here so that it counts fast."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="items")
    finding = models.ForeignKey(Finding, models.PROTECT, related_name="items")
    rule_id = models.CharField("规则", max_length=10)
    verdict = models.CharField("核查结论", max_length=8, choices=Verdict.choices, blank=True)
    cause = models.CharField("原因", max_length=10, choices=Cause.choices, blank=True)
    note = models.TextField("核查情况", blank=True)

    class Meta:
        verbose_name = "办件中的疑点"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["case", "finding"], name="cases_item_once"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["rule_id", "verdict", "cause"], name="cases_item_told", condition=~models.Q(verdict="")
            ),
        ]


class Step(models.Model):
    """One thing that happened to a case (办理过程).

    submit_key   of the form that made it: sent twice, it is done once
    version      of the case after it
    """

    case = models.ForeignKey(Case, models.CASCADE, related_name="steps")
    version = models.PositiveIntegerField(default=1)
    at = models.DateTimeField("时间")
    by = models.ForeignKey(_USER, models.PROTECT, null=True, related_name="+", verbose_name="经办人")
    action = models.CharField("动作", max_length=20)
    from_state = models.CharField(max_length=12, blank=True)
    to_state = models.CharField(max_length=12, blank=True)
    note = models.TextField("说明", blank=True)
    submit_key = models.CharField(max_length=40, unique=True, null=True)

    class Meta:
        verbose_name = "办理过程"
        ordering: ClassVar[list[str]] = ["id"]


class Attachment(models.Model):
    """A photo or document of a case. stored: its random name in the attachments folder, sealed."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="attachments")
    step = models.ForeignKey(Step, models.SET_NULL, null=True, related_name="attachments")
    name = models.CharField("文件名", max_length=200)
    content_type = models.CharField(max_length=80)
    size = models.PositiveIntegerField("大小")
    sha256 = models.CharField(max_length=64)
    stored = models.CharField(max_length=60, unique=True)
    by = models.ForeignKey(_USER, models.PROTECT, related_name="+", verbose_name="上传人")
    at = models.DateTimeField("上传时间")

    class Meta:
        verbose_name = "附件"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["case", "sha256"], name="cases_attachment_once"),
        ]


class Rectification(models.Model):
    """How what is wrong gets right (整改). is_at_once: 立行立改; else measures, a named person, a deadline (C04)."""

    case = models.OneToOneField(Case, models.CASCADE, related_name="rectification")
    is_at_once = models.BooleanField("立行立改")
    measures = models.TextField("整改措施")
    person = models.CharField("责任人", max_length=40)
    due_on = models.DateField("整改期限", null=True)
    done_on = models.DateField("完成日期", null=True)
    result = models.TextField("整改结果", blank=True)

    class Meta:
        verbose_name = "整改"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                name="cases_plan_has_deadline", condition=models.Q(is_at_once=True) | models.Q(due_on__isnull=False)
            ),
        ]


class Supervision(models.Model):
    """A supervision note (督办) and its answer."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="supervisions")
    by = models.ForeignKey(_USER, models.PROTECT, related_name="+", verbose_name="督办人")
    at = models.DateTimeField("督办时间")
    note = models.TextField("督办意见")
    reply = models.TextField("回复", blank=True)
    replied_by = models.ForeignKey(_USER, models.PROTECT, null=True, related_name="+", verbose_name="回复人")
    replied_at = models.DateTimeField("回复时间", null=True)
    submit_key = models.CharField(max_length=40, unique=True)

    class Meta:
        verbose_name = "督办"
        ordering: ClassVar[list[str]] = ["id"]


class ReferralState(models.TextChoices):
    """States of a clue handed over."""

    RAISED = "raised", "已移送"
    RECEIVED = "received", "已接收"
    DECIDED = "decided", "已办结"


class Referral(models.Model):
    """A clue about staff, for the discipline office alone (线索移送, C48); who raised it sees its number and state."""

    number = models.CharField("编号", max_length=16, unique=True)
    case = models.ForeignKey(Case, models.PROTECT, null=True, related_name="referrals")
    state = models.CharField("状态", max_length=10, choices=ReferralState.choices, default=ReferralState.RAISED)
    about = models.CharField("涉及人员或单位", max_length=120)
    clue = models.TextField("线索内容")
    raised_by = models.ForeignKey(_USER, models.PROTECT, related_name="+", verbose_name="移送人")
    raised_at = models.DateTimeField("移送时间")
    received_by = models.ForeignKey(_USER, models.PROTECT, null=True, related_name="+", verbose_name="接收人")
    received_at = models.DateTimeField("接收时间", null=True)
    due_on = models.DateField("办理期限", null=True)
    outcome = models.TextField("办理结果", blank=True)
    decided_at = models.DateTimeField("办结时间", null=True)
    version = models.PositiveIntegerField(default=1)
    submit_key = models.CharField(max_length=40, unique=True)

    class Meta:
        verbose_name = "线索移送"
        ordering: ClassVar[list[str]] = ["-id"]
