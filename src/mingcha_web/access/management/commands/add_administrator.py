"""``mingcha manage add_administrator``: the first account, from the machine the workbench runs on."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from mingcha_web.access.services import administrator_add, temporary_password


class Command(BaseCommand):
    """Makes an administrator and prints the temporary password once."""

    help = "建立一个系统管理员账号，显示一次临时密码"

    def add_arguments(self, parser: CommandParser) -> None:
        """Account and name."""
        parser.add_argument("username", nargs="?", default="admin", help="账号，默认 admin")
        parser.add_argument("--name", default="系统管理员", help="姓名")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Carries it out."""
        password = temporary_password()
        try:
            user = administrator_add(username=options["username"], name=options["name"], password=password)
        except ValidationError as error:
            raise CommandError("；".join(error.messages)) from error
        self.stdout.write(f"账号 {user.username}，临时密码 {password}（只显示这一次，登录后须更换）")
