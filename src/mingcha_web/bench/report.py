"""What was measured, for people and as JSON."""

from __future__ import annotations

import argparse
import os
import platform
from datetime import date
from typing import Any

from mingcha_web.bench.driving import Measured
from mingcha_web.bench.visits import VISITS

#: What a page may take and ask, from the issue this was built to.
LIMIT_MS, LIMIT_QUERIES = 150, 15


def told(
    options: argparse.Namespace, filled: dict[str, int], queries: dict[str, int], rounds: dict[str, dict[str, Measured]]
) -> dict[str, Any]:
    """What was measured, as JSON."""
    pages = []
    for visit in VISITS:
        entry: dict[str, Any] = {"page": visit.name, "path": visit.path, "queries": queries[visit.name]}
        for name, measured in rounds.items():
            one = measured.get(visit.name, Measured())
            entry[name] = {
                "p50_ms": round(one.quantile(0.5), 1),
                "p95_ms": round(one.quantile(0.95), 1),
                "answers": len(one.times),
                "failures": one.failures,
                "bytes": one.bytes,
            }
        pages.append(entry)
    totals = {}
    for name, measured in rounds.items():
        every = Measured([each for one in measured.values() for each in one.times])
        totals[name] = {
            "p50_ms": round(every.quantile(0.5), 1),
            "p95_ms": round(every.quantile(0.95), 1),
            "per_second": round(len(every.times) / options.seconds, 1),
        }
    machine = {"cores": os.cpu_count(), "python": platform.python_version(), "system": platform.system()}
    return {
        "rows": filled,
        "users": options.users,
        "processes": options.processes,
        "work_seconds": options.work,
        "date": date.today().isoformat(),
        "think_seconds": options.think,
        "machine": machine,
        "pages": pages,
        "all": totals,
    }


def table(result: dict[str, Any]) -> str:
    """The same for people."""
    lines = [f"{result['users']} 人同时在线；停 {result['think_seconds']} 秒看一页 / 一刻不停。单位毫秒。"]
    lines.append(f"{'p50':>7}{'p95':>7}  |{'p50':>7}{'p95':>7}  查询  页面")
    for page in result["pages"]:
        paced, flat = page["paced"], page["flat_out"]
        marks = "  ← 慢" if paced["p95_ms"] > LIMIT_MS else ""
        marks += "  ← 查询多" if page["queries"] > LIMIT_QUERIES else ""
        marks += f"  ← 失败 {paced['failures'] + flat['failures']}" if paced["failures"] + flat["failures"] else ""
        lines.append(
            f"{paced['p50_ms']:>7}{paced['p95_ms']:>7}  |{flat['p50_ms']:>7}{flat['p95_ms']:>7}"
            f"{page['queries']:>5}   {page['page']}{marks}"
        )
    for name, words in (("paced", "停一停"), ("flat_out", "一刻不停")):
        one = result["all"][name]
        lines.append(f"{words}：p50 {one['p50_ms']}，p95 {one['p95_ms']}，每秒 {one['per_second']} 页")
    return "\n".join(lines)


_PAGE = """# How fast the pages are

Written by `mingcha manage bench_pages --page docs/speed-pages.md` on {date}; anyone can run it again (some ten minutes,
most of them for filling the database). Machine: {cores} cores, {system}, Python {python}; SQLite; the web server in
{processes} processes, the people who open the pages on the same machine.

{findings:,} findings, {cases:,} cases. {users} people at once. *Paced*: each looks at a page for {think:g} s on
average ({paced:g} pages a second); *flat out*: nobody stops to look ({flat:g} pages a second), which no office does
and which shows what the machine can take at most. Somebody moves a case on every {work:g} s, so the start pages have to
count again. Milliseconds from asking to the last byte; the promise is p95 under {limit} paced, and no more than {most}
queries. The snapshots behind it are the small sample's: a finding whose evidence lies in a county's largest files takes
longer to open, because its source rows are read out of them.

| page | who | p50 | p95 | p50 flat out | p95 flat out | queries |
|---|---|---:|---:|---:|---:|---:|
{rows}
| all | | {all_p50:g} | {all_p95:g} | {flat_p50:g} | {flat_p95:g} | |
"""


def markdown(result: dict[str, Any]) -> str:
    """The page of the docs."""
    roles = {visit.name: visit.role for visit in VISITS}
    rows = [
        f"| {page['page']} | {roles[page['page']].replace('_', ' ')} | {page['paced']['p50_ms']:g} "
        f"| {page['paced']['p95_ms']:g} | {page['flat_out']['p50_ms']:g} | {page['flat_out']['p95_ms']:g} "
        f"| {page['queries']} |"
        for page in result["pages"]
    ]
    paced, flat = result["all"]["paced"], result["all"]["flat_out"]
    return _PAGE.format(
        **result["machine"],
        **{name: result[name] for name in ("date", "processes", "users")},
        findings=result["rows"]["findings"],
        cases=result["rows"]["cases"],
        think=result["think_seconds"],
        work=result["work_seconds"],
        paced=paced["per_second"],
        flat=flat["per_second"],
        limit=LIMIT_MS,
        most=LIMIT_QUERIES,
        rows="\n".join(rows),
        all_p50=paced["p50_ms"],
        all_p95=paced["p95_ms"],
        flat_p50=flat["p50_ms"],
        flat_p95=flat["p95_ms"],
    )
