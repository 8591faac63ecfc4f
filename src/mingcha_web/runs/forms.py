"""The form that starts a comparison."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone

from mingcha_web.runs.selectors import rule_titles
from mingcha_web.runs.services import run_check


class RunForm(forms.Form):
    """Day and, if not all, the rules."""

    as_of = forms.DateField(
        label="比对日",
        help_text="以这一天的情况来比对，通常是今天。",
        error_messages={"required": "请选择比对日。", "invalid": "请写成 2023-06-30 这样的日期。"},
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    rules = forms.MultipleChoiceField(
        label="只运行这些规则",
        required=False,
        error_messages={"invalid_choice": "没有这条规则，请重新选。"},
        widget=forms.CheckboxSelectMultiple,
    )
    submit_key = forms.CharField(max_length=40, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self.fields["as_of"].initial = timezone.localdate
        choices = [(rule_id, f"{rule_id} {title}") for rule_id, title in rule_titles().items()]
        self.fields["rules"].choices = choices  # type: ignore[attr-defined]

    def clean_as_of(self) -> date:
        """A day on which a comparison can be made."""
        day: date = self.cleaned_data["as_of"]
        if day > timezone.localdate():
            raise forms.ValidationError("比对日不能晚于今天。")
        return day

    def trouble(self) -> str:
        """Why it cannot be started now, '' if it can."""
        return run_check(as_of=self.cleaned_data["as_of"], rules=self.cleaned_data["rules"])
