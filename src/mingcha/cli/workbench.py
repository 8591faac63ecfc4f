"""``mingcha serve`` and ``mingcha manage``: handed to the workbench, which registers itself as an entry point.

The engine never imports the workbench: group ``mingcha.commands``; ``serve`` and ``manage`` are callables that take the
rest of the command line and return an exit status, ``demo`` fills a workbench with the sample county.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from importlib.metadata import entry_points
from typing import Any

from mingcha.errors import UsageError

_GROUP = "mingcha.commands"
_HELP = {"serve": "启动工作台", "manage": "工作台管理命令"}


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Adds both commands."""
    for name, text in _HELP.items():
        parser = commands.add_parser(name, help=text, add_help=False, prefix_chars="\0")
        parser.add_argument("rest", nargs=argparse.REMAINDER)
        parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Finds the workbench and lets it run."""
    status: int = command(options.command)(options.rest)
    return status


def command(name: str) -> Callable[..., Any]:
    """What the workbench registered under a name. Raises UsageError where it is not installed."""
    found = entry_points(group=_GROUP, name=name)
    if not found:
        raise UsageError(
            "这台机器上没有装好工作台。",
            remedy="请用 python3 run.py demo 重新准备；只做比对可以用 mingcha compare，结果看 report.html。",
        )
    try:
        loaded: Callable[..., Any] = next(iter(found)).load()
    except ImportError as error:
        raise UsageError(
            f"工作台缺少组件 {error.name or ''}。", remedy="请用 python3 run.py demo 重新准备运行环境。"
        ) from error
    return loaded
