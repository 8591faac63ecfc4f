"""Forms of parameter changes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from mingcha_web.access.errors import WorkbenchError
from mingcha_web.runs.parameters_services import proposal_check
from mingcha_web.runs.parameters_words import read_value

_LONGEST = 4000


def _day() -> forms.DateInput:
    """A browser's own date field, which takes one form of date alone."""
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class ProposalForm(forms.Form):
    """A proposed value with its days and source."""

    value = forms.CharField(
        label="新的取值",
        required=False,
        max_length=_LONGEST,
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
    )
    effective_from = forms.DateField(
        label="生效日", required=False, widget=_day(), help_text="从这一天起执行；空着表示一直。"
    )
    effective_to = forms.DateField(
        label="失效日",
        required=False,
        widget=_day(),
        help_text="执行到这一天（含当天）；空着表示到另有规定。",
    )
    source = forms.CharField(
        label="依据",
        max_length=200,
        help_text="文件名称、文号和条款。",
        error_messages={"required": "请写明依据的文件。"},
    )
    note = forms.CharField(
        label="说明",
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="给审批人看的。",
    )

    def __init__(self, *args: Any, key: str, parts: Sequence[str] = (), **named: Any) -> None:
        super().__init__(*args, **named)
        self._key = key
        if parts:
            self.fields["value"].widget.attrs["rows"] = len(parts) + 1
            self.fields[
                "value"
            ].help_text = f"一行一个分项，写成“{parts[0]}：值”。分项有{'、'.join(parts)}。全空着表示取消这个参数。"
        else:
            self.fields[
                "value"
            ].help_text = "写数字或词就可以，例如 3、是、一级、智力三级。空着表示取消这个参数（参数未设置）。"

    def clean_value(self) -> Any:
        """The value as a parameter file has it."""
        try:
            return read_value(self.cleaned_data["value"])
        except ValueError as error:
            raise forms.ValidationError("这一段读不懂，请一行写一个“分项：值”。") from error

    def clean(self) -> dict[str, Any]:
        """Days in order, and a value the engine takes."""
        given = super().clean() or {}
        since, until = given.get("effective_from"), given.get("effective_to")
        if since and until and until < since:
            self.add_error("effective_to", "失效日早于生效日。")
        elif not self.errors:
            try:
                proposal_check(key=self._key, value=given.get("value"), effective_from=since, effective_to=until)
            except WorkbenchError as error:
                self.add_error("value", error.sentence)
        return given


class DecisionForm(forms.Form):
    """Approve, or refuse with a reason."""

    decision = forms.ChoiceField(choices=[("approve", "批准"), ("refuse", "不批准")])
    note = forms.CharField(
        label="审批意见",
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="不批准要写理由。",
    )

    def clean(self) -> dict[str, Any]:
        """A refusal says why."""
        given = super().clean() or {}
        if given.get("decision") == "refuse" and not given.get("note"):
            self.add_error("note", "不批准请写明理由，提出人好修改。")
        return given
