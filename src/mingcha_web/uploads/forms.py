"""Forms of uploads: a batch, the correction of a mapping, an obligation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils import timezone

from mingcha import api
from mingcha_web.uploads.inbox import ACCEPT, MAX_FILES
from mingcha_web.uploads.selectors import dataset_titles

_LATER = "自动"
#: How a mapping says that a column is left out.
LEFT_OUT = "-"


class FilesInput(forms.ClearableFileInput):
    """A field that takes many files."""

    allow_multiple_selected = True


class BatchForm(forms.Form):
    """Who delivers, and the files."""

    office = forms.CharField(
        label="报送单位",
        max_length=60,
        help_text="交来这些表的单位，例如 民政局、财政局、城关镇。",
        error_messages={"required": "请写明是哪个单位交来的。", "max_length": "单位名称最多60个字。"},
        widget=forms.TextInput(attrs={"list": "offices", "autocomplete": "off"}),
    )
    submit_key = forms.CharField(max_length=40, widget=forms.HiddenInput)
    tables = forms.FileField(
        label="表格文件",
        required=False,
        help_text=f"可以一次选多个，也可以直接拖进来；一次最多 {MAX_FILES} 个。",
        widget=FilesInput(attrs={"accept": ACCEPT}),
    )


class CorrectionForm(forms.Form):
    """What a person says about a sheet: which data it is, where its header stands, what each column is.

    headers   headers as written, in the sheet's order
    """

    dataset = forms.ChoiceField(label="这是什么数据", error_messages={"required": "请选择这是什么数据。"})
    header_row = forms.CharField(
        label="表头在第几行",
        required=False,
        max_length=20,
        help_text="表头占两行时写成 2,3；不写就自动判断。",
    )
    submit_key = forms.CharField(max_length=40, widget=forms.HiddenInput)

    def __init__(
        self,
        data: Mapping[str, Any] | None,
        *,
        headers: Sequence[str],
        dataset: str,
        mapped: Mapping[str, str],
        nearest: Sequence[str] = (),
        **named: Any,
    ) -> None:
        super().__init__(data, **named)
        titles = dataset_titles()
        near = [(name, f"{titles[name]}（最接近）") for name in nearest if name in titles]
        rest = [(name, title) for name, title in titles.items() if name not in nearest]
        self.fields["dataset"].choices = [("", "请选择"), *near, *rest]  # type: ignore[attr-defined]
        self.headers = list(headers)
        fields = api.dataset_fields(dataset) if dataset in titles else {}
        choices = [("", _LATER), (LEFT_OUT, "不读这一列"), *fields.items()]
        for number, header in enumerate(self.headers):
            shown = mapped.get(header, "") if mapped.get(header, "") in {"", LEFT_OUT, *fields} else ""
            self.fields[f"column_{number}"] = forms.ChoiceField(
                label=header,
                required=False,
                choices=choices,
                initial=shown,
                error_messages={"invalid_choice": "这项数据没有这个字段，请重新选。"},
            )

    @property
    def columns(self) -> list[tuple[str, forms.BoundField]]:
        """Header → its field in the form."""
        return [(header, self[f"column_{number}"]) for number, header in enumerate(self.headers)]

    def clean_header_row(self) -> list[int]:
        """Row numbers of the header."""
        text: str = self.cleaned_data["header_row"].replace("，", ",").replace("、", ",")
        parts = [part.strip() for part in text.split(",") if part.strip()]
        if not all(part.isascii() and part.isdigit() and 0 < int(part) < 10_000 for part in parts):
            raise forms.ValidationError("请写行号，例如 3；表头占两行时写成 2,3。")
        return sorted({int(part) for part in parts})

    def clean(self) -> dict[str, Any]:
        """No field may be told twice."""
        given = super().clean() or {}
        seen: dict[str, str] = {}
        for number, header in enumerate(self.headers):
            name = f"column_{number}"
            field = given.get(name)
            if field and field != LEFT_OUT:
                if field in seen:
                    self.add_error(name, f"“{seen[field]}”已经对应到这个字段，一个字段只能对应一列。")
                seen[field] = header
        return given

    def mapping(self, sheet: str) -> dict[str, Any]:
        """The entry of a mapping file that the form makes."""
        columns = {
            header: self.cleaned_data[f"column_{number}"]
            for number, header in enumerate(self.headers)
            if self.cleaned_data.get(f"column_{number}")
        }
        made: dict[str, Any] = {"sheet": sheet or None, "dataset": self.cleaned_data["dataset"], "columns": columns}
        if self.cleaned_data["header_row"]:
            made["header_row"] = self.cleaned_data["header_row"]
        return made


class ObligationForm(forms.Form):
    """Which office owes which data by when."""

    office = forms.CharField(
        label="报送单位",
        max_length=60,
        error_messages={"required": "请写单位名称。"},
        widget=forms.TextInput(attrs={"list": "offices", "autocomplete": "off"}),
    )
    dataset = forms.ChoiceField(label="数据", error_messages={"required": "请选择数据。"})
    every_months = forms.TypedChoiceField(
        label="多久一次", choices=[(1, "每月"), (3, "每季度"), (12, "每年")], coerce=int, initial=1
    )
    due_day = forms.IntegerField(
        label="次月几日前",
        min_value=1,
        max_value=28,
        initial=10,
        help_text="每期结束后的下一个月，几日前要交齐（1—28）。",
        error_messages={
            "required": "请写截止日。",
            "min_value": "截止日应在1到28之间。",
            "max_value": "截止日应在1到28之间。",
            "invalid": "请写1到28之间的整数。",
        },
    )

    since = forms.RegexField(
        r"^\d{4}-(0[1-9]|1[0-2])$",
        label="从哪个月起",
        help_text="更早的月份不算未交。",
        error_messages={"required": "请选择月份。", "invalid": "请写成 2023-06 这样的月份。"},
        widget=forms.TextInput(attrs={"type": "month"}),
    )

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self.fields["dataset"].choices = [("", "请选择"), *dataset_titles().items()]  # type: ignore[attr-defined]
        self.fields["since"].initial = f"{timezone.localdate():%Y-%m}"

    def clean_office(self) -> str:
        """Without blanks around it."""
        return str(self.cleaned_data["office"]).strip()
