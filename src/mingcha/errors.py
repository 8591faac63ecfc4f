"""Errors a user meets: what happened, where, and what to do, in plain Chinese.

Messages never carry personal data; a place is a file, sheet, row and column.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Place:
    """Where in an office's file something was met. row counts from 1 as the spreadsheet shows it."""

    file: str
    sheet: str | None = None
    row: int | None = None
    column: str | None = None

    def __str__(self) -> str:
        """The place as a clerk would say it.

        >>> str(Place("6月.xlsx", "城关镇", 18, "身份证号"))
        '《6月.xlsx》“城关镇”表第18行“身份证号”'
        """
        text = f"《{self.file}》"
        if self.sheet:
            text += f"“{self.sheet}”表"
        if self.row is not None:
            text += f"第{self.row}行"
        if self.column:
            text += f"“{self.column}”"
        return text


class MingchaError(Exception):
    """Base of every error shown to a user.

    code    a stable word for programs, e.g. ``file.password``
    cause   what happened, a Chinese sentence
    remedy  what to do about it, a Chinese sentence
    """

    code = "error"

    def __init__(self, cause: str, *, remedy: str = "", place: Place | None = None, code: str | None = None) -> None:
        self.cause = cause
        self.remedy = remedy
        self.place = place
        if code is not None:
            self.code = code
        super().__init__(str(self))

    def __str__(self) -> str:
        """Place, cause, remedy in one Chinese line."""
        place = f"{self.place}：" if self.place else ""
        return f"{place}{self.cause}{self.remedy}"


class UsageError(MingchaError):
    """The call itself cannot be carried out (exit status 2)."""

    code = "usage"


class NothingRecognised(MingchaError):
    """The folder holds nothing that can be read as one of our datasets (exit status 3)."""

    code = "nothing_recognised"


class FileUnreadable(MingchaError):
    """One file cannot be read; the run goes on without it."""

    code = "file.unreadable"


class ParameterError(MingchaError):
    """A policy parameter is malformed or used wrongly.

    path    where in what was written: keys and places in lists, from the outermost; () = the whole
    """

    code = "parameter"

    def __init__(
        self,
        cause: str,
        *,
        remedy: str = "",
        place: Place | None = None,
        code: str | None = None,
        path: tuple[object, ...] = (),
    ) -> None:
        self.path = path
        super().__init__(cause, remedy=remedy, place=place, code=code)


class RuleError(MingchaError):
    """A rule file does not obey the form rules are written in."""

    code = "rule"


class WorkspaceError(MingchaError):
    """The workspace cannot be opened, is locked, or is damaged."""

    code = "workspace"
