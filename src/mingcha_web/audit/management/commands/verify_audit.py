"""``mingcha manage verify_audit``: proves the chain of the audit log, or names its first broken entry."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from mingcha_web.audit.services import chain_check


class Command(BaseCommand):
    """Goes through the whole log."""

    help = "核对操作日志是否完整、未被改动"

    def add_arguments(self, parser: CommandParser) -> None:
        """A digest from an earlier check."""
        parser.add_argument("--noted", default="", metavar="校验值", help="以前核对时记下的校验值，检查它是否还在")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Ends with an error where the chain is broken."""
        proof = chain_check(noted=options["noted"].strip().lower())
        if proof.problem:
            raise CommandError(proof.problem)
        self.stdout.write(f"操作日志完整，共{proof.count}条。")
        self.stdout.write(f"最后一条的校验值：{proof.digest}")
        self.stdout.write("请抄下这个校验值另外保存；以后用 --noted 核对，可以发现整本日志被改写。")
