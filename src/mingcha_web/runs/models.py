"""Runs, what each rule did in them, and proposals for policy parameters."""

from __future__ import annotations

import hashlib
from typing import ClassVar

from django.conf import settings
from django.db import models

from mingcha_web.uploads.models import Work


class Run(Work):
    """One comparison (一次比对).

    as_of        comparison date (比对日)
    rules        ids asked for; empty = all
    keys         delivery keys that were compared: with them the evidence of its findings is opened
    before       the finished run it is compared with
    new, continuing, gone   findings against the run before
    """

    as_of = models.DateField("比对日")
    rules = models.JSONField("规则", default=list)
    keys = models.JSONField(default=list)
    before = models.ForeignKey("self", models.SET_NULL, null=True, related_name="+", verbose_name="上一次比对")
    sheets = models.PositiveIntegerField("表数", default=0)
    rows = models.PositiveIntegerField("行数", default=0)
    findings = models.PositiveIntegerField("疑点数", default=0)
    new = models.PositiveIntegerField("新增", default=0)
    continuing = models.PositiveIntegerField("仍在", default=0)
    gone = models.PositiveIntegerField("消失", default=0)
    seconds = models.FloatField("用时", default=0)
    covered = models.JSONField("在册人数", default=dict)

    class Meta:
        verbose_name = "比对"
        ordering: ClassVar[list[str]] = ["-id"]

    def __str__(self) -> str:
        return f"{self.as_of} 比对"


class RuleResult(models.Model):
    """What one rule did in a run. state: ran, cached, skipped."""

    run = models.ForeignKey(Run, models.CASCADE, related_name="results")
    rule_id = models.CharField("规则", max_length=10)
    state = models.CharField("状态", max_length=10)
    reason = models.TextField("说明", blank=True)
    findings = models.PositiveIntegerField("疑点", default=0)
    amount = models.DecimalField("金额", max_digits=14, decimal_places=2, null=True)
    seconds = models.FloatField("用时", default=0)

    class Meta:
        verbose_name = "规则运行情况"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["run", "rule_id"], name="runs_ruleresult_once"),
        ]


class ProposalState(models.TextChoices):
    """States of a proposal."""

    PROPOSED = "proposed", "待审批"
    APPROVED = "approved", "已批准"
    REFUSED = "refused", "未批准"
    WITHDRAWN = "withdrawn", "已撤回"


class ParameterProposal(models.Model):
    """A value for a policy parameter that one person proposes and another approves (参数变更).

    value    JSON as a parameter file has it; null takes the parameter out of force
    effective_from, effective_to   first and last day it holds; empty = open
    """

    key = models.CharField("参数", max_length=40)
    value = models.JSONField("取值", null=True)
    effective_from = models.DateField("生效日", null=True, blank=True)
    effective_to = models.DateField("失效日", null=True, blank=True)
    source = models.CharField("依据", max_length=200)
    note = models.TextField("说明", blank=True)
    state = models.CharField("状态", max_length=10, choices=ProposalState.choices, default=ProposalState.PROPOSED)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="提出人")
    proposed_at = models.DateTimeField("提出时间", auto_now_add=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="审批人"
    )
    decided_at = models.DateTimeField("审批时间", null=True)
    decision_note = models.TextField("审批意见", blank=True)
    submit_key = models.CharField(max_length=40, unique=True)

    class Meta:
        verbose_name = "参数变更"
        ordering: ClassVar[list[str]] = ["-id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                name="runs_proposal_two_persons",
                condition=models.Q(decided_by=None)
                | ~models.Q(decided_by=models.F("proposed_by"))
                | models.Q(state="withdrawn"),
            ),
        ]

    def __str__(self) -> str:
        return self.key


class OwnRuleState(models.TextChoices):
    """States of a county's own rule."""

    DRAFT = "draft", "草稿"
    PROPOSED = "proposed", "待审批"
    APPROVED = "approved", "已批准"
    REFUSED = "refused", "未批准"
    REPLACED = "replaced", "已换新稿"
    RETIRED = "retired", "已停用"


class OwnRule(models.Model):
    """A comparison rule that the county itself wrote (本县自定规则): one person writes, another approves.

    text     the file as written: header and SELECT; a decided text is never changed, a new one is written beside it
    header   what the engine read of it, as the pages show it; {} while it cannot be read
    """

    rule_id = models.CharField("编号", max_length=10, blank=True)
    title = models.CharField("名称", max_length=80, blank=True)
    text = models.TextField("规则文本")
    header = models.JSONField(default=dict)
    note = models.TextField("说明", blank=True)
    state = models.CharField("状态", max_length=10, choices=OwnRuleState.choices, default=OwnRuleState.DRAFT)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="编写人")
    written_at = models.DateTimeField("编写时间", auto_now_add=True)
    changed_at = models.DateTimeField("修改时间", auto_now=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="审批人"
    )
    decided_at = models.DateTimeField("审批时间", null=True)
    decision_note = models.TextField("审批意见", blank=True)
    submit_key = models.CharField(max_length=40, unique=True)

    class Meta:
        verbose_name = "本县规则"
        ordering: ClassVar[list[str]] = ["-id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                name="runs_ownrule_two_persons",
                condition=models.Q(decided_by=None) | ~models.Q(decided_by=models.F("written_by")),
            ),
            models.UniqueConstraint(
                name="runs_ownrule_one_in_force", fields=["rule_id"], condition=models.Q(state="approved")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rule_id} {self.title}".strip() or "未命名的规则"

    @property
    def sha256(self) -> str:
        """Hash of the text."""
        return hashlib.sha256(self.text.encode()).hexdigest()


class RuleTrial(Work):
    """A rule tried on the data there are (试运行): it changes nothing.

    sha256   of the text that was tried
    result   ran, skipped
    places   township → findings; samples: sentences of some findings, numbers masked, for who may see persons
    """

    own_rule = models.ForeignKey(OwnRule, models.CASCADE, related_name="trials", verbose_name="规则")
    as_of = models.DateField("比对日")
    sha256 = models.CharField(max_length=64)
    result = models.CharField(max_length=10, blank=True)
    reason = models.TextField("说明", blank=True)
    findings = models.PositiveIntegerField("疑点数", default=0)
    amount = models.DecimalField("金额", max_digits=14, decimal_places=2, null=True)
    seconds = models.FloatField("用时", default=0)
    places = models.JSONField("各乡镇", default=dict)
    samples = models.JSONField("样例", default=list)

    class Meta:
        verbose_name = "试运行"
        ordering: ClassVar[list[str]] = ["-id"]

    def __str__(self) -> str:
        return f"{self.own_rule} 试运行"


class RuleStanding(models.Model):
    """That a rule on trial (试行) was made a full one, or put back on trial (转正、退回试行), and on what grounds.

    version     of the rule: a new version is on trial again
    told, rate  verdicts there were then, and percent of those that could be verified that were true
    """

    rule_id = models.CharField("规则", max_length=10)
    version = models.PositiveIntegerField("版本")
    status = models.CharField("状态", max_length=10)
    told = models.PositiveIntegerField("已核查", default=0)
    rate = models.PositiveIntegerField("属实率", null=True)
    note = models.TextField("理由", blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="决定人")
    decided_at = models.DateTimeField("决定时间", auto_now_add=True)

    class Meta:
        verbose_name = "规则试行情况"
        ordering: ClassVar[list[str]] = ["-id"]

    def __str__(self) -> str:
        return f"{self.rule_id} {self.status}"
