"""Forms of the steps."""

from __future__ import annotations

from typing import Any

from django import forms

from mingcha_web.access.models import User
from mingcha_web.cases.models import Case, Cause, Item, Outcome, Verdict
from mingcha_web.cases.selectors import assistants_of
from mingcha_web.cases.services import ItemReport

_NOTE = {"rows": 3}


class StepForm(forms.Form):
    """What every step carries: the version the person saw and a key that makes it count once."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    submit_key = forms.CharField(max_length=40, widget=forms.HiddenInput)


class DispatchForm(StepForm):
    """To the township, or to a named person."""

    assignee = forms.ModelChoiceField(
        User.objects.none(), label="派给", required=False, empty_label="乡镇（由乡镇安排）"
    )
    note = forms.CharField(label="说明", required=False, widget=forms.Textarea(attrs=_NOTE))

    def __init__(self, case: Case, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        field = self.fields["assignee"]
        field.queryset = assistants_of([case.township])  # type: ignore[attr-defined]
        field.label_from_instance = _person_words  # type: ignore[attr-defined]


def _person_words(user: User) -> str:
    return f"{user.name}（{user.village or user.role_label}）"


class ReportForm(StepForm):
    """A conclusion for each finding, and how it was come by."""

    note = forms.CharField(
        label="核查情况",
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="何时、何地、见到了谁、看到了什么。",
    )

    def __init__(self, items: list[Item], *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self._items = items
        for item in items:
            self.fields[f"verdict_{item.pk}"] = forms.ChoiceField(
                label="核查结论", choices=Verdict.choices, widget=forms.RadioSelect, initial=item.verdict or None
            )
            self.fields[f"cause_{item.pk}"] = forms.ChoiceField(
                label="原因", choices=[("", "请选择"), *Cause.choices], required=False, initial=item.cause
            )
            self.fields[f"note_{item.pk}"] = forms.CharField(
                label="补充说明", required=False, widget=forms.Textarea(attrs={"rows": 2}), initial=item.note
            )

    def clean(self) -> dict[str, Any]:
        """A finding that holds needs a cause."""
        given = super().clean() or {}
        for item in self._items:
            holds = given.get(f"verdict_{item.pk}") in {Verdict.TRUE, Verdict.PARTLY}
            if holds and not given.get(f"cause_{item.pk}"):
                self.add_error(f"cause_{item.pk}", "属实或部分属实的，请选原因。")
        return given

    @property
    def rows(self) -> list[dict[str, Any]]:
        """Each finding with its fields, for the page."""
        return [
            {
                "item": item,
                "verdict": self[f"verdict_{item.pk}"],
                "cause": self[f"cause_{item.pk}"],
                "note": self[f"note_{item.pk}"],
            }
            for item in self._items
        ]

    @property
    def reports(self) -> list[ItemReport]:
        """What was filled in."""
        given = self.cleaned_data
        return [
            ItemReport(item.pk, given[f"verdict_{item.pk}"], given[f"cause_{item.pk}"], given[f"note_{item.pk}"])
            for item in self._items
        ]


class RectifyForm(StepForm):
    """At once, or a plan."""

    is_at_once = forms.TypedChoiceField(
        label="整改方式",
        choices=[("1", "立行立改：已经改好"), ("0", "限期整改：定措施、定人、定时间")],
        coerce=lambda value: value == "1",
        widget=forms.RadioSelect,
    )
    measures = forms.CharField(label="整改措施", widget=forms.Textarea(attrs=_NOTE))
    person = forms.CharField(label="责任人", max_length=40)
    due_on = forms.DateField(label="整改期限", required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def clean(self) -> dict[str, Any]:
        """A plan has a deadline."""
        given = super().clean() or {}
        if given.get("is_at_once") is False and not given.get("due_on") and "due_on" not in self.errors:
            self.add_error("due_on", "限期整改要写明期限。")
        return given


class RectifyDoneForm(StepForm):
    """The plan is carried out."""

    done_on = forms.DateField(label="完成日期", widget=forms.DateInput(attrs={"type": "date"}))
    result = forms.CharField(label="整改结果", widget=forms.Textarea(attrs=_NOTE))


class CloseForm(StepForm):
    """Outcome, document, amounts."""

    outcome = forms.ChoiceField(label="办结结果")
    note = forms.CharField(label="办结说明", widget=forms.Textarea(attrs=_NOTE))
    document = forms.CharField(
        label="文书", required=False, max_length=120, help_text="停发、调整或核实的文书名称和文号"
    )
    amount_found = forms.DecimalField(
        label="核定金额（元）", required=False, min_value=0, max_digits=12, decimal_places=2
    )
    amount_recovered = forms.DecimalField(
        label="追回金额（元）", required=False, min_value=0, max_digits=12, decimal_places=2
    )

    def __init__(self, case: Case, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        helped = {Outcome.COVERED, Outcome.NOT_COVERED}
        kept = [each for each in Outcome if (each in helped) == case.is_help]
        self.fields["outcome"].choices = [("", "请选择"), *((each.value, each.label) for each in kept)]  # type: ignore[attr-defined]
        if case.is_help:
            self.fields["note"].label = "说明（未纳入的写明理由）"
            del self.fields["amount_found"], self.fields["amount_recovered"]


class NoteForm(StepForm):
    """A step that needs a reason."""

    note = forms.CharField(label="理由", widget=forms.Textarea(attrs=_NOTE))


class FreeNoteForm(StepForm):
    """A step with something to say, if one likes."""

    note = forms.CharField(label="说明", required=False, widget=forms.Textarea(attrs=_NOTE))


class ReferralForm(forms.Form):
    """A clue about staff."""

    submit_key = forms.CharField(max_length=40, widget=forms.HiddenInput)
    about = forms.CharField(label="涉及人员或单位", max_length=120)
    clue = forms.CharField(label="线索内容", widget=forms.Textarea(attrs={"rows": 4}))


class ReceiveForm(forms.Form):
    """The discipline office takes a clue on."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    due_on = forms.DateField(label="办理期限", required=False, widget=forms.DateInput(attrs={"type": "date"}))


class DecideForm(forms.Form):
    """What came of it."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    outcome = forms.CharField(label="办理结果", widget=forms.Textarea(attrs={"rows": 4}))
