"""A real browser against a real server: Chromium, waitress, a database file, the background work done on demand."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.wsgi import get_wsgi_application
from django.db import connections
from waitress.server import create_server

from tests.browser.county import OTHER_TOWN, OTHER_VILLAGE, TOWN, VILLAGE

pytest.importorskip("playwright.sync_api", reason="playwright is not installed: pages are not tested in a real browser")
from playwright.sync_api import Browser, BrowserContext, Page, Request, expect, sync_playwright

from mingcha_web.access.models import User
from mingcha_web.access.policy import Role
from tests.web import factories

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
_QUIET = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync", "--disable-dev-shm-usage"),
)
DESKTOP, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
_PATIENCE = 15_000


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The machine's own Chromium; where there is none, the tests say so and are left out."""
    path = next((found for name in _NAMES if (found := shutil.which(name))), None)
    if path is None:
        pytest.skip("no Chromium on this machine: pages are not tested in a real browser")
    # playwright's loop runs in this thread, and so do the tests' own look-ups in the database
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=list(_QUIET))
        yield opened
        opened.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def site(transactional_db: None, settings: Any, tmp_path: Path) -> Iterator[str]:
    """The address of the workbench, served as ``mingcha serve`` does, with a data folder of this test alone."""
    settings.DATA = tmp_path / "data"
    settings.WORKSPACE = settings.DATA / "workspace"
    settings.INBOX = settings.DATA / "inbox"
    settings.ATTACHMENTS = settings.DATA / "attachments"
    server = create_server(get_wsgi_application(), host="127.0.0.1", port=0, threads=4)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.effective_port}"
    server.close()
    thread.join(timeout=10)
    connections.close_all()


class Person:
    """Somebody at a browser of their own."""

    def __init__(self, context: BrowserContext, site: str, asked: list[str]) -> None:
        self.page: Page = context.new_page()
        self.page.set_default_timeout(_PATIENCE)
        self.context = context
        self.site = site
        self.asked = asked

    def goes(self, path: str) -> Page:
        """Opens an address."""
        self.page.goto(f"{self.site}{path}")
        return self.page

    def logs_in(self, username: str) -> Person:
        """Through the login page, as everybody does."""
        page = self.goes("/login/")
        page.get_by_label("账号").fill(username)
        page.get_by_label("密码").fill(factories.PASSWORD)
        page.get_by_role("button", name="登录").click()
        expect(page.get_by_role("button", name="退出")).to_be_visible()
        return self

    def clicks(self, name: str) -> None:
        """A link or button by what stands on it."""
        found = self.page.get_by_role("button", name=name, exact=True).or_(
            self.page.get_by_role("link", name=name, exact=True)
        )
        found.first.click()

    def sees(self, words: str) -> None:
        """Words that are to be read on the page."""
        expect(self.page.locator("body")).to_contain_text(words, timeout=_PATIENCE)


@pytest.fixture
def sits_down(browser: Browser, site: str) -> Iterator[Callable[..., Person]]:
    """``sits_down("officer")``: somebody logged in at a browser of their own; ``phone=True``: at a small screen."""
    contexts: list[BrowserContext] = []

    def opened(username: str = "", *, phone: bool = False) -> Person:
        context = browser.new_context(viewport=PHONE if phone else DESKTOP, has_touch=phone, locale="zh-CN")
        asked: list[str] = []

        def noted(request: Request) -> None:
            asked.append(request.url)

        context.on("request", noted)
        contexts.append(context)
        person = Person(context, site, asked)
        return person.logs_in(username) if username else person

    yield opened
    for context in contexts:
        context.close()


@pytest.fixture
def people(transactional_db: None) -> dict[str, User]:
    """Accounts of the county, one for each role, and a second township."""
    places = {
        "officer": (Role.COUNTY_OFFICER, "", ""),
        "leader": (Role.COUNTY_LEADER, "", ""),
        "town": (Role.TOWNSHIP_OFFICER, TOWN, ""),
        "town2": (Role.TOWNSHIP_OFFICER, OTHER_TOWN, ""),
        "village": (Role.VILLAGE_ASSISTANT, TOWN, VILLAGE),
        "village2": (Role.VILLAGE_ASSISTANT, OTHER_TOWN, OTHER_VILLAGE),
        "inspector": (Role.INSPECTOR, "", ""),
        "auditor": (Role.AUDITOR, "", ""),
        "author": (Role.RULE_AUTHOR, "", ""),
        "admin": (Role.ADMINISTRATOR, "", ""),
    }
    return {
        name: factories.make_user(role, username=name, name=f"{role.label}甲", township=township, village=village)
        for name, (role, township, village) in places.items()
    }
