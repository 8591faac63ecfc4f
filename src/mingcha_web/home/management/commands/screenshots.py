"""``mingcha manage screenshots``: pictures of the main pages, from a demo of its own."""

from __future__ import annotations

import os
import subprocess
import sys

from django.core.management.base import BaseCommand


class Command(BaseCommand):
    """Works in a process of its own, so that this county's database is not touched."""

    help = "给主要页面拍图（用样例数据，不碰本县的数据库）"

    def run_from_argv(self, argv: list[str]) -> None:
        """Hands the options on as they are typed; ``-h`` tells them."""
        environment = {name: value for name, value in os.environ.items() if name != "MINGCHA_DATABASE"}
        command = [sys.executable, "-m", "mingcha_web.screens", *argv[2:]]
        if subprocess.run(command, env=environment, check=False).returncode:
            sys.exit("没有拍成。")
