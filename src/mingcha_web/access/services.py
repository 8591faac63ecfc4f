"""Accounts: one's own password, and what the administrator does."""

from __future__ import annotations

import secrets
from typing import Any

from django.db import transaction

from mingcha_web.access.errors import NotAllowed, StaleEdit, WorkbenchError
from mingcha_web.access.guard import require
from mingcha_web.access.models import LoginFailures, User
from mingcha_web.access.policy import Action, Role
from mingcha_web.access.selectors import account_get_for
from mingcha_web.audit.services import record

#: Letters and digits that nobody mistakes for others when a password is read out.
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
_GROUPS, _GROUP_LENGTH = 4, 4

#: Fields of an account that the administrator edits, with their names on screen.
EDITABLE = {"name": "姓名", "role": "角色", "township": "乡镇", "village": "村（社区）"}


def temporary_password() -> str:
    """A password to be told once and changed at the first login: ``k7mp-2xqd-…``."""
    groups = ("".join(secrets.choice(_ALPHABET) for _ in range(_GROUP_LENGTH)) for _ in range(_GROUPS))
    return "-".join(groups)


@transaction.atomic
def password_change(*, by: User, new: str) -> None:
    """Sets one's own password."""
    by.set_password(new)
    by.is_temporary = False
    by.save(update_fields=["password", "is_temporary"])
    record("password_change", by=by, kind="account", object_id=by.pk)


@transaction.atomic
def account_create(
    *,
    username: str,
    name: str,
    role: str,
    township: str = "",
    village: str = "",
    password: str,
    by: User,
    submit_key: str | None = None,
) -> User:
    """Makes an account with a temporary password; sent twice (same submit_key) it returns the first one.

    Raises NotAllowed, ValidationError.
    """
    require(by, Action.ACCOUNT_MANAGE)
    if submit_key and (made := User.objects.filter(submit_key=submit_key).first()):
        return made
    township, village = _place(role, township, village)
    user = User.objects.create_user(
        username,
        password,
        name=name,
        role=role,
        township=township,
        village=village,
        is_temporary=True,
        submit_key=submit_key or None,
    )
    record(
        "account_create",
        by=by,
        kind="account",
        object_id=user.pk,
        township=township,
        detail={"username": username, "role": role, "township": township, "village": village},
    )
    return user


@transaction.atomic
def account_edit(
    *, user_id: int, version: int, name: str, role: str, township: str = "", village: str = "", by: User
) -> User:
    """Changes an account. Raises NotAllowed (own role), StaleEdit, ValidationError, Http404."""
    user = _locked(user_id, by)
    township, village = _place(role, township, village)
    given = {"name": name, "role": role, "township": township, "village": village}
    if user.version != version:
        raise StaleEdit(
            "这个账号刚被别人改过，您的修改没有保存。请看一看现在的内容，需要的话再改一次。",
            {
                EDITABLE[field]: (_shown(field, given[field]), _shown(field, getattr(user, field)))
                for field in EDITABLE
                if given[field] != getattr(user, field)
            },
        )
    if user.pk == by.pk and role != user.role:
        raise NotAllowed("不能改自己的角色，请让另一位系统管理员来改。")
    changed = {field: [getattr(user, field), value] for field, value in given.items() if getattr(user, field) != value}
    if not changed:
        return user
    for field, value in given.items():
        setattr(user, field, value)
    user.version += 1
    user.full_clean(exclude=["password"])
    user.save()
    record("account_edit", by=by, kind="account", object_id=user.pk, township=township, detail={"changed": changed})
    return user


@transaction.atomic
def account_switch(*, user_id: int, is_active: bool, by: User) -> User:
    """Takes an account out of use or back in; its sessions end with it. Nobody switches off themselves."""
    user = _locked(user_id, by)
    if user.pk == by.pk:
        raise NotAllowed("不能停用自己的账号，请让另一位系统管理员来做。")
    if user.is_active != is_active:
        user.is_active = is_active
        user.version += 1
        user.save(update_fields=["is_active", "version"])
        record("account_enable" if is_active else "account_disable", by=by, kind="account", object_id=user.pk)
    return user


@transaction.atomic
def password_reset(*, user_id: int, password: str, by: User) -> User:
    """Gives an account a temporary password, ends its sessions and any wait after failed logins."""
    user = _locked(user_id, by)
    if user.pk == by.pk:
        raise WorkbenchError("换自己的密码请用“我的账号”里的更换密码。")
    user.set_password(password)
    user.is_temporary = True
    user.version += 1
    user.save(update_fields=["password", "is_temporary", "version"])
    LoginFailures.objects.filter(username=user.username.casefold()).delete()
    record("password_reset", by=by, kind="account", object_id=user.pk)
    return user


@transaction.atomic
def administrator_add(*, username: str, name: str, password: str) -> User:
    """Makes an administrator from the machine's own command line, where nobody is logged in. Raises ValidationError."""
    user = User.objects.create_user(username, password, name=name, role=Role.ADMINISTRATOR.value, is_temporary=True)
    record("account_create", kind="account", object_id=user.pk, detail={"username": username, "role": user.role})
    return user


def _locked(user_id: int, by: User) -> User:
    require(by, Action.ACCOUNT_MANAGE)
    account_get_for(by, user_id)
    return User.objects.select_for_update().get(pk=user_id)


def _place(role: str, township: str, village: str) -> tuple[str, str]:
    """The place a role keeps: county roles have none, township roles no village."""
    if role == Role.VILLAGE_ASSISTANT:
        return township, village
    return (township, "") if role == Role.TOWNSHIP_OFFICER else ("", "")


def _shown(field: str, value: Any) -> str:
    if field == "role" and value in set(Role):
        return Role(value).label
    return str(value) or "（空）"


__all__ = [
    "account_create",
    "account_edit",
    "account_switch",
    "administrator_add",
    "password_change",
    "password_reset",
    "temporary_password",
]
