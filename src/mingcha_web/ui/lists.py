"""What all lists share: filters from the address, pages, and the export of the same rows."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.core.paginator import EmptyPage, Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest

PAGE_ROWS = 50


@dataclass(frozen=True)
class Choice:
    """One value of a filter."""

    value: str
    label: str


@dataclass
class Filter:
    """One filter of a list, as the bar above the table shows it. kind: choice, text or month."""

    name: str
    label: str
    choices: list[Choice] = field(default_factory=list)
    kind: str = "choice"
    value: str = ""

    def read(self, request: HttpRequest) -> str:
        """Takes its value from the address; a value that is no choice counts as none."""
        given = request.GET.get(self.name, "").strip()[:80]
        if self.kind == "choice" and given not in {choice.value for choice in self.choices}:
            given = ""
        self.value = given
        return given


class _CountedPaginator(Paginator):  # type: ignore[type-arg]  # not subscriptable when it runs
    """A paginator whose count was made without order and joins."""

    def __init__(self, rows: QuerySet[Any], per_page: int, total: int) -> None:
        super().__init__(rows, per_page)
        self.__dict__["count"] = total


def page_of(
    request: HttpRequest, rows: QuerySet[Any], *, total: int | None = None, per_page: int = PAGE_ROWS
) -> Page[Any]:
    """The page of rows the address asks for; a page beyond the last gives the last.

    total   how many rows there are, where the caller knows it more cheaply
    """
    paginator = _CountedPaginator(rows, per_page, rows.order_by().count() if total is None else total)
    try:
        return paginator.page(max(1, int(request.GET.get("page", "1"))))
    except ValueError:
        return paginator.page(1)
    except EmptyPage:
        return paginator.page(paginator.num_pages)
