"""``mingcha rules``: the catalogue as built."""

from __future__ import annotations

import argparse
import json

from mingcha import api


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Adds the command."""
    parser = commands.add_parser("rules", help="规则目录")
    parser.add_argument("--json", action="store_true", help="给程序读的 JSON")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Carries the command out."""
    entries = api.rule_catalogue()
    if options.json:
        print(json.dumps(entries, ensure_ascii=False, indent=2))
        return 0
    for entry in entries:
        basis = f"（{'、'.join(entry['clauses'])}；数据：{'、'.join(entry['datasets'])}）"
        print(f"{entry['id']}  {entry['severity']:<6}  {entry['title']}  {basis}")
    return 0
