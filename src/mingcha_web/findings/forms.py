"""Forms of findings."""

from __future__ import annotations

from django import forms

from mingcha_web.findings.models import Source


class UnmaskForm(forms.Form):
    """Why the number is needed."""

    reason = forms.CharField(label="理由", min_length=5, max_length=200, widget=forms.TextInput)


class WarningForm(forms.Form):
    """A sheet of warnings handed down."""

    source = forms.ChoiceField(
        label="来源", choices=[(each.value, each.label) for each in (Source.PROVINCE, Source.CITY)]
    )
    file = forms.FileField(label="预警名单", help_text="要有姓名、身份证号、预警类型三列，最大20兆。")
