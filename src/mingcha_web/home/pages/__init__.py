"""The start page of each role."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from mingcha_web.access.models import User
from mingcha_web.access.policy import Role
from mingcha_web.home.blocks import Page
from mingcha_web.home.pages.county import leader_page, officer_page
from mingcha_web.home.pages.oversight import auditor_page, inspector_page
from mingcha_web.home.pages.township import assistant_page, township_page
from mingcha_web.home.pages.upkeep import administrator_page, author_page

__all__ = ["page_for"]

_PAGES: Mapping[Role, Callable[[User], Page]] = {
    Role.COUNTY_OFFICER: officer_page,
    Role.COUNTY_LEADER: leader_page,
    Role.TOWNSHIP_OFFICER: township_page,
    Role.VILLAGE_ASSISTANT: assistant_page,
    Role.INSPECTOR: inspector_page,
    Role.AUDITOR: auditor_page,
    Role.RULE_AUTHOR: author_page,
    Role.ADMINISTRATOR: administrator_page,
}


def page_for(user: User) -> Page:
    """What this person finds in the morning."""
    return _PAGES[Role(user.role)](user)
