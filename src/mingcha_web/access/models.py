"""Accounts (账号)."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models

from mingcha_web.access.policy import REACH, ROLE_LABELS, Action, Reach, Role, allows


class UserManager(BaseUserManager["User"]):
    """Makes accounts."""

    def create_user(self, username: str, password: str | None = None, **fields: object) -> User:
        """A new account; without a password nobody can log in to it."""
        user = self.model(username=username, **fields)
        user.set_password(password)
        user.full_clean(exclude=["password"])
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """An account: one person, one role, one place.

    township, village   names as in the divisions; township is set for township and village roles, village for
                        assistants
    is_temporary        the password was set by somebody else: it has to be changed at the first login
    version             goes up with every change of the account: two people editing it notice each other
    submit_key          of the form that made it: sent twice, it makes one account
    """

    username = models.CharField("账号", max_length=40, unique=True)
    name = models.CharField("姓名", max_length=40)
    role = models.CharField("角色", max_length=20, choices=[(role.value, ROLE_LABELS[role]) for role in Role])
    township = models.CharField("乡镇", max_length=40, blank=True)
    village = models.CharField("村（社区）", max_length=60, blank=True)
    is_active = models.BooleanField("启用", default=True)
    is_temporary = models.BooleanField("下次登录须改密码", default=False)
    created_at = models.DateTimeField("建立时间", auto_now_add=True)
    version = models.PositiveIntegerField(default=1)
    submit_key = models.CharField(max_length=40, unique=True, null=True, blank=True)

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name", "role"]
    objects = UserManager()

    class Meta:
        verbose_name = "账号"
        ordering: ClassVar[list[str]] = ["role", "township", "username"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                name="access_user_place",
                condition=~models.Q(role__in=["township_officer", "village_assistant"]) | ~models.Q(township=""),
                violation_error_message="乡镇和村级账号要填写乡镇。",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def can(self, action: Action) -> bool:
        """Whether this person may do it, by the policy table."""
        return self.is_active and allows(self.role, action)

    @property
    def reach(self) -> Reach:
        """How far this person sees."""
        return REACH[Role(self.role)]

    @property
    def role_label(self) -> str:
        """The role's Chinese name."""
        return ROLE_LABELS[Role(self.role)]

    @property
    def place(self) -> str:
        """Where this person works, in words."""
        return f"{self.township}{self.village}" or "全县"


class LoginFailures(models.Model):
    """Failed logins to one account name in a row (登录失败); taken away by a login that succeeds.

    username       as typed, whether such an account exists or not, so that nothing tells the two apart
    waits_until    before then no password is looked at; None while there were too few failures
    """

    username = models.CharField("账号", max_length=40, unique=True)
    count = models.PositiveSmallIntegerField("次数", default=0)
    last_at = models.DateTimeField("最近一次")
    waits_until = models.DateTimeField("暂停到", null=True)

    class Meta:
        verbose_name = "登录失败"

    def __str__(self) -> str:
        return f"{self.count}次"
