"""Several people and bad moments: twice, at the same time, from elsewhere, without a signal."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from mingcha_web.access.models import User
from mingcha_web.cases.models import Case, State, Step
from tests.browser.conftest import Person
from tests.browser.county import OTHER_TOWN
from tests.web.factories import make_case, make_finding, make_run


@pytest.fixture
def case(people: dict[str, User]) -> Case:
    """A visit under way in 城关镇."""
    return make_case(state=State.VERIFYING, assignee=people["town"])


def test_a_double_click_takes_one_step(sits_down: Callable[..., Person], people: dict[str, User]) -> None:
    case = make_case(state=State.DISPATCHED)
    town = sits_down("town")
    page = town.goes(reverse("case_detail", args=[case.pk]))
    page.get_by_role("button", name="开始核查", exact=True).dblclick()
    town.sees("核查中")
    assert Step.objects.filter(case=case, action="start").count() == 1


def test_a_form_sent_twice_counts_once(sits_down: Callable[..., Person], people: dict[str, User]) -> None:
    case = make_case(state=State.DISPATCHED)
    town = sits_down("town")
    page = town.goes(reverse("case_detail", args=[case.pk]))
    # a retry by the network: the browser's guard against double clicks is not in the way
    statuses = page.evaluate(
        """async () => {
            const form = document.querySelector("form[data-draft$='-start']");
            const send = () => fetch(form.action, {method: "POST", body: new FormData(form)});
            return (await Promise.all([send(), send()])).map((answer) => answer.status);
        }"""
    )
    assert statuses == [200, 200]
    assert Step.objects.filter(case=case, action="start").count() == 1


def test_the_second_of_two_editors_sees_what_changed_and_keeps_what_was_typed(
    sits_down: Callable[..., Person], people: dict[str, User], case: Case
) -> None:
    first, second = sits_down("town"), sits_down("village")
    Case.objects.filter(pk=case.pk).update(assignee=people["village"])
    url = reverse("case_detail", args=[case.pk])
    for name, person in (("赵镇办", first), ("孙协理", second)):
        person.goes(url)
        person.page.get_by_label("不属实", exact=True).check()
        person.page.get_by_label("核查情况").fill(f"{name}写的情况")
    first.clicks("反馈核查结果")
    first.sees("反馈核查结果：已办好")
    second.clicks("反馈核查结果")
    second.sees("请看清变化后再办理")
    second.sees("已反馈")
    expect(second.page.get_by_label("核查情况")).to_have_value("孙协理写的情况")
    assert Step.objects.filter(case=case, action="report").count() == 1


def test_another_township_finds_nothing(sits_down: Callable[..., Person], people: dict[str, User], case: Case) -> None:
    other = sits_down("town2")
    finding = case.items.get().finding
    for path in (reverse("case_detail", args=[case.pk]), reverse("finding_detail", args=[finding.pk])):
        answer = other.page.goto(f"{other.site}{path}")
        assert answer is not None
        assert answer.status == 404
        other.sees("不在您的工作范围内")
        expect(other.page.locator("body")).not_to_contain_text(case.name)
    page = other.goes(reverse("case_list"))
    expect(page.locator("#list")).not_to_contain_text(case.number)


def test_without_a_signal_what_was_typed_stays_on_the_phone(
    sits_down: Callable[..., Person], people: dict[str, User], case: Case
) -> None:
    town = sits_down("town", phone=True)
    url = reverse("case_detail", args=[case.pk])
    page = town.goes(url)
    page.get_by_label("不属实", exact=True).check()
    page.get_by_label("核查情况").fill("见到本人，身体健康。")
    town.context.set_offline(True)
    town.clicks("反馈核查结果")
    town.sees("没有信号，还没有提交")
    town.context.set_offline(False)
    page = town.goes(url)
    town.sees("已恢复上次没有提交成功的内容")
    expect(page.get_by_label("核查情况")).to_have_value("见到本人，身体健康。")
    expect(page.get_by_label("不属实", exact=True)).to_be_checked()
    town.clicks("反馈核查结果")
    town.sees("反馈核查结果：已办好")
    town.goes(url)
    expect(town.page.locator("body")).not_to_contain_text("已恢复上次")


def test_a_form_with_a_gap_keeps_what_was_typed(
    sits_down: Callable[..., Person], people: dict[str, User], case: Case
) -> None:
    town = sits_down("town")
    page = town.goes(reverse("case_detail", args=[case.pk]))
    page.get_by_label("属实", exact=True).check()
    page.get_by_label("核查情况").fill("属实。")
    town.clicks("反馈核查结果")
    town.sees("属实或部分属实的，请选原因")
    expect(page.get_by_label("核查情况")).to_have_value("属实。")


def test_the_keyboard_goes_everywhere(sits_down: Callable[..., Person], people: dict[str, User]) -> None:
    run = make_run()
    cases = [make_case(findings=[make_finding(run=run, state="cased")]) for _ in range(3)]
    officer = sits_down("officer")
    page = officer.page
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_contain_text("快捷键")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    page.keyboard.press("g")
    page.keyboard.press("c")
    expect(page.locator("h1")).to_have_text("办件")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text(cases[0].name)
    page.goto(f"{officer.site}{reverse('home')}")
    page.keyboard.press("/")
    page.keyboard.type(cases[2].name)
    page.keyboard.press("Enter")
    expect(page.locator("#list tbody tr")).to_have_count(1)
    expect(page.locator("#list")).to_contain_text(cases[2].name)


def test_on_a_phone_the_menu_opens_and_no_page_is_wider_than_the_screen(
    sits_down: Callable[..., Person], people: dict[str, User]
) -> None:
    run = make_run()
    case = make_case(findings=[make_finding(run=run, state="cased")])
    officer = sits_down("officer", phone=True)
    page = officer.page
    page.get_by_role("button", name="菜单").click()
    page.get_by_role("navigation", name="主菜单").get_by_role("link", name="疑点", exact=True).click()
    expect(page.locator("h1")).to_have_text("疑点线索")
    names = (
        "home",
        "case_list",
        "finding_list",
        "case_due",
        "upload_list",
        "upload_new",
        "upload_calendar",
        "run_list",
    )
    paths = [reverse(name) for name in (*names, "rule_list", "parameter_list", "calendar", "account_own")]
    for path in [*paths, reverse("case_detail", args=[case.pk]), reverse("run_detail", args=[run.pk])]:
        officer.goes(path)
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= 390, f"{path} is {width} wide"


def test_no_request_leaves_the_machine_and_no_script_fails(
    sits_down: Callable[..., Person], people: dict[str, User]
) -> None:
    run = make_run()
    make_case(findings=[make_finding(run=run, state="cased")], township=OTHER_TOWN)
    pages = {
        "officer": ("home", "case_list", "finding_list", "upload_list", "upload_new", "run_list", "calendar"),
        "leader": ("home", "case_due", "rule_list", "parameter_list"),
        "inspector": ("home", "referral_list", "audit_list"),
        "author": ("home", "rule_list"),
        "admin": ("home", "account_list", "account_new"),
    }
    for username, names in pages.items():
        person = sits_down(username)
        troubles: list[str] = []
        person.page.on("pageerror", lambda error, troubles=troubles: troubles.append(str(error)))
        person.page.on(
            "console",
            lambda message, troubles=troubles: troubles.append(message.text) if message.type == "error" else None,
        )
        for name in names:
            person.goes(reverse(name))
            person.page.wait_for_load_state("networkidle")
        assert troubles == []
        home = urlsplit(person.site).netloc
        away = {url for url in person.asked if urlsplit(url).netloc != home and not url.startswith("data:")}
        assert away == set()
