"""Figures of the start pages are kept, and counted again as soon as work moved on."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from tests.web.factories import OTHER_TOWN, make_case, make_run, make_user

from mingcha_web.access.models import User
from mingcha_web.access.policy import Role
from mingcha_web.cases.models import Step
from mingcha_web.home.selectors import open_lines

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def kept(settings: object) -> Iterator[None]:
    """A cache that keeps, unlike that of the other tests."""
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}  # type: ignore[attr-defined]
    cache.clear()
    yield
    cache.clear()


def _again(user: User) -> User:
    """The same person, as the next request meets them."""
    return User.objects.get(pk=user.pk)


def test_figures_are_counted_again_after_a_step_and_only_then() -> None:
    officer = make_user(Role.COUNTY_OFFICER)
    make_run()
    case = make_case()
    assert sum(line.count for line in open_lines(officer)) == 1
    with CaptureQueriesContext(connection) as asked:
        assert sum(line.count for line in open_lines(_again(officer))) == 1
    assert len(asked) == 2  # who asks and what came last, and nothing else
    other = make_case(findings=list(case.items.none()))
    Step.objects.create(case=other, at=timezone.now(), action="form")
    assert sum(line.count for line in open_lines(_again(officer))) == 2


def test_nobody_is_shown_what_was_counted_for_another_township() -> None:
    make_run()
    make_case(township=OTHER_TOWN)
    there = make_user(Role.TOWNSHIP_OFFICER, township=OTHER_TOWN)
    here = make_user(Role.TOWNSHIP_OFFICER)
    assert [line.count for line in open_lines(there)] == [1]
    assert open_lines(here) == []


def test_before_the_first_comparison_nothing_is_kept() -> None:
    officer = make_user(Role.COUNTY_OFFICER)
    make_case()
    assert len(open_lines(officer)) == 1
    make_case(township=OTHER_TOWN)
    assert len(open_lines(_again(officer))) == 2
