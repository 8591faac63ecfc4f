"""``mingcha bench``: measures intake, comparison and re-run on a simulated county; figures as JSON, and a page."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from mingcha.bench import bench
from mingcha.bench.measure import PARTS
from mingcha.bench.page import page
from mingcha.cli.show import progress_for_terminal

_MARKS = {True: "达到", False: "未达到", None: "—"}


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Adds the command."""
    parser = commands.add_parser("bench", help="测量速度和内存")
    parser.add_argument("--scale", choices=("village", "township", "county"), default="township")
    parser.add_argument("--out", type=Path, default=Path("bench.json"), metavar="FILE", help="数字写到哪个文件（JSON）")
    parser.add_argument("--page", type=Path, metavar="FILE", help="另写一页说明（Markdown）")
    parser.add_argument("--notes", type=Path, metavar="FILE", help="写进说明页的文字：未达到目标的原因")
    parser.add_argument("--place", type=Path, metavar="DIR", help="测量时的临时文件放在哪里，整省需要约 20GB")
    parser.add_argument("--skip", action="append", choices=PARTS, default=[], help="不测这一部分，可写多次")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Carries the command out."""
    progress = progress_for_terminal()
    parts = [part for part in PARTS if part not in options.skip]
    notes = options.notes.read_text(encoding="utf-8") if options.notes else ""

    def write(figures: dict[str, Any]) -> None:
        text = json.dumps(figures, ensure_ascii=False, indent=2)
        options.out.write_text(text + "\n", encoding="utf-8")
        if options.page:
            options.page.write_text(page(figures, notes), encoding="utf-8", newline="\n")

    try:
        figures = bench(options.scale, parts=parts, place=options.place, progress=progress, so_far=write)
    finally:
        progress.close()
    write(figures)
    print_table(figures)
    print(f"全部数字在 {options.out}")
    return 0


def print_table(figures: dict[str, Any]) -> None:
    """The table of promises, one line each."""
    for row in figures["table"]:
        value = "没有测量" if row["value"] is None else f"{row['value']:,.2f} {row['unit']}"
        if row["seconds"] is not None:
            value += f"（{row['seconds']:.2f} 秒）"
        marks = f"必须 {row['must']:,}：{_MARKS[row['holds_must']]}，目标 {row['aim']:,}：{_MARKS[row['holds_aim']]}"
        print(f"{row['what']}：{value}；{marks}")
    for part, reason in figures["not_measured"].items():
        print(f"没有测量 {part}：{reason}")
