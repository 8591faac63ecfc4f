"""Reading accounts."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.http import Http404

from mingcha_web.access.models import User
from mingcha_web.access.policy import Action, Role, allows


def account_list_for(
    user: User, *, role: str = "", township: str = "", state: str = "", text: str = ""
) -> QuerySet[User]:
    """The accounts a person manages; none for everybody else.

    state   active, disabled; of the active ones: temporary (password not yet changed), unused (never logged in)
    """
    rows = User.objects.all() if user.can(Action.ACCOUNT_MANAGE) else User.objects.none()
    if role:
        rows = rows.filter(role=role)
    if township:
        rows = rows.filter(township=township)
    if state:
        rows = rows.filter(is_active=state != "disabled")
    if state == "temporary":
        rows = rows.filter(is_temporary=True)
    if state == "unused":
        rows = rows.filter(last_login=None)
    if text:
        rows = rows.filter(Q(name__icontains=text) | Q(username__icontains=text) | Q(village__icontains=text))
    return rows


def account_get_for(user: User, user_id: int) -> User:
    """One account. Raises Http404."""
    found = account_list_for(user).filter(pk=user_id).first()
    if found is None:
        raise Http404
    return found


def people_who_can(action: Action, **where: Any) -> QuerySet[User]:
    """Active accounts whose role may do something, for lists to choose from; where: further conditions on accounts."""
    roles = [role.value for role in Role if allows(role, action)]
    return User.objects.filter(is_active=True, role__in=roles, **where)


def account_townships() -> list[str]:
    """Townships that accounts are in, in order."""
    found = User.objects.exclude(township="").order_by("township").values_list("township", flat=True).distinct()
    return list(found)
