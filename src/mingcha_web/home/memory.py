"""Figures of the start pages kept until the work they count moves on.

Counting a county's open cases reads all of them. A person looks at the start page far more often than anything changes
there: what was counted is used again as long as no step, finding or comparison came after it, and for a minute at most.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from hashlib import sha256
from typing import Any, Concatenate, ParamSpec, TypeVar

from django.core.cache import cache
from django.db.models import Subquery
from django.utils import timezone

from mingcha_web.access.models import User
from mingcha_web.cases.models import Step
from mingcha_web.findings.models import Finding
from mingcha_web.runs.models import Run

#: A second guard beside the mark: whatever it should miss shows after so many seconds.
_SECONDS = 60
_KEPT_AS = "_last_work"

P = ParamSpec("P")
T = TypeVar("T")


def remembered(count: Callable[Concatenate[User, P], T]) -> Callable[Concatenate[User, P], T]:
    """Keeps what a selector counted for a person's scope. Its further arguments must tell themselves by ``repr``."""

    @wraps(count)
    def recalled(user: User, /, *args: P.args, **options: P.kwargs) -> T:
        mark = _mark_for(user)
        if mark is None:
            return count(user, *args, **options)
        scope = (user.pk, user.role, user.township, user.village, user.version)
        asked = [*args, *sorted(options.items())]
        key = repr((count.__qualname__, scope, asked, str(timezone.localdate()), mark))
        name = f"home:{sha256(key.encode()).hexdigest()}"
        kept: tuple[T] | None = cache.get(name)
        if kept is not None:
            return kept[0]
        found = count(user, *args, **options)
        cache.set(name, (found,), _SECONDS)
        return found

    return recalled


def _mark_for(user: User) -> tuple[Any, ...] | None:
    """Asked once for a person's object, which lives as long as one request."""
    known: dict[str, Any] = user.__dict__
    if _KEPT_AS not in known:
        known[_KEPT_AS] = _mark()
    mark: tuple[Any, ...] | None = known[_KEPT_AS]
    return mark


def _mark() -> tuple[Any, ...] | None:
    """The last step, finding and comparison; None before the first comparison."""
    last = Run.objects.annotate(
        step=Subquery(Step.objects.order_by("-pk").values("pk")[:1]),
        finding=Subquery(Finding.objects.order_by("-pk").values("pk")[:1]),
    )
    return last.order_by("-pk").values_list("pk", "state", "finished_at", "step", "finding").first()
