"""``mingcha serve`` and ``mingcha manage``: handed to the workbench, which registers itself as an entry point.

The engine never imports the workbench: group ``mingcha.commands``, names ``serve`` and ``manage``, each a callable that
takes the rest of the command line and returns an exit status.
"""

from __future__ import annotations

import argparse
from importlib.metadata import entry_points

from mingcha.errors import UsageError

_HELP = {"serve": "启动工作台", "manage": "工作台管理命令"}


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Adds both commands."""
    for name, text in _HELP.items():
        parser = commands.add_parser(name, help=text, add_help=False, prefix_chars="\0")
        parser.add_argument("rest", nargs=argparse.REMAINDER)
        parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Finds the workbench and lets it run."""
    found = entry_points(group="mingcha.commands", name=options.command)
    if not found:
        raise UsageError("这个版本还没有工作台。", remedy="比对请用 mingcha compare，结果看 report.html。")
    status: int = next(iter(found)).load()(options.rest)
    return status
