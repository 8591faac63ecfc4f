"""The whole loop in a browser: import, compare, dispatch, verify, rectify, review, close; the next run confirms."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Sequence
from pathlib import Path

from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from mingcha_web.access.models import User
from mingcha_web.cases.models import Case, State
from mingcha_web.runs.models import Run
from mingcha_web.runs.tasks import run_compare
from mingcha_web.uploads.models import Batch
from mingcha_web.uploads.tasks import batch_read
from tests.browser.conftest import Person
from tests.browser.county import DEAD, DISABLED, DOUBLE, write_county, write_roll, write_subsidy


def photo(path: Path) -> Path:
    """A small picture, as a phone would send it."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 2, 2, 8, 2, 0, 0, 0)
    rows = zlib.compress(b"\x00" + b"\x80\x90\xa0" * 2 + b"\x00" + b"\x80\x90\xa0" * 2)
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b""))
    return path


def uploads(officer: Person, files: Sequence[Path], *, office: str = "民政局") -> None:
    """Sends files up, and the worker reads them while the page waits."""
    page = officer.goes(reverse("upload_new"))
    page.get_by_label("报送单位").fill(office)
    page.locator("main input[type=file]").set_input_files([str(path) for path in files])
    officer.clicks("开始上传")
    officer.sees("排队中")
    batch_read(Batch.objects.latest("pk").pk)
    for path in files:
        expect(page.locator("section.file", has_text=path.name)).to_contain_text("参与比对", timeout=15_000)


def compares(officer: Person) -> Run:
    """Starts a comparison from its page; the worker carries it out while the page waits."""
    officer.goes(reverse("run_list"))
    officer.clicks("开始比对")
    officer.sees("排队中")
    run = Run.objects.latest("pk")
    run_compare(run.pk)
    expect(officer.page.locator(".numbers").first).to_contain_text("疑点线索", timeout=15_000)
    run.refresh_from_db()
    return run


def opens_case(person: Person, name: str) -> Case:
    """Finds a case in the list by the person's name and opens it."""
    page = person.goes(reverse("case_list"))
    row = page.locator("#list tbody tr", has_text=name)
    row.get_by_role("link").first.click()
    expect(page.locator("h1")).to_contain_text(name)
    return Case.objects.get(name=name)


def test_from_import_to_close_and_the_next_comparison_confirms(
    sits_down: Callable[..., Person], people: dict[str, User], tmp_path: Path
) -> None:
    officer = sits_down("officer")
    officer.sees("从这里开始")
    officer.clicks("上传各部门的表格")
    uploads(officer, write_county(tmp_path / "june", timezone.localdate()))
    officer.clicks("数据都齐了？去比对")
    run = compares(officer)
    assert run.findings == 3

    # three households, each a case; the officer sends all of them out
    page = officer.goes(reverse("case_list"))
    for name in (DEAD, DOUBLE, DISABLED):
        page.locator("#list tbody tr", has_text=name).get_by_role("checkbox").check()
    officer.clicks("派发勾选的办件")
    officer.sees("已派发3件")

    # the township's officer, on a phone in front of the door
    town = sits_down("town", phone=True)
    town.sees("今天要办")
    case = opens_case(town, DEAD)
    town.clicks("开始核查")
    town.sees("核查中")
    town.page.get_by_label("属实", exact=True).check()
    town.page.get_by_label("原因").select_option(label="迟报")
    town.page.get_by_label("核查情况").fill("入户见到家属，人已去世，家属不知道要申报。")
    town.page.get_by_label("照片、材料").set_input_files(str(photo(tmp_path / "入户.png")))
    assert town.page.evaluate("document.documentElement.scrollWidth") <= 390
    town.clicks("反馈核查结果")
    town.sees("反馈核查结果：已办好")
    town.sees("入户.png")

    town.page.get_by_label("立行立改：已经改好").check()
    town.page.get_by_label("整改措施").fill("已停发，名册下月更新。")
    town.page.get_by_label("责任人").fill("赵经办")
    town.clicks("立案整改")
    town.sees("立案整改：已办好")
    town.clicks("提交复核")
    town.sees("提交复核：已办好")
    assert not town.page.get_by_role("button", name="办结", exact=True).count(), "one who verified may not review"

    # a help list ends in 已纳入
    opens_case(town, DISABLED)
    town.clicks("开始核查")
    town.page.get_by_label("属实", exact=True).check()
    town.page.get_by_label("原因").select_option(label="家庭情况变化")
    town.page.get_by_label("核查情况").fill("符合条件，已帮助申请。")
    town.clicks("反馈核查结果")
    town.sees("反馈核查结果：已办好")
    submit = town.page.locator("form[data-draft$='-submit']")
    if not submit.get_by_role("button").is_visible():
        town.page.locator("details", has=submit).locator("summary").click()
    submit.get_by_role("button").click()
    town.sees("提交复核：已办好")

    # somebody else reviews and closes
    opens_case(officer, DISABLED)
    officer.page.get_by_label("办结结果").select_option(label="已纳入救助")
    officer.page.get_by_label("说明（未纳入的写明理由）").fill("七月起发放生活补贴。")
    officer.page.get_by_label("文书").fill("残补审批表")
    officer.clicks("办结")
    officer.sees("办结：已办好")
    opens_case(officer, DEAD)
    officer.page.get_by_label("办结结果").select_option(label="已停发退出")
    officer.page.get_by_label("办结说明").fill("已停发，多发资金已追回。")
    officer.page.get_by_label("文书").fill("停发通知书")
    officer.page.get_by_label("核定金额（元）").fill("960")
    officer.page.get_by_label("追回金额（元）").fill("600")
    officer.clicks("办结")
    officer.sees("办结：已办好")
    case.refresh_from_db()
    assert (case.state, case.closed_by.username, case.verified_by.username) == (State.CLOSED, "officer", "town")

    # the corrected rolls come in: the next comparison looks back
    july = tmp_path / "july"
    uploads(officer, [write_roll(july, without=[DEAD]), write_subsidy(july, [DISABLED])])
    again = compares(officer)
    assert (again.continuing, again.new, again.gone) == (1, 0, 2)
    officer.goes(reverse("case_detail", args=[case.pk]))
    officer.sees("比对已确认")
    officer.sees("回头看：比对确认")

    page = officer.goes(reverse("home"))
    expect(page.locator(".numbers a", has_text="新纳入救助")).to_contain_text("1")
    expect(page.locator(".numbers a", has_text="追回金额")).to_contain_text("600.00")
    expect(page.locator(".numbers a", has_text="已办结")).to_contain_text("回头看已确认 2")
    page.locator(".numbers a", has_text="追回金额").click()
    expect(page.locator("#list")).to_contain_text(DEAD)
