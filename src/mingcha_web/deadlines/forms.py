"""Forms of limits and days off."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone

from mingcha_web.cases.models import OPEN_STATES
from mingcha_web.deadlines.imports import LIMIT
from mingcha_web.ui.templatetags.ui import SEVERITIES

_LONGEST = 365


class LimitForm(forms.Form):
    """One limit; without a number it is taken away."""

    state = forms.ChoiceField(choices=[(state.value, state.label) for state in OPEN_STATES])
    township = forms.CharField(required=False, max_length=40)
    severity = forms.ChoiceField(required=False, choices=[("", ""), *((code, code) for code in SEVERITIES)])
    working_days = forms.IntegerField(
        required=False,
        min_value=1,
        max_value=_LONGEST,
        error_messages={
            "invalid": "请填整数。",
            "min_value": "至少1个工作日。",
            "max_value": f"最多{_LONGEST}个工作日。",
        },
    )


class YearForm(forms.Form):
    """A year and the file with its days off."""

    year = forms.TypedChoiceField(label="年份", coerce=int)
    file = forms.FileField(
        label="放假安排文件",
        help_text=".xlsx 或 .csv，三列：日期、安排（放假或上班）、说明。只写和平常周末不同的日子。",
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xls,.csv,.txt"}),
        error_messages={"empty": "这个文件是空的。", "required": "请选择文件。"},
    )

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        now = timezone.localdate().year
        self.fields["year"].choices = [(year, f"{year}年") for year in range(now - 1, now + 4)]  # type: ignore[attr-defined]

    def clean_file(self) -> UploadedFile[bytes]:
        """A file that is not too large; it is not read before."""
        file: UploadedFile[bytes] = self.cleaned_data["file"]
        if (file.size or 0) > LIMIT:
            raise forms.ValidationError("文件太大了（超过1兆）：一年的放假安排只有几十行，请检查是不是选错了文件。")
        return file
