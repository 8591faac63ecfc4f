"""What of the log somebody wants to see."""

from __future__ import annotations

from django import forms

from mingcha_web.audit.selectors import Wanted
from mingcha_web.audit.words import ACTIONS, KINDS

_SMALL = {"class": "form-control form-control-sm"}
_SELECT = {"class": "form-select form-select-sm"}
_DAY = {**_SMALL, "type": "date"}


class WantedForm(forms.Form):
    """Filters of the log; a field that cannot be read counts as empty, and its message says so."""

    person = forms.CharField(
        label="操作人",
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={**_SMALL, "type": "search", "placeholder": "姓名或账号"}),
    )
    action = forms.ChoiceField(
        label="动作", required=False, choices=[("", "全部"), *ACTIONS.items()], widget=forms.Select(attrs=_SELECT)
    )
    kind = forms.ChoiceField(
        label="对象", required=False, choices=[("", "全部"), *KINDS.items()], widget=forms.Select(attrs=_SELECT)
    )
    object_id = forms.CharField(
        label="对象编号", required=False, max_length=60, widget=forms.TextInput(attrs={**_SMALL, "type": "search"})
    )
    since = forms.DateField(label="从", required=False, widget=forms.DateInput(attrs=_DAY))
    until = forms.DateField(label="到", required=False, widget=forms.DateInput(attrs=_DAY))
    is_personal = forms.BooleanField(
        label="只看涉及个人信息的", required=False, widget=forms.CheckboxInput(attrs={"class": "form-check-input"})
    )

    def wanted(self) -> Wanted:
        """What was asked for, as far as it can be read."""
        self.is_valid()
        return Wanted(**{name: value for name, value in self.cleaned_data.items() if value})
