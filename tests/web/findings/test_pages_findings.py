"""Lists, details, numbers, exports and outside warnings, each within its township."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.web.factories import OTHER_TOWN, TOWN, make_case, make_finding, make_run

from mingcha_web.access.models import User
from mingcha_web.audit.models import Entry
from mingcha_web.findings.models import Finding, FindingState, SavedView

pytestmark = pytest.mark.django_db


def test_a_township_meets_its_own_findings_alone(township_client: Client, officer_client: Client) -> None:
    mine, other = make_finding(name="城关甲"), make_finding(name="会亭乙", township=OTHER_TOWN)
    page = township_client.get(reverse("finding_list")).content.decode()
    assert "城关甲" in page
    assert "会亭乙" not in page
    assert (
        township_client.get(reverse("finding_list"), {"township": OTHER_TOWN, "text": "会亭乙"})
        .content.decode()
        .count("会亭乙")
        <= 1
    )
    assert township_client.get(reverse("finding_detail", args=[other.pk])).status_code == 404
    assert township_client.get(reverse("finding_detail", args=[mine.pk])).status_code == 200
    assert "会亭乙" in officer_client.get(reverse("finding_list")).content.decode()


def test_an_assistant_meets_the_findings_of_his_own_tasks(assistant: User, assistant_client: Client) -> None:
    given, other = make_finding(state="cased"), make_finding(state="cased")
    make_case(findings=[given], assignee=assistant)
    assert assistant_client.get(reverse("finding_detail", args=[given.pk])).status_code == 200
    assert assistant_client.get(reverse("finding_detail", args=[other.pk])).status_code == 404
    assert assistant_client.get(reverse("finding_list")).status_code == 403


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ({}, {"甲红", "乙橙"}),
        ({"severity": "red"}, {"甲红"}),
        ({"rule": "R02"}, {"乙橙"}),
        ({"township": OTHER_TOWN}, {"乙橙"}),
        ({"state": "cleared"}, {"丙已清"}),
        ({"state": "all"}, {"甲红", "乙橙", "丙已清", "丁消失"}),
        ({"text": "甲"}, {"甲红"}),
        ({"period": "2023-05"}, {"乙橙"}),
        ({"severity": "no-such", "period": "x"}, set()),
    ],
)
def test_filters(officer_client: Client, query: dict[str, str], shown: set[str]) -> None:
    make_finding(name="甲红")
    make_finding(name="乙橙", severity="orange", rule_id="R02", township=OTHER_TOWN, period="2023-05")
    make_finding(name="丙已清", state=FindingState.CLEARED)
    make_finding(name="丁消失", state=FindingState.GONE, is_current=False)
    page = officer_client.get(reverse("finding_list"), query).content.decode()
    assert {name for name in ("甲红", "乙橙", "丙已清", "丁消失") if name in page} == shown


def test_new_and_gone_of_a_run(officer_client: Client) -> None:
    first, second = make_run(), make_run()
    old = make_finding(run=first, name="旧的")
    fresh = make_finding(run=second, name="新的")
    Finding.objects.filter(pk=old.pk).update(is_current=False, state=FindingState.GONE)
    url = reverse("finding_list")
    assert "新的" in officer_client.get(url, {"run": second.pk, "seen": "new"}).content.decode()
    gone = officer_client.get(url, {"run": second.pk, "seen": "gone"}).content.decode()
    assert "旧的" in gone
    assert fresh.name not in gone


def queries_of(client: Client, url: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as caught:
        assert client.get(url).status_code == 200
    return len(caught)


def test_the_list_asks_as_much_for_many_as_for_few(officer_client: Client) -> None:
    for n in range(10):
        make_finding(township=TOWN if n % 2 else OTHER_TOWN)
    officer_client.get(reverse("finding_list"))  # the audit log's first entry asks a little more
    few = queries_of(officer_client, reverse("finding_list"))
    template = make_finding()
    Finding.objects.bulk_create(
        Finding(
            **{
                **{f.attname: getattr(template, f.attname) for f in Finding._meta.fields if f.attname != "id"},
                "finding_id": f"B{n}",
            }
        )
        for n in range(800)
    )
    many = queries_of(officer_client, reverse("finding_list"))
    assert many == few
    assert many <= 12


def test_reading_is_logged_without_names(officer_client: Client) -> None:
    finding = make_finding(name="王秘密")
    officer_client.get(reverse("finding_list"), {"text": "王秘密"})
    officer_client.get(reverse("finding_detail", args=[finding.pk]))
    entries = Entry.objects.filter(action__in=["finding_list_read", "finding_read"], is_personal=True)
    assert {entry.action for entry in entries} == {"finding_list_read", "finding_read"}
    assert "王秘密" not in "".join(str(entry.detail) for entry in Entry.objects.all())


def test_a_number_is_shown_for_a_reason_and_logged(officer_client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mingcha.api.reveal_number", lambda *_: "411426199001011234")
    finding = make_finding()
    url = reverse("finding_unmask", args=[finding.pk])
    short = officer_client.post(url, {"reason": "看"})
    assert short.status_code == 422
    assert "411426199001011234" not in short.content.decode()
    shown = officer_client.post(url, {"reason": "与公安核对身份"})
    assert "411426199001011234" in shown.content.decode()
    assert "no-store" in shown["Cache-Control"]
    entry = Entry.objects.get(action="number_unmask")
    assert entry.detail["reason"] == "与公安核对身份"
    assert "411426199001011234" not in officer_client.get(reverse("finding_detail", args=[finding.pk])).content.decode()


def test_who_may_not_unmask_is_refused(auditor_client: Client) -> None:
    assert (
        auditor_client.post(reverse("finding_unmask", args=[make_finding().pk]), {"reason": "想看一下"}).status_code
        == 403
    )


def book_of(response: Any) -> list[tuple[Any, ...]]:
    content = b"".join(response.streaming_content)
    return list(openpyxl.load_workbook(io.BytesIO(content)).worksheets[0].iter_rows(values_only=True))


def test_an_export_is_scoped_masked_and_no_formula(township_client: Client) -> None:
    make_finding(name="=1+1", summary="@cmd")
    make_finding(name="会亭乙", township=OTHER_TOWN)
    rows = book_of(township_client.get(reverse("finding_export")))
    assert len(rows) == 2
    assert "=1+1" in rows[1]
    assert "411426********123X" in rows[1]
    assert (
        Entry.objects.get(action="finding_export").detail["rows"] == "1"
        or Entry.objects.get(action="finding_export").detail["rows"] == 1
    )


def test_filters_are_kept_under_a_name(officer: User, officer_client: Client, leader_client: Client) -> None:
    officer_client.post(reverse("finding_view_save"), {"name": "城关红", "query": "?severity=red"})
    view = SavedView.objects.get()
    assert (view.user, view.query) == (officer, "severity=red")
    assert "城关红" in officer_client.get(reverse("finding_list")).content.decode()
    leader_client.post(reverse("finding_view_delete", args=[view.pk]))
    assert SavedView.objects.exists()
    officer_client.post(reverse("finding_view_delete", args=[view.pk]))
    assert not SavedView.objects.exists()


def warning_book(rows: list[list[str]]) -> SimpleUploadedFile:
    book = openpyxl.Workbook()
    for row in [["预警编号", "姓名", "身份证号", "乡镇", "预警类型", "预警内容"], *rows]:
        book.worksheets[0].append(row)
    out = io.BytesIO()
    book.save(out)
    return SimpleUploadedFile("省厅下发预警名单.xlsx", out.getvalue())


def test_province_warnings_join_the_flow_and_join_it_once(
    officer_client: Client, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MINGCHA_HOME", str(tmp_path / "home"))
    settings.WORKSPACE, settings.INBOX = tmp_path / "w", tmp_path / "inbox"
    rows = [["Y001", "王试", "411426199501010017", TOWN, "死亡未停发", "省级比对"]]
    for _ in range(2):
        done = officer_client.post(reverse("warning_import"), {"source": "province", "file": warning_book(rows)})
        assert done.status_code == 302, done.content.decode()
    finding = Finding.objects.get()
    assert (finding.source, finding.township, finding.state) == ("province", TOWN, FindingState.OPEN)
    assert "死亡未停发" in finding.summary
    assert not any((tmp_path / "inbox").rglob("*.xlsx"))


def test_a_sheet_that_is_no_warning_list_says_what_it_needs(
    officer_client: Client, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MINGCHA_HOME", str(tmp_path / "home"))
    settings.WORKSPACE, settings.INBOX = tmp_path / "w", tmp_path / "inbox"
    done = officer_client.post(
        reverse("warning_import"), {"source": "city", "file": SimpleUploadedFile("说明.txt", "随便写的".encode())}
    )
    assert done.status_code == 422
    assert "预警类型" in done.content.decode()
