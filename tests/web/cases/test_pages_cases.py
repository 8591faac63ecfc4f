"""Pages of cases: what is offered to whom, what is kept when a step cannot be taken, what is asked of the database."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.web.factories import OTHER_TOWN, make_case, make_finding

from mingcha_web.access.models import User
from mingcha_web.cases import services
from mingcha_web.cases.models import Attachment, Case, State, Verdict

pytestmark = pytest.mark.django_db
PHOTO = b"\xff\xd8\xff\xe0" + b"0" * 300


def text_of(client: Client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200
    return answer.content.decode()


def step(client: Client, case: Case, name: str, **data: Any) -> Any:
    data = {"version": case.version, "submit_key": f"k-{name}-{case.version}", **data}
    return client.post(reverse("case_step", args=[case.pk, name]), data)


def report_data(case: Case, **more: Any) -> dict[str, Any]:
    item = case.items.get()
    return {f"verdict_{item.pk}": Verdict.TRUE, f"cause_{item.pk}": "late", "note": "6月3日入户，见到本人", **more}


@pytest.mark.parametrize(
    ("state", "role", "offered"),
    [
        (State.PENDING, "officer", "派发核查任务"),
        (State.DISPATCHED, "township_officer", "开始核查"),
        (State.VERIFYING, "township_officer", "反馈核查结果"),
        (State.REPORTED, "township_officer", "立案整改"),
        (State.REVIEWING, "officer", "办结"),
    ],
)
def test_the_next_step_comes_first(
    request: pytest.FixtureRequest, client_of: Callable[[User], Client], state: State, role: str, offered: str
) -> None:
    case = make_case(state=state)
    page = text_of(client_of(request.getfixturevalue(role)), reverse("case_detail", args=[case.pk]))
    assert f"下一步：{offered}" in page


def test_who_only_reads_is_told_whom_it_waits_for(leader_client: Client) -> None:
    page = text_of(leader_client, reverse("case_detail", args=[make_case(state=State.REVIEWING).pk]))
    assert "等待县级复核" in page


def test_a_visit_is_reported_with_a_photo(
    assistant: User, assistant_client: Client, settings: Any, tmp_path: Any
) -> None:
    settings.ATTACHMENTS, settings.DATA = tmp_path / "a", tmp_path
    case = make_case(state=State.VERIFYING, assignee=assistant)
    answer = step(assistant_client, case, "report", **report_data(case, files=SimpleUploadedFile("门前.jpg", PHOTO)))
    assert answer.status_code == 302
    case.refresh_from_db()
    assert (case.state, case.verified_by) == (State.REPORTED, assistant)
    photo = Attachment.objects.get()
    opened = assistant_client.get(reverse("attachment", args=[photo.pk]))
    assert opened.content == PHOTO
    assert "no-store" in opened["Cache-Control"]


def test_what_was_typed_is_kept_when_something_is_missing(township_client: Client) -> None:
    case = make_case(state=State.VERIFYING)
    item = case.items.get()
    answer = step(township_client, case, "report", **{f"verdict_{item.pk}": Verdict.TRUE, "note": "见到了本人的邻居"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "请选原因" in page
    assert "见到了本人的邻居" in page


def test_the_second_editor_sees_the_difference_and_keeps_his_words(
    officer: User, second_officer: User, client_of: Callable[[User], Client]
) -> None:
    case = make_case(state=State.REVIEWING, verdicts=[("true", "late")])
    services.case_return(case_id=case.pk, by=officer, note="照片不清", version=1)
    data = {"outcome": "stopped", "note": "已停发两个月", "document": "通知书"}
    answer = step(client_of(second_officer), case, "close", **data)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "照片不清" in page
    assert "已停发两个月" in page
    case.refresh_from_db()
    assert case.state == State.VERIFYING


def test_a_double_click_makes_one_step(officer_client: Client) -> None:
    case = make_case()
    for _ in range(2):
        assert step(officer_client, case, "dispatch").status_code == 302
    assert case.steps.count() == 1


def test_a_township_meets_its_own_cases_alone(township_client: Client) -> None:
    mine, other = make_case(name="城关甲"), make_case(name="会亭乙", township=OTHER_TOWN)
    page = text_of(township_client, reverse("case_list"))
    assert "城关甲" in page
    assert "会亭乙" not in page
    assert "会亭乙" not in text_of(township_client, reverse("case_due"))
    assert township_client.get(reverse("case_detail", args=[other.pk])).status_code == 404
    assert step(township_client, other, "start").status_code == 404
    rows = openpyxl.load_workbook(io.BytesIO(b"".join(township_client.get(reverse("case_export")).streaming_content)))
    assert [row[4] for row in rows.worksheets[0].iter_rows(min_row=2, values_only=True)] == [mine.name]


def test_a_township_hands_out_what_it_ticked(township_client: Client, assistant: User) -> None:
    cases = [make_case(state=State.DISPATCHED) for _ in range(2)]
    data = {"case": [case.pk for case in cases], "assignee": assistant.pk, "submit_key": "m1"}
    assert township_client.post(reverse("case_dispatch_many"), data).status_code == 302
    assert set(Case.objects.values_list("assignee", flat=True)) == {assistant.pk}


def test_a_clue_is_raised_and_read_behind_the_wall(
    officer_client: Client, inspector_client: Client, leader_client: Client
) -> None:
    case = make_case()
    data = {"about": "某村干部", "clue": "涉嫌优亲厚友", "submit_key": "c1"}
    assert officer_client.post(reverse("case_refer", args=[case.pk]), data).status_code == 302
    assert "涉嫌优亲厚友" not in text_of(officer_client, reverse("case_detail", args=[case.pk]))
    assert officer_client.get(reverse("referral_list")).status_code == 403
    assert leader_client.get(reverse("referral_list")).status_code == 403
    page = text_of(inspector_client, reverse("referral_list"))
    assert "某村干部" in page
    referral = case.referrals.get()
    received = inspector_client.post(
        reverse("referral_receive", args=[referral.pk]), {"version": 1, "due_on": "2030-01-02"}
    )
    assert received.status_code == 302
    assert "涉嫌优亲厚友" in text_of(inspector_client, reverse("referral_detail", args=[referral.pk]))


def queries_of(client: Client, url: str) -> int:
    with CaptureQueriesContext(connection) as caught:
        assert client.get(url).status_code == 200
    return len(caught)


@pytest.mark.parametrize("page", ["case_list", "case_due"])
def test_lists_ask_as_much_for_many_as_for_few(officer_client: Client, page: str) -> None:
    make_case()
    officer_client.get(reverse(page))
    few = queries_of(officer_client, reverse(page))
    for n in range(80):
        make_case(township=OTHER_TOWN if n % 2 else "城关镇")
    many = queries_of(officer_client, reverse(page))
    assert many == few
    assert many <= 15


def test_a_case_of_many_findings_asks_as_much_as_one_of_one(officer_client: Client) -> None:
    one = make_case()
    officer_client.get(reverse("case_detail", args=[one.pk]))
    few = queries_of(officer_client, reverse("case_detail", args=[one.pk]))
    many = make_case(findings=[make_finding(state="cased", household_id="h") for _ in range(30)])
    assert queries_of(officer_client, reverse("case_detail", args=[many.pk])) == few
    assert few <= 15
