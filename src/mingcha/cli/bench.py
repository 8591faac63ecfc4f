"""``mingcha bench``: times intake, comparison and re-run on a simulated county; writes the figures as JSON."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from mingcha.bench import bench


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Adds the command."""
    parser = commands.add_parser("bench", help="测量速度")
    parser.add_argument("--scale", choices=("village", "township", "county"), default="township")
    parser.add_argument("--out", type=Path, default=Path("bench.json"), metavar="FILE")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Carries the command out."""
    figures = bench(options.scale)
    text = json.dumps(figures, ensure_ascii=False, indent=2)
    options.out.write_text(text + "\n", encoding="utf-8")
    print(text)
    return 0
