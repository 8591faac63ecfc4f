"""Pictures of the main pages for the README: ``mingcha manage screenshots``.

A demo workbench of its own is filled with the fictitious sample county and opened in the machine's own Chromium; a
county's database is never touched.
"""

from __future__ import annotations

import argparse
import io
import os
import shutil
import sys
import tempfile
from collections.abc import Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
_QUIET = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync", "--disable-dev-shm-usage", "--hide-scrollbars"),
)
_DESKTOP, _PHONE = (1280, 900), (390, 844)
_COLOURS = 256
_MISSING = 2


@dataclass(frozen=True)
class Shot:
    """One picture. path: {case}, {own}, {finding}, {run}, {batch} stand for rows worth showing."""

    name: str
    account: str
    path: str
    is_phone: bool = False


SHOTS = (
    Shot("home-county", "xianban", "/"),
    Shot("home-leader", "lingdao", "/"),
    Shot("home-township", "xiangzhen", "/"),
    Shot("home-township-phone", "xiangzhen", "/", is_phone=True),
    Shot("home-assistant-phone", "cunji", "/", is_phone=True),
    Shot("uploads", "xianban", "/uploads/{batch}/"),
    Shot("calendar", "xianban", "/uploads/due/"),
    Shot("run", "xianban", "/runs/{run}/"),
    Shot("findings", "xianban", "/findings/"),
    Shot("finding", "xianban", "/findings/{finding}/"),
    Shot("cases", "xianban", "/cases/"),
    Shot("cases-phone", "xiangzhen", "/cases/", is_phone=True),
    Shot("case", "xianban", "/cases/{case}/"),
    Shot("case-phone", "xiangzhen", "/cases/{own}/", is_phone=True),
    Shot("rule", "guize", "/runs/rules/R01/"),
    Shot("rule-phone", "xiangzhen", "/runs/rules/R57/", is_phone=True),
    Shot("own-rule", "guize", "/runs/rules/own/new/"),
    Shot("data-sharing", "guize", "/runs/rules/data/"),
    Shot("audit", "shenji", "/audit/"),
)


def main(arguments: Sequence[str]) -> int:
    """Fills a demo workbench and takes the pictures."""
    parser = argparse.ArgumentParser(prog="mingcha manage screenshots", description="给主要页面拍图")
    parser.add_argument("--out", type=Path, default=Path("docs/screens"), help="图片放在哪里")
    parser.add_argument("--home", type=Path, help="演示用的数据文件夹，已有的接着用；不写就用临时的")
    parser.add_argument("--only", nargs="*", default=[], help="只拍这几张")
    options = parser.parse_args(list(arguments))
    browser = next((path for name in _BROWSERS if (path := shutil.which(name))), None)
    if browser is None:
        print("这台机器上没有 Chromium，不能拍图。", file=sys.stderr)
        return _MISSING
    with _folder(options.home) as home:
        _fill(home)
        options.out.mkdir(parents=True, exist_ok=True)
        shots = [shot for shot in SHOTS if not options.only or shot.name in options.only]
        for name, size in _take(shots, browser, options.out):
            print(f"{name}.png {size / 1000:.0f} kB", flush=True)
    return 0


@contextmanager
def _folder(home: Path | None) -> Any:
    if home is not None:
        home.mkdir(parents=True, exist_ok=True)
        yield home
        return
    with tempfile.TemporaryDirectory(prefix="mingcha-screens-") as folder:
        yield Path(folder)


def _fill(home: Path) -> None:
    os.environ["MINGCHA_DATA"] = str(home.resolve())
    os.environ["DJANGO_SETTINGS_MODULE"] = "mingcha_web.site.settings"
    # playwright's loop runs in the thread that looks rows up
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    import django  # noqa: PLC0415  # the data folder is chosen first

    django.setup()
    from django.core.management import call_command  # noqa: PLC0415

    from mingcha_web.demo import load_demo  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    load_demo(home / "sample", as_of=date.today())


def _rows() -> dict[str, Any]:
    """Rows worth showing: a case with a history, one in hand, a finding with money, the last run, a full batch."""
    from django.db.models import Count  # noqa: PLC0415

    from mingcha_web.access.models import User  # noqa: PLC0415
    from mingcha_web.cases.models import Case, State  # noqa: PLC0415
    from mingcha_web.findings.models import Finding  # noqa: PLC0415
    from mingcha_web.runs.models import Run  # noqa: PLC0415
    from mingcha_web.uploads.models import Batch  # noqa: PLC0415

    town = User.objects.get(username="xiangzhen").township
    own = Case.objects.filter(township=town).order_by("pk")
    long = Case.objects.annotate(n=Count("steps")).order_by("-n", "pk")
    return {
        "case": (long.filter(state=State.REVIEWING).first() or long[0]).pk,
        "own": (own.filter(state=State.VERIFYING).first() or own[0]).pk,
        "finding": Finding.objects.filter(rule_id="R02", is_current=True).order_by("-amount", "pk")[0].pk,
        "run": Run.objects.order_by("-pk")[0].pk,
        "batch": Batch.objects.annotate(n=Count("deliveries")).order_by("-n", "pk")[0].pk,
    }


def _take(shots: Sequence[Shot], browser: str, out: Path) -> list[tuple[str, int]]:
    from playwright.sync_api import sync_playwright  # noqa: PLC0415  # no part of the product: only this needs it

    from mingcha_web.bench.server import served  # noqa: PLC0415
    from mingcha_web.demo import PASSWORD  # noqa: PLC0415

    rows, done = _rows(), []
    with served() as port, sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=browser, args=list(_QUIET))
        pages: dict[tuple[str, bool], Any] = {}
        for shot in shots:
            key = (shot.account, shot.is_phone)
            if key not in pages:
                width, height = _PHONE if shot.is_phone else _DESKTOP
                context = opened.new_context(
                    viewport={"width": width, "height": height}, has_touch=shot.is_phone, locale="zh-CN"
                )
                pages[key] = context.new_page()
                pages[key].goto(f"http://127.0.0.1:{port}/login/")
                pages[key].get_by_label("账号").fill(shot.account)
                pages[key].get_by_label("密码").fill(PASSWORD)
                pages[key].get_by_role("button", name="登录").click()
            page = pages[key]
            page.goto(f"http://127.0.0.1:{port}{shot.path.format(**rows)}")
            page.wait_for_load_state("networkidle")
            picture = small_png(page.screenshot())
            (out / f"{shot.name}.png").write_bytes(picture)
            done.append((shot.name, len(picture)))
        opened.close()
    return done


def small_png(data: bytes) -> bytes:
    """The picture with 256 colours at most, so that the repository stays small."""
    from PIL import Image  # noqa: PLC0415  # no part of the product: only this needs it

    packed = io.BytesIO()
    Image.open(io.BytesIO(data)).convert("RGB").quantize(_COLOURS).save(packed, "PNG", optimize=True)
    return packed.getvalue()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
