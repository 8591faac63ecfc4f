"""Forms of login and account."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth import authenticate, password_validation
from django.core.validators import RegexValidator

from mingcha import api
from mingcha_web.access.models import User
from mingcha_web.access.policy import Role


class LoginForm(forms.Form):
    """Account and password."""

    username = forms.CharField(
        label="账号", max_length=40, widget=forms.TextInput(attrs={"autocomplete": "username", "autofocus": True})
    )
    password = forms.CharField(
        label="密码",
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class AccountForm(forms.Form):
    """An account as the administrator fills it in."""

    username = forms.CharField(
        label="账号",
        max_length=40,
        help_text="登录用，建立后不能改。用字母、数字、点、横线，例如 chengguan.zhao。",
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
        validators=[RegexValidator(r"^[A-Za-z0-9._-]+$", "只能用字母、数字、点（.）、横线（-）和下划线（_）。")],
    )
    name = forms.CharField(label="姓名", max_length=40)
    role = forms.ChoiceField(label="角色", choices=[("", "请选择"), *((role.value, role.label) for role in Role)])
    township = forms.CharField(
        label="乡镇",
        max_length=40,
        required=False,
        help_text="乡镇经办和村级协理员要填，写法和名册上的一样，例如“城关镇”。",
        widget=forms.TextInput(attrs={"list": "townships", "autocomplete": "off"}),
    )
    village = forms.CharField(label="村（社区）", max_length=60, required=False, help_text="村级协理员要填。")
    is_unlisted = forms.BooleanField(label="区划表里没有，名册上就是这样写的", required=False)

    #: Whether the page asks if a place that the tables do not know is written so on purpose.
    asks_whether_unlisted = False

    def __init__(self, *args: Any, is_new: bool, **named: Any) -> None:
        super().__init__(*args, **named)
        if not is_new:
            del self.fields["username"]

    def clean_username(self) -> str:
        """An account name nobody has yet, whatever its case."""
        username: str = self.cleaned_data["username"]
        taken = User.objects.filter(username__iexact=username)
        if key := self.data.get("submit_key"):
            taken = taken.exclude(submit_key=key) | taken.filter(submit_key=None)
        if taken.exists():
            raise forms.ValidationError("这个账号已经有了，请换一个。")
        return username

    def clean(self) -> dict[str, Any]:
        """The place goes with the role."""
        given = super().clean() or {}
        role = given.get("role")
        if role in {Role.TOWNSHIP_OFFICER, Role.VILLAGE_ASSISTANT} and not given.get("township"):
            self.add_error("township", "乡镇和村级账号要填写乡镇。")
        if role == Role.VILLAGE_ASSISTANT and not given.get("village"):
            self.add_error("village", "村级协理员要填写所在的村（社区）。")
        if not given.pop("is_unlisted", False) and given.get("township"):
            self._as_found(given)
        return given

    def _as_found(self, given: dict[str, Any]) -> None:
        """The place as findings write it: an account whose place is written otherwise would see nothing."""
        township, village = given["township"], given.get("village") or ""
        if api.place_as_found(township) is None:
            self.asks_whether_unlisted = True
            self.add_error("township", f"区划表里没有“{township}”。写错一个字，这个账号就什么也看不到。请从列表里选。")
            return
        place = api.place_as_found(township, village)
        if place is None:
            self.asks_whether_unlisted = True
            self.add_error("village", f"区划表里“{township}”没有“{village}”。请核对，写法和名册上的一样。")
            return
        given["township"], given["village"] = place


class PasswordForm(forms.Form):
    """The old password and a new one, twice."""

    old = forms.CharField(label="现在的密码", widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}))
    new = forms.CharField(
        label="新密码",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text="至少10个字符，不要用姓名、账号或常见密码。",
    )
    again = forms.CharField(label="再输入一次", widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}))

    def __init__(self, user: User, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self._user = user

    def clean_old(self) -> str:
        """The old password, if it is right."""
        old: str = self.cleaned_data["old"]
        if authenticate(username=self._user.username, password=old) is None:
            raise forms.ValidationError("现在的密码不对。")
        return old

    def clean_new(self) -> str:
        """The new password, if it is good enough."""
        new: str = self.cleaned_data["new"]
        password_validation.validate_password(new, self._user)
        return new

    def clean(self) -> dict[str, Any]:
        """Both entries alike, and not the old one."""
        given = super().clean() or {}
        if given.get("new") and given.get("again") and given["new"] != given["again"]:
            self.add_error("again", "两次输入的新密码不一样。")
        if given.get("new") and given.get("new") == given.get("old"):
            self.add_error("new", "新密码不能和现在的一样。")
        return given
