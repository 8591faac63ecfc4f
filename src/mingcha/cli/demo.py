"""``mingcha demo``: a sample county, compared, ready to look at. ``run.py demo`` calls it."""

from __future__ import annotations

import argparse
import shutil
from pathlib import Path

from mingcha import api
from mingcha.cli.compare import print_summary
from mingcha.cli.show import progress_for_terminal
from mingcha.clock import today
from mingcha.errors import UsageError

_MARK = ".mingcha-demo"


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Adds the command."""
    parser = commands.add_parser("demo", help="生成样例县并完成一次比对")
    parser.add_argument("--scale", choices=("village", "township", "county"), default="township")
    parser.add_argument("--folder", type=Path, default=Path("demo"), metavar="DIR", help="样例放在哪里")
    parser.add_argument("--no-serve", action="store_true", help="比对完就结束，不启动工作台")
    parser.add_argument("--port", type=int, default=8000, metavar="N")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Carries the command out."""
    folder: Path = options.folder
    data, out = folder / "样例县", folder / "结果"
    _make_place(folder, data)
    progress = progress_for_terminal()
    day = today()
    try:
        api.simulate(data, scale=options.scale, seed=1, as_of=day, clean=False, progress=progress)
        result = api.compare(data, as_of=day, out=out, workspace=folder / "工作区", progress=progress)
    finally:
        progress.close()
    print("样例县的人和事都是虚构的。")
    print_summary(result, out)
    if not options.no_serve:
        print("工作台尚未提供：请直接打开上面的 report.html 和 findings.xlsx。")
    return 0


def _make_place(folder: Path, data: Path) -> None:
    """Clears an earlier demo's sheets; never touches a folder that is not a demo of ours."""
    if folder.exists() and any(folder.iterdir()) and not (folder / _MARK).exists():
        raise UsageError(f"文件夹“{folder.name}”里已有别的文件。", remedy="请换一个位置，或先把它移走。")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / _MARK).touch()
    shutil.rmtree(data, ignore_errors=True)
