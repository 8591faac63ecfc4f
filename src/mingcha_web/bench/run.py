"""The command: fills a database, drives the server, prints what was measured."""

from __future__ import annotations

import argparse
import json
import os
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from mingcha_web.bench.driving import Measured, drive
from mingcha_web.bench.report import markdown, table, told
from mingcha_web.bench.rows import fill
from mingcha_web.bench.server import served
from mingcha_web.bench.visits import VISITS, count_queries


def main(arguments: Sequence[str]) -> int:
    """Fills a database, drives the server, prints and writes what was measured."""
    parser = argparse.ArgumentParser(prog="mingcha manage bench_pages", description="测量页面速度")
    parser.add_argument("--findings", type=int, default=100_000, help="疑点数（办件约为其八成）")
    parser.add_argument("--users", type=int, default=20, help="同时在线人数")
    parser.add_argument("--seconds", type=float, default=30, help="每一轮测多少秒")
    parser.add_argument("--think", type=float, default=1.0, help="一个人看完一页平均停几秒；另有一轮不停")
    parser.add_argument("--work", type=float, default=5.0, help="每隔几秒有人办一步，起始页的数字要重新数")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1, help="几个服务进程分担")
    parser.add_argument("--home", type=Path, help="数据文件夹，已有的接着用；不写就用临时的")
    parser.add_argument("--sample", type=Path, help="样例县的表格文件夹；不写就生成一个小的")
    parser.add_argument("--page", type=Path, help="结果另存为 Markdown（docs/speed-pages.md）")
    parser.add_argument("--json", type=Path, help="结果另存为 JSON")
    options = parser.parse_args(list(arguments))
    if options.home is not None:
        return _measure(options, options.home)
    with tempfile.TemporaryDirectory(prefix="mingcha-bench-") as folder:
        return _measure(options, Path(folder))


def _measure(options: argparse.Namespace, home: Path) -> int:
    home.mkdir(parents=True, exist_ok=True)
    os.environ["MINGCHA_DATA"] = str(home.resolve())
    os.environ["DJANGO_SETTINGS_MODULE"] = "mingcha_web.site.settings"
    import django  # noqa: PLC0415  # the data folder is chosen first

    django.setup()
    from django.conf import settings  # noqa: PLC0415
    from django.core.management import call_command  # noqa: PLC0415

    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)

    call_command("migrate", verbosity=0)
    started = time.perf_counter()
    filled = fill(options.findings, options.sample or home / "sample")
    print(f"数据：{filled}，用时 {time.perf_counter() - started:.0f} 秒", flush=True)
    queries = {visit.name: count_queries(visit) for visit in VISITS}
    rounds: dict[str, dict[str, Measured]] = {}
    with served(processes=options.processes) as port:
        drive(port, users=options.users, seconds=5, think=0)  # what is drawn once is drawn now
        people: dict[str, Any] = {"users": options.users, "seconds": options.seconds, "work": options.work}
        rounds["paced"] = drive(port, think=options.think, **people)
        rounds["flat_out"] = drive(port, think=0, **people)
    result = told(options, filled, queries, rounds)
    print(table(result), flush=True)
    if options.json is not None:
        options.json.write_text(json.dumps(result, ensure_ascii=False, indent=1), encoding="utf-8")
    if options.page is not None:
        options.page.write_text(markdown(result), encoding="utf-8")
    return 0
