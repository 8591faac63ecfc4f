"""``mingcha manage screenshots``: pictures of the main pages, from a demo of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    """Takes them in a process of its own, so that this county's database is not touched."""

    help = "给主要页面拍图（用样例数据，不碰本县的数据库）"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Handed on as they are; -h of ``python -m mingcha_web.screens`` tells them."""
        parser.add_argument("options", nargs="*", help="例如 -- --out docs/screens")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Runs it."""
        environment = {name: value for name, value in os.environ.items() if name != "MINGCHA_DATABASE"}
        command = [sys.executable, "-m", "mingcha_web.screens", *options["options"]]
        if subprocess.run(command, env=environment, check=False).returncode:
            raise CommandError("没有拍成。")
