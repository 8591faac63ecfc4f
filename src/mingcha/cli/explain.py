"""``mingcha explain R01``: one rule in plain Chinese."""

from __future__ import annotations

import argparse
from pathlib import Path

from mingcha import api
from mingcha.cli.options import a_date


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Adds the command."""
    parser = commands.add_parser("explain", help="用白话说明一条规则")
    parser.add_argument("rule", metavar="R01", type=str.upper)
    parser.add_argument("--as-of", type=a_date, metavar="DATE", help="参数按哪一天取，默认今天")
    parser.add_argument("--params", type=Path, metavar="FILE", help="政策参数文件（YAML）")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Carries the command out."""
    print(api.explain_rule(options.rule, as_of=options.as_of, params=options.params))
    return 0
