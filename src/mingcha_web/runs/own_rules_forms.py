"""Forms of a county's own rules."""

from __future__ import annotations

from datetime import date

from django import forms
from django.utils import timezone

_LONGEST = 100_000


class OwnRuleForm(forms.Form):
    """The text of a rule, and a word for whoever decides."""

    text = forms.CharField(
        label="规则文本",
        max_length=_LONGEST,
        strip=False,
        widget=forms.Textarea(
            attrs={"rows": 30, "class": "form-control rule-editor", "spellcheck": "false", "wrap": "off"}
        ),
        help_text="上半部分写明编号、名称、依据和怎样核实，下半部分是一条 SELECT。写法见《十分钟写一条规则》。",
        error_messages={"required": "规则文本是空的。"},
    )
    note = forms.CharField(
        label="说明",
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="为什么要这条规则，给审批人看的。",
    )


class TrialForm(forms.Form):
    """The day a rule is tried for."""

    as_of = forms.DateField(
        label="比对日",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": "请选择比对日。", "invalid": "请写成 2023-06-30 这样的日期。"},
    )

    def clean_as_of(self) -> date:
        """A day that has come."""
        day: date = self.cleaned_data["as_of"]
        if day > timezone.localdate():
            raise forms.ValidationError("比对日不能晚于今天。")
        return day


class ReasonForm(forms.Form):
    """Why a rule is put out of force."""

    note = forms.CharField(
        label="停用理由",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "停用请写明理由。"},
    )
