"""``mingcha demo``: a sample county, compared, in a workbench ready to look at. ``run.py demo`` calls it."""

from __future__ import annotations

import argparse
import json
import shutil
from datetime import date
from pathlib import Path

from mingcha import __version__, api
from mingcha.cli import workbench
from mingcha.cli.compare import print_summary
from mingcha.cli.show import progress_for_terminal
from mingcha.clock import today
from mingcha.errors import UsageError

_MARK = ".mingcha-demo"
_ROLE_WIDTH = 12


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Adds the command."""
    parser = commands.add_parser("demo", help="生成样例县，完成比对，打开工作台")
    parser.add_argument("--scale", choices=("village", "township", "county"), default="township")
    parser.add_argument("--folder", type=Path, default=Path("demo"), metavar="DIR", help="样例放在哪里")
    parser.add_argument("--no-serve", action="store_true", help="准备好就结束，不启动工作台")
    parser.add_argument("--fresh", action="store_true", help="已有的样例不要了，重新生成")
    parser.add_argument("--port", type=int, default=8000, metavar="N")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Carries the command out."""
    folder: Path = options.folder
    if not options.fresh and _is_ready(folder, options.scale):
        print(f"样例已经在 {folder} 里，直接使用；要重新生成请加 --fresh。")
        accounts = _accounts(folder)
    else:
        accounts = _make(folder, options.scale)
    _print_accounts(accounts)
    if options.no_serve:
        print(f"要打开工作台，请运行：python3 run.py demo --port {options.port}")
        return 0
    status: int = workbench.command("serve")(["--port", str(options.port)])
    return status


def _make(folder: Path, scale: str) -> list[tuple[str, str, str]]:
    """Makes the county, compares it, fills the workbench; returns its accounts."""
    data, out = folder / "样例县", folder / "结果"
    _make_place(folder)
    progress = progress_for_terminal()
    day = today()
    try:
        api.simulate(data, scale=scale, seed=1, as_of=day, clean=False, progress=progress)
        result = api.compare(data, as_of=day, out=out, workspace=folder / "工作台" / "workspace", progress=progress)
        progress.close()
        print("样例县的人和事都是虚构的。")
        print_summary(result, out)
        accounts = _fill(folder, day)
    finally:
        progress.close()
    told = {"version": __version__, "scale": scale, "as_of": day.isoformat()}
    (folder / _MARK).write_text(json.dumps(told), encoding="utf-8")
    return accounts


def _fill(folder: Path, day: date) -> list[tuple[str, str, str]]:
    """Loads the sample into the demo's own workbench; what is there already is kept."""
    progress = progress_for_terminal()
    try:
        accounts: list[tuple[str, str, str]] = workbench.command("demo")(
            folder / "样例县", home=folder / "工作台", as_of=day, progress=progress
        )
    finally:
        progress.close()
    return accounts


def _accounts(folder: Path) -> list[tuple[str, str, str]]:
    told = json.loads((folder / _MARK).read_text(encoding="utf-8"))
    return _fill(folder, date.fromisoformat(told["as_of"]))


def _is_ready(folder: Path, scale: str) -> bool:
    """Whether an earlier demo of this version and size was made to its end."""
    try:
        told = json.loads((folder / _MARK).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    whole = all((folder / part).is_dir() for part in ("样例县", "结果", "工作台"))
    return whole and isinstance(told, dict) and (told.get("version"), told.get("scale")) == (__version__, scale)


def _print_accounts(accounts: list[tuple[str, str, str]]) -> None:
    print("工作台的账号，每个角色一个：")
    for role, account, password in accounts:
        # a Chinese character is two columns wide
        print(f"  {role}{' ' * max(1, _ROLE_WIDTH - 2 * len(role))}账号 {account:<12} 密码 {password}")


def _make_place(folder: Path) -> None:
    """Clears an earlier demo; never touches a folder that is not a demo of ours."""
    if folder.exists() and any(folder.iterdir()) and not (folder / _MARK).exists():
        raise UsageError(f"文件夹“{folder.name}”里已有别的文件。", remedy="请换一个位置，或先把它移走。")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / _MARK).write_text("", encoding="utf-8")
    for part in ("样例县", "工作台"):
        shutil.rmtree(folder / part, ignore_errors=True)
