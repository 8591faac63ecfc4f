"""``mingcha simulate``: writes the spreadsheets of a fictitious county, or the data of a whole province."""

from __future__ import annotations

import argparse
from pathlib import Path

from mingcha import api
from mingcha.cli.options import a_date
from mingcha.cli.show import progress_for_terminal


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Adds the command."""
    parser = commands.add_parser("simulate", help="生成一个虚构县的各部门表格")
    parser.add_argument("folder", metavar="DIR", type=Path, help="写到哪个文件夹")
    parser.add_argument("--scale", choices=("village", "township", "county", "province"), default="township")
    parser.add_argument("--seed", type=int, default=1, help="同一个种子生成同样的文件")
    parser.add_argument("--as-of", type=a_date, metavar="DATE", help="比对日，默认今天")
    parser.add_argument("--clean", action="store_true", help="表格整齐，不故意写乱")
    parser.add_argument("--to", choices=("snapshots", "csv"), help="省级规模写成什么：快照工作区（默认）或 CSV 文件")
    parser.add_argument("--residents", type=int, help=argparse.SUPPRESS)  # a smaller province, to try things out on
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Carries the command out."""
    progress = progress_for_terminal()
    try:
        report = api.simulate(
            options.folder,
            scale=options.scale,
            seed=options.seed,
            as_of=options.as_of,
            clean=options.clean,
            to=options.to,
            residents=options.residents,
            progress=progress,
        )
    finally:
        progress.close()
    what = "虚构县的表格" if report.payments is None else "虚构省的数据"
    print(f"已生成{what}：{options.folder}")
    if report.payments is not None:
        print(f"户籍人口 {report.residents} 人，发放记录 {report.payments} 条。")
    print(f"文件 {report.files} 个，救助对象 {report.recipients} 人，埋入疑点 {report.planted} 条（见 truth.csv）。")
    return 0
