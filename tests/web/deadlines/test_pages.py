"""The page of limits and days off."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.template import Context, Template
from django.test import Client
from django.utils import timezone

from mingcha_web.deadlines.models import Day, Limit

HX = {"HTTP_HX_REQUEST": "true"}


def _file(text: str, name: str = "放假.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, text.encode())


def test_a_limit_is_set_in_its_cell_and_taken_away_again(officer_client: Client) -> None:
    given = {"state": "verifying", "township": "", "severity": "red", "working_days": "7"}
    answer = officer_client.post("/calendar/limits/", given, **HX)
    assert 'value="7"' in answer.content.decode()
    assert Limit.objects.get().working_days == 7
    officer_client.post("/calendar/limits/", {**given, "working_days": ""}, **HX)
    assert not Limit.objects.exists()


@pytest.mark.parametrize(("typed", "sentence"), [("0", "至少1个"), ("三", "请填整数"), ("999", "最多365")])
def test_a_number_that_cannot_be_is_told_in_its_cell(officer_client: Client, typed: str, sentence: str) -> None:
    given = {"state": "verifying", "severity": "", "working_days": typed}
    answer = officer_client.post("/calendar/limits/", given, **HX)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert f'value="{typed}"' in answer.content.decode()


def test_a_state_that_is_none_is_refused(officer_client: Client) -> None:
    assert officer_client.post("/calendar/limits/", {"state": "x", "working_days": "1"}, **HX).status_code == 422


def test_without_htmx_the_page_comes_back(officer_client: Client) -> None:
    assert officer_client.post("/calendar/limits/", {"state": "verifying", "working_days": "3"}).status_code == 302


def test_a_year_is_imported(officer_client: Client) -> None:
    year = timezone.localdate().year + 1
    page = officer_client.post("/calendar/", {"year": year, "file": _file("日期,安排\n10月1日至7日,放假")}, follow=True)
    assert f"{year}年的放假安排已导入，共 7 天" in page.content.decode()
    assert Day.objects.filter(day__year=year).count() == 7


def test_a_file_with_mistakes_imports_nothing(officer_client: Client) -> None:
    year = timezone.localdate().year
    answer = officer_client.post("/calendar/", {"year": year, "file": _file("1月1日,放假\n哪天,放假")})
    assert answer.status_code == 422
    assert "第2行：日期“哪天”读不懂" in answer.content.decode()
    assert not Day.objects.exists()


@pytest.mark.parametrize(
    ("file", "sentence"), [(None, "请选择文件"), (_file(""), "空的"), (_file("x" * (1024 * 1024 + 1)), "太大")]
)
def test_a_wrong_file_is_refused_before_it_is_read(
    officer_client: Client, file: SimpleUploadedFile | None, sentence: str
) -> None:
    given = {"year": timezone.localdate().year, **({"file": file} if file else {})}
    answer = officer_client.post("/calendar/", given)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()


def test_unknown_years_are_asked_for(officer_client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "localdate", lambda *_: date(2098, 1, 1))
    page = officer_client.get("/calendar/").content.decode()
    assert "2098年、2099年、2100年的放假安排还不知道" in page


@pytest.mark.parametrize(
    ("day", "is_certain", "words"),
    [
        (None, True, "未设期限"),
        (date(2023, 6, 29), True, "逾期1天"),
        (date(2023, 6, 30), True, "今天到期"),
        (date(2023, 7, 2), True, "还有2天"),
        (date(2023, 8, 1), False, "2023年的放假安排还不知道"),
    ],
)
def test_due_days_in_words(day: date | None, is_certain: bool, words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "localdate", lambda *_: date(2023, 6, 30))
    template = Template("{% load deadlines %}{% due day is_certain %}")
    assert words in template.render(Context({"day": day, "is_certain": is_certain}))
