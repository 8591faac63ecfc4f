"""Pages of comparisons as people see them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from tests.web import factories

from mingcha_web.access.models import User
from mingcha_web.audit.models import Entry
from mingcha_web.findings.models import Sighting
from mingcha_web.runs.models import RuleResult, Run
from mingcha_web.runs.selectors import run_folder
from mingcha_web.uploads.models import Batch, Delivery

pytestmark = pytest.mark.django_db


@pytest.fixture
def two_runs(officer: User) -> tuple[Run, Run]:
    """May and June: one continues, one is gone, two are new."""
    may = factories.make_run(by=officer, as_of=date(2023, 5, 31), rules={"R01": 2}, findings=2, new=2)
    stays = factories.make_finding(run=may, name="张仍在", rule_title="死亡未退出")
    factories.make_finding(run=may, name="李消失", is_current=False, state="gone")
    june = factories.make_run(
        by=officer, before=may, rules={"R01": 2, "R02": 1}, findings=3, new=2, continuing=1, gone=1
    )
    RuleResult.objects.create(run=june, rule_id="R06", state="skipped", reason="数据未提供：外县市名册。")
    Sighting.objects.create(run=june, finding=stays)
    factories.make_finding(run=june, name="王新增")
    factories.make_finding(run=june, name="赵新增", township="会亭镇", rule_id="R02")
    return may, june


def _names(page: str) -> set[str]:
    return {name for name in ("张仍在", "李消失", "王新增", "赵新增") if name in page}


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({}, {"王新增", "赵新增"}),
        ({"kind": "all"}, {"张仍在", "王新增", "赵新增"}),
        ({"kind": "continuing"}, {"张仍在"}),
        ({"kind": "gone"}, {"李消失"}),
        ({"kind": "new", "township": "会亭镇"}, {"赵新增"}),
        ({"kind": "new", "rule": "R01"}, {"王新增"}),
    ],
)
def test_changes_between_two_runs(
    officer_client: Client, two_runs: tuple[Run, Run], query: dict[str, str], names: set[str]
) -> None:
    url = reverse("run_changes", args=[two_runs[1].pk])
    assert _names(officer_client.get(url, query).content.decode()) == names
    entry = Entry.objects.get(action="run_changes_read")
    assert entry.is_personal
    assert "张" not in str(entry.detail)


def test_a_first_run_has_nothing_to_be_compared_with(officer_client: Client, two_runs: tuple[Run, Run]) -> None:
    page = officer_client.get(reverse("run_changes", args=[two_runs[0].pk])).content.decode()
    assert "第一次比对" in page
    assert "李消失" in page


def test_any_two_runs_are_compared(officer_client: Client, two_runs: tuple[Run, Run], officer: User) -> None:
    july = factories.make_run(by=officer, as_of=date(2023, 7, 31), before=two_runs[1], rules={"R01": 0, "R02": 0})
    url = reverse("run_changes", args=[july.pk])
    page = officer_client.get(url, {"with": str(two_runs[0].pk), "kind": "gone"}).content.decode()
    assert _names(page) == {"张仍在", "李消失"}
    assert "消失 2" in page


def test_the_rule_author_sees_figures_and_no_names(
    client_of: Callable[[User], Client], rule_author: User, two_runs: tuple[Run, Run]
) -> None:
    page = client_of(rule_author).get(reverse("run_changes", args=[two_runs[1].pk])).content.decode()
    assert _names(page) == set()
    assert "死亡未退出" in page or "R01" in page
    assert not Entry.objects.filter(is_personal=True).exists()


def test_a_run_tells_what_each_rule_did(officer_client: Client, two_runs: tuple[Run, Run]) -> None:
    page = officer_client.get(reverse("run_detail", args=[two_runs[1].pk])).content.decode()
    assert "数据未提供：外县市名册。" in page
    assert "没有运行的规则 1" in page
    assert f"{reverse('run_changes', args=[two_runs[1].pk])}?kind=all&amp;rule=R02" in page


def test_a_failed_run_says_why(officer_client: Client) -> None:
    run = factories.make_run(state="failed", message="后台进程中断，请重新发起。")
    assert "请重新发起" in officer_client.get(reverse("run_detail", args=[run.pk])).content.decode()


def test_the_form_starts_a_run_and_keeps_what_was_typed(place: Path, officer_client: Client, officer: User) -> None:
    empty = officer_client.get(reverse("run_list")).content.decode()
    assert "还没有比对过" in empty
    assert "先上传表格" in empty
    wrong = officer_client.post(reverse("run_start"), {"as_of": "六月", "submit_key": "a"})
    assert wrong.status_code == 422
    assert "请写成 2023-06-30 这样的日期" in wrong.content.decode()
    nothing = officer_client.post(reverse("run_start"), {"as_of": "2023-06-30", "submit_key": "a"})
    assert nothing.status_code == 422
    assert "请先上传各部门的名册或台账" in nothing.content.decode()
    assert 'value="2023-06-30"' in nothing.content.decode()
    batch = Batch.objects.create(office="民政局", by=officer, submit_key="b", state="done")
    Delivery.objects.create(batch=batch, file="a", key="k")
    given = {"as_of": "2023-06-30", "rules": ["R01"], "submit_key": "a"}
    started = officer_client.post(reverse("run_start"), given)
    run = Run.objects.get()
    assert started["Location"] == reverse("run_detail", args=[run.pk])
    assert run.rules == ["R01"]
    assert officer_client.post(reverse("run_start"), given)["Location"] == started["Location"]
    busy = officer_client.post(reverse("run_start"), {**given, "submit_key": "c"})
    assert busy.status_code == 422
    page = officer_client.get(reverse("run_list")).content.decode()
    assert "看进度或取消" in page


def test_progress_and_cancel(officer_client: Client, leader_client: Client, officer: User) -> None:
    run = factories.make_run(by=officer, state="running", finished_at=None, stage="运行规则", done=3, total=33)
    page = leader_client.get(reverse("run_detail", args=[run.pk])).content.decode()
    assert "运行规则 3 / 33" in page
    assert "取消比对" not in page
    assert "取消比对" in officer_client.get(reverse("run_detail", args=[run.pk])).content.decode()
    after = officer_client.post(reverse("run_cancel", args=[run.pk]), follow=True).content.decode()
    assert "正在取消" in after
    Run.objects.update(state="cancelled")
    assert officer_client.get(reverse("run_progress", args=[run.pk]))["HX-Refresh"] == "true"


@pytest.mark.parametrize("name", ["report.html", "findings.xlsx"])
def test_the_report_is_for_those_who_see_the_county(
    place: Path,
    officer_client: Client,
    client_of: Callable[[User], Client],
    rule_author: User,
    township_officer: User,
    name: str,
) -> None:
    run = factories.make_run()
    url = reverse("run_file", args=[run.pk, name])
    assert officer_client.get(url).status_code == 404
    run_folder(run).mkdir(parents=True)
    (run_folder(run) / name).write_text("<p>报告</p>", encoding="utf-8")
    answer: Any = officer_client.get(url)
    assert b"".join(answer.streaming_content).decode() == "<p>报告</p>"
    assert Entry.objects.get(action="run_file_read").is_personal
    assert client_of(rule_author).get(url).status_code == 404
    assert client_of(township_officer).get(url).status_code == 403


def test_other_files_of_a_run_have_no_address(officer_client: Client) -> None:
    run = factories.make_run()
    assert officer_client.get(f"/runs/{run.pk}/files/rejected.csv").status_code == 404
    assert officer_client.get(f"/runs/{run.pk}/files/..%2f..%2fsecret.key").status_code == 404


def test_queries_do_not_grow_with_the_rows(
    officer_client: Client, two_runs: tuple[Run, Run], django_assert_max_num_queries: Any
) -> None:
    june = two_runs[1]
    for _ in range(60):
        factories.make_finding(run=june)
    for url in (reverse("run_list"), reverse("run_detail", args=[june.pk]), reverse("run_changes", args=[june.pk])):
        with django_assert_max_num_queries(15):
            officer_client.get(url)
